"""Components of programmes with a DOE: which it may see, what it can do, what waits."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.lifecycle import EIGHT, Stage
from projects.programmes.models import Component

Item = dict[str, Any]


def own_component(actor: Actor, pk: int) -> Component:
    """A component of the acting coordinating/managing entity. Raises NotFound."""
    found: Component | None = (
        Component.objects.filter(pk=pk, programme__owner_id=actor.office)
        .select_related("programme", "doe").first()
    )
    if found is None:
        raise NotFound("There is no such component.")
    return found


def components_of(organisation_id: int) -> QuerySet[Component]:
    """Every component that a DOE was asked about, newest first."""
    asked = Q(doe_id=organisation_id) & ~Q(state=Component.State.DRAFT)
    return (
        Component.objects.filter(asked | Q(renewal_doe_id=organisation_id))
        .select_related("programme", "doe", "renewal_doe").order_by("-pk")
    )


def component_of(actor: Actor, pk: int) -> Component:
    """A component that was submitted to the acting DOE, or whose renewal it is asked to confirm.

    Raises NotFound.
    """
    found = components_of(actor.office).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such component.")
    return found


def component_acts(actor: Actor, component: Component) -> Item:
    """What the DOE can do with a component now, each with the reasons why not."""
    asked_to_renew = component.renewal_doe_id == actor.office
    submitted = component.state == Component.State.SUBMITTED
    return {
        "include": submitted and component.doe_id == actor.office,
        "renew": asked_to_renew,
        "why_include": " ".join(lifecycle.why_not(component, "include")),
        "why_renew": " ".join(lifecycle.why_not(component, "renew")),
    }


def why_not_submit(component: Component) -> str:
    """Why a component cannot be submitted now, besides what its form asks; empty when it can."""
    if component.state != Component.State.DRAFT:
        return f"The component is no draft: {component.get_state_display().lower()}."
    if component.programme.stage in lifecycle.SIDE_ENDS:
        return "The programme has ended."
    if component.programme.stage in {Stage.DESIGN, Stage.NATIONAL_APPROVAL}:
        return "The programme has not come to its validation."
    return ""


def why_not_renew(component: Component) -> str:
    """Why no renewal can be asked for now; empty when it can."""
    if component.renewal_doe_id is not None:
        return "A DOE has been asked to confirm the renewal."
    return " ".join(lifecycle.why_not(component, "renew"))


def queue(actor: Actor) -> Iterator[Line]:
    """What waits for a DOE, and what came back to a coordinating/managing entity."""
    if actor.role == Role.DOE:
        mine = Q(doe_id=actor.office, state=Component.State.SUBMITTED)
        yield Line(
            "doe.component", Component.objects.filter(mine | Q(renewal_doe_id=actor.office)),
            lambda each, _: _to_include(each), related=("programme",),
        )
    if actor.role == Role.PARTICIPANT:
        returned = Component.objects.filter(
            programme__owner_id=actor.office, state=Component.State.DRAFT,
            returned_at__isnull=False,
        )
        yield Line(
            "doe.component_returned", returned, lambda each, _: _returned(each),
            related=("programme",),
        )


def _item(component: Component, url: str, /, **more: Any) -> Item:
    programme = component.programme
    stage = Stage(programme.stage)
    return {
        "title": component.title, "url": url, "reference": programme.name,
        "project": programme.title, "stage": EIGHT.index(stage) + 1 if stage in EIGHT else 0,
        "stage_label": stage.label, "until": None, "tag": "", "tag_kind": "", "action_url": url,
        "why_not": "", **more,
    }


def _to_include(component: Component) -> Item:
    url = reverse("doe:component", args=[component.pk])
    submitted = component.state == Component.State.SUBMITTED
    why = lifecycle.why_not(component, "include" if submitted else "renew")
    return _item(
        component, url, waiting_for="You (auditor)", action_label="Look at it",
        what="A component to include or return." if submitted else "A component to renew.",
        why_not=" ".join(why),
    )


def _returned(component: Component) -> Item:
    url = reverse("participant:component", args=[component.programme.name, component.order])
    return _item(
        component, url, waiting_for="You (participant)", action_label="Correct it",
        what="A component that the DOE returned, with reasons.",
    )
