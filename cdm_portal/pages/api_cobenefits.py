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
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor, Role
from cobenefits import actions, check_forms, forms, queries
from cobenefits.criteria import BY_KEY
from cobenefits.indicators import SECTIONS
from cobenefits.machine import State
from cobenefits.models import CheckLine, Line, Report, Said
from cobenefits.section_form import SectionForm, section_form
from projects import access
from projects.models import Project

OUTCOMES = list(CheckLine.Outcome.values)
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
INDICATOR = inline_serializer(
    "CoBenefitIndicator",
    {
        "section": serializers.ChoiceField(list(SECTIONS)),
        "indicator": serializers.CharField(), "label": serializers.CharField(),
        "applicable": serializers.BooleanField(),
        "level": serializers.ChoiceField(["", *Said.Level.values]),
        "quantity": serializers.CharField(allow_null=True, help_text="A decimal number as text."),
        "unit": serializers.CharField(), "text": serializers.CharField(),
        "monitored": serializers.BooleanField(allow_null=True),
        "evidence": serializers.CharField(), "document": serializers.CharField(allow_null=True),
    },
)
FINDING = inline_serializer(
    "CoBenefitFinding",
    {
        "criterion": serializers.ChoiceField(list(BY_KEY)),
        "outcome": serializers.ChoiceField(OUTCOMES),
        "text": serializers.CharField(),
    },
)
CHECK = inline_serializer(
    "CoBenefitCheck",
    {
        "doe": serializers.CharField(help_text="Who checked this version; no other one."),
        "on": serializers.DateTimeField(), "statement": serializers.CharField(),
        "confirmed": serializers.IntegerField(), "of": serializers.IntegerField(),
        "findings": serializers.ListField(child=FINDING),
    },
    allow_null=True,
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
        "indicators": serializers.ListField(child=INDICATOR),
        "goals": serializers.ListField(
            child=serializers.IntegerField(),
            help_text="The nearest Sustainable Development Goals by this portal's own mapping.",
        ),
        "check": CHECK,
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


CHECKS = (Row.CO_BENEFIT, Right.CHECK)
ACTS = {
    "keep": Act(actions.keep, forms.ReportForm, (Row.CO_BENEFIT, Right.CREATE)),
    "save_section": Act(actions.save_section, SectionForm, (Row.CO_BENEFIT, Right.CREATE)),
    "submit": Act(actions.hand_in, forms.ReportForm, (Row.CO_BENEFIT, Right.CREATE)),
    "publish": Act(actions.publish, forms.TurnForm, (Row.CO_BENEFIT, Right.PUBLISH)),
    "return": Act(actions.give_back, forms.ReturnForm, (Row.CO_BENEFIT, Right.PUBLISH)),
    "withdraw": Act(actions.withdraw, forms.WithdrawForm, (Row.CO_BENEFIT, Right.WITHDRAW)),
    "comment": Act(actions.comment, forms.CommentForm, (Row.CO_BENEFIT, Right.COMMENT)),
    "ask_check": Act(actions.ask_check, check_forms.AskAnyForm, (Row.CO_BENEFIT, Right.AMEND)),
    "take_back_check": Act(
        actions.take_back_check, django_forms.Form, (Row.CO_BENEFIT, Right.AMEND)
    ),
    "accept_check": Act(actions.accept_check, check_forms.AcceptForm, CHECKS),
    "decline_check": Act(actions.decline_check, check_forms.DeclineForm, CHECKS),
    "record_findings": Act(actions.record_findings, check_forms.FindingsForm, CHECKS),
    "conclude_check": Act(actions.conclude_check, check_forms.FindingsForm, CHECKS),
}
BODY = inline_serializer(
    "CoBenefitAct",
    {
        "jobs_level": serializers.ChoiceField(
            LEVELS, required=False,
            help_text="keep, submit: for each criterion `_level`, `_text`, `_figure`, `_evidence`.",
        ),
        "section": serializers.ChoiceField(
            list(SECTIONS), required=False,
            help_text="save_section: with `level`, `text`, `figure`, `evidence` of the criterion, "
            "and for each indicator `_applicable` (yes, no), `_level`, `_quantity`, `_unit`, "
            "`_text`, `_monitored` (yes, no), `_evidence`, `_document`.",
        ),
        "turn": serializers.IntegerField(required=False, help_text="publish, return."),
        "reason": serializers.CharField(required=False, help_text="return, withdraw."),
        "version": serializers.IntegerField(required=False, help_text="comment."),
        "text": serializers.CharField(required=False, help_text="comment."),
        "organisation_id": serializers.IntegerField(required=False, help_text="ask_check."),
        "no_conflict": serializers.BooleanField(required=False, help_text="accept_check."),
        "jobs_outcome": serializers.ChoiceField(
            OUTCOMES, required=False,
            help_text="record_findings, conclude_check: for each criterion `_outcome`, `_text`.",
        ),
        "statement": serializers.CharField(
            required=False, help_text="record_findings, conclude_check."
        ),
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
        "indicators": [_indicator(each) for each in report.indicators.all()],
        "goals": queries.goals(report), "check": _check(report),
        "comments": [
            {"organisation": each.organisation.name, "at": each.at, "text": each.text}
            for each in report.comments.all()
        ],
    }


def _indicator(said: Said) -> dict[str, Any]:
    public = said.document is not None and said.document.public
    return {
        "section": said.section, "indicator": said.indicator, "label": said.label,
        "applicable": said.applicable, "level": said.level,
        "quantity": None if said.quantity is None else f"{said.quantity.normalize():f}",
        "unit": said.unit, "text": said.text, "monitored": said.monitored,
        "evidence": said.evidence,
        "document": settings.SITE_URL + reverse("document", args=[said.document_id])
        if public else None,
    }


def _check(report: Report) -> dict[str, Any] | None:
    found = queries.badge(report)
    if found is None:
        return None
    return {
        "doe": found["doe"].name, "on": found["on"], "statement": found["statement"],
        "confirmed": found["confirmed"], "of": found["of"],
        "findings": [
            {"criterion": line.criterion, "outcome": line.outcome, "text": line.text}
            for line in found["lines"]
        ],
    }


def _reports(actor: Actor | None, project: Project) -> Response:
    return Response({
        "project": project.name, "label": queries.LABEL,
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
        """Act as on the pages: keep, submit, withdraw; publish, return; comment; and the check of a
        DOE: ask, take back; accept, decline, record findings, conclude.
        """
        actor, act = acting(request), ACTS.get(slug)
        project = _case(actor, name)
        if act is None:
            raise NotFound("There is no such act upon a co-benefit report.")
        if actor.role not in permissions.roles(act.cell):
            raise Forbidden(f"{actor.role.label}: this act is for another role.")
        about = _about(act, project, body_of(request))
        act.action(actor=actor, at=clock.now(), project_id=project.pk, **about)
        return _reports(actor, project)


def _about(act: Act, project: Project, body: Any) -> dict[str, Any]:
    """What the action takes, read by the form of the page."""
    besides: dict[str, Any] = {}
    if act.form is SectionForm:
        return _section(project, body)
    if act.form is check_forms.FindingsForm:
        check = queries.open_check(project)
        lines = check.report.lines.values_list("criterion", flat=True) if check else []
        besides = {"reported": list(lines), "final": act.action is actions.conclude_check}
    form = act.form(body, **besides)
    about = clean(form)
    if isinstance(form, forms.ReportForm):
        sent = bool(set(body) & set(form.fields))
        return {"statements": form.statements()} if sent or act.action is actions.keep else {}
    if isinstance(form, check_forms.FindingsForm):
        return {"findings": form.findings(), "statement": form.cleaned_data["statement"]}
    return about


def _section(project: Project, body: Any) -> dict[str, Any]:
    section = str(body.get("section", ""))
    if section not in SECTIONS:
        raise Invalid.of("section", f"Name a section: {', '.join(SECTIONS)}.")
    form = section_form(project, section, clock.now(), body)
    clean(form)
    return {"section": section, "statement": form.statement(), "told": form.told()}


def _case(actor: Actor, name: str) -> Project:
    if actor.role == Role.PARTICIPANT:
        return access.own_project(actor, name)
    return access.project(actor, name)
