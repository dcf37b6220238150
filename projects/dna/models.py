"""What a Designated National Authority keeps: letters of approval and its questions (domain, 3.2).
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import ConcurrentTransitionMixin, FSMField

from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import stamped
from cdm_portal.values import Actor, Role
from projects.lifecycle import needs, participant, transition
from projects.models import Document, Project


def national_authority(letter: Any, actor: Actor) -> bool:
    """The DNA of the letter's own Party."""
    return actor.role == Role.DNA and actor.party == letter.party_code


def owner(letter: Any, actor: Actor) -> bool:
    """The project's participant, who asked for the letter."""
    return participant(letter.project, actor)


@needs("The declarations of the Party are not all made.")
def fully_declared(letter: Any) -> bool:
    """Ratified, voluntary and, of the host Party alone, sustainable development (domain, 2.2)."""
    developed = letter.sustainable_development == letter.host
    return bool(letter.ratified and letter.voluntary and developed)


class Rubric(models.Model):
    """A Party's criteria of sustainable development in one version, of record; its own affair."""

    party_code = models.CharField("Party", max_length=2)
    version = models.PositiveIntegerField()
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["party_code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["party_code", "version"], name="rubric_version_once")
        ]

    def __str__(self) -> str:
        return f"Criteria of {self.party_code}, version {self.version}"


class Criterion(models.Model):
    """One criterion of a rubric, scored from `minimum` to `maximum`; groups are totalled."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    minimum = models.SmallIntegerField()
    maximum = models.SmallIntegerField()

    class Meta:
        ordering = ["rubric_id", "number"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="criterion_number_once"),
            models.UniqueConstraint(
                fields=["rubric", "group", "name"], name="rubric_criterion_once"
            ),
            models.CheckConstraint(
                condition=Q(maximum__gt=F("minimum")) & Q(maximum__gt=0),
                name="criterion_has_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Letter(ConcurrentTransitionMixin, models.Model):
    """A Party's letter of approval for one project, from the request to its end."""

    class State(models.TextChoices):
        """With whom it lies, and how it ended."""

        REQUESTED = "requested", "Waiting for the national authority"
        CLARIFICATION = "clarification", "Waiting for the participant's answer"
        ISSUED = "issued", "Issued"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="letters")
    party_code = models.CharField("Party", max_length=2)
    host = models.BooleanField("of the host Party", default=True)
    state = FSMField(max_length=20, choices=State.choices, default=State.REQUESTED, protected=True)
    requested_at = models.DateTimeField()
    number = models.CharField(max_length=30, unique=True, null=True)  # noqa: DJ001 # unique, once given
    ratified = models.BooleanField(default=False)
    voluntary = models.BooleanField(default=False)
    sustainable_development = models.BooleanField(default=False)
    rubric = models.ForeignKey(
        Rubric, on_delete=models.PROTECT, null=True, related_name="letters"
    )
    entities = models.ManyToManyField(Organisation, related_name="authorised_by")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField("fingerprint of the content", max_length=64, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "party_code"],
                condition=Q(state__in=["requested", "clarification", "issued"]),
                name="one_live_letter_per_party",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "withdrawn"])
                | Q(
                    ratified=True, voluntary=True, sustainable_development=F("host"),
                    number__isnull=False, document__isnull=False, issued_at__isnull=False,
                ),
                name="issued_letter_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(sustainable_development=False) | Q(host=True),
                name="only_the_host_declares_development",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "withdrawn"]) | ~Q(reason=""),
                name="no_without_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["party_code", "state", "id"], name="letters_of_party")]

    def __str__(self) -> str:
        return self.number or f"Letter of approval for {self.project.reference}"

    @transition(
        field=state, source=State.REQUESTED, target=State.CLARIFICATION,
        permission=national_authority,
    )
    def ask_back(self) -> None:
        """The DNA needs to know more first."""

    @transition(
        field=state, source=State.CLARIFICATION, target=State.REQUESTED, permission=owner
    )
    def answer(self) -> None:
        """The participant answered; the letter waits for the DNA again."""

    @transition(
        field=state, source=State.REQUESTED, target=State.ISSUED,
        permission=national_authority, conditions=[fully_declared],
    )
    def issue(self) -> None:
        """The Party approves."""

    @transition(
        field=state, source=State.REQUESTED, target=State.REFUSED, permission=national_authority
    )
    def refuse(self) -> None:
        """The Party does not approve; the participant may ask again."""

    @transition(
        field=state, source=State.ISSUED, target=State.WITHDRAWN, permission=national_authority
    )
    def withdraw(self) -> None:
        """The Party takes its approval back. A registered project stays registered."""


class Addition(models.Model):
    """An entity that joins a project later, authorised under a letter that was issued before."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="additions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="added_by"
    )
    authorised_by = models.CharField(max_length=200)
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "organisation"], name="added_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} under {self.letter}"


class Score(models.Model):
    """The points that a DNA gave a project for one criterion when it issued its letter. Private."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.SmallIntegerField()

    class Meta:
        ordering = ["criterion__number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "criterion"], name="scored_once")
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class Question(models.Model):
    """Something that the DNA asks before it decides, with the participant's answer."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(answered_at=None), name="one_open_question"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="answer_has_text_and_date",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class LetterSeries(models.Model):
    """How many letters a Party has numbered in a year; its row is the lock for the next number."""

    party_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "letter series"
        constraints = [
            models.UniqueConstraint(fields=["party_code", "year"], name="letter_series_once")
        ]

    def __str__(self) -> str:
        return f"LoA-{self.party_code}-{self.year}-{self.last:04d}"
