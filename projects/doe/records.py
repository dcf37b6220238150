"""Records of a file of readings by their number, made by the database from its own rows.

The numbers run from 1 by parameter and time. A record is {key, row, symbol, at, value, unit, why}:
the row of the file, the project's standard time, the value as it was given, and the reasons for
which it is looked at (`audit.sampling.WHY`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from cdm_portal import parameters
from projects.doe.rawsums import Source

Record = dict[str, Any]

COUNT = "SELECT count(*) FROM participant_reading WHERE file_id = %(file)s"
QUARTILES = """
SELECT symbol, percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY value)
FROM participant_reading WHERE file_id = %(file)s GROUP BY symbol
"""
LOOKED_AT = """
WITH record AS (
  SELECT symbol, at, row_number AS row, value, unit,
         row_number() OVER (ORDER BY symbol, at) AS number,
         row_number() OVER (PARTITION BY symbol ORDER BY at) AS nth,
         row_number() OVER (PARTITION BY symbol ORDER BY at DESC) AS nth_last,
         row_number() OVER (PARTITION BY symbol ORDER BY value DESC, at) AS place,
         value > (%(far)s::jsonb ->> symbol)::numeric AS is_far
  FROM participant_reading WHERE file_id = %(file)s
)
SELECT row, symbol, (at AT TIME ZONE 'UTC') + make_interval(mins => %(offset)s),
       trim_scale(value)::text, unit, number = ANY (%(drawn)s), nth = 1, nth_last = 1, place = 1,
       is_far AND place <= %(most)s
FROM record
WHERE number = ANY (%(drawn)s) OR nth = 1 OR nth_last = 1 OR place = 1
  OR (is_far AND place <= %(most)s)
ORDER BY symbol, at
"""
REASONS = ("drawn", "first", "last", "largest", "outlying")
BLOCKS = """
SELECT b.id, b.symbol, cardinality(b.amounts) - cardinality(array_positions(b.amounts, NULL)),
       (SELECT max(amount) FROM unnest(b.amounts) amount) * ('1e-' || b.decimals)::numeric
FROM participant_readingsfile f JOIN participant_readingsblock b ON b.source_id = f.source_id
WHERE f.id = %(file)s ORDER BY b.symbol, b.first_at
"""
WITHIN = """
SELECT each.row, b.symbol,
       (b.first_at AT TIME ZONE 'UTC') + make_interval(mins => %(offset)s)
         + (each.place - 1) * make_interval(secs => b.step_seconds),
       trim_scale(each.amount * ('1e-' || b.decimals)::numeric)::text, b.unit
FROM participant_readingsblock b
CROSS JOIN LATERAL unnest(b.amounts, b.rows) WITH ORDINALITY AS each(amount, row, place)
WHERE b.id = %(block)s AND each.amount IS NOT NULL ORDER BY each.place
"""


class Block(NamedTuple):
    """A block of a long series: its parameter, its readings, the number before its first one, and
    the largest of them.
    """

    pk: int
    symbol: str
    size: int
    before: int
    highest: Decimal | None


def blocks_of(source: Source) -> list[Block]:
    """The blocks of a long series in the order of their numbers; none for a short file."""
    found, before = [], 0
    for pk, symbol, size, highest in _fetched(BLOCKS, {"file": source.file_id}):
        found.append(Block(pk, symbol, size, before, highest))
        before += size
    return found


def population(source: Source, blocks: Sequence[Block]) -> int:
    """How many readings the file holds."""
    if blocks:
        return blocks[-1].before + blocks[-1].size
    count: int = _fetched(COUNT, {"file": source.file_id})[0][0]
    return count


def looked_at(
    source: Source, blocks: Sequence[Block], drawn: Sequence[int], most: int
) -> list[Record]:
    """The readings with these numbers, and those that are always looked at.

    Of a short file `most` outlying ones of each parameter are found here; those of a long series
    were found when it was read, and stand among what was treated (see `with_named`).
    """
    if blocks:
        return _in_blocks(source, blocks, drawn)
    rows = _fetched(LOOKED_AT, {
        "file": source.file_id, "offset": source.utc_offset_minutes, "drawn": list(drawn),
        "most": most, "far": json.dumps(_far(source)),
    })
    return [
        _record(row[:5], [why for why, holds in zip(REASONS, row[5:], strict=True) if holds])
        for row in rows
    ]


def _far(source: Source) -> dict[str, str]:
    """Above which value a reading of each parameter is outlying; none where most are alike."""
    spreads = parameters.constant("outlying_spreads")
    return {
        symbol: str(high + spreads * (high - low))
        for symbol, (low, high) in _fetched(QUARTILES, {"file": source.file_id}) if high > low
    }


def _in_blocks(source: Source, blocks: Sequence[Block], drawn: Sequence[int]) -> list[Record]:
    """The numbers wanted, then the blocks in which they lie: nothing else is taken apart."""
    why: dict[int, list[str]] = {}
    for number in drawn:
        why.setdefault(number, []).append("drawn")
    largest: dict[int, Block] = {}
    for _, own in groupby((each for each in blocks if each.size), key=lambda each: each.symbol):
        of_symbol = list(own)
        last = of_symbol[-1]
        why.setdefault(of_symbol[0].before + 1, []).append("first")
        why.setdefault(last.before + last.size, []).append("last")
        top = max(of_symbol, key=lambda each: each.highest or 0)
        largest[top.pk] = top
    found = []
    for block in blocks:
        numbers = range(block.before + 1, block.before + block.size + 1)
        wanted = {number for number in why if number in numbers}
        if not wanted and block.pk not in largest:
            continue
        inside = _fetched(WITHIN, {"block": block.pk, "offset": source.utc_offset_minutes})
        readings = dict(zip(numbers, inside, strict=True))
        if block.pk in largest:
            top_number = max(readings, key=lambda number: (Decimal(readings[number][3]), -number))
            why.setdefault(top_number, []).append("largest")
            wanted.add(top_number)
        found += [_record(readings[number], why[number]) for number in sorted(wanted)]
    return found


def _record(reading: tuple[int, str, datetime, str, str], why: list[str]) -> Record:
    row, symbol, at, value, unit = reading
    return {
        "key": key_of(row, symbol), "row": row, "symbol": symbol,
        "at": at.isoformat(" ", "minutes"), "value": value, "unit": unit, "why": why,
    }


def _fetched(statement: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def key_of(row: int, symbol: str) -> str:
    """What names a record among those of its file."""
    return f"{row}:{symbol}"


def with_named(
    found: Iterable[Record], treated: Iterable[Mapping[str, Any]],
    odd: Iterable[Mapping[str, Any]], most: int,
) -> list[Record]:
    """Those and the rows that the participant treated, or that were odd when the file was read;
    `most` rows of each kind of fault. A row of no reading is told as it stands in the file.
    """
    records = {each["key"]: each for each in found}
    for group in treated:
        for row, text in group["rows"][:most]:
            _name(records, int(row), str(group["column"]), str(text), "treated")
    for each in list(odd)[:most]:
        if each["row"] > 1:
            _name(records, int(each["row"]), str(each["column"]), str(each["message"]), "odd")
    return sorted(records.values(), key=lambda each: (each["symbol"], each["row"]))


def _name(records: dict[str, Record], row: int, column: str, text: str, why: str) -> None:
    symbol = column.partition(" ")[0]
    blank: Record = {
        "key": key_of(row, symbol), "row": row, "symbol": symbol, "at": "", "value": text,
        "unit": "", "why": [],
    }
    record = records.setdefault(blank["key"], blank)
    if why not in record["why"]:
        record["why"].append(why)
