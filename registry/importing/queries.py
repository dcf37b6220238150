"""What of the published reports is in the ledger."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from registry.importing.models import ImportedLine
from registry.importing.reports import Booking
from registry.models import Cancellation, Issuance, Party, Transaction

IMPORTED = Exists(ImportedLine.objects.filter(line_id=OuterRef("line_id")))


def parties() -> set[str]:
    """The codes of all Parties that the registry knows."""
    return set(Party.objects.values_list("code", flat=True))


def parties_of_their_own(codes: Iterable[str]) -> list[str]:
    """Which of these Parties have issuances that no import booked: their serials are taken."""
    first = Issuance.objects.filter(party_id__in=set(codes), lo=1).exclude(IMPORTED)
    return sorted(first.values_list("party_id", flat=True))


def next_serials() -> dict[str, int]:
    """The serial that each Party's next issuance begins at."""
    return dict(Party.objects.values_list("code", "next_serial"))


def hashes() -> set[bytes]:
    """The hashes of all issuance rows that are booked."""
    return {bytes(h) for h in ImportedLine.objects.values_list("row_sha256", flat=True)}


def not_cancelled(rows: list[Booking]) -> list[Booking]:
    """Those rows of the cancellation report that are not booked yet, in their order."""
    keys = {row.key for row in rows}
    booked = Transaction.objects.filter(verb="cancel", key__in=keys)
    done = set(booked.values_list("key", flat=True))
    return [row for row in rows if row.key not in done]


def latest() -> datetime | None:
    """When the newest imported issuance or cancellation happened; None if none was imported."""
    issued = Issuance.objects.filter(IMPORTED).order_by("-effective_at", "-id").first()
    if issued is None:
        return None
    rows = Cancellation.objects.filter(tx__facts__has_key="row_sha256")
    cancelled = rows.order_by("-effective_at", "-id").first()
    return max(row.effective_at for row in (issued, cancelled) if row is not None)
