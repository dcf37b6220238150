"""Units of measurement: a small closed set, exact factors, and numbers that are really numbers.

Every factor is an exact decimal number of the base unit of its dimension, so that a value given in
kWh and the same value given in MWh are one number. Conversion happens at the edge; inside, a
formula works in the units that its parameters declare.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

MWH = "MWh"
TONNE = "t"
TCO2E = "tCO2e"
GRID_FACTOR = "tCO2/MWh"
SHARE = "1"

# dimension, then each unit with its exact size in the base unit (the one of size 1)
DIMENSIONS: dict[str, dict[str, Decimal]] = {
    "energy": {
        "GJ": Decimal(1),
        "kWh": Decimal("0.0036"),
        MWH: Decimal("3.6"),
        "GWh": Decimal(3600),
        "MJ": Decimal("0.001"),
        "kJ": Decimal("0.000001"),
        "TJ": Decimal(1000),
    },
    "power": {
        "MW": Decimal(1),
        "W": Decimal("0.000001"),
        "kW": Decimal("0.001"),
        "GW": Decimal(1000),
    },
    "mass": {TONNE: Decimal(1), "kg": Decimal("0.001"), "g": Decimal("0.000001")},
    "emissions": {
        TCO2E: Decimal(1),
        "tCO2": Decimal(1),
        "kgCO2": Decimal("0.001"),
        "kgCO2e": Decimal("0.001"),
        "ktCO2e": Decimal(1000),
    },
    "emission factor of electricity": {
        GRID_FACTOR: Decimal(1),
        "tCO2e/MWh": Decimal(1),
        "kgCO2/kWh": Decimal(1),
        "kgCO2/MWh": Decimal("0.001"),
        "kgCO2e/MWh": Decimal("0.001"),
        "gCO2/kWh": Decimal("0.001"),
        "tCO2/GWh": Decimal("0.001"),
    },
    "net calorific value": {
        "GJ/t": Decimal(1),
        "MJ/kg": Decimal(1),
        "TJ/Gg": Decimal(1),
        "TJ/t": Decimal(1000),
    },
    "emission factor of fuel": {
        "tCO2/GJ": Decimal(1),
        "tCO2/TJ": Decimal("0.001"),
        "tCO2e/TJ": Decimal("0.001"),
        "kgCO2/GJ": Decimal("0.001"),
        "kgCO2/TJ": Decimal("0.000001"),
    },
    "area": {"km2": Decimal(1), "m2": Decimal("0.000001"), "ha": Decimal("0.01")},
    "share": {SHARE: Decimal(1), "%": Decimal("0.01")},
    "time": {"h": Decimal(1)},
    "days": {"d": Decimal(1)},
    "people": {"person": Decimal(1)},
    "volume": {"m3": Decimal(1), "L": Decimal("0.001")},
    "energy of water": {"kJ/L": Decimal(1), "MJ/m3": Decimal(1)},
    "power density": {"W/m2": Decimal(1)},
    "carbon dioxide in steam": {"tCO2/t": Decimal(1)},
    "methane in steam or of waste": {"tCH4/t": Decimal(1), "kgCH4/t": Decimal("0.001")},
    "nitrous oxide of waste": {"tN2O/t": Decimal(1), "kgN2O/t": Decimal("0.001")},
    "global warming potential": {"tCO2e/tCH4": Decimal(1)},
    "global warming potential of nitrous oxide": {"tCO2e/tN2O": Decimal(1)},
    "global warming potential of SF6": {"tCO2e/tSF6": Decimal(1)},
    "global warming potential of HFC-23": {"tCO2e/tHFC-23": Decimal(1)},
    "methane of volatile solids": {"m3/kg": Decimal(1)},
    "volatile solids of an animal": {"kg/d": Decimal(1)},
    "nitrogen": {"kgN": Decimal(1), "tN": Decimal(1000)},
    "density": {"t/m3": Decimal(1), "kg/m3": Decimal("0.001")},
}
DIMENSION_OF = {unit: name for name, sizes in DIMENSIONS.items() for unit in sizes}

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
LARGEST_POWER_OF_TEN = 30

ARITHMETIC = Context(prec=50, traps=[InvalidOperation, DivisionByZero, Overflow])


@contextmanager
def arithmetic() -> Iterator[None]:
    """Fifty digits for every calculation, whatever context the caller's thread has set."""
    with localcontext(ARITHMETIC):
        yield


class UnitError(ValueError):
    """The unit is not in the closed set, or measures something else than what is asked for."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit it was given in. Raises UnitError for a unit outside the set."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in DIMENSION_OF:
            raise UnitError(f"the unit '{self.unit}' is not known here")

    def in_unit(self, unit: str) -> Decimal:
        """The same quantity as a number of `unit`. Raises UnitError across dimensions."""
        return convert(self.value, self.unit, unit)


def convert(value: Decimal, given: str, due: str) -> Decimal:
    """`value` of the unit `given` as a number of the unit `due`.

    Multiplies before it divides, so that the result is exact wherever decimals can be.
    Raises UnitError if the two do not measure the same thing.
    """
    if given == due:
        return value
    dimension = DIMENSION_OF.get(due)
    if dimension is None or given not in DIMENSIONS[dimension]:
        raise UnitError(f"'{given}' cannot be converted to {due}{_instead(due)}")
    sizes = DIMENSIONS[dimension]
    with arithmetic():
        return value * sizes[given] / sizes[due]


def units_like(unit: str) -> tuple[str, ...]:
    """The units that measure the same thing as `unit`, itself first."""
    dimension = DIMENSION_OF.get(unit)
    others = () if dimension is None else tuple(u for u in DIMENSIONS[dimension] if u != unit)
    return (unit, *others)


def _instead(due: str) -> str:
    return f" (accepted: {', '.join(units_like(due))})" if due in DIMENSION_OF else ""


def as_decimal(value: object) -> Decimal:
    """The exact number in `value`: a Decimal, an int, or plain text with a point as decimal sign.

    Raises ValueError, with words for a person, for anything else: text, a comma as decimal sign or
    between thousands, NaN, infinity, truth values, binary fractions, absurd powers of ten.
    """
    if isinstance(value, str):
        number = _from_text(value.strip())
    elif isinstance(value, Decimal):
        number = value
    elif isinstance(value, int) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        raise ValueError(f"{value!r} is not a decimal number")
    if not number.is_finite():
        raise ValueError(f"'{value}' is not a number")
    if number and abs(number.adjusted()) > LARGEST_POWER_OF_TEN:
        raise ValueError(f"{number:.3e} is beyond every plausible size")
    return number


def _from_text(text: str) -> Decimal:
    if NUMBER.fullmatch(text):
        return Decimal(text)
    if not text:
        raise ValueError("there is no value")
    shown = text if len(text) <= 40 else text[:39] + "…"
    if NUMBER.fullmatch(text.replace(",", ".", 1)) or NUMBER.fullmatch(text.replace(",", "")):
        raise ValueError(
            f"'{shown}' has a comma: write numbers with a point as decimal sign "
            "and nothing between thousands"
        )
    raise ValueError(f"'{shown}' is not a number")


def plain(number: Decimal) -> str:
    """A number written out without an exponent, as JSON and people read it."""
    return format(number, "f")
