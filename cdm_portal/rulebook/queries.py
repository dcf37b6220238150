"""Which numbers are in force, which were, and which changes wait."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cdm_portal import formats, parameters
from cdm_portal.models import RuleChange
from cdm_portal.parameters import Parameter
from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.rulebook import typed
from cdm_portal.values import Actor, Role

DECIDERS = {Role.SECRETARIAT, Role.BOARD}


def in_force(names: Collection[str], on: date) -> dict[str, Parameter]:
    """The approved changes of parameters in force on a day; without one: as shipped. One statement.
    """
    found = RuleChange.objects.filter(
        name__in=names, state=RuleChange.State.APPROVED, valid_from__lte=on
    )
    return {each.name: _parameter(each) for each in found.order_by("name", "valid_from")}


def base(name: str) -> Parameter:
    """The row that a change begins with. Raises NotFound for what two persons may not change."""
    if name not in parameters.AMENDABLE:
        raise NotFound("There is no such parameter that could be changed.")
    return parameters.shipped(name, parameters.START)


def history() -> list[Parameter]:
    """Every row that holds, held or will hold, in the order of the table; the last day of a row is
    the one before the next change begins.
    """
    approved = list(
        RuleChange.objects.filter(state=RuleChange.State.APPROVED).order_by("name", "valid_from")
    )
    rows: list[Parameter] = []
    for row in parameters.TABLE:
        chain = [row, *(_parameter(each) for each in approved if each.name == row.name)]
        for held, after in zip(chain, [*chain[1:], None], strict=True):
            last = after.valid_from - timedelta(days=1) if after else held.valid_to
            rows.append(replace(held, valid_to=last))
    return rows


def changes() -> QuerySet[RuleChange]:
    """Every change, the newest first."""
    return RuleChange.objects.order_by("-id")


def change(pk: int) -> RuleChange:
    """One change. Raises NotFound."""
    found = RuleChange.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such change.")
    return found


def why_not_approve(found: RuleChange, actor: Actor, at: datetime) -> str:
    """Why an actor cannot approve a change now; empty if they can."""
    if found.proposer == actor.person_id:
        return "You proposed this change; another person approves it."
    if found.valid_from < at.date():
        return "Its first day has passed: nothing changes backwards. Propose it anew."
    return ""


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """The changes that wait for a second person."""
    if actor.role in DECIDERS:
        waits = RuleChange.objects.filter(state=RuleChange.State.PROPOSED)
        yield Line("rulebook.change", waits, lambda each, _: _item(each, actor, at))


def _item(found: RuleChange, actor: Actor, at: datetime) -> dict[str, Any]:
    url = reverse("rule_change", args=[found.pk])
    why = why_not_approve(found, actor, at)
    return {
        "title": base(found.name).label, "url": url, "action_url": url, "project": "",
        "reference": "", "stage": 0, "stage_label": "", "until": None, "tag": "",
        "what": f"{found.proposer_name} proposes {found.value} from "
        f"{formats.day(found.valid_from)}.",
        "waiting_for": "Another person" if why else "You",
        "action_label": "Approve the change", "why_not": why,
    }


def _parameter(found: RuleChange) -> Parameter:
    row = base(found.name)
    return replace(
        row, value=typed.number(found.value), source=found.source, verified=found.verified,
        valid_from=found.valid_from, valid_to=None,
    )
