"""Disputes about payments, for the desk of the secretariat and for auditors."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.queues import Facts, Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from offsets.models import Dispute, Order
from projects.lifecycle import Stage


def dispute(pk: int) -> Dispute:
    """A dispute with its payment and order. Raises NotFound."""
    found = (
        Dispute.objects.select_related("attempt__order__certificate", "closed_by")
        .filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such dispute.")
    return found


def queue(actor: Actor) -> Iterator[Line]:
    """The disputes that nobody has closed."""
    if actor.role == Role.SECRETARIAT:
        yield Line(
            "offsets.dispute", Dispute.objects.filter(closed_at=None), _item,
            related=("attempt__order",),
        )


def _item(found: Dispute, _told: Facts) -> dict[str, Any]:
    url = reverse("offsets:dispute", args=[found.pk])
    order = found.attempt.order
    after = order.state == Order.State.FULFILLED
    return {
        "title": _("%(money)s went back to a buyer") % {"money": formats.money(found.money)},
        "url": url, "reference": order.code, "project": "", "stage": 8,
        "stage_label": Stage.OFFSETTING.label, "waiting_for": "You", "until": None,
        "tag": found.get_outcome_display(), "tag_kind": "warn",
        "what": found.get_kind_display() + ". "
        + (_("The units are cancelled and stay so.") if after else _("Nothing was cancelled.")),
        "action_label": _("Look into it"), "action_url": url, "why_not": "",
    }
