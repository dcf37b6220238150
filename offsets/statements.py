"""The statement of a year: every cancellation in one name, from a signed-in person's orders.

An order stands on the statement of whose desk it is at (actions/linking.py). The tonnes are summed
from the registry's cancellations, not from what orders say.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from cdm_portal import formats, parameters
from cdm_portal.values import Actor
from offsets import codes
from offsets.certificates import editions, facts
from offsets.certificates.editions import Edition
from offsets.certificates.facts import Part
from offsets.models import Order
from offsets.register.files import guarded
from projects.models import Project

HEAD = (
    "cancelled_at", "tonnes", "project", "title", "country", "reductions", "serial_numbers",
    "registry_reference", "certificate", "code", "rules", "sandbox",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One cancellation of a statement."""

    edition: Edition
    project: Project
    country: str
    part: Part


@dataclass(frozen=True, slots=True)
class Statement:
    """All cancellations of one name in one year, oldest first."""

    name: str
    year: int
    rows: tuple[Row, ...]

    @property
    def tonnes(self) -> int:
        """Their sum."""
        return sum(row.part.tonnes for row in self.rows)


def orders_of(actor: Actor) -> Iterable[Order]:
    """The cancelled orders on somebody's statement, oldest first."""
    return (
        Order.objects.filter(claim__person_id=actor.person, state=Order.State.FULFILLED)
        .select_related("certificate").order_by("fulfilled_at", "pk")
    )  # fmt: skip


def years(actor: Actor) -> list[Statement]:
    """A statement for each year and name, the newest year first."""
    found: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for order in orders_of(actor):
        edition = editions.current(order.certificate)
        found[edition.certificate.issued_at.year, edition.name] += _rows(edition)
    ordered = sorted(found.items(), key=lambda item: (-item[0][0], item[0][1]))
    return [Statement(name, year, tuple(rows)) for (year, name), rows in ordered]


def of(actor: Actor, year: int, name: str) -> Statement:
    """The statement of a year and name; without rows where there are none."""
    found = [each for each in years(actor) if (each.year, each.name) == (year, name)]
    return found[0] if found else Statement(name, year, ())


def reissues_left(order: Order, at: datetime) -> int:
    """How often the name on an order's certificate can still be corrected."""
    most = parameters.number("certificate_reissues_max", at.date())
    return max(0, most - order.certificate.reissues.count())


def csv_text(told: Statement) -> str:
    """The statement as CSV (RFC 4180), safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in told.rows:
        certificate, part = row.edition.certificate, row.part
        writer.writerow([guarded(str(value)) for value in (
            certificate.issued_at.isoformat(), part.tonnes, row.project.name, row.project.title,
            row.country, part.reductions, part.serial, part.reference, row.edition.number,
            codes.show(row.edition.code), row.project.get_rules_display(), certificate.sandbox,
        )])  # fmt: skip
    return out.getvalue()


def paper(told: Statement, at: datetime) -> dict[str, Any]:
    """What the template of the statement prints."""
    demonstration = any(row.project.is_demonstration for row in told.rows)
    kind = Project.Rules.DEMONSTRATION if demonstration else Project.Rules.HISTORIC
    return {
        "number": f"{told.year}", "name": told.name, "year": str(told.year),
        "tonnes": formats.tonnes(told.tonnes), "at": formats.moment(at),
        "date": [at.year, at.month, at.day], "rules": str(kind.label),
        "sandbox": any(row.edition.certificate.sandbox for row in told.rows),
        "verify": f"{settings.SITE_URL}/v/",
        "rows": [_printed(row) for row in told.rows],
    }


def _printed(row: Row) -> list[str]:
    return [
        formats.day(row.edition.certificate.issued_at),
        f"{row.project.title} ({row.country}, project {row.project.name})",
        formats.tonnes(row.part.tonnes), row.part.reductions, str(row.part.serial),
        f"{row.edition.number} {codes.show(row.edition.code)}",
    ]


def _rows(edition: Edition) -> list[Row]:
    return [
        Row(edition, line.project, line.country, part)
        for line in facts.lines(edition.certificate) for part in line.parts
    ]  # fmt: skip
