"""What the import books: batches of rows, each in one transaction with its entry in the journal.

Killed in the middle it has booked whole batches; run again it goes on, since a row books once.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from cdm_portal.identity.models import Person
from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import Actor, Role
from registry.importing.expiry import expires_on
from registry.importing.remarks import Kind, Remark
from registry.importing.reports import Booking, Report
from registry.locks import call, retried

NAME = "Import of the CDM registry’s public reports"
PATIENCE = "120s"
"""How long one batch may take (decisions, 25)."""


@dataclass(slots=True)
class Booked:
    """What a batch came to: how many rows were new, and which ones the ledger refused."""

    new: int = 0
    refused: list[Remark] = field(default_factory=list)


def register_importer(*, actor: Actor, at: datetime, name: str = NAME) -> Actor:
    """An import as an actor: a person of the books who has no sign-in and no role; made once.

    The ledger wants two persons where value moves. Here the first is the portal, which reads the
    report, and the second the import itself, which stands for the people who approved it long ago.
    """
    with transaction.atomic():
        person = Person.objects.filter(name=name, sign_ins=None, memberships=None).first()
        if person is None:
            person = Person.objects.create(name=name)
            record("registry.register_importer", actor=actor, subject=person, at=at)
    return Actor(person.pk, name, Role.SYSTEM)


@retried
def book_issuances(
    *, actor: Actor, at: datetime, source: Report, rows: Sequence[Booking],
    crediting_ends: Mapping[str, date],
) -> Booked:
    """Issue rows of the issuance report at their real serials, to the pending account, without a
    share of proceeds: the report says what was issued, not who received it.

    Raises SerialsTaken, SerialsOutOfOrder, KeyReused, Frozen; then nothing of the batch is booked.
    """
    said = json.dumps([_issued(row, expires_on(row, crediting_ends)) for row in rows])
    with transaction.atomic():
        _be_patient()
        booked = Booked(int(call("registry_import_issuances", said, actor.person_id)))
        _note("registry.import_issuances", actor, at, source, rows, booked)
    return booked


@retried
def book_cancellations(
    *, actor: Actor, at: datetime, source: Report, rows: Sequence[Booking]
) -> Booked:
    """Cancel exactly the units of rows of the cancellation report.

    What the ledger refuses of a batch is answered row by row, and the others are booked. A row that
    is booked already is passed over.
    """
    with transaction.atomic():
        _be_patient()
        try:
            booked = Booked(_cancel(actor, source, rows))
        except Refused:
            booked = _one_by_one(actor, source, rows)
        _note("registry.import_cancellations", actor, at, source, rows, booked)
    return booked


def _cancel(actor: Actor, source: Report, rows: Sequence[Booking]) -> int:
    said = json.dumps([_cancelled(row, source) for row in rows])
    return int(call("registry_import_cancellations", said, actor.person_id))


def _one_by_one(actor: Actor, source: Report, rows: Sequence[Booking]) -> Booked:
    booked = Booked()
    for row in rows:
        try:
            booked.new += _cancel(actor, source, [row])
        except Refused as refusal:
            booked.refused.append(
                Remark(source.name, row.row, Kind.REFUSED, refusal.message, "Serial Range",
                       f"{row.party} {row.lo} - {row.hi}")
            )  # fmt: skip
    return booked


def _issued(row: Booking, expires: date | None) -> dict[str, object]:
    return {
        "hash": row.sha256.hex(), "party": row.party, "lo": row.lo, "hi": row.hi,
        "unit_type": row.unit_type, "cp": row.period, "project": row.project,
        "expires": expires.isoformat() if expires else None, "at": row.completed.isoformat(),
    }  # fmt: skip


def _cancelled(row: Booking, source: Report) -> dict[str, object]:
    facts = {"row_sha256": row.sha256.hex(), "platform": row.platform}
    return {
        "key": str(row.key), "party": row.party, "lo": row.lo, "hi": row.hi, "facts": facts,
        "at": row.completed.isoformat(),
    }  # fmt: skip


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])


def _note(
    verb: str, actor: Actor, at: datetime, source: Report, rows: Sequence[Booking], booked: Booked
) -> None:
    """One entry for a batch: which file, which rows, how many units."""
    if booked.new == 0:
        return
    record(
        verb, actor=actor, subject=Person(pk=actor.person_id), at=at,
        facts={
            "file": source.name, "file_sha256": source.sha256, "rows": booked.new,
            "first_row": min(row.row for row in rows), "last_row": max(row.row for row in rows),
            "units": str(sum(row.quantity for row in rows)),
        },
    )  # fmt: skip
