"""Requests for holding accounts: participants ask, the registry looks at the evidence and opens."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk, may
from cdm_portal.permissions import Right, Row
from cdm_portal.uploads import serving
from cdm_portal.values import Role
from registry import actions
from registry.opening import forms, queries, shown
from registry.opening.models import AccountRequest


@may((Row.ACCOUNT, Right.READ))
def account_requests(request: HttpRequest) -> HttpResponse:
    """The requests that the actor may know of, newest first."""
    found = queries.requests(actor_of(request))[: shown.A_LIST]
    return render(request, "registry/account_requests.html", {"requests": found})


@desk(Role.PARTICIPANT)
def account_request_new(request: HttpRequest) -> HttpResponse:
    """Ask for a holding account of one's organisation."""
    actor, at = actor_of(request), clock.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.RequestForm(*sent, **shown.limits(actor, at))
    if form.is_valid():
        made = edges.attempt(
            form, actions.request_account, actor=actor, at=at, **form.asked()
        )
        if made is not None:
            messages.success(request, _("Asked for: %s.") % made.reference)
            return redirect("registry:account_request", made.pk)
    return edges.page(request, "registry/account_request_new.html", {"form": form})


@may((Row.ACCOUNT, Right.READ))
def account_request(request: HttpRequest, pk: int) -> HttpResponse:
    """A request with its evidence, what was said, and what the actor may do now."""
    actor = actor_of(request)
    context = shown.case(actor, _found(request, pk), clock.now())
    return render(request, "registry/account_request.html", context)


@require_POST
@desk(Role.PARTICIPANT, Role.REGISTRY)
def account_request_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One act upon a request; what is refused is told beside its cause."""
    actor, at = actor_of(request), clock.now()
    found = _found(request, pk)
    form = shown.form_of(slug, at, request.POST, request.FILES)
    if form is None:
        raise Http404
    shown.forbid(found, actor, slug)
    if form.is_valid():
        done = edges.attempt(
            form, shown.ACTIONS[slug], actor=actor, at=at, request_id=pk, **form.asked()
        )
        if done is not None:
            messages.success(request, shown.DONE[slug])
            return redirect("registry:account_request", pk)
    context: dict[str, Any] = shown.case(actor, found, at, slug, form)
    return edges.page(request, "registry/account_request.html", context)


@may((Row.ACCOUNT, Right.READ))
def account_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a file of the evidence, as a download: confidential, and not scanned."""
    file = queries.file(actor_of(request), pk)
    if file is None:
        raise Http404
    headers = serving.headers(file.filename, file.media_type, private=True)
    return HttpResponse(bytes(file.data), headers=headers)


def _found(request: HttpRequest, pk: int) -> AccountRequest:
    found = queries.request(actor_of(request), pk)
    if found is None:
        raise Http404
    return found
