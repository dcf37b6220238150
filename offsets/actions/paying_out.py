"""Money goes to those who sold: one person records the transfer, another one confirms it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from cdm_portal import formats
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from offsets import locks, payouts, treasury
from offsets import record as books
from offsets.errors import AlreadyDecided, SamePerson
from offsets.models import Payout, PayoutPart

LONGEST_REFERENCE = 80


def propose_payout(
    *, actor: Actor, at: datetime, seller_id: int, amounts: Mapping[int, Decimal],
    bank_reference: str, sent_on: date,
) -> Payout:
    """Record a transfer that was sent to a seller: by project, US dollars; nothing is booked yet.

    An amount is at most what is due for the project and waits in no other payout. Raises Forbidden,
    NotFound, Invalid (an amount's field is `amount_` and the project's number in the database).
    """
    person = treasury.keeper(actor)
    reference = " ".join(bank_reference.split())
    with transaction.atomic():
        locks.seller(seller_id)
        seller = payouts.seller(seller_id)
        errors = _faults_of_transfer(reference, sent_on, at) | _faults_of(amounts, seller_id)
        if errors:
            raise Invalid(errors)
        payout = _keep(Payout(
            seller=seller, amount=sum(amounts.values()), bank_reference=reference,
            sent_on=sent_on, proposed_by_id=person, proposed_name=actor.name, proposed_at=at,
        ))
        PayoutPart.objects.bulk_create(
            PayoutPart(payout=payout, project_id=pk, amount=amount)
            for pk, amount in sorted(amounts.items())
        )
        _record("offsets.propose_payout", actor, payout, at)
    return payout


def confirm_payout(*, actor: Actor, at: datetime, payout_id: int) -> Payout:
    """Another person finds the transfer on the account: each part is booked as sent.

    Raises Forbidden, NotFound, SamePerson, AlreadyDecided.
    """
    person = treasury.keeper(actor)
    with transaction.atomic():
        payout = _waiting(payout_id)
        if payout.proposed_by_id == person:
            raise SamePerson("You sent this payout; another person confirms it.")
        payout.pay()
        _decide(payout, actor, at)
        for part in payout.parts.order_by("pk"):
            books.paid_out(payout, part, at)
        _record("offsets.confirm_payout", actor, payout, at)
    return payout


def refuse_payout(*, actor: Actor, at: datetime, payout_id: int, reason: str) -> Payout:
    """It was not sent like that: set aside with a reason, one's own too. The money stays due.

    Raises Forbidden, NotFound, AlreadyDecided, Invalid.
    """
    treasury.keeper(actor)
    said = treasury.why(reason)
    with transaction.atomic():
        payout = _waiting(payout_id)
        payout.refuse()
        payout.reason = said
        _decide(payout, actor, at)
        _record("offsets.refuse_payout", actor, payout, at)
    return payout


def _faults_of_transfer(reference: str, sent_on: date, at: datetime) -> dict[str, list[str]]:
    errors = {}
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        errors["bank_reference"] = [f"Enter it, in at most {LONGEST_REFERENCE} characters."]
    if sent_on > at.date():
        errors["sent_on"] = ["This day has not come yet: record a transfer once it is sent."]
    return errors


def _faults_of(amounts: Mapping[int, Decimal], seller_id: int) -> dict[str, list[str]]:
    if not amounts:
        raise Invalid.of("", "Enter what was sent for at least one project.")
    left = {each.project_id: each.open for each in payouts.balances(seller_id)}
    errors = {}
    for pk, amount in amounts.items():
        most = left.get(pk, payouts.NOTHING)
        if not amount.is_finite() or amount <= 0 or amount != amount.quantize(payouts.CENT):
            errors[f"amount_{pk}"] = ["Enter an amount in US dollars like 50 or 49.90."]
        elif amount > most:
            errors[f"amount_{pk}"] = [f"At most {formats.usd(most)} can be sent for this project."]
    return errors


def _keep(payout: Payout) -> Payout:
    try:
        with transaction.atomic():
            payout.save()
    except IntegrityError:
        raise Invalid.of(
            "bank_reference", "Another payout was sent under this reference."
        ) from None
    return payout


def _waiting(payout_id: int) -> Payout:
    payout = locks.payout(payout_id)
    if payout.state != Payout.State.PROPOSED:
        raise AlreadyDecided(f"This payout is decided: {payout.get_state_display().lower()}.")
    return payout


def _decide(payout: Payout, actor: Actor, at: datetime) -> None:
    payout.decided_by_id, payout.decided_name, payout.decided_at = actor.person_id, actor.name, at
    payout.save(update_fields=["state", "decided_by", "decided_name", "decided_at", "reason"])


def _record(verb: str, actor: Actor, payout: Payout, at: datetime) -> None:
    record(
        verb, actor=actor, subject=payout, at=at,
        facts={"seller": payout.seller_id, "amount_usd": str(payout.amount),
               "bank_reference": payout.bank_reference},
    )
