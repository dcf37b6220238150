"""What belongs to a review: who asked, stood aside or stood in, the assessments, votes and rulings.

All rows are of record. A seat of the Board speaks once in each: by its member, or by the alternate
while the member is recorded absent, has declared a conflict, or is not there (`queries.bench`).
"""

from django.db import models
from django.db.models import F, Q

from cdm_portal.identity.models import Person
from cdm_portal.journal.models import stamped
from projects.board.models.meetings import Meeting
from projects.board.models.requests import Request
from projects.models import Document


class ReviewRequest(models.Model):
    """A member of the Board, or a Party involved, asks for a review. Of record, public."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="review_requests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    party_code = models.CharField("Party", max_length=2, blank=True)
    seat_number = models.PositiveSmallIntegerField(null=True)
    grounds = models.JSONField()
    reasons = models.TextField()
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="review_asked_once"),
            models.UniqueConstraint(
                fields=["request", "seat_number"], name="review_asked_once_for_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(party_code="", seat_number__isnull=False)
                | ~Q(party_code="") & Q(seat_number=None),
                name="review_asked_for_seat_or_party",
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="review_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: review asked by {self.name}"

    @property
    def by_party(self) -> bool:
        """Whether a Party involved asks, through its DNA."""
        return bool(self.party_code)


class Recusal(models.Model):
    """A member, alternate or expert declares a conflict and takes no further part in a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="recused_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.name} is recused"


class Absence(models.Model):
    """The secretariat records that a member is absent from a case: the alternate stands in."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="absences")
    seat_number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="absent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.name} is absent"


class Outcome(models.TextChoices):
    """What the Board can rule."""

    REGISTER = "register", "Register"
    ISSUE = "issue", "Issue"
    APPROVE = "approve", "Approve"
    CORRECT = "correct", "Grant after corrections"
    REJECT = "reject", "Reject"


class Assessment(models.Model):
    """One of two independent assessments of a request under review; public once both are filed."""

    class Side(models.TextChoices):
        """Who assesses."""

        SECRETARIAT = "secretariat", "Secretariat"
        RIT = "rit", "Registration and Issuance Team"

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="assessments")
    side = models.CharField(max_length=20, choices=Side.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    recommendation = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField()
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["-side"]
        constraints = [
            models.UniqueConstraint(fields=["request", "side"], name="assessed_once_by_a_side"),
            models.UniqueConstraint(
                fields=["request", "person"], name="assessed_by_two_persons"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="assessment_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: assessed by the {self.get_side_display()}"


class Objection(models.Model):
    """A member objects to the proposed decision, so that the Board votes. The first one suffices.

    That there is one is public; whose it is, and why, is for the Board alone, as single votes are.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="objection")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    seat_number = models.PositiveSmallIntegerField()
    reasons = models.TextField()
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="objection_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.name} objects"


class Vote(models.Model):
    """One seat's vote on the ruling. Of record; the Board alone reads single votes."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    seat_number = models.PositiveSmallIntegerField()
    ruling = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField(blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="At which it was cast; between meetings the Board votes by electronic means",
    )
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="voted_once"),
            models.UniqueConstraint(fields=["request", "seat_number"], name="one_vote_of_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.name} votes {self.ruling}"


class Ruling(models.Model):
    """The Board's ruling on a review, with the count that carried it. Of record, public."""

    class Basis(models.TextChoices):
        """How it came about."""

        VOTE = "vote", "Voted by the Board"
        NO_OBJECTION = "no_objection", "Proposed by both assessments, without objection"

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="ruling")
    number = models.CharField(max_length=20, unique=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    basis = models.CharField(max_length=20, choices=Basis.choices, default=Basis.VOTE)
    reasons = models.TextField()
    eligible = models.PositiveIntegerField()
    cast = models.PositiveIntegerField()
    votes_for = models.PositiveIntegerField()
    consensus = models.BooleanField()
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="rulings",
        help_text="At which it was made; none for an electronic decision",
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=stamped(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="ruling_has_reasons"),
            models.CheckConstraint(
                condition=Q(votes_for__lte=F("cast"), cast__lte=F("eligible")),
                name="ruling_counts_agree",
            ),
            models.CheckConstraint(
                condition=Q(basis="vote") | Q(basis="no_objection", cast=0),
                name="unopposed_ruling_has_no_votes",
            ),
        ]

    def __str__(self) -> str:
        return self.number
