"""What a DOE may do, and how that changes: accreditations and the proceedings about them.

One accreditation is one function in one sectoral scope for a term, so that a DOE is "partly
suspended" when some of its accreditations are. A proceeding is prepared by the secretariat and
decided by a member of the Board; what it decides is public with its reasons (domain, 3.8;
unverified, from the accreditation standard).
"""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from cdm_portal.identity.models import Organisation, Person
from projects.models import Project


class Function(models.TextChoices):
    """What a DOE is accredited or engaged for."""

    VALIDATION = "validation", "Validation"
    VERIFICATION = "verification", "Verification"


class Accreditation(FSMModelMixin, models.Model):
    """A DOE may do one function in one sectoral scope, from a day to a day (domain, 3.8)."""

    class State(models.TextChoices):
        """Suspended: no new contracts and no requests, but running work may go on."""

        ACTIVE = "active", "Accredited"
        SUSPENDED = "suspended", "Suspended"
        WITHDRAWN = "withdrawn", "Withdrawn"
        RELINQUISHED = "relinquished", "Voluntarily withdrawn"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accreditations"
    )
    scope = models.PositiveSmallIntegerField("sectoral scope")
    function = models.CharField(max_length=20, choices=Function.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    state = FSMField(max_length=20, choices=State.choices, default=State.ACTIVE, protected=True)
    correct_by = models.DateField(
        null=True, help_text="Last day of a suspension's term to put things right"
    )

    class Meta:
        ordering = ["organisation_id", "function", "scope", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="accreditation_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(scope__gte=1, scope__lte=15), name="accreditation_scope_known"
            ),
            models.UniqueConstraint(
                fields=["organisation", "function", "scope", "valid_from"],
                name="accreditation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.function} in sectoral scope {self.scope}"

    def runs_on(self, day: date) -> bool:
        """Whether its term includes a day, suspended or not."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @transition(field=state, source=State.ACTIVE, target=State.SUSPENDED)
    def suspend(self) -> None:
        """No new contracts and no requests until reinstated."""

    @transition(field=state, source=State.SUSPENDED, target=State.ACTIVE)
    def reinstate(self) -> None:
        """The suspension is lifted."""

    @transition(field=state, source=[State.ACTIVE, State.SUSPENDED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken away for good."""

    @transition(field=state, source=[State.ACTIVE, State.SUSPENDED], target=State.RELINQUISHED)
    def relinquish(self) -> None:
        """Given back by the DOE itself."""


class Proceeding(FSMModelMixin, models.Model):
    """One change of what a DOE may do: asked for or proposed, heard where it burdens, decided."""

    class Kind(models.TextChoices):
        """What is to be decided."""

        ACCREDIT = "accredit", "Accreditation"
        EXTEND = "extend", "Extension of scopes"
        RENEW = "renew", "Reaccreditation"
        SUSPEND = "suspend", "Suspension"
        REINSTATE = "reinstate", "Reinstatement"
        WITHDRAW = "withdraw", "Withdrawal of accreditation"
        EXEMPT = "exempt", "Exemption: validation and verification by one entity"

    class State(models.TextChoices):
        """With whom it lies: the secretariat, the DOE, the Board; then how it ended."""

        ASKED = "asked", "With the secretariat"
        HEARING = "hearing", "Hearing of the entity"
        PROPOSED = "proposed", "With the Executive Board"
        GRANTED = "granted", "Decided as proposed"
        REFUSED = "refused", "Refused"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proceedings"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, related_name="exemptions"
    )
    scopes = models.JSONField(default=list)
    functions = models.JSONField(default=list)
    state = FSMField(max_length=20, choices=State.choices, protected=True)
    opened_at = models.DateTimeField()
    statement = models.TextField(blank=True)
    reasons = models.TextField(blank=True)
    first_date = models.DateField(null=True)
    months = models.PositiveSmallIntegerField(null=True)
    prepared_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    prepared_at = models.DateTimeField(null=True)
    answer_until = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["granted", "refused"], decided_at__isnull=False,
                            decided_by__isnull=False)
                | Q(state__in=["asked", "hearing", "proposed"], decided_at=None, decided_by=None),
                name="proceeding_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="asked")
                | Q(prepared_by__isnull=False, prepared_at__isnull=False),
                name="proceeding_is_prepared",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="proceeding_has_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["suspend", "withdraw"], state__in=["granted", "refused"])
                | Q(answered_at__isnull=False)
                | Q(answer_until__isnull=False, decided_at__gte=F("answer_until")),
                name="proceeding_hears_the_entity",
            ),
            models.CheckConstraint(
                condition=Q(kind="exempt", project__isnull=False)
                | ~Q(kind="exempt") & Q(project=None),
                name="exemption_names_its_project",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "project"],
                condition=Q(state__in=["asked", "hearing", "proposed"]),
                name="one_proceeding_at_a_time", nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation}"

    @property
    def is_decided(self) -> bool:
        """Whether the Board has decided; from then on it is public."""
        return self.decided_at is not None

    @property
    def function_names(self) -> str:
        """The functions that it is about, in words."""
        return ", ".join(str(Function(each).label) for each in self.functions)

    @property
    def scope_names(self) -> str:
        """The sectoral scopes that it is about."""
        return ", ".join(str(scope) for scope in self.scopes)

    @property
    def answer_last_day(self) -> date | None:
        """The last day on which the entity may answer, to 24:00 UTC."""
        return self.answer_until and (self.answer_until - timedelta(days=1)).date()

    def hearing_ends(self, at: datetime) -> bool:
        """Whether the entity was heard: it answered, or its time to answer has passed."""
        return self.state != self.State.HEARING or (
            self.answer_until is not None and at >= self.answer_until
        )

    @transition(field=state, source=State.ASKED, target=State.PROPOSED)
    def prepare(self) -> None:
        """The secretariat puts it before the Board."""

    @transition(field=state, source=State.HEARING, target=State.PROPOSED)
    def hear(self) -> None:
        """The entity has answered."""

    @transition(field=state, source=[State.HEARING, State.PROPOSED], target=State.GRANTED)
    def grant(self) -> None:
        """A member of the Board decides as proposed."""

    @transition(field=state, source=[State.HEARING, State.PROPOSED], target=State.REFUSED)
    def refuse(self) -> None:
        """A member of the Board decides against it."""
