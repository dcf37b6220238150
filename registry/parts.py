"""Units in their states: what a block's lot has sold and what it has not.

Serials of cancelled units, of units on offer and of the registry's own accounts are everybody's to
know; of units in somebody's account only how many there are (reliability, E12).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.urls import reverse

from registry.models import Account, Block, Issuance, Lot
from registry.serials import SerialBlock, SerialNumber

STATES = {
    "pending": ("In the pending account", "info"),
    "share_of_proceeds": ("Share of proceeds for adaptation", "plum"),
    "held": ("In a holding account", "info"),
    "offered": ("On offer", "lichen"),
    "cancelled": ("Cancelled", "ok"),
}
"""The states of a unit: words for people, and the look of their tag."""

NOT_PUBLIC = "serial numbers known to the holder"

MOST_BLOCKS = 100
"""How many blocks a page lists of a number, or a project, that spans many."""


@dataclass(frozen=True, slots=True)
class Part:
    """Units of a project that are in one state: `key` is one of STATES."""

    serial: SerialNumber
    key: str
    account: Account
    lot_id: int | None = None

    @property
    def state(self) -> str:
        """The state in words."""
        return STATES[self.key][0]

    @property
    def kind(self) -> str:
        """How the tag of the state looks."""
        return STATES[self.key][1]

    @property
    def quantity(self) -> int:
        """How many units."""
        return self.serial.quantity

    @property
    def url(self) -> str:
        """The public page of these units."""
        return reverse("registry:serial", args=[str(self.serial)])

    @property
    def is_public(self) -> bool:
        """Whether everybody may know which serials these are."""
        return self.key != "held"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of parts, as somebody may see it; `serial` is empty where it is not."""

    serial: SerialNumber | None
    key: str
    quantity: int

    @property
    def state(self) -> str:
        """The state in words."""
        return STATES[self.key][0]

    @property
    def kind(self) -> str:
        """How the tag of the state looks."""
        return STATES[self.key][1]

    @property
    def words(self) -> str:
        """The serials as text, or why there are none."""
        return str(self.serial) if self.serial else NOT_PUBLIC

    @property
    def url(self) -> str:
        """The public page of these units, if it may be known which they are."""
        return reverse("registry:serial", args=[str(self.serial)]) if self.serial else ""


def lines(found: Iterable[Part], *, everything: bool = False) -> list[Line]:
    """Parts as lines. To whom not everything is to be told, all that is held is one line, the
    last, so that neither serials nor the number of blocks or holders can be read from it."""
    made, held = [], 0
    for part in found:
        if everything or part.is_public:
            made.append(Line(part.serial, part.key, part.quantity))
        else:
            held += part.quantity
    return [*made, Line(None, "held", held)] if held else made


def standing_blocks() -> QuerySet[Block]:
    """Blocks with their issuance, account and lot, in serial order."""
    lots = Lot.objects.filter(block_id=OuterRef("pk"))
    return (
        Block.objects.select_related("issuance", "account")
        .annotate(lot_id=lots.values("pk"), cursor=lots.values("next_serial"))
        .order_by("party_id", "lo")
    )


def of_issuance(issuance: Issuance) -> list[Part]:
    """Every unit of an issuance, in serial order, with the state that it is in."""
    return list(of_blocks(standing_blocks().filter(issuance=issuance)))


def between(party_code: str, first: int, last: int) -> Iterator[Part]:
    """The parts of a Party's blocks from the one that holds `first` to the one that holds `last`,
    lowest serial first, of at most MOST_BLOCKS blocks."""
    begins = Block.objects.filter(party_id=party_code, lo__lte=first).order_by("-lo").values("lo")
    blocks = standing_blocks().filter(
        party_id=party_code, lo__lte=last, lo__gte=begins[:1], hi__gte=first
    )
    return of_blocks(blocks[:MOST_BLOCKS])


def of_blocks(blocks: Iterable[Any]) -> Iterator[Part]:
    """The parts of blocks, one after the other."""
    for block in blocks:
        yield from of_block(block)


def of_block(block: Any) -> list[Part]:
    """A block in its states: what its lot sold, and the rest. Takes a row of `standing_blocks`."""
    whole, number = SerialBlock(block.lo, block.hi), block.issuance.number(block.lo, block.hi)
    if block.account.terminal:
        return [Part(number, "cancelled", block.account, block.lot_id)]
    if block.lot_id is None:
        return [Part(number, _key(block.account), block.account)]
    if block.cursor <= whole.first:
        return [Part(number, "offered", block.account, block.lot_id)]
    if block.cursor > whole.last:
        return [Part(number, "cancelled", block.account, block.lot_id)]
    sold, rest = whole.split_at(block.cursor)
    return [
        Part(number.narrowed(sold), "cancelled", block.account, block.lot_id),
        Part(number.narrowed(rest), "offered", block.account, block.lot_id),
    ]


def _key(account: Account) -> str:
    if account.adaptation_fund:
        return "share_of_proceeds"
    return "pending" if account.kind == Account.Kind.PENDING else "held"
