"""Co-benefit reports by `/api/v1/`: read as on the public page, and acted upon by the pages' forms.

Whoever signed in on this browser acts, as in `api_acts`. What an answer holds is self-declared by
the participants; each answer says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock, permissions
from cdm_portal.pages.api_acts import PARSERS, body_of, clean
from cdm_portal.pages.api_guard import acting, actor_of, permitted
from cdm_portal.permissions import Exercise, Right, Row
from cdm_portal.refusals import Forbidden, NotFound
from cdm_portal.values import Actor, Role
from cobenefits import actions, forms, queries
from cobenefits.criteria import BY_KEY
from cobenefits.machine import State
from cobenefits.models import Line, Report
from projects import access
from projects.models import Project

LABEL = "self-declared, voluntary, not verified"
LEVELS = list(Line.Level.values)
STATEMENT = inline_serializer(
    "CoBenefitStatement",
    {
        "criterion": serializers.ChoiceField(list(BY_KEY)),
        "level": serializers.ChoiceField(["", *LEVELS]),
        "figure": serializers.CharField(), "text": serializers.CharField(),
        "evidence": serializers.CharField(),
    },
)
COMMENT = inline_serializer(
    "CoBenefitComment",
    {
        "organisation": serializers.CharField(
            help_text="The authority of the host Party; its comment is no part of the report."
        ),
        "at": serializers.DateTimeField(), "text": serializers.CharField(),
    },
)
VERSION = inline_serializer(
    "CoBenefitVersion",
    {
        "version": serializers.IntegerField(),
        "turn": serializers.IntegerField(help_text="How often it was handed in."),
        "state": serializers.ChoiceField(list(State.values)),
        "submitted_at": serializers.DateTimeField(allow_null=True),
        "published_at": serializers.DateTimeField(allow_null=True),
        "ended_at": serializers.DateTimeField(
            allow_null=True, help_text="When it was amended or withdrawn."
        ),
        "reason": serializers.CharField(help_text="Why it was withdrawn."),
        "return_reason": serializers.CharField(
            help_text="What is to be put right in a draft that was sent back."
        ),
        "statements": serializers.ListField(child=STATEMENT),
        "comments": serializers.ListField(child=COMMENT),
    },
)
REPORTS = inline_serializer(
    "CoBenefits",
    {
        "project": serializers.CharField(), "label": serializers.CharField(),
        "versions": serializers.ListField(child=VERSION), "url": serializers.URLField(),
    },
)


@dataclass(frozen=True, slots=True)
class Act:
    """An act upon the report of a project: its form, and the cell that gives it."""

    action: Callable[..., object]
    form: type[django_forms.Form]
    cell: Exercise


ACTS = {
    "keep": Act(actions.keep, forms.ReportForm, (Row.CO_BENEFIT, Right.CREATE)),
    "submit": Act(actions.hand_in, forms.ReportForm, (Row.CO_BENEFIT, Right.CREATE)),
    "publish": Act(actions.publish, forms.TurnForm, (Row.CO_BENEFIT, Right.PUBLISH)),
    "return": Act(actions.give_back, forms.ReturnForm, (Row.CO_BENEFIT, Right.PUBLISH)),
    "withdraw": Act(actions.withdraw, forms.WithdrawForm, (Row.CO_BENEFIT, Right.WITHDRAW)),
    "comment": Act(actions.comment, forms.CommentForm, (Row.CO_BENEFIT, Right.COMMENT)),
}
BODY = inline_serializer(
    "CoBenefitAct",
    {
        "jobs_level": serializers.ChoiceField(
            LEVELS, required=False,
            help_text="keep, submit: for each criterion `_level`, `_text`, `_figure`, `_evidence`.",
        ),
        "turn": serializers.IntegerField(required=False, help_text="publish, return."),
        "reason": serializers.CharField(required=False, help_text="return, withdraw."),
        "version": serializers.IntegerField(required=False, help_text="comment."),
        "text": serializers.CharField(required=False, help_text="comment."),
    },
)
SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(ACTS))


def _version(report: Report) -> dict[str, Any]:
    return {
        "version": report.version, "turn": report.turn, "state": report.state,
        "submitted_at": report.submitted_at, "published_at": report.published_at,
        "ended_at": report.ended_at, "reason": report.reason,
        "return_reason": report.return_reason if report.was_returned else "",
        "statements": [
            {
                "criterion": line.criterion, "level": line.level, "figure": line.figure,
                "text": line.text, "evidence": line.evidence,
            }
            for line in report.lines.all()
        ],
        "comments": [
            {"organisation": each.organisation.name, "at": each.at, "text": each.text}
            for each in report.comments.all()
        ],
    }


def _reports(actor: Actor | None, project: Project) -> Response:
    return Response({
        "project": project.name, "label": LABEL,
        "versions": [_version(each) for each in queries.known(actor, project)],
        "url": settings.SITE_URL + reverse("cobenefits:public", args=[project.name]),
    })


class CoBenefits(APIView):
    """The versions of a project's co-benefit report."""

    permission_classes = (permitted((Row.CO_BENEFIT, Right.SEE)),)

    @extend_schema(responses=REPORTS)
    def get(self, request: Request, name: str) -> Response:
        """List the versions, newest first: what was ever published; besides, one's own draft, or
        what waits for one's publication.
        """
        actor = actor_of(request)
        return _reports(actor, access.project(actor, name))


class CoBenefitAct(APIView):
    """One act upon the co-benefit report of a project."""

    permission_classes = (permitted(*dict.fromkeys(act.cell for act in ACTS.values())),)

    authentication_classes = (SessionAuthentication,)
    parser_classes = PARSERS

    @extend_schema(
        operation_id="v1_co_benefits_act", request=BODY, responses=REPORTS, parameters=[SLUG]
    )
    def post(self, request: Request, name: str, slug: str) -> Response:
        """Act as on the pages: keep, submit, withdraw; publish, return; comment."""
        actor, act = acting(request), ACTS.get(slug)
        project = _case(actor, name)
        if act is None:
            raise NotFound("There is no such act upon a co-benefit report.")
        if actor.role not in permissions.roles(act.cell):
            raise Forbidden(f"{actor.role.label}: this act is for another role.")
        form = act.form(body_of(request))
        about = clean(form)
        if isinstance(form, forms.ReportForm):
            about = {"statements": form.statements()}
        act.action(actor=actor, at=clock.now(), project_id=project.pk, **about)
        return _reports(actor, project)


def _case(actor: Actor, name: str) -> Project:
    if actor.role == Role.PARTICIPANT:
        return access.own_project(actor, name)
    return access.project(actor, name)
