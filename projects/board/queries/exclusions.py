"""Exclusions of components: one, why none can be proposed, what waits."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.board.models import Exclusion
from projects.lifecycle import EIGHT, Stage
from projects.programmes.models import Component


def exclusion(pk: int) -> Exclusion:
    """What was proposed about a component. Raises NotFound."""
    found = (
        Exclusion.objects.filter(pk=pk)
        .select_related(
            "component__programme", "component__doe", "moved_by", "prepared_by", "decided_by"
        )
        .first()
    )
    if found is None:
        raise NotFound("There is no such exclusion.")
    return found


def public_component(pk: int) -> Component:
    """A component that a DOE has included. Raises NotFound."""
    found: Component | None = (
        Component.objects.filter(pk=pk, state__in=Component.PUBLIC)
        .select_related("programme", "doe").first()
    )
    if found is None:
        raise NotFound("There is no such component.")
    return found


def moved(component: Component) -> Exclusion | None:
    """What a member of the Board has moved about a component and nobody has prepared yet."""
    found: Exclusion | None = (
        component.exclusions.filter(state=Exclusion.State.MOVED).select_related("moved_by").first()
    )
    return found


def why_no_exclusion(component: Component, actor: Actor) -> str:
    """Why the actor cannot propose an exclusion now, or move one; empty when the actor can."""
    if component.exclusions.filter(state=Exclusion.State.PROPOSED).exists():
        return "The exclusion of this component is before the Board already."
    if actor.role == Role.BOARD and moved(component) is not None:
        return "A member has moved it already; the secretariat prepares it."
    return " ".join(lifecycle.why_not(component, "exclude"))


def queue(actor: Actor) -> Iterator[Line]:
    """What a member of the Board has moved, for the secretariat to prepare; the exclusions on which
    a member can decide.
    """
    if actor.role == Role.SECRETARIAT:
        yield Line(
            "board.exclusion_moved", Exclusion.objects.filter(state=Exclusion.State.MOVED),
            lambda found, _: _item(
                found, what="A member of the Board moves that it be excluded.",
                action_label="Prepare it",
                action_url=reverse("board:exclude", args=[found.component_id]),
            ),
            related=("component", "component__programme"),
        )
    if actor.role == Role.BOARD:
        proposed = Exclusion.objects.filter(state=Exclusion.State.PROPOSED)
        yield Line(
            "board.exclusion",
            proposed.exclude(prepared_by_id=actor.person).exclude(moved_by_id=actor.person),
            lambda found, _: _item(found), related=("component", "component__programme"),
        )


def _item(found: Exclusion, **more: Any) -> dict[str, Any]:
    url = reverse("board:exclusion", args=[found.pk])
    programme = found.component.programme
    stage = Stage(programme.stage)
    return {
        "title": str(found.component), "url": url, "reference": programme.name,
        "project": programme.title, "stage": EIGHT.index(stage) + 1 if stage in EIGHT else 0,
        "stage_label": stage.label, "waiting_for": "You", "until": None, "tag": "",
        "tag_kind": "", "what": "A component that may have been included in error.",
        "action_label": "Decide", "action_url": url, "why_not": "",
        **more,
    }
