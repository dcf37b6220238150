"""People, their sign-ins, organisations, and the roles that people hold in them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from cdm_portal.journal.models import stamped
from cdm_portal.values import Role


class Person(models.Model):
    """A natural person. Four eyes compare persons, so two sign-ins of one person are one."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes sign-ins by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """A sign-in for a person (made here from `name` unless given)."""
        if "person" not in extra and "person_id" not in extra:
            extra["person"] = Person.objects.create(name=extra.pop("name", email.split("@")[0]))
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """A sign-in for the admin. It holds no role, so it cannot move a unit."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in. What it may do follows from its person's memberships alone."""

    email = models.EmailField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ins")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(db_default=stamped(), editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "sign-in"

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """The person's name."""
        return self.person.name

    def get_short_name(self) -> str:
        """The person's name."""
        return self.person.name


class Organisation(models.Model):
    """Whom people act for: a participant, a national authority, an operational entity, …"""

    class Kind(models.TextChoices):
        """What an organisation is; it bounds the roles that its members can hold."""

        PARTICIPANT = "participant", "Project participant"
        DNA = "dna", "Designated National Authority"
        DOE = "doe", "Designated Operational Entity"
        BOARD = "board", "Executive Board"
        SECRETARIAT = "secretariat", "Secretariat"
        RIT = "rit", "Registration and Issuance Team"
        REGISTRY = "registry", "Registry administration"
        BUYER = "buyer", "Buyer"
        AUDITOR = "auditor", "Auditor"

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    party_code = models.CharField(
        "Party", max_length=2, blank=True, help_text="ISO 3166, two letters"
    )
    fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="dna") | ~Q(party_code=""), name="dna_speaks_for_a_party"
            ),
            models.UniqueConstraint(
                fields=["party_code"], condition=Q(kind="dna"), name="one_dna_per_party"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _days() -> Func:
    """The days of a membership, both ends included, without an end while it has none."""
    return Func(
        F("valid_from"), F("valid_to"), Value("[]"), function="daterange",
        output_field=DateRangeField(),
    )


class Membership(models.Model):
    """A role that a person holds in an organisation, from a day, perhaps to a day.

    On the Executive Board it is a seat, as its member or as that member's alternate.
    """

    class Office(models.TextChoices):
        """What a member is elected to on top of the seat."""

        CHAIR = "chair", "Chair"
        VICE_CHAIR = "vice_chair", "Vice-Chair"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=40, choices=[(r.value, r.label) for r in Role])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    seat = models.CharField(max_length=80, blank=True, help_text="Regional group on the Board")
    seat_number = models.PositiveSmallIntegerField(null=True, blank=True)
    alternate = models.BooleanField(default=False)
    office = models.CharField(max_length=20, choices=Office.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="membership_runs_forward",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "valid_from"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(role=Role.BOARD.value, seat_number__isnull=False, seat_number__gte=1)
                | ~Q(role=Role.BOARD.value) & Q(seat_number=None, alternate=False, office=""),
                name="board_alone_has_seats",
            ),
            models.CheckConstraint(
                condition=Q(office="") | Q(alternate=False), name="alternate_holds_no_office"
            ),
            ExclusionConstraint(
                name="one_holder_of_a_seat",
                expressions=[
                    ("seat_number", RangeOperators.EQUAL), ("alternate", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(seat_number__isnull=False),
            ),
            ExclusionConstraint(
                name="one_seat_for_a_person",
                expressions=[
                    ("person", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(seat_number__isnull=False),
            ),
            ExclusionConstraint(
                name="one_holder_of_an_office",
                expressions=[
                    ("office", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS),
                ],
                condition=~Q(office=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {Role(self.role).label} · {self.organisation}"
