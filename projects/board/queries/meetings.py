"""The Board's meetings: which runs, which is the last for a case, what is before one of them.

A review is decided at the latest at the second meeting after the request for it (parameter
`decision_meetings`; domain, 2.4 and 3.3, from decision 3/CMP.1, not compared). Between meetings the
Board votes by electronic means (from general knowledge of its rules of procedure, unverified).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from cdm_portal import deadlines, parameters
from cdm_portal.queues import Facts
from cdm_portal.refusals import NotFound
from projects.board.models import Meeting, Request, ReviewRequest, Ruling
from projects.board.procedure import State

BEFORE_THE_BOARD = (
    State.REVIEW_REQUESTED, State.UNDER_REVIEW, State.ASSESSED, State.PROPOSED,
)
"""States of a request of which a review was asked and that is not decided."""


def every_meeting() -> QuerySet[Meeting]:
    """Every meeting, the latest first, cancelled ones too."""
    return Meeting.objects.order_by("-first_date", "-pk")


def meeting(number: int) -> Meeting:
    """One meeting. Raises NotFound."""
    found = Meeting.objects.filter(number=number).first()
    if found is None:
        raise NotFound("There is no such meeting.")
    return found


def running(on: date) -> Meeting | None:
    """The meeting that runs on a day."""
    return Meeting.objects.filter(
        cancelled_at=None, first_date__lte=on, last_date__gte=on
    ).first()


def calendar() -> list[Meeting]:
    """The meetings that were or will be held, in order."""
    return list(Meeting.objects.filter(cancelled_at=None).order_by("first_date"))


def last_meeting_for(request: Request, held: Iterable[Meeting]) -> Meeting | None:
    """The meeting at which a request is decided at the latest; None where too few are planned, or
    where nobody asked for a review. `held` is `calendar()`; review_requests may be prefetched.
    """
    asked = [each.at for each in request.review_requests.all()]
    if not asked or request.state not in BEFORE_THE_BOARD:
        return None
    return last_after(max(asked), held)


def last_after(asked_at: datetime, held: Iterable[Meeting]) -> Meeting | None:
    """The same for a review whose last request, which made it enough, was made at a moment."""
    day = asked_at.date()
    after = [each for each in held if each.first_date > day]
    count = parameters.number("decision_meetings", day)
    return after[count - 1] if len(after) >= count else None


def decided_until(request: Request) -> datetime | None:
    """The first moment after the last meeting at which a request can be decided."""
    found = last_meeting_for(request, calendar())
    return closes(found) if found else None


def closes(held: Meeting) -> datetime:
    """24:00 UTC of the last day of a meeting."""
    return datetime.combine(held.last_date + timedelta(days=1), time.min, tzinfo=UTC)


def under_review() -> QuerySet[Request]:
    """The requests before the Board, longest first."""
    found = Request.objects.filter(state__in=BEFORE_THE_BOARD).order_by("pk")
    return found.select_related("project", "period").prefetch_related("review_requests")


def agenda(held: Meeting, at: datetime) -> list[dict[str, Any]]:
    """The requests before the Board, and which must be decided at this meeting at the latest;
    empty once it is over: [{request, last, latest}].
    """
    if held.cancelled_at or closes(held) <= at:
        return []
    planned = calendar()
    rows = []
    for request in under_review():
        latest = last_meeting_for(request, planned)
        if latest is None or latest.first_date >= held.first_date:
            rows.append({"request": request, "latest": latest, "last": latest == held})
    return sorted(rows, key=lambda row: not row["last"])


def rulings_at(held: Meeting) -> QuerySet[Ruling]:
    """What a meeting decided."""
    found = Ruling.objects.filter(meeting=held)
    return found.select_related("request__project", "request__period", "document")


def unplanned(at: datetime) -> QuerySet[Request]:
    """The cases for which too few meetings are planned after the request for review."""
    found = Request.objects.filter(state__in=BEFORE_THE_BOARD)
    asked = ReviewRequest.objects.filter(request=OuterRef("pk"))
    planned, count = calendar(), parameters.number("decision_meetings", at.date())
    if len(planned) >= count:
        asked = asked.filter(at__gte=datetime.combine(planned[-count].first_date, time.min, UTC))
    return found.filter(Exists(asked))


def asked_last() -> dict[str, Any]:
    """When the last review was asked for, as a fact of rows of requests."""
    asked = ReviewRequest.objects.filter(request=OuterRef("pk")).order_by("-at")
    return {"asked_at": Subquery(asked.values("at")[:1])}


def last_moment(facts: Facts, held: Iterable[Meeting]) -> datetime | None:
    """Until when the Board decides, for a list that shows days; from the fact `asked_last`."""
    asked = facts["asked_at"]
    found = last_after(datetime.fromisoformat(asked), held) if asked else None
    return deadlines.last_moment(closes(found)) if found else None
