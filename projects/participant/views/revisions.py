"""Renewals and post-registration changes as the participant sees them: begin one, follow it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from projects import access
from projects import queries as landing
from projects.participant import actions, queries, revised
from projects.participant.forms import RevisionForm
from projects.revisions.models import Revision


@may((Row.DRAFT, Right.UPDATE))
def new_revision(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a renewal or a post-registration change, or read why it cannot be begun."""
    actor, at = actor_of(request), clock.now()
    case = access.own_project(actor, reference)
    form = RevisionForm(request.POST or None, project=case, at=at)
    if form.is_valid() and (
        made := edges.attempt(
            form, actions.start_revision, actor=actor, at=at, project_id=case.pk,
            wish=form.wish(),
        )
    ):
        messages.success(request, _("The revision is begun."))
        return redirect("participant:revision", reference=case.name, number=made.number)
    refused = [
        {"term": Revision.Kind(kind).label, "value": reason}
        for kind, reason in form.refused.items()
    ]
    return edges.page(request, "participant/revision_new.html", {
        "project": case, "form": form, "refused": refused,
        "possible": len(refused) < len(Revision.Kind),
    })


@may((Row.DRAFT, Right.UPDATE))
def revision(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Where a revision stands, and what the participant can do."""
    case = access.own_project(actor_of(request), reference)
    found = landing.revision(case, number)
    version = queries.version(case, found.design_version) if found.design_version else None
    return edges.page(request, "participant/revision.html", {
        "project": case, "revision": found, "version": version, "facts": revised.facts(found),
        "offer_url": queries.link("doe:offer_revision", case.name, number),
    })


@require_POST
@may((Row.DRAFT, Right.UPDATE))
def withdraw_revision(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Give a revision up before it is requested."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    found = landing.revision(case, number)
    actions.withdraw_revision(actor=actor, at=clock.now(), revision_id=found.pk)
    messages.success(request, _("The revision is withdrawn."))
    return redirect("participant:revision", reference=case.name, number=number)
