"""TOOL07: the emission factor of an electricity grid, from operating and build margin.

Everything here: unverified, from general knowledge of the published tool, except where a worked
case in the tests names its document. The combined margin is not rounded: it is a step on the way,
and only whole tonnes are rounded, at the end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cdm_portal import parameters
from projects.methodologies import units
from projects.methodologies.calculation import Input, Step

UNVERIFIED_TOOL = "unverified, from general knowledge of the published tool"
SOURCE_CM = f"TOOL07, combined margin: {UNVERIFIED_TOOL}"
SOURCE_OM = f"TOOL07, simple operating margin: {UNVERIFIED_TOOL}"
SOURCE_AVERAGE = f"TOOL07, average operating margin: {UNVERIFIED_TOOL}"
SOURCE_BM = f"TOOL07, build margin: {UNVERIFIED_TOOL}"
MOST_RECENT_UNITS = int(parameters.constant("build_margin_units"))
GJ_PER_MWH = units.convert(Decimal(1), units.MWH, "GJ")
SHARE_OF_GENERATION = parameters.constant("build_margin_share")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much operating and build margin count; together 1."""

    operating: Decimal
    build: Decimal
    source: str
    verified: bool = False


def _weights(name: str, source: str) -> Weights:
    operating = parameters.constant(name)
    return Weights(operating, 1 - operating, source)


INTERMITTENT = _weights(
    "om_weight_intermittent",
    f"TOOL07, default weights for wind and solar in every crediting period: {UNVERIFIED_TOOL}",
)
FIRST_PERIOD = _weights(
    "om_weight_first",
    f"TOOL07, default weights in the first crediting period: {UNVERIFIED_TOOL}",
)
LATER_PERIODS = _weights(
    "om_weight_later",
    f"TOOL07, default weights in the second and third crediting period: {UNVERIFIED_TOOL}",
)


def default_weights(technology: str, crediting_period: int) -> Weights:
    """The tool's default weights for a technology in its crediting period (from 1)."""
    if technology in ("wind", "solar"):
        return INTERMITTENT
    return FIRST_PERIOD if crediting_period == 1 else LATER_PERIODS


def combined_margin(
    *, operating: Decimal, build: Decimal, w_operating: Decimal, w_build: Decimal, note: str = ""
) -> Step:
    """EF_grid_CM = w_OM·EF_OM + w_BM·EF_BM (tCO2/MWh), unrounded.

    Raises ValueError if the weights do not add up to 1.
    """
    if w_operating + w_build != 1:
        raise ValueError(
            f"w_OM and w_BM must add up to 1, not {units.plain(w_operating + w_build)}"
        )
    with units.arithmetic():
        value = w_operating * operating + w_build * build
    return Step(
        symbol="EF_grid_CM",
        title="Combined margin emission factor of the grid",
        formula="EF_grid_CM = w_OM × EF_OM + w_BM × EF_BM",
        inputs=(
            Input("w_OM", w_operating, units.SHARE),
            Input("EF_OM", operating, units.GRID_FACTOR),
            Input("w_BM", w_build, units.SHARE),
            Input("EF_BM", build, units.GRID_FACTOR),
        ),
        value=value,
        unit=units.GRID_FACTOR,
        source=SOURCE_CM,
        note=note,
    )


@dataclass(frozen=True, slots=True)
class Generation:
    """What a plant, a unit or a whole year generated (MWh) and emitted (tCO2)."""

    label: str
    generation_mwh: Decimal
    emissions_t: Decimal


def simple_operating_margin(rows: Sequence[Generation]) -> Step:
    """EF_OM = Σ emissions / Σ generation, low-cost and must-run plants left out by the caller.

    With the rows of three years this is the ex-ante option, weighted by generation.
    Raises ValueError without any generation.
    """
    return _margin("EF_OM", "Simple operating margin", rows, SOURCE_OM)


def average_operating_margin(rows: Sequence[Generation]) -> Step:
    """EF_OM over every plant of the grid, low-cost and must-run plants included."""
    return _margin("EF_OM", "Average operating margin", rows, SOURCE_AVERAGE)


def build_margin(rows: Sequence[Generation]) -> Step:
    """EF_BM = Σ emissions / Σ generation of the sample (`build_margin_sample`), in tCO2/MWh."""
    return _margin("EF_BM", "Build margin", rows, SOURCE_BM)


def _margin(symbol: str, title: str, rows: Sequence[Generation], source: str) -> Step:
    with units.arithmetic():
        generation = sum((row.generation_mwh for row in rows), Decimal(0))
        emissions = sum((row.emissions_t for row in rows), Decimal(0))
        if generation <= 0:
            raise ValueError(f"{symbol} needs plants that generated electricity")
        value = emissions / generation
    inputs = tuple(
        each
        for row in rows
        for each in (
            Input(f"emissions of {row.label}", row.emissions_t, "tCO2"),
            Input(f"generation of {row.label}", row.generation_mwh, units.MWH),
        )
    )
    formula = f"{symbol} = Σ emissions / Σ generation"
    return Step(symbol, title, formula, inputs, value, units.GRID_FACTOR, source)


def unit_factor(*, fuel_factor: Decimal, efficiency: Decimal) -> Decimal:
    """EF_EL = EF_CO2 × 3.6 / η: a unit's factor (tCO2/MWh) from its fuel (tCO2/GJ) and efficiency.

    Raises ValueError for an efficiency that is not above 0 and at most 1.
    """
    if not 0 < efficiency <= 1:
        raise ValueError(f"an efficiency lies above 0 and at most at 1, not {efficiency}")
    with units.arithmetic():
        return fuel_factor * GJ_PER_MWH / efficiency


@dataclass(frozen=True, slots=True)
class PowerUnit:
    """One power unit of the grid in the reference year."""

    name: str
    commissioned: date
    generation_mwh: Decimal
    emissions_t: Decimal
    registered_cdm: bool = False

    def generation(self) -> Generation:
        """What it generated and emitted."""
        return Generation(self.name, self.generation_mwh, self.emissions_t)


def build_margin_sample(power_units: Iterable[PowerUnit]) -> tuple[PowerUnit, ...]:
    """The units that stand for new plants, the most recent first.

    Of the most recent units by count and the most recent ones that together reach a share of
    generation (both rule parameters), the set that generates more; registered CDM
    units count in neither. Not built: the further rule for a sample with old units.
    """
    eligible = sorted(
        (unit for unit in power_units if not unit.registered_cdm),
        key=lambda unit: unit.commissioned,
        reverse=True,
    )
    by_count = eligible[:MOST_RECENT_UNITS]
    by_share = _reaching(eligible, SHARE_OF_GENERATION * _total(eligible))
    return tuple(by_share if _total(by_share) > _total(by_count) else by_count)


def _total(power_units: Iterable[PowerUnit]) -> Decimal:
    return sum((unit.generation_mwh for unit in power_units), Decimal(0))


def _reaching(eligible: Sequence[PowerUnit], target: Decimal) -> list[PowerUnit]:
    sample: list[PowerUnit] = []
    for unit in eligible:
        if _total(sample) >= target:
            break
        sample.append(unit)
    return sample
