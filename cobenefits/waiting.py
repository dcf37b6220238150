"""What waits for somebody: a draft, and a check that was declined, for the participants; what was
handed in for the secretariat; a check that is asked for, or under way, for the DOE.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from cobenefits.machine import OPEN_CHECKS, CheckState, State
from cobenefits.models import Check, Report
from projects import lifecycle
from projects.lifecycle import Stage

Item = dict[str, Any]


def queue(actor: Actor, _at: datetime) -> Iterator[Line]:
    """Drafts and declined checks of one's own; the secretariat's reports to publish; the checks of
    a DOE; the oldest first.
    """
    if actor.role == Role.PARTICIPANT:
        yield Line(
            "cobenefits.draft",
            Report.objects.filter(state=State.DRAFT, project__owner_id=actor.organisation_id),
            lambda each, _: _draft(each), related=("project",), newest_first=True,
        )
        yield Line(
            "cobenefits.declined", _declined(actor),
            lambda each, _: _declined_item(each), related=("report__project", "doe"),
        )
    if actor.role == Role.DOE:
        yield Line(
            "cobenefits.check",
            Check.objects.filter(doe_id=actor.organisation_id, state__in=OPEN_CHECKS),
            lambda each, _: _check(each), related=("report__project",),
        )
    if actor.role == Role.SECRETARIAT:
        yield Line(
            "cobenefits.submitted", Report.objects.filter(state=State.SUBMITTED),
            lambda each, _: _submitted(each), related=("project",),
        )


def _draft(report: Report) -> Item:
    what = "Complete the co-benefit report and hand it in; reporting is voluntary."
    if report.was_returned:
        what = f"Sent back by the secretariat: {report.return_reason}"
    url = reverse("cobenefits:report", args=[report.project.name])
    return _item(report, "You (participant)", what, "Continue", url)


def _submitted(report: Report) -> Item:
    url = reverse("cobenefits:publication", args=[report.project.name])
    what = "Look at the form of the report, not at what it says; publish it or send it back."
    return _item(report, "You (secretariat)", what, "Open", url)


def _declined(actor: Actor) -> QuerySet[Check]:
    """Declined checks of versions in view, after which no other DOE was asked."""
    later = Check.objects.filter(report=OuterRef("report"), pk__gt=OuterRef("pk"))
    return Check.objects.filter(
        ~Exists(later), state=CheckState.DECLINED, report__state=State.PUBLISHED,
        report__project__owner_id=actor.organisation_id,
    )


def _declined_item(check: Check) -> Item:
    url = reverse("cobenefits:ask", args=[check.report.project.name])
    what = f"{check.doe} declined to check the report: {check.reason}"
    item = _item(check.report, "You (participant)", what, "Ask another DOE", url)
    return item | {"title": f"Check of the co-benefit report, version {check.report.version}"}


def _check(check: Check) -> Item:
    url = reverse("cobenefits:check", args=[check.report.project.name])
    asked = check.state == CheckState.ASKED
    what = (
        "The participants ask you to check their co-benefit report: take it on, or decline."
        if asked else "Say what you find on each criterion, and publish your statement."
    )
    item = _item(check.report, "You (DOE)", what, "Open" if asked else "Continue", url)
    return item | {"title": f"Check of the co-benefit report, version {check.report.version}"}


def _item(report: Report, whom: str, what: str, action: str, url: str) -> Item:
    project = report.project
    stage = Stage(project.stage)
    return {
        "reference": project.name, "project": project.title,
        "title": f"Co-benefit report, version {report.version}",
        "stage": lifecycle.EIGHT.index(stage) + 1 if stage in lifecycle.EIGHT else 0,
        "stage_label": stage.label, "waiting_for": whom, "until": None, "url": url,
        "tag": project.get_rules_display() if project.is_demonstration else "",
        "tag_kind": "plum", "why_not": "", "what": what, "action_label": action,
        "action_url": url,
    }
