"""Facts: the questions whose answers decide which parameters a calculation has and if it applies.

Each methodology and tool has a frozen dataclass of its own, a subclass of `Facts`, and declares its
fields as `Fact`s, so that a page can ask for them and JSON can be read without guessing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from projects.methodologies import units
from projects.methodologies.units import Quantity

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
LABEL = re.compile(r"[^\x00-\x1f\x7f]{1,80}")

Value = Decimal | int | bool | date | str | tuple[str, ...]


class FactKind(StrEnum):
    """What the answer to a fact is."""

    CHOICE = "choice"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"
    TEXT = "text"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a project before anything is calculated; a subclass states the fields."""


F = TypeVar("F", bound=Facts)


@dataclass(frozen=True, slots=True)
class Fact:
    """One question: its name, the kind of answer, what it means.

    A number has a `unit` and bounds, both allowed; a choice has the members of `choices`. A fact
    that is not `required` has a default in the dataclass of the facts. Used as the column of a
    table as well.
    """

    name: str
    kind: FactKind
    meaning: str
    unit: str = ""
    choices: type[StrEnum] | None = None
    required: bool = True
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None
    source: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """The answers that a choice allows."""
        return () if self.choices is None else tuple(each.value for each in self.choices)

    def read(self, given: object) -> Value:
        """The answer in its own type. Raises ValueError with words for a person."""
        match self.kind:
            case FactKind.NUMBER | FactKind.WHOLE:
                return self._number(given)
            case FactKind.FLAG:
                return _flag(given)
            case FactKind.NAMES:
                return _names(given)
            case _:
                return self._written(given)

    def _written(self, given: object) -> Value:
        if not isinstance(given, str):
            raise ValueError(f"{shown(given)} is not text")
        text = given.strip()
        if self.kind is FactKind.DAY:
            return _day(text)
        if self.choices is not None:
            if text not in self.options:
                raise ValueError(f"{shown(text)} is none of {', '.join(self.options)}")
            return self.choices(text)
        if not LABEL.fullmatch(text):
            raise ValueError(f"{shown(text)} is no text of one line with at most 80 characters")
        return text

    def _number(self, given: object) -> Decimal | int:
        if isinstance(given, Quantity):
            value = Quantity(units.as_decimal(given.value), given.unit).in_unit(self.unit)
        else:
            value = units.as_decimal(given)
        if problem := out_of_range(value, self.unit, self.minimum, self.maximum):
            raise ValueError(problem)
        if self.kind is FactKind.NUMBER:
            return value
        if value != value.to_integral_value():
            raise ValueError(f"{units.plain(value)} is not a whole number")
        return int(value)

    def as_dict(self) -> dict[str, object]:
        """The declaration, JSON-safe."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "meaning": self.meaning,
            "unit": self.unit,
            "choices": list(self.options),
            "required": self.required,
            "source": self.source,
        }


def out_of_range(
    value: Decimal, unit: str, low: Decimal | None, high: Decimal | None
) -> str | None:
    """Why a number cannot be, between bounds that are both allowed; None if it can."""
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    shown_unit = "" if unit in ("", units.SHARE) else f" {unit}"
    if low is not None and high is not None:
        allowed = f"between {units.plain(low)} and {units.plain(high)}{shown_unit}"
    elif low is not None:
        allowed = f"at least {units.plain(low)}{shown_unit}"
    else:
        allowed = f"at most {units.plain(high or Decimal(0))}{shown_unit}"
    return f"{units.plain(value)}{shown_unit} is out of range: {allowed}"


def shown(given: object) -> str:
    """What was given, short enough to be quoted."""
    text = str(given)
    return f"'{text if len(text) <= 40 else text[:39] + '…'}'"


def _flag(given: object) -> bool:
    if isinstance(given, bool):
        return given
    raise ValueError(f"{shown(given)} is neither true nor false")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is no day, written like 2020-12-31") from None


def _names(given: object) -> tuple[str, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise ValueError(f"{shown(given)} is not a list of names")
    for each in given:
        if not isinstance(each, str) or not NAME.fullmatch(each):
            raise ValueError(f"{shown(each)} is not a name: use small letters, digits and _")
    if len(set(given)) < len(given):
        raise ValueError("names one thing twice")
    return tuple(given)
