"""Modalities of communication against their row of the domain's table 3.9, transcribed by hand:
"signed by all PPs at registration; change by focal point (b)". Every way is made on its page with
its effects, every other (state, event, role) is refused with nothing written, and every other
(from, to) is refused by the database."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor
from projects.models import Project
from projects.participant.communication.models import Signature, Statement
from tests.cast import Cast
from tests.projects.participant import voices
from tests.world import as_if

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]

WAYS = {
    # The participants' own statement, until the positive opinion
    ("none", "propose"): ("signing", {"participant", "partner"}),
    ("first", "sign"): ("in_force", {"partner"}),
    ("first", "withdraw"): ("withdrawn", {"participant"}),
    ("made", "propose"): ("signing", {"participant", "partner"}),
    # A change by the focal points of scope (b), who are joint
    ("opined", "propose"): ("signing", {"participant", "partner"}),
    ("signing", "sign"): ("signed", {"partner"}),
    ("signing", "withdraw"): ("withdrawn", {"participant"}),
    ("signed", "withdraw"): ("withdrawn", {"participant"}),
    ("signed", "process"): ("in_force", {"secretariat"}),
    ("signed", "return"): ("returned", {"secretariat"}),
    ("returned", "propose"): ("signing", {"participant", "partner"}),
    ("withdrawn", "propose"): ("signing", {"participant", "partner"}),
    ("processed", "propose"): ("signing", {"participant", "partner"}),
}
"""(where it stands, event) → the state of the statement, and by whom. `participant` proposed what
waits for signatures and has signed it."""

STATES = ("none", "first", "made", "opined", "signing", "signed", "returned", "withdrawn",
          "processed")  # fmt: skip
EVENTS = ("propose", "sign", "withdraw", "process", "return")
PEOPLE = ("participant", "partner", "dna", "doe", "board", "secretariat", "registry", "buyer",
          "auditor", "nobody")  # fmt: skip
VERBS = {
    "propose": "participant.propose_statement", "sign": "participant.sign_statement",
    "withdraw": "participant.withdraw_statement", "process": "board.process_change",
    "return": "board.return_change",
}
PAIRS = {
    "signing>in_force", "signing>signed", "signing>withdrawn", "signed>in_force",
    "signed>returned", "signed>withdrawn", "in_force>superseded",
}


def reached(cast: Cast, project: Project, state: str) -> Statement | None:
    """The project's latest statement, in a state."""
    if state == "none":
        return None
    if state == "first":
        return voices.signed(voices.proposed(cast, project, joint="b"), cast.participant)
    made = voices.in_force(cast, project, joint="b")
    if state == "made":
        return made
    project = voices.opined(cast, project)
    return made if state == "opined" else voices.changed(cast, project, state)


def sent(project: Project, found: Statement | None, event: str) -> tuple[str, dict[str, Any]]:
    """Where an event is sent to, with a form that is complete."""
    number = found.number if found else 1
    if event == "propose":
        return reverse("participant:propose_statement", args=[project.name]), form(project)
    if event in {"sign", "withdraw"}:
        return reverse(f"participant:{event}_statement", args=[project.name, number]), {}
    url = reverse("board:communication", args=[project.name, number])
    return url, {"outcome": event, "answer": "The second page is missing."}


def form(project: Project) -> dict[str, Any]:
    """The owner as sole focal point, as a user enters it."""
    owner = project.owner
    person = owner.memberships.get().person
    return {
        "point1_organisation_id": owner.pk, "point1_primary": person.sign_ins.get().email,
        "point1_scopes": ["a", "b", "c"], "manner_a": "sole", "manner_b": "sole",
        "manner_c": "sole", "reason": "One speaks now.",
    }


def browsers(cast: Cast, sign_in: SignIn) -> dict[str, Client]:
    actors = {name: getattr(cast, name, None) for name in PEOPLE} | {
        "partner": cast.rival_participant, "board": cast.board[0],
    }
    return {
        name: Client() if actor is None else sign_in(Client(), actor)
        for name, actor in actors.items()
    }


def written() -> tuple[int, int, list[tuple[int, str]]]:
    return (
        Entry.objects.count(), Signature.objects.count(),
        list(Statement.objects.order_by("pk").values_list("pk", "state")),
    )


def test_every_event_in_every_state_by_everybody(cast: Cast, sign_in: SignIn) -> None:
    project = voices.published(cast)
    clients = browsers(cast, sign_in)
    for state in STATES:
        with as_if():
            found = reached(cast, project, state)
            for event, (name, client) in itertools.product(EVENTS, clients.items()):
                with as_if():
                    walk(project, found, (state, event), name, client)


def walk(
    project: Project, found: Statement | None, way: tuple[str, str], name: str, client: Client
) -> None:
    url, given = sent(project, found, way[1])
    before = written()
    answer = client.post(url, given)
    target, by = WAYS.get(way, ("", set()))
    if name not in by:
        told = answer.status_code
        assert told in {302, 403, 404, 409, 422}, (way, name, told)
        assert told != 302 or "login" in answer["Location"], (way, name)
        assert written() == before, (way, name)
        return
    assert answer.status_code == 302, (way, name, answer.status_code)
    assert Statement.objects.order_by("-pk").filter(project=project)[0].state == target
    assert Entry.objects.order_by("-pk")[0].verb == VERBS[way[1]]
    assert Entry.objects.count() == before[0] + 1
    if target == "in_force" and way[0] == "signed":
        states = Statement.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["superseded", "in_force"]


def test_the_database_knows_no_other_way(cast: Cast) -> None:
    project = voices.published(cast)
    states = [state.value for state in Statement.State]
    way = {"signing": "first", "in_force": "made", "superseded": "processed"}
    for source in states:
        with as_if():
            reached(cast, project, way.get(source, source))
            row = Statement.objects.filter(project=project, state=source)[0]
            for target in set(states) - {source}:
                if f"{source}>{target}" not in PAIRS:
                    with pytest.raises(DatabaseError, match=f"no way from {source} to {target}"):
                        force(row.pk, target)


def force(pk: int, target: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE participant_statement SET state = %s, in_force_at = now(), answer = 'x'"
            " WHERE id = %s", [target, pk],
        )
