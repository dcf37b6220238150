"""The desk: where everybody lands, and what waits for them, until when, and why not yet."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal import clock
from cdm_portal.identity import access, queries
from cdm_portal.identity.models import Membership, User
from cdm_portal.rulebook import queries as rulebook_queries
from cdm_portal.values import Actor, Role
from offsets import queries as offsets_queries
from projects.board import queries as board_queries
from projects.dna import queries as dna_queries
from projects.doe import queries as doe_queries
from projects.participant import queries as participant_queries
from registry import queries as registry_queries
from registry import reconciling

Waiting = Callable[[Actor, datetime], list[dict[str, Any]]]

SOURCES: tuple[Waiting, ...] = (
    participant_queries.waiting,
    dna_queries.waiting,
    doe_queries.waiting,
    board_queries.waiting,
    registry_queries.waiting,
    reconciling.waiting,
    offsets_queries.waiting,
    rulebook_queries.waiting,
)

SHORTCUTS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.PARTICIPANT: (
        ("participant:projects", "My projects"), ("participant:new", "Start a design document"),
        ("board:money", "Money owed"), ("offsets:offers", "My offers"),
    ),
    Role.DNA: (("dna:desk", "Letters of approval"),),
    Role.DOE: (("doe:desk", "Audits"), ("doe:accreditations", "Accreditations")),
    Role.BOARD: (
        ("board:desk", "Requests"), ("doe:accreditations", "Accreditations"),
        ("rule_changes", "Rule parameters"),
    ),
    Role.SECRETARIAT: (
        ("board:desk", "Requests"), ("board:money", "Money owed"),
        ("doe:accreditations", "Accreditations"), ("rule_changes", "Rule parameters"),
    ),
    Role.RIT: (("board:desk", "Requests under review"),),
    Role.REGISTRY: (("registry:desk", "Registry administration"),),
    Role.AUDITOR: (
        ("admin:index", "Ledger, journal and cases"), ("doe:accreditations", "Accreditations"),
        ("rule_changes", "Rule parameters"),
    ),
    Role.BUYER: (("catalogue", "Choose a project"),),
}


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person in their present role, the most urgent first."""
    actor = access.actor_or_none(request)
    at = clock.now()
    items = items_of(actor, at) if actor else []
    items.sort(key=lambda item: (item.get("until") is None, item.get("until") or at))
    context = {
        "actor": actor,
        "items": items,
        "at": at,
        "shortcuts": SHORTCUTS.get(actor.role, ()) if actor else (),
        "other_roles": _other_roles(request, actor, at),
    }
    return render(request, "pages/desk.html", context)


def items_of(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Everything that waits for the actor, from every source."""
    return [item for source in SOURCES for item in source(actor, at)]


def _other_roles(request: HttpRequest, actor: Actor | None, at: datetime) -> list[Membership]:
    if not isinstance(request.user, User):
        return []
    held = queries.memberships(request.user.person_id, at.date())
    return [membership for membership in held if queries.actor(membership) != actor]
