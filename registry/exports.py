"""The registry's lists as files: CSV and JSON of exactly the rows that a page filters.

Rows leave one by one, so a file of any length takes the memory of one row.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from cdm_portal.readonly_admin import cell, csv_answer
from registry.models import Account, Cancellation, Issuance, Posting

CHUNK = 2000

ISSUED = (
    "transaction", "issued", "party", "project", "unit_type", "commitment_period", "first_serial",
    "last_serial", "units", "serial_number",
)  # fmt: skip
CANCELLED = (
    "transaction", "cancelled", "party", "project", "unit_type", "commitment_period",
    "first_serial", "last_serial", "units", "serial_number", "by_the_shop", "kind",
)  # fmt: skip
MOVED = (
    "transaction", "took_effect", "party", "project", "unit_type", "commitment_period",
    "first_serial", "last_serial", "units", "serial_number", "from_account", "to_account",
)  # fmt: skip
KIND_WORDS = {
    Account.Kind.VOLUNTARY: "voluntary",
    Account.Kind.MANDATORY: "mandatory",
    Account.Kind.ADMINISTRATIVE: "administrative",
    Account.Kind.EXCESS: "excess issuance",
    Account.Kind.RETIREMENT: "retirement",
}


def issued(rows: Iterable[Issuance]) -> Iterator[list[object]]:
    """One line per issuance."""
    for row in rows:
        number = row.serial
        yield [
            row.tx.reference, row.effective_at, row.party_id, row.project_number, number.unit,
            row.applicable_cp, row.lo, row.hi, number.quantity, str(number),
        ]  # fmt: skip


def cancelled(rows: Iterable[Any]) -> Iterator[list[object]]:
    """One line per cancellation, of rows that say where they `ended_in`."""
    row: Cancellation
    for row in rows:
        number = row.serial
        yield [
            row.tx.reference if row.tx else row.reference, row.effective_at, number.party,
            number.project_number, number.unit, number.applicable_cp, row.s, row.e, row.quantity,
            str(number), "no" if row.tx else "yes", kind_of(row),
        ]  # fmt: skip


def kind_of(row: Any) -> str:
    """What a cancellation was for, by the account in which its units ended."""
    kind: int = row.ended_in
    return KIND_WORDS.get(Account.Kind(kind), Account.Kind(kind).label)


def moved(rows: Iterable[Posting]) -> Iterator[list[object]]:
    """One line per movement of an account."""
    for row in rows:
        number, booked = row.serial, row.tx or row.cancellation
        assert booked is not None
        yield [
            booked.reference, booked.effective_at, number.party, number.project_number, number.unit,
            number.applicable_cp, row.lo, row.hi, row.qty, str(number), row.dr.number,
            row.cr.number,
        ]  # fmt: skip


def answer(
    form: str, name: str, header: tuple[str, ...], rows: Iterable[list[object]]
) -> StreamingHttpResponse:
    """A download of rows as `name`.csv or `name`.json."""
    if form == "csv":
        return csv_answer(name, header, rows)
    made = StreamingHttpResponse(_json(header, rows), content_type="application/json")
    made["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return made


def _json(header: tuple[str, ...], rows: Iterable[list[object]]) -> Iterator[str]:
    """`{"data": [...]}`, one row after the other. Units are whole numbers below 10^15, which every
    reader of JSON keeps exactly."""
    yield '{"data": ['
    between = ""
    for row in rows:
        values = (v if isinstance(v, int) else cell(v) for v in row)
        yield between + json.dumps(dict(zip(header, values, strict=True)), ensure_ascii=False)
        between = ",\n"
    yield "]}\n"
