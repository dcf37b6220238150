"""The pages of a request: the list, the case, one item of a check, and the DOE's two requests."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.values import Role
from projects import access, components, lifecycle
from projects.board import (
    actions,
    bills,
    checklist,
    fees,
    forms,
    inspection,
    moves,
    queries,
    sheets,
)
from projects.board.models import Request
from projects.doe import standing as auditors
from projects.doe.standing import Act
from projects.models import MonitoringPeriod, Project

READERS = (
    Role.BOARD, Role.SECRETARIAT, Role.RIT, Role.DOE, Role.DNA, Role.PARTICIPANT, Role.AUDITOR,
)
PAYERS = tuple(role for role in READERS if role not in {Role.BOARD, Role.RIT, Role.DNA})
"""Those of them who read invoices (domain, 4)."""


@desk(*READERS)
def desk_page(request: HttpRequest) -> HttpResponse:
    """What waits in stages 4 and 7, and every request that the actor may know of."""
    actor, at = actor_of(request), clock.now()
    found = queries.visible(actor)
    kind = request.GET.get("kind", "")
    if kind in Request.Kind.values:
        found = found.filter(kind=kind)
    return edges.page(request, "board/desk.html", {
        "items": queries.waiting(actor, at),
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "kinds": sheets.kind_tabs(kind), "shows_money": actor.role in PAYERS,
    })


@desk(*READERS)
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: its checks, window, papers, votes, and what the actor can do."""
    return _case(request, queries.by_reference(actor_of(request), reference))


@desk(*PAYERS)
def money(request: HttpRequest) -> HttpResponse:
    """What is owed and what came in, as far as the actor may read it."""
    found = queries.invoices(actor_of(request))
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "board/money.html", {
        "page": shown, "lines": [bills.line(each) for each in shown],
    })


@desk(*READERS)
def invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """An invoice as PDF."""
    actor = actor_of(request)
    found = queries.invoice_of(queries.by_reference(actor, reference), actor)
    if found is None or found.state == found.State.WAIVED:
        raise Http404
    response = HttpResponse(bills.paper(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _case(request: HttpRequest, found: Request, bound: moves.Bound | None = None) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    context = sheets.page(found, actor, at)
    context["offers"] = moves.offers(found, actor, at, bound)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    return render(request, "board/request.html", context, status=status)


@desk(*READERS)
@require_POST
def act(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Do one of the acts upon a request; a refusal stands beside its form."""
    actor = actor_of(request)
    found = queries.by_reference(actor, reference)
    move = moves.MOVES.get(slug)
    if move is None or actor.role not in move.roles:
        raise Http404
    at = clock.now()
    form = move.form(request.POST, about=found, at=at, prefix=slug)
    if form.is_valid():
        values = {"actor": actor, "at": at, "request_id": found.pk, **form.cleaned_data}
        if edges.attempt(form, move.action, **values) is not None:
            messages.success(request, _(move.done))
            return redirect("board:request", reference=reference)
    return _case(request, queries.by_reference(actor, reference), moves.Bound(move, form))


@desk(Role.SECRETARIAT)
def check(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Look at one item of the running check."""
    actor = actor_of(request)
    found = queries.by_reference(actor, reference)
    item = checklist.item(found.kind, code)
    if item is None:
        raise Http404
    form = forms.CheckForm(
        request.POST if request.method == "POST" else None, initial=inspection.finding(found, code)
    )
    if form.is_bound and form.is_valid():
        made = edges.attempt(
            form, actions.check_item, actor=actor, at=clock.now(), request_id=found.pk, code=code,
            met=form.cleaned_data["met"], reason=form.cleaned_data["reason"],
        )
        if made is not None:
            return redirect(inspection.next_item(found))
    context = sheets.page(found, actor, clock.now())
    context |= {"form": form, "item": item, "evidence": inspection.evidence(found, code)}
    return edges.page(request, "board/check.html", context)


@desk(Role.DOE)
def request_registration(request: HttpRequest, reference: str) -> HttpResponse:
    """The validating DOE requests registration."""
    actor, at = actor_of(request), clock.now()
    project = access.project(actor, reference)
    if not lifecycle.validating_doe(project, actor):
        raise Http404
    form = forms.ButtonForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        made = edges.attempt(
            form, actions.request_registration, actor=actor, at=at, project_id=project.pk
        )
        if made is not None:
            messages.success(request, _("Registration is requested."))
            return redirect("board:request", reference=made.reference)
    rates = fees.Rates.on(at.date())
    return _submit(request, form, project, None, {
        "rates": rates, "why": queries.why_no_registration(project, actor, at),
        "fee": fees.registration_fee(
            components.fee_tonnes(project), rates=rates,
            host_is_ldc=queries.is_ldc(project.party_code),
        ),
        "deferred": queries.is_deferred(project.party_code, at),
    })


@desk(Role.DOE)
def request_issuance(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The verifying DOE requests issuance of what it certified."""
    actor, at = actor_of(request), clock.now()
    period = access.period(actor, reference, number)
    if not lifecycle.verifying_doe(period, actor):
        raise Http404
    form = forms.ButtonForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        made = edges.attempt(
            form, actions.request_issuance, actor=actor, at=at, period_id=period.pk
        )
        if made is not None:
            messages.success(request, _("Issuance is requested."))
            return redirect("board:request", reference=made.reference)
    return _submit(request, form, period.project, period, {
        "amounts": queries.certified_by_period(period).items(),
        "why": auditors.why_no_act(
            Act.REQUEST_ISSUANCE, period.project, at.date(), period=period
        ),
    })


def _submit(
    request: HttpRequest, form: forms.ButtonForm, project: Project,
    period: MonitoringPeriod | None, more: dict[str, Any],
) -> HttpResponse:
    context = {
        "form": form, "project": project, "period": period,
        "live": queries.open_request(project, period),
    }
    return edges.page(request, "board/submit.html", context | more)
