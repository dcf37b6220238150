"""What the pages of modalities of communication show, and what of it waits on a desk."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.lifecycle import Stage
from projects.models import Project
from projects.participant import speaking
from projects.participant.communication.models import (
    ForwardingRequest,
    Manner,
    Scope,
    Statement,
)
from registry import queries as registry

Item = dict[str, Any]


def card(found: Statement) -> Item:
    """One statement in words: its scopes with their focal points, and its signatures."""
    return {
        "statement": found,
        "scopes": [_scope(found, scope) for scope in Scope],
        "participants": list(found.participants.order_by("pk")),
        "added": list(found.added()) if found.base_id else [],
        "removed": list(found.removed()),
        **signatures(found),
    }


def _scope(found: Statement, scope: Scope) -> Item:
    return {
        "label": scope.label, "manner": Manner(found.manner(scope)).label,
        "points": found.points(scope),
    }


def signatures(paper: Statement | ForwardingRequest) -> Item:
    """Who signed a paper, and who is still to sign."""
    return {
        "signed": list(paper.signed().select_related("organisation")),
        "missing": paper.unsigned() if paper.state == "signing" else [],
    }


def desk(actor: Actor, project: Project, at: datetime) -> Item:
    """The page of those who take part or speak."""
    current, draft = speaking.in_force(project), speaking.pending(project)
    return {
        "project": project, "actor": actor,
        "current": card(current) if current else None,
        "draft": card(draft) | _turn(actor, draft, at) if draft else None,
        "changes": speaking.is_change(project),
        "why_no_proposal": speaking.why_not_propose(actor, project, at),
        "why_no_forwarding": speaking.why_not_forward(actor, project, at),
        "forwardings": [_forwarding(actor, each, at) for each in speaking.forwardings(project)],
        "past": past(project),
    }


def _turn(actor: Actor, found: Statement, at: datetime) -> Item:
    return {
        "why_not_sign": speaking.why_not_sign(actor, found, at),
        "may_withdraw": not lifecycle.why_not(found, "withdraw", actor),
    }


def _forwarding(actor: Actor, asked: ForwardingRequest, at: datetime) -> Item:
    return {
        "asked": asked, **signatures(asked),
        "why_not_sign": speaking.why_not_sign_forwarding(actor, asked, at),
        "may_withdraw": not lifecycle.why_not(asked, "withdraw", actor),
        "state": asked.proposal.get_state_display() if asked.proposal
        else asked.get_state_display(),
    }


def past(project: Project) -> list[Statement]:
    """Every statement that is neither in force nor pending, the newest first."""
    live = [*speaking.PENDING, Statement.State.IN_FORCE]
    return list(project.statements.exclude(state__in=live).order_by("-number"))


def public(project: Project) -> Item:
    """The public page: the statement in force and the ones before it."""
    current = speaking.in_force(project)
    before = project.statements.filter(state=Statement.State.SUPERSEDED).order_by("-number")
    return {
        "project": project, "current": card(current) if current else None,
        "past": [card(each) for each in before],
    }


def pending_units(project: Project) -> Item:
    """What of the project lies in the pending account."""
    if project.number is None:
        return {"held": 0}
    return {"held": registry.free(registry.PENDING, project.number)}


# What waits


def queue(actor: Actor) -> Iterator[Line]:
    """What waits for the actor's signature, and statements that are missing."""
    if actor.role != Role.PARTICIPANT:
        return
    yield Line(
        "participant.statement", speaking.to_sign(actor),
        lambda draft, _: _item(draft.project, _signing(draft), "Sign"), related=("project",),
    )
    yield Line(
        "participant.forwarding", speaking.to_forward(actor),
        lambda each, _: _item(
            each.project, f"Forward {each.quantity} CERs to {each.to_account.number}.", "Sign"
        ),
        related=("project", "to_account"),
    )
    begun = Statement.objects.filter(
        project=OuterRef("pk"), state__in=[*speaking.PENDING, Statement.State.IN_FORCE]
    )
    yield Line(
        "participant.unspoken",
        Project.objects.filter(
            ~Exists(begun), owner_id=actor.organisation_id,
            stage__in=[Stage.NATIONAL_APPROVAL, Stage.VALIDATION],
        ),
        lambda project, _: _item(
            project, "Say who speaks for the project; the positive opinion waits for it.",
            "Name focal points",
        ),
    )


def _signing(draft: Statement) -> str:
    if draft.base_id is None:
        return "Who speaks for the project: your signature is missing."
    return "A change of who takes part or speaks: your signature is missing."


def _item(project: Project, what: str, action: str) -> Item:
    url = reverse("participant:communication", args=[project.name])
    stage = Stage(project.stage)
    return {
        "reference": project.name, "project": project.title, "title": "Modalities of communication",
        "stage": lifecycle.EIGHT.index(stage) + 1 if stage in lifecycle.EIGHT else 0,
        "stage_label": stage.label, "waiting_for": "You", "until": None, "url": url,
        "tag": project.get_rules_display() if project.is_demonstration else "",
        "tag_kind": "plum", "why_not": "", "what": what, "action_label": action,
        "action_url": url,
    }
