"""Grid factors of two persons: which holds when, what replaces it, who may, what is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.rulebook.errors import AlreadyDecided, AlreadyProposed, SamePerson
from projects.reference import actions, queries
from tests.cast import Cast
from tests.projects.reference.story import AT, listed, proposed
from tests.questions import at_most

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]


def test_a_factor_counts_once_a_second_person_approved_it(
    cast: Cast, nothing_written: Nothing
) -> None:
    made = proposed(cast)
    assert queries.published("KE") == []
    step: dict[str, Any] = {"at": AT, "kind": "grid-factors", "pk": made.pk}
    with nothing_written(), pytest.raises(SamePerson):
        actions.approve(actor=cast.secretariat, **step)
    for stranger in (cast.participant, cast.dna, cast.doe, cast.registry, cast.auditor, cast.buyer):
        with nothing_written(), pytest.raises(Forbidden):
            actions.approve(actor=stranger, **step)
        with nothing_written(), pytest.raises(Forbidden):
            actions.reject(actor=stranger, reason="No.", **step)
        with nothing_written(), pytest.raises(Forbidden):
            actions.propose_factor(actor=stranger, at=AT, stated=made_of(made))
    with nothing_written(), pytest.raises(Invalid):
        actions.reject(actor=cast.board[0], reason="  ", **step)
    actions.approve(actor=cast.board[0], **step)
    (found,) = queries.published("KE")
    assert (found.factor.cm, found.last, found.factor.vintage) == (
        Decimal("0.84585"), None, "2019–2021",
    )
    verbs = journal.of(made).values_list("verb", flat=True)
    assert sorted(verbs) == ["rulebook.approve_reference", "rulebook.propose_reference"]
    with nothing_written(), pytest.raises(AlreadyDecided):
        actions.reject(actor=cast.board[0], reason="Late.", **step)
    with nothing_written(), pytest.raises(NotFound):
        actions.approve(actor=cast.board[0], at=AT, kind="versions", pk=made.pk)
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        connection.cursor().execute("UPDATE projects_gridfactor SET cm = 1")


def made_of(found: Any) -> Any:
    return actions._stated(found)


def test_a_later_factor_takes_the_place_of_an_earlier_one_from_its_first_day(
    cast: Cast, nothing_written: Nothing
) -> None:
    first = listed(cast)
    begins = date(2024, 6, 1)
    later: dict[str, Any] = {
        "first_year": 2020, "last_year": 2022, "cm": Decimal("0.8"), "om": None, "bm": None,
        "w_om": None, "valid_from": begins, "valid_to": date(2024, 12, 31),
    }
    with nothing_written(), pytest.raises(Invalid) as refused:
        listed(cast, replaces=first, **(later | {"valid_from": first.valid_from}))
    assert list(refused.value.errors) == ["valid_from"]
    with nothing_written(), pytest.raises(Invalid) as refused:
        listed(cast, replaces=first, **(later | {"grid": "Another grid"}))
    assert list(refused.value.errors) == ["grid"]
    second = proposed(cast, replaces=first, **later)
    rival = proposed(cast, replaces=first, **(later | {"last_year": 2023}))
    assert [each.last for each in queries.published("KE")] == [None]  # proposed is not replaced
    actions.approve(actor=cast.board[0], at=AT, kind="grid-factors", pk=second.pk)
    with at_most(1):
        new, old = queries.published("KE")
    before = begins - timedelta(days=1)
    assert [old.holds_on(before), old.holds_on(begins), new.holds_on(begins)] == [True, False, True]
    assert (old.factor.pk, old.last, new.last) == (first.pk, before, date(2024, 12, 31))
    assert old.why_not(before) == ""
    assert old.why_not(begins) == (
        f"Grid factor {first.pk} (National grid, 2019–2021) was valid until 31 May 2024, "
        "not on 1 June 2024."
    )
    with nothing_written(), pytest.raises(Invalid, match="replaced already"):
        actions.approve(actor=cast.board[0], at=AT, kind="grid-factors", pk=rival.pk)


def test_a_vintage_is_listed_once_and_waits_once(cast: Cast, nothing_written: Nothing) -> None:
    waiting = proposed(cast)
    with nothing_written(), pytest.raises(AlreadyProposed):
        proposed(cast, cm=Decimal("0.846"))
    actions.approve(actor=cast.board[0], at=AT, kind="grid-factors", pk=waiting.pk)
    with nothing_written(), pytest.raises(Invalid, match=f"listed as grid factor {waiting.pk}"):
        proposed(cast, cm=Decimal("0.846"))
    listed(cast, technologies="intermittent", w_om=Decimal("0.75"), cm=Decimal("0.868275"))
    mended = listed(cast, replaces=waiting, cm=Decimal("0.846"), valid_from=date(2024, 3, 5))
    with nothing_written(), pytest.raises(Invalid, match=f"listed as grid factor {mended.pk}"):
        proposed(cast)


@pytest.mark.parametrize(
    ("box", "changes"),
    [
        ("party_code", {"party_code": "XX"}), ("grid", {"grid": " "}), ("source", {"source": ""}),
        ("source", {"source": "x" * 301}), ("first_year", {"first_year": 1989}),
        ("last_year", {"last_year": 2018}), ("last_year", {"last_year": 2025}),
        ("om", {"om": Decimal("-0.1")}), ("om", {"om": Decimal("3.1")}), ("cm", {"cm": Decimal(0)}),
        ("cm", {"cm": None, "om": None, "bm": None}), ("cm", {"cm": Decimal("0.9")}),
        ("cm", {"cm": Decimal("0.123456789")}), ("w_om", {"w_om": Decimal("1.5")}),
        ("published_on", {"published_on": date(2024, 3, 5)}),
        ("valid_to", {"valid_to": date(2022, 2, 28)}), ("address", {"address": "javascript:x"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_box(
    box: str, changes: dict[str, Any], cast: Cast, nothing_written: Nothing
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refused:
        proposed(cast, **changes)
    assert list(refused.value.errors) == [box]
