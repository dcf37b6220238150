"""The sandbox's page at work: it books what was pressed and sends its message like any provider."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from offsets.payments import actions, providers, sandbox, webhooks
from offsets.values import GUEST

BUTTONS = {
    "pay": _("Pay"),
    "decline": _("Decline"),
    "wrong": _("Pay a wrong amount"),
    "twice": _("Pay, and send the event twice"),
    "later": _("Pay later"),
    "back": _("Have the bank take a paid payment back"),
}


def settle(*, at: datetime, reference: UUID, button: str) -> None:
    """Do what a button says. The message is signed, and read by the same code as over HTTP.

    Raises ProviderOff, UnknownPayment.
    """
    providers.known("sandbox")
    payment = actions.press(actor=GUEST, at=at, reference=reference, button=button)
    if button == "later":
        return
    raw, headers = sandbox.message(payment, at)
    for _time in range(2 if button == "twice" else 1):
        webhooks.receive("sandbox", raw, headers, at)
