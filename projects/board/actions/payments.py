"""Payments: one person of the secretariat records what the bank statement says, another confirms
it, and only then it counts. What was owed is received: checks begin, or units may be issued.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from cdm_portal import deadlines, formats
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor
from projects import access, lifecycle
from projects.board import collection, locks, queries, standing
from projects.board.actions import requests
from projects.board.errors import (
    AlreadyRecorded,
    NotAwaited,
    ReferenceUsed,
    SamePerson,
    WrongAmount,
    WrongCurrency,
)
from projects.board.models import Invoice, Payment, Request
from projects.board.procedure import State
from projects.board.record import record
from projects.lifecycle import NotNow

PROOF_LENGTH = 200


def record_payment(
    *, actor: Actor, at: datetime, request_id: int, amount: Decimal, currency: str,
    payment_reference: str, received_on: date,
) -> Payment:
    """The secretariat records money found on the bank statement for a request's invoice. It counts
    once another person has confirmed it; a deferred fee may come early.

    Raises NotFound, Forbidden, NotAwaited, AlreadyRecorded, WrongCurrency, WrongAmount,
    ReferenceUsed, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id = _secretary(actor)
        invoice = _awaited(request)
        reference = standing.words("payment_reference", payment_reference)
        if queries.payment_waiting(invoice) is not None:
            raise AlreadyRecorded("A payment of this invoice waits for a second person already.")
        _in_dollars(currency)
        _fits(invoice, amount, at)
        if received_on > at.date():
            raise Invalid.of("received_on", "This day is yet to come.")
        payment = _once(Payment(
            invoice=invoice, amount_usd=amount, reference=reference, received_on=received_on,
            recorded_by_id=person_id, recorded_name=actor.name, recorded_at=at,
        ))
        record("board.record_payment", request, actor, at, amount_usd=str(amount))
    return payment


def confirm_payment(
    *, actor: Actor, at: datetime, request_id: int, payment_id: int
) -> Payment:
    """Another person of the secretariat confirms the payment that waits, and no other than the one
    that they saw: it counts from now on. With the whole fee the checks of a registration begin.

    Raises NotFound, Forbidden, NotAwaited, SamePerson.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id = _secretary(actor)
        invoice = _awaited(request)
        payment = _waiting(invoice)
        if payment.pk != payment_id:
            raise NotAwaited("Another payment waits by now: look at it first.")
        if payment.recorded_by_id == person_id:
            raise SamePerson("You recorded this payment; another person confirms it.")
        lifecycle.ask(payment, "confirm", actor)
        payment.confirm()
        _decided(payment, actor, at)
        _receive(invoice, payment, actor, at)
        if request.is_registration and request.state == State.FEE_DUE:
            requests.begin_with_fee(actor=actor, at=at, request=request, invoice=invoice)
        record(
            "board.confirm_payment", request, actor, at, amount_usd=str(payment.amount_usd),
            received_usd=str(invoice.received_usd), invoice=invoice.state,
        )
    return payment


def set_payment_aside(*, actor: Actor, at: datetime, request_id: int, reason: str) -> Payment:
    """The payment that waits is not on the statement, or was recorded wrongly: it does not count,
    and its reference may be recorded anew. Whoever recorded it may do this too.

    Raises NotFound, Forbidden, NotAwaited, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        _secretary(actor)
        payment = _waiting(_awaited(request))
        lifecycle.ask(payment, "set_aside", actor)
        payment.reason = standing.words("reason", reason)
        payment.set_aside()
        _decided(payment, actor, at)
        record("board.set_payment_aside", request, actor, at, amount_usd=str(payment.amount_usd))
    return payment


def prove_payment(*, actor: Actor, at: datetime, request_id: int, proof: str) -> Invoice:
    """The participant proves that the registration fee was paid, by the reference of the transfer:
    the request then waits for the money. Proof does not count as payment.

    Raises NotFound, Forbidden, NotAwaited where no proof is asked for, AlreadyRecorded, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        if not access.owns(actor, request.project):
            raise Forbidden("The project's participant does this.")
        said = standing.words("proof", proof)
        invoice = _awaited(request)
        due = invoice.proof_due_at
        if request.state != State.FEE_DUE or due is None:
            raise NotAwaited("No proof of payment is asked for.")
        if invoice.proof_at is not None:
            raise AlreadyRecorded("Proof was given already.")
        if at >= due:
            raise NotAwaited(f"Proof was possible until {formats.day(deadlines.last_day(due))}.")
        if len(said) > PROOF_LENGTH:
            raise Invalid.of("proof", f"At most {PROOF_LENGTH} characters; these are {len(said)}.")
        invoice.proof, invoice.proof_at = said, at
        invoice.save(update_fields=["proof", "proof_at"])
        record("board.prove_payment", request, actor, at, invoice=invoice.number)
    return invoice


def return_unpaid(*, actor: Actor, at: datetime, request_id: int) -> Request:
    """Return a request whose fee came neither in time nor with proof to the DOE, as incomplete; the
    reason is public, and the DOE may submit it again. The domain says until when the fee comes, not
    what follows: this is the portal's own.

    Raises NotFound, Forbidden, NotNow before the last day is over.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "return_unpaid", actor)
        invoice = locks.invoice(request)
        if invoice is None or not invoice.is_overdue(at):
            raise NotNow("The time for the fee is not over.")
        assert invoice.money_due_at is not None  # else it is not overdue
        day = formats.day(deadlines.last_day(invoice.money_due_at))
        request.incomplete_reasons = (
            f"Registration fee: neither the money nor proof of its payment came in time; the last "
            f"day was {day}."
        )
        request.return_unpaid()
        request.save()
        record("board.return_unpaid", request, actor, at, reasons=request.incomplete_reasons)
    return request


def _secretary(actor: Actor) -> int:
    standing.secretariat_only(actor)
    if actor.person_id is None:
        raise Forbidden("A person does this.")
    return actor.person_id


def _awaited(request: Request) -> Invoice:
    invoice = locks.invoice(request)
    if invoice is None or not queries.is_awaited(request, invoice):
        raise NotAwaited("No money is awaited for this request.")
    return invoice


def _waiting(invoice: Invoice) -> Payment:
    payment = queries.payment_waiting(invoice)
    if payment is None:
        raise NotAwaited("No payment of this invoice waits for a second person.")
    return payment


def _in_dollars(currency: str) -> None:
    if currency != collection.CURRENCY:
        raise WrongCurrency.of(
            "currency", f"The invoice is in {collection.CURRENCY}; money in another currency goes "
            "back or is exchanged by the bank first."
        )


def _fits(invoice: Invoice, amount: Decimal, at: datetime) -> None:
    left = invoice.amount_usd - invoice.received_usd
    least = collection.least_payment(invoice, at.date())
    if least <= amount <= left:
        return
    words = f"{formats.usd(left)} is owed, to the cent"
    if least < left:
        words = f"An instalment is between {formats.usd(least)} and {formats.usd(left)}"
    raise WrongAmount.of("amount", f"{words}.")


def _once(payment: Payment) -> Payment:
    """Keep a payment whose reference nobody recorded before, nor does at this moment."""
    used = queries.reference_used(payment.reference)
    try:
        with transaction.atomic():
            if not used:
                payment.save()
    except IntegrityError:  # recorded for another request since the look
        used = True
    if used:
        raise ReferenceUsed.of(
            "payment_reference", "This payment is recorded already; a payment counts once."
        )
    return payment


def _decided(payment: Payment, actor: Actor, at: datetime) -> None:
    payment.decided_by_id, payment.decided_name = actor.person_id, actor.name
    payment.decided_at = at
    payment.save(
        update_fields=["state", "decided_by", "decided_name", "decided_at", "reason"]
    )


def _receive(invoice: Invoice, payment: Payment, actor: Actor, at: datetime) -> None:
    invoice.received_usd += payment.amount_usd
    if invoice.received_usd == invoice.amount_usd:
        lifecycle.ask(invoice, "settle", actor)
        invoice.settle()
        invoice.paid_at, invoice.payment_reference = at, payment.reference
    else:
        lifecycle.ask(invoice, "receive_part", actor)
        invoice.receive_part()
    invoice.save(update_fields=["state", "received_usd", "paid_at", "payment_reference"])
