"""Account statements as a table: CSV in UTF-8 with declared columns. Pure."""

import csv
import io

from cdm_portal.uploads.errors import Unacceptable
from offsets.banking.entries import Credit, amount, day

NEEDED = ("account", "booked_on", "amount", "currency", "bank_reference")
MAY = ("reference", "text", "debtor_name", "debtor_account")
COLUMNS = NEEDED + MAY


def read(data: bytes) -> list[Credit]:
    """The entries of the table. Raises Unacceptable with one sentence."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unacceptable("The table is not in UTF-8.") from None
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        head = [name.strip() for name in next(rows, [])]
        _ask_head(head)
        return [_credit(head, row, n) for n, row in enumerate(rows, 2) if row]
    except csv.Error as fault:
        raise Unacceptable(f"The table cannot be read: {fault}.") from None


def _ask_head(head: list[str]) -> None:
    missing = [name for name in NEEDED if name not in head]
    if missing:
        raise Unacceptable(f"The first row has no column “{missing[0]}”.")
    for name in head:
        if name not in COLUMNS:
            raise Unacceptable(f"The column “{name[:40]}” is not one of: {', '.join(COLUMNS)}.")
        if head.count(name) > 1:
            raise Unacceptable(f"The column “{name}” stands there twice.")


def _credit(head: list[str], row: list[str], n: int) -> Credit:
    place = f"Row {n}"
    if len(row) != len(head):
        raise Unacceptable(f"{place} has {len(row)} cells; the first row has {len(head)}.")
    cell = {name: " ".join(value.split()) for name, value in zip(head, row, strict=True)}
    out = cell["amount"].startswith("-")  # a debit
    return Credit(
        place=place, account=cell["account"], booked_on=day(place, cell["booked_on"]),
        amount=amount(place, cell["amount"][out:]), currency=cell["currency"],
        reference=cell.get("reference", ""), text=cell.get("text", ""),
        debtor_name=cell.get("debtor_name", ""), debtor_iban=cell.get("debtor_account", ""),
        bank_reference=cell["bank_reference"], passed_over=out,
    )
