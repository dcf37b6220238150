"""What the desk of the bank account asks: credits, matches, refunds, and invoices by reference."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum

from cdm_portal import formats
from cdm_portal.refusals import NotFound
from cdm_portal.values import Money, usd
from offsets.banking import references
from offsets.banking.entries import Credit
from offsets.models import BankEntry, BankMatch, BankStatement, Order, PaymentAttempt, Refund
from offsets.models.payments import BY_TRANSFER

LIVE = (BankMatch.State.PROPOSED, BankMatch.State.CONFIRMED)


def account() -> str:
    """Our account's IBAN without spaces; empty where none is configured."""
    return references.plain(settings.BANK_IBAN)


def statement(sha256: str) -> BankStatement | None:
    """The statement that a file was imported as."""
    return BankStatement.objects.filter(sha256=sha256).first()


def known(keys: Iterable[str]) -> dict[str, BankEntry]:
    """Which of these credits are kept already."""
    return {each.key: each for each in BankEntry.objects.filter(key__in=list(keys))}


def counts_otherwise(credit: Credit) -> BankEntry | None:
    """An entry with the bank's reference of this credit and another amount, unless persons looked
    at it and set it aside.
    """
    same = BankEntry.objects.filter(bank_reference=credit.bank_reference)
    others = same.exclude(amount=credit.amount).annotate(
        aside=Exists(BankMatch.objects.filter(
            entry=OuterRef("pk"), state=BankMatch.State.REFUSED)),
        live=Exists(BankMatch.objects.filter(entry=OuterRef("pk"), state__in=LIVE)),
    )
    return others.exclude(aside=True, live=False).first()


def invoices_of(orders: Iterable[int]) -> dict[int, PaymentAttempt]:
    """By order, its invoice that waits for money, or its last one."""
    found = PaymentAttempt.objects.filter(order_id__in=list(orders), provider=BY_TRANSFER)
    return {each.order_id: each for each in found.order_by("pk")}


def invoice_for(text: str) -> PaymentAttempt | None:
    """The invoice that a reference or the code of an order names."""
    pk = references.order_of(text)
    if pk is None:
        pk = Order.objects.filter(code=text.strip()).values_list("pk", flat=True).first()
    return invoices_of([pk]).get(pk) if pk is not None else None


def entry(pk: int) -> BankEntry:
    """A credit with its statement. Raises NotFound."""
    found = BankEntry.objects.select_related("statement", "payer").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such entry.")
    return found


def entry_of_match(pk: int) -> BankEntry:
    """The credit of a match. Raises NotFound."""
    found = BankMatch.objects.filter(pk=pk).values_list("entry_id", flat=True).first()
    return entry(found or 0)


def refund(pk: int) -> Refund:
    """A refund with its attempt and order. Raises NotFound."""
    found = Refund.objects.select_related("attempt__order").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such refund.")
    return found


def live_match(of: BankEntry) -> BankMatch | None:
    """The match of a credit that is confirmed or waits."""
    found = of.matches.filter(state__in=LIVE).select_related("attempt__order")
    return found.first()


def unmatched() -> QuerySet[BankEntry]:
    """Credits that belong to no order yet."""
    live = BankMatch.objects.filter(entry=OuterRef("pk"), state__in=LIVE)
    return BankEntry.objects.filter(~Exists(live))


def proposed() -> QuerySet[BankMatch]:
    """Matches that wait for a second person."""
    return BankMatch.objects.filter(state=BankMatch.State.PROPOSED)


def refunds_open() -> QuerySet[Refund]:
    """Refunds that are not sent, or wait for a second person."""
    return Refund.objects.exclude(state=Refund.State.PAID)


def payers(of: Refund) -> list[BankEntry]:
    """The credits by which the order of a refund was paid, the latest first."""
    return list(
        BankEntry.objects.filter(
            matches__attempt=of.attempt_id, matches__state=BankMatch.State.CONFIRMED
        ).select_related("payer").order_by("-pk")
    )


@dataclass(frozen=True, slots=True)
class Received:
    """How much of an invoice has come in, and how much of that is not confirmed yet."""

    amount: Money
    received: Money
    waiting: Money

    @property
    def missing(self) -> Money:
        """What is still to be paid."""
        return self.amount - self.received

    def __str__(self) -> str:
        return f"{formats.money(self.received)} of {formats.money(self.amount)} received"


def received(of: PaymentAttempt) -> Received:
    """What an invoice has received, to the cent."""
    waits = of.bank_matches.filter(state=BankMatch.State.PROPOSED)
    waiting: Decimal | None = waits.aggregate(n=Sum("entry__amount"))["n"]
    got = of.received or Decimal(0)
    return Received(of.money, Money(got, of.currency), usd(waiting or 0))
