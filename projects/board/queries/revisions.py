"""Questions about requests for renewals and post-registration changes, and what waits for them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.board.models import Request
from projects.board.procedure import VOID
from projects.doe import revisions as auditors
from projects.doe.standing import Act
from projects.lifecycle import Stage
from projects.participant import revised
from projects.revisions.machine import State
from projects.revisions.models import Revision

Item = dict[str, Any]


def open_revision_request(revision: Revision) -> Request | None:
    """The request for a revision that is under way or granted."""
    return Request.objects.filter(revision=revision).exclude(state__in=VOID).first()


def why_not_request_revision(revision: Revision, at: datetime) -> str:
    """Why the revision cannot be requested now, beside its state; empty when it can."""
    if revision.project.stage != Stage.MONITORING:
        return "The project is no longer registered."
    if revision.track == Revision.Track.ISSUANCE:
        return "This change is decided with the request for issuance of its monitoring period."
    if revision.is_renewal and revision.state == State.POSITIVE:
        return revised.too_late_to_renew(revision.project, at)
    return ""


def why_no_revision_request(revision: Revision, actor: Actor, at: datetime) -> list[str]:
    """Why the actor cannot request the revision now: time, its state, the DOE's accreditation."""
    late = why_not_request_revision(revision, at)
    return [
        *([late] if late else []),
        *lifecycle.why_not(revision, "request", actor),
        *auditors.why_no_act(Act.REQUEST_REVISION, revision, at.date()),
    ]


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """Revisions that a participant drafts, or that a DOE has to answer, validate or request."""
    if actor.role == Role.PARTICIPANT:
        mine = Revision.objects.filter(
            project__owner_id=actor.organisation_id, state=State.DRAFT
        )
    elif actor.role == Role.DOE:
        mine = Revision.objects.filter(doe_id=actor.organisation_id, state__in=_WORDS)
    else:
        return
    yield Line(
        "board.revision", mine, lambda revision, _: _item(revision, at), related=("project",)
    )


_WORDS = {
    State.OFFERED: ("asks you to validate it.", "Answer"),
    State.OPINION: ("waits for your opinion.", "Give the opinion"),
    State.POSITIVE: ("has your positive opinion.", "Make the request"),
}


def _item(revision: Revision, at: datetime) -> Item:
    project, label = revision.project, revision.get_kind_display()
    what, action = _WORDS.get(State(revision.state), ("is a draft.", "Continue"))
    page = "participant:revision" if revision.state == State.DRAFT else "doe:revision"
    if revision.state == State.POSITIVE and revision.track == Revision.Track.PRIOR:
        page = "board:request_revision"
    url = reverse(page, args=[project.name, revision.number])
    why = why_not_request_revision(revision, at) if revision.state == State.POSITIVE else ""
    return {
        "title": project.title, "project": "", "reference": project.name, "url": url,
        "action_url": url, "what": f"{label}: it {what}", "action_label": action, "why_not": why,
        "stage": lifecycle.EIGHT.index(Stage.MONITORING) + 1,
        "stage_label": Stage.MONITORING.label, "until": None, "waiting_for": "You",
        "tag": project.get_rules_display() if project.is_demonstration else "", "tag_kind": "plum",
    }
