"""The coordinating/managing entity drafts the components of its programme (domain, 3.9)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects import access, components, locks
from projects.lifecycle import NotNow
from projects.participant import sections
from projects.programmes.models import Component

FACTS = (
    "title", "location", "start_date", "crediting_first_date", "crediting_last_date",
    "estimated_annual_tonnes", "answers",
)


def draft_component(*, actor: Actor, at: datetime, project_id: int, title: str) -> Component:
    """Begin a component of a programme whose design document is frozen.

    Raises NotFound for another's project, NotNow for one that takes no components, Invalid.
    """
    named = _title(title)
    with transaction.atomic():
        programme = locks.project(project_id)
        if not access.owns(actor, programme):
            raise NotFound("There is no such programme.")
        if blocked := components.why_no_draft(programme):
            raise NotNow(blocked)
        made: Component = Component.objects.create(
            programme=programme, order=components.next_order(programme), title=named,
            drafted_at=at,
        )
        _record("participant.draft_component", actor, at, made)
    return made


def save_component(
    *, actor: Actor, at: datetime, component_id: int, title: str, location: str = "",
    start_date: date | None = None, crediting_first_date: date | None = None,
    crediting_last_date: date | None = None, estimated_annual_tonnes: int | None = None,
    answers: Sequence[str] = (),
) -> Component:
    """Keep what is said about a draft, which may be incomplete; answers in the criteria's order.

    Raises NotFound for another's, NotNow once it is submitted, Invalid by box.
    """
    facts: dict[str, Any] = {
        "title": _title(title),
        "location": sections.words("location", location, longest=200),
        "start_date": start_date, "crediting_first_date": crediting_first_date,
        "crediting_last_date": crediting_last_date,
        "estimated_annual_tonnes": _tonnes(estimated_annual_tonnes),
        "answers": [sections.words(f"answer_{number}", each)
                    for number, each in enumerate(answers, start=1)],
    }
    with transaction.atomic():
        found = locks.component(component_id)
        if not access.owns(actor, found.programme):
            raise NotFound("There is no such component.")
        if found.state != Component.State.DRAFT:
            raise NotNow(f"The component is no draft: {found.get_state_display().lower()}.")
        faults = components.crediting_faults(
            found.programme, crediting_first_date, crediting_last_date
        )
        if faults:
            raise Invalid(faults)
        for name in FACTS:
            setattr(found, name, facts[name])
        found.save(update_fields=list(FACTS))
        _record("participant.save_component", actor, at, found)
    return found


def _title(title: str) -> str:
    named = sections.words("title", title, longest=200)
    if not named:
        raise Invalid.of("title", "Give the component a title.")
    return named


def _tonnes(amount: int | None) -> int | None:
    if amount is not None and not 0 < amount <= BigIntegerField.MAX_BIGINT:
        raise Invalid.of("estimated_annual_tonnes", "Enter a whole number of tonnes above zero.")
    return amount


def _record(verb: str, actor: Actor, at: datetime, component: Component) -> None:
    record(
        verb, actor=actor, subject=component, at=at, project=component.programme.reference,
        facts={"order": component.order, "title": component.title},
    )
