"""The register of accreditations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from cdm_portal.refusals import Forbidden, Invalid, Refused
from projects.doe import actions, queries
from projects.doe.models import Accreditation
from tests.cast import Cast
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)


def accredited(cast: Cast, at: datetime, **changes: Any) -> Any:
    given = {
        "actor": cast.secretariat, "at": at, "scopes": (1, 13), "functions": ("validation",),
        "organisation_id": cast.unaccredited_doe.organisation_id, "valid_from": FIRST,
        "valid_to": LAST,
    }
    return actions.accredit(**(given | changes))


def test_the_secretariat_accredits_for_each_scope_and_function(cast: Cast, at: datetime) -> None:
    rows = accredited(cast, at, functions=("validation", "verification"))
    assert [(row.function, row.scope) for row in rows] == [
        ("validation", 1), ("validation", 13), ("verification", 1), ("verification", 13),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": (16,)}, "scopes"), ({"scopes": ()}, "scopes"),
        ({"functions": ("certification",)}, "functions"),
        ({"valid_to": date(2023, 12, 31)}, "valid_to"),
    ],
)
def test_what_cannot_be_accredited_is_named(
    cast: Cast, at: datetime, nothing_written: Nothing, changes: dict[str, Any], field: str
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refusal:
        accredited(cast, at, **changes)
    assert list(refusal.value.errors) == [field]


def test_only_a_doe_is_accredited(cast: Cast, at: datetime, nothing_written: Nothing) -> None:
    with nothing_written(), pytest.raises(Invalid):
        accredited(cast, at, organisation_id=cast.participant.organisation_id)


def test_a_doe_does_not_accredit_itself(cast: Cast, at: datetime, nothing_written: Nothing) -> None:
    with nothing_written(), pytest.raises(Forbidden):
        accredited(cast, at, actor=cast.unaccredited_doe)


def test_two_terms_of_one_scope_do_not_overlap(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    accredited(cast, at)
    with nothing_written(), pytest.raises(Invalid):
        accredited(cast, at, valid_from=LAST, valid_to=None)
    accredited(cast, at, valid_from=date(2029, 1, 1), valid_to=None)


def test_a_suspension_is_lifted_and_a_withdrawal_is_for_good(
    cast: Cast, at: datetime, nothing_written: Nothing
) -> None:
    row = accredited(cast, at, scopes=(1,))[0]
    given = {"actor": cast.secretariat, "at": at, "accreditation_id": row.pk}
    given["reason"] = "Spot-check"
    assert actions.suspend_accreditation(**given).state == Accreditation.State.SUSPENDED
    with nothing_written(), pytest.raises(Refused):
        actions.suspend_accreditation(**given)
    assert actions.reinstate_accreditation(**given).state == Accreditation.State.ACTIVE
    assert actions.withdraw_accreditation(**given).state == Accreditation.State.WITHDRAWN
    with nothing_written(), pytest.raises(Refused):
        actions.reinstate_accreditation(**given)


def test_a_change_needs_a_reason(cast: Cast, at: datetime, nothing_written: Nothing) -> None:
    row = accredited(cast, at, scopes=(1,))[0]
    with nothing_written(), pytest.raises(Invalid):
        actions.suspend_accreditation(
            actor=cast.secretariat, at=at, accreditation_id=row.pk, reason="  "
        )


def test_the_register_shows_what_is_valid_on_the_day_and_what_is_suspended(
    cast: Cast, at: datetime
) -> None:
    rows = accredited(cast, at, scopes=(1, 13))
    actions.suspend_accreditation(
        actor=cast.secretariat, at=at, accreditation_id=rows[1].pk, reason="Spot-check"
    )

    def listed(on: Any) -> Any:
        entries = {each.organisation.name: each for each in queries.directory(on)}
        return entries["Unaccredited Audits"]

    assert listed(LAST).functions == [("Validation", "1")]
    assert listed(LAST).suspended == ["Validation in scope 13"]
    assert listed(date(2029, 1, 1)).functions == []
