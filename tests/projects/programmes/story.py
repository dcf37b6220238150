"""Components of a registered programme, brought to a state by everybody's own actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cdm_portal import clock
from cdm_portal.demonstration import components as hands
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.demonstration.walk import Walk
from projects.board import actions as board
from projects.board.models import Exclusion
from projects.doe import actions as doe
from projects.models import Project
from projects.participant import actions as participant
from projects.programmes.models import Component
from tests import factories
from tests.cast import Cast
from tests.uploads.files import pdf

CRITERIA = ("The stove is new to the household.", "No other programme counts the household.")
STATES = ("draft", "submitted", "included", "renewed", "excluded")


def programme(cast: Cast, until: Until = Until.REGISTERED, **changes: Any) -> Walk:
    """A programme of activities walked to a stage, with its first component."""
    return factories.walk(
        cast, until, clock.now(), key="programme", title="Stoves of the lake", criteria=CRITERIA,
        **changes,
    )


def component(walk: Walk, state: str, title: str = "Eastern shore") -> Component:
    """A component of a registered programme in a state, beside its first one; or one whose renewal
    is asked for, or whose exclusion is before the Board.
    """
    now = clock.now()
    if state == "draft":
        found = hands.submitted(walk, now, title)
        return doe.return_component(
            actor=walk.doe, at=now, component_id=found.pk, reasons="Name the households."
        )
    found = hands.submitted(walk, now, title)
    if state == "submitted":
        return found
    hands.included(walk, now, found)
    further: dict[str, Callable[[], object]] = {
        "renewed": lambda: renewed(walk, found, now),
        "excluded": lambda: excluded(walk, found, now),
        "asked": lambda: asked_to_renew(walk, found, now),
        "accused": lambda: before_the_board(walk, found, now),
    }
    if state in further:
        further[state]()
    return Component.objects.get(pk=found.pk)


def prolonged(walk: Walk) -> Project:
    """The programme's period ends a year later: what a renewal of it leaves behind."""
    case = Project.objects.get(pk=walk.project.pk)
    assert case.crediting_last_date is not None
    case.crediting_last_date += timedelta(days=365)
    case.save(update_fields=["crediting_last_date"])
    return case


def asked_to_renew(walk: Walk, found: Component, at: datetime) -> Component:
    """The programme is renewed and the DOE is asked to renew the component."""
    last = prolonged(walk).crediting_last_date
    return doe.ask_component_renewal(
        actor=walk.owner, at=at, component_id=found.pk, last_date=last,
        organisation_id=walk.doe.organisation_id or 0,
    )


def renewed(walk: Walk, found: Component, at: datetime) -> Component:
    """The component's crediting period goes on with the programme's."""
    asked_to_renew(walk, found, at)
    return doe.renew_component(
        actor=walk.doe, at=at, component_id=found.pk, no_conflict=True, filename="renewal.pdf",
        data=pdf(),
    )


def before_the_board(walk: Walk, found: Component, at: datetime, tonnes: int = 0) -> Exclusion:
    """The secretariat proposes to exclude it."""
    return board.propose_exclusion(
        actor=walk.secretariat, at=at, component_id=found.pk, tonnes=tonnes,
        reasons="The households are counted elsewhere.",
    )


def excluded(walk: Walk, found: Component, at: datetime) -> Exclusion:
    """The Board excludes it."""
    proposed = before_the_board(walk, found, at)
    return board.decide_exclusion(
        actor=walk.people.actor("board"), at=at, exclusion_id=proposed.pk, grant=True,
        reasons="Included in error.",
    )


def everything(cast: Cast) -> tuple[dict[str, Component], int]:
    """A registered programme with a component in every state, one whose renewal is asked for
    ("asked"), one whose exclusion is before the Board ("accused", with the exclusion's key), and a
    monitoring period of the first.
    """
    walk, now = programme(cast), clock.now()
    first = walk.component
    begin = walk.credited_from()
    participant.open_period(
        actor=walk.owner, at=now, project_id=walk.project.pk, first=begin,
        last=begin + timedelta(days=30), component_ids=[first.pk],
    )
    found = {state: component(walk, state, f"Shore {state}")
             for state in ("draft", "submitted", "excluded", "accused", "asked")}
    proposed = Exclusion.objects.get(component=found["accused"])
    kept = {state: Component.objects.get(pk=each.pk) for state, each in found.items()}
    return kept | {"included": Component.objects.get(pk=first.pk)}, proposed.pk
