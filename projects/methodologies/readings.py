"""Monitoring data: a table of readings in, numbers and every fault out, row by row.

Layout: the first column is `timestamp` (or `period`) and names the beginning of an interval in
ISO 8601; every other column is one parameter, headed by its symbol and unit: `EG_export [kWh]`.
A time without an offset is in the project's standard time, which has no summer time. Values are
converted to the parameter's unit; nothing is guessed, nothing is left out silently.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timezone
from decimal import Decimal
from enum import StrEnum

from cdm_portal import parameters as rules
from projects.methodologies import intervals, units
from projects.methodologies.inputs import Aggregation, Parameter, Treatment
from projects.methodologies.intervals import Resolution
from projects.methodologies.tables import Cell, Row, Table, UnreadableFile, read_table

TIME_HEADERS = ("timestamp", "period")
TOLERANCE = rules.constant("full_load_tolerance")
MOST_PROBLEMS = 1_000
WIDE = "more cells than the header: a comma as decimal sign parts a number in two"


class Severity(StrEnum):
    """An error keeps the data from being used; a warning asks to be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Column:
    """A parameter that the table must hold, in the unit in which the methodology wants it.

    `largest` is the highest plausible value of one reading in that unit, if there is one.
    """

    symbol: str
    unit: str
    largest: Decimal | None = None
    treatment: Treatment = Treatment.HIGHEST
    aggregation: Aggregation = Aggregation.SUM

    @classmethod
    def of(cls, parameter: Parameter, *, largest: Decimal | None = None) -> "Column":
        """The column for a monitored parameter."""
        return cls(
            parameter.symbol, parameter.unit, largest, parameter.treatment, parameter.aggregation
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One value: the row it is from, the instant (UTC) at which its interval begins."""

    row_number: int
    at: datetime
    symbol: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A fault of the file at a row (as numbered in the file) and a column."""

    row: int
    column: str
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive intervals without a reading; `first` and `last` are their beginnings (UTC)."""

    symbol: str
    first: datetime
    last: datetime
    missing_count: int
    treatment: Treatment

    @property
    def key(self) -> str:
        """What the participant accepts: this gap at this size, and no other."""
        return f"{self.symbol}@{self.first:%Y-%m-%dT%H:%MZ}+{self.missing_count}"


@dataclass(frozen=True, slots=True)
class ParsedReadings:
    """Everything a table held and lacked for a period."""

    rows: tuple[Reading, ...]
    problems: tuple[RowProblem, ...]
    gaps: tuple[Gap, ...]
    columns: tuple[Column, ...]
    resolution: Resolution
    problem_count: int

    @property
    def usable(self) -> bool:
        """Whether no error keeps the data from being used (gaps are settled one by one)."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def plausible_maximum(capacity_mw: Decimal, resolution: Resolution) -> Decimal:
    """The most MWh that a plant plausibly delivers in one interval: full load and a tolerance."""
    return capacity_mw * intervals.LONGEST_HOURS[resolution] * TOLERANCE


def columns_of(
    monitored: Sequence[Parameter], resolution: Resolution, capacity_mw: Decimal | None
) -> tuple[Column, ...]:
    """The columns for monitored parameters; electricity of a plant has a highest plausible value.
    """
    largest = None if capacity_mw is None else plausible_maximum(capacity_mw, resolution)
    return tuple(
        Column.of(each, largest=largest if each.unit == units.MWH else None) for each in monitored
    )


@dataclass(slots=True)
class _Source:
    """A column of the table that holds a wanted parameter."""

    index: int
    header: str
    unit: str
    column: Column
    beginnings: set[datetime] = field(default_factory=set)


@dataclass(slots=True)
class _Parser:
    """The state of one pass over a table."""

    due: intervals.Due
    columns: tuple[Column, ...]
    width: int
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    has_error: bool = False
    readings: list[Reading] = field(default_factory=list)
    first_rows: dict[datetime, int] = field(default_factory=dict)
    latest: datetime | None = None

    def report(
        self, row: int, column: str, message: str, severity: Severity = Severity.ERROR
    ) -> None:
        self.problem_count += 1
        is_first_error = severity is Severity.ERROR and not self.has_error
        self.has_error = self.has_error or severity is Severity.ERROR
        if len(self.problems) < MOST_PROBLEMS or is_first_error:
            self.problems.append(RowProblem(row, column, message, severity))

    def sources(self, table: Table) -> list[_Source]:
        """The columns to read; reports headers that are missing, doubled, unknown or unfit."""
        wanted = {column.symbol: column for column in self.columns}
        found: dict[str, _Source] = {}
        for index, header in enumerate(table.header[1:], start=1):
            if not header:
                continue
            symbol, _, rest = header.partition("[")
            symbol = symbol.strip()
            if symbol not in wanted:
                message = "this column is not asked for and was not read"
                self.report(table.header_row, header, message, Severity.WARNING)
            elif symbol in found:
                self.report(table.header_row, header, f"{symbol} has two columns")
            else:
                unit = rest.removesuffix("]").strip()
                found[symbol] = _Source(index, header, unit, wanted[symbol])
        for symbol in (each for each in wanted if each not in found):
            due = f"{symbol} [{wanted[symbol].unit}]"
            self.report(table.header_row, symbol, f"the column '{due}' is missing")
        return [source for source in found.values() if self._unit_fits(source, table.header_row)]

    def _unit_fits(self, source: _Source, row: int) -> bool:
        due, symbol = source.column.unit, source.column.symbol
        if not source.unit:
            self.report(row, source.header, f"the unit is missing: write '{symbol} [{due}]'")
            return False
        try:
            units.convert(Decimal(1), source.unit, due)
        except units.UnitError as refusal:
            self.report(row, source.header, str(refusal))
            return False
        return True

    def read(self, row: Row, time_header: str, sources: Sequence[_Source]) -> None:
        """Take one row: its beginning first, then every value."""
        cell = row.cells[0] if row.cells else None
        if any(each not in (None, "") for each in row.cells[self.width:]):
            self.report(row.number, time_header, WIDE)
            return
        try:
            beginning = self.due.beginning(cell)
        except ValueError as refusal:
            self.report(row.number, time_header, str(refusal))
            return
        if (earlier := self.first_rows.get(beginning)) is not None:
            message = f"{self.due.shown(beginning)} was already given in row {earlier}"
            self.report(row.number, time_header, message)
            return
        if self.latest is not None and beginning < self.latest:
            message = f"{self.due.shown(beginning)} comes after a later time: rows are not in order"
            self.report(row.number, time_header, message, Severity.WARNING)
        self.first_rows[beginning] = row.number
        self.latest = max(beginning, self.latest or beginning)
        for source in sources:
            self._read_value(row, beginning, source)

    def _read_value(self, row: Row, beginning: datetime, source: _Source) -> None:
        cell = row.cells[source.index] if source.index < len(row.cells) else None
        if cell is None or cell == "":
            return
        source.beginnings.add(beginning)  # a faulty value is an error, not also a gap
        column = source.column
        try:
            given = _number(cell)
        except ValueError as refusal:
            self.report(row.number, source.header, str(refusal))
            return
        value = units.convert(given, source.unit, column.unit)
        if problem := _implausible(value, column, source.unit):
            self.report(row.number, source.header, problem)
            return
        self.readings.append(Reading(row.number, beginning, column.symbol, value, column.unit))

    def gaps(self, sources: Sequence[_Source]) -> Iterator[Gap]:
        """Runs of intervals for which a readable column has no value."""
        for source in sources:
            run: list[datetime] = []
            for beginning in self.due.beginnings:
                if beginning not in source.beginnings:
                    run.append(beginning)
                elif run:
                    yield _gap(source.column, run)
                    run = []
            if run:
                yield _gap(source.column, run)


def _gap(column: Column, run: Sequence[datetime]) -> Gap:
    return Gap(column.symbol, run[0], run[-1], len(run), column.treatment)


def parse_readings(
    table: Table,
    *,
    parameters: Sequence[Column],
    period_first: date,
    period_last: date,
    resolution: Resolution,
    zone: timezone = UTC,
) -> ParsedReadings:
    """The readings of a period, with every problem and every gap.

    `zone` is the project's standard time as a fixed offset: in it the days of the period begin and
    times without an offset are read. Raises nothing for bad data: problems tell it row by row.
    """
    due = intervals.Due.of(period_first, period_last, resolution, zone)
    parser = _Parser(due, tuple(parameters), len(table.header))
    time_header = table.header[0] if table.header else ""
    if time_header.lower() not in TIME_HEADERS:
        parser.report(
            table.header_row,
            time_header,
            "the first column must be 'timestamp' (or 'period') and hold the beginning of each "
            f"{resolution}",
        )
        return _result(parser, resolution, ())
    sources = parser.sources(table)
    for row in table.rows:
        parser.read(row, time_header, sources)
    return _result(parser, resolution, tuple(parser.gaps(sources)))


def _result(parser: _Parser, resolution: Resolution, gaps: tuple[Gap, ...]) -> ParsedReadings:
    readings = tuple(sorted(parser.readings, key=lambda reading: (reading.at, reading.symbol)))
    return ParsedReadings(
        rows=readings,
        problems=tuple(parser.problems),
        gaps=gaps,
        columns=parser.columns,
        resolution=resolution,
        problem_count=parser.problem_count,
    )


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, str):
        if cell.startswith("="):
            raise ValueError("the cell holds a formula: paste its value")
        return units.as_decimal(cell)
    if isinstance(cell, Decimal):
        return units.as_decimal(cell)
    raise ValueError(f"'{cell}' is not a number")


def _implausible(value: Decimal, column: Column, given_unit: str) -> str | None:
    if value < 0:
        return f"{units.plain(value)} {column.unit} is negative"
    if column.largest is None or value <= column.largest:
        return None
    limit = f"the plant can deliver at most {column.largest:f} {column.unit} in that time"
    if given_unit == units.MWH and units.convert(value, "kWh", units.MWH) <= column.largest:
        return f"{units.plain(value)} {column.unit} looks like kWh: {limit}"
    return f"{units.plain(value)} {column.unit} is implausible: {limit}"


def template_csv(
    parameters: Sequence[Column],
    *,
    period_first: date,
    period_last: date,
    resolution: Resolution,
    zone: timezone = UTC,
    values: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The lines of a table that this parser accepts, to be filled in; `values` fills a sample."""
    due = intervals.Due.of(period_first, period_last, resolution, zone)
    filled = values or {}
    yield ",".join(["timestamp", *(f"{c.symbol} [{c.unit}]" for c in parameters)]) + "\r\n"
    ending = ",".join(["", *(filled.get(c.symbol, "") for c in parameters)]) + "\r\n"
    for beginning in due.beginnings:
        yield due.written(beginning) + ending


__all__ = [
    "Column",
    "Gap",
    "ParsedReadings",
    "Reading",
    "Resolution",
    "Row",
    "RowProblem",
    "Severity",
    "Table",
    "UnreadableFile",
    "parse_readings",
    "plausible_maximum",
    "read_table",
    "template_csv",
]
