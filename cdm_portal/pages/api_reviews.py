"""Reviews in `/api/v1/`: what the Board was asked, what was proposed and ruled, with reasons."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_guard import permitted
from cdm_portal.permissions import Right, Row
from projects import access
from projects.board import queries

DECISIONS = ["register", "issue", "approve", "correct", "reject"]
ASKED = inline_serializer(
    "RequestForReview",
    {
        "by": serializers.CharField(), "party": serializers.CharField(allow_null=True),
        "at": serializers.DateTimeField(),
        "grounds": serializers.ListField(child=serializers.CharField()),
        "reasons": serializers.CharField(),
    },
    many=True,
)
ASSESSED = inline_serializer(
    "Assessment",
    {
        "by": serializers.CharField(), "at": serializers.DateTimeField(),
        "recommends": serializers.CharField(help_text=", ".join(DECISIONS)),
        "recommendation": serializers.CharField(), "reasons": serializers.CharField(),
    },
    many=True, help_text="Both, once both are filed; none before.",
)
PROPOSED = inline_serializer(
    "ProposedDecision",
    {
        "outcome": serializers.ChoiceField(DECISIONS), "decision": serializers.CharField(),
        "closes_at": serializers.DateTimeField(), "last_day": serializers.DateField(),
        "objected": serializers.BooleanField(),
    },
    allow_null=True,
)
RULING = inline_serializer(
    "Ruling",
    {
        "number": serializers.CharField(), "outcome": serializers.ChoiceField(DECISIONS),
        "decision": serializers.CharField(),
        "basis": serializers.ChoiceField(["vote", "no_objection"]),
        "basis_name": serializers.CharField(), "reasons": serializers.CharField(),
        "at": serializers.DateTimeField(), "document_url": serializers.URLField(),
    },
    allow_null=True,
)
REPLIED = inline_serializer(
    "Reply",
    {
        "by": serializers.CharField(), "organisation": serializers.CharField(),
        "at": serializers.DateTimeField(), "text": serializers.CharField(),
        "document_url": serializers.URLField(allow_null=True),
    },
    many=True,
)
REVIEW = inline_serializer(
    "Review",
    {
        "request": serializers.CharField(),
        "kind": serializers.ChoiceField(["registration", "issuance", "renewal", "change"]),
        "period": serializers.IntegerField(allow_null=True), "state": serializers.CharField(),
        "state_name": serializers.CharField(), "requests_for_review": ASKED,
        "scope": serializers.CharField(),
        "replies_until": serializers.DateTimeField(allow_null=True), "replies": REPLIED,
        "assessments": ASSESSED,
        "proposed_decision": PROPOSED, "ruling": RULING,
    },
)


class ProjectReviews(APIView):
    """The reviews of one public project's requests."""

    permission_classes = (permitted((Row.REQUEST, Right.SEE)),)

    @extend_schema(
        operation_id="v1_project_reviews_list",
        responses=inline_serializer(
            "ReviewList", {"data": serializers.ListField(child=REVIEW)}
        ),
    )
    def get(self, request: Request, name: str) -> Response:
        """Every request of a project of which a review was asked, newest first."""
        found = queries.public_reviews(access.project(None, name))
        return Response({"data": [linked(review) for review in found]})


def linked(review: dict[str, Any]) -> dict[str, Any]:
    """A review with addresses of its papers."""
    ruling = review["ruling"]
    return review | {
        "ruling": _with_paper(ruling) if ruling else None,
        "replies": [_with_paper(reply) for reply in review["replies"]],
    }


def _with_paper(said: dict[str, Any]) -> dict[str, Any]:
    """The address of a document in place of its id."""
    paper = said["document_id"]
    url = settings.SITE_URL + reverse("document", args=[paper]) if paper else None
    return {key: value for key, value in said.items() if key != "document_id"} | {
        "document_url": url
    }
