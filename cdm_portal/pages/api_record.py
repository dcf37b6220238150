"""The public record over the API: the page's filters under the page's names."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import keyset
from cdm_portal.pages.api_views import CURSOR, page_of, window
from offsets import codes
from offsets.models import CancelledEntry
from offsets.register import organisations, shown
from offsets.register.filters import NAMED, SORTS, Filters

ENTRY = inline_serializer(
    "RecordEntry",
    {
        "id": serializers.CharField(), "serial": serializers.CharField(),
        "quantity": serializers.CharField(), "cancelled_at": serializers.DateTimeField(),
        "project_number": serializers.CharField(), "project_title": serializers.CharField(),
        "host": serializers.CharField(), "kind": serializers.IntegerField(),
        "source": serializers.ChoiceField(CancelledEntry.Source.choices),
        "beneficiary": serializers.CharField(
            allow_null=True, help_text="As the buyer gave it, not verified; null if not public"
        ),
        "organisation": serializers.CharField(allow_null=True),
        "reason": serializers.CharField(allow_null=True),
        "certificate": serializers.CharField(allow_null=True),
        "code": serializers.CharField(allow_null=True), "url": serializers.URLField(),
    },
)
ORGANISATION = inline_serializer(
    "RecordOrganisation",
    {
        "id": serializers.CharField(), "name": serializers.CharField(),
        "spellings": serializers.ListField(child=serializers.CharField()),
        "verified": serializers.BooleanField(), "tonnes": serializers.CharField(),
        "cancellations": serializers.IntegerField(),
        "years": serializers.ListField(child=serializers.DictField()),
        "url": serializers.URLField(),
    },
)
PLACE = OpenApiParameter("cursor", OpenApiTypes.STR, description="`next_cursor` of the page before")
FILTERS = [
    OpenApiParameter("beneficiary", str, description="Part of a public name"),
    OpenApiParameter("project", str, description="Number or part of the title"),
    OpenApiParameter("year", OpenApiTypes.INT, many=True),
    OpenApiParameter("host", str, many=True, description="Two letters"),
    OpenApiParameter("source", str, many=True, enum=list(CancelledEntry.Source.values)),
    OpenApiParameter("kind", OpenApiTypes.INT, many=True),
    OpenApiParameter("named", str, many=True, enum=list(NAMED)),
    OpenApiParameter("sort", str, enum=list(SORTS)),
]


class Record(APIView):
    """Everything that was cancelled, with the names that are public."""

    @extend_schema(
        operation_id="v1_record_list", responses=page_of(ENTRY, "RecordPage"),
        parameters=[PLACE, CURSOR[1], *FILTERS],
    )
    def get(self, request: Request) -> Response:
        """List cancellations, filtered and sorted as on the website."""
        limit, _cursor = window(request, numbered=False)
        filters = Filters.read(request.query_params)
        after = request.query_params.get("cursor", "")
        found = keyset.page(filters.rows(), filters.order, after=after, size=limit)
        rows = [_entry(row) for row in shown.told(found.rows)]
        return Response({"data": rows, "next_cursor": found.after or None})


def _entry(row: shown.Row) -> dict[str, Any]:
    entry, made = row.entry, row.certificate
    return {
        "id": f"can_{entry.pk}", "serial": str(row.serial), "quantity": str(entry.quantity),
        "cancelled_at": entry.at, "project_number": entry.project_number,
        "project_title": row.title, "host": entry.party_code, "kind": entry.kind,
        "source": entry.source, "beneficiary": entry.beneficiary or None,
        "organisation": entry.organisation or None, "reason": entry.reason or None,
        "certificate": made.number if made else None,
        "code": codes.show(made.code) if made else None, "url": settings.SITE_URL + row.url,
    }  # fmt: skip


class Organisation(APIView):
    """What was cancelled in the name of an organisation, as buyers gave it."""

    @extend_schema(operation_id="v1_record_organisation", responses=ORGANISATION)
    def get(self, request: Request, key: str) -> Response:
        """An organisation by its key in the record: totals by year. The name is not verified."""
        found = organisations.find(key)
        return Response({
            "id": found.key, "name": found.name, "spellings": found.spellings, "verified": False,
            "tonnes": str(found.tonnes), "cancellations": found.cancellations,
            "years": [{"year": each.year, "cancellations": each.cancellations,
                       "tonnes": str(each.tonnes)} for each in found.years],
            "url": settings.SITE_URL + reverse("offsets:organisation", args=[key]),
        })
