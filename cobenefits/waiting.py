"""What waits for somebody: a draft for the participants, what was handed in for the secretariat."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from cobenefits.machine import State
from cobenefits.models import Report
from projects import lifecycle
from projects.lifecycle import Stage

Item = dict[str, Any]


def queue(actor: Actor, _at: datetime) -> Iterator[Line]:
    """Drafts of one's own; the secretariat's reports to publish, the oldest first."""
    if actor.role == Role.PARTICIPANT:
        yield Line(
            "cobenefits.draft",
            Report.objects.filter(state=State.DRAFT, project__owner_id=actor.organisation_id),
            lambda each, _: _draft(each), related=("project",), newest_first=True,
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
