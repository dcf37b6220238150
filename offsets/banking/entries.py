"""One entry of an account statement, and what every statement is asked. Pure.

A file is taken as a whole or not at all: one sentence says what is wrong, and nothing is booked.
What left the account, and what the bank reversed, is no fault: it is passed over, and said so.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cdm_portal.uploads.errors import Unacceptable
from offsets.banking import references

AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,5})?")
LONGEST = {"reference": 140, "text": 600, "debtor_name": 140, "debtor_iban": 34,
           "bank_reference": 80}


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came in, in US dollars. `place` names it in messages: "Entry 3", "Row 4". With
    `passed_over` it is a debit or a reversal, which a person settles by hand; above zero too.
    """

    place: str
    account: str
    booked_on: date
    amount: Decimal
    currency: str
    reference: str
    text: str
    debtor_name: str
    debtor_iban: str
    bank_reference: str
    passed_over: bool = False

    @property
    def key(self) -> str:
        """What makes it the same credit wherever it stands: the bank's own reference, or, where the
        bank gives none, the SHA-256 of all that it says.
        """
        if self.bank_reference:
            return f"ref:{self.bank_reference}"
        return self.whole

    @property
    def whole(self) -> str:
        """The SHA-256 of all that it says, the bank's reference too where there is one."""
        facts = [self.booked_on, self.amount, self.currency, self.reference, self.text,
                 self.debtor_name, self.debtor_iban]
        if self.bank_reference:
            facts.append(self.bank_reference)
        told = "\n".join(str(fact) for fact in facts)
        return f"sha:{hashlib.sha256(told.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a statement has to be: of this account (IBAN), in this currency, until this day, with at
    most so many credits.
    """

    account: str
    currency: str
    today: date
    most: int


def amount(place: str, text: str) -> Decimal:
    """An amount above zero with at most two decimals. Raises Unacceptable."""
    if not AMOUNT.fullmatch(text):
        raise Unacceptable(f"{place}: the amount is no number like 81.60.")
    found = Decimal(text)
    if found <= 0:
        raise Unacceptable(f"{place}: {text} is not above zero. Only money that came in counts.")
    if found != found.quantize(Decimal("0.01")):
        raise Unacceptable(f"{place}: {text} has more than two decimals.")
    return found.quantize(Decimal("0.01"))


def day(place: str, text: str) -> date:
    """A calendar day, yyyy-mm-dd. Raises Unacceptable."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unacceptable(f"{place}: the booking date is no day like 2026-11-29.") from None


def asked(found: Sequence[Credit], wanted: Wanted) -> list[Credit]:
    """The entries, if they are all of our account and currency, of the past, and each credit once.

    Raises Unacceptable.
    """
    if not found:
        raise Unacceptable("The statement has no entries.")
    if len(found) > wanted.most:
        raise Unacceptable(f"It has more than {wanted.most} entries. Import it in parts.")
    seen: dict[str, str] = {}
    for each in found:
        _ask(each, wanted)
        if each.passed_over:
            continue  # a reversal may have the reference of its credit
        if each.key in seen:
            raise Unacceptable(f"{each.place} repeats {seen[each.key].lower()}.")
        seen[each.key] = each.place
    return list(found)


def _ask(each: Credit, wanted: Wanted) -> None:
    if references.plain(each.account) != wanted.account:
        raise Unacceptable(
            f"{each.place} is of account {each.account[:34] or '(none)'}; "
            f"the portal's account is {wanted.account}."
        )
    if each.currency != wanted.currency:
        raise Unacceptable(
            f"{each.place} is in {each.currency[:8] or 'no currency'}; "
            f"the account is kept in {wanted.currency}."
        )
    if each.booked_on > wanted.today:
        raise Unacceptable(f"{each.place} is booked on {each.booked_on}, which is to come.")
    for field, most in LONGEST.items():
        if len(getattr(each, field)) > most:
            raise Unacceptable(f"{each.place}: a text has more than {most} characters.")
        if "\0" in getattr(each, field):
            raise Unacceptable(f"{each.place} holds binary data.")
