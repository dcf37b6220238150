"""How the Board's votes become a ruling: by consensus, else by a majority of those voting.

Pure arithmetic. That a ruling also needs a share of the members who may vote is the Board's quorum;
both shares are dated rule parameters, come in from outside, and are unverified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Tally:
    """The state of a vote: who may vote, how many did, what carries."""

    eligible: int
    cast: int
    quorum: int
    needed: int
    carried: str | None
    consensus: bool

    @property
    def quorate(self) -> bool:
        """Whether enough members voted for a ruling."""
        return self.cast >= self.quorum


def at_least(share: Fraction, members: int) -> int:
    """The fewest members who are at least this share of them; at least one."""
    return max(1, ceil(members * share))


def tally(
    votes: Mapping[str, int], *, eligible: int, majority: Fraction, quorum: Fraction
) -> Tally:
    """Count the votes by ruling. At a majority above one half only one ruling can carry.

    Raises ValueError when more votes are cast than there are members who may vote, or when the
    majority is one half or less.
    """
    cast = sum(votes.values())
    if cast > eligible:
        raise ValueError(f"{cast} votes of {eligible} members")
    if 2 * majority <= 1:
        raise ValueError("with half of the votes two rulings could carry")
    needed, least = at_least(majority, cast), at_least(quorum, eligible)
    carried = next((ruling for ruling, n in votes.items() if n >= needed), None)
    if cast < least:
        carried = None
    consensus = carried is not None and votes[carried] == cast
    return Tally(eligible, cast, least, needed, carried, consensus)
