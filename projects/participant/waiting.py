"""What waits for a participant, and prior consideration for the secretariat."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from cdm_portal.queues import Facts, Line
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.lifecycle import Stage
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import prior, queries, voices
from projects.participant.models import DesignDocument, PriorNotice
from projects.participant.queries import link

Item = dict[str, Any]


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """What waits for a participant: drafts, periods to report, findings to answer."""
    yield from prior.queue(actor)
    yield from voices.queue(actor)
    if actor.role != Role.PARTICIPANT:
        return
    drafts = DesignDocument.objects.filter(
        project__owner_id=actor.organisation_id, project__stage=Stage.DESIGN
    )
    notices = PriorNotice.objects.filter(project=OuterRef("project")).order_by("start_date")
    yield Line(
        "participant.draft", drafts, lambda each, facts: _waiting_draft(each, facts, at),
        related=("project",), newest_first=True,
        facts={"noticed": Subquery(notices.values("start_date")[:1])},
    )
    reports = MonitoringPeriod.objects.filter(
        project__owner_id=actor.organisation_id, stage=Stage.MONITORING,
        project__stage=Stage.MONITORING,
    )
    yield Line(
        "participant.report", reports, lambda each, _: _waiting_report(each, at),
        related=("project",),
    )
    opened = MonitoringPeriod.objects.filter(project=OuterRef("pk"))
    yield Line(
        "participant.period",
        queries.projects_of(actor).filter(~Exists(opened), stage=Stage.MONITORING),
        lambda each, _: _waiting_period(each), newest_first=True,
    )
    findings = Finding.objects.filter(
        project__owner_id=actor.organisation_id, state=Finding.State.OPEN
    ).exclude(project__stage__in=lifecycle.SIDE_ENDS)
    yield Line(
        "participant.finding", findings, lambda each, _: _waiting_finding(each),
        related=("project", "period"),
    )


def _item(project: Project, stage: Stage, **more: Any) -> Item:
    return {
        "reference": project.name, "project": project.title,
        "stage": lifecycle.EIGHT.index(stage) + 1, "stage_label": stage.label,
        "waiting_for": "You (participant)", "until": None,
        "tag": project.get_rules_display() if project.is_demonstration else "", "tag_kind": "plum",
        "why_not": "", **more,
    }


def _waiting_draft(draft: DesignDocument, facts: Facts, at: datetime) -> Item:
    project, noticed = draft.project, facts["noticed"]
    lacking = prior.problems(
        project, draft.content, at, queries.days_of_draft(project, at),
        lambda start: noticed is not None and date.fromisoformat(noticed) <= start,
    )
    items = queries.listed(project, draft.content, lacking, "")
    url = reverse("participant:design", args=[project.name])
    return _item(
        project, Stage.DESIGN, title=project.title, url=url,
        what=f"Design document: {queries.done(items)} of {len(items)} sections are complete.",
        action_label="Continue", action_url=url,
    )


def _waiting_report(period: MonitoringPeriod, at: datetime) -> Item:
    url = reverse("participant:period", args=[period.project.name, period.number])
    return _item(
        period.project, Stage.MONITORING, title=f"Monitoring period {period.number}", url=url,
        what=f"{period.first_date:%-d %B %Y} to {period.last_date:%-d %B %Y}: report what was "
        "measured.",
        action_label="Report", action_url=url, why_not=queries.why_not_report(period, at),
    )


def _waiting_period(project: Project) -> Item:
    url = reverse("participant:new_period", args=[project.name])
    return _item(
        project, Stage.MONITORING, title=project.title, url=url,
        what="The project is registered: open its first monitoring period.",
        action_label="Open", action_url=url,
    )


def _waiting_finding(finding: Finding) -> Item:
    stage = Stage.VERIFICATION if finding.period_id else Stage.VALIDATION
    url = link("doe:findings", finding.project.name)
    return _item(
        finding.project, stage, title=f"{finding}: {finding.subject}", url=url,
        what=finding.get_kind_display(), action_label="Answer", action_url=url,
    )
