"""What the page of a request for an account shows: its items, and each act with why not now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cdm_portal import parameters
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Actor, Role
from registry import actions
from registry.opening import evidence, forms, machine, queries
from registry.opening.models import AccountRequest, EvidenceItem

A_LIST = 200
"""How many requests a list shows."""

KINDS = {"open": "", "questioned": "warn", "answered": "info", "proven": "ok"}
STATES = {"requested": "info", "kyc": "info", "open": "ok", "refused": "bad", "withdrawn": ""}
"""The looks of tags."""

ACTIONS: dict[str, Callable[..., Any]] = {
    "take-up": actions.take_up_account_request, "mark": actions.mark_evidence,
    "conclude": actions.conclude_evidence, "open": actions.open_requested_account,
    "refuse": actions.refuse_account_request, "add": actions.add_evidence,
    "answer": actions.answer_evidence, "withdraw": actions.withdraw_account_request,
}  # fmt: skip
"""The acts by their names in addresses."""

DONE = {
    "take-up": _("Taken up. Look at each item of the evidence."), "mark": _("Marked."),
    "conclude": _("Concluded. Another administrator opens the account."),
    "open": _("The account is open."), "refuse": _("The request is refused."),
    "add": _("The file is added."), "answer": _("Your answer is sent."),
    "withdraw": _("The request is withdrawn."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as the page shows it, with the form that belongs beside it."""

    item: EvidenceItem
    hint: str
    kind: str
    form: Any = None


def limits(actor: Actor, at: datetime) -> dict[str, Any]:
    """What the form of a new request is made with."""
    people = [(each.person_id, each.person.name) for each in queries.candidates(actor.office, at)]
    return {"people": people, "most_mb": parameters.number("upload_max_mb", at.date())}


def form_of(slug: str, at: datetime, data: Any = None, files: Any = None) -> Any:
    """The form of an act; None for an act that there is not."""
    if slug == "add":
        most = parameters.number("upload_max_mb", at.date())
        return forms.EvidenceForm(data, files, most_mb=most)
    kinds: dict[str, type[Any]] = {
        "mark": forms.MarkForm, "answer": forms.AnswerForm, "refuse": forms.ReasonsForm,
    }  # fmt: skip
    return kinds.get(slug, forms.ActForm)(data) if slug in ACTIONS else None


def forbid(request: AccountRequest, actor: Actor, slug: str) -> None:
    """Raise Forbidden for an act that is never this actor's, before its form is looked at."""
    refusal = machine.refused(request, actor, slug.replace("-", "_"))
    if isinstance(refusal, Forbidden):
        raise refusal


def case(
    actor: Actor, request: AccountRequest, at: datetime, slug: str = "", sent: Any = None
) -> dict[str, Any]:
    """What the page shows; `sent` is the form of the act `slug` that was refused."""
    why = {
        name.replace("-", "_"): str(machine.refused(request, actor, name.replace("-", "_")) or "")
        for name in ACTIONS
    }
    beside = "mark" if actor.role == Role.REGISTRY else "answer"
    return {
        "case": request, "kind": STATES[request.state], "form": sent,
        "items": [_item(each, beside, why, slug, sent, at) for each in request.items.all()],
        "why": why, "registry": actor.role == Role.REGISTRY,
        "holder": actor.role == Role.PARTICIPANT,
        "add": sent if slug == "add" else form_of("add", at),
        "refuse": sent if slug == "refuse" else form_of("refuse", at),
        "left": [e.label for e in request.items.all() if e.mark != EvidenceItem.Mark.PROVEN],
    }  # fmt: skip


def _item(
    each: EvidenceItem, beside: str, why: dict[str, str], slug: str, sent: Any, at: datetime
) -> Shown:
    asked = beside == "mark" or each.mark in (
        EvidenceItem.Mark.QUESTIONED, EvidenceItem.Mark.ANSWERED
    )
    form = None
    if asked and not why[beside]:
        mine = slug == beside and sent is not None and sent.data.get("item") == each.key
        form = sent if mine else form_of(beside, at)
        if not mine:
            form.initial = {"item": each.key}
            form.auto_id = f"id_{each.key}_%s"
    return Shown(each, evidence.BY_KEY[each.key].hint, KINDS[each.mark], form)
