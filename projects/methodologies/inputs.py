"""Parameters of a methodology and the check of what is given for them.

Every input goes by its published symbol. What is unknown, missing, not a number, in a wrong unit or
out of range is named by that symbol, all of it at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from cdm_portal.refusals import Invalid
from projects.methodologies import units
from projects.methodologies.calculation import Input
from projects.methodologies.units import Quantity

OWN_BOUND = "a bound of plausibility set by this portal"
ZERO = Decimal(0)

Given = Decimal | int | str | Quantity


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
    one must have been measured. `minimum` and `maximum` are both allowed values.
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

    def problem_with(self, value: Decimal) -> str | None:
        """Why this number (in the parameter's unit) cannot be, or None."""
        low, high = self.minimum, self.maximum
        if (low is None or value >= low) and (high is None or value <= high):
            return None
        unit = "" if self.unit == units.SHARE else f" {self.unit}"
        if low is not None and high is not None:
            allowed = f"between {units.plain(low)} and {units.plain(high)}{unit}"
        elif low is not None:
            allowed = f"at least {units.plain(low)}{unit}"
        else:
            allowed = f"at most {units.plain(high or ZERO)}{unit}"
        return f"{units.plain(value)}{unit} is out of range: {allowed}"


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

    def __getitem__(self, symbol: str) -> Decimal:
        return self.values[symbol]

    def of(self, *symbols: str) -> tuple[Input, ...]:
        """The named inputs as they are shown beside a formula."""
        return tuple(Input(s, self.values[s], self.parameters[s].unit) for s in symbols)


def check_inputs(
    parameters: Sequence[Parameter], given: Mapping[str, Given], *, measured: bool = False
) -> Inputs:
    """The inputs of a calculation, in the declared units, defaults filled in.

    A bare number is taken to be in the parameter's unit; a Quantity is converted. With `measured`,
    a monitored parameter must be given even where an estimate may fall back on a default.
    Raises UnusableInputs naming every input that cannot be used.
    """
    known = {parameter.symbol: parameter for parameter in parameters}
    problems = [
        InputProblem(symbol, "is not an input of this calculation")
        for symbol in given
        if symbol not in known
    ]
    values: dict[str, Decimal] = {}
    for symbol, parameter in known.items():
        try:
            values[symbol] = _value_of(parameter, given.get(symbol), measured=measured)
        except ValueError as refusal:
            problems.append(InputProblem(symbol, str(refusal)))
    if problems:
        raise UnusableInputs(problems)
    return Inputs(values, known)


def _value_of(parameter: Parameter, given: Given | None, *, measured: bool) -> Decimal:
    if given is None or (isinstance(given, str) and not given.strip()):
        if parameter.default is None or (measured and parameter.kind is Kind.MONITORED):
            raise ValueError(f"is missing ({parameter.meaning}, {parameter.unit})")
        return parameter.default
    value = _number_in(parameter.unit, given)
    if problem := parameter.problem_with(value):
        raise ValueError(problem)
    return value


def _number_in(unit: str, given: Given) -> Decimal:
    if isinstance(given, Quantity):
        return Quantity(units.as_decimal(given.value), given.unit).in_unit(unit)
    return units.as_decimal(given)
