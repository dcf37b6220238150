"""What lies in an account, by project and commitment period, a page at a time.

An account may hold thousands of projects in tens of thousands of blocks. A kind of units is found
by its first block, in the order of the account's index; only the kinds of a page are added up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from registry import parts
from registry.models import Block, Issuance
from registry.parts import Part
from registry.serials import SerialNumber

KIND = ("issuance__project_number", "issuance__applicable_cp", "issuance__unit_type")
FIRST = ("issuance_id", "lo")
"""The order of the first blocks: that of the index `registry_block_account`."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What an account holds of one project and commitment period, cancelled units not counted."""

    project_number: str
    commitment_period: int
    unit_type: int
    quantity: int
    free: int
    blocks: tuple[SerialNumber, ...]

    @property
    def offered(self) -> int:
        """How many of them are on offer, frozen or reserved for a proposal."""
        return self.quantity - self.free


def first_blocks(account_id: int) -> QuerySet[Block]:
    """The first block of every kind of units in an account, unsorted; sort it by FIRST."""
    of_kind = {
        name: Subquery(
            Issuance.objects.filter(pk=OuterRef(OuterRef("issuance_id")))
            .values(name.removeprefix("issuance__"))
        )
        for name in KIND
    }  # fmt: skip
    before = Block.objects.filter(
        Q(issuance_id__lt=OuterRef("issuance_id"))
        | Q(issuance_id=OuterRef("issuance_id"), lo__lt=OuterRef("lo")),
        account_id=account_id, **of_kind,
    ).order_by()
    # Within CASE a block is looked at alone and in its turn, not all of them at once.
    first = Case(When(Exists(before), then=Value(False)), default=Value(True))
    found: QuerySet[Block] = Block.objects.filter(account_id=account_id)
    return found.alias(first=first).filter(first=True).select_related("issuance").order_by()


def holdings(account_id: int, firsts: Iterable[Block] | None = None) -> list[Holding]:
    """What an account holds, by project and commitment period, blocks in serial order: everything,
    or the kinds of some first blocks, in their order.
    """
    blocks = parts.standing_blocks().filter(account_id=account_id)
    if firsts is None:
        kept = _kept(blocks)
        return [_holding(key, kept[key]) for key in sorted(kept)]
    kinds = [
        (each.issuance.project_number, each.issuance.applicable_cp, each.issuance.unit_type)
        for each in firsts
    ]
    kept = _kept(blocks.filter(issuance__project_number__in={number for number, _, _ in kinds}))
    return [_holding(key, kept[key]) for key in kinds if key in kept]


Kind = tuple[str, int, int]


def _kept(blocks: Iterable[Any]) -> dict[Kind, list[tuple[Part, bool]]]:
    kept: dict[Kind, list[tuple[Part, bool]]] = {}
    for block in blocks:
        for part in parts.of_block(block):
            if part.key == "cancelled":
                continue
            serial = part.serial
            key = (serial.project_number, serial.applicable_cp, serial.unit_type)
            free = part.lot_id is None and not block.frozen and block.reserved_for_id is None
            kept.setdefault(key, []).append((part, free))
    return kept


def _holding(kind: Kind, found: list[tuple[Part, bool]]) -> Holding:
    return Holding(
        *kind,
        quantity=sum(part.quantity for part, _ in found),
        free=sum(part.quantity for part, free in found if free),
        blocks=tuple(part.serial for part, _ in found),
    )


def free(account_id: int, project_number: str, commitment_period: int | None = None) -> int:
    """Units of a project that an account could offer or forward now: not on offer, not frozen, not
    reserved for a proposal."""
    blocks = parts.standing_blocks().filter(
        account_id=account_id, issuance__project_number=project_number
    )
    return sum(
        _holding(kind, found).free
        for kind, found in _kept(blocks).items()
        if commitment_period in (None, kind[1])
    )
