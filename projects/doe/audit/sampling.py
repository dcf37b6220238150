"""Which records a DOE holds against their evidence: drawn by a rule that nobody can steer.

The seed is made of the file's SHA-256 and of the moment at which the database kept the file, to the
microsecond: who writes the file cannot know the second, who verifies can change neither. Pure.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from math import ceil

from cdm_portal import formats, parameters
from projects.doe.comparison import shown

WHY = {
    "drawn": "drawn",
    "first": "first",
    "last": "last",
    "largest": "largest",
    "outlying": "far above the others",
    "treated": "treated by the participant",
    "odd": "odd when it was read",
}
"""Why a record is in the sample, in the order in which the reasons are named."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many are drawn of how many, under which numbers of the rules, from which seed."""

    population: int
    size: int
    deviate: Fraction
    precision: Fraction
    most_named: int
    seed: str
    sources: tuple[str, ...]


def seed(sha256: str, kept_at: datetime) -> str:
    """The seed of a file as 64 hexadecimal digits."""
    return hashlib.sha256(f"{sha256}:{moment(kept_at)}".encode()).hexdigest()


def moment(kept_at: datetime) -> str:
    """A moment to the microsecond, as it enters the seed."""
    return kept_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def rule(population: int, seed: str, *, small: bool, on: date) -> Rule:
    """The rule as it holds on a day, for so many readings of a small or large-scale project."""
    scale = "small" if small else "large"
    deviate = parameters.get(f"sampling_deviate_{scale}", on)
    precision = parameters.get("sampling_precision", on)
    margin, value = parameters.as_share(precision), parameters.as_share(deviate)
    return Rule(
        population=population, size=size(population, value, margin), deviate=value,
        precision=margin, most_named=parameters.number("sampling_named_max", on), seed=seed,
        sources=tuple(dict.fromkeys((deviate.source, precision.source))),
    )


def size(population: int, deviate: Fraction, precision: Fraction) -> int:
    """How many of a population tell a share of one half within ±`precision`: n₀ = (z / 2e)², and
    n₀ N / (n₀ + N − 1) of a population N, rounded up.
    """
    if population < 1:
        return 0
    unlimited = (deviate / (2 * precision)) ** 2
    return min(population, ceil(unlimited * population / (unlimited + population - 1)))


def draw(seed: str, population: int, size: int) -> list[int]:
    """`size` different numbers from 1 to `population`, in the order of drawing.

    The n-th turn takes SHA-256 of "seed:n" as a whole number, modulo the population, plus one; a
    number that was drawn before is passed over. Raises ValueError for more than there are.
    """
    if size > population:
        raise ValueError(f"{size} cannot be drawn of {population}")
    drawn: dict[int, None] = {}
    turn = 0
    while len(drawn) < size:
        turn += 1
        digest = hashlib.sha256(f"{seed}:{turn}".encode()).digest()
        drawn.setdefault(int.from_bytes(digest) % population + 1)
    return list(drawn)


def words(found: Rule) -> list[str]:
    """The rule in words, so that anybody can draw the same records again."""
    return [
        f"{formats.tonnes(found.size)} of {formats.tonnes(found.population)} readings are drawn: "
        f"n₀ N / (n₀ + N − 1) with n₀ = (z / 2e)², z = {shown(found.deviate)} and "
        f"e = {shown(found.precision)}, rounded up.",
        "The readings are numbered from 1 by parameter and time. Turn n takes the SHA-256 of "
        "“seed:n” as a whole number modulo their count, plus one; a number drawn before is passed "
        "over. The seed is the SHA-256 of “SHA-256 of the file:moment at which the file was kept”.",
        "Besides, always: the first, the last and the largest reading of each parameter, readings "
        f"far above the others, and rows that were treated or odd, up to {found.most_named} of a "
        "kind.",
    ]


def named(reasons: Sequence[str]) -> str:
    """Why a record is in the sample, in words."""
    return ", ".join(WHY[each] for each in WHY if each in reasons)
