"""The pages of an exclusion: the secretariat's proposal, the Board's decision."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cdm_portal import clock, edges
from cdm_portal.forms import Area, RadioTiles
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Role
from projects import components
from projects.board import actions, queries
from projects.board.models import Exclusion


class ProposeForm(forms.Form):
    """Why a component is to be excluded, and what its DOE is to replace."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=Area(rows=6), max_length=10_000,
        help_text=gettext_lazy("Public with the decision."),
    )
    tonnes = forms.IntegerField(
        label=gettext_lazy("CERs issued for the component"), min_value=0,
        max_value=BigIntegerField.MAX_BIGINT,
        widget=forms.TextInput({"inputmode": "numeric", "data-unit": "CERs"}),
    )


class DecideForm(forms.Form):
    """The decision of a member of the Board."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), widget=RadioTiles(),
        choices=[("grant", gettext_lazy("Exclude it")), ("refuse", gettext_lazy("Keep it"))],
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=Area(rows=6), max_length=10_000,
        help_text=gettext_lazy("Public."),
    )


class MoveForm(forms.Form):
    """Why a member of the Board moves that a component be excluded."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=Area(rows=6), max_length=10_000,
        help_text=gettext_lazy("Public with the decision. The secretariat prepares it, and another "
                               "member decides."),
    )


TURNS: dict[Role, tuple[type[forms.Form], Callable[..., Exclusion], Any, Any]] = {
    Role.SECRETARIAT: (
        ProposeForm, actions.propose_exclusion, gettext_lazy("Put it before the Board"),
        gettext_lazy("The Board has it."),
    ),
    Role.BOARD: (
        MoveForm, actions.move_exclusion, gettext_lazy("Move it"),
        gettext_lazy("The secretariat has it."),
    ),
}
"""What each role does about a component: its form, its action, the button, and what is said then.
"""


@desk(Role.SECRETARIAT, Role.BOARD)
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretariat proposes to exclude a component, or a member of the Board moves it."""
    component, actor = queries.public_component(pk), actor_of(request)
    kind, action, label, done = TURNS[actor.role]
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid() and (
        made := edges.attempt(
            form, action, actor=actor, at=clock.now(), component_id=component.pk,
            **form.cleaned_data,
        )
    ):
        messages.success(request, done)
        return redirect("board:exclusion", pk=made.pk)
    return edges.page(request, "board/exclude.html", {
        "form": form, "component": component, "project": component.programme,
        "issued": components.issued_tonnes(component),
        "why_not": queries.why_no_exclusion(component, actor), "label": label,
        "moved": queries.moved(component), "moves": actor.role == Role.BOARD,
    })


@desk(Role.BOARD, Role.SECRETARIAT, Role.AUDITOR)
def exclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """What is proposed about a component, and the decision of a member of the Board."""
    actor = actor_of(request)
    found = queries.exclusion(pk)
    if request.method == "POST" and actor.role != Role.BOARD:
        raise Forbidden(_("A member of the Executive Board decides this."))
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and edges.attempt(
        form, actions.decide_exclusion, actor=actor, at=clock.now(), exclusion_id=pk,
        grant=form.cleaned_data["outcome"] == "grant", reasons=form.cleaned_data["reasons"],
    ) is not None:
        messages.success(request, _("The decision is public."))
        return redirect("board:exclusion", pk=pk)
    return edges.page(request, "board/exclusion.html", {
        "form": form, "found": found, "component": found.component,
        "project": found.component.programme,
        "decides": actor.role == Role.BOARD and found.state == found.State.PROPOSED
        and actor.person_id != found.moved_by_id,
    })
