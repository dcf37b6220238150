"""Which numbers are in force, which were, and which changes wait."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from cdm_portal import formats, parameters
from cdm_portal.models import RuleChange
from cdm_portal.parameters import Parameter
from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.rulebook import deciding, typed
from cdm_portal.values import Actor

DECIDERS = deciding.DECIDERS


def in_force(names: Collection[str], on: date) -> dict[str, Parameter]:
    """The approved changes of parameters in force on a day; without one: as shipped. One statement.
    """
    found = RuleChange.objects.filter(
        name__in=names, state=RuleChange.State.APPROVED, valid_from__lte=on
    )
    return {each.name: _parameter(each) for each in found.order_by("name", "valid_from")}


MOMENT = """
WITH now AS MATERIALIZED (SELECT cdm_now() AS at)
SELECT at, c.name, c.value, c.source, c.verified, c.valid_from FROM now
  LEFT JOIN cdm_rulechange c ON c.state = 'approved' AND c.name = ANY (%s)
                            AND c.valid_from <= (at AT TIME ZONE 'UTC')::date
 ORDER BY c.name, c.valid_from
"""


@contextmanager
def moment() -> Iterator[datetime]:
    """The portal's time, for an act that asks for parameters of this day: they are read with it.

    One statement for both; the parameters hold inside the block.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOMENT, [sorted(parameters.AMENDABLE)])
        rows = cursor.fetchall()
    at: datetime = rows[0][0].astimezone(UTC)
    changed = {
        name: _parameter(RuleChange(
            name=name, value=value, source=source, verified=verified, valid_from=valid_from
        ))
        for _at, name, value, source, verified, valid_from in rows if name is not None
    }
    with parameters.one_moment({at.date(): changed}):
        yield at


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
    if why := deciding.same_person(found, actor.person_id, "change"):
        return why
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
