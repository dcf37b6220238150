"""A calculation asked for with a file of readings: what is metered comes from the file.

Beside version, facts and inputs the JSON has `period` and `readings`: `{"resolution": "hour",
"utc_offset": "+01:00", "columns": {"Zeit": "timestamp"}, "treatments": {"comma": "point"},
"gaps": "fill"}`, of which only the resolution is needed. A monitored parameter that is not among
the inputs is a column of the file, which is checked and summed as the portal does it. No fault is
treated and no gap filled unless that was asked for.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects.methodologies import codec, gwp, periods, readings, units
from projects.methodologies.facts import shown
from projects.methodologies.inputs import Aggregation, InputProblem, Parameter, UnusableInputs
from projects.methodologies.intervals import STEPS, Resolution
from projects.methodologies.readings import Gap
from projects.methodologies.series import checking, source, sums
from projects.methodologies.series.checking import Check
from projects.methodologies.series.headers import UnmappedColumns
from projects.methodologies.series.terms import (
    OFFERS,
    SAID,
    Choice,
    Fault,
    FaultGroup,
    Outcome,
    Wanted,
)
from projects.methodologies.tables import UnreadableFile
from projects.methodologies.totals import Totals

OFFSET = re.compile(r"([+-])(\d{2}):([0-5]\d)", re.ASCII)
FARTHEST = timedelta(hours=14)
TOLD = ("resolution", "utc_offset", "columns", "treatments", "gaps")
FILL = "fill"
ROWS_NAMED = 3
ADDED_UP = {"energy", "mass", "volume"}
"""The dimensions of what a meter or a scale adds up; a share or a content has no sum."""


class FaultyReadings(Invalid):
    """Readings with faults or gaps for which no treatment was asked."""

    code = "faulty_readings"


@dataclass(frozen=True, slots=True)
class Told:
    """How the file is to be read, as the JSON says."""

    resolution: Resolution
    zone: timezone
    columns: Mapping[str, str]
    treatments: Mapping[str, Choice]
    fill: bool


@dataclass(frozen=True, slots=True)
class Metered:
    """What a file came to: its rows, its hash, the value of every column in its due unit."""

    filename: str
    sha256: str
    row_count: int
    totals: Totals

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; decimals as plain text."""
        return {
            "file": self.filename, "sha256": self.sha256, "rows": self.row_count,
            "values": [
                {"symbol": symbol, "value": units.plain(value), "unit": self.totals.units[symbol],
                 "readings": self.totals.readings[symbol], "filled": self.totals.filled[symbol]}
                for symbol, value in self.totals.values.items()
            ],
        }

    def lines(self) -> list[str]:
        """The same for a person."""
        return [f"{self.filename}: {self.row_count:,} rows, SHA-256 {self.sha256}"] + [
            f"{symbol} = {units.plain(value)} {self.totals.units[symbol]} from "
            f"{self.totals.readings[symbol]:,} readings, {self.totals.filled[symbol]:,} filled"
            for symbol, value in self.totals.values.items()
        ]


def read_file(path: Path) -> bytes:
    """The bytes of a file of readings. Raises UnreadableFile before reading too many, OSError."""
    try:
        source.refuse_size(path.stat().st_size)
    except UnreadableFile as refusal:
        raise Invalid.of(path.name, refusal.reason) from refusal
    return path.read_bytes()


def with_readings(
    code: str, data: object, filename: str, content: bytes
) -> tuple[dict[str, Any], Metered]:
    """The JSON of a calculation with the sums of the readings among its inputs.

    Raises what `codec.question` does, and Invalid by the place in the file: FaultyReadings.
    """
    given = dict(data) if isinstance(data, Mapping) else {}
    told = _told(given.pop("readings", None))
    question = codec.question(code, given if isinstance(data, Mapping) else data)
    period = _period(question.period, told.resolution)
    asked_for = [
        each for each in question.calculable.monitored(question.facts)
        if each.symbol not in given["inputs"]
    ]
    _refuse_single(asked_for)
    wanted = Wanted(
        readings.columns_of(
            asked_for, told.resolution, getattr(question.facts, "capacity_mw", None)
        ),
        period.first, period.last, told.resolution, told.zone, told.columns,
    )
    outcome, totals = _read(wanted, told, filename, content)
    found = {
        symbol: {"value": units.plain(value), "unit": totals.units[symbol]}
        for symbol, value in totals.values.items()
    }
    metered = Metered(
        filename, hashlib.sha256(content).hexdigest(), outcome.row_count, totals
    )
    return given | {"inputs": {**given["inputs"], **found}}, metered


def _told(given: object) -> Told:
    if not isinstance(given, Mapping):
        raise UnusableInputs([InputProblem("readings", 'is missing: {"resolution": "hour"}')])
    problems = [
        InputProblem(f"readings.{name}", f"is not asked here; known are {', '.join(TOLD)}")
        for name in given if name not in TOLD
    ]
    resolution, zone = str(given.get("resolution", "")), _zone(given.get("utc_offset"))
    if resolution not in STEPS:
        said = f"{shown(resolution)} is not one of {', '.join(STEPS)}"
        problems.append(InputProblem("readings.resolution", said))
    if zone is None:
        said = f"{shown(given['utc_offset'])} is no offset, written like +01:00"
        problems.append(InputProblem("readings.utc_offset", said))
    columns, treatments = (given.get(name, {}) for name in ("columns", "treatments"))
    problems += _unnamed("columns", columns) or []
    problems += _unnamed("treatments", treatments) or _unoffered(treatments)
    if given.get("gaps", FILL) != FILL:
        problems.append(InputProblem("readings.gaps", f"is '{FILL}' or left out"))
    if problems:
        raise UnusableInputs(problems)
    return Told(
        Resolution(resolution), zone or UTC, columns,
        {fault: Choice(choice) for fault, choice in treatments.items()}, "gaps" in given,
    )


def _unnamed(name: str, given: object) -> list[InputProblem]:
    if isinstance(given, Mapping) and all(isinstance(each, str) for each in given.values()):
        return []
    return [InputProblem(f"readings.{name}", "is not an object of names and texts")]


def _unoffered(given: Mapping[str, str]) -> list[InputProblem]:
    problems = []
    for fault, choice in given.items():
        offers = OFFERS[Fault(fault)] if fault in set(Fault) else ()
        if choice not in offers:
            said = f"{shown(choice)} is not one of {', '.join(offers)}" if offers else (
                f"is no fault; known are {', '.join(Fault)}"
            )
            problems.append(InputProblem(f"readings.treatments.{fault}", said))
    return problems


def _zone(given: object) -> timezone | None:
    if given is None:
        return UTC
    told = OFFSET.fullmatch(given) if isinstance(given, str) else None
    if told is None:
        return None
    span = timedelta(hours=int(told[2]), minutes=int(told[3]))
    if span > FARTHEST:
        return None
    return timezone(-span if told[1] == "-" else span)


def _period(period: Period | None, resolution: Resolution) -> Period:
    if period is None:
        said = 'is missing: readings need its days, {"from": "…", "to": "…"}'
        raise UnusableInputs([InputProblem("period", said)])
    count = period.days * (timedelta(days=1) // STEPS[resolution])
    if count > source.MAX_SERIES_ROWS:
        said = (f"has {count:,} intervals of a {resolution}; at most {source.MAX_SERIES_ROWS:,} "
                "are read: calculate shorter periods one by one")
        raise UnusableInputs([InputProblem("period", said)])
    return period


def _refuse_single(asked_for: Sequence[Parameter]) -> None:
    """What is one number for a period is no series."""
    single = [
        InputProblem(each.symbol, f"is missing ({each.meaning}, {each.unit}): one value for the "
                     "period, to be given among the inputs")
        for each in asked_for
        if each.aggregation is Aggregation.SUM
        and units.DIMENSION_OF.get(each.unit) not in ADDED_UP
    ]
    if single:
        raise UnusableInputs(single)


def _read(
    wanted: Wanted, told: Told, filename: str, content: bytes
) -> tuple[Outcome, Totals]:
    try:
        with source.engine() as (made, folder):
            outcome, done = checking.check(
                made, folder, wanted, filename, content, told.treatments
            )
            if outcome.open:
                raise FaultyReadings(_faults(filename, outcome.open))
            if outcome.gaps and not told.fill:
                raise FaultyReadings(_gaps(filename, wanted, outcome.gaps))
            return outcome, _totals(done, outcome)
    except UnmappedColumns as refusal:
        said = f"{refusal.reason} Head its columns so, or name them under readings.columns."
        raise Invalid.of(filename, said) from refusal
    except UnreadableFile as refusal:
        raise Invalid.of(filename, refusal.reason) from refusal


def _totals(done: Check, outcome: Outcome) -> Totals:
    wanted = done.wanted
    numbers = {column.symbol: number for number, column in enumerate(wanted.columns)}
    share = periods.Share(
        Period(wanted.first, wanted.last), gwp.commitment_period(wanted.first, wanted.last)
    )
    [totals] = sums.totals_of(
        lambda column: (
            sums.Part(wanted.at(each.first_slot), each.unit, each.decimals, each.amounts)
            for each in done.blocks(numbers[column.symbol])
        ),
        wanted.columns, outcome.gaps, [share], step=wanted.step, zone=wanted.zone,
    )
    return totals


def _faults(filename: str, groups: Sequence[FaultGroup]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group in groups:
        numbers = [str(each.row) for each in group.rows[:ROWS_NAMED]]
        more = group.count - len(numbers)
        rows = f"rows {', '.join(numbers)}" if group.count > 1 else f"row {numbers[0]}"
        place = f"{filename}, {rows}{f' and {more:,} more' if more else ''}, {group.column}"
        text = f"'{group.rows[0].text}'" if group.rows[0].text else "an empty cell"
        found.setdefault(place, []).append(
            f"{text} {SAID[group.fault]}; mend the file, or ask for "
            f"readings.treatments.{group.fault}: {' or '.join(OFFERS[group.fault])}"
        )
    return found


def _gaps(filename: str, wanted: Wanted, gaps: Sequence[Gap]) -> dict[str, list[str]]:
    found = {}
    for column in wanted.columns:
        own = [gap for gap in gaps if gap.symbol == column.symbol]
        if own:
            count = sum(gap.missing_count for gap in own)
            first = own[0].first.astimezone(wanted.zone)
            found[f"{filename}, {column.symbol}"] = [
                f"{count:,} reading{'s are' if count > 1 else ' is'} missing, from "
                f"{first:%Y-%m-%d %H:%M} on; complete the file, or ask for readings.gaps: {FILL}, "
                "which counts them against the claim"
            ]
    return found
