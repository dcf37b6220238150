"""Sizes of units, written once more than in the engine: exact fractions of the unit that is due."""

from decimal import Decimal
from fractions import Fraction

ONE = Fraction(1)
THOUSANDTH = Fraction(1, 1000)
MILLIONTH = Fraction(1, 1_000_000)

SIZE_OF: dict[str, dict[str, Fraction]] = {
    "MWh": {
        "kWh": THOUSANDTH,
        "GWh": Fraction(1000),
        "MJ": Fraction(1, 3600),
        "kJ": Fraction(1, 3_600_000),
        "GJ": Fraction(5, 18),
        "TJ": Fraction(2500, 9),
    },
    "TJ": {
        "GJ": THOUSANDTH,
        "MJ": MILLIONTH,
        "kJ": THOUSANDTH * MILLIONTH,
        "kWh": Fraction(36, 10_000_000),
        "MWh": Fraction(36, 10_000),
        "GWh": Fraction(36, 10),
    },
    "GWh": {"MWh": THOUSANDTH, "kWh": MILLIONTH, "TJ": Fraction(5, 18)},
    "t": {"kg": THOUSANDTH, "g": MILLIONTH},
    "tCO2": {"kgCO2": THOUSANDTH, "tCO2e": ONE, "kgCO2e": THOUSANDTH, "ktCO2e": Fraction(1000)},
    "tCO2/MWh": {
        "tCO2e/MWh": ONE,
        "kgCO2/kWh": ONE,
        "kgCO2/MWh": THOUSANDTH,
        "kgCO2e/MWh": THOUSANDTH,
        "gCO2/kWh": THOUSANDTH,
        "tCO2/GWh": THOUSANDTH,
    },
    "GJ/t": {"MJ/kg": ONE, "TJ/Gg": ONE, "TJ/t": Fraction(1000)},
    "TJ/t": {"GJ/t": THOUSANDTH, "MJ/kg": THOUSANDTH, "TJ/Gg": THOUSANDTH},
    "tCO2/GJ": {
        "tCO2/TJ": THOUSANDTH,
        "tCO2e/TJ": THOUSANDTH,
        "kgCO2/GJ": THOUSANDTH,
        "kgCO2/TJ": MILLIONTH,
    },
    "tCO2/TJ": {
        "tCO2e/TJ": ONE,
        "tCO2/GJ": Fraction(1000),
        "kgCO2/GJ": ONE,
        "kgCO2/TJ": THOUSANDTH,
    },
    "m3": {"L": THOUSANDTH},
    "L": {"m3": Fraction(1000)},
    "t/m3": {"kg/m3": THOUSANDTH},
    "kgN": {"tN": Fraction(1000)},
    "tCH4/t": {"kgCH4/t": THOUSANDTH},
    "tN2O/t": {"kgN2O/t": THOUSANDTH},
    "MW": {"kW": THOUSANDTH, "W": MILLIONTH, "GW": Fraction(1000)},
    "km2": {"ha": Fraction(1, 100), "m2": MILLIONTH},
    "1": {"%": Fraction(1, 100)},
}
"""By due unit: how much of it one of another unit is."""


class CannotRecalculate(ValueError):
    """The case is outside what is recalculated here, or its data are not complete."""


def exact(number: object) -> Fraction:
    """The exact value of a whole or decimal number, or of its text. Raises CannotRecalculate."""
    if isinstance(number, Fraction):
        return number
    try:
        return Fraction(Decimal(str(number)))
    except (ArithmeticError, ValueError):
        raise CannotRecalculate(f"{str(number)[:40]!r} is not a number.") from None


def factor(given: str, due: str) -> Fraction:
    """How much of the unit `due` one of the unit `given` is. Raises CannotRecalculate."""
    if given == due:
        return ONE
    try:
        return SIZE_OF[due][given]
    except KeyError:
        raise CannotRecalculate(f"{given} is not understood as {due}.") from None
