"""The readings behind one value of a published report, page by page, down to the row of the file.

A page begins at a moment and holds so many readings; short files keep a row for each reading, long
ones blocks. Nothing here writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from projects.methodologies import units
from projects.models import MonitoringPeriod
from projects.participant.models import MonitoringReport, ReadingsBlock, ReadingsFile

SIZE = 100
BLOCKS = 8
"""How many blocks are read at once: the first may hold a few readings only."""


class Line(NamedTuple):
    """One reading: the row of the file, when its interval begins (project's standard time)."""

    row: int
    at: datetime
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of readings; `following` is the moment at which the next one begins."""

    lines: tuple[Line, ...]
    following: datetime | None


def public_report(period: MonitoringPeriod) -> MonitoringReport | None:
    """The newest version of a period's report that a DOE has published."""
    return (
        MonitoringReport.objects.filter(period=period, document__public=True)
        .select_related("period__project", "document", "readings_file__document__blob")
        .defer("readings_file__document__blob__data")
        .order_by("-version")
        .first()
    )


def zone_of(file: ReadingsFile) -> timezone:
    """The project's standard time, in which the file was written."""
    return timezone(timedelta(minutes=file.utc_offset_minutes))


def moment(text: str, zone: timezone) -> datetime | None:
    """A moment as an address or a form names it; without an offset it is standard time."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def page(file: ReadingsFile, symbol: str, start: datetime | None, *, size: int = SIZE) -> Slice:
    """The readings of a parameter from a moment on; from the first one without it."""
    zone = zone_of(file)
    found: list[Line] = []
    for line in (
        _of_blocks(file, symbol, start, zone)
        if file.source_id
        else (_of_rows(file, symbol, start, zone, size + 1))
    ):
        found.append(line)
        if len(found) > size:
            break
    following = found[size].at if len(found) > size else None
    return Slice(tuple(found[:size]), following)


def _of_rows(
    file: ReadingsFile, symbol: str, start: datetime | None, zone: timezone, most: int
) -> Iterator[Line]:
    rows = file.readings.filter(symbol=symbol)
    rows = rows.filter(at__gte=start) if start else rows
    for row in rows.order_by("at")[:most]:
        yield Line(row.row_number, row.at.astimezone(zone), _plain(row.value), row.unit)


def _of_blocks(
    file: ReadingsFile, symbol: str, start: datetime | None, zone: timezone
) -> Iterator[Line]:
    blocks: QuerySet[Any] = ReadingsBlock.objects.filter(source_id=file.source_id, symbol=symbol)
    if start:
        last = blocks.filter(first_at__lte=start).order_by("-first_at").first()
        blocks = blocks.filter(first_at__gte=last.first_at) if last else blocks
    for block in blocks.order_by("first_at").iterator(chunk_size=BLOCKS):
        step = timedelta(seconds=block.step_seconds)
        for place, (amount, row) in enumerate(zip(block.amounts, block.rows, strict=True)):
            at = block.first_at + place * step
            if amount is not None and (start is None or at >= start):
                with units.arithmetic():
                    value = Decimal(amount).scaleb(-block.decimals)
                yield Line(row or 0, at.astimezone(zone), value, block.unit)


def _plain(value: Decimal) -> Decimal:
    with units.arithmetic():
        return value.normalize()
