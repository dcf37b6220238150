"""What the bank account has for the secretariat's desk: matches and refunds for a second person,
refunds to send, credits that belong to no order yet.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.queues import Item, Line
from cdm_portal.values import Actor, Role
from offsets.banking import queries
from offsets.models import BankEntry, BankMatch, Refund
from projects.lifecycle import Stage

EIGHT = 8
BLANK: dict[str, Any] = {
    "project": "", "reference": "", "stage": EIGHT, "until": None, "tag": "", "tag_kind": "",
    "why_not": "", "waiting_for": "You",
}


def queue(actor: Actor) -> Iterator[Line]:
    """Everything that the bank account asks of somebody of the secretariat."""
    if actor.role != Role.SECRETARIAT:
        return
    yield Line(
        "offsets.match", queries.proposed(), lambda each, _told: _match(each, actor),
        related=("entry", "attempt"),
    )
    yield Line("offsets.credit", queries.unmatched(), lambda each, _told: _credit(each))
    yield Line("offsets.refund", queries.refunds_open(), lambda each, _told: _refund(each, actor))


def _match(match: BankMatch, actor: Actor) -> Item:
    url = reverse("offsets:credit", args=[match.entry_id])
    own = match.proposed_by_id == actor.person_id
    return BLANK | {
        "title": _("%(amount)s for an invoice") % {"amount": formats.money(match.entry.money)},
        "url": url, "action_url": url, "stage_label": Stage.OFFSETTING.label,
        "what": _("%(who)s proposes the match.") % {"who": match.proposed_name},
        "waiting_for": _("Another person") if own else _("You"),
        "action_label": _("Confirm the match"),
        "why_not": _("You proposed this match; another person confirms it.") if own else "",
    }


def _credit(entry: BankEntry) -> Item:
    url = reverse("offsets:credit", args=[entry.pk])
    return BLANK | {
        "title": _("%(amount)s without a match") % {"amount": formats.money(entry.money)},
        "url": url, "action_url": url, "stage_label": Stage.OFFSETTING.label,
        "what": _("Booked on %(day)s without a reference of an invoice.") % {
            "day": formats.day(entry.booked_on)},
        "action_label": _("Find its invoice"),
    }


def _refund(refund: Refund, actor: Actor) -> Item:
    url = reverse("offsets:refund", args=[refund.pk])
    sent = refund.state == Refund.State.PROPOSED
    own = sent and refund.proposed_by_id == actor.person_id
    return BLANK | {
        "title": _("%(amount)s due back") % {"amount": formats.money(refund.money)},
        "url": url, "action_url": url, "stage_label": Stage.OFFSETTING.label,
        "what": _("%(who)s has sent it.") % {"who": refund.proposed_name} if sent
        else _("It came by transfer and pays for nothing."),
        "waiting_for": _("Another person") if own else _("You"),
        "action_label": _("Confirm the refund") if sent else _("Send it back"),
        "why_not": _("You sent this refund; another person confirms it.") if own else "",
    }
