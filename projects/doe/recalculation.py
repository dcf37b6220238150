"""The DOE's own arithmetic for a design document and for the readings of a period.

Nothing here calls `projects.methodologies`. The formulas are those of `projects.doe.second`,
written a second time on purpose in exact fractions, so that a fault of the engine shows as a
difference; the arithmetic is independent, while the numbers of the rules are the same rule
parameters. Here stands how a frozen design document and sums of readings become facts and data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from projects.doe.second.data import Data, Line, Need, RowNeed, lines
from projects.doe.second.paths import PATHS, Path
from projects.doe.second.sizes import CannotRecalculate, exact, factor
from projects.doe.second.steps import Steps

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

CHOICE = {"code", "version", "scale", "additionality"}
"""What the section on the methodology says beside the facts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the arithmetic has to know of a project, read from its frozen design document.

    `answers` are the facts under the names of the methodology, `fixed` the numbers by symbol in
    due units.
    """

    code: str
    answers: Mapping[str, Any]
    fixed: Mapping[str, Fraction]

    def as_asked(self, commitment_period: int = 2, year: int = 1) -> dict[str, Any]:
        """The facts of reductions in one commitment period and one year of crediting."""
        return {**self.answers, "commitment_period": commitment_period, "year": year}

    @property
    def path(self) -> Path:
        """The second way of the methodology. Raises CannotRecalculate."""
        if self.code not in PATHS:
            raise CannotRecalculate(f"{self.code or 'No methodology'} is not recalculated here.")
        return PATHS[self.code]


@dataclass(frozen=True, slots=True)
class Series:
    """How a measured parameter becomes one value; `gap_zero`: a gap counts as nothing."""

    symbol: str
    unit: str
    mean: bool = False
    gap_zero: bool = False


TURBINES = {"reservoir": "hydro"}
"""Kinds of project that are calculated alike though the catalogue tells them apart."""


def facts_of(content: Mapping[str, Any]) -> Facts:
    """The facts in a frozen design document. Raises CannotRecalculate."""
    general, rules = content.get("general", {}), content.get("methodology", {})
    answers = {
        "version": rules.get("version", ""),
        "technology": TURBINES.get(sector := str(general.get("sector", "")), sector),
        "capacity_mw": exact(general.get("installed_mw") or 0),
        "crediting_period": int(content.get("crediting_number", 1)),
        **{name: answer for name, answer in rules.items() if name not in CHOICE},
    }
    facts = Facts(str(rules.get("code", "")), answers, {})
    written = content.get("parameters", {}).get("fixed", {})
    return replace(facts, fixed=_fixed(facts, written))


def _fixed(facts: Facts, written: Mapping[str, Any]) -> dict[str, Fraction]:
    due = {need.symbol: need.unit for need in _needs(facts) if not need.measured}
    return {
        symbol: exact(row["value"]) * factor(row.get("unit") or due[symbol], due[symbol])
        for symbol, row in written.items()
        if symbol in due and "value" in row
    }


def _needs(facts: Facts, commitment_period: int = 2) -> list[Need]:
    asked = facts.as_asked(commitment_period)
    try:
        return [need for need in facts.path.needs(asked) if isinstance(need, Need)]
    except KeyError as missing:
        raise CannotRecalculate(f"The design document does not say {missing}.") from None


def series_of(facts: Facts) -> tuple[Series, ...]:
    """What has to be measured in every monitoring period. Raises CannotRecalculate."""
    return tuple(
        Series(need.symbol, need.unit, mean=need.mean, gap_zero=need.gap_zero)
        for need in _needs(facts)
        if need.measured
    )


def dated(facts: Facts) -> bool:
    """Whether a global warming potential enters, which the days of the reductions choose."""
    return any(need.symbol.startswith("GWP_") for need in _needs(facts))


def tables_of(facts: Facts, given: Rows) -> dict[str, list[Line]]:
    """The rows stated for each table, their numbers read. Raises CannotRecalculate."""
    needs = facts.path.needs(facts.as_asked())
    return {
        need.symbol: lines(need, given.get(need.symbol))
        for need in needs
        if isinstance(need, RowNeed)
    }


def cells(facts: Facts, given: Rows) -> dict[str, Fraction]:
    """Every number of the rows stated, as `table.column[label]`. Raises CannotRecalculate."""
    return Data({}, tables_of(facts, given)).flat()


def year_of(content: Mapping[str, Any], day: date) -> int:
    """In which calendar year the year of crediting begins in which a day lies."""
    stated = content.get("crediting", {}).get("first_date")
    first = date.fromisoformat(stated) if stated else day
    return day.year - ((day.month, day.day) < (first.month, first.day))


def recalculate(
    facts: Facts, measured: Mapping[str, Fraction], *, commitment_period: int,
    rows: Rows | None = None, year: int = 1,
) -> Steps:
    """Every step's value by its path of symbols, ending with BE, PE, LE, ER (tCO2e).

    `rows` are those of tables, by symbol. Raises CannotRecalculate naming what is missing.
    """
    needs = _needs(facts, commitment_period)
    defaults = {need.symbol: need.default for need in needs if need.default is not None}
    tables = tables_of(facts, rows or {})
    data = Data({**defaults, **facts.fixed, **measured}, tables)
    try:
        return facts.path.steps(facts.as_asked(commitment_period, year), data)
    except (ArithmeticError, KeyError) as impossible:
        raise CannotRecalculate(f"{facts.code} cannot be recalculated: {impossible!r}.") from None


def whole_tonnes(value: Fraction) -> int:
    """Whole tonnes, always downwards."""
    return floor(value)
