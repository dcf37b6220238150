"""A buyer's own data go: when they ask for it, and when the time is over for which it is kept."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.values import SYSTEM, Actor
from offsets import locks, personal
from offsets.actions.basketing import drop_baskets
from offsets.banking import payers
from offsets.errors import MoneyUnderWay, NothingToErase
from offsets.models import BankPayer, Certificate, NameSeal, Order, OrderClaim, Refund, Reissue

logger = logging.getLogger(__name__)
AT_ONCE = 500
"""So many orders and credits a round; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was past its time."""

    orders: int
    payers: int
    basket_items: int
    links: int

    def __str__(self) -> str:
        return (
            f"{self.orders} unpaid orders, {self.payers} payers, {self.basket_items} basket items, "
            f"{self.links} links"
        )


def erase_orders(*, actor: Actor, at: datetime, orders: Iterable[int]) -> int:
    """Erase name, address, reason, reference and browser of orders, their printed certificates, the
    salts of their names and who paid them by transfer, all or none; answers how many. What was
    cancelled and paid stays.

    Raises MoneyUnderWay (with every reason) while money of one of them is under way, and
    NothingToErase if there is none.
    """
    with transaction.atomic():
        found = [locks.order(pk) for pk in sorted(orders)]
        kept = [each for each in found if each.erased_at is None]
        if barred := personal.barred(kept):
            raise MoneyUnderWay(" ".join(
                f"Order {order.code} cannot be erased now: {why}." for order, why in barred
            ))
        if not kept:
            raise NothingToErase("Nothing personal is kept about these orders.")
        for order in kept:
            _erase(order, at)
            record("offsets.erase_order", actor=actor, subject=order, at=at)
    return len(kept)


def _erase(order: Order, at: datetime) -> None:
    order.beneficiary_name = order.email = order.reason = order.reference = order.buyer_key = ""
    order.name_public, order.erased_at = False, at
    order.save(update_fields=[
        "beneficiary_name", "email", "reason", "reference", "buyer_key", "name_public", "erased_at",
    ])
    Certificate.objects.filter(order=order, pdf__isnull=False).update(pdf=None, sha256="")
    corrected = Reissue.objects.filter(certificate__order=order).exclude(name="")
    corrected.update(pdf=None, name="", why="")
    NameSeal.objects.filter(order=order).delete()
    OrderClaim.objects.filter(order=order).delete()
    paid = payers.to_go(at).filter(entry__matches__attempt__order=order)
    forget_payers(actor=SYSTEM, at=at, entries=list(paid.values_list("pk", flat=True)))


def forget_payers(*, actor: Actor, at: datetime, entries: Sequence[int]) -> int:
    """Erase who paid some credits, with which words and from where, and to whom refunds of them
    were sent; answers how many. Amounts, days, references and what was booked stay.
    """
    del actor
    gone = BankPayer.objects.filter(pk__in=entries, erased_at=None)
    count = gone.update(name="", iban="", text="", erased_at=at)
    payees = list(payers.payees(list(entries)).values_list("pk", flat=True))
    Refund.objects.filter(pk__in=payees).update(payee_name="", payee_iban="")
    return count


def purge(*, actor: Actor, at: datetime) -> Purged:
    """Erase or forget what is kept past its time: who began orders that were never paid, who paid
    by transfer, baskets that nobody changes, links that work no more. Nothing else changes, and a
    second time finds nothing.
    """
    orders = 0
    for pk in list(personal.abandoned(at).values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            order = locks.free_order(personal.abandoned(at), pk)
            if order is not None:
                _erase(order, at)
                record("offsets.erase_order", actor=actor, subject=order, at=at)
                orders += 1
    with transaction.atomic():
        over = list(payers.to_go(at).values_list("pk", flat=True)[:AT_ONCE])
        transfers = forget_payers(actor=actor, at=at, entries=over)
    links = personal.dead_links(at).delete()[0]
    done = Purged(orders, transfers, drop_baskets(actor=actor, at=at), links)
    logger.info("past their time: %s", done)
    return done
