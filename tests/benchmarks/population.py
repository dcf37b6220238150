"""Thousands of projects and cases in seconds, for what must not depend on how many there are.

The rows are made by set in SQL, not by the actions: 100,000 cases through the actions would take
hours. `population.sql` brings projects and their cases up to the Board's grants; `units.sql` goes
on from there, through the registry's own functions, to instructions, units, offers, orders and
certificates. It belongs to the tests, for it writes no journal. What the database refuses it
refuses here too: no trigger and no constraint is switched off, so every row stands in a state that
the law reaches, and the books balance. Foreign keys are checked at the end of the transaction.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from cdm_portal.identity.models import Organisation
from offsets import codes
from projects.doe.models import Accreditation
from registry.models import Account
from tests.cast import SCOPES, SINCE, Cast

HERE = Path(__file__).parent
CASES = "dna_letter", "doe_validation", "doe_verification", "board_request"
"""What counts as a case: what has a machine of its own within a stage (projects.lifecycle)."""
BATCH = 500
"""Projects whose units are made in one transaction: their Party's row changes with every issuance,
and old versions of it are only tidied away between transactions."""
ORDERS = 10


def load(cast: Cast, at: datetime, *, projects: int) -> int:
    """Make so many projects, every tenth owned by the cast's participant; answers how many cases
    they have, about ten a project. Participants and DOEs grow with them, slowly.
    """
    values = {
        "at": at, "projects": projects, **_owners(cast, max(9, projects // 20)),
        "does": [cast.doe.office, cast.other_doe.office],
        "members": [member.person for member in cast.board],
        "official": cast.second_secretariat.person, "expert": cast.rit.person,
        "sha256": hashlib.sha256(b"bulk").hexdigest(),
    }
    _entities(projects // 20)
    _run("population.sql", values)
    _open_accounts(cast, at)
    for first in range(0, projects, BATCH):
        _run("units.sql", {
            "at": at, "first": _reference(first), "last": _reference(first + BATCH - 1),
            "chair": cast.board[0].person, "clerk": cast.registry.person,
            "second_clerk": cast.registry_second.person,
            "codes": [codes.new() for _ in range(BATCH * ORDERS)],
        })
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM {name})" for name in CASES))
        return int(cursor.fetchone()[0])


def _reference(n: int) -> str:
    return f"BULK-{n:06}"


def _run(name: str, values: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute((HERE / name).read_text(), values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _owners(cast: Cast, count: int) -> dict[str, Any]:
    others = Organisation.objects.bulk_create(
        Organisation(name=f"Bulk participant {n}", kind="participant", party_code="KE",
                     fictional=True)
        for n in range(1, count + 1)
    )
    return {
        "owner": cast.participant.office, "others": [each.pk for each in others],
        "other_count": count,
    }


def _entities(count: int) -> None:
    """DOEs in the register that audit none of the projects."""
    made = Organisation.objects.bulk_create(
        Organisation(name=f"Bulk entity {n}", kind="doe", fictional=True)
        for n in range(1, count + 1)
    )
    Accreditation.objects.bulk_create(
        Accreditation(organisation=each, function=function, scope=scope, valid_from=SINCE)
        for each in made for function in ("validation", "verification") for scope in SCOPES
    )


def _open_accounts(cast: Cast, at: datetime) -> None:
    """A holding account for every participant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT registry_open_account(%s, 'KE', id, name, %s, %s) FROM identity_organisation"
            " WHERE kind = 'participant' ORDER BY id",
            [Account.Kind.HOLDING, cast.registry.person, at],
        )
