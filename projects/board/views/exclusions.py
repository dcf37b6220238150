"""The pages of an exclusion: the secretariat's proposal, the Board's decision."""

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


@desk(Role.SECRETARIAT)
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretariat proposes to exclude a component."""
    component = queries.public_component(pk)
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (
        made := edges.attempt(
            form, actions.propose_exclusion, actor=actor_of(request), at=clock.now(),
            component_id=component.pk, **form.cleaned_data,
        )
    ):
        messages.success(request, _("The Board has it."))
        return redirect("board:exclusion", pk=made.pk)
    return edges.page(request, "board/exclude.html", {
        "form": form, "component": component, "project": component.programme,
        "issued": components.issued_tonnes(component),
        "why_not": queries.why_no_exclusion(component),
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
        "decides": actor.role == Role.BOARD and found.state == found.State.PROPOSED,
    })
