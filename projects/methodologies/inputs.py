"""Parameters of a methodology and the check of what is given for them.

Every input goes by its published symbol. What is unknown, missing, not a number, in a wrong unit or
out of range is named by that symbol, all of it at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from cdm_portal.refusals import Invalid
from projects.methodologies import units
from projects.methodologies.calculation import Input
from projects.methodologies.facts import Fact, FactKind, Value, out_of_range, shown
from projects.methodologies.units import Quantity

OWN_BOUND = "a bound of plausibility set by this portal"
ZERO = Decimal(0)

Given = Decimal | int | str | Quantity
GivenRows = Sequence[Mapping[str, object]]
Givens = Mapping[str, Given | GivenRows]


class Kind(StrEnum):
    """When the value of a parameter is settled."""

    FIXED = "fixed"  # in the design document, for the crediting period
    MONITORED = "monitored"  # measured in every monitoring period
    DATED = "dated"  # follows from the date of the reductions


class Aggregation(StrEnum):
    """How the readings of a monitored parameter become one value for a period."""

    SUM = "sum"
    MEAN = "mean"


class Treatment(StrEnum):
    """What stands in for a missing reading, always to the disadvantage of the claim."""

    ZERO = "zero"  # a missing export counts as nothing exported
    HIGHEST = "highest"  # a missing use of fuel or power counts as the highest one recorded


@dataclass(frozen=True, slots=True)
class Parameter:
    """One datum of a methodology under its published symbol.

    `default` fills in for a value not given, except for a monitored parameter after the fact: that
    one must have been measured. `minimum` and `maximum` are both allowed values; a
    `positive` one lies above zero, as what is divided by has to.
    """

    symbol: str
    unit: str
    meaning: str
    kind: Kind
    source: str
    default: Decimal | None = None
    minimum: Decimal | None = ZERO
    maximum: Decimal | None = None
    frequency: str = ""
    aggregation: Aggregation = Aggregation.SUM
    treatment: Treatment = Treatment.HIGHEST
    positive: bool = False
    validity: str = ""

    def problem_with(self, value: Decimal) -> str | None:
        """Why this number (in the parameter's unit) cannot be, or None."""
        if self.positive and value <= 0:
            return f"{units.plain(value)} is not above zero"
        return out_of_range(value, self.unit, self.minimum, self.maximum)

    def as_dict(self) -> dict[str, object]:
        """The declaration, JSON-safe; decimals as plain text."""
        return {
            "symbol": self.symbol,
            "unit": self.unit,
            "meaning": self.meaning,
            "kind": self.kind.value,
            "source": self.source,
            "default": _plain(self.default),
            "validity": self.validity,
            "minimum": _plain(self.minimum),
            "maximum": _plain(self.maximum),
            "frequency": self.frequency,
        }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else units.plain(number)


Column = Parameter | Fact


@dataclass(frozen=True, slots=True)
class Table:
    """An indexed parameter: rows of named columns, such as waste by type and year.

    Columns are Parameters (numbers with a unit) and Facts (texts, choices, whole numbers, days,
    truths). `key` names the columns that tell rows apart; two rows with the same key are refused.
    """

    symbol: str
    meaning: str
    columns: tuple[Column, ...]
    kind: Kind
    source: str
    key: tuple[str, ...] = ()
    least_rows: int = 1

    def as_dict(self) -> dict[str, object]:
        """The declaration, JSON-safe."""
        return {
            "symbol": self.symbol,
            "meaning": self.meaning,
            "kind": self.kind.value,
            "source": self.source,
            "key": list(self.key),
            "columns": [each.as_dict() for each in self.columns],
        }


def name_of(column: Column) -> str:
    """By which name a row holds this column."""
    return column.symbol if isinstance(column, Parameter) else column.name


@dataclass(frozen=True, slots=True)
class Row:
    """One checked row of a table; its numbers are in the units of their columns."""

    label: str
    cells: Mapping[str, Value]
    units: Mapping[str, str] = field(repr=False)

    def __getitem__(self, name: str) -> Decimal:
        """The number in a column."""
        return Decimal(cell) if isinstance(cell := self.cells[name], int) else _as(Decimal, cell)

    def text(self, name: str) -> str:
        """The text or choice in a column."""
        return _as(str, self.cells[name])

    def day(self, name: str) -> date:
        """The day in a column."""
        return _as(date, self.cells[name])

    def flag(self, name: str) -> bool:
        """The truth in a column."""
        return _as(bool, self.cells[name])

    def of(self, *names: str) -> tuple[Input, ...]:
        """The named numbers as they are shown beside a formula."""
        return tuple(Input(f"{n}[{self.label}]", self[n], self.units[n]) for n in names)


T = TypeVar("T")


def _as(kind: type[T], cell: Value) -> T:
    if not isinstance(cell, kind):
        raise TypeError(f"{cell!r} is no {kind.__name__}")
    return cell


@dataclass(frozen=True, slots=True)
class InputProblem:
    """What is wrong with one input."""

    symbol: str
    message: str


class UnusableInputs(Invalid):
    """Inputs that are unknown, missing, not numbers, in a wrong unit or out of range."""

    code = "unusable_inputs"

    def __init__(self, problems: Sequence[InputProblem]) -> None:
        self.problems = tuple(problems)
        by_symbol: dict[str, list[str]] = {}
        for problem in self.problems:
            by_symbol.setdefault(problem.symbol, []).append(problem.message)
        super().__init__(by_symbol)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Checked values in the units of their parameters; asked by symbol."""

    values: Mapping[str, Decimal]
    parameters: Mapping[str, Parameter] = field(repr=False)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def __getitem__(self, symbol: str) -> Decimal:
        return self.values[symbol]

    def rows(self, symbol: str) -> tuple[Row, ...]:
        """The rows of an indexed parameter."""
        return self.tables[symbol]

    def of(self, *symbols: str) -> tuple[Input, ...]:
        """The named inputs as they are shown beside a formula."""
        return tuple(Input(s, self.values[s], self.parameters[s].unit) for s in symbols)


def distinct(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Each parameter once, for what several tools ask for alike.

    Raises RuntimeError if two that differ go by one symbol: their numbers would be taken for one.
    """
    found: dict[str, Parameter] = {}
    for each in parameters:
        if found.setdefault(each.symbol, each) != each:
            raise RuntimeError(f"two parameters that differ go by the symbol {each.symbol}")
    return tuple(found.values())


def check_inputs(
    parameters: Sequence[Parameter],
    given: Givens,
    *,
    tables: Sequence[Table] = (),
    measured: bool = False,
) -> Inputs:
    """The inputs of a calculation, in the declared units, defaults filled in.

    A bare number is taken to be in the parameter's unit; a Quantity is converted. With `measured`,
    a monitored parameter must be given even where an estimate may fall back on a default.
    Raises UnusableInputs naming every input that cannot be used; a cell as `symbol[row].column`.
    """
    known = {parameter.symbol: parameter for parameter in parameters}
    indexed = {table.symbol: table for table in tables}
    problems = [
        InputProblem(symbol, "is not an input of this calculation")
        for symbol in given
        if symbol not in known and symbol not in indexed
    ]
    values: dict[str, Decimal] = {}
    for symbol, parameter in known.items():
        try:
            values[symbol] = _value_of(parameter, given.get(symbol), measured=measured)
        except ValueError as refusal:
            problems.append(InputProblem(symbol, str(refusal)))
    found = {
        symbol: _rows_of(table, given.get(symbol), problems, measured=measured)
        for symbol, table in indexed.items()
    }
    if problems:
        raise UnusableInputs(problems)
    return Inputs(values, known, found)


def _value_of(parameter: Parameter, given: object, *, measured: bool) -> Decimal:
    if given is None or (isinstance(given, str) and not given.strip()):
        if parameter.default is None or (measured and parameter.kind is Kind.MONITORED):
            raise ValueError(f"is missing ({parameter.meaning}, {parameter.unit})")
        return parameter.default
    value = _number_in(parameter.unit, given)
    if problem := parameter.problem_with(value):
        raise ValueError(problem)
    return value


def _number_in(unit: str, given: object) -> Decimal:
    if isinstance(given, Quantity):
        return Quantity(units.as_decimal(given.value), given.unit).in_unit(unit)
    return units.as_decimal(given)


def _rows_of(
    table: Table, given: object, problems: list[InputProblem], *, measured: bool
) -> tuple[Row, ...]:
    """The checked rows; what is wrong is added to `problems`."""
    if given is None and table.least_rows == 0:
        return ()
    if given is None:
        problems.append(InputProblem(table.symbol, f"is missing ({table.meaning}, a list of rows)"))
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        problems.append(InputProblem(table.symbol, f"{shown(given)} is not a list of rows"))
        return ()
    if len(given) < table.least_rows:
        problems.append(InputProblem(table.symbol, f"needs at least {table.least_rows} row(s)"))
    rows: list[Row] = []
    seen: dict[tuple[Value, ...], int] = {}
    for number, each in enumerate(given, start=1):
        cells = _cells_of(table, number, each, problems, measured=measured)
        if cells is None:
            continue
        key = tuple(cells[name] for name in table.key)
        if table.key and key in seen:
            problems.append(InputProblem(f"{table.symbol}[{number}]", f"repeats row {seen[key]}"))
        seen.setdefault(key, number)
        label = ", ".join(str(part) for part in key) or str(number)
        rows.append(Row(label, cells, {name_of(c): c.unit for c in table.columns}))
    return tuple(rows)


def _cells_of(
    table: Table, number: int, given: object, problems: list[InputProblem], *, measured: bool
) -> dict[str, Value] | None:
    place = f"{table.symbol}[{number}]"
    if not isinstance(given, Mapping):
        problems.append(InputProblem(place, "is not a row of named columns"))
        return None
    columns = {name_of(column): column for column in table.columns}
    found = [
        InputProblem(f"{place}.{name}", "is not a column of this table")
        for name in given
        if name not in columns
    ]
    cells: dict[str, Value] = {}
    for name, column in columns.items():
        try:
            cells[name] = _cell(column, given.get(name), measured=measured)
        except ValueError as refusal:
            found.append(InputProblem(f"{place}.{name}", str(refusal)))
    problems += found
    return None if found else cells


def _cell(column: Column, given: object, *, measured: bool) -> Value:
    if isinstance(column, Parameter):
        return _value_of(column, given, measured=measured)
    if given is None and not column.required:
        return False if column.kind is FactKind.FLAG else ""
    if given is None:
        raise ValueError(f"is missing ({column.meaning})")
    return column.read(given)
