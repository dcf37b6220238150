"""What a calculation is made from: the facts, the numbers by symbol, the rows of tables.

Read from the same JSON as the engine's (`{"facts": …, "inputs": …}`), but by this file alone. A
number is text, whole, decimal, or `{"value", "unit"}`; a measured one may be
`{"readings", "unit"}`, whose gaps (null) count as nothing or as the highest reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from projects.doe.second.sizes import CannotRecalculate, exact, factor

ZERO = Fraction(0)
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """One number: its symbol, the unit that the formulas take it in, what it is if not given.

    `measured` tells what every monitoring period has readings of, summed or, with `mean`, averaged;
    a gap in them counts as nothing with `gap_zero`, or else as the highest reading.
    """

    symbol: str
    unit: str
    default: Fraction | None = None
    gap_zero: bool = False
    measured: bool = False
    mean: bool = False


@dataclass(frozen=True, slots=True)
class RowNeed:
    """One table: the columns that tell rows apart, and the numbers of a row with their units."""

    symbol: str
    key: tuple[str, ...]
    numbers: tuple[Need, ...]
    optional: bool = False


Needs = tuple[Need | RowNeed, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label, its numbers, and all that was written in it."""

    label: str
    numbers: Mapping[str, Fraction]
    written: Mapping[str, Any]

    def __getitem__(self, column: str) -> Fraction:
        return self.numbers[column]


@dataclass(frozen=True, slots=True)
class Data:
    """The numbers in due units."""

    values: Mapping[str, Fraction]
    tables: Mapping[str, Sequence[Line]] = field(default_factory=dict)

    def __getitem__(self, symbol: str) -> Fraction:
        if symbol not in self.values:
            raise CannotRecalculate(f"{symbol} is missing.")
        return self.values[symbol]

    def lines(self, symbol: str) -> Sequence[Line]:
        """The rows of a table."""
        return self.tables.get(symbol, ())

    def flat(self) -> dict[str, Fraction]:
        """Every number by its symbol; one of a row as `table.column[label]`."""
        cells = {
            f"{table}.{column}[{line.label}]": number
            for table, lines in self.tables.items()
            for line in lines
            for column, number in line.numbers.items()
        }
        return {**self.values, **cells}


def read(needs: Needs, inputs: Mapping[str, Any]) -> Data:
    """The data of a calculation. Raises CannotRecalculate, naming what is missing or unknown."""
    unknown = sorted(set(inputs) - {need.symbol for need in needs})
    if unknown:
        raise CannotRecalculate(f"{unknown[0]} is not an input here.")
    values = {
        need.symbol: number(need, inputs.get(need.symbol))
        for need in needs
        if isinstance(need, Need)
    }
    tables = {
        need.symbol: lines(need, inputs.get(need.symbol))
        for need in needs
        if isinstance(need, RowNeed)
    }
    return Data(values, tables)


def number(need: Need, given: Any) -> Fraction:
    """One number in its due unit. Raises CannotRecalculate."""
    if given is None:
        if need.default is None:
            raise CannotRecalculate(f"{need.symbol} is missing.")
        return need.default
    if not isinstance(given, Mapping):
        return exact(given)
    size = factor(given["unit"], need.unit)
    if "readings" in given:
        return size * _sum(given["readings"], gap_zero=need.gap_zero)
    return size * exact(given["value"])


def quantity(facts: Facts, name: str, unit: str) -> Fraction:
    """A fact that is a number, in a due unit; zero where it is not told."""
    return number(Need(name, unit, ZERO), facts.get(name))


def _sum(readings: Sequence[Any], *, gap_zero: bool) -> Fraction:
    present = [exact(each) for each in readings if each is not None]
    gaps = len(readings) - len(present)
    stand_in = ZERO if gap_zero else max(present, default=ZERO)
    return sum(present, ZERO) + gaps * stand_in


def lines(need: RowNeed, given: Any) -> list[Line]:
    """The rows of a table, their numbers in due units. Raises CannotRecalculate."""
    if given is None and not need.optional:
        raise CannotRecalculate(f"{need.symbol} is missing.")
    found: list[Line] = []
    for row in given or ():
        label = ", ".join(str(row[name]).strip() for name in need.key)
        if any(label == line.label for line in found):
            raise CannotRecalculate(f"{need.symbol} has {label} twice.")
        numbers = {each.symbol: number(each, row.get(each.symbol)) for each in need.numbers}
        found.append(Line(label, numbers, row))
    return found


def together(*needs: Needs) -> Needs:
    """What several formulas need, each once."""
    return tuple({need.symbol: need for group in needs for need in group}.values())
