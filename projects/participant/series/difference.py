"""What changed from one file of readings to the next, reading by reading.

Nothing here writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from projects.methodologies import units
from projects.methodologies.readings import Column
from projects.participant.series import content
from projects.participant.series.models import ReadingsBlock, ReadingsImport

Row = dict[str, Any]
Values = Mapping[datetime, Decimal]
Change = tuple[datetime, Decimal | None, Decimal | None]
SHOWN = 20


def of_values(
    columns: Sequence[Column], before: Mapping[str, Values], after: Mapping[str, Values]
) -> list[Row]:
    """The difference of two files whose readings are at hand by parameter and interval."""
    rows = []
    for column in columns:
        old, new = before.get(column.symbol, {}), after.get(column.symbol, {})
        changes = [
            (at, old.get(at), new.get(at))
            for at in sorted(old.keys() | new.keys()) if old.get(at) != new.get(at)
        ]
        with units.arithmetic():
            sums = sum(old.values(), Decimal(0)), sum(new.values(), Decimal(0))
        rows += _row(column, sums, len(changes), changes[:SHOWN])
    return rows


def values_of(
    source: ReadingsImport, columns: Sequence[Column]
) -> dict[str, dict[datetime, Decimal]]:
    """The readings of a series that is not long, by parameter and interval."""
    found: dict[str, dict[datetime, Decimal]] = {column.symbol: {} for column in columns}
    for reading in content.readings_of(source, columns):
        found[reading.symbol][reading.at] = reading.value
    return found


def of_series(
    columns: Sequence[Column], before: ReadingsImport, after: ReadingsImport
) -> list[Row]:
    """The difference of two series of one resolution, block beside block."""
    rows = []
    for column in columns:
        sums, count, first = [Decimal(0), Decimal(0)], 0, []
        for old, new in _pairs(before, after, column.symbol):
            with units.arithmetic():
                for place, each in enumerate((old, new)):
                    sums[place] += _sum(each, column.unit)
            if old and new and _same(old, new):
                continue
            for change in _changes(old, new, column.unit):
                count += 1
                if count <= SHOWN:
                    first.append(change)
        rows += _row(column, (sums[0], sums[1]), count, first)
    return rows


def _row(
    column: Column, sums: tuple[Decimal, Decimal], count: int, first: Sequence[Change]
) -> list[Row]:
    if not count:
        return []
    return [{
        "symbol": column.symbol, "unit": column.unit, "count": count,
        "before": units.plain(sums[0]), "after": units.plain(sums[1]),
        "rows": [[at.isoformat(), _text(old), _text(new)] for at, old, new in first],
    }]


def _text(value: Decimal | None) -> str:
    return "" if value is None else units.plain(value)


def _pairs(
    before: ReadingsImport, after: ReadingsImport, symbol: str
) -> Iterator[tuple[ReadingsBlock | None, ReadingsBlock | None]]:
    """The blocks of a parameter side by side, each file read once from its first block on."""
    sides = [
        each.blocks.filter(symbol=symbol).order_by("first_at").iterator(chunk_size=content.AT_ONCE)
        for each in (before, after)
    ]
    old, new = (next(side, None) for side in sides)
    while old or new:
        due = min(each.first_at for each in (old, new) if each)
        pair = (old if old and old.first_at == due else None,
                new if new and new.first_at == due else None)
        yield pair
        old = next(sides[0], None) if pair[0] else old
        new = next(sides[1], None) if pair[1] else new


def _same(old: ReadingsBlock, new: ReadingsBlock) -> bool:
    return (old.unit, old.decimals, old.amounts) == (new.unit, new.decimals, new.amounts)


def _sum(block: ReadingsBlock | None, due: str) -> Decimal:
    if block is None:
        return Decimal(0)
    return _amount(block, sum(each for each in block.amounts if each is not None), due)


def _amount(block: ReadingsBlock, whole: int, due: str) -> Decimal:
    return units.convert(Decimal(whole).scaleb(-block.decimals), block.unit, due)


def _changes(
    old: ReadingsBlock | None, new: ReadingsBlock | None, due: str
) -> Iterator[Change]:
    some = old or new
    if some is None:
        return
    step = timedelta(seconds=some.step_seconds)
    for place in range(max(len(each.amounts) for each in (old, new) if each)):
        values = [
            None if each is None or place >= len(each.amounts) or each.amounts[place] is None
            else _amount(each, each.amounts[place] or 0, due)
            for each in (old, new)
        ]
        if values[0] != values[1]:
            yield some.first_at + place * step, values[0], values[1]
