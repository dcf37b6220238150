"""The DOEs' side of `/api/v1/`: the register of entities, their cases, findings of public reports.

A case is public from the publication of its document, a finding from the publication of the report
that it stands in; who has a part in a case reads its findings before (domain, 4). People are not
named.
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

from cdm_portal import clock
from cdm_portal.identity.models import Organisation
from cdm_portal.pages.api_guard import actor_of, permitted
from cdm_portal.pages.api_views import CURSOR, choice, listed, page_of, whole
from cdm_portal.permissions import Right, Row
from projects.doe import audited, queries
from projects.doe.models import Accreditation, Function, Validation, Verification
from projects.models import Document, Finding

FUNCTIONS = list(Function.values)
ACCREDITATION = inline_serializer(
    "Accreditation",
    {
        "function": serializers.ChoiceField(FUNCTIONS), "scope": serializers.IntegerField(),
        "valid_from": serializers.DateField(), "valid_to": serializers.DateField(allow_null=True),
        "state": serializers.ChoiceField(list(Accreditation.State.values)),
        "correct_by": serializers.DateField(allow_null=True),
    },
)
ENTITY = inline_serializer(
    "Entity",
    {
        "id": serializers.IntegerField(), "name": serializers.CharField(),
        "standing": serializers.CharField(help_text="Of the entity as a whole, today."),
        "fictional": serializers.BooleanField(),
        "accreditations": serializers.ListField(child=ACCREDITATION),
        "url": serializers.URLField(),
    },
)
CASE: dict[str, Any] = {
    "id": serializers.IntegerField(), "project": serializers.CharField(),
    "entity": serializers.IntegerField(help_text="Its id in the register."),
    "entity_name": serializers.CharField(), "state": serializers.CharField(),
    "published_at": serializers.DateTimeField(),
    "decided_at": serializers.DateTimeField(allow_null=True),
    "conclusion": serializers.CharField(allow_null=True),
    "report": serializers.URLField(allow_null=True),
}
CHECK = inline_serializer(
    "AuditCheck",
    {
        "code": serializers.CharField(), "title": serializers.CharField(),
        "met": serializers.BooleanField(allow_null=True, help_text="Null: it was not concluded."),
        "said": serializers.CharField(),
        "reason": serializers.CharField(
            allow_null=True, help_text="Why one that is not met does not stand in the way."
        ),
    },
)
AUDIT: dict[str, Any] = {
    "figures": serializers.IntegerField(help_text="Compared with the recalculation."),
    "differing": serializers.IntegerField(),
    "recalculated": serializers.DictField(
        child=serializers.CharField(), help_text="Tonnes by commitment period."
    ),
    "seed": serializers.CharField(help_text="Of the sample of readings."),
    "sampled": serializers.IntegerField(), "checked": serializers.IntegerField(),
    "records_differing": serializers.IntegerField(),
    "checks": serializers.ListField(child=CHECK),
}
"""What the recalculation and the DOE's own checks came to; told once the verification is over."""
VALIDATION = inline_serializer(
    "ValidationCase",
    CASE | {
        "number": serializers.IntegerField(help_text="1, or more after a replacement."),
        "comments_close_at": serializers.DateTimeField(),
    },
)
VERIFICATION = inline_serializer(
    "VerificationCase",
    CASE | {
        "period": serializers.IntegerField(),
        "certified": serializers.DictField(
            child=serializers.CharField(), help_text="Tonnes by commitment period."
        ),
        "audit": inline_serializer("Audit", AUDIT, allow_null=True),
    },
)
MESSAGE = inline_serializer(
    "FindingMessage",
    {
        "act": serializers.CharField(), "organisation": serializers.CharField(),
        "at": serializers.DateTimeField(), "text": serializers.CharField(),
    },
)
FINDING = inline_serializer(
    "Finding",
    {
        "id": serializers.IntegerField(), "project": serializers.CharField(),
        "period": serializers.IntegerField(allow_null=True), "number": serializers.CharField(),
        "kind": serializers.ChoiceField(list(Finding.Kind.values)),
        "subject": serializers.CharField(), "section": serializers.CharField(),
        "passage": serializers.CharField(
            help_text="The words of the section that it is anchored to; empty for none."
        ),
        "state": serializers.ChoiceField(list(Finding.State.values)),
        "raised_at": serializers.DateTimeField(),
        "closed_at": serializers.DateTimeField(allow_null=True),
        "messages": serializers.ListField(child=MESSAGE),
    },
)
ONE = OpenApiTypes.INT
PROJECT_FILTER = OpenApiParameter("project", str, description="Reference or number")
ENTITY_FILTER = OpenApiParameter("entity", ONE, description="Id in the register")


def report_url(document: Document | None) -> str | None:
    """Where a public report is downloaded."""
    if document is None or not document.public:
        return None
    return f"{settings.SITE_URL}{reverse('document', args=[document.pk])}"


def _entities(found: list[Organisation]) -> list[dict[str, Any]]:
    held: dict[int, list[Accreditation]] = {}
    for row in queries.accreditations().filter(organisation__in=found):
        held.setdefault(row.organisation_id, []).append(row)
    listed = queries.directory(clock.today(), found)
    standing = {each.organisation.pk: each.standing for each in listed}
    return [
        {
            "id": doe.pk, "name": doe.name, "fictional": doe.fictional,
            "standing": standing[doe.pk],
            "accreditations": [
                {
                    "function": row.function, "scope": row.scope, "valid_from": row.valid_from,
                    "valid_to": row.valid_to, "state": row.state, "correct_by": row.correct_by,
                }
                for row in held.get(doe.pk, [])
            ],
            "url": settings.SITE_URL + reverse("doe-public:entity", args=[doe.pk]),
        }
        for doe in found
    ]


class Entities(APIView):
    """The register of DOEs."""

    permission_classes = (permitted((Row.ACCREDITATION, Right.SEE)),)

    @extend_schema(
        responses=page_of(ENTITY, "EntityPage"),
        parameters=[
            *CURSOR, OpenApiParameter("scope", ONE, description="Accredited in it today"),
            OpenApiParameter("function", str, enum=FUNCTIONS),
        ],
    )
    def get(self, request: Request) -> Response:
        """List entities, newest first; filter by what they are accredited for today."""
        rows = queries.entities(
            clock.today(), scope=whole(request, "scope"),
            function=choice(request, "function", FUNCTIONS),
        )
        return listed(request, rows, _entities)


def _case(case: Validation | Verification) -> dict[str, Any]:
    return {
        "id": case.pk, "entity": case.organisation_id, "entity_name": case.organisation.name,
        "state": case.state, "published_at": case.published_at, "decided_at": case.decided_at,
        "conclusion": case.conclusion or None, "report": report_url(case.document),
    }


def _validations(found: list[Validation]) -> list[dict[str, Any]]:
    return [
        _case(case) | {
            "project": case.project.name, "number": case.number,
            "comments_close_at": case.comments_close_at,
        }
        for case in found
    ]


class Validations(APIView):
    """Validations from the publication of the design document."""

    permission_classes = (permitted((Row.OPINION, Right.SEE)),)

    @extend_schema(
        responses=page_of(VALIDATION, "ValidationCasePage"),
        parameters=[
            *CURSOR, PROJECT_FILTER, ENTITY_FILTER,
            OpenApiParameter("state", str, enum=list(Validation.State.values)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List validations, newest first; filter by project, entity and state."""
        rows = queries.validations(
            project=request.query_params.get("project", ""), entity=whole(request, "entity"),
            state=choice(request, "state", Validation.State.values),
        )
        return listed(request, rows, _validations)


def _verifications(found: list[Verification]) -> list[dict[str, Any]]:
    audits = audited.told(found)
    return [
        _case(case) | {
            "project": case.period.project.name, "period": case.period.number,
            "certified": {key: str(tonnes) for key, tonnes in case.certified.items()},
            "audit": audits[case.pk],
        }
        for case in found
    ]


class Verifications(APIView):
    """Verifications from the publication of the monitoring report."""

    permission_classes = (permitted((Row.OPINION, Right.SEE)),)

    @extend_schema(
        responses=page_of(VERIFICATION, "VerificationCasePage"),
        parameters=[
            *CURSOR, PROJECT_FILTER, ENTITY_FILTER,
            OpenApiParameter("state", str, enum=list(Verification.State.values)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List verifications, newest first; filter by project, entity and state."""
        rows = queries.verifications(
            project=request.query_params.get("project", ""), entity=whole(request, "entity"),
            state=choice(request, "state", Verification.State.values),
        )
        return listed(request, rows, _verifications)


def _findings(found: list[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk, "project": row.project.name,
            "period": row.period.number if row.period else None, "number": str(row),
            "kind": row.kind, "subject": row.subject, "section": row.section,
            "passage": row.passage, "state": row.state, "raised_at": row.raised_at,
            "closed_at": row.closed_at,
            "messages": [
                {"act": m.act, "organisation": m.organisation, "at": m.at, "text": m.text}
                for m in row.messages.all()
            ],
        }
        for row in found
    ]


class Findings(APIView):
    """Findings that stand in a public report, and those of one's own cases."""

    permission_classes = (permitted((Row.OPINION, Right.SEE), (Row.FINDING, Right.READ)),)

    @extend_schema(
        responses=page_of(FINDING, "FindingPage"),
        parameters=[
            *CURSOR, PROJECT_FILTER, OpenApiParameter("period", ONE),
            OpenApiParameter("kind", str, enum=list(Finding.Kind.values)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List findings, newest first, with their conversation; filter by case and kind."""
        rows = queries.findings_known(
            actor_of(request),
            project=request.query_params.get("project", ""), period=whole(request, "period"),
            kind=choice(request, "kind", Finding.Kind.values),
        )
        return listed(request, rows, _findings)
