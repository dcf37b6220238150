"""The footprint calculator in `/api/v1/`: what is asked, and results, never kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages.api_calculations import ExactJSONParser, Pace
from cdm_portal.refusals import Invalid
from offsets.footprint import calculating, factors, questions, reading, saying
from offsets.footprint.calculating import Footprint, Line
from offsets.footprint.factors import Factor
from offsets.footprint.questions import Asked, Sheet, Who
from offsets.footprint_form import day

MOST_DIGITS = 20
KINDS = [who.value for who in Who]
FIGURE: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "value": serializers.CharField(allow_null=True), "unit": serializers.CharField(),
    "source": serializers.CharField(), "year": serializers.CharField(),
    "verified": serializers.BooleanField(),
    "label": serializers.CharField(help_text="What a reader must know of an unverified figure."),
    "country": serializers.CharField(help_text="Its country; WLD: the world's, for want of one."),
}
QUESTION = inline_serializer("FootprintQuestion", {
    "name": serializers.CharField(), "part": serializers.CharField(),
    "label": serializers.CharField(), "unit": serializers.CharField(),
    "kind": serializers.CharField(),
    "default": serializers.CharField(allow_null=True, help_text="What counts if it is left out."),
    "figure": inline_serializer("FootprintFigure", FIGURE, allow_null=True),
    "options": serializers.ListField(child=serializers.DictField()),
})
ASKING = inline_serializer("FootprintQuestions", {
    "who": serializers.ChoiceField(KINDS), "country": serializers.CharField(),
    "on": serializers.DateField(help_text="Since when these figures are in use."),
    "questions": serializers.ListField(child=type(QUESTION)()),
    "left_out": serializers.ListField(child=serializers.CharField()),
})
GIVEN = inline_serializer("FootprintAsked", {
    "who": serializers.ChoiceField(KINDS),
    "country": serializers.CharField(help_text="ISO 3166-1 alpha-3, like KEN."),
    "on": serializers.DateField(required=False, help_text="The day whose figures are used."),
    "answers": serializers.DictField(
        required=False, help_text="By the question's name: a number, or text as on the page."
    ),
})
ANSWER = inline_serializer("FootprintAnswer", {
    "who": serializers.ChoiceField(KINDS), "country": serializers.CharField(),
    "on": serializers.DateField(), "kg": serializers.CharField(),
    "tonnes": serializers.IntegerField(help_text="Rounded up, once, to whole tonnes."),
    "parts": serializers.DictField(), "lines": serializers.ListField(child=serializers.DictField()),
    "per_head_kg": serializers.CharField(), "average": serializers.DictField(allow_null=True),
    "query": serializers.CharField(help_text="The words of the page's link to this result."),
})


class Footprints(APIView):
    """Footprints, of which nothing is kept."""

    permission_classes = ()
    parser_classes = (ExactJSONParser,)
    throttle_classes = (Pace,)

    @extend_schema(
        operation_id="v1_footprints_questions", responses=ASKING,
        parameters=[
            OpenApiParameter("who", str, enum=KINDS), OpenApiParameter("country", str),
            OpenApiParameter("on", str, description="The day whose figures are used."),
        ],
    )
    def get(self, request: Request) -> Response:
        """What is asked, with every figure's source; a person in the world if nothing is named."""
        named = {"who": Who.PERSON.value, "country": factors.WORLD} | request.query_params.dict()
        return Response(_asking(_sheet(named, (*factors.countries(), factors.WORLD))))

    @extend_schema(operation_id="v1_footprints_create", request=GIVEN, responses={200: ANSWER})
    def post(self, request: Request) -> Response:
        """The result with every step. What cannot be used is named under `errors` (422)."""
        sent = request.data
        if not isinstance(sent, dict):
            raise Invalid.of("", "Send an object with who, country and answers.")
        sheet = _sheet(sent, tuple(factors.countries()))
        answers, errors = reading.read(sheet, _typed(sheet, sent.get("answers", {})))
        if errors:
            raise Invalid({f"answers.{name}": [fault] for name, fault in errors.items()})
        found = calculating.calculate(sheet, answers)
        return Response(_told(found) | {"query": saying.query(sheet, answers)})


def _sheet(sent: Mapping[str, Any], known: tuple[str, ...]) -> Sheet:
    """What is asked of whom, where and by which day's figures. Raises Invalid."""
    errors = {}
    who, country = str(sent.get("who")), sent.get("country")
    on = day(str(sent.get("on") or ""), clock.today())
    if who not in KINDS:
        errors["who"] = [f"Choose one of: {', '.join(KINDS)}."]
    if country not in known:
        errors["country"] = ["Enter a country by its three letters, like KEN."]
    if on is None:
        errors["on"] = ["Enter a day like 2026-11-29."]
    if errors or on is None:
        raise Invalid(errors)
    return questions.sheet(Who(who), str(country), factors.load().edition(on))


def _typed(sheet: Sheet, answers: Any) -> dict[str, str]:
    """The answers as text. Raises Invalid for what is not asked, and what is no number or text."""
    if not isinstance(answers, dict):
        raise Invalid.of("answers", "Send an object of answers by the question's name.")
    known = {each.name for each in sheet.asked}
    errors = {
        f"answers.{name}": ["This is not asked here." if name not in known else
                            "Send a number, or text as on the page."]
        for name, value in answers.items()
        if name not in known or isinstance(value, bool | list | dict)
    }
    if errors:
        raise Invalid(errors)
    return {name: _text(value) for name, value in answers.items()}


def _text(value: Any) -> str:
    """A number as it is typed, without an exponent unless it is beyond any answer."""
    if isinstance(value, Decimal) and abs(value.adjusted()) <= MOST_DIGITS:
        return f"{value:f}"
    return "" if value is None else str(value)


def _figure(figure: Factor | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    cited = saying.cited(figure)
    return {
        "value": f"{figure.value:f}", "unit": figure.unit, "source": cited.title,
        "year": cited.year, "verified": cited.verified, "label": cited.label,
        "country": figure.country,
    }


def _question(asked: Asked) -> dict[str, Any]:
    return {
        "name": asked.name, "part": asked.question.part.value, "label": asked.label,
        "unit": asked.question.unit, "kind": asked.question.kind.value,
        "default": None if asked.initial is None else f"{asked.initial:f}",
        "figure": _figure(asked.factor),
        "options": [
            {"value": value, "label": label, "figure": _figure(figure)}
            for value, label, figure in asked.options
        ],
    }


def _asking(sheet: Sheet) -> dict[str, Any]:
    return {
        "who": sheet.who.value, "country": sheet.country, "on": sheet.edition.day,
        "questions": [_question(asked) for asked in sheet.asked], "left_out": sheet.left_out,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name, "part": line.part.value, "label": line.label,
        "quantity": f"{line.quantity:f}", "unit": line.unit, "factor": f"{line.factor:f}",
        "factor_unit": line.factor_unit, "kg": saying.exactly(line.kg), "step": saying.step(line),
        "changed": line.changed, "figure": _figure(line.figure),
    }


def _told(found: Footprint) -> dict[str, Any]:
    return {
        "who": found.sheet.who.value, "country": found.sheet.country,
        "on": found.sheet.edition.day, "kg": saying.exactly(found.kg), "tonnes": found.tonnes,
        "parts": {part.value: saying.exactly(kg) for part, kg in found.parts},
        "lines": [_line(line) for line in found.lines],
        "per_head_kg": saying.exactly(found.kg_per_head), "average": _figure(found.average),
    }
