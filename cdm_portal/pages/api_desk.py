"""Rules and work in `/api/v1/`: the parameters, the permission matrix, what waits for the actor."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages import desk
from cdm_portal.pages.addresses import uses
from cdm_portal.pages.api_guard import acting, permitted
from cdm_portal.pages.parameters import written
from cdm_portal.permissions import MATRIX, Column, Right, Row
from cdm_portal.rulebook import queries as rulebook

WORDS = serializers.ListField(child=serializers.CharField())
PARAMETER = inline_serializer(
    "Parameter",
    {
        "name": serializers.CharField(), "label": serializers.CharField(),
        "value": serializers.CharField(), "unit": serializers.CharField(),
        "valid_from": serializers.DateField(), "valid_to": serializers.DateField(allow_null=True),
        "source": serializers.CharField(),
        "verified": serializers.BooleanField(help_text="Compared with the published text."),
    },
)
CELL = inline_serializer(
    "PermissionCell",
    {
        "column": serializers.ChoiceField(list(Column)),
        "role": serializers.CharField(allow_null=True, help_text="In which one signs in."),
        "says": serializers.CharField(help_text="The matrix's own words."), "rights": WORDS,
        "departs": serializers.CharField(help_text="Why the portal does otherwise."),
        "addresses": WORDS,
        "missing": serializers.ListField(
            child=serializers.CharField(), help_text="Rights that have no feature yet."
        ),
    },
)
PERMISSION = inline_serializer(
    "Permission",
    {
        "object": serializers.CharField(), "slug": serializers.CharField(),
        "cells": serializers.ListField(child=CELL),
    },
)
DEADLINE = inline_serializer(
    "Deadline",
    {
        "title": serializers.CharField(), "what": serializers.CharField(),
        "project": serializers.CharField(), "waiting_for": serializers.CharField(),
        "until": serializers.DateTimeField(
            allow_null=True, help_text="The last moment; null where no rule sets one."
        ),
        "late": serializers.BooleanField(),
        "why_not": serializers.CharField(help_text="Why it cannot be done yet; empty if it can."),
        "url": serializers.URLField(),
    },
)


def _whole_list(name: str, item: serializers.Serializer[Any]) -> serializers.Serializer[Any]:
    """The schema of a list that is answered whole."""
    return inline_serializer(name, {"data": serializers.ListField(child=item)})


class Parameters(APIView):
    """Every number of the rules."""

    permission_classes = (permitted((Row.PARAMETERS, Right.SEE)),)

    @extend_schema(
        operation_id="v1_parameters_list", responses=_whole_list("ParameterList", PARAMETER),
        parameters=[OpenApiParameter("name", str)],
    )
    def get(self, request: Request) -> Response:
        """Every row with its history, in the order of the page; filter by name."""
        asked = request.query_params.get("name", "")
        return Response({"data": [
            {
                "name": row.name, "label": row.label, "value": written(row.value),
                "unit": row.unit, "valid_from": row.valid_from, "valid_to": row.valid_to,
                "source": row.source, "verified": row.verified,
            }
            for row in rulebook.history() if asked in {"", row.name}
        ]})  # fmt: skip


class Permissions(APIView):
    """The permission matrix."""

    @extend_schema(
        operation_id="v1_permissions_list", responses=_whole_list("PermissionList", PERMISSION)
    )
    def get(self, request: Request) -> Response:
        """Every object with its cells, what exercises each, and which rights have no feature."""
        used = uses()
        return Response({"data": [
            {
                "object": str(row), "slug": row.slug,
                "cells": [
                    {
                        "column": str(column), "role": column.role, "says": cell.said,
                        "rights": sorted(cell.rights), "departs": cell.departs,
                        "addresses": used[row, column].lines,
                        "missing": used[row, column].missing,
                    }
                    for column, cell in MATRIX[row].items()
                ],
            }
            for row in Row
        ]})  # fmt: skip


class Deadlines(APIView):
    """What waits for whoever is signed in, in their present role."""

    @extend_schema(
        operation_id="v1_deadlines_list", responses=_whole_list("DeadlineList", DEADLINE)
    )
    def get(self, request: Request) -> Response:
        """What the desk shows, the most urgent first."""
        items = desk.waiting(acting(request), clock.now())
        return Response({"data": [_deadline(item) for item in items]})


def _deadline(item: dict[str, Any]) -> dict[str, Any]:
    said = {
        name: str(item.get(name) or "")
        for name in ("title", "what", "project", "waiting_for", "why_not")
    }
    return said | {
        "until": item.get("until"), "late": bool(item.get("late")),
        "url": f"{settings.SITE_URL}{item['url']}",
    }
