"""The DOE's own arithmetic: the same published formulas, written a second time on purpose.

Nothing here calls `projects.methodologies`. Numbers are exact fractions instead of decimals and the
sizes of units stand here once more, so that a fault of the engine shows as a difference; the
arithmetic is independent, while the numbers of the rules are the same rule parameters. Covers
what the engine builds: ACM0002 and AMS-I.D with the combined margin of TOOL07 and fuel of TOOL03.
Formulas: unverified, from general knowledge of the published methodologies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from cdm_portal import parameters

Number = Fraction
ZERO = Fraction(0)
ONE = Fraction(1)
THOUSANDTH = Fraction(1, 1000)

SIZE_OF: dict[str, dict[str, Fraction]] = {
    "MWh": {
        "kWh": THOUSANDTH, "GWh": Fraction(1000), "MJ": Fraction(1, 3600), "GJ": Fraction(5, 18),
        "TJ": Fraction(2500, 9),
    },
    "t": {"kg": THOUSANDTH, "g": Fraction(1, 1_000_000)},
    "tCO2/MWh": {
        "tCO2e/MWh": ONE, "kgCO2/kWh": ONE, "kgCO2/MWh": THOUSANDTH, "kgCO2e/MWh": THOUSANDTH,
        "gCO2/kWh": THOUSANDTH, "tCO2/GWh": THOUSANDTH,
    },
    "GJ/t": {"MJ/kg": ONE, "TJ/Gg": ONE, "TJ/t": Fraction(1000)},
    "tCO2/GJ": {
        "tCO2/TJ": THOUSANDTH, "kgCO2/GJ": THOUSANDTH, "kgCO2/TJ": Fraction(1, 1_000_000),
    },
    "1": {"%": Fraction(1, 100)},
}
"""By due unit: how much of it one of another unit is."""

GRID, SHARE = "tCO2/MWh", "1"


class CannotRecalculate(ValueError):
    """The case is outside what is recalculated here, or its data are not complete."""


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


@dataclass(frozen=True, slots=True)
class Series:
    """How a measured parameter becomes one value; `gap_zero`: a gap counts as nothing."""

    symbol: str
    unit: str
    mean: bool = False
    gap_zero: bool = False


def exact(number: object) -> Fraction:
    """The exact value of a whole or decimal number, or of its text. Raises CannotRecalculate."""
    try:
        return Fraction(Decimal(str(number)))
    except ArithmeticError:
        raise CannotRecalculate(f"{str(number)[:40]!r} is not a number.") from None


def factor(given: str, due: str) -> Fraction:
    """How much of the unit `due` one of the unit `given` is. Raises CannotRecalculate."""
    if given == due:
        return ONE
    try:
        return SIZE_OF[due][given]
    except KeyError:
        raise CannotRecalculate(f"{given} is not understood as {due}.") from None


TURBINES = {"reservoir": "hydro"}
"""Kinds of project that are calculated alike though the catalogue tells them apart."""


def facts_of(content: Mapping[str, Any]) -> Facts:
    """The facts in a frozen design document. Raises CannotRecalculate."""
    general, rules = content.get("general", {}), content.get("methodology", {})
    fixed = content.get("parameters", {}).get("fixed", {})
    area = rules.get("reservoir_area_km2")
    fuels = tuple(rules.get("fuels", ()))
    due = _fixed_units(fuels)
    return Facts(
        technology=TURBINES.get(sector := str(general.get("sector", "")), sector),
        capacity_mw=exact(general.get("installed_mw", 0)),
        published_factor=rules.get("grid_factor") == "published",
        fuels=fuels,
        reservoir_km2=None if area in (None, "") else exact(area),
        fixed={
            symbol: exact(row["value"]) * factor(row.get("unit") or due[symbol], due[symbol])
            for symbol, row in fixed.items()
            if symbol in due and "value" in row
        },
        renewed=int(content.get("crediting_number", 1)) > 1,
    )


def _fixed_units(fuels: tuple[str, ...]) -> dict[str, str]:
    units = {"EF_grid_CM": GRID, "EF_OM": GRID, "EF_BM": GRID, "w_OM": SHARE, "w_BM": SHARE}
    for fuel in fuels:
        units |= {f"NCV_{fuel}": "GJ/t", f"EF_CO2_{fuel}": "tCO2/GJ"}
    return units


def series_of(facts: Facts) -> tuple[Series, ...]:
    """What has to be measured in every monitoring period."""
    found = [Series("EG_export", "MWh", gap_zero=True), Series("EG_import", "MWh")]
    if facts.technology == "hydro" and _reservoir_emits(facts):
        found.append(Series("TEG", "MWh"))
    if facts.technology == "geothermal":
        found.append(Series("M_steam", "t"))
        found.append(Series("w_CO2", "tCO2/t", mean=True))
        found.append(Series("w_CH4", "tCH4/t", mean=True))
    found += [Series(f"FC_{fuel}", "t") for fuel in facts.fuels]
    return tuple(found)


def recalculate(
    facts: Facts, measured: Mapping[str, Fraction], *, commitment_period: int
) -> dict[str, Fraction]:
    """Every step's value by symbol, ending with BE, PE, LE, ER (tCO2e).

    Raises CannotRecalculate naming what is missing.
    """
    data = {**facts.fixed, **measured}
    found = {"EF_grid_CM": _grid_factor(facts)}
    found["EG_PJ"] = _of(data, "EG_export") - data.get("EG_import", ZERO)
    found["BE"] = found["EG_PJ"] * found["EF_grid_CM"]
    if facts.fuels:
        found["PE_FF"] = sum(
            (_of(data, f"FC_{f}") * _of(data, f"NCV_{f}") * _of(data, f"EF_CO2_{f}")
             for f in facts.fuels), ZERO,
        )
    if facts.technology == "geothermal":
        warming = _of(data, "w_CO2") + _of(data, "w_CH4") * _methane(commitment_period)
        found["PE_GP"] = warming * _of(data, "M_steam")
    if facts.technology == "hydro" and facts.reservoir_km2:
        found["PD"] = facts.capacity_mw / facts.reservoir_km2
        each = _constant("reservoir_factor") * factor("kgCO2e/MWh", GRID)
        found["PE_HP"] = _of(data, "TEG") * each if _reservoir_emits(facts) else ZERO
    found["PE"] = sum((found.get(term, ZERO) for term in ("PE_FF", "PE_GP", "PE_HP")), ZERO)
    found["LE"] = ZERO
    found["ER"] = found["BE"] - found["PE"] - found["LE"]
    return found


def whole_tonnes(value: Fraction) -> int:
    """Whole tonnes, always downwards."""
    return floor(value)


def _grid_factor(facts: Facts) -> Fraction:
    if facts.published_factor:
        return _of(facts.fixed, "EF_grid_CM")
    kind = "later" if facts.renewed else "first"
    if facts.technology in ("wind", "solar"):
        kind = "intermittent"
    operating = _constant(f"om_weight_{kind}")
    w_om = facts.fixed.get("w_OM", operating)
    w_bm = facts.fixed.get("w_BM", 1 - operating)
    return w_om * _of(facts.fixed, "EF_OM") + w_bm * _of(facts.fixed, "EF_BM")


def _reservoir_emits(facts: Facts) -> bool:
    """Whether the power density (W/m²) is one at which a new reservoir counts with emissions."""
    if not facts.reservoir_km2:
        return False
    density = facts.capacity_mw / facts.reservoir_km2
    return _constant("reservoir_excluded_up_to") < density <= _constant("reservoir_emits_up_to")


def _constant(name: str) -> Fraction:
    return Fraction(parameters.constant(name))


def _methane(commitment_period: int) -> Fraction:
    return Fraction(parameters.in_commitment_period("gwp_ch4", commitment_period))


def _of(data: Mapping[str, Fraction], symbol: str) -> Fraction:
    if symbol not in data:
        raise CannotRecalculate(f"{symbol} is missing.")
    return data[symbol]
