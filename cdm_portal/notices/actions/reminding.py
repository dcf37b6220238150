"""Reminders before a deadline, and word of one that was missed."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from cdm_portal import deadlines, formats, parameters
from cdm_portal.notices import queries
from cdm_portal.notices.actions import giving
from cdm_portal.notices.models import Notice, Topic
from cdm_portal.values import Actor, Role

ESCALATED = frozenset({Role.PARTICIPANT, Role.DNA, Role.DOE, Role.RIT})
"""Roles of whose missed deadlines the secretariat is told too."""


def remind(
    *, actor: Actor, at: datetime, items: Iterable[Mapping[str, object]]
) -> int:
    """Remind the people of a desk of what is due there within `reminder_days`; once it is late,
    tell them, and the secretariat if it lies with somebody whom it watches over.

    `items` are those of the desk. Each is told once before its end and once after. Answers how many
    notices were made.
    """
    return sum(len(_remind(actor, at, item)) for item in items)


def _remind(actor: Actor, at: datetime, item: Mapping[str, object]) -> list[Notice]:
    until = item.get("until")
    if not isinstance(until, datetime):
        return []
    day, late = until.date(), until < at
    if not late and deadlines.day_number(at, until) > parameters.number("reminder_days", at.date()):
        return []
    people = queries.people_of(actor, at.date())
    if late and actor.role in ESCALATED:
        people += queries.people_in(Role.SECRETARIAT, at.date())
    address = str(item["url"])
    with contextlib.suppress(IntegrityError), transaction.atomic():  # another beat was first
        return giving.give(
            people, topic=Topic.DEADLINES, at=at,
            key=f"{'late' if late else 'due'}:{day.isoformat()}:{queries.mark(actor, item)}",
            title=_due_words(day, late=late),
            text=f"{item['title']} · {item['what']} · {actor.organisation or actor.role.label}",
            url=lambda role: address if role == actor.role else reverse("desk"),
        )
    return []


def _due_words(day: date, *, late: bool) -> str:
    shown = formats.day(day)
    return f"The last day was {shown}." if late else f"Due by the end of {shown}."
