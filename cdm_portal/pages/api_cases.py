"""The papers of a case in `/api/v1/`: letters, documents, comments, monitoring periods.

Everybody reads what is public. Whoever has signed in on this browser reads besides what the
permission matrix gives their role of their own cases (domain, 4). People are not named, but for who
comments in public.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_guard import actor_of, permitted
from cdm_portal.pages.api_views import CURSOR, choice, listed, page_of, whole
from cdm_portal.permissions import Right, Row
from projects import access
from projects.dna import queries as dna
from projects.dna.models import Letter
from projects.doe import queries as doe
from projects.doe.models import Comment
from projects.lifecycle import Stage
from projects.models import Document, MonitoringPeriod

LETTER = inline_serializer(
    "Letter",
    {
        "id": serializers.IntegerField(), "project": serializers.CharField(),
        "party": serializers.CharField(), "host": serializers.BooleanField(),
        "state": serializers.ChoiceField(list(Letter.State.values)),
        "number": serializers.CharField(allow_null=True),
        "entities": serializers.ListField(
            child=serializers.CharField(), help_text="The participants that it authorises."
        ),
        "requested_at": serializers.DateTimeField(),
        "issued_at": serializers.DateTimeField(allow_null=True),
        "decided_at": serializers.DateTimeField(allow_null=True),
        "reason": serializers.CharField(help_text="Of a refusal or withdrawal."),
        "document": serializers.URLField(allow_null=True),
    },
)
DOCUMENT = inline_serializer(
    "Document",
    {
        "id": serializers.IntegerField(), "project": serializers.CharField(),
        "period": serializers.IntegerField(allow_null=True),
        "kind": serializers.ChoiceField(list(Document.Kind.values)),
        "title": serializers.CharField(), "version": serializers.IntegerField(),
        "filename": serializers.CharField(), "media_type": serializers.CharField(),
        "size_bytes": serializers.IntegerField(), "sha256": serializers.CharField(),
        "public": serializers.BooleanField(), "confidential": serializers.BooleanField(),
        "filed_at": serializers.DateTimeField(),
        "url": serializers.URLField(help_text="Downloads it, for whoever sees it in this list."),
    },
)
COMMENT = inline_serializer(
    "Comment",
    {
        "id": serializers.IntegerField(), "project": serializers.CharField(),
        "number": serializers.IntegerField(), "name": serializers.CharField(),
        "affiliation": serializers.CharField(), "text": serializers.CharField(),
        "at": serializers.DateTimeField(), "response": serializers.CharField(),
        "responded_at": serializers.DateTimeField(allow_null=True),
    },
)
PERIOD = inline_serializer(
    "MonitoringPeriod",
    {
        "id": serializers.IntegerField(), "project": serializers.CharField(),
        "number": serializers.IntegerField(), "first_date": serializers.DateField(),
        "last_date": serializers.DateField(),
        "stage": serializers.ChoiceField(list(Stage.values)),
        "report_version": serializers.IntegerField(allow_null=True),
        "reported_at": serializers.DateTimeField(allow_null=True),
        "verifier": serializers.CharField(allow_null=True),
        "claimed_tonnes": serializers.CharField(allow_null=True),
        "certified_tonnes": serializers.CharField(allow_null=True),
        "issued_tonnes": serializers.CharField(allow_null=True),
    },
)
PROJECT_FILTER = OpenApiParameter("project", str, description="Reference or number")


def _url(document: Document) -> str:
    return f"{settings.SITE_URL}{reverse('document', args=[document.pk])}"


class Letters(APIView):
    """Letters of approval."""

    permission_classes = (permitted((Row.LETTER, Right.SEE), (Row.LETTER, Right.READ)),)

    @extend_schema(
        responses=page_of(LETTER, "LetterPage"),
        parameters=[
            *CURSOR, PROJECT_FILTER, OpenApiParameter("party", str, description="Two letters"),
            OpenApiParameter("state", str, enum=list(Letter.State.values)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List letters, newest first: issued and withdrawn ones, and one's own in every state."""
        actor, asked = actor_of(request), request.query_params
        rows = dna.letters_known(
            actor, project=asked.get("project", ""), party=asked.get("party", ""),
            state=choice(request, "state", Letter.State.values),
        )
        return listed(request, rows, lambda found: _letters(found, access.documents(actor)))


def _letters(found: list[Letter], documents: Any) -> list[dict[str, Any]]:
    papers = [each.document_id for each in found if each.document_id]
    readable = set(documents.filter(pk__in=papers).values_list("pk", flat=True))
    return [
        {
            "id": row.pk, "project": row.project.name, "party": row.party_code, "host": row.host,
            "state": row.state, "number": row.number,
            "entities": sorted(entity.name for entity in row.entities.all()),
            "requested_at": row.requested_at, "issued_at": row.issued_at,
            "decided_at": row.decided_at, "reason": row.reason,
            "document": _url(row.document)
            if row.document is not None and row.document_id in readable else None,
        }
        for row in found
    ]


class Documents(APIView):
    """Documents of cases."""

    permission_classes = (
        permitted(
            (Row.PUBLISHED, Right.SEE), (Row.DRAFT, Right.READ), (Row.MONITORING, Right.READ)
        ),
    )

    @extend_schema(
        responses=page_of(DOCUMENT, "DocumentPage"),
        parameters=[
            *CURSOR, PROJECT_FILTER, OpenApiParameter("period", OpenApiTypes.INT),
            OpenApiParameter("kind", str, enum=list(Document.Kind.values)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List documents, newest first: public ones, and those of one's own cases."""
        rows = access.documents_named(
            actor_of(request), project=request.query_params.get("project", ""),
            period=whole(request, "period"),
            kind=choice(request, "kind", Document.Kind.values),
        )
        return listed(request, rows, _documents)


def _documents(found: list[Document]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk, "project": row.project.name,
            "period": row.period.number if row.period else None, "kind": row.kind,
            "title": row.title, "version": row.version, "filename": row.filename,
            "media_type": row.media_type, "size_bytes": row.blob.size_bytes,
            "sha256": row.blob_id, "public": row.public, "confidential": row.confidential,
            "filed_at": row.filed_at, "url": _url(row),
        }
        for row in found
    ]


class Comments(APIView):
    """Public comments on design documents."""

    permission_classes = (permitted((Row.PUBLISHED, Right.SEE)),)

    @extend_schema(
        responses=page_of(COMMENT, "CommentPage"), parameters=[*CURSOR, PROJECT_FILTER]
    )
    def get(self, request: Request) -> Response:
        """List comments, newest first, each with the DOE's response."""
        rows = doe.comments_made(project=request.query_params.get("project", ""))
        return listed(request, rows, _comments)


def _comments(found: list[Comment]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk, "project": row.validation.project.name, "number": row.number,
            "name": row.name, "affiliation": row.affiliation, "text": row.text, "at": row.at,
            "response": row.response, "responded_at": row.responded_at,
        }
        for row in found
    ]


class Periods(APIView):
    """Monitoring periods."""

    permission_classes = (permitted((Row.PUBLISHED, Right.SEE), (Row.MONITORING, Right.READ)),)

    @extend_schema(
        responses=page_of(PERIOD, "MonitoringPeriodPage"),
        parameters=[*CURSOR, PROJECT_FILTER, OpenApiParameter("stage", str, enum=Stage.values)],
    )
    def get(self, request: Request) -> Response:
        """List periods, newest first: those whose report is published, and one's own."""
        rows = doe.periods_known(
            actor_of(request), project=request.query_params.get("project", ""),
            stage=choice(request, "stage", Stage.values),
        )
        return listed(request, rows, _periods)


def _periods(found: list[MonitoringPeriod]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk, "project": row.project.name, "number": row.number,
            "first_date": row.first_date, "last_date": row.last_date, "stage": row.stage,
            "report_version": row.report_version, "reported_at": row.reported_at,
            "verifier": row.verifier.name if row.verifier else None,
            "claimed_tonnes": _tonnes(row.claimed_tonnes),
            "certified_tonnes": _tonnes(row.certified_tonnes),
            "issued_tonnes": _tonnes(row.issued_tonnes),
        }
        for row in found
    ]


def _tonnes(amount: int | None) -> str | None:
    return None if amount is None else str(amount)
