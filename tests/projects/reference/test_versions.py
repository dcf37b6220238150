"""Days of methodology versions changed by two persons, and who follows them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board.queries import money
from projects.methodologies import catalogue, codec, validity
from projects.methodologies.base import UnknownMethodology
from projects.participant import actions as participant
from tests.cast import Cast
from tests.projects.methodologies.test_calculate_command import WIND
from tests.projects.participant.designs import AT as FILLED_AT
from tests.projects.participant.designs import filled
from tests.projects.reference.story import AT, dated, dates
from tests.questions import at_most

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
TODAY = AT.date()
YESTERDAY = date(2024, 3, 3)


def test_changed_days_hold_over_those_shipped(cast: Cast, nothing_written: Nothing) -> None:
    shipped = catalogue.get("AMS-I.D").version("18.0")
    assert shipped.valid_to is None and not shipped.verified
    waiting = dates(cast, valid_to=YESTERDAY)
    assert catalogue.version_valid_on("AMS-I.D", "18.0", TODAY)
    with nothing_written(), pytest.raises(Forbidden):
        dated(cast_as(cast, cast.board[0]), code="TOOL07", version="07.0")
    from projects.reference import actions

    actions.approve(actor=cast.board[0], at=AT, kind="versions", pk=waiting.pk)
    assert not catalogue.version_valid_on("AMS-I.D", "18.0", TODAY)
    assert catalogue.version_valid_on("AMS-I.D", "18.0", YESTERDAY)
    with at_most(1), validity.one_moment():
        for code in catalogue.BY_CODE:
            catalogue.valid_versions(code, TODAY)
    with at_most(0), validity.as_shipped():
        assert catalogue.version_valid_on("AMS-I.D", "18.0", TODAY)
    found = validity.version(catalogue.get("AMS-I.D"), "18.0")
    assert (found.source, found.verified) == ("EB 120, annex 3", True)
    dated(cast, valid_to=date(2024, 12, 31), grace_to=date(2025, 8, 31))
    assert catalogue.version_valid_on("AMS-I.D", "18.0", TODAY)


def cast_as(cast: Cast, actor: Any) -> Any:
    """The cast with somebody else in the secretariat's place."""
    from dataclasses import replace

    return replace(cast, secretariat=actor)


def test_a_version_that_ended_the_day_before_is_refused_wherever_it_is_asked_for(
    cast: Cast, client: Client
) -> None:
    case = filled(cast)
    dated(cast, valid_to=date(FILLED_AT.year, FILLED_AT.month, FILLED_AT.day - 1))
    with pytest.raises(participant.Incomplete) as refused:
        participant.submit_design(actor=cast.participant, at=FILLED_AT, project_id=case.pk)
    assert refused.value.lacking["methodology"] == [
        "Version 18.0 of AMS-I.D was not valid on 4 March 2024. None known here was valid then."
    ]
    dated(cast, code="ACM0002", version="20.0", valid_to=YESTERDAY)
    asked = WIND | {"on": TODAY.isoformat()}
    with pytest.raises(UnknownMethodology, match="was not valid on 2024-03-04"):
        codec.from_json("ACM0002", asked)
    codec.from_json("ACM0002", WIND | {"on": YESTERDAY.isoformat()})
    shown = client.get("/api/v1/methodologies/ACM0002/").json()
    row = next(each for each in shown["versions"] if each["version"] == "20.0")
    assert (row["valid_to"], row["source"]) == ("2024-03-03", "EB 120, annex 3")
    page = client.get("/methodologies/ACM0002/").content.decode()
    assert "3 Mar 2024" in page and "EB 120, annex 3" in page


def test_the_fee_waits_for_the_end_of_the_time_of_grace(cast: Cast) -> None:
    case = filled(cast)
    case.methodology, case.methodology_version = "AMS-I.D", "18.0"
    assert money.methodology_ends(case) is None
    dated(cast, valid_to=YESTERDAY)
    assert money.methodology_ends(case) == YESTERDAY
    dated(cast, valid_to=YESTERDAY, grace_to=date(2024, 11, 3))
    assert money.methodology_ends(case) == date(2024, 11, 3)


@pytest.mark.parametrize(
    ("box", "changes"),
    [
        ("verified", {"valid_to": YESTERDAY, "verified": False, "valid_from": date(2015, 1, 1)}),
        ("verified", {"valid_to": date(2024, 3, 2), "verified": False}),
        ("valid_to", {"valid_to": date(2014, 1, 1)}), ("source", {"source": " "}),
        ("grace_to", {"grace_to": date(2025, 1, 1)}),
        ("grace_to", {"valid_to": TODAY, "grace_to": TODAY}),
        ("valid_to", {"verified": False}),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_refused_beside_their_box(
    box: str, changes: dict[str, Any], cast: Cast, nothing_written: Nothing
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refused:
        dates(cast, **changes)
    assert list(refused.value.errors) == [box]
    for unknown in ({"code": "ACM9999"}, {"version": "99.0"}):
        with nothing_written(), pytest.raises(NotFound):
            dates(cast, **unknown)


def test_unverified_days_of_today_and_later_may_be_proposed(cast: Cast) -> None:
    dated(cast, valid_to=YESTERDAY, verified=False)
    assert not catalogue.version_valid_on("AMS-I.D", "18.0", TODAY)
    assert catalogue.version_valid_on("AMS-I.D", "18.0", YESTERDAY)
