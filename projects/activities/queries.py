"""Questions about the historic record."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet

from cdm_portal.refusals import NotFound
from projects.activities.models import Activity, ActivitySite, IssuanceRequest


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which activities; what is empty does not filter."""

    text: str = ""
    host: str = ""
    status: str = ""
    kind: str = ""


def activities(wanted: Wanted | None = None) -> QuerySet[Activity]:
    """Activities with a title, in the order of the published database."""
    asked = wanted or Wanted()
    rows = Activity.objects.filter(titled=True)
    if asked.text:
        rows = rows.filter(Q(title__icontains=asked.text) | Q(number=asked.text))
    if asked.host:
        rows = rows.filter(hosts__contains=[asked.host])
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return rows.order_by("sheet_row", "id")


def activity(reference: str) -> Activity:
    """An activity that has a title. Raises NotFound."""
    found = Activity.objects.filter(reference=reference, titled=True).first()
    if found is None:
        raise NotFound("The published database has no such activity.")
    return found


def reference_of(number: str) -> str:
    """How the activity of a project number is addressed; empty if there is none."""
    titled = Activity.objects.filter(number=number, titled=True)
    return titled.values_list("reference", flat=True).first() or ""


def untitled() -> int:
    """How many rows of the published database have no title, methodology or host."""
    return Activity.objects.filter(titled=False).count()


def latest_decision() -> date | None:
    """The newest decision in the database: what its edition covers, which it does not print."""
    newest: date | None = Activity.objects.aggregate(day=Max("decided_on"))["day"]
    return newest


def requests_of(number: str | None) -> QuerySet[IssuanceRequest]:
    """The requests for issuance of a project number, oldest first."""
    return IssuanceRequest.objects.filter(number=number or "").order_by("requested_on", "id")


def sites_of(number: str | None) -> QuerySet[ActivitySite]:
    """Where the activity of a project number is."""
    return ActivitySite.objects.filter(number=number or "").order_by("id")
