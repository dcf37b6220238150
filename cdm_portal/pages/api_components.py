"""Components of programmes in `/api/v1/`, as the public pages show them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_guard import permitted
from cdm_portal.pages.api_views import CURSOR, listed, page_of
from cdm_portal.permissions import Right, Row
from projects import access, components
from projects.programmes.models import Component

COMPONENT = inline_serializer(
    "Component",
    {
        "number": serializers.CharField(), "title": serializers.CharField(),
        "state": serializers.ChoiceField(list(Component.PUBLIC)),
        "location": serializers.CharField(), "start_date": serializers.DateField(),
        "crediting_first_date": serializers.DateField(),
        "crediting_last_date": serializers.DateField(),
        "estimated_annual_tonnes": serializers.CharField(),
        "criteria": serializers.ListField(child=serializers.DictField(
            child=serializers.CharField()
        )),
        "doe": serializers.CharField(), "included_at": serializers.DateTimeField(),
        "renewed_at": serializers.DateTimeField(allow_null=True),
        "excluded_at": serializers.DateTimeField(allow_null=True),
        "cers_to_be_replaced": serializers.CharField(
            allow_null=True, help_text="By the DOE, for a component that is excluded; unverified."
        ),
        "url": serializers.URLField(),
    },
)


def _components(found: Iterable[Component]) -> list[dict[str, Any]]:
    return [
        {
            "number": each.name, "title": each.title, "state": each.state,
            "location": each.location, "start_date": each.start_date,
            "crediting_first_date": each.crediting_first_date,
            "crediting_last_date": each.crediting_last_date,
            "estimated_annual_tonnes": str(each.estimated_annual_tonnes),
            "criteria": [
                {"criterion": criterion, "answer": answer} for criterion, answer in each.answered
            ],
            "doe": each.doe.name if each.doe else "", "included_at": each.included_at,
            "renewed_at": each.renewed_at, "excluded_at": each.excluded_at,
            "cers_to_be_replaced": None if each.debt_tonnes is None else str(each.debt_tonnes),
            "url": settings.SITE_URL
            + reverse("component", args=[each.programme.name, each.order]),
        }
        for each in found
    ]


class Components(APIView):
    """The components of a programme of activities."""

    permission_classes = (permitted((Row.PUBLISHED, Right.SEE)),)

    @extend_schema(responses=page_of(COMPONENT, "ComponentPage"), parameters=CURSOR)
    def get(self, request: Request, name: str) -> Response:
        """List the components that were included, newest first; of a project activity, none."""
        return listed(request, components.public(access.project(None, name)), _components)
