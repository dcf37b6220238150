"""The first thing in which a claim and the second way differ: an input, or a step by its path.

A difference of up to 10^-18 is that of the engine's fifty digits, and is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from projects.doe.second.paths import Second
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps

TOLERANCE = exact("1e-18")
RESULT = "ER"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two part; None where one of them has nothing of the kind."""

    place: str
    claimed: Fraction | None
    found: Fraction | None

    def __str__(self) -> str:
        return f"{self.place}: {_shown(self.claimed)} was claimed, {_shown(self.found)} found"


def first_difference(
    second: Second,
    *,
    inputs: Mapping[str, object],
    steps: Mapping[str, object],
    tonnes: int | None = None,
) -> Difference | None:
    """The first input of a claim that differs, or else its first step, or else its whole tonnes.

    Inputs in due units by symbol, one of a row as `table.column[label]`; steps by path. Raises
    CannotRecalculate for what is no number.
    """
    found = (
        *_unequal(inputs, second.inputs),
        *_unequal(steps, second.steps),
        *_tonnes(tonnes, second.steps),
    )
    return found[0] if found else None


def _unequal(claimed: Mapping[str, object], found: Mapping[str, Fraction]) -> Iterator[Difference]:
    for place in [*found, *(place for place in claimed if place not in found)]:
        theirs = exact(claimed[place]) if place in claimed else None
        ours = found.get(place)
        if theirs is None or ours is None or abs(theirs - ours) > TOLERANCE:
            yield Difference(place, theirs, ours)


def _tonnes(claimed: int | None, found: Steps) -> Iterator[Difference]:
    """Whole tonnes, always downwards."""
    if claimed is not None and claimed != floor(found[RESULT]):
        yield Difference("whole tonnes", Fraction(claimed), Fraction(floor(found[RESULT])))


def _shown(value: Fraction | None) -> str:
    return "nothing" if value is None else str(value)
