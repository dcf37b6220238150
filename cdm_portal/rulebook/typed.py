"""What somebody types as the new value of a parameter: read strictly, by the kind of number. Pure.
"""

import re
from decimal import Decimal
from fractions import Fraction

from cdm_portal.parameters import Parameter, Value
from cdm_portal.refusals import Invalid

DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
FRACTION = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")
COUNTED = {"days", "members", "projects", "parts", "hours", "minutes", "t/year", "CERs/year"}
"""Units of whole numbers, at least one."""


def number(text: str) -> Decimal | Fraction:
    """A decimal number with a point, or a fraction such as 2/3. Raises ValueError."""
    if match := FRACTION.fullmatch(text):
        return Fraction(int(match[1]), int(match[2]))
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    raise ValueError(f"{text!r} is no number")


def new_value(row: Parameter, text: str) -> Decimal | Fraction:
    """The new value of a parameter, in its unit. Raises Invalid with the reason."""
    try:
        given = number(text.strip())
    except ValueError:
        raise _wrong("Write a number with a point, or a fraction such as 2/3.") from None
    if row.unit == "share":
        if not 0 < given <= 1:
            raise _wrong("A share is above 0 and at most 1.")
        return _as(row.value, given)
    if isinstance(given, Fraction):
        raise _wrong("Only a share is written as a fraction.")
    if row.unit in COUNTED and (given != given.to_integral_value() or given < 1):
        raise _wrong(f"Whole {row.unit}, at least 1.")
    return given


def _as(base: Value, given: Decimal | Fraction) -> Decimal | Fraction:
    """A share whose base is a decimal number stays one: whoever reckons with it expects that."""
    if isinstance(base, Decimal) and isinstance(given, Fraction):
        raise _wrong("Write this share as a decimal number.")
    return given


def _wrong(message: str) -> Invalid:
    return Invalid.of("value", message)
