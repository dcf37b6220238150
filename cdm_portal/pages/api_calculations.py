"""Methodologies and tools in `/api/v1/`: what they ask for; and calculations, never kept."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages.api_guard import permitted
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid, NotFound
from projects.methodologies import catalogue, codec
from projects.methodologies.base import Calculable, UnknownMethodology
from projects.reference import taking

KINDS = ["methodology", "tool"]


def _rows(row: serializers.Serializer[Any]) -> serializers.Field[Any, Any, Any, Any]:
    """A list of such rows; each place has an object of its own."""
    return serializers.ListField(child=type(row)())


VERSION = inline_serializer(
    "MethodologyVersion",
    {
        "version": serializers.CharField(),
        "valid_from": serializers.DateField(), "valid_to": serializers.DateField(allow_null=True),
        "grace_to": serializers.DateField(
            allow_null=True, help_text="Last day on which requests that rest on it are received."
        ),
        "source": serializers.CharField(),
        "verified": serializers.BooleanField(help_text="The dates were read on the official page."),
    },
)
CONSTANT = inline_serializer(
    "MethodologyConstant",
    {
        "symbol": serializers.CharField(), "value": serializers.CharField(),
        "unit": serializers.CharField(), "meaning": serializers.CharField(),
        "source": serializers.CharField(),
        "verified": serializers.BooleanField(help_text="Compared with the published text."),
        "validity": serializers.CharField(),
    },
)
SHORT = inline_serializer(
    "Methodology",
    {
        "code": serializers.CharField(), "title": serializers.CharField(),
        "kind": serializers.ChoiceField(KINDS),
        "versions": _rows(VERSION),
    },
)
LIST = inline_serializer(
    "MethodologyList",
    {
        "data": _rows(SHORT),
        "not_built": serializers.ListField(
            child=serializers.CharField(), help_text="Wanted, and not calculated here yet."
        ),
    },
)
WHOLE = inline_serializer(
    "MethodologyInFull",
    {
        "code": serializers.CharField(), "title": serializers.CharField(),
        "kind": serializers.ChoiceField(KINDS),
        "versions": _rows(VERSION),
        "facts": serializers.ListField(
            child=serializers.DictField(), help_text="The questions that decide what is asked for."
        ),
        "constants": _rows(CONSTANT),
        "parameters": serializers.ListField(
            child=serializers.DictField(), required=False, help_text="Only with facts."
        ),
        "tables": serializers.ListField(child=serializers.DictField(), required=False),
        "conditions": serializers.ListField(child=serializers.DictField(), required=False),
    },
)
ASKED = inline_serializer(
    "CalculationAsked",
    {
        "code": serializers.CharField(help_text="As ACM0002 or TOOL07."),
        "version": serializers.CharField(),
        "facts": serializers.DictField(),
        "inputs": serializers.DictField(
            help_text='By published symbol: a number, {"value": "…", "unit": "kWh"}, a list of '
            'rows, or a published grid factor as {"grid_factor": 12}.'
        ),
        "on": serializers.DateField(
            required=False, help_text="A day on which the version must be valid."
        ),
        "period": serializers.DictField(
            required=False, help_text="The days of the reductions, from and to."
        ),
        "year": serializers.IntegerField(required=False),
        "shortfall": serializers.IntegerField(
            required=False, help_text="Whole tonnes that earlier periods fell short."
        ),
    },
)
ANSWER = inline_serializer(
    "CalculationAnswer",
    {
        "methodology": serializers.CharField(required=False),
        "tool": serializers.CharField(required=False),
        "version": serializers.CharField(),
        "steps": serializers.ListField(child=serializers.DictField()),
        "lines": serializers.ListField(
            child=serializers.CharField(), help_text="The same steps for a person."
        ),
        "grid_factors": serializers.ListField(
            child=serializers.CharField(), help_text="The published factors that were named."
        ),
    },
)
SEE = permitted((Row.PARAMETERS, Right.SEE))


class ExactJSONParser(BaseParser):
    """JSON whose numbers stay decimal; NaN and a name given twice are refused (422)."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """What was sent. Raises Unreadable."""
        return codec.loads(stream.read())


class Pace(AnonRateThrottle):
    """How many calculations one address may ask for."""

    scope = "calculations"


class Methodologies(APIView):
    """What can be calculated."""

    permission_classes = (SEE,)

    @extend_schema(operation_id="v1_methodologies_list", responses=LIST)
    def get(self, request: Request) -> Response:
        """Every methodology and tool that is built, and the codes of what is not."""
        return Response({
            "data": [_short(each) for each in catalogue.BY_CODE.values()],
            "not_built": catalogue.not_built(),
        })


class MethodologyDetail(APIView):
    """One methodology or tool."""

    permission_classes = (SEE,)

    @extend_schema(
        operation_id="v1_methodologies_retrieve", responses=WHOLE,
        parameters=[OpenApiParameter(
            "facts", str, description="A JSON object; with it the answer says what these facts "
            "ask for and which conditions they meet.",
        )],
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        """Its versions, facts and constants; with facts also parameters, tables and conditions."""
        try:
            calculable = catalogue.get(code)
        except UnknownMethodology:
            raise NotFound("There is no such methodology or tool here.") from None
        asked = request.query_params.get("facts")
        if asked is None:
            return Response(codec.describe(calculable))
        return Response(codec.described(calculable.code, {"facts": codec.loads(asked)}))


class Calculations(APIView):
    """Calculations, of which nothing is kept."""

    permission_classes = (SEE,)
    parser_classes = (ExactJSONParser,)
    throttle_classes = (Pace,)

    @extend_schema(operation_id="v1_calculations_create", request=ASKED, responses={200: ANSWER})
    def post(self, request: Request) -> Response:
        """The result with every step. What cannot be used is named under `errors` (422)."""
        sent = request.data
        if not isinstance(sent, dict):
            raise codec.Unreadable.of("", "Send an object with code, version, facts and inputs.")
        asked = dict(sent)
        code = asked.pop("code", None)
        if not isinstance(code, str):
            raise Invalid.of("code", "is missing, or is not text such as ACM0002")
        cited: list[str] = []
        if taking.is_named(asked):
            taken = taking.resolved(asked, clock.today())
            asked, cited = taken.asked, [each.cited for each in taken.factors]
        found = codec.from_json(code, asked)
        return Response(
            found.answer() | {"lines": found.explained(), "grid_factors": cited}
        )


def _short(calculable: Calculable[Any]) -> dict[str, Any]:
    whole = codec.describe(calculable)
    return {name: whole[name] for name in ("code", "title", "kind", "versions")}
