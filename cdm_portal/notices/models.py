"""What people are told, how they wish to be told, and the mails that tell them."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from cdm_portal.identity.models import Person
from cdm_portal.journal.models import Entry


class Topic(models.TextChoices):
    """What a notice is about; each person chooses for each topic how to be told."""

    LETTERS = "letters", "Letters of approval"
    AUDITS = "audits", "Validation, verification and findings"
    SPEAKING = "speaking", "Who speaks for a project, and forwarding of CERs"
    REQUESTS = "requests", "Requests, reviews and decisions"
    ACCOUNTS = "accounts", "Holding accounts"
    MONEY = "money", "Money owed"
    ACCREDITATION = "accreditation", "Accreditation of operational entities"
    RULES = "rules", "Rule parameters"
    DEADLINES = "deadlines", "Reminders of deadlines"


class Way(models.TextChoices):
    """How a person is told besides the portal."""

    EACH = "each", "A mail at once"
    DAILY = "daily", "In one mail a day"
    PORTAL = "portal", "In the portal alone"


class Pending(models.Model):
    """An entry of the journal about which nobody has been told yet. Only the journal adds one, and
    it keeps its entries for ever: no foreign key has to say so.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )

    class Meta:
        db_table = "notices_pending"


class Choice(models.Model):
    """How a person wishes to be told about a topic; without one, by a mail at once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="one_choice_of_a_topic")
        ]


class Mail(models.Model):
    """A mail to a person: about one notice, or about those of the days before `day`.

    It holds no address: that is read from the sign-in when the mail is sent. A mailer claims the
    row by moving `next_try_at` past its own end.
    """

    class State(models.TextChoices):
        """What is known of the mail."""

        WAITING = "waiting", "To be sent"
        SENT = "sent", "The mail server took it"
        REFUSED = "refused", "The mail server will never take it"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="one_digest_a_day"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | ~Q(state="waiting") & Q(ended_at__isnull=False),
                name="mail_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="mail_waiting")
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} {self.state}"


class Notice(models.Model):
    """One person is told of one thing, once: `key` names the thing."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    mail = models.ForeignKey(
        Mail, on_delete=models.PROTECT, null=True, related_name="notices"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="told_once"),
            models.CheckConstraint(
                condition=~Q(way="portal") | Q(mail=None), name="portal_alone_sends_no_mail"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_by_person"),
            models.Index(
                fields=["person"], condition=Q(read_at=None), name="notice_unread"
            ),
            models.Index(
                fields=["person"], condition=Q(mail=None, way="daily"), name="notice_for_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Calendar(models.Model):
    """The secret under which a person's calendar programme reads their deadlines."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    secret = models.UUIDField(unique=True, default=uuid4)
    made_at = models.DateTimeField()
