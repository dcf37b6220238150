"""Prior consideration: the participant's notice, what the secretariat and the DNA receive, and the
public list.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Role
from projects import access
from projects.models import Project
from projects.participant import actions, design, prior, queries
from projects.participant.forms import ListForm, NoticeForm, PublishForm


@may((Row.PRIOR_CONSIDERATION, Right.CREATE))
def notify(request: HttpRequest, reference: str) -> HttpResponse:
    """The participant notifies prior consideration, and reads until when."""
    actor, at = actor_of(request), clock.now()
    case = access.own_project(actor, reference)
    sent = request.POST if request.method == "POST" else None
    form = NoticeForm(sent, initial=_known(case))
    if form.is_valid() and edges.attempt(
        form, actions.notify_prior_consideration, actor=actor, at=at, project_id=case.pk,
        **form.cleaned_data,
    ) is not None:
        messages.success(request, "The DNA and the secretariat are notified.")
        return redirect("participant:prior", reference=case.name)
    context = {"project": case, "form": form, "host": queries.party(case.party_code)}
    state = prior.state(case, queries.draft(case).content, at)
    return edges.page(request, "participant/prior.html", context | state)


def _known(case: Project) -> dict[str, Any]:
    """What the draft says already."""
    content = queries.draft(case).content
    place, general = design.part(content, "location"), design.part(content, "general")
    return {
        "start_date": prior.stated(content), "description": general.get("summary", ""),
        **{box: place.get(box, "") for box in ("location", "latitude", "longitude")},
    }


@may((Row.PRIOR_CONSIDERATION, Right.READ_ALL), (Row.PRIOR_CONSIDERATION, Right.PUBLISH))
def received(request: HttpRequest) -> HttpResponse:
    """The notices that reach the actor, published or not."""
    found = edges.listed(request, prior.notices(actor_of(request)), ("-filed_at", "-pk"))
    return edges.page(request, "participant/prior_received.html", {"page": found})


@may(
    (Row.PRIOR_CONSIDERATION, Right.READ_ALL), (Row.PRIOR_CONSIDERATION, Right.PUBLISH),
    post=[(Row.PRIOR_CONSIDERATION, Right.PUBLISH)],
)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; the secretariat publishes it."""
    actor = actor_of(request)
    found = prior.notice(actor, pk)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and edges.attempt(
        form, actions.publish_prior_notice, actor=actor, at=clock.now(), notice_id=pk
    ) is not None:
        messages.success(request, "The notice is on the public list.")
        return redirect("prior:notice", pk=pk)
    return edges.page(request, "participant/prior_notice.html", {
        "notice": found, "form": form, "host": queries.party(found.project.party_code),
        "publishes": actor.role == Role.SECRETARIAT and found.published_at is None,
    })


@may((Row.PRIOR_CONSIDERATION, Right.SEE))
def notices(request: HttpRequest) -> HttpResponse:
    """The public list of prior consideration, searched by words and Party."""
    form = ListForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = prior.published(asked.get("q", ""), asked.get("party", ""))
    shown = edges.listed(request, found, ("-published_at", "-pk"))
    return edges.page(request, "participant/prior_list.html", {
        "search": {"form": form}, "page": shown, "rows": prior.rows(list(shown)),
    })
