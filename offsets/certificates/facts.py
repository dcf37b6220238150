"""What a certificate says, read afresh from the order and from the registry's own rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from offsets import queries
from offsets.models import Certificate, OrderLine
from projects.board.models import Instruction
from projects.models import MonitoringPeriod, Project
from registry.models import Cancellation, Issuance
from registry.serials import SerialNumber

WITHHELD = "name withheld"


@dataclass(frozen=True, slots=True)
class Part:
    """Units of one range of serial numbers, and the registry's booking of them."""

    line: OrderLine
    tonnes: int
    reductions: str
    serial: SerialNumber
    reference: str
    leaf: str
    cancellation_id: int
    period: int | None = None
    """The monitoring period whose calculation made them; None where none is kept here."""


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate's line: the cancelled units of one project, in one range or several."""

    project: Project
    country: str
    parts: tuple[Part, ...]

    @property
    def tonnes(self) -> int:
        """Tonnes of the project."""
        return sum(part.tonnes for part in self.parts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ledger says of a certificate at this moment."""

    genuine: bool
    tonnes: int


def lines(certificate: Certificate) -> list[Line]:
    """The certificate's lines, a project each, lowest serial first."""
    found = (
        certificate.order.lines.filter(cancellation__isnull=False)
        .select_related("offer__project", "cancellation__lot__issuance", "lot__issuance")
        .order_by("offer__project_id", "cancellation__lot_id", "cancellation__s")
    )
    by_project = groupby(found, key=lambda line: line.offer.project)
    return [_line(project, rows) for project, rows in by_project]


def verdict(certificate: Certificate) -> Verdict:
    """Compare the certificate with the registry's cancellations for its order, row by row.

    They are looked up by the keys under which the order asked for them, not by the shop's pointers.
    """
    promised = {line.key: line.quantity for line in certificate.order.lines.all()}
    booked = Cancellation.objects.filter(
        buyer=certificate.order_id, kind="c", key__in=promised
    ).select_related("lot__issuance")
    there = {row.key: row.quantity for row in booked}
    total = sum(there.values())
    return Verdict(there == promised and total == certificate.tonnes, total)


def is_demonstration(of: list[Line]) -> bool:
    """Whether any of the units comes from a project under demonstration rules."""
    return any(line.project.is_demonstration for line in of)


def rules(of: list[Line]) -> str:
    """Under which rules the units were issued (decisions, 3)."""
    kind = Project.Rules.DEMONSTRATION if is_demonstration(of) else Project.Rules.HISTORIC
    return str(kind.label)


def period_of(issuance: Issuance) -> MonitoringPeriod | None:
    """The monitoring period that the Board instructed to issue for, if it was one of the portal."""
    instruction = (
        Instruction.objects.filter(line_id=issuance.line_id)
        .select_related("request__period")
        .first()
    )
    return instruction.request.period if instruction else None


def reductions(issuance: Issuance, period: MonitoringPeriod | None) -> str:
    """When the reductions were made: in the monitoring period, or in a commitment period."""
    if period is None:
        return f"commitment period {issuance.applicable_cp}"
    first, last = period.first_date.year, period.last_date.year
    return str(first) if first == last else f"{first}–{last}"


def _line(project: Project, rows: Iterable[OrderLine]) -> Line:
    return Line(project, queries.country(project), tuple(_part(row) for row in rows))


def _part(line: OrderLine) -> Part:
    booked = line.cancellation
    if booked is None:
        raise ValueError(f"line {line.pk} is not cancelled")
    period = period_of(booked.lot.issuance)
    return Part(
        line=line, tonnes=line.quantity, reductions=reductions(booked.lot.issuance, period),
        serial=booked.serial, reference=booked.reference, leaf=bytes(booked.leaf).hex(),
        cancellation_id=booked.pk, period=period.number if period else None,
    )
