"""The acts upon requests by `/api/v1/`: those that the pages offer, by the same forms and actions.

Whoever signed in on this browser acts; forgery is kept out as on the pages. An act that is refused
writes nothing. A body is JSON, or a form with a file where one is taken.
"""

from typing import Any

from django import forms as django_forms
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request as Asked
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages import api_requests
from cdm_portal.pages.api_guard import acting, permitted
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects import access
from projects.board import actions, checklist, forms, moves, queries
from projects.board.models import Request

PARSERS = (JSONParser, MultiPartParser)
SUBMITTED = inline_serializer(
    "RequestSubmission",
    {
        "kind": serializers.ChoiceField(api_requests.KINDS),
        "project": serializers.CharField(help_text="Reference or number."),
        "period": serializers.IntegerField(
            required=False, help_text="Number of the monitoring period, for issuance."
        ),
    },
)


def _field(field: django_forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    """How a field of a form is called in the schema."""
    choices = [str(key) for key, _name in getattr(field, "choices", ())]
    said = f"{field.label or ''}{': ' if choices else ''}{', '.join(choices)}"
    given: dict[str, Any] = {"required": field.required, "help_text": said}
    if isinstance(field, django_forms.MultipleChoiceField):
        return serializers.ListField(child=serializers.CharField(), **given)
    kinds: tuple[tuple[type[django_forms.Field], type[serializers.Field[Any, Any, Any, Any]]], ...]
    kinds = (
        (django_forms.FileField, serializers.FileField),
        (django_forms.BooleanField, serializers.BooleanField),
        (django_forms.DateField, serializers.DateField),
        (django_forms.DecimalField, serializers.CharField),
        (django_forms.IntegerField, serializers.IntegerField),
    )
    made = next((to for of, to in kinds if isinstance(field, of)), serializers.CharField)
    return made(**given)


def _body(form: type[forms.RequestForm]) -> serializers.Serializer[Any]:
    name = form.__name__.removesuffix("Form") + "Act"
    return inline_serializer(name, {n: _field(f) for n, f in form.base_fields.items()})


BODIES = [
    _body(form) for form in dict.fromkeys(move.form for move in moves.MOVES.values())
    if form.base_fields
]
ACT = PolymorphicProxySerializer(
    component_name="RequestAct", serializers=BODIES, resource_type_field_name=None
)
SLUG = OpenApiParameter(
    "slug", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(moves.MOVES),
    description="Each takes the body of its form on the page: "
    + "; ".join(
        f"{move.slug}: {', '.join(move.form.base_fields) or 'nothing'}"
        for move in moves.MOVES.values()
    ),
)


class Requests(api_requests.Requests):
    """Requests for registration and issuance, and making one."""

    permission_classes = (
        permitted((Row.REQUEST, Right.SEE), post=((Row.REQUEST, Right.CREATE),)),
    )

    parser_classes = PARSERS

    @extend_schema(request=SUBMITTED, responses={201: api_requests.DETAIL})
    def post(self, request: Asked) -> Response:
        """The DOE requests registration of a project, or issuance for a monitoring period."""
        actor = acting(request)
        made = _submit(actor, body_of(request))
        shown = api_requests.detail(made, actor)
        return Response(shown, status=201, headers={"Location": shown["url"]})


class Act(APIView):
    """One act upon a request."""

    permission_classes = (permitted(*moves.CELLS),)

    authentication_classes = (SessionAuthentication,)
    parser_classes = PARSERS

    @extend_schema(
        operation_id="v1_requests_act", request=ACT, responses=api_requests.DETAIL,
        parameters=[SLUG],
    )
    def post(self, request: Asked, reference: str, slug: str) -> Response:
        """Act upon a request as on its page: `acts` of the request says what is offered now."""
        actor, at = acting(request), clock.now()
        found = queries.by_reference(actor, reference)
        move = moves.MOVES.get(slug)
        if move is None or found.kind not in move.kinds:
            raise NotFound("There is no such act upon this request.")
        if actor.role not in move.roles:
            may = ", ".join(sorted(role.label for role in Role if role in move.roles))
            raise Forbidden(f"{actor.role.label}: this act is for {may}.")
        form = move.form(body_of(request), request.FILES, about=found, at=at)
        move.action(actor=actor, at=at, request_id=found.pk, **clean(form))
        return _as_it_is(actor, reference)


class CheckItem(APIView):
    """One item of a check."""

    permission_classes = (permitted((Row.REQUEST, Right.CHECK)),)

    authentication_classes = (SessionAuthentication,)
    parser_classes = PARSERS

    @extend_schema(
        operation_id="v1_requests_check", request=_body(forms.CheckForm),
        responses=api_requests.DETAIL,
    )
    def post(self, request: Asked, reference: str, code: str) -> Response:
        """The secretariat notes whether an item of the running check is met: yes, or no and why."""
        actor = acting(request)
        found = queries.by_reference(actor, reference)
        if checklist.item(found.kind, code) is None:
            raise NotFound("There is no such item.")
        if actor.role != Role.SECRETARIAT:
            raise Forbidden("The secretariat does this.")
        given = clean(forms.CheckForm(body_of(request)))
        actions.check_item(
            actor=actor, at=clock.now(), request_id=found.pk, code=code, met=given["met"],
            reason=given["reason"],
        )
        return _as_it_is(actor, reference)


def _as_it_is(actor: Actor, reference: str) -> Response:
    return Response(api_requests.detail(queries.by_reference(actor, reference), actor))


def body_of(request: Asked) -> Any:
    """The body: an object of texts, numbers, truths and lists of texts. Raises Invalid."""
    data = request.data
    if not isinstance(data, dict):
        raise Invalid.of("", "The body is an object.")
    for name, value in data.items():
        many = isinstance(value, list) and all(isinstance(each, str) for each in value)
        plain = many or value is None or isinstance(value, str | int)
        if not plain and name not in request.FILES:
            raise Invalid.of(name, f"{name} is a text, a number or a list of texts.")
    return data


def clean(form: django_forms.Form) -> dict[str, Any]:
    """What the action takes. Raises Invalid with what the page says beside each field."""
    if not form.is_valid():
        wrong = form.errors.items()
        raise Invalid({name: [str(said) for said in found] for name, found in wrong})
    return form.cleaned_data


def _submit(actor: Actor, given: dict[str, Any]) -> Request:
    kind, name, number = (given.get(key) for key in ("kind", "project", "period"))
    if kind not in api_requests.KINDS:
        raise Invalid.of("kind", f"kind is one of {', '.join(api_requests.KINDS)}.")
    if not isinstance(name, str) or not name:
        raise Invalid.of("project", "Say which project, by its reference or number.")
    if kind == Request.Kind.REGISTRATION:
        project = access.project(actor, name)
        return actions.request_registration(actor=actor, at=clock.now(), project_id=project.pk)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
        raise Invalid.of("period", "Say which monitoring period, by its number.")
    period = access.period(actor, name, number)
    return actions.request_issuance(actor=actor, at=clock.now(), period_id=period.pk)
