"""What DOEs owe in CERs, in `/api/v1/`, as the public pages show it."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_audits import ENTITY_FILTER
from cdm_portal.pages.api_guard import permitted
from cdm_portal.pages.api_views import CURSOR, choice, listed, page_of, whole
from cdm_portal.permissions import Right, Row
from projects.doe import queries
from projects.doe.models import Debt

STATES = ("open", "repaid")
DEBT = inline_serializer(
    "Debt",
    {
        "id": serializers.IntegerField(), "name": serializers.CharField(),
        "entity": serializers.IntegerField(help_text="Its id in the register."),
        "entity_name": serializers.CharField(),
        "ground": serializers.ChoiceField(list(Debt.Ground.values)),
        "project": serializers.CharField(),
        "period": serializers.IntegerField(allow_null=True),
        "component": serializers.CharField(allow_null=True),
        "quantity": serializers.CharField(help_text="CERs owed."),
        "cancelled": serializers.CharField(help_text="CERs cancelled for it so far."),
        "opened_at": serializers.DateTimeField(),
        "due_at": serializers.DateTimeField(
            help_text="The first moment that is too late; the number of days is unverified."
        ),
        "state": serializers.ChoiceField(STATES), "url": serializers.URLField(),
    },
)


def _debts(found: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk, "name": each.name, "entity": each.doe_id,
            "entity_name": each.doe.name, "ground": each.ground,
            "project": (each.component.programme if each.component else each.period.project).name,
            "period": each.period.number if each.period else None,
            "component": each.component.name if each.component else None,
            "quantity": str(each.quantity), "cancelled": str(each.cancelled),
            "opened_at": each.opened_at, "due_at": each.due_at,
            "state": "repaid" if each.cancelled >= each.quantity else "open",
            "url": settings.SITE_URL + reverse("doe-public:debt", args=[each.pk]),
        }
        for each in found
    ]


class Debts(APIView):
    """Debts of DOEs in CERs."""

    permission_classes = (permitted((Row.ACCREDITATION, Right.SEE)),)

    @extend_schema(
        responses=page_of(DEBT, "DebtPage"),
        parameters=[
            *CURSOR, ENTITY_FILTER,
            OpenApiParameter("state", OpenApiTypes.STR, enum=list(STATES)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List debts, newest first; filter by entity and by whether they are repaid."""
        rows = queries.debts_of(whole(request, "entity"))
        state = choice(request, "state", STATES)
        return listed(request, queries.in_state(rows, state) if state else rows, _debts)
