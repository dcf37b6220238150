"""Units as people write them, understood by pint: known names, their products and one quotient.

Nothing is evaluated: a text is taken apart here, every name must be on the list, and only then is
pint asked for its size and its dimension. Sizes are exact decimals, and numerator and denominator
are kept apart so that a conversion divides once, at its end (t/MWh is no finite decimal of g/J).
A gas is a dimension of its own: a tonne of methane is neither a tonne of coal nor a tCO2e.
"""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import lru_cache

import pint
from pint.util import UnitsContainer

LONGEST = 40
EXACT = Context(prec=50)  # whatever context the caller's thread has set: sizes are remembered
GASES = {"CO2": "CO2", "CO2e": "CO2", "CH4": "CH4", "N2O": "N2O", "SF6": "SF6", "HFC-23": "HFC_23",
         "N": "N"}  # fmt: skip
MASSES = {"g": "1", "kg": "1e3", "t": "1e6", "Mg": "1e6", "kt": "1e9", "Gg": "1e9", "Mt": "1e12"}

# how it is written: what pint is told
DEFINED: dict[str, str] = {
    **{name: f"{size} * base_mass" for name, size in MASSES.items()},
    **{
        f"{name}{gas}": f"{size} * base_{kind}"
        for gas, kind in GASES.items()
        for name, size in MASSES.items()
        if name not in ("Mg", "Gg") or gas != "N"
    },
    "J": "base_joule",
    "kJ": "1e3 * base_joule",
    "MJ": "1e6 * base_joule",
    "GJ": "1e9 * base_joule",
    "TJ": "1e12 * base_joule",
    "Wh": "3600 * base_joule",
    "kWh": "3.6e6 * base_joule",
    "MWh": "3.6e9 * base_joule",
    "GWh": "3.6e12 * base_joule",
    "W": "base_joule / base_second",
    "kW": "1e3 * base_joule / base_second",
    "MW": "1e6 * base_joule / base_second",
    "GW": "1e9 * base_joule / base_second",
    "s": "base_second",
    "min": "60 * base_second",
    "h": "3600 * base_second",
    "d": "86400 * base_second",
    "m": "base_metre",
    "km": "1e3 * base_metre",
    "m2": "base_metre ** 2",
    "ha": "1e4 * base_metre ** 2",
    "km2": "1e6 * base_metre ** 2",
    "m3": "base_metre ** 3",
    "L": "1e-3 * base_metre ** 3",
    "l": "1e-3 * base_metre ** 3",
    "Nm3": "base_normal_cubic_metre",
    "NL": "1e-3 * base_normal_cubic_metre",
    "person": "base_person",
    "1": "1",
    "%": "0.01",
}
BASES = ("mass", "joule", "second", "metre", "normal_cubic_metre", "person")
RAISED = str.maketrans("₀₂₃₄₆²³", "0234623")
SHIFTED = {"°C", "°F", "degC", "degF"}
MONEY = {"USD", "EUR", "GBP", "$", "€", "£"}


class UnitError(ValueError):
    """The unit is not known, or measures something else than what is asked for."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the base units of its dimension one unit is: `over` / `under`, both exact."""

    over: Decimal
    under: Decimal
    dimension: UnitsContainer


def _registry() -> pint.UnitRegistry[Decimal]:
    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(
        None, non_int_type=Decimal, cache_folder=None
    )
    for base in (*BASES, *sorted(set(GASES.values()))):
        registry.define(f"base_{base} = [{base}]")
    for name, meant in DEFINED.items():
        registry.define(f"{_known_as(name)} = {meant}")
    return registry


def _known_as(name: str) -> str:
    """A name that pint can keep: not every unit is written like an identifier."""
    return f"unit_{name.replace('%', 'percent').replace('-', '_')}"


REGISTRY = _registry()


@lru_cache(maxsize=1024)
def size(text: str) -> Size:
    """The size of a unit such as kWh, tCO2/TJ or kJ/L. Raises UnitError for an unknown one."""
    parts = text.split("/")
    if len(text) > LONGEST or len(parts) > 2:
        raise _unknown(text)
    with localcontext(EXACT):
        over, dimension = _product(parts[0], text)
        if len(parts) == 1:
            return Size(over, Decimal(1), dimension)
        under, divisor = _product(parts[1], text)
        return Size(over, under, dimension / divisor)


def _product(part: str, text: str) -> tuple[Decimal, UnitsContainer]:
    whole, dimension = Decimal(1), REGISTRY.UnitsContainer({})
    for written in part.replace("*", "·").split("·"):
        name = written.strip().translate(RAISED)
        if name not in DEFINED:
            raise _unknown(text, written.strip())
        factor, units = _of(name)
        whole, dimension = whole * factor, dimension * units
    return whole, dimension


@lru_cache(maxsize=256)
def _of(name: str) -> tuple[Decimal, UnitsContainer]:
    factor, unit = REGISTRY.get_root_units(REGISTRY.UnitsContainer({_known_as(name): Decimal(1)}))
    return Decimal(str(factor)), unit._units


def _unknown(text: str, name: str = "") -> UnitError:
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if name in SHIFTED:
        return UnitError(f"'{name}' counts from another zero and is not converted here")
    if name in MONEY:
        return UnitError(f"'{name}' is money, which is not converted here")
    return UnitError(f"the unit '{shown}' is not known here")
