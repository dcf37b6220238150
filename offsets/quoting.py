"""Quotes: what tonnes cost now, or how many a sum buys. They hold nothing and are kept nowhere: the
quote is a signed text, and its price stands only while the offer's price version does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from cdm_portal import formats, parameters
from cdm_portal.refusals import Invalid
from offsets import asked, ordered, pricing, queries
from offsets.errors import UnknownOffer
from offsets.keys import Holder
from offsets.models import Offer
from offsets.program_errors import QuoteEnded
from offsets.values import Item

SIGNER = signing.Signer(salt="offsets.quote")
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Quoted:
    """A line with its present price; `rest` cents of the sum asked for buy no whole tonne."""

    offer: Offer
    tonnes: int
    rest: int | None

    @property
    def told(self) -> dict[str, Any]:
        """The line in the words of the API."""
        total = pricing.line_total(self.offer.price, self.tonnes)
        return {
            "offer": f"off_{self.offer.pk}", "project": self.offer.project.name,
            "tonnes": str(self.tonnes), "price_cents": ordered.cents(self.offer.price),
            "price_version": self.offer.price_version,
            "total_cents": ordered.cents(total.amount), "rest_cents": self.rest,
        }


def quote(body: asked.Reading, holder: Holder, at: datetime) -> dict[str, Any]:
    """Price the lines of a body. Raises Invalid by field."""
    body.only({"lines"})
    lines = [_line(line, holder, at) for line in body.lines()]
    _ask_each_once(body, [line.offer.pk for line in lines if line])
    if body.errors:
        raise Invalid(body.errors)
    found = [line for line in lines if line]
    until = at + timedelta(minutes=parameters.number("quote_minutes", at.date()))
    bill = pricing.bill((line.offer.price, line.tonnes) for line in found)
    return {
        "quote": _signed(found, holder, until), "test": holder.test,
        "lines": [line.told for line in found],
        "tonnes": str(sum(line.tonnes for line in found)),
        "fees_cents": ordered.cents(bill.payment_fee.amount + bill.platform_fee.amount),
        "total_cents": ordered.cents(bill.total.amount), "currency": "USD",
        "expires_at": until, "holds_units": False,
    }


def read(text: str, holder: Holder, at: datetime) -> list[Item]:
    """The lines of a quote. Raises Invalid for what is none of the organisation's, QuoteEnded."""
    try:
        kept = SIGNER.unsign_object(text[:LONGEST])
    except signing.BadSignature as error:
        raise Invalid.of("quote", "This is no quote of the portal.") from error
    if kept["by"] != holder.principal:
        raise Invalid.of("quote", "This quote was given to another organisation or kind of key.")
    if datetime.fromisoformat(kept["until"]) <= at:
        raise QuoteEnded("The time of this quote is over. Ask for another.")
    return [
        Item(offer, tonnes, version, field=_tonnes(number))
        for number, (offer, tonnes, version) in enumerate(kept["lines"])
    ]


def items(body: asked.Reading) -> list[Item]:
    """The lines of an order without a quote, with the price versions that were seen."""
    found = []
    for number, line in enumerate(body.lines()):
        line.only({"offer", "tonnes", "price_version"})
        offer, tonnes = line.offer(), line.whole("tonnes", "how many tonnes", _most())
        version = line.whole("price_version", "which price version you saw", 2**31 - 1)
        if offer and tonnes and version:
            found.append(Item(offer, tonnes, version, field=_tonnes(number)))
    _ask_each_once(body, [line.offer_id for line in found])
    return found


def ask_offers(lines: Sequence[Item], holder: Holder) -> None:
    """A test key buys units under demonstration rules alone. Raises Invalid by field.

    Asked before anything is held; the database asks once more (migration 0016).
    """
    for number, line in enumerate(lines):
        offer = _offer(line.offer_id)
        if offer is None:
            raise Invalid.of(f"lines.{number}.offer", UNKNOWN)
        if holder.test and not offer.project.is_demonstration:
            raise Invalid.of(f"lines.{number}.offer", LIVE_UNITS)


UNKNOWN = "There is no such offer."
LIVE_UNITS = "A test key buys only from test offers, which are under demonstration rules."


def _tonnes(number: int) -> str:
    """Where a refusal of a line stands in the body."""
    return f"lines.{number}.tonnes"


def _most() -> int:
    return int(parameters.constant("order_max_tonnes"))


def _offer(pk: int) -> Offer | None:
    try:
        return queries.offer(pk)
    except UnknownOffer:
        return None


def _line(line: asked.Reading, holder: Holder, at: datetime) -> Quoted | None:
    line.only({"offer", "tonnes", "total_cents"})
    pk = line.offer()
    by_sum = "total_cents" in line.given
    if by_sum and "tonnes" in line.given:
        line.wrong("total_cents", "Say tonnes or total_cents, not both.")
    amount = (
        line.whole("total_cents", "how many US cents to spend") if by_sum
        else line.whole("tonnes", "how many tonnes", _most())
    )
    if pk is None or amount is None:
        return None
    try:
        offer = queries.offer_with_tonnes(pk, at)
    except UnknownOffer:
        line.wrong("offer", UNKNOWN)
        return None
    return _priced(line, offer, amount, holder, by_sum=by_sum)


def _priced(
    line: asked.Reading, offer: Any, amount: int, holder: Holder, *, by_sum: bool
) -> Quoted | None:
    price = ordered.cents(offer.price)
    tonnes, rest = divmod(amount, price) if by_sum else (amount, None)
    name = "total_cents" if by_sum else "tonnes"
    if holder.test and not offer.project.is_demonstration:
        line.wrong("offer", LIVE_UNITS)
    elif offer.state != Offer.State.LISTED:
        line.wrong("offer", f"This offer is {offer.get_state_display().lower()}.")
    elif tonnes < 1:
        line.wrong(name, f"That buys no whole tonne: one costs {price} US cents.")
    elif tonnes > min(offer.available, _most()):
        most = formats.tonnes(min(offer.available, _most()))
        line.wrong(name, f"Only {most} tonnes of this offer can be bought now.")
    else:
        return Quoted(offer, tonnes, rest)
    return None


def _ask_each_once(body: asked.Reading, offers: list[int]) -> None:
    if len(set(offers)) < len(offers):
        body.wrong("lines", "Name each offer in one line.")


def _signed(lines: list[Quoted], holder: Holder, until: datetime) -> str:
    kept = {
        "by": holder.principal, "until": until.isoformat(),
        "lines": [[each.offer.pk, each.tonnes, each.offer.price_version] for each in lines],
    }
    return SIGNER.sign_object(kept, compress=True)
