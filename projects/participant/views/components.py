"""The components of a programme at the coordinating/managing entity's desk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.values import Role
from projects import access
from projects import components as programmes
from projects.models import Project
from projects.participant import actions, queries
from projects.participant.forms import BeginForm, ComponentForm


def _own_programme(request: HttpRequest, reference: str) -> Project:
    programme = access.own_project(actor_of(request), reference)
    if not programme.is_programme:
        raise Http404
    return programme


@desk(Role.PARTICIPANT)
def components(request: HttpRequest, reference: str) -> HttpResponse:
    """Every component of a programme; a new draft."""
    programme = _own_programme(request, reference)
    form = BeginForm(request.POST or None) if request.method == "POST" else BeginForm()
    if form.is_valid() and (
        made := edges.attempt(
            form, actions.draft_component, actor=actor_of(request), at=clock.now(),
            project_id=programme.pk, title=form.cleaned_data["title"],
        )
    ):
        return redirect("participant:component", reference=programme.name, order=made.order)
    return edges.page(request, "participant/components.html", {
        "project": programme, "form": form, "components": programmes.of(programme),
        "why_not": programmes.why_no_draft(programme),
    })


@desk(Role.PARTICIPANT)
def component(request: HttpRequest, reference: str, order: int) -> HttpResponse:
    """One component: its draft to complete, or what was submitted and what became of it."""
    programme = _own_programme(request, reference)
    found = programmes.of(programme).filter(order=order).first()
    if found is None:
        raise Http404
    draft = found.state == found.State.DRAFT
    criteria = queries.criteria(programme) if draft else found.criteria
    sent = request.POST if request.method == "POST" else None
    form = ComponentForm(sent, component=found, criteria=criteria)
    if form.is_valid() and edges.attempt(
        form, actions.save_component, actor=actor_of(request), at=clock.now(),
        component_id=found.pk, **form.values(),
    ) is not None:
        messages.success(request, _("The draft is saved."))
        return redirect("participant:component", reference=programme.name, order=order)
    return edges.page(request, "participant/component.html", {
        "project": programme, "component": found, "form": form, "draft": draft,
        "lacking": queries.component_lacking(found, criteria) if draft else [],
    })
