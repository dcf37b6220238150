"""Average times per stage in `/api/v1/`."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal.pages import times as pages_times
from cdm_portal.refusals import Invalid
from projects.board.queries import times
from projects.models import Project

FILTERS = [
    OpenApiParameter("rules", enum=Project.Rules.values,
                     description="Historic and demonstration cases are never counted together."),
    OpenApiParameter("host", description="Code of the host Party, as KE."),
    OpenApiParameter("type", enum=Project.Sector.values),
    OpenApiParameter("scale", enum=Project.Scale.values),
    OpenApiParameter("year", int, description="Year (UTC) in which the stage was completed."),
]
ROW = inline_serializer(
    "StageTime",
    {
        "rules": serializers.ChoiceField(Project.Rules.values),
        "stage_number": serializers.IntegerField(), "stage": serializers.CharField(),
        "completed": serializers.IntegerField(help_text="Cases that completed the stage."),
        "median_days": serializers.IntegerField(
            allow_null=True, help_text="Half of the cases ended within so many days."
        ),
        "ninth_decile_days": serializers.IntegerField(
            allow_null=True, help_text="Nine tenths of the cases ended within so many days."
        ),
        "definition": serializers.CharField(),
    },
)


class StageTimes(APIView):
    """How long each stage takes, over public cases."""

    @extend_schema(
        operation_id="v1_stage_times_list", parameters=FILTERS,
        responses=inline_serializer("StageTimeList", {"data": serializers.ListField(child=ROW)}),
    )
    def get(self, request: Request) -> Response:
        """Stages 1 to 7 in order. An unknown filter value is a problem (422)."""
        form = pages_times.TimesForm(request.query_params.dict())
        if not form.is_valid():
            raise Invalid({
                name: [str(said) for said in words] for name, words in form.errors.items()
            })
        asked = form.asked()
        rows = times.stage_times(**asked)
        return Response({"data": [pages_times.row_of(row, asked["rules"]) for row in rows]})
