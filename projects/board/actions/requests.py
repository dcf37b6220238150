"""The DOE's requests for registration and issuance, submitting again, withdrawing."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor
from projects import lifecycle
from projects import locks as landing
from projects.board import locks, standing
from projects.board.actions import invoicing, opening, outcomes, revisions
from projects.board.errors import AlreadyRequested
from projects.board.models import Invoice, Request
from projects.board.procedure import VOID, State
from projects.board.record import end, record
from projects.doe import standing as auditors
from projects.doe.standing import Act
from projects.lifecycle import NotNow, Stage


def request_registration(*, actor: Actor, at: datetime, project_id: int) -> Request:
    """The validating DOE requests registration; the fee is computed and, unless none is due or the
    host has few projects, awaited before the checks begin (domain, 2.4).

    Raises NotFound for another DOE, NotNow without opinion or letter, NotInStanding without an
    accreditation that allows it, AlreadyRequested.
    """
    with transaction.atomic():
        project = landing.project(project_id)
        if not lifecycle.validating_doe(project, actor):
            raise NotFound("There is no such project.")
        auditors.require_standing(Act.REQUEST_REGISTRATION, project, at.date())
        _no_live(project.requests.filter(kind=Request.Kind.REGISTRATION))
        if project.stage != Stage.REGISTRATION:  # else: again, after a request was withdrawn
            lifecycle.ask(project, "request_registration", actor)
            project.request_registration()
        project.registration_requested_at = at
        project.save(update_fields=["stage", "registration_requested_at"])
        request = opening.open_request(Request.Kind.REGISTRATION, project, actor, at)
        invoice = invoicing.for_registration(request=request, at=at)
        if invoice.state == Invoice.State.DUE:
            invoicing.set_last_days(invoice=invoice, at=at)
            request.ask_fee()
        else:
            request.begin_checks()
            opening.received(request, at)
        request.save()
        record(
            "board.request_registration", request, actor, at, fee_usd=str(invoice.amount_usd)
        )
    return request


def request_issuance(*, actor: Actor, at: datetime, period_id: int) -> Request:
    """The verifying DOE requests issuance of the amount that it certified (domain, 2.6).

    Raises NotFound for another DOE, NotNow before the certification, NotInStanding without an
    accreditation that allows it, AlreadyRequested.
    """
    with transaction.atomic():
        period = landing.period(period_id)
        if not lifecycle.verifying_doe(period, actor):
            raise NotFound("There is no such monitoring period.")
        auditors.require_standing(
            Act.REQUEST_ISSUANCE, period.project, at.date(), period=period
        )
        if period.project.stage != Stage.MONITORING:
            raise NotNow("The project is not registered any more: nothing more is issued for it.")
        if period.stage != Stage.ISSUANCE or not period.certified_tonnes:
            raise NotNow("Issuance is requested for an amount that is certified and above zero.")
        _no_live(period.requests.all())
        revisions.request_with(period=period, actor=actor, at=at)  # locks before the new number
        request = opening.open_request(
            Request.Kind.ISSUANCE, period.project, actor, at, period=period
        )
        opening.begin_without_fee(request, at)
        record(
            "board.request_issuance", request, actor, at, certified_tonnes=period.certified_tonnes
        )
    return request


def begin_with_fee(*, actor: Actor, at: datetime, request: Request, invoice: Invoice) -> None:
    """The fee is there: the request counts as received and the checks begin. Inside the caller's
    transaction. Raises NotNow, Forbidden.
    """
    if invoice.state != Invoice.State.PAID:
        return
    lifecycle.ask(request, "receive_fee", actor)
    request.receive_fee()
    opening.received(request, at)
    request.save()


def resubmit(*, actor: Actor, at: datetime, request_id: int, note: str) -> Request:
    """The DOE submits again: a new version after an incomplete request, whose checks begin afresh,
    or the corrections that a ruling asks for. A fee that is still due comes first. The note says
    what was put right, and is public.

    `submitted_at` stays the day of the request, by whose calendar year the share of proceeds counts
    (domain, 2.6: "for which issuance is requested in a given calendar year"); `complete_at` is when
    the complete one was submitted, on which a registration takes effect.

    Raises NotFound, NotNow, Forbidden, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        corrected = request.state == State.CORRECTIONS
        owed = locks.invoice_owed(request)
        way = "ask_fee" if owed else "begin_checks"
        lifecycle.ask(request, "submit_corrections" if corrected else way, actor)
        said = standing.words("note", note)
        request.version += 1
        request.resubmitted_at = at
        if corrected:
            request.submit_corrections()
        elif owed:
            invoicing.set_last_days(invoice=owed, at=at)
            request.ask_fee()
        else:
            request.begin_checks()
            opening.received(request, at)
        request.save()
        record(
            "board.resubmit", request, actor, at, version=request.version, note=said
        )
    return request


def withdraw_request(*, actor: Actor, at: datetime, request_id: int, reason: str) -> Request:
    """The DOE takes its request back; a new one may follow. One for issuance in any state until it
    is decided (domain, 3.5), one for registration not while the Board decides.

    Raises NotFound, Forbidden, NotNow, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        way = "withdraw_issuance" if request.is_issuance else "withdraw"
        lifecycle.ask(request, way, actor)
        request.end_reason = standing.words("reason", reason)
        getattr(request, way)()
        end(request, at)
        outcomes.release(actor=actor, at=at, request=request)
        record("board.withdraw_request", request, actor, at, reasons=request.end_reason)
    return request


def _no_live(requests: QuerySet[Request]) -> None:
    live = requests.exclude(state__in=VOID).first()
    if live is not None:
        raise AlreadyRequested(f"{live.reference} asks for this already.")
