"""Reference data in `/api/v1/`: grid emission factors, and sets of global warming potentials."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages.api_guard import permitted
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid
from projects.methodologies import units
from projects.reference import potentials as sets
from projects.reference import queries
from projects.reference.models import Edition, GridFactor, written
from projects.reference.queries import Listed

SEE = permitted((Row.PARAMETERS, Right.SEE))


def _decimal(hint: str = "") -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=hint)


FACTOR = inline_serializer(
    "GridFactor",
    {
        "number": serializers.IntegerField(
            help_text="Named in a calculation as {\"grid_factor\": 12}."
        ),
        "party": serializers.CharField(), "grid": serializers.CharField(),
        "technologies": serializers.ChoiceField(GridFactor.Technologies.choices),
        "first_year": serializers.IntegerField(), "last_year": serializers.IntegerField(),
        "operating_margin": _decimal(), "build_margin": _decimal(), "combined_margin": _decimal(),
        "operating_weight": _decimal("Weight of the operating margin in the combined one."),
        "unit": serializers.CharField(), "tool_version": serializers.CharField(),
        "source": serializers.CharField(), "address": serializers.CharField(),
        "published_on": serializers.DateField(allow_null=True),
        "valid_from": serializers.DateField(),
        "valid_to": serializers.DateField(
            allow_null=True, help_text="The last day, also where another factor replaced it."
        ),
        "replaces": serializers.IntegerField(allow_null=True),
        "note": serializers.CharField(),
        "verified": serializers.BooleanField(help_text="Compared with the source."),
    },
)
POTENTIAL = inline_serializer(
    "Potential",
    {
        "species": serializers.CharField(),
        "values": serializers.DictField(
            child=serializers.CharField(allow_null=True), help_text="By assessment report."
        ),
    },
)


class GridFactors(APIView):
    """Published grid emission factors."""

    permission_classes = (SEE,)

    @extend_schema(
        operation_id="v1_grid_factors_list",
        responses=inline_serializer(
            "GridFactorList", {"data": serializers.ListField(child=FACTOR)}
        ),
        parameters=[
            OpenApiParameter("party", str, description="Code of a Party, as IN."),
            OpenApiParameter("on", str, description="A day on which they must be valid."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Every approved factor, also those that ended; filter by Party and day."""
        rows = queries.listed()
        if party := request.query_params.get("party", ""):
            rows = rows.filter(party_code=party)
        found = queries.of(rows)
        if asked := request.query_params.get("on", ""):
            day = _day(asked)
            found = [each for each in found if each.holds_on(day)]
        return Response({"data": [_row(each) for each in found]})


class Potentials(APIView):
    """Global warming potentials as the assessment reports say them."""

    permission_classes = (SEE,)

    @extend_schema(
        operation_id="v1_potentials_list",
        responses=inline_serializer("PotentialList", {
            "data": serializers.ListField(child=POTENTIAL),
            "source": serializers.CharField(allow_blank=True),
        }),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Every species of the newest edition. What the rules use stands under parameters."""
        edition = queries.edition(Edition.Kind.POTENTIALS)
        return Response({
            "data": [
                {
                    "species": row.key,
                    "values": {
                        name: row.cells.get(column) or None for name, column in sets.SETS.items()
                    },
                }
                for row in (queries.rows(edition) if edition else ())
            ],
            "source": edition.source if edition else "",
        })


def _day(asked: str) -> Any:
    try:
        return serializers.DateField().to_internal_value(asked)
    except serializers.ValidationError:
        raise Invalid.of("on", f"“{asked[:40]}” is no day, written like 2020-12-31.") from None


def _row(each: Listed) -> dict[str, Any]:
    found = each.factor
    return {
        "number": found.pk, "party": found.party_code, "grid": found.grid,
        "technologies": found.technologies, "first_year": found.first_year,
        "last_year": found.last_year, "operating_margin": _plain(found.om),
        "build_margin": _plain(found.bm), "combined_margin": _plain(found.cm),
        "operating_weight": _plain(found.w_om), "unit": units.GRID_FACTOR,
        "tool_version": found.tool_version, "source": found.source, "address": found.address,
        "published_on": found.published_on, "valid_from": found.valid_from, "valid_to": each.last,
        "replaces": found.replaces_id, "note": found.note, "verified": found.verified,
    }


def _plain(value: Any) -> str | None:
    return None if value is None else written(value)
