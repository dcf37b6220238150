"""Units on offer: earmarked, held for an order, cancelled for it, released unsold."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.values import Actor, Role
from registry import access
from registry.errors import refusal
from registry.locks import call, call_each, retried
from registry.models import Cancellation, Hold, Lot

SWEEP = 500
"""How many rows a housekeeping verb takes at once."""


@retried
def earmark(
    *,
    actor: Actor,
    at: datetime,
    account_id: int,
    project_number: str,
    quantity: int,
    commitment_period: int,
    key: UUID | None = None,
) -> list[Lot]:
    """Put units of an account on offer: lowest serial first, one lot for each block used.

    They stay in the account and can from now on only be sold or released. The same key answers the
    same lots. Raises NotPermitted, NotEnoughUnits, WrongAccount, Frozen, KeyReused, Unusable.
    """
    access.only(actor, Role.PARTICIPANT, *access.EXECUTES, Role.SYSTEM)
    access.disposes(actor, account_id)
    with transaction.atomic():
        pks, new = call(
            "registry_earmark", account_id, project_number, commitment_period, quantity,
            access.person(actor), key or uuid4(), at,
        )  # fmt: skip
        lots = list(Lot.objects.select_related("issuance", "tx").filter(pk__in=pks))
        if new:
            record(
                "registry.earmark", actor=actor, subject=lots[0], at=at, project=project_number,
                facts={"quantity": quantity, "account": account_id},
            )  # fmt: skip
    return lots


@retried
def release_lot(*, actor: Actor, at: datetime, lot_id: int) -> Lot:
    """End a lot and give its unsold units back to the account. A lot that ended stays as it is.

    Raises NotPermitted, HeldForBuyers, Frozen, UnknownLot.
    """
    access.only(actor, Role.PARTICIPANT, *access.EXECUTES, Role.SYSTEM)
    access.disposes_of_lot(actor, lot_id)
    with transaction.atomic():
        call("registry_release_lot", lot_id, access.person(actor), at)
        lot = Lot.objects.select_related("issuance").get(pk=lot_id)
        record(
            "registry.release_lot", actor=actor, subject=lot, at=at,
            project=lot.issuance.project_number,
        )  # fmt: skip
    return lot


@retried
def hold(
    *, at: datetime, lot_id: int, quantity: int, order_key: UUID, expires_at: datetime
) -> Hold:
    """Keep units of a lot for an order until `expires_at`: exact, never more than remain.

    Asked again, an order holds once, until the later moment. Raises NotEnoughUnits, KeyReused
    (another quantity), Frozen, UnknownLot, Unusable.
    """
    pk = call("registry_hold_units", lot_id, quantity, order_key, at, expires_at)
    return Hold.objects.get(pk=pk)


def hold_all(
    *, actor: Actor, at: datetime, holds: Sequence[tuple[int, int, UUID]], expires_at: datetime
) -> None:
    """Keep (lot, quantity, order's key) units for an order, all or none, lowest lot first whatever
    their order here, so that no two orders wait for each other. Raises what `hold` raises.

    One statement, the last of its transaction: no lot is locked over a second one.
    """
    del actor  # whoever buys: a hold leaves no record
    call_each("registry_hold_units", [(*each, at, expires_at) for each in sorted(holds)])


@retried
def drop_hold(*, at: datetime, order_key: UUID) -> int:
    """Let go of what an order holds, in every lot; answers how many holds went. May be repeated."""
    del at  # for the shape that every action has: a hold leaves no record
    return int(call("registry_drop_hold", order_key))


@retried
def expire_holds(*, at: datetime) -> int:
    """Sweep holds that ended by `at`; they stopped counting at that moment anyway."""
    return int(call("registry_expire_holds", at, SWEEP))


@retried
def cancel(
    *,
    actor: Actor,
    at: datetime,
    lot_id: int,
    quantity: int,
    buyer: int,
    key: UUID,
    order_key: UUID | None = None,
    beneficiary_hmac: bytes | None = None,
) -> Cancellation:
    """Cancel units of a lot for ever, for the order numbered `buyer`, and use up the order's hold.

    Exactly once: the same key with the same content answers the same cancellation. `order_key` is
    the key of the hold where it is not `key` itself. Works inside the caller's transaction. Raises
    NotEnoughUnits (units held for others count), KeyReused, Frozen, UnknownLot.
    """
    if quantity < 1:
        raise refusal("R301", "Enter a whole number of tonnes, 1 or more.", field="quantity")
    with transaction.atomic():
        pk, new = call(
            "registry_cancel", lot_id, quantity, buyer, key, order_key or key, beneficiary_hmac, at
        )
        cancellation = Cancellation.objects.select_related("lot__issuance").get(pk=pk)
        if new:
            record(
                "registry.cancel", actor=actor, subject=cancellation, at=at,
                project=cancellation.lot.issuance.project_number,
                facts={"serial": str(cancellation.serial), "quantity": quantity, "order": buyer},
            )  # fmt: skip
    return cancellation


@retried
def close_lots(*, at: datetime) -> int:
    """Housekeeping: end lots that are sold out; answers how many."""
    return int(call("registry_close_lots", at, SWEEP))
