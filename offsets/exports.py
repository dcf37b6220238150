"""The public list as CSV (RFC 4180), safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator

from offsets import codes
from offsets.certificates.facts import WITHHELD
from offsets.models import OrderLine

HEAD = (
    "cancelled_at", "tonnes", "project", "title", "beneficiary", "reason", "serial_numbers",
    "certificate", "code", "registry_reference", "rules",
)
FORMULA = ("=", "+", "-", "@")


def cell(value: object) -> str:
    """Text that no spreadsheet runs: what would begin a formula gets an apostrophe before it."""
    text = str(value)
    runs = text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if runs else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[OrderLine]) -> Iterator[str]:
    """The head and one line per cancellation."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow(HEAD)
    for row in rows:
        yield writer.writerow([cell(value) for value in _values(row)])


def _values(row: OrderLine) -> tuple[object, ...]:
    order, project, booked = row.order, row.offer.project, row.cancellation
    if booked is None:
        raise ValueError(f"line {row.pk} is not cancelled")
    return (
        booked.effective_at.isoformat(), row.quantity, project.name, project.title,
        order.public_name or WITHHELD, order.public_reason, booked.serial,
        order.certificate.number, codes.show(order.certificate.code), booked.reference,
        project.get_rules_display(),
    )
