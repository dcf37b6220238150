"""Surveys of a sample: mean, standard error, confidence and precision, and the value that counts.

The rule is unverified, from general knowledge of the standard for sampling and surveys: the mean of
a simple random sample counts where half of its interval of confidence (90 per cent for small scale,
95 for large) is at most a tenth of it; otherwise the end of the interval that claims less. The
numbers are rule parameters. Pure: a table is checked row by row, one with an error is not used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from cdm_portal import parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects.methodologies import listed, units
from projects.methodologies.inputs import Parameter, Treatment
from projects.methodologies.listed import Lines
from projects.methodologies.tables import Cell, Table, UnreadableFile

PLACES = Decimal("1e-12")
ANSWERS: Mapping[str, Decimal] = {"yes": Decimal(1), "no": Decimal(0)}
LONGEST_UNIT = 80
UNIT, DAY, VALUE = "unit", "date", "value"
HUNDRED = Decimal(100)
SOURCE = (
    "standard for sampling and surveys, 90/10 for small and 95/10 for large scale: unverified, "
    "from general knowledge"
)


class Taken(StrEnum):
    """What of a survey counts."""

    MEAN = "mean"
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found at one unit: in the unit of the parameter; yes is 1 and no is 0 of a share."""

    row: int
    unit: str
    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample of `count` units of `population` comes to, in the unit of the parameter.

    `margin` is half the interval of confidence, `errors` standard errors wide; `precision` is its
    share of the mean in per cent, None where the mean is zero.
    """

    count: int
    population: int
    mean: Decimal
    deviation: Decimal
    error: Decimal
    errors: Decimal
    margin: Decimal
    precision: Decimal | None
    taken: Taken
    value: Decimal

    @property
    def reached(self) -> bool:
        """Whether the precision is what the rule asks for."""
        return self.taken is Taken.MEAN


def errors_of(scale: str) -> Decimal:
    """How many standard errors half the interval is, for a project of a scale."""
    return parameters.constant(f"survey_errors_{'small' if scale == 'small' else 'large'}")


def parse(table: Table, parameter: Parameter, days: Period) -> tuple[Answer, ...]:
    """The answers of a table with the columns unit, date and value, the last with its measure in
    brackets unless it is a share. Raises UnreadableFile, UnusableRows with every error.
    """
    header = [each.strip().lower() for each in table.header]
    given = next((each for each in header if each.partition("[")[0].strip() == VALUE), "")
    measure = _measure(table, header, given, parameter)
    plain = tuple(VALUE if each == given else each for each in header)
    where = listed.places(Table(plain, table.rows, table.header_row), (UNIT, DAY, VALUE))
    lines, found = Lines(), []
    first: dict[str, int] = {}
    for row in table.rows:
        lines.row = row.number
        lines.cells = {
            name: row.cells[place] if place < len(row.cells) else None
            for name, place in where.items()
        }
        answer = _answer(lines, parameter, measure, days)
        if answer is None:
            continue
        if answer.unit in first:
            lines.report(UNIT, f"'{answer.unit}' was already asked in row {first[answer.unit]}")
        first.setdefault(answer.unit, row.number)
        found.append(answer)
    lines.settle()
    return tuple(found)


def _measure(table: Table, header: Sequence[str], given: str, parameter: Parameter) -> str:
    """The unit of the column of values. Raises UnreadableFile."""
    if not given:
        raise UnreadableFile(f"The column 'value [{parameter.unit}]' is missing.")
    written = table.header[header.index(given)].partition("[")[2].removesuffix("]").strip()
    if not written and parameter.unit == units.SHARE:
        return parameter.unit
    try:
        units.convert(Decimal(1), written, parameter.unit)
    except units.UnitError as refusal:
        raise UnreadableFile(f"Write 'value [{parameter.unit}]': {refusal}") from refusal
    return written


def _answer(lines: Lines, parameter: Parameter, measure: str, days: Period) -> Answer | None:
    unit = lines.read(UNIT, lambda cell: listed.needed_text(cell, LONGEST_UNIT))
    day = lines.read(DAY, lambda cell: _day(cell, days))
    value = lines.read(VALUE, lambda cell: _value(cell, parameter, measure))
    if unit is None or day is None or value is None:
        return None
    return Answer(lines.row, unit, day, value)


def _day(cell: Cell, days: Period) -> date:
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        said = listed.text(cell)
        try:
            cell = date.fromisoformat(said)
        except ValueError:
            raise ValueError(f"'{said[:40]}' is not a day: write it like 2014-05-31") from None
    if not days.contains(cell):
        raise ValueError(f"{cell} is outside the period {days.first} to {days.last}")
    return cell


def _value(cell: Cell, parameter: Parameter, measure: str) -> Decimal:
    said = listed.text(cell)
    if not said:
        raise ValueError("is missing")
    if parameter.unit == units.SHARE and said.lower() in ANSWERS:
        return ANSWERS[said.lower()]
    value = units.convert(units.as_decimal(said), measure, parameter.unit)
    if problem := parameter.problem_with(value):
        raise ValueError(problem)
    if value != value.quantize(PLACES):
        raise ValueError(f"{said} has more than twelve decimals")
    return value


def estimate(
    values: Sequence[Decimal], population: int, parameter: Parameter, scale: str
) -> Estimate:
    """What a sample comes to. Raises Invalid at `population`, or at `file` for too few units."""
    count, least = len(values), int(parameters.constant("survey_units_min"))
    if population < count:
        raise Invalid.of("population", f"{count} units were asked: there are not fewer.")
    if count < min(least, population) or not count:
        raise Invalid.of(
            "file", f"The survey has {count} units; ask at least {min(least, population)}."
        )
    with units.arithmetic():
        mean = sum(values, Decimal(0)) / count
        squares = sum(((each - mean) ** 2 for each in values), Decimal(0))
        variance = squares / max(1, count - 1)
        error = (variance / count * (1 - Decimal(count) / population)).sqrt()
        errors = errors_of(scale)
        margin = errors * error
        limit = parameters.constant("survey_precision") / HUNDRED
        taken, value = _taken(mean, margin, limit, parameter)
        return Estimate(
            count, population, mean, variance.sqrt(), error, errors, margin,
            HUNDRED * margin / mean if mean else None, taken, value,
        )


def _taken(
    mean: Decimal, margin: Decimal, limit: Decimal, parameter: Parameter
) -> tuple[Taken, Decimal]:
    """What counts, to twelve decimals, rounded against the claim."""
    against = ROUND_FLOOR if parameter.treatment is Treatment.ZERO else ROUND_CEILING
    if margin <= limit * mean:
        return Taken.MEAN, mean.quantize(PLACES, rounding=against)
    if parameter.treatment is Treatment.ZERO:
        lowest = parameter.minimum if parameter.minimum is not None else mean - margin
        return Taken.LOWER, max(mean - margin, lowest).quantize(PLACES, rounding=against)
    highest = parameter.maximum if parameter.maximum is not None else mean + margin
    return Taken.UPPER, min(mean + margin, highest).quantize(PLACES, rounding=against)
