"""A calculation that explains itself: steps with their inputs, and the one rounding at the end.

Decimal throughout. A formula that has not been compared with the published text says so in the
`source` of its step (decision 33), and that sentence is shown wherever the step is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Self

from projects.methodologies import units

UNVERIFIED = "unverified, from general knowledge of the published methodology"
NOISE = Decimal("1e-20")


class Part(StrEnum):
    """To which term of ER = BE − PE − LE a step belongs."""

    BASELINE = "baseline"
    PROJECT = "project"
    LEAKAGE = "leakage"
    REDUCTIONS = "reductions"


class Input(NamedTuple):
    """A value that went into a step."""

    symbol: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation, complete enough to be done again by hand.

    `tool` names the tool that a step is from, such as "TOOL07, version 07.0"; `parts` are the steps
    below it, in order, which made its inputs.
    """

    symbol: str
    title: str
    formula: str
    inputs: tuple[Input, ...]
    value: Decimal
    unit: str
    source: str
    part: Part = Part.BASELINE
    note: str = ""
    verified: bool = False
    tool: str = ""
    parts: tuple["Step", ...] = ()

    def as_input(self) -> Input:
        """The result of this step as an input of the next."""
        return Input(self.symbol, self.value, self.unit)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; decimals as plain text."""
        return {
            "symbol": self.symbol,
            "title": self.title,
            "formula": self.formula,
            "inputs": [[i.symbol, units.plain(i.value), i.unit] for i in self.inputs],
            "value": units.plain(self.value),
            "unit": self.unit,
            "source": self.source,
            "part": self.part.value,
            "note": self.note,
            "verified": self.verified,
            **({"tool": self.tool} if self.tool else {}),
            **({"parts": [part.as_dict() for part in self.parts]} if self.parts else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The step that `as_dict` wrote."""
        given = {
            "inputs": tuple(Input(s, Decimal(v), u) for s, v, u in data["inputs"]),
            "value": Decimal(data["value"]),
            "part": Part(data["part"]),
            "parts": tuple(cls.from_dict(each) for each in data.get("parts", ())),
        }
        return cls(**{**data, **given})


def walk(steps: Sequence[Step]) -> Iterator[Step]:
    """Every step of a tree: the parts of each before itself."""
    for step in steps:
        yield from walk(step.parts)
        yield step


AMOUNTS = ("baseline", "project", "leakage", "reductions_exact")


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result with everything that made it. Amounts in tCO2e.

    `reductions` is whole and rounded down once; below zero it is a shortfall, rounded away from
    zero, that later reductions must make good before anything is issued (unverified, from general
    knowledge).
    """

    methodology: str
    version: str
    steps: tuple[Step, ...]
    baseline: Decimal
    project: Decimal
    leakage: Decimal
    reductions_exact: Decimal
    reductions: int
    year: int | None = None

    @property
    def shortfall(self) -> int:
        """Tonnes by which emissions rose instead of falling."""
        return max(0, -self.reductions)

    def step(self, symbol: str) -> Step:
        """The step that computed `symbol`, however deep. Raises KeyError if there is none."""
        return _found(self.steps, symbol)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; decimals as plain text."""
        return {
            "methodology": self.methodology,
            "version": self.version,
            "year": self.year,
            **{name: units.plain(getattr(self, name)) for name in AMOUNTS},
            "reductions": self.reductions,
            "steps": [step.as_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The calculation that `as_dict` wrote."""
        amounts = {name: Decimal(data[name]) for name in AMOUNTS}
        steps = tuple(Step.from_dict(step) for step in data["steps"])
        return cls(**{**data, **amounts, "steps": steps})


def _found(steps: Sequence[Step], symbol: str) -> Step:
    for step in (*steps, *walk(steps)):
        if step.symbol == symbol:
            return step
    raise KeyError(symbol)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool comes to: one unrounded quantity with its own symbol and unit, and its steps."""

    tool: str
    version: str
    steps: tuple[Step, ...]
    symbol: str
    value: Decimal
    unit: str

    def step(self, symbol: str) -> Step:
        """The step that computed `symbol`, however deep. Raises KeyError if there is none."""
        return _found(self.steps, symbol)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; decimals as plain text."""
        return {
            "tool": self.tool,
            "version": self.version,
            "symbol": self.symbol,
            "value": units.plain(self.value),
            "unit": self.unit,
            "steps": [step.as_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The outcome that `as_dict` wrote."""
        steps = tuple(Step.from_dict(step) for step in data["steps"])
        return cls(**{**data, "value": Decimal(data["value"]), "steps": steps})


@dataclass(frozen=True, slots=True)
class Carried:
    """Whole tonnes that may be claimed, one entry per calculation, and the shortfall left."""

    claimed: tuple[int, ...]
    shortfall: int


def carry_over(reductions: Sequence[int], *, shortfall: int = 0) -> Carried:
    """Negative reductions made good by later ones before anything is claimed.

    `shortfall` is what earlier periods left (unverified, from general knowledge).
    """
    claimed = []
    for tonnes in reductions:
        left = tonnes - shortfall
        claimed.append(max(0, left))
        shortfall = max(0, -left)
    return Carried(tuple(claimed), shortfall)


def together(parts: Sequence[Calculation]) -> tuple[Decimal, int]:
    """What calculations that are claimed together come to: exact tonnes, and whole ones.

    They are added up before the one rounding, so that parting a period costs no tonne (this
    portal's own reading of rounding at the end only).
    """
    with units.arithmetic():
        exact = sum((each.reductions_exact for each in parts), Decimal(0))
    return exact, rounded_down(exact)


def rounded_down(exact: Decimal) -> int:
    """Whole tonnes in `exact`, downwards, also below zero.

    What lies beyond twenty decimals is the noise of divisions that have no exact decimal, and is
    evened out first: 9.99…9 with forty nines is ten.
    """
    with units.arithmetic():
        return int(exact.quantize(NOISE).to_integral_value(rounding=ROUND_FLOOR))
