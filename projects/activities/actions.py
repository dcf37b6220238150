"""Keeping the historic record: what the lists say now replaces what was kept of them before."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from cdm_portal.journal.record import record
from cdm_portal.values import Actor
from projects.activities.models import Activity, ActivitySite, IssuanceRequest

BATCH = 1000
KEPT = tuple(f.name for f in Activity._meta.concrete_fields if f.name not in {"id", "reference"})


def keep_activities(
    *, actor: Actor, at: datetime, activities: Sequence[Activity], source: str
) -> int:
    """Keep activities by their reference; one whose row is the same as before is left alone.

    Answers how many were new or changed; 0 leaves no trace.
    """
    known = dict(Activity.objects.values_list("reference", "row_sha256"))
    changed = [a for a in activities if known.get(a.reference) != a.row_sha256]
    with transaction.atomic():
        Activity.objects.bulk_create(
            changed, batch_size=BATCH, update_conflicts=True, unique_fields=["reference"],
            update_fields=KEPT,
        )  # fmt: skip
        _note("projects.import_activities", actor, at, source, changed, len(changed))
    return len(changed)


def keep_requests(
    *, actor: Actor, at: datetime, requests: Sequence[IssuanceRequest], source: str
) -> int:
    """Keep exactly these requests for issuance; answers how many rows came or went."""
    known = set(IssuanceRequest.objects.values_list("row_sha256", flat=True))
    new = [r for r in requests if r.row_sha256 not in known]
    gone = known - {r.row_sha256 for r in requests}
    with transaction.atomic():
        IssuanceRequest.objects.filter(row_sha256__in=gone).delete()
        IssuanceRequest.objects.bulk_create(new, batch_size=BATCH)
        _note("projects.import_requests", actor, at, source, new, len(new) + len(gone))
    return len(new) + len(gone)


def keep_sites(*, actor: Actor, at: datetime, sites: Sequence[ActivitySite], source: str) -> int:
    """Keep exactly these points; answers how many rows came or went."""
    known = set(ActivitySite.objects.values_list("row_sha256", flat=True))
    new = [s for s in sites if s.row_sha256 not in known]
    gone = known - {s.row_sha256 for s in sites}
    with transaction.atomic():
        ActivitySite.objects.filter(row_sha256__in=gone).delete()
        ActivitySite.objects.bulk_create(new, batch_size=BATCH)
        _note("projects.import_sites", actor, at, source, new, len(new) + len(gone))
    return len(new) + len(gone)


def _note(
    verb: str, actor: Actor, at: datetime, source: str, rows: Sequence[Model], changed: int
) -> None:
    """One entry for the whole list, if anything changed."""
    if changed:
        first = rows[0] if rows else Activity()
        record(
            verb, actor=actor, subject=first, at=at,
            facts={"file_sha256": source, "rows": changed},
        )  # fmt: skip
