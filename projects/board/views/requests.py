"""The pages of a request: the list, the case, one item of a check, and the DOE's two requests."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges, permissions
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Actor
from projects import access, components, lifecycle
from projects import queries as landing
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
from projects.board.queries import changes
from projects.doe import standing as auditors
from projects.doe.standing import Act
from projects.models import MonitoringPeriod, Project
from projects.participant import revised, voices
from projects.participant.communication.models import Statement
from projects.participant.forms.communication import ChangeOutcomeForm

PAYERS = permissions.roles((Row.INVOICE, Right.READ))
READS_CASE = (
    (Row.REQUEST, Right.READ), (Row.REVIEW_REQUEST, Right.APPROVE), (Row.REVIEW, Right.READ),
)
CASE = permissions.roles(*READS_CASE)


@may(*READS_CASE)
def desk_page(request: HttpRequest) -> HttpResponse:
    """What waits in stages 4 and 7, and every request that the actor may know of."""
    actor, at = actor_of(request), clock.now()
    found = queries.visible(actor)
    kind = request.GET.get("kind", "")
    if kind in Request.Kind.values:
        found = found.filter(kind=kind)
    return edges.page(request, "board/desk.html", {
        **edges.waiting(request, queries.queue(actor, at)),
        "page": edges.listed(request, found, ("-pk",), name="requests_after"),
        "kinds": sheets.kind_tabs(kind), "shows_money": actor.role in PAYERS,
        "keeps_calendar": actor.role in permissions.roles((Row.REQUEST, Right.CHECK)),
    })


@may(*READS_CASE)
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: its checks, window, papers, votes, and what the actor can do."""
    return _case(request, queries.by_reference(actor_of(request), reference))


@may((Row.INVOICE, Right.READ))
def money(request: HttpRequest) -> HttpResponse:
    """What is owed and what came in, as far as the actor may read it."""
    actor = actor_of(request)
    found = queries.invoices(actor)
    shown = edges.listed(request, found, ("urgency", "-pk"))
    return render(request, "board/money.html", {
        "page": shown, "lines": [bills.line(each) for each in shown],
        "shows_requests": actor.role in CASE,
    })


@may((Row.INVOICE, Right.READ))
def invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """An invoice as PDF."""
    found = queries.invoice_by_request(reference, actor_of(request))
    response = HttpResponse(bills.paper(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _case(request: HttpRequest, found: Request, bound: moves.Bound | None = None) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    own = queries.own_part(found, actor, at)
    context = sheets.page(found, actor, at, own)
    context["offers"] = moves.offers(found, actor, at, own, bound)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    return render(request, "board/request.html", context, status=status)


@may(*READS_CASE, post=moves.CELLS)
@require_POST
def act(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Do one of the acts upon a request; a refusal stands beside its form."""
    actor = actor_of(request)
    found = queries.by_reference(actor, reference)
    move = moves.MOVES.get(slug)
    if move is None or found.kind not in move.kinds:
        raise Http404
    if actor.role not in move.roles:
        raise Forbidden(f"{actor.role.label}: this act is not for your role.")
    at = clock.now()
    form = move.form(request.POST, request.FILES, about=found, at=at, prefix=slug)
    if form.is_valid():
        values = {"actor": actor, "at": at, "request_id": found.pk, **form.cleaned_data}
        if edges.attempt(form, move.action, **values) is not None:
            messages.success(request, _(move.done))
            return redirect("board:request", reference=reference)
    return _case(request, queries.by_reference(actor, reference), moves.Bound(move, form))


@may((Row.REQUEST, Right.CHECK))
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
    at = clock.now()
    context = sheets.page(found, actor, at, queries.own_part(found, actor, at))
    context |= {"form": form, "item": item, "evidence": inspection.evidence(found, code)}
    return edges.page(request, "board/check.html", context)


@may((Row.REQUEST, Right.CREATE))
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


@may((Row.REQUEST, Right.CREATE))
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


@may((Row.REQUEST, Right.CREATE))
def request_revision(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The DOE that validated it requests a renewal or a post-registration change."""
    actor, at = actor_of(request), clock.now()
    revision = landing.revision(landing.by_name(reference), number)
    if revision.doe_id is None or revision.doe_id != actor.organisation_id:
        raise Http404
    form = forms.ButtonForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        made = edges.attempt(
            form, actions.request_revision, actor=actor, at=at, revision_id=revision.pk
        )
        if made is not None:
            messages.success(request, _("It is requested."))
            return redirect("board:request", reference=made.reference)
    return edges.page(request, "board/submit_revision.html", {
        "form": form, "project": revision.project, "revision": revision,
        "facts": revised.facts(revision), "live": queries.open_revision_request(revision),
        "why": queries.why_no_revision_request(revision, actor, at),
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


@may((Row.FOCAL_POINTS, Right.EXECUTE))
def communication(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A change of participants or focal points: what it changes, who signed, process or return."""
    actor, found = actor_of(request), changes.change(reference, number)
    form = ChangeOutcomeForm(request.POST or None)
    if form.is_valid() and edges.attempt(form, _settle_change, actor, found.pk, form) is not None:
        messages.success(request, _("Done. The public page of the project shows it."))
        return redirect("board:communication", reference, number)
    found.refresh_from_db()
    signed = found.state == Statement.State.SIGNED
    context = {
        "project": found.project, "statement": found, "card": voices.card(found), "form": form,
        "before": voices.card(found.base) if found.base and signed else None,
    }
    return edges.page(request, "board/communication.html", context)


def _settle_change(actor: Actor, pk: int, form: ChangeOutcomeForm) -> Statement:
    given: dict[str, Any] = {"actor": actor, "at": clock.now(), "statement_id": pk}
    if form.cleaned_data["outcome"] == "process":
        return actions.process_change(**given)
    return actions.return_change(**given, answer=form.cleaned_data["answer"])
