"""Invoices paid by transfer: statements come in, one person matches, another one confirms."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cdm_portal import formats, parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.uploads import names
from cdm_portal.uploads.errors import Unacceptable
from cdm_portal.values import Actor, Money
from offsets import locks, treasury
from offsets import record as books
from offsets.actions.paying import settle_transfer
from offsets.banking import payers, queries, references, statements
from offsets.banking.entries import Credit, Wanted
from offsets.errors import AlreadyDecided, AlreadyMatched, ProviderOff, SamePerson
from offsets.models import (
    BankEntry,
    BankMatch,
    BankPayer,
    BankStatement,
    Order,
    PaymentAttempt,
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found: credits that were new, how many of them name an invoice, and the places
    of debits and reversals, which were passed over.
    """

    statement: BankStatement
    fresh: int
    matched: int
    passed: tuple[str, ...]


def import_statement(*, actor: Actor, at: datetime, name: str, data: bytes) -> Imported:
    """Keep every credit of a statement that is not kept yet; no money is booked.

    A credit with a valid reference is proposed for its invoice in the name of who imports it.
    Debits and reversals are passed over: they move no money here until a person books it. The same
    file again finds nothing new. Raises Forbidden, ProviderOff, Unacceptable (nothing is kept
    of a file with any fault).
    """
    person = treasury.keeper(actor)
    names.check(name)
    kind, found = statements.read(
        name, data, _wanted(at), most_mb=parameters.number("bank_statement_max_mb", at.date())
    )
    told = [each for each in found if not each.passed_over]
    passed = tuple(each.place for each in found if each.passed_over)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        locks.bank_account(queries.account())
        earlier = queries.statement(digest)
        if earlier is not None:
            return Imported(earlier, 0, 0, passed)
        fresh = _fresh(told)
        kept = BankStatement.objects.create(
            sha256=digest, name=name[:200], kind=kind, account=queries.account(),
            entries=len(told), imported_by_id=person, imported_name=actor.name, imported_at=at,
        )
        entries = BankEntry.objects.bulk_create(
            [_entry(kept, key, each) for key, each in fresh.items()]
        )
        came = list(zip(entries, fresh.values(), strict=True))
        years = parameters.number("money_records_years", at.date())
        BankPayer.objects.bulk_create([_payer(*each, years) for each in came])
        matched = _propose_named(came, actor, at)
        record("offsets.import_statement", actor=actor, subject=kept, at=at,
               facts={"entries": len(told), "new": len(fresh), "matched": matched,
                      "passed": len(passed)})
    return Imported(kept, len(fresh), matched, passed)


def propose_match(*, actor: Actor, at: datetime, entry_id: int, reference: str) -> BankMatch:
    """Say which invoice a credit pays: by its reference, or by the code of the order.

    Raises Forbidden, NotFound, AlreadyMatched, Invalid.
    """
    treasury.keeper(actor)
    with transaction.atomic():
        entry = locks.bank_entry(entry_id)
        if queries.live_match(entry) is not None:
            raise AlreadyMatched("This credit has a match already.", field="reference")
        attempt = queries.invoice_for(reference)
        if attempt is None:
            raise Invalid.of("reference", "No invoice has this reference or order code.")
        match = _match(entry, attempt, actor, at)
        match.save()
        record("offsets.propose_match", actor=actor, subject=match, at=at,
               facts={"entry": entry.pk, "amount_usd": str(entry.amount)})
    return match


def confirm_match(*, actor: Actor, at: datetime, match_id: int) -> BankMatch:
    """Another person finds that the credit is this order's: only now money is booked.

    Parts add up; the order is paid when they reach its total. What is over it, and what comes for
    an order that is settled or whose units are gone, is due back. Raises Forbidden, NotFound,
    SamePerson, AlreadyDecided.
    """
    person = treasury.keeper(actor)
    with transaction.atomic():
        match = _waiting(match_id)
        if match.proposed_by_id == person:
            raise SamePerson("You proposed this match; another person confirms it.")
        attempt = locks.attempt(match.attempt.uuid)
        order = locks.order(attempt.order_id)
        match.confirm()
        _decide(match, actor, at)
        record("offsets.confirm_match", actor=actor, subject=match, at=at,
               facts={"entry": match.entry_id, "amount_usd": str(match.entry.amount)})
        _book(match, order, attempt, at)
    return match


def refuse_match(*, actor: Actor, at: datetime, match_id: int, reason: str) -> BankMatch:
    """Set a match aside with a reason; one may take back one's own. The credit waits for another.

    Raises Forbidden, NotFound, AlreadyDecided, Invalid.
    """
    treasury.keeper(actor)
    said = treasury.why(reason)
    with transaction.atomic():
        match = _waiting(match_id)
        match.refuse()
        match.reason = said
        _decide(match, actor, at)
        record("offsets.refuse_match", actor=actor, subject=match, at=at,
               facts={"entry": match.entry_id})
    return match


def _wanted(at: datetime) -> Wanted:
    if not queries.account():
        raise ProviderOff("No bank account is configured here.")
    most = parameters.number("bank_statement_entries", at.date())
    return Wanted(queries.account(), "USD", at.date(), most)


def _fresh(told: list[Credit]) -> dict[str, Credit]:
    """The credits that are not kept yet, by the key under which they will be."""
    keyed = _keyed(told)
    kept = queries.known(keyed)
    return {key: each for key, each in keyed.items() if key not in kept}


def _keyed(told: list[Credit]) -> dict[str, Credit]:
    """Each credit by its key. Raises Unacceptable for a reference kept with another amount.

    One whose match was set aside keeps the true credit out no longer: that one goes by all it says.
    """
    kept, keyed = queries.known(each.key for each in told), {}
    for each in told:
        before = kept.get(each.key)
        altered = before is not None and before.amount != each.amount
        if altered and (counts := queries.counts_otherwise(each)) is not None:
            raise Unacceptable(
                f"{each.place} has the bank's reference of an entry that is kept with another "
                f"amount, {formats.usd(counts.amount)}. If the account does not have that one, set "
                "its match aside first."
            )
        keyed[each.whole if altered else each.key] = each
    return keyed


def _entry(statement: BankStatement, key: str, credit: Credit) -> BankEntry:
    return BankEntry(
        statement=statement, key=key, booked_on=credit.booked_on, amount=credit.amount,
        currency=credit.currency, reference=references.told(credit.reference),
        bank_reference=credit.bank_reference,
    )


def _payer(entry: BankEntry, credit: Credit, years: int) -> BankPayer:
    other = "" if entry.reference else credit.reference
    return BankPayer(
        entry=entry, name=credit.debtor_name, iban=references.plain(credit.debtor_iban),
        text=" ".join(each for each in (other, credit.text) if each),
        keep_until=payers.keep_until(credit.booked_on, years),
    )


def _propose_named(came: list[tuple[BankEntry, Credit]], actor: Actor, at: datetime) -> int:
    """Propose each credit whose reference, or else whose text, names one invoice of ours."""
    named = {
        entry: references.order_of(credit.reference) or references.order_of(credit.text)
        for entry, credit in came
    }
    invoices = queries.invoices_of(pk for pk in named.values() if pk is not None)
    found = [
        _match(each, invoices[pk], actor, at, automatic=True)
        for each, pk in named.items() if pk in invoices
    ]
    return len(BankMatch.objects.bulk_create(found))


def _match(
    entry: BankEntry, attempt: PaymentAttempt, actor: Actor, at: datetime, *,
    automatic: bool = False,
) -> BankMatch:
    return BankMatch(
        entry=entry, attempt=attempt, automatic=automatic, proposed_by_id=actor.person,
        proposed_name=actor.name, proposed_at=at,
    )


def _waiting(match_id: int) -> BankMatch:
    match = locks.match(match_id)
    if match.state != BankMatch.State.PROPOSED:
        raise AlreadyDecided(f"This match is decided: {match.get_state_display().lower()}.")
    return match


def _decide(match: BankMatch, actor: Actor, at: datetime) -> None:
    match.decided_by_id, match.decided_name, match.decided_at = actor.person, actor.name, at
    match.save(update_fields=["state", "decided_by", "decided_name", "decided_at", "reason"])


def _book(match: BankMatch, order: Order, attempt: PaymentAttempt, at: datetime) -> None:
    """Book a confirmed credit: so much of it as the invoice still misses counts for the order."""
    came = match.entry.money
    books.received(order, attempt, came, at, match)
    open_now = attempt.state in {PaymentAttempt.State.PENDING, PaymentAttempt.State.FAILED}
    counts = min(came, attempt.money - attempt.parts) if open_now else came * 0
    if counts.amount:
        attempt.received = (attempt.parts + counts).amount
        attempt.received_currency = attempt.currency
        attempt.save(update_fields=["received", "received_currency"])
        settle_transfer(at=at, reference=attempt.uuid)
    if came > counts:
        _owe_surplus(order, attempt, came - counts, at)


def _owe_surplus(order: Order, attempt: PaymentAttempt, over: Money, at: datetime) -> None:
    books.owed_back(order, attempt, over, at)
    order.refresh_from_db(fields=["state", "note"])
    order.note = f"{formats.money(over)} came in besides what was due; it goes back to you."
    order.save(update_fields=["note"])
