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
        .select_related("component__programme", "component__doe", "prepared_by", "decided_by")
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


def why_no_exclusion(component: Component) -> str:
    """Why no exclusion can be proposed now; empty when one can."""
    if component.exclusions.filter(state=Exclusion.State.PROPOSED).exists():
        return "The exclusion of this component is before the Board already."
    return " ".join(lifecycle.why_not(component, "exclude"))


def queue(actor: Actor) -> Iterator[Line]:
    """The exclusions on which a member of the Board can decide."""
    if actor.role == Role.BOARD:
        proposed = Exclusion.objects.filter(state=Exclusion.State.PROPOSED)
        yield Line(
            "board.exclusion", proposed.exclude(prepared_by_id=actor.person),
            lambda found, _: _item(found), related=("component", "component__programme"),
        )


def _item(found: Exclusion) -> dict[str, Any]:
    url = reverse("board:exclusion", args=[found.pk])
    programme = found.component.programme
    stage = Stage(programme.stage)
    return {
        "title": str(found.component), "url": url, "reference": programme.name,
        "project": programme.title, "stage": EIGHT.index(stage) + 1 if stage in EIGHT else 0,
        "stage_label": stage.label, "waiting_for": "You", "until": None, "tag": "",
        "tag_kind": "", "what": "A component that may have been included in error.",
        "action_label": "Decide", "action_url": url, "why_not": "",
    }
