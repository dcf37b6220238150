"""What every mail to a buyer that waits in a row of its own has."""

from uuid import uuid4

from django.db import models
from django.db.models import Q


class WaitingMail(models.Model):
    """A notice that a buyer is to be told something by mail.

    It holds no address: that is read from the order when the mail is sent. A mailer claims the row
    by moving `next_try_at` past its own end, so that a mailer that dies leaves the row to the next.
    """

    class State(models.TextChoices):
        """What is known of the mail."""

        WAITING = "waiting", "To be sent"
        SENT = "sent", "The mail server took it"
        REFUSED = "refused", "The mail server will never take it"

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def ended_has_time(name: str) -> models.CheckConstraint:
    """The wall that a mail has its end's time exactly when it has ended."""
    return models.CheckConstraint(
        condition=Q(state="waiting", ended_at=None)
        | ~Q(state="waiting") & Q(ended_at__isnull=False),
        name=name,
    )


def waiting(name: str) -> models.Index:
    """The index by which a mailer finds what waits."""
    return models.Index(fields=["id"], condition=Q(state="waiting"), name=name)
