"""Grid factors and days of versions, brought to a state through the actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cdm_portal.values import SYSTEM
from projects.reference import actions
from projects.reference.models import EditionRow, GridFactor, VersionDates
from projects.reference.stating import Factor
from tests.cast import Cast

AT = datetime(2024, 3, 4, 9, tzinfo=UTC)
STATED = Factor(
    party_code="KE", grid="National grid", first_year=2019, last_year=2021,
    om=Decimal("0.8907"), bm=Decimal("0.801"), cm=Decimal("0.84585"), w_om=Decimal("0.5"),
    source="A list of the ministry, table 2", published_on=date(2022, 2, 26),
    valid_from=date(2022, 3, 1), verified=True,
)


def proposed(
    cast: Cast, at: datetime = AT, replaces: GridFactor | None = None, **changes: Any
) -> GridFactor:
    """A factor that waits for a second person."""
    return actions.propose_factor(
        actor=cast.secretariat, at=at, stated=replace(STATED, **changes),
        replaces_id=replaces.pk if replaces else None,
    )


def listed(
    cast: Cast, at: datetime = AT, replaces: GridFactor | None = None, **changes: Any
) -> GridFactor:
    """A factor that two persons entered."""
    made = proposed(cast, at, replaces, **changes)
    found = actions.approve(actor=cast.board[0], at=at, kind="grid-factors", pk=made.pk)
    assert isinstance(found, GridFactor)
    return found


def dates(cast: Cast, at: datetime = AT, **changes: Any) -> VersionDates:
    """Days of version 18.0 of AMS-I.D that wait for a second person."""
    given: dict[str, Any] = {
        "code": "AMS-I.D", "version": "18.0", "valid_from": date(2014, 11, 28), "valid_to": None,
        "grace_to": None, "source": "EB 120, annex 3", "verified": True,
    }
    return actions.propose_dates(actor=cast.secretariat, at=at, **(given | changes))


def dated(cast: Cast, at: datetime = AT, **changes: Any) -> VersionDates:
    """Days that two persons changed."""
    made = dates(cast, at, **changes)
    found = actions.approve(actor=cast.second_secretariat, at=at, kind="versions", pk=made.pk)
    assert isinstance(found, VersionDates)
    return found


def everything(cast: Cast, at: datetime) -> None:
    """A factor that is listed and one that replaces it from now on, if a second person approves;
    days of a version that wait as well; a list of host Parties.
    """
    proposer = replace_secretariat(cast)
    proposed(proposer, at, replaces=listed(cast, at), cm=Decimal("0.846"), valid_from=at.date())
    dates(proposer, at, valid_to=at.date())
    cells = {
        "iso2": "KE", "name": "Kenya", "ldc": "No", "sids": "No", "activities": "3",
        "registered": "2",
    }
    actions.keep_edition(
        actor=SYSTEM, at=at, kind="hosts", filename="hosts.csv", sha256="0" * 64, source="",
        refused=0, rows=[EditionRow(line=2, key="KE", cells=cells)],
    )


def replace_secretariat(cast: Cast) -> Cast:
    """The cast with the second of the secretariat in the first one's place."""
    return replace(cast, secretariat=cast.second_secretariat, sign_ins={})
