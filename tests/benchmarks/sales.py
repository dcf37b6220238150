"""How a sale is made from Django: by the portal's own verb, and in the usual ORM way.

Each maker is called once in a client's process and answers what that client repeats.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import models, transaction

from cdm_portal.values import SYSTEM
from registry import actions, locks
from registry.actions.settling import Sale as Asked

AT = datetime(2024, 3, 4, 9, tzinfo=UTC)
Sale = Callable[[], object]


def key() -> uuid.UUID:
    """A UUID of version 7: its first 48 bits are the time, so keys of one hour lie side by side."""
    moment = time.time_ns() // 1_000_000
    rest = secrets.randbits(74)
    high, low = rest >> 62, rest & (1 << 62) - 1
    return uuid.UUID(int=moment << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def verb(lots: list[int]) -> Sale:
    """The registry's function through the registry's one way to call it, nothing else."""

    (lot,) = lots

    def sale() -> object:
        one = key()
        return locks.call("registry_cancel", lot, 1, 1, one, one, None, AT)

    return sale


def service(lots: list[int]) -> Sale:
    """`registry.actions.cancel` as fulfilment calls it: function, row read back, journal."""

    (lot,) = lots

    def sale() -> object:
        return actions.cancel(actor=SYSTEM, at=AT, lot_id=lot, quantity=1, buyer=1, key=key())

    return sale


def early(lots: list[int]) -> Sale:
    """`registry.actions.settle` of one sale with early lock release, its barrier included."""
    (lot,) = lots

    def sale() -> object:
        one = Asked(quantity=1, buyer=1, key=key())
        return actions.settle(actor=SYSTEM, at=AT, lot_id=lot, sales=[one], early=True)

    return sale


class ShopLot(models.Model):
    """A lot as a shop would keep it."""

    hi = models.BigIntegerField()
    next_serial = models.BigIntegerField()

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bench_lot"


class ShopCancellation(models.Model):
    """A sale as a shop would keep it."""

    lot = models.ForeignKey(ShopLot, on_delete=models.PROTECT)
    s = models.BigIntegerField()
    e = models.BigIntegerField()
    buyer = models.BigIntegerField()
    key = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bench_cancellation"


class ShopPosting(models.Model):
    """Its booking."""

    cancellation = models.ForeignKey(ShopCancellation, on_delete=models.PROTECT)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    dr = models.BigIntegerField()
    cr = models.BigIntegerField()

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bench_posting"


def orm(lots: list[int]) -> Sale:
    """The way of the tutorials: lock the row, look, save, create, create."""
    del lots

    def sale() -> object:
        with transaction.atomic():
            lot = ShopLot.objects.select_for_update().get(pk=1)
            first = lot.next_serial
            if first > lot.hi:
                raise ValueError("sold out")
            lot.next_serial = first + 1
            lot.save()
            sold = ShopCancellation.objects.create(
                lot=lot, s=first, e=first, buyer=1, key=key(), at=AT
            )
            ShopPosting.objects.create(cancellation=sold, lo=first, hi=first, dr=5, cr=2)
        return sold

    return sale
