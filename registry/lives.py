"""The life of a unit: issued, forwarded, offered, cancelled; every movement from its postings.

Two statements, however long the life: the block; its movements, with what became of the whole of
its issuance.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from registry import parts
from registry.importing.models import ImportedLine
from registry.models import Account, Block, Cancellation, Issuance, Transaction
from registry.parts import Part
from registry.serials import SerialBlock, SerialNumber

IMPORTED = Exists(ImportedLine.objects.filter(line_id=OuterRef("issuance__line_id")))


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a unit's life. Accounts are None where no account is left or entered.

    `record` names the row of record that says so, as the log of leaves does: its kind and its id.
    """

    at: datetime
    what: str
    detail: str
    source: Account | None
    target: Account | None
    reference: str
    block: SerialBlock
    leaf: str
    record: tuple[str, int]
    buyer: int = 0

    @property
    def quantity(self) -> int:
        """How many units moved."""
        return self.block.quantity


@dataclass(frozen=True, slots=True)
class Standing:
    """Units of an issuance by where they are now: (generation of the family, state) → units."""

    units: dict[tuple[int, str], int]

    def of(self, generation: int, state: str) -> int:
        """Units of one generation in one state."""
        return self.units.get((generation, state), 0)


@dataclass(frozen=True, slots=True)
class Life:
    """What the registry knows of a serial number: the issuance, its parts, the way of one of them.

    `cancellation` is the id of the row that ended the part, if one did; `imported` says that the
    issuance was booked from a published report.
    """

    asked: SerialNumber
    issuance: Issuance
    parts: tuple[Part, ...]
    part: Part
    movements: tuple[Movement, ...]
    standing: Standing
    cancellation: int | None = None
    imported: bool = False

    @property
    def position(self) -> int:
        """Which unit of its part the first asked one is, counted from 1."""
        return self.part.serial.block.position(self.asked.block.first)

    @property
    def whole(self) -> bool:
        """Whether all that was asked for lies in one part."""
        return self.part.serial.block.contains(self.asked.block)

    @property
    def forwarded(self) -> Movement | None:
        """The last movement into an account of a holder."""
        moves = [
            step for step in self.movements
            if step.record[0] == "transaction" and step.source
            and step.source.kind != Account.Kind.SOURCE
        ]  # fmt: skip
        return moves[-1] if moves else None

    @property
    def offered(self) -> Movement | None:
        """The offer in which the units are or were, unless they were given back."""
        offers = [m for m in self.movements if m.what in (OFFERED, RELEASED)]
        return offers[-1] if offers and offers[-1].what == OFFERED else None

    @property
    def ended(self) -> Movement | None:
        """The cancellation, if there was one."""
        last = self.movements[-1] if self.movements else None
        return last if last and last.record[0] == "cancellation" and last.target else None


def life_of(asked: SerialNumber, *, everything: bool = True) -> Life | None:
    """The life of the units that a number names; None if no issuance made them all.

    A number that spans several parts tells the life of the first of them, and `parts` has all.
    Where not `everything` may be told, it is the first of which everybody may know, and units that
    somebody holds are only those that were asked for: neither their block nor their way is told.
    """
    block = _block(asked)
    if block is None:
        return None
    issuance = block.issuance
    if issuance.number(asked.block.first, asked.block.last) != asked:
        return None
    found = tuple(_overlapping(block, asked))
    public = [part for part in found if part.is_public]
    hidden = not everything and not public
    part = found[0] if everything or hidden else public[0]
    if hidden:
        part = replace(part, serial=asked)
    first = max(part.serial.block.first, asked.block.first)
    movements, standing = _story(issuance, first, told=not hidden)
    told = movements[:1] if hidden else movements
    life = Life(
        asked, issuance, found, part, tuple(told), standing,
        imported=getattr(block, "imported", False),
    )
    if (end := life.ended) is None:
        return life
    ended = replace(part, serial=part.serial.narrowed(end.block))
    return replace(life, part=ended, cancellation=end.record[1])


def _block(asked: SerialNumber) -> Block | None:
    """The block that holds the first unit, if its issuance has them all."""
    rows = parts.standing_blocks().select_related(
        "account", "issuance__party", "issuance__tx", "issuance__line"
    ).annotate(imported=IMPORTED)
    first = asked.block.first
    row = rows.filter(party_id=asked.party, lo__lte=first).order_by("-lo").first()
    if row is None or row.hi < first or asked.block.last > row.i_hi:
        return None
    return row


def _overlapping(block: Block, asked: SerialNumber) -> list[Part]:
    """The parts that the asked units lie in, at most those of MOST_BLOCKS blocks."""
    found = (
        parts.of_block(block) if asked.block.last <= block.hi
        else parts.between(asked.party, asked.block.first, asked.block.last)
    )  # fmt: skip
    return [part for part in found if part.serial.block.overlaps(asked.block)]


STORY = """
WITH lots AS MATERIALIZED (
  SELECT l.*, t.verb, t.effective_at AS offered_at, t.leaf AS offered_leaf, t.initiator, t.facts
  FROM registry_lot l JOIN registry_transaction t ON t.id = l.tx_id
  WHERE l.issuance_id = %(issuance)s AND l.lo <= %(serial)s AND l.hi >= %(serial)s),
moves (record, id, verb, effective_at, lo, hi, leaf, buyer, tx, initiator, platform, dr, cr, step)
AS MATERIALIZED (
  SELECT 'transaction', t.id, t.verb, t.effective_at, p.lo, p.hi, t.leaf, 0::bigint, t.id,
      t.initiator, NULL, p.dr, p.cr, 1
    FROM registry_posting p JOIN registry_transaction t ON t.id = p.tx_id
    WHERE p.issuance_id = %(issuance)s AND p.tx_id IS NOT NULL
      AND p.lo <= %(serial)s AND p.hi >= %(serial)s
  UNION ALL
  SELECT 'transaction', l.tx_id, l.verb, l.offered_at, l.lo, l.hi, l.offered_leaf, 0, l.tx_id,
      l.initiator, NULL, NULL, NULL, 2
    FROM lots l WHERE l.verb = 'earmark'
  UNION ALL
  SELECT 'cancellation', c.id, CASE c.kind WHEN 'r' THEN 'release' ELSE 'cancel' END,
      c.effective_at, c.s, c.e, c.leaf, c.buyer, c.tx_id, l.initiator, l.facts ->> 'platform',
      CASE WHEN NOT a.terminal THEN a.id END,
      CASE WHEN c.kind = 'r' THEN NULL WHEN a.terminal THEN a.id ELSE 2 END,
      CASE c.kind WHEN 'r' THEN 3 ELSE 4 END
    FROM lots l
    CROSS JOIN LATERAL (
      SELECT * FROM registry_cancellation
      WHERE lot_id = l.id AND s <= %(serial)s ORDER BY s DESC LIMIT 1) c
    LEFT JOIN registry_block b ON b.id = l.block_id
    LEFT JOIN registry_account a ON a.id = b.account_id
    WHERE c.e >= %(serial)s),
forwarded AS (
  SELECT lo, hi FROM moves WHERE record = 'transaction' AND dr <> 1 AND %(told)s
  ORDER BY effective_at DESC, id DESC, lo DESC LIMIT 1),
lately AS (
  SELECT lo, hi, verb FROM moves WHERE verb IN ('earmark', 'release') AND %(told)s
  ORDER BY effective_at DESC, step DESC, id DESC LIMIT 1),
standing AS (
  SELECT CASE WHEN b.lo >= o.lo AND b.hi <= o.hi THEN 3
              WHEN b.lo >= f.lo AND b.hi <= f.hi THEN 2 ELSE 1 END AS generation,
    CASE WHEN a.terminal THEN 'cancelled' WHEN l.id IS NOT NULL THEN 'offered'
         WHEN a.adaptation_fund THEN 'share_of_proceeds'
         WHEN a.kind = 110 THEN 'pending' ELSE 'held' END AS state,
    sum(b.hi - b.lo + 1)::bigint AS units,
    coalesce(sum(l.next_serial - l.lo) FILTER (WHERE NOT a.terminal), 0)::bigint AS sold
  FROM registry_block b
  JOIN registry_account a ON a.id = b.account_id
  LEFT JOIN registry_lot l ON l.block_id = b.id
  LEFT JOIN forwarded f ON true
  LEFT JOIN lately o ON o.verb = 'earmark'
  WHERE b.issuance_id = %(issuance)s GROUP BY 1, 2)
SELECT m.*, d.name, d.kind, d.holder_id, d.adaptation_fund,
       c.name, c.kind, c.holder_id, c.adaptation_fund,
       (SELECT jsonb_agg(jsonb_build_array(generation, state, units, sold)) FROM standing)
FROM moves m
LEFT JOIN registry_account d ON d.id = m.dr LEFT JOIN registry_account c ON c.id = m.cr
ORDER BY m.step = 4, m.effective_at, m.step, m.id, m.lo
"""
"""Every movement of one unit, and with each the whole issuance by generation and state.

What was sold has no index from its postings, which are hot; the lot's chain finds it. Account 1 is
the source of issuance, account 2 the voluntary cancellation account. What is left of the issuance
counts as of generation 2 where it lies in the block last forwarded, of 3 in the last offer.
"""

OFFERED, RELEASED = "Offered", "Taken off offer"
FOUR_EYES = "Proposed by one person, approved by another"
WORDS = {
    "issue": ("Issued", "By instruction of the Executive Board, released by a second person"),
    "forward": ("Forwarded", FOUR_EYES),
    "transfer": ("External transfer", FOUR_EYES),
    "earmark": (OFFERED, "Earmarked for sale; no change of account"),
    "release": (RELEASED, "Unsold units given back to their account"),
}
CANCELLED = {
    Account.Kind.VOLUNTARY: "Cancelled, voluntary",
    Account.Kind.EXCESS: "Cancelled, excess issuance",
    Account.Kind.MANDATORY: "Cancelled, mandatory",
    Account.Kind.ADMINISTRATIVE: "Cancelled, administrative",
    Account.Kind.RETIREMENT: "Retired",
}


def _story(issuance: Issuance, serial: int, *, told: bool) -> tuple[list[Movement], Standing]:
    """The movements of a unit and the standing of its issuance, whose generations follow the unit's
    way if that may be told."""
    with connection.cursor() as cursor:
        cursor.execute(STORY, {"issuance": issuance.pk, "serial": serial, "told": told})
        rows = cursor.fetchall()
    found: list[Movement] = []
    for row in rows:
        step = _movement(row)
        if step.record[0] == "cancellation" and step.target and step.source is None:
            places = [earlier.target for earlier in found if earlier.target]
            step = replace(step, source=places[-1] if places else None)
        found.append(step)
    return found, _standing(rows[-1][-1] if rows else None)


def _standing(counted: Any) -> Standing:
    """What a lot sold counts as cancelled, though its block stands in the seller's account."""
    units: dict[tuple[int, str], int] = defaultdict(int)
    rows = json.loads(counted) if isinstance(counted, str) else counted or []
    for generation, state, quantity, sold in rows:
        units[generation, state] += quantity - sold
        units[generation, "cancelled"] += sold
    return Standing(units)


def _movement(row: tuple[Any, ...]) -> Movement:
    record, pk, verb, at, lo, hi, leaf, buyer, tx, initiator, platform, dr, cr, _step = row[:14]
    source, target = _account(dr, row[14:18]), _account(cr, row[18:22])
    what, detail = WORDS.get(verb, (Transaction.Verb(verb).label if verb in VERBS else verb, ""))
    if record == "cancellation" and target is not None:
        what = CANCELLED.get(Account.Kind(target.kind), "Cancelled")
        detail = "Paid by a buyer" if buyer else FOUR_EYES
    elif target is not None and target.adaptation_fund and verb == "issue":
        what, detail = "Share of proceeds", "To the Adaptation Fund, in the same transaction"
    if initiator == 0 and verb in {"issue", "cancel"}:
        detail = PUBLISHED.get(platform, PUBLISHED[None])
    quoted = Transaction(pk=tx, effective_at=at) if tx else Cancellation(pk=pk, effective_at=at)
    return Movement(
        at, what, detail, source, target, quoted.reference, SerialBlock(lo, hi),
        bytes(leaf).hex(), (record, pk), buyer,
    )  # fmt: skip


PUBLISHED = {
    None: "As the UNFCCC published it",
    "true": "As the UNFCCC published it; through its online platform",
    "false": "As the UNFCCC published it; outside its online platform",
}
"""Of what the import booked: no person of this registry asked for it."""

VERBS = frozenset(Transaction.Verb.values)


def _account(pk: int | None, values: tuple[Any, ...]) -> Account | None:
    if pk is None:
        return None
    name, kind, holder_id, adaptation_fund = values
    return Account(
        pk=pk, name=name, kind=kind, holder_id=holder_id, adaptation_fund=adaptation_fund
    )
