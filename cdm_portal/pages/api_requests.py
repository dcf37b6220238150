"""Requests for registration and issuance in `/api/v1/`, and the meetings of the Board.

Everybody reads the public record of a public project's requests: states, dates, reasons, replies,
rulings. Who may know of a request in the portal reads its checks and is told which acts are offered
now. Filters are named as on the pages.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request as Asked
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages import api_reviews
from cdm_portal.pages.api_guard import actor_of, permitted
from cdm_portal.pages.api_views import CURSOR, listed, page_of
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects import access
from projects.board import moves, queries, sheets
from projects.board.models import Meeting, Request
from projects.board.procedure import ENDED, State

KINDS, STATES = list(Request.Kind.values), list(State.values)


def _when() -> serializers.DateTimeField:
    """A moment that may not have come: a field of its own for each name."""
    return serializers.DateTimeField(allow_null=True)


ROW: dict[str, Any] = {
    "reference": serializers.CharField(), "kind": serializers.ChoiceField(KINDS),
    "project": serializers.CharField(), "party": serializers.CharField(),
    "period": serializers.IntegerField(allow_null=True),
    "version": serializers.IntegerField(), "state": serializers.CharField(),
    "state_name": serializers.CharField(),
    "doe": serializers.IntegerField(help_text="Its id in the register of entities."),
    "doe_name": serializers.CharField(),
    "submitted_at": serializers.DateTimeField(help_text="When it was first submitted."),
    "resubmitted_at": _when(), "complete_at": _when(), "published_at": _when(),
    "window_closes_at": _when(),
    "decided_at": _when(), "url": serializers.URLField(),
}
SUMMARY = inline_serializer("RequestSummary", dict(ROW))  # it empties what it is given
PAPER = inline_serializer(
    "RequestDocument",
    {
        "name": serializers.CharField(), "from": serializers.CharField(),
        "filed_at": serializers.DateTimeField(), "sha256": serializers.CharField(),
        "url": serializers.URLField(),
    },
    many=True,
)
EVENT = inline_serializer(
    "RequestEvent",
    {
        "at": serializers.DateTimeField(), "what": serializers.CharField(),
        "who": serializers.CharField(), "reasons": serializers.CharField(),
        "document_url": serializers.URLField(allow_null=True),
    },
    many=True,
)
CHECK = inline_serializer(
    "RequestCheck",
    {
        "code": serializers.CharField(), "check": serializers.CharField(),
        "label": serializers.CharField(), "met": serializers.BooleanField(allow_null=True),
        "reason": serializers.CharField(),
    },
    many=True, help_text="Of the present version, for those who may know of it in the portal.",
)
DETAIL = inline_serializer(
    "Request",
    ROW | {
        "waiting_for": serializers.CharField(),
        "until": serializers.DateTimeField(
            allow_null=True, help_text="The first moment that is too late."
        ),
        "incomplete_reasons": serializers.CharField(), "note": serializers.CharField(),
        "end_reason": serializers.CharField(), "documents": PAPER, "checks": CHECK,
        "review": serializers.DictField(
            allow_null=True, help_text="As in the list of a project's reviews."
        ),
        "history": EVENT,
        "acts": serializers.ListField(
            child=serializers.ChoiceField(list(moves.MOVES)),
            help_text="What the portal offers to whoever is signed in.",
        ),
    },
)
MEETING = inline_serializer(
    "Meeting",
    {
        "number": serializers.IntegerField(), "first_date": serializers.DateField(),
        "last_date": serializers.DateField(), "place": serializers.CharField(),
        "cancelled_at": _when(), "cancel_reason": serializers.CharField(),
        "requests": serializers.ListField(
            child=serializers.CharField(), help_text="References of what is before it."
        ),
        "rulings": serializers.ListField(child=serializers.CharField()),
        "url": serializers.URLField(),
    },
)
FILTERS = [
    OpenApiParameter("kind", str, enum=KINDS), OpenApiParameter("state", str, enum=STATES),
    OpenApiParameter("party", str, description="Host Party, two letters"),
    OpenApiParameter("project", str, description="Reference or number"),
    OpenApiParameter("doe", OpenApiTypes.INT, description="Id in the register"),
    OpenApiParameter("submitted_after", OpenApiTypes.DATE, description="That day and later"),
    OpenApiParameter("submitted_before", OpenApiTypes.DATE, description="That day and earlier"),
]


class Requests(APIView):
    """Requests for registration and issuance."""

    permission_classes = (permitted((Row.REQUEST, Right.SEE)),)

    authentication_classes = (SessionAuthentication,)

    @extend_schema(responses=page_of(SUMMARY, "RequestPage"), parameters=[*CURSOR, *FILTERS])
    def get(self, request: Asked) -> Response:
        """List requests, newest first; filter by kind, state, case, entity and day."""
        _ = request.user  # the session is read
        rows = queries.narrowed(queries.readable(actor_of(request)), **_wanted(request))
        return listed(request, rows, lambda found: [summary(row) for row in found])


class RequestDetail(APIView):
    """One request."""

    permission_classes = (permitted((Row.REQUEST, Right.SEE)),)

    authentication_classes = (SessionAuthentication,)

    @extend_schema(operation_id="v1_requests_read", responses=DETAIL)
    def get(self, request: Asked, reference: str) -> Response:
        """A request with its papers, reasons, replies and ruling; whom it waits for, until when."""
        _ = request.user  # the session is read
        actor = actor_of(request)
        return Response(detail(queries.public_request(actor, reference), actor))


class Meetings(APIView):
    """Meetings of the Board."""

    @extend_schema(responses=page_of(MEETING, "MeetingPage"), parameters=CURSOR)
    def get(self, request: Asked) -> Response:
        """List the meetings of the Board, with what is before them and what they decided."""
        return listed(request, queries.every_meeting(), _meetings)


def summary(request: Request) -> dict[str, Any]:
    """A row of the list."""
    return {
        "reference": request.reference, "kind": request.kind, "project": request.project.name,
        "party": request.project.party_code,
        "period": request.period.number if request.period else None,
        "version": request.version, "state": request.state,
        "state_name": request.get_state_display(), "doe": request.submitted_by_id,
        "doe_name": request.submitted_by.name, "submitted_at": request.submitted_at,
        "resubmitted_at": request.resubmitted_at, "complete_at": request.complete_at,
        "published_at": request.published_at, "window_closes_at": request.window_closes_at,
        "decided_at": request.decided_at,
        "url": settings.SITE_URL + reverse("api:request", args=[request.reference]),
    }


def detail(request: Request, actor: Actor | None) -> dict[str, Any]:
    """Everything that the actor may read of a request."""
    at = clock.now()
    known = actor is not None and queries.visible(actor).filter(pk=request.pk).exists()
    reviews = queries.public_reviews(request.project, request)
    return summary(request) | {
        "waiting_for": sheets.holder(request, at), "until": _until(request, at),
        "incomplete_reasons": request.incomplete_reasons, "note": request.note,
        "end_reason": request.end_reason, "documents": _papers(request, actor),
        "checks": _checks(request) if known else [],
        "review": api_reviews.linked(reviews[0]) if reviews else None,
        "history": [
            _event(event) for event in queries.public_history(request.project)
            if event["request"] == request.reference
        ],
        "acts": _acts(request, actor, at) if actor is not None and known else [],
    }


def _acts(request: Request, actor: Actor, at: datetime) -> list[str]:
    own = queries.own_part(request, actor, at)
    return [move.slug for move in moves.offered(request, actor, at, own)]


def _until(request: Request, at: datetime) -> datetime | None:
    if request.state in ENDED:
        return None
    if request.state == State.PUBLISHED:
        return request.window_closes_at
    found = sheets.due(request, at)
    return found[1] if found else None


def _papers(request: Request, actor: Actor | None) -> list[dict[str, Any]]:
    return [
        {
            "name": paper["name"], "from": paper["from"], "filed_at": paper["dated"],
            "sha256": paper["fingerprint"], "url": settings.SITE_URL + paper["url"],
        }
        for paper in sheets.documents(request, actor)
    ]


def _checks(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "code": line.code, "check": line.part.value, "label": line.label, "met": line.met,
            "reason": line.reason,
        }
        for line in queries.checked(request)
    ]


def _event(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": event["at"], "what": event["text"], "who": event["who"], "reasons": event["detail"],
        "document_url": settings.SITE_URL + event["url"] if event["url"] else None,
    }


def _meetings(found: list[Meeting]) -> list[dict[str, Any]]:
    at = clock.now()
    public = set(access.visible(None).values_list("pk", flat=True))
    return [
        {
            "number": held.number, "first_date": held.first_date, "last_date": held.last_date,
            "place": held.place, "cancelled_at": held.cancelled_at,
            "cancel_reason": held.cancel_reason,
            "requests": [
                row["request"].reference for row in queries.agenda(held, at)
                if row["request"].project_id in public
            ],
            "rulings": [ruling.number for ruling in queries.rulings_at(held)],
            "url": settings.SITE_URL + reverse("board-public:meeting", args=[held.number]),
        }
        for held in found
    ]


def _wanted(request: Asked) -> dict[str, Any]:
    """The filters that were given. Raises Invalid for one that cannot be meant."""
    asked = request.query_params
    doe = asked.get("doe", "")
    if doe and not (doe.isascii() and doe.isdecimal() and len(doe) < 10):
        raise Invalid.of("doe", "doe is a whole number.")
    return {
        "kind": _choice(request, "kind", KINDS), "state": _choice(request, "state", STATES),
        "party": asked.get("party", ""), "project": asked.get("project", ""),
        "doe": int(doe) if doe else None,
        "after": _moment(request, "submitted_after"),
        "before": _moment(request, "submitted_before", days=1),
    }


def _choice(request: Asked, name: str, choices: list[str]) -> str:
    given: str = request.query_params.get(name, "")
    if given and given not in choices:
        raise Invalid.of(name, f"{name} is one of {', '.join(choices)}.")
    return given


def _moment(request: Asked, name: str, days: int = 0) -> datetime | None:
    """The beginning of a day of the query, or of the day so many days later."""
    given = request.query_params.get(name, "")
    if not given:
        return None
    try:
        day = date.fromisoformat(given) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise Invalid.of(name, f"{name} is a day, as in 2026-11-28.") from None
    return datetime.combine(day, time.min, tzinfo=UTC)
