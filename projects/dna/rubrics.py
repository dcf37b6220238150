"""How a Party weighs sustainable development: criteria in groups, each scored within its bounds.

Every group's total and the whole must be positive. A scoring authority works so by the account of
one country (domain, 2.2; unverified); which criteria there are is each Party's own affair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cdm_portal.refusals import Invalid

PARTS = ("group", "criterion", "minimum", "maximum")
MOST_CRITERIA = 100
MOST_POINTS = 1_000
LONGEST_GROUP, LONGEST_NAME = 80, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion as it is written down: points from `minimum` to `maximum`, both included."""

    group: str
    name: str
    minimum: int
    maximum: int


class Weighed(Protocol):
    """A criterion as the rubric keeps it."""

    @property
    def pk(self) -> int:
        """Its number."""

    group: str
    name: str
    minimum: int
    maximum: int


def lines(text: str) -> list[Line]:
    """The criteria of a text with one in each line: `group | criterion | minimum | maximum`.

    Raises Invalid at `criteria`, naming the line.
    """
    found: list[Line] = []
    for number, row in enumerate(text.splitlines(), start=1):
        if row.strip():
            found.append(_line(number, [part.strip() for part in row.split("|")]))
    if len({(each.group, each.name) for each in found}) != len(found):
        raise Invalid.of("criteria", "A criterion stands there twice in one group.")
    if len(found) > MOST_CRITERIA:
        raise Invalid.of("criteria", f"At most {MOST_CRITERIA} criteria; these are {len(found)}.")
    return found


def _line(number: int, parts: list[str]) -> Line:
    if len(parts) != len(PARTS) or not all(parts):
        raise Invalid.of("criteria", f"Line {number}: write {' | '.join(PARTS)}.")
    group, name = parts[:2]
    if len(group) > LONGEST_GROUP or len(name) > LONGEST_NAME:
        raise Invalid.of("criteria", f"Line {number}: the group or the criterion is too long.")
    try:
        minimum, maximum = int(parts[2]), int(parts[3])
    except ValueError:
        raise Invalid.of("criteria", f"Line {number}: the bounds are whole numbers.") from None
    if not -MOST_POINTS <= minimum < maximum <= MOST_POINTS or maximum <= 0:
        raise Invalid.of(
            "criteria", f"Line {number}: the minimum is below the maximum, which is above 0."
        )
    return Line(group, name, minimum, maximum)


def written(criteria: Iterable[Weighed]) -> str:
    """The criteria as text, one in each line."""
    return "\n".join(f"{c.group} | {c.name} | {c.minimum} | {c.maximum}" for c in criteria)


def box(criterion: Weighed) -> str:
    """The name of the form's box for a criterion's points."""
    return f"score_{criterion.pk}"


def check(criteria: Iterable[Weighed], scores: Mapping[int, int]) -> None:
    """Pass when every criterion has points within its bounds.

    Raises Invalid at the box of each that has not.
    """
    faults = {
        box(each): [f"Give {each.minimum} to {each.maximum} points."]
        for each in criteria
        if each.pk not in scores or not each.minimum <= scores[each.pk] <= each.maximum
    }
    if faults:
        raise Invalid(faults)


def totals(criteria: Iterable[Weighed], scores: Mapping[int, int]) -> dict[str, int]:
    """The points of each group, in the order of the rubric."""
    found: dict[str, int] = {}
    for each in criteria:
        found[each.group] = found.get(each.group, 0) + scores[each.pk]
    return found


def shortfalls(criteria: Iterable[Weighed], scores: Mapping[int, int]) -> list[str]:
    """Which totals are not positive, in words; empty when the criteria are met."""
    by_group = totals(criteria, scores)
    low = [f"“{group}” has {points} points" for group, points in by_group.items() if points <= 0]
    whole = sum(by_group.values())
    return low + ([f"the whole has {whole} points"] if whole <= 0 else [])
