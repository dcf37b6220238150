"""Thousands of projects and cases in seconds, for what must not depend on how many there are.

The rows are made by set in SQL (`population.sql`), not by the actions: 100,000 cases through the
actions would take hours. It belongs to the tests, for it writes no journal. What the database
refuses it refuses here too: no trigger and no constraint is switched off, so every row stands in a
state that the law reaches. Foreign keys are checked at the end of the transaction, as ever.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from cdm_portal.identity.models import Organisation
from tests.cast import Cast

SQL = Path(__file__).with_name("population.sql")
CASES = "dna_letter", "doe_validation", "doe_verification", "board_request"
"""What counts as a case: what has a machine of its own within a stage (projects.lifecycle)."""


def load(cast: Cast, at: datetime, *, projects: int, owners: int = 10) -> int:
    """Make so many projects, every tenth owned by the cast's participant; answers how many cases
    they have, about ten a project.
    """
    others = [
        Organisation.objects.create(
            name=f"Bulk participant {n}", kind="participant", party_code="KE", fictional=True
        ).pk
        for n in range(1, owners)
    ]
    values = {
        "at": at, "projects": projects, "owner_count": owners,
        "owners": [cast.participant.office, *others],
        "does": [cast.doe.office, cast.other_doe.office],
        "members": [member.person for member in cast.board],
        "official": cast.second_secretariat.person, "expert": cast.rit.person,
        "sha256": hashlib.sha256(b"bulk").hexdigest(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL.read_text(), values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM {name})" for name in CASES))
        return int(cursor.fetchone()[0])
