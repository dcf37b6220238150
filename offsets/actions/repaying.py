"""Money that came by transfer goes back: one person sends it, another one confirms."""

from datetime import datetime

from django.db import IntegrityError, transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from offsets import locks, treasury
from offsets import record as books
from offsets.banking import references
from offsets.errors import AlreadyDecided, SamePerson
from offsets.models import Order, PaymentAttempt, Refund

LONGEST = {"payee_name": 140, "bank_reference": 80}


def propose_refund(
    *, actor: Actor, at: datetime, refund_id: int, payee_name: str, payee_iban: str,
    bank_reference: str,
) -> Refund:
    """Say to which account a refund was sent, and under which reference of the bank.

    Raises Forbidden, NotFound, AlreadyDecided, Invalid.
    """
    treasury.keeper(actor)
    given = _asked(payee_name, payee_iban, bank_reference)
    with transaction.atomic():
        refund = locks.refund(refund_id)
        if refund.state != Refund.State.DUE:
            raise AlreadyDecided("This refund was sent, or waits for a second person, already.")
        refund.propose()
        refund.payee_name, refund.payee_iban, refund.bank_reference = given
        refund.proposed_by_id, refund.proposed_name = actor.person_id, actor.name
        refund.proposed_at = at
        _once(refund)
        record("offsets.propose_refund", actor=actor, subject=refund, at=at,
               facts={"amount_usd": str(refund.amount)})
    return refund


def take_back_refund(*, actor: Actor, at: datetime, refund_id: int) -> Refund:
    """It was not sent like that: it is due as before. Raises Forbidden, NotFound, AlreadyDecided.
    """
    treasury.keeper(actor)
    with transaction.atomic():
        refund = _waiting(refund_id)
        refund.take_back()
        refund.payee_name = refund.payee_iban = refund.bank_reference = ""
        refund.proposed_by, refund.proposed_name, refund.proposed_at = None, "", None
        _save(refund)
        record("offsets.take_back_refund", actor=actor, subject=refund, at=at)
    return refund


def confirm_refund(*, actor: Actor, at: datetime, refund_id: int) -> Refund:
    """Another person finds it on the account: it is booked as given back.

    Raises Forbidden, NotFound, SamePerson, AlreadyDecided.
    """
    treasury.keeper(actor)
    with transaction.atomic():
        refund = _waiting(refund_id)
        if refund.proposed_by_id == actor.person_id:
            raise SamePerson("You sent this refund; another person confirms it.")
        attempt = locks.attempt(refund.attempt.uuid)
        order = locks.order(attempt.order_id)
        refund.pay()
        refund.confirmed_by_id, refund.confirmed_name = actor.person_id, actor.name
        refund.confirmed_at = at
        refund.save(update_fields=["state", "confirmed_by", "confirmed_name", "confirmed_at"])
        books.given_back(order, attempt, refund.money, at)
        _end(refund, attempt, order)
        record("offsets.confirm_refund", actor=actor, subject=refund, at=at,
               facts={"amount_usd": str(refund.amount)})
    return refund


def _end(refund: Refund, attempt: PaymentAttempt, order: Order) -> None:
    """The last refund of an attempt that is due back settles it, and an order that waits for it."""
    if attempt.state != PaymentAttempt.State.REFUND_DUE:
        return
    if attempt.refunds.exclude(state=Refund.State.PAID).exists():
        return
    attempt.state, attempt.refund_reference = PaymentAttempt.State.REFUNDED, refund.bank_reference
    attempt.save(update_fields=["state", "refund_reference"])
    if order.state == Order.State.REFUND_DUE:
        order.refund()
        order.save(update_fields=["state"])


def _waiting(refund_id: int) -> Refund:
    refund = locks.refund(refund_id)
    if refund.state != Refund.State.PROPOSED:
        raise AlreadyDecided(f"No second person is waited for: {refund.get_state_display()}.")
    return refund


def _asked(name: str, iban: str, reference: str) -> tuple[str, str, str]:
    given = {"payee_name": " ".join(name.split()), "bank_reference": " ".join(reference.split())}
    account = references.plain(iban)
    errors = {
        field: [f"Enter it, in at most {LONGEST[field]} characters."]
        for field, text in given.items() if not 0 < len(text) <= LONGEST[field]
    }
    if not references.is_iban(account):
        errors["payee_iban"] = ["Enter an IBAN; its check digits do not fit."]
    if errors:
        raise Invalid(errors)
    return given["payee_name"], account, given["bank_reference"]


def _once(refund: Refund) -> None:
    try:
        with transaction.atomic():
            _save(refund)
    except IntegrityError:
        raise Invalid.of(
            "bank_reference", "Another refund was sent under this reference."
        ) from None


def _save(refund: Refund) -> None:
    refund.save(update_fields=[
        "state", "payee_name", "payee_iban", "bank_reference", "proposed_by", "proposed_name",
        "proposed_at",
    ])
