"""Changes of participants and focal points that wait for the secretariat."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from projects import lifecycle
from projects.lifecycle import Stage
from projects.participant.communication.models import Statement


def change(name: str, number: int) -> Statement:
    """A change that is signed, or was. Raises NotFound for a proposal without its signatures."""
    found = (
        Statement.objects.filter(Q(project__reference=name) | Q(project__number=name))
        .filter(number=number, base__isnull=False)
        .exclude(state__in=[Statement.State.SIGNING, Statement.State.WITHDRAWN])
        .select_related("project", "base", "proposed_by").first()
    )
    if found is None:
        raise NotFound("There is no such change.")
    return found


def signed_changes() -> Line:
    """What the secretariat is to process."""
    return Line(
        "board.change_signed", Statement.objects.filter(state=Statement.State.SIGNED),
        lambda each, _: _to_process(each), related=("project",),
    )


def _to_process(each: Statement) -> dict[str, Any]:
    project, stage = each.project, Stage(each.project.stage)
    url = reverse("board:communication", args=[project.name, each.number])
    return {
            "reference": project.name, "project": "", "title": project.title,
            "stage": lifecycle.EIGHT.index(stage) + 1 if stage in lifecycle.EIGHT else 0,
            "stage_label": stage.label, "waiting_for": "You", "until": None, "why_not": "",
            "tag": project.get_rules_display() if project.is_demonstration else "",
            "tag_kind": "plum", "url": url, "action_url": url,
            "what": "A change of participants or focal points is signed.",
            "action_label": "Process the change",
    }
