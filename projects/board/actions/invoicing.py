"""Invoices made with a request or an instruction, inside the caller's transaction."""

from datetime import UTC, datetime, time
from decimal import Decimal

from cdm_portal import deadlines, parameters
from cdm_portal.values import SYSTEM
from projects import components, lifecycle
from projects.board import fees, locks, queries
from projects.board.models import Invoice, Request


def for_registration(*, request: Request, at: datetime) -> Invoice:
    """The registration fee: due, deferred for a host with few projects, or not due at all."""
    project, rates = request.project, fees.Rates.on(at.date())
    tonnes = components.fee_tonnes(project)
    fee = fees.registration_fee(
        tonnes, host_is_ldc=queries.is_ldc(project.party_code), rates=rates
    )
    state = Invoice.State.DUE
    if fee.payable == 0:
        state = Invoice.State.WAIVED
    elif fees.is_deferred(queries.registered_in(project.party_code), rates):
        state = Invoice.State.DEFERRED
    request.fee_usd = fee.payable
    return Invoice.objects.create(
        request=request, amount_usd=fee.payable, before_cap_usd=fee.before_cap, rule=fee.rule.value,
        state=state, quantity=tonnes, made_at=at,
    )


def for_issuance(*, request: Request, at: datetime, quantity: int) -> Invoice:
    """The share of proceeds for administration of an instructed issuance, by the CERs that the
    project requested in the calendar year of the request; what is left of the registration fee is
    deducted in the first year in which issuance is requested (domain, 2.4 and 2.6; unverified).
    """
    project, year = request.project, request.submitted_at.year
    earlier = queries.requested_in_year(request)
    share = fees.administration_share(
        quantity, earlier=earlier, advance=_advance(request),
        host_is_ldc=queries.is_ldc(project.party_code), rates=fees.ShareRates.on(at.date()),
    )
    return Invoice.objects.create(
        request=request, amount_usd=share.payable, before_cap_usd=share.full,
        advance_usd=share.advanced, rule=share.rule.value, quantity=quantity,
        earlier_quantity=earlier, year=year, made_at=at,
        state=Invoice.State.DUE if share.payable else Invoice.State.WAIVED,
    )


def set_last_days(*, invoice: Invoice, at: datetime) -> None:
    """Until when a fee comes, where the version of the methodology has an end: proof of its
    payment `fee_proof_days`, or the money `fee_money_days` after that day (domain, 2.4;
    unverified). Counted from the submission where that is later, which is this portal's own.
    """
    ends = queries.methodology_ends(invoice.request.project)
    if ends is None:
        return
    opened = max(at, datetime.combine(ends, time.min, tzinfo=UTC))
    days = parameters.together(("fee_proof_days", "fee_money_days"), at.date())
    due = {name: deadlines.due_at(opened, parameters.as_number(row)) for name, row in days.items()}
    invoice.proof_due_at, invoice.money_due_at = due["fee_proof_days"], due["fee_money_days"]
    invoice.save(update_fields=["proof_due_at", "money_due_at"])


def fall_due(*, request: Request) -> None:
    """The project's first issuance has taken place: a deferred registration fee is due now."""
    for invoice in locks.invoices(request.project):
        if invoice.state == Invoice.State.DEFERRED:
            lifecycle.ask(invoice, "fall_due", SYSTEM)
            invoice.fall_due()
            invoice.save(update_fields=["state"])


def _advance(request: Request) -> Decimal:
    """What is left of the fee that was received, USD; nothing after the first year."""
    if not queries.is_first_year_of_issuance(request):
        return fees.NOTHING
    return queries.fee_received(request.project) - queries.fee_deducted(request.project)
