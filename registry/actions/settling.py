"""Many sales of one lot at once: for back-logs and crowds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from cdm_portal.journal.record import record
from cdm_portal.values import Actor
from registry.errors import refusal
from registry.locks import call, retried
from registry.models import Cancellation, Lot


@dataclass(frozen=True, slots=True)
class Sale:
    """So many units for the order numbered `buyer`, under the key of its hold."""

    quantity: int
    buyer: int
    key: UUID


@retried
def settle(
    *, actor: Actor, at: datetime, lot_id: int, sales: Sequence[Sale], early: bool = False
) -> list[Cancellation]:
    """Cancel units of a lot for many orders, whole or not at all, and use up their holds.

    Answers the cancellations in the order asked. A key that was used before with the same content
    answers its cancellation, as `cancel` does. With `early` the lot is free for others before the
    disk has the sales, and the answer waits until it has them; so it stands in no transaction of
    the caller's. Raises NotEnoughUnits, KeyReused, Frozen, UnknownLot, Unusable.
    """
    if not sales or any(sale.quantity < 1 for sale in sales):
        raise refusal("R301", "Enter a whole number of tonnes, 1 or more.", field="quantity")
    if early and connection.in_atomic_block:
        raise transaction.TransactionManagementError("An early sale is a transaction of its own.")
    with transaction.atomic():
        if early:
            transaction.on_commit(_barrier)  # the first hook: nothing rings before it
        pks, new = call(
            "registry_settle", lot_id, [sale.quantity for sale in sales],
            [sale.buyer for sale in sales], [sale.key for sale in sales], at, early,
        )  # fmt: skip
        if any(new):
            lot = Lot.objects.select_related("issuance").get(pk=lot_id)
            quantity = sum(sale.quantity for sale, fresh in zip(sales, new, strict=True) if fresh)
            record(
                "registry.settle", actor=actor, subject=lot, at=at,
                project=lot.issuance.project_number,
                facts={"sales": sum(new), "quantity": quantity},
            )  # fmt: skip
    found = Cancellation.objects.select_related("lot__issuance").in_bulk(pks)
    return [found[pk] for pk in pks]


def _barrier() -> None:
    """A synchronous commit: when it is on disk, so is every commit before it.

    The sale's own commit did not wait; a repeated call's answer may rest on one that did not
    either, so it comes whatever the verb answered. Raises OperationalError when the disk or the
    server fails: the caller is told nothing, and finds out with the same key.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'registry', '')")
