"""The read side of `/api/v1/`: projects, issuances, cancellations, certificates.

Lists answer `{"data": [...], "next_cursor": …}` and are walked by cursor only. Fields are named one
by one. Tonnes are decimal strings, times RFC 3339 in UTC (guide, 7).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages import api_crediting
from cdm_portal.pages.api_guard import permitted
from cdm_portal.pages.api_keyed import KeyAuthentication, known
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid
from cobenefits import queries as cobenefits_queries
from offsets import ordered
from projects import access
from projects.models import Project
from registry import queries as registry_queries
from registry.models import Cancellation, Issuance
from registry.serials import UNIT_TYPES

LIMIT = 100

PROJECT_KINDS = list(Project.Kind.values)
PROJECT_FIELDS: dict[str, Any] = {
    "reference": serializers.CharField(), "number": serializers.CharField(allow_null=True),
    "title": serializers.CharField(), "host": serializers.CharField(),
    "stage": serializers.CharField(), "stage_name": serializers.CharField(),
    "kind": serializers.ChoiceField(PROJECT_KINDS),
    "type": serializers.CharField(), "scale": serializers.CharField(),
    "methodology": serializers.CharField(), "methodology_version": serializers.CharField(),
    "rules": serializers.ChoiceField(["historic", "demonstration"]),
    "fictional": serializers.BooleanField(),
    "registered_at": serializers.DateTimeField(allow_null=True),
    "estimated_annual_tonnes": serializers.CharField(allow_null=True),
    "crediting_kind": serializers.ChoiceField(["", "fixed", "renewable"]),
    "crediting_first_date": serializers.DateField(allow_null=True),
    "crediting_last_date": serializers.DateField(allow_null=True),
    "co_benefits": serializers.ListField(child=serializers.CharField()),
    "co_benefits_label": serializers.CharField(),
    "co_benefits_checked_on": serializers.DateTimeField(
        allow_null=True, help_text="When a DOE checked the version in view."
    ),
    "url": serializers.URLField(),
}
PROJECT = inline_serializer("Project", dict(PROJECT_FIELDS))  # it empties what it is given
PROJECT_IN_FULL = inline_serializer("ProjectInFull", PROJECT_FIELDS | api_crediting.FIELDS)
ISSUANCE = inline_serializer(
    "Issuance",
    {
        "id": serializers.CharField(), "serial": serializers.CharField(),
        "quantity": serializers.CharField(), "party": serializers.CharField(),
        "project_number": serializers.CharField(), "unit_type": serializers.IntegerField(),
        "commitment_period": serializers.IntegerField(), "at": serializers.DateTimeField(),
        "effective_at": serializers.DateTimeField(),
    },
)
CANCELLATION = inline_serializer(
    "Cancellation",
    {
        "id": serializers.CharField(), "serial": serializers.CharField(),
        "quantity": serializers.CharField(), "project_number": serializers.CharField(),
        "at": serializers.DateTimeField(), "effective_at": serializers.DateTimeField(),
    },
)
CERTIFICATE = inline_serializer(
    "Certificate",
    {
        "code": serializers.CharField(), "number": serializers.CharField(),
        "tonnes": serializers.CharField(), "name": serializers.CharField(allow_null=True),
        "reason": serializers.CharField(allow_null=True), "sandbox": serializers.BooleanField(),
        "serials": serializers.ListField(child=serializers.CharField()),
        "issued_at": serializers.DateTimeField(), "url": serializers.URLField(),
        "pdf": serializers.URLField(allow_null=True),
        "lines": serializers.ListField(
            child=serializers.DictField(),
            help_text="Serial number, tonnes, and the proofs of cancellation and issuance, which "
            "are null until they are sealed. /transparency/verify.py reads this answer.",
        ),
    },
)
CURSOR = [
    OpenApiParameter("cursor", OpenApiTypes.INT, description="`next_cursor` of the page before"),
    OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {LIMIT}, else 50"),
]


KINDS = [230, 240, 250, 260]
NARROWED = [
    OpenApiParameter("project", str), OpenApiParameter("party", str, description="Two letters"),
    OpenApiParameter("period", OpenApiTypes.INT, description="Commitment period", enum=[1, 2]),
    OpenApiParameter("type", OpenApiTypes.INT, description="Unit type", enum=list(UNIT_TYPES)),
    OpenApiParameter("year", OpenApiTypes.INT, description="Of the day on which it happened"),
]


def _wanted(request: Request) -> registry_queries.Wanted:
    """The filter of a list. Raises Invalid for a number that cannot be meant."""
    asked = request.query_params

    def within(name: str, most: int) -> int | None:
        return _number(request, name, 0, most) if name in asked else None

    return registry_queries.Wanted(
        project_number=asked.get("project", ""), party_code=asked.get("party", ""),
        commitment_period=within("period", 3), unit_type=within("type", 9),
        year=within("year", 9998), kind=within("kind", 999),
    )  # fmt: skip


def page_of(item: serializers.Serializer[Any], name: str) -> serializers.Serializer[Any]:
    """The schema of a list answer."""
    cursor = serializers.CharField(allow_null=True)
    return inline_serializer(
        name, {"data": serializers.ListField(child=item), "next_cursor": cursor}
    )


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:19]) <= most:
        raise Invalid.of(name, f"{name} is a whole number from 1 to {most}.")
    return int(text)


def whole(request: Request, name: str) -> int | None:
    """A whole number of the query, if it is asked. Raises Invalid for what is none."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Invalid.of(name, f"{name} is a whole number.")
    return int(text)


def choice(request: Request, name: str, choices: Sequence[str]) -> str:
    """One of a few words of the query, or nothing. Raises Invalid for another word."""
    text = request.query_params.get(name, "")
    if text and text not in choices:
        raise Invalid.of(name, f"{name} is one of {', '.join(choices)}.")
    return text


Shape = Callable[[list[Any]], Iterable[dict[str, Any]]]


def window(request: Request, *, numbered: bool = True) -> tuple[int, int]:
    """How many rows are asked for, and the key behind which they begin (0: at the newest).

    A list that is not in the order of its keys (`numbered` False) reads its cursor itself.
    """
    limit = _number(request, "limit", 50, LIMIT)
    if not numbered:
        return limit, 0
    cursor = _number(request, "cursor", 0, 2**63 - 1) if "cursor" in request.query_params else 0
    return limit, cursor


def page(found: list[Any], limit: int, shape: Shape) -> Response:
    """A list answer of at most `limit` rows out of one more than that."""
    shown, more = found[:limit], len(found) > limit
    return Response(
        {"data": list(shape(shown)), "next_cursor": str(shown[-1].pk) if more else None}
    )


def listed(request: Request, rows: QuerySet[Any], shape: Shape) -> Response:
    """One page of rows, newest first, by the primary key."""
    limit, cursor = window(request)
    if cursor:
        rows = rows.filter(pk__lt=cursor)
    return page(list(rows.order_by("-pk")[: limit + 1]), limit, shape)


def _projects(found: list[Project]) -> list[dict[str, Any]]:
    ids = [project.pk for project in found]
    reported, checked = cobenefits_queries.reported(ids), cobenefits_queries.checked(ids)
    return [
        _project(project, reported.get(project.pk, set()), checked.get(project.pk))
        for project in found
    ]


def _project(
    project: Project, benefits: set[str], checked: datetime | None
) -> dict[str, Any]:
    estimate = project.estimated_annual_tonnes
    return {
        "reference": project.reference, "number": project.number,
        "title": project.title,
        "host": project.party_code,
        "stage": project.stage, "stage_name": project.get_stage_display(),
        "kind": project.kind,
        "type": project.sector,
        "scale": project.scale,
        "methodology": project.methodology,
        "methodology_version": project.methodology_version,
        "rules": project.rules,
        "fictional": project.fictional,
        "registered_at": project.registered_at,
        "estimated_annual_tonnes": None if estimate is None else str(estimate),
        "crediting_kind": project.crediting_kind,
        "crediting_first_date": project.crediting_first_date,
        "crediting_last_date": project.crediting_last_date,
        "co_benefits": sorted(benefits),
        "co_benefits_label": cobenefits_queries.LABEL, "co_benefits_checked_on": checked,
        "url": settings.SITE_URL + reverse("project", args=[project.name]),
    }


FILTERS = {
    "host": "party_code", "stage": "stage", "kind": "kind", "type": "sector", "scale": "scale",
    "methodology": "methodology",
}
"""By the name in an address, the column."""


class Projects(APIView):
    """Public projects."""

    permission_classes = (permitted((Row.PUBLISHED, Right.SEE)),)

    @extend_schema(
        responses=page_of(PROJECT, "ProjectPage"),
        parameters=[*CURSOR, *(OpenApiParameter(name, str) for name in FILTERS if name != "kind"),
                    OpenApiParameter("kind", str, enum=Project.Kind.values)],
    )
    def get(self, request: Request) -> Response:
        """List public projects, newest first, filtered by the names of the catalogue's addresses.
        """
        rows = access.visible(None)
        for name, column in FILTERS.items():
            if value := request.query_params.get(name):
                rows = rows.filter(**{column: value})
        return listed(request, rows, _projects)


class ProjectDetail(APIView):
    """One public project."""

    permission_classes = (permitted((Row.PUBLISHED, Right.SEE)),)

    @extend_schema(operation_id="v1_project_retrieve", responses=PROJECT_IN_FULL)
    def get(self, request: Request, name: str) -> Response:
        """A project by its reference or number, with its crediting periods, the registered versions
        of its design document, and the renewals and changes requested.
        """
        found = access.project(None, name)
        return Response(_projects([found])[0] | api_crediting.told(found))


def _issuances(found: list[Issuance]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"iss_{row.pk}", "serial": str(row.serial), "quantity": str(row.serial.quantity),
            "party": row.party_id, "project_number": row.project_number,
            "unit_type": row.unit_type, "commitment_period": row.applicable_cp, "at": row.at,
            "effective_at": row.effective_at,
        }
        for row in found
    ]


class Issuances(APIView):
    """What the registry issued."""

    permission_classes = (permitted((Row.BALANCE, Right.SEE)),)

    @extend_schema(
        responses=page_of(ISSUANCE, "IssuancePage"),
        parameters=[*CURSOR, *NARROWED],
    )
    def get(self, request: Request) -> Response:
        """List issuances in the order of booking, newest first, filtered as on the website."""
        return listed(request, registry_queries.issuances(_wanted(request)), _issuances)


def _cancellations(found: list[Cancellation]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"can_{row.pk}", "serial": str(row.serial), "quantity": str(row.quantity),
            "project_number": row.lot.issuance.project_number, "at": row.at,
            "effective_at": row.effective_at,
        }
        for row in found
    ]


class Cancellations(APIView):
    """What was cancelled for good."""

    permission_classes = (permitted((Row.BALANCE, Right.SEE)),)

    @extend_schema(
        responses=page_of(CANCELLATION, "CancellationPage"),
        parameters=[*CURSOR, *NARROWED, OpenApiParameter("kind", OpenApiTypes.INT, enum=KINDS)],
    )
    def get(self, request: Request) -> Response:
        """List cancellations in the order of booking, newest first, filtered as on the website."""
        return listed(request, registry_queries.cancellations(_wanted(request)), _cancellations)


class CertificateDetail(APIView):
    """One certificate, read from the ledger as it stands."""

    authentication_classes = (KeyAuthentication,)

    @extend_schema(responses=CERTIFICATE)
    def get(self, request: Request, code: str) -> Response:
        """A certificate by its code; the name only if its owner chose to show it, or to the key of
        the organisation that ordered it. `pdf` is null until the print is made.
        """
        return Response(ordered.certificate(code, known(request)))
