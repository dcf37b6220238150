"""The arithmetic of the Board's votes, written out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projects.board import voting

MAJORITY, QUORUM = Fraction(3, 4), Fraction(2, 3)


@pytest.mark.parametrize(
    ("voting_members", "needed"),
    [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 6), (8, 6), (9, 7), (10, 8)],
)
def test_three_quarters_of_those_voting_are_needed(voting_members: int, needed: int) -> None:
    assert voting.at_least(MAJORITY, voting_members) == needed


@pytest.mark.parametrize(
    ("eligible", "quorum"),
    [(10, 7), (9, 6), (8, 6), (7, 5), (6, 4), (5, 4), (4, 3), (3, 2), (2, 2), (1, 1), (0, 1)],
)
def test_two_thirds_of_those_who_may_vote_are_a_quorum(eligible: int, quorum: int) -> None:
    assert voting.at_least(QUORUM, eligible) == quorum


@pytest.mark.parametrize(
    ("votes", "eligible", "carried", "consensus"),
    [
        ({"register": 9}, 9, "register", True),
        ({"register": 7, "reject": 2}, 9, "register", False),
        ({"register": 6, "reject": 3}, 9, None, False),
        ({"register": 2, "reject": 7}, 9, "reject", False),
        ({"register": 6}, 9, "register", True),
        ({"register": 5}, 9, None, False),
        ({"register": 5, "correct": 1, "reject": 1}, 10, None, False),
        ({"register": 8, "correct": 2}, 10, "register", False),
        ({}, 10, None, False),
    ],
)
def test_a_ruling_is_carried_by_consensus_or_three_quarters_of_a_quorum(
    votes: dict[str, int], eligible: int, carried: str | None, consensus: bool
) -> None:
    count = voting.tally(votes, eligible=eligible, majority=MAJORITY, quorum=QUORUM)
    assert (count.carried, count.consensus) == (carried, consensus)


def test_more_votes_than_members_are_a_fault() -> None:
    with pytest.raises(ValueError, match="3 votes of 2 members"):
        voting.tally({"register": 3}, eligible=2, majority=MAJORITY, quorum=QUORUM)


def test_half_of_the_votes_cannot_carry_two_rulings() -> None:
    with pytest.raises(ValueError, match="two rulings"):
        voting.tally(
            {"register": 1, "reject": 1}, eligible=2, majority=Fraction(1, 2), quorum=QUORUM
        )
