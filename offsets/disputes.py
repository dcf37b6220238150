"""Disputes about payments, for the desk of the secretariat and for auditors."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.queues import Facts, Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Money, Role
from offsets.models import Dispute, Order, PaymentAttempt
from offsets.models.payments import BY_TRANSFER
from projects.lifecycle import Stage

SLOW = timedelta(hours=1)
"""A refund is asked for every minute: one that takes longer than this needs a person."""


def dispute(pk: int) -> Dispute:
    """A dispute with its payment and order. Raises NotFound."""
    found = (
        Dispute.objects.select_related("attempt__order__certificate", "closed_by")
        .filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such dispute.")
    return found


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """The disputes that nobody has closed, and refunds that the payment company does not carry out.
    """
    if actor.role != Role.SECRETARIAT:
        return
    yield Line(
        "offsets.dispute", Dispute.objects.filter(closed_at=None), _item,
        related=("attempt__order",),
    )
    due = PaymentAttempt.objects.filter(state=PaymentAttempt.State.REFUND_DUE)
    slow = due.filter(settled_at__lte=at - SLOW).exclude(provider=BY_TRANSFER)
    yield Line("offsets.slow_refund", slow, _slow, related=("order",))


def _slow(attempt: PaymentAttempt, _told: Facts) -> dict[str, Any]:
    url = reverse("offsets:order", args=[attempt.order.code])
    money = Money(attempt.received or 0, attempt.received_currency or attempt.currency)
    return {
        "title": _("%(money)s is still due back to a buyer") % {"money": formats.money(money)},
        "url": url, "reference": attempt.order.code, "project": "", "stage": 8,
        "stage_label": Stage.OFFSETTING.label, "waiting_for": "You", "until": None,
        "tag": attempt.get_state_display(), "tag_kind": "warn",
        "what": _("%(provider)s has not carried the refund out since %(at)s. It is asked every "
                  "minute; see there what keeps it: a dispute, or too little money.") % {
            "provider": attempt.provider,
            "at": formats.moment(attempt.settled_at or attempt.started_at)},
        "action_label": _("See the order"), "action_url": url, "why_not": "",
    }


def _item(found: Dispute, _told: Facts) -> dict[str, Any]:
    url = reverse("offsets:dispute", args=[found.pk])
    order = found.attempt.order
    after = order.state == Order.State.FULFILLED
    failed = found.kind == Dispute.Kind.FAILED
    words = _("%(money)s did not reach a buyer") if failed else _("%(money)s went back to a buyer")
    return {
        "title": words % {"money": formats.money(found.money)},
        "url": url, "reference": order.code, "project": "", "stage": 8,
        "stage_label": Stage.OFFSETTING.label, "waiting_for": "You", "until": None,
        "tag": found.get_outcome_display(), "tag_kind": "warn",
        "what": found.get_kind_display() + ". "
        + (_("The units are cancelled and stay so.") if after else _("Nothing was cancelled.")),
        "action_label": _("Look into it"), "action_url": url, "why_not": "",
    }
