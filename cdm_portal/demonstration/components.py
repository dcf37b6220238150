"""The first component of a programme: drafted and submitted before the registration is requested,
included after it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cdm_portal import papers
from projects.doe import actions as doe_actions
from projects.participant import actions as participant_actions
from projects.programmes.models import Component

if TYPE_CHECKING:
    from cdm_portal.demonstration.walk import Walk


def submitted(walk: Walk, at: datetime, title: str = "First component") -> Component:
    """A component that meets every criterion, with the DOE of the programme's validation."""
    programme = walk.project
    programme.refresh_from_db()
    made = participant_actions.draft_component(
        actor=walk.owner, at=at, project_id=programme.pk, title=title
    )
    participant_actions.save_component(
        actor=walk.owner, at=at, component_id=made.pk, title=title, location=walk.sketch.place,
        start_date=at.date(), crediting_first_date=programme.crediting_first_date,
        crediting_last_date=programme.crediting_last_date,
        estimated_annual_tonnes=programme.estimated_annual_tonnes,
        answers=[f"Met: {criterion}" for criterion in walk.sketch.criteria],
    )
    return doe_actions.submit_component(
        actor=walk.owner, at=at, component_id=made.pk, checked=True,
        organisation_id=walk.doe.organisation_id or 0,
    )


def included(walk: Walk, at: datetime, component: Component | None = None) -> Component:
    """The DOE includes a component by its statement."""
    found = component or walk.component
    return doe_actions.include_component(
        actor=walk.doe, at=at, component_id=found.pk, no_conflict=True,
        filename="statement.pdf", data=_statement(walk, at, found),
    )


def _statement(walk: Walk, at: datetime, found: Component) -> bytes:
    """The DOE's paper on the inclusion."""
    programme = walk.project
    return papers.render("ruling.typ", {
        "title": "Inclusion of a component project activity", "number": programme.name,
        "rules": programme.get_rules_display(), "date": [at.year, at.month, at.day],
        "fictional": programme.fictional,
        "rows": [["Component", found.title], ["Place", found.location]],
        "sections": [{"heading": "Statement", "text": "The component meets every eligibility "
                      "criterion of the programme; we checked the evidence for each."}],
        "foot": "",
    })
