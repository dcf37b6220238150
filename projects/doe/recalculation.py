"""The DOE's own arithmetic for what a design document can take up: ACM0002 and AMS-I.D.

Nothing here calls `projects.methodologies`. The formulas are those of `projects.doe.second`,
written a second time on purpose in exact fractions, so that a fault of the engine shows as a
difference; the arithmetic is independent, while the numbers of the rules are the same rule
parameters. Here stands how a frozen design document and sums of readings become facts and data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

from projects.doe.second import renewables
from projects.doe.second.data import Data, Need
from projects.doe.second.sizes import exact, factor

MEANS = {"w_CO2", "w_CH4"}
"""What is averaged over a period and not added up."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the arithmetic has to know of a project, read from its frozen design document."""

    technology: str
    capacity_mw: Fraction
    published_factor: bool
    fuels: tuple[str, ...]
    reservoir_km2: Fraction | None
    fixed: Mapping[str, Fraction]
    renewed: bool = False
    activity: str = "greenfield"

    def as_asked(self, commitment_period: int = 2) -> dict[str, Any]:
        """The same as the second way is asked for them."""
        return {
            "technology": self.technology, "capacity_mw": self.capacity_mw,
            "activity": self.activity, "fuels": self.fuels,
            "reservoir_area_km2": self.reservoir_km2 or Fraction(0),
            "grid_factor": "published" if self.published_factor else "combined_margin",
            "crediting_period": 2 if self.renewed else 1, "commitment_period": commitment_period,
        }


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
    area = rules.get("reservoir_area_km2")
    facts = Facts(
        technology=TURBINES.get(sector := str(general.get("sector", "")), sector),
        capacity_mw=exact(general.get("installed_mw", 0)),
        published_factor=rules.get("grid_factor") == "published",
        fuels=tuple(rules.get("fuels", ())),
        reservoir_km2=None if area in (None, "") else exact(area),
        fixed={},
        renewed=int(content.get("crediting_number", 1)) > 1,
        activity=str(rules.get("activity", "greenfield")),
    )
    written = content.get("parameters", {}).get("fixed", {})
    return replace(facts, fixed=_fixed(facts, written))


def _fixed(facts: Facts, written: Mapping[str, Any]) -> dict[str, Fraction]:
    measured = {series.symbol for series in series_of(facts)}
    due = {need.symbol: need.unit for need in _needs(facts) if need.symbol not in measured}
    return {
        symbol: exact(row["value"]) * factor(row.get("unit") or due[symbol], due[symbol])
        for symbol, row in written.items()
        if symbol in due and "value" in row
    }


def _needs(facts: Facts, commitment_period: int = 2) -> list[Need]:
    needs = renewables.needs(facts.as_asked(commitment_period))
    return [need for need in needs if isinstance(need, Need)]


def series_of(facts: Facts) -> tuple[Series, ...]:
    """What has to be measured in every monitoring period."""
    return tuple(
        Series(need.symbol, need.unit, mean=need.symbol in MEANS, gap_zero=need.gap_zero)
        for need in _needs(facts)
        if need.measured
    )


def recalculate(
    facts: Facts, measured: Mapping[str, Fraction], *, commitment_period: int
) -> dict[str, Fraction]:
    """Every step's value by its path of symbols, ending with BE, PE, LE, ER (tCO2e).

    Raises CannotRecalculate naming what is missing.
    """
    needs = _needs(facts, commitment_period)
    defaults = {need.symbol: need.default for need in needs if need.default is not None}
    data = Data({**defaults, **facts.fixed, **measured})
    return renewables.steps(facts.as_asked(commitment_period), data)


def whole_tonnes(value: Fraction) -> int:
    """Whole tonnes, always downwards."""
    return floor(value)
