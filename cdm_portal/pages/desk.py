"""The desk: where everybody lands, and what waits for them, until when, and why not yet."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal import clock, edges, queues
from cdm_portal.identity import access, queries
from cdm_portal.identity.models import Membership
from cdm_portal.queues import Item, Line
from cdm_portal.rulebook import queries as rulebook_queries
from cdm_portal.values import Actor, Role
from cobenefits import waiting as cobenefits_waiting
from offsets import waiting as offsets_waiting
from projects.board import queries as board_queries
from projects.dna import queries as dna_queries
from projects.doe import queries as doe_queries
from projects.participant import waiting as participant_waiting
from projects.reference import queries as reference_queries
from registry import queries as registry_queries
from registry import reconciling

Source = Callable[[Actor, datetime], Iterable[Line | Item]]

SOURCES: tuple[Source, ...] = (
    participant_waiting.queue,
    dna_queries.queue,
    doe_queries.queue,
    board_queries.queue,
    cobenefits_waiting.queue,
    registry_queries.queue,
    reconciling.queue,
    offsets_waiting.queue,
    rulebook_queries.queue,
    reference_queries.queue,
)
"""Whoever has something that waits for somebody; see `cdm_portal.queues` for what they answer."""

A_LIST = 200
"""How much of what waits is told at once where it is not told page by page."""

SHORTCUTS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.PARTICIPANT: (
        ("participant:projects", "My projects"), ("participant:new", "Start a design document"),
        ("board:money", "Money owed"), ("offsets:offers", "My offers"),
        ("registry:accounts", "My accounts"), ("offsets:keys", "API keys"),
    ),
    Role.DNA: (
        ("dna:desk", "Letters of approval"), ("prior:received", "Prior consideration"),
    ),
    Role.DOE: (("doe:desk", "Audits"), ("doe:accreditations", "Accreditations")),
    Role.BOARD: (
        ("board:desk", "Requests"), ("registry:accounts", "Accounts"),
        ("doe:accreditations", "Accreditations"), ("board:inquiries", "Excess issuance"),
        ("rule_changes", "Rule parameters"), ("reference_entries", "Reference data"),
    ),
    Role.SECRETARIAT: (
        ("board:desk", "Requests"), ("board:money", "Money owed"), ("offsets:bank", "Bank account"),
        ("prior:received", "Prior consideration"),
        ("doe:accreditations", "Accreditations"), ("board:inquiries", "Excess issuance"),
        ("rule_changes", "Rule parameters"), ("reference_entries", "Reference data"),
        ("cobenefits:indicators", "Indicators of co-benefits"),
    ),
    Role.RIT: (("board:desk", "Requests under review"),),
    Role.REGISTRY: (
        ("registry:desk", "Registry administration"), ("board:money", "Money owed"),
        ("doe-public:debts", "Debts in CERs"),
    ),
    Role.AUDITOR: (
        ("permissions", "Who may do what"), ("board:money", "Money owed"),
        ("registry:accounts", "Accounts"), ("registry:desk", "Proposals of the registry"),
        ("board:desk", "Requests"),
        ("admin:index", "Ledger, journal and cases"), ("doe:accreditations", "Accreditations"),
        ("board:inquiries", "Excess issuance"), ("rule_changes", "Rule parameters"),
        ("reference_entries", "Reference data"),
    ),
    Role.BUYER: (
        ("catalogue", "Choose a project"), ("offsets:desk_orders", "My orders"),
        ("offsets:statements", "Yearly statements"), ("my_data", "My data"),
        ("offsets:keys", "API keys"),
    ),
}


def lines(actor: Actor, at: datetime) -> Iterator[Line | Item]:
    """Where everything that waits for an actor is found."""
    return (line for source in SOURCES for line in source(actor, at))


def waiting(actor: Actor, at: datetime) -> list[Item]:
    """What waits for an actor, the most urgent first, at most A_LIST of it."""
    return queues.page(lines(actor, at), size=A_LIST).items


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person in their present role, the most urgent first."""
    actor = access.actor_or_none(request)
    at = clock.now()
    context = {
        "actor": actor,
        **edges.waiting(request, lines(actor, at) if actor else ()),
        "at": at,
        "shortcuts": SHORTCUTS.get(actor.role, ()) if actor else (),
        "other_roles": _other_roles(request, actor),
    }
    return render(request, "pages/desk.html", context)


def _other_roles(request: HttpRequest, actor: Actor | None) -> list[Membership]:
    held = access.memberships_of(request)
    return [membership for membership in held if queries.actor(membership) != actor]
