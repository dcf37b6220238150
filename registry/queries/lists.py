"""Lists of what happened: issuances, cancellations, transactions; filtered, newest first.

Newest first means by the day on which it happened, not by the order of booking: an import books
what happened years ago. Pages go on from a `Place` (keyset), never by counting rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields import SmallIntegerField

from registry.importing.queries import IMPORTED
from registry.models import Account, Cancellation, Issuance, Party, Transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR = 2005
"""The earliest year that a filter offers: the Kyoto Protocol entered into force in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a public list; what is empty does not filter."""

    project_number: str = ""
    party_code: str = ""
    commitment_period: int | None = None
    unit_type: int | None = None
    year: int | None = None
    kind: int | None = None
    """A kind of cancellation account (Account.Kind); cancellations only."""

    def of_issuance(self, prefix: str = "") -> Q:
        """The conditions on the issuance that a row reaches by `prefix`."""
        wanted = {
            "project_number": self.project_number, "party_id": self.party_code,
            "applicable_cp": self.commitment_period, "unit_type": self.unit_type,
        }  # fmt: skip
        return Q(**{f"{prefix}{name}": value for name, value in wanted.items() if value})

    def in_time(self) -> Q:
        """The condition on the day on which it happened, in UTC."""
        if self.year is None:
            return Q()
        begins = datetime(self.year, 1, 1, tzinfo=UTC)
        return Q(effective_at__gte=begins, effective_at__lt=begins.replace(year=self.year + 1))


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: the row after which the next page begins. Printed `microseconds-id`."""

    at: datetime
    pk: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that a page's address names; None for anything else."""
        match = re.fullmatch(r"(-?[0-9]{1,17})-([0-9]{1,18})", text)
        if match is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
        except OverflowError:
            return None

    @classmethod
    def of(cls, row: Any) -> "Place":
        """The place of a row."""
        return cls(row.effective_at, row.pk)

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"


def after(rows: QuerySet[Any], place: Place | None) -> QuerySet[Any]:
    """The rows behind a place; the first condition is what the index is entered by."""
    if place is None:
        return rows
    behind = Q(effective_at__lt=place.at) | Q(pk__lt=place.pk)
    return rows.filter(behind, effective_at__lte=place.at)


def issuances(wanted: Wanted | None = None) -> QuerySet[Issuance]:
    """Issuances, newest first."""
    asked = wanted or Wanted()
    return (
        Issuance.objects.select_related("party", "tx")
        .filter(asked.of_issuance(), asked.in_time())
        .order_by("-effective_at", "-id")
    )


def with_origin(issuances: QuerySet[Issuance]) -> QuerySet[Issuance]:
    """The same rows, each with `imported`: booked from a published report, not made here."""
    return issuances.annotate(imported=IMPORTED)


ENDED_IN = Case(
    When(lot__block__account__terminal=True, then=F("lot__block__account__kind")),
    default=Value(Account.Kind.VOLUNTARY.value),
    output_field=SmallIntegerField(),
)
"""The kind of account that holds cancelled units. A lot that still sells stands in its seller's
account, and what it sold was posted to the voluntary cancellation account."""


def cancellations(
    wanted: Wanted | None = None, *, buyers: Sequence[int] | None = None
) -> QuerySet[Cancellation]:
    """Cancellations, newest first, each with `ended_in`, the kind of account where its units are.

    `buyers` are numbers of the shop's orders.
    """
    asked = wanted or Wanted()
    rows = (
        Cancellation.objects.filter(asked.of_issuance("lot__issuance__"), asked.in_time(), kind="c")
        .select_related("lot__issuance__party", "tx")
        .annotate(ended_in=ENDED_IN)
        .order_by("-effective_at", "-id")
    )
    if asked.kind is not None:
        rows = rows.filter(ended_in=asked.kind)
    if buyers is not None:
        rows = rows.filter(buyer__in=list(buyers))
    return rows


def bookings() -> QuerySet[Transaction]:
    """Transactions other than sales, newest first in the order of booking."""
    return Transaction.objects.order_by("-id")


def issuance_of(line_id: int) -> Issuance | None:
    """What a line of an instruction issued, if it did."""
    return Issuance.objects.filter(line_id=line_id).select_related("tx").first()


def issuing_parties() -> QuerySet[Party]:
    """Parties that have issued, by name: those that a filter offers."""
    return Party.objects.filter(next_serial__gt=1)


def years(until: int) -> range:
    """The years that a filter offers, the present one first."""
    return range(until, FIRST_YEAR - 1, -1)
