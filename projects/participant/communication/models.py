"""The statement of modalities of communication and its signatures; requests to forward CERs.

A statement names the focal points of the three scopes. A new one is a new row; the rows that it
consists of never change (see the migration `communication_law`).
"""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.functional import cached_property
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.identity.models import Organisation, Person
from cdm_portal.journal.models import stamped
from cdm_portal.values import Actor, Role
from projects.lifecycle import needs, transition
from projects.models import Project
from registry.governance.models import Proposal
from registry.models import Account


class Scope(models.TextChoices):
    """What a focal point speaks about (domain, 4; the words of b and c are unverified)."""

    FORWARDING = "a", "(a) Forwarding of CERs"
    PARTICIPANTS = "b", "(b) Changes of participants and focal points"
    MATTERS = "c", "(c) All other project matters"


class Manner(models.TextChoices):
    """How the focal points of one scope sign."""

    SOLE = "sole", "Sole: one focal point signs"
    SHARED = "shared", "Shared: any one of them signs"
    JOINT = "joint", "Joint: all of them sign"


def secretariat(_case: Any, actor: Actor) -> bool:
    """The secretariat."""
    return actor.role == Role.SECRETARIAT


def signer(case: Any, actor: Actor) -> bool:
    """Somebody of an entity that has signed it."""
    return actor.role == Role.PARTICIPANT and case.signed_by(actor.office)


def proposer(case: Any, actor: Actor) -> bool:
    """Somebody of the entity that proposed it."""
    return actor.role == Role.PARTICIPANT and actor.organisation_id == case.proposed_by_id


def successor(_case: Any, actor: Actor) -> bool:
    """Whoever brings the next statement into force: its last signer, or the secretariat."""
    return actor.role in {Role.PARTICIPANT, Role.SECRETARIAT}


@needs("Not everybody who must sign has signed.")
def is_signed(case: Any) -> bool:
    """Every signature that is needed is there."""
    return not case.unsigned()


@needs("A change is processed by the secretariat.")
def is_first(case: Any) -> bool:
    """The participants' own statement, no change by a focal point."""
    return case.base_id is None


@needs("The first statement needs no processing.")
def is_change(case: Any) -> bool:
    """A change of the statement in force, made by its focal points of scope (b)."""
    return case.base_id is not None


class Signed(models.Model):
    """What both kinds of papers share: who proposed it and when, and who signed it."""

    proposed_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    proposer_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)
    UNDER: ClassVar[str]
    """The field of a signature that names the paper."""

    class Meta:
        abstract = True

    def signed(self) -> "QuerySet[Signature]":
        """Its signatures, the first one first."""
        return Signature.objects.filter(**{self.UNDER: self})

    def signed_by(self, organisation_id: int) -> bool:
        """Whether an entity has signed."""
        return self.signed().filter(organisation_id=organisation_id).exists()

    def signers(self) -> set[int]:
        """The entities that have signed."""
        return set(self.signed().values_list("organisation_id", flat=True))


class Statement(ConcurrentTransitionMixin, Signed):
    """A statement of modalities of communication, in one version.

    `base` is empty where the participants made it, and all of them sign; else it is the statement
    in force whose focal points of scope (b) change it.
    """

    class State(models.TextChoices):
        """With whom it lies, and how it ended."""

        SIGNING = "signing", "Waiting for signatures"
        SIGNED = "signed", "Waiting for the secretariat"
        IN_FORCE = "in_force", "In force"
        SUPERSEDED = "superseded", "Replaced by a later statement"
        RETURNED = "returned", "Returned by the secretariat"
        WITHDRAWN = "withdrawn", "Withdrawn before it was in force"

    UNDER = "statement"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    base = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="changes"
    )
    state = FSMField(max_length=12, choices=State.choices, default=State.SIGNING, protected=True)
    manner_a = models.CharField(max_length=6, choices=Manner.choices)
    manner_b = models.CharField(max_length=6, choices=Manner.choices)
    manner_c = models.CharField(max_length=6, choices=Manner.choices)
    reason = models.TextField(blank=True)
    participants = models.ManyToManyField(
        Organisation, through="StatementParticipant", related_name="+"
    )
    in_force_at = models.DateTimeField(null=True)
    answer = models.TextField("why it was returned", blank=True)

    class Meta:
        ordering = ["project_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="statement_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=["signing", "signed"]),
                name="one_statement_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="in_force"), name="one_statement_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "superseded"]) | Q(in_force_at__isnull=False),
                name="in_force_since_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(answer=""), name="returned_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(base=None) | ~Q(reason=""), name="change_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.name}, modalities of communication {self.number}"

    def manner(self, scope: str) -> str:
        """How the focal points of a scope sign."""
        return str(getattr(self, f"manner_{scope}"))

    @cached_property
    def named(self) -> "list[FocalPoint]":
        """Its focal points in the order in which they were named; of record, so read once."""
        return list(self.focal_points.select_related("organisation", "primary", "alternate"))

    def points(self, scope: str) -> "list[FocalPoint]":
        """The focal points of a scope, in the order in which they were named."""
        return [point for point in self.named if scope in point.scopes]

    def added(self) -> QuerySet[Organisation]:
        """The participants that a change adds."""
        before = self.base or self
        return self.participants.exclude(pk__in=before.participants.values("pk"))

    def removed(self) -> QuerySet[Organisation]:
        """The participants that a change lets go."""
        before = self.base.participants.all() if self.base else Organisation.objects.none()
        return before.exclude(pk__in=self.participants.values("pk"))

    def must_sign(self) -> QuerySet[Organisation]:
        """The participants who sign it each for itself: all of a first statement, else the added.
        """
        return self.added() if self.base_id else self.participants.all()

    def unsigned(self) -> list[Organisation]:
        """Who is still to sign; of a shared scope, whoever may, while none of them has."""
        signed = self.signers()
        missing = [each for each in self.must_sign() if each.pk not in signed]
        if self.base is not None:
            missing += unsigned_points(self.base, Scope.PARTICIPANTS, signed)
        return missing

    @transition(
        field=state, source=State.SIGNING, target=State.IN_FORCE, permission=signer,
        conditions=[is_first, is_signed],
    )
    def take_effect(self) -> None:
        """The last participant signed."""

    @transition(
        field=state, source=State.SIGNING, target=State.SIGNED, permission=signer,
        conditions=[is_change, is_signed],
    )
    def submit(self) -> None:
        """The last signature of a change is there; the secretariat processes it."""

    @transition(
        field=state, source=State.SIGNED, target=State.IN_FORCE, permission=secretariat,
        conditions=[is_change, is_signed],
    )
    def process(self) -> None:
        """The secretariat processed the change."""

    @transition(
        field=state, source=State.SIGNED, target=State.RETURNED, permission=secretariat
    )
    def give_back(self) -> None:
        """The secretariat returns the change with a reason."""

    @transition(
        field=state, source=[State.SIGNING, State.SIGNED], target=State.WITHDRAWN,
        permission=proposer,
    )
    def withdraw(self) -> None:
        """The entity that proposed it takes it back."""

    @transition(
        field=state, source=State.IN_FORCE, target=State.SUPERSEDED,
        permission=successor,
    )
    def supersede(self) -> None:
        """A later statement takes its place."""


def unsigned_points(statement: Statement, scope: str, signed: set[int]) -> list[Organisation]:
    """The focal points of a scope whose signature is missing: all of a joint scope; of another
    one any, while none has signed.
    """
    named = [point.organisation for point in statement.points(scope)]
    if statement.manner(scope) != Manner.JOINT and any(each.pk in signed for each in named):
        return []
    return [each for each in named if each.pk not in signed]


class FocalPoint(models.Model):
    """An entity that speaks for the project in some scopes, and its authorised signatories."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="focal_points"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scopes = models.CharField(max_length=3, help_text="Letters of the scopes, such as ac")
    primary = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    alternate = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation"], name="focal_point_once"
            ),
            models.CheckConstraint(
                condition=Q(scopes__in=["a", "b", "c", "ab", "ac", "bc", "abc"]),
                name="focal_point_has_scopes",
            ),
            models.CheckConstraint(
                condition=Q(alternate=None) | ~Q(alternate=F("primary")),
                name="alternate_is_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({', '.join(self.scopes)})"

    @property
    def labels(self) -> list[str]:
        """Its scopes in words."""
        return [Scope(letter).label for letter in self.scopes]


class StatementParticipant(models.Model):
    """A project participant as a statement lists it."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="listed")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation"], name="statement_lists_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ForwardingRequest(ConcurrentTransitionMixin, Signed):
    """The focal points of scope (a) ask the registry to forward CERs from the pending account.

    With the last signature it becomes a proposal in the registry, which a second person approves.
    """

    class State(models.TextChoices):
        """Whether it is with the signatories or with the registry."""

        SIGNING = "signing", "Waiting for signatures"
        PROPOSED = "proposed", "With the registry"
        WITHDRAWN = "withdrawn", "Withdrawn"

    UNDER = "forwarding"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="forwardings")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="forwardings")
    state = FSMField(max_length=10, choices=State.choices, default=State.SIGNING, protected=True)
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    commitment_period = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="forwarding_is_whole"),
            models.CheckConstraint(
                condition=Q(state="proposed", proposal__isnull=False)
                | ~Q(state="proposed") & Q(proposal=None),
                name="proposed_has_a_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"Forwarding of {self.quantity} CERs of {self.project.name}"

    def unsigned(self) -> list[Organisation]:
        """The focal points of scope (a) whose signature is missing."""
        return unsigned_points(self.statement, Scope.FORWARDING, self.signers())

    @transition(
        field=state, source=State.SIGNING, target=State.PROPOSED, permission=signer,
        conditions=[is_signed],
    )
    def propose(self) -> None:
        """The last signature is there: the registry has it."""

    @transition(
        field=state, source=State.SIGNING, target=State.WITHDRAWN, permission=proposer
    )
    def withdraw(self) -> None:
        """The entity that asked takes it back."""


class Signature(models.Model):
    """One entity's signature under a statement or a request, by one of its own persons."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, related_name="signatures"
    )
    forwarding = models.ForeignKey(
        ForwardingRequest, on_delete=models.PROTECT, null=True, related_name="signatures"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(statement=None, forwarding__isnull=False)
                | Q(statement__isnull=False, forwarding=None),
                name="signature_under_one_paper",
            ),
            models.UniqueConstraint(
                fields=["statement", "organisation"], name="statement_signed_once"
            ),
            models.UniqueConstraint(
                fields=["forwarding", "organisation"], name="forwarding_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"
