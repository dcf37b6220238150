"""Rows Renewal and PRC of table 3.9, transcribed by hand: every legal (state, event, role) is done
on its page with its effects, every other is refused there with nothing written, and the database
refuses every other (from, to). Whom the guard before a page keeps out is tried once for each
page: no state can matter.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import resolve, reverse

from cdm_portal import clock
from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor
from projects.models import Project
from projects.participant.actions import Wish
from projects.revisions.machine import State
from projects.revisions.models import Revision
from tests.cast import Cast
from tests.projects.participant import designs
from tests.projects.revisions import story
from tests.world import as_if

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]

WAYS = {
    ("draft", "offer"): ("offered", "participant"),
    ("offered", "accept"): ("doe_opinion", "doe"),
    ("offered", "return"): ("draft", "doe"),
    ("doe_opinion", "return"): ("draft", "doe"),
    ("doe_opinion", "positive"): ("positive", "doe"),
    ("doe_opinion", "negative"): ("negative", "doe"),
    ("positive", "request"): ("requested", "doe"),
    ("draft", "withdraw"): ("withdrawn", "participant"),
    ("offered", "withdraw"): ("withdrawn", "participant"),
    ("doe_opinion", "withdraw"): ("withdrawn", "participant"),
    ("positive", "withdraw"): ("withdrawn", "participant"),
}
DECIDED = {("requested", "positive"), ("requested", "approved"), ("requested", "rejected")}
"""What the request for it leads to: it is withdrawn, granted, rejected (tables 3.3 and 3.5)."""

EVENTS = ("offer", "accept", "return", "positive", "negative", "request", "withdraw")
VERBS = {
    "offer": "doe.offer_revision", "accept": "doe.accept_revision",
    "positive": "doe.give_revision_opinion", "negative": "doe.give_revision_opinion",
    "request": "board.request_revision", "withdraw": "participant.withdraw_revision",
}
REACHED = tuple(State.values)
PEOPLE = (
    "participant", "rival_participant", "doe", "other_doe", "unaccredited_doe", "dna", "board",
    "secretariat", "rit", "registry", "buyer", "auditor", "nobody",
)


def bring(cast: Cast, revision: Revision, state: str, at: datetime) -> None:
    """The draft is brought to a state by everybody's actions."""
    if state == "offered":
        story.offered(cast, revision, at)
    elif state == "doe_opinion":
        story.accepted(cast, revision, at)
    elif state in {"positive", "negative"}:
        story.validated(cast, revision, at, positive=state == "positive")
    elif state == "requested":
        story.requested(cast, revision, at)
    elif state in {"approved", "rejected"}:
        decided = story.decided if state == "approved" else story.rejected
        decided(cast, story.requested(cast, revision, at), at)
    elif state == "withdrawn":
        story.participant.withdraw_revision(
            actor=cast.participant, at=at, revision_id=revision.pk
        )


def sent(cast: Cast, revision: Revision, event: str) -> tuple[str, dict[str, Any]]:
    """The page of an event, and what is filled in there."""
    args = [revision.project.name, revision.number]
    opinion = {"answer": "opinion", "conclusion": "It has been validated.", "opinion": event}
    pages: dict[str, tuple[str, dict[str, Any]]] = {
        "offer": ("doe:offer_revision", {"organisation": str(cast.doe.organisation_id)}),
        "accept": ("doe:revision", {"answer": "accept", "no_conflict": "on"}),
        "return": ("doe:revision", {"answer": "return", "reason": "The tables differ."}),
        "positive": ("doe:revision", opinion), "negative": ("doe:revision", opinion),
        "request": ("board:request_revision", {}),
        "withdraw": ("participant:withdraw_revision", {}),
    }
    name, values = pages[event]
    return reverse(name, args=args), values


@pytest.mark.parametrize("kind", ["renewal", "plan"])
def test_the_table_cell_by_cell(
    kind: str, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision, at = drafted(cast, kind)
    monkeypatch.setattr(clock, "now", lambda: at)
    actors = {who: getattr(cast, who) for who in PEOPLE if who not in {"board", "nobody"}}
    actors["board"] = cast.board[0]
    browsers = {who: sign_in(Client(), actor) for who, actor in actors.items()}
    browsers["nobody"] = Client()
    done, refused, guarded = 0, 0, set[tuple[str, str]]()
    for state in REACHED:
        with as_if():
            bring(cast, revision, state, at)
            for event in EVENTS:
                url, values = sent(cast, revision, event)
                for who in PEOPLE:
                    target, holder = WAYS.get((state, event), ("", ""))
                    refused += who != holder
                    role = actors[who].role if who in actors else None
                    if role not in resolve(url).func.desk_roles:  # type: ignore[attr-defined]
                        if (who, event) in guarded:
                            continue
                        guarded.add((who, event))
                    with as_if():
                        before = Entry.objects.count()
                        answer = browsers[who].post(url, values)
                        if who == holder:
                            assert answer.status_code == 302, (state, event, who)
                            _check(revision, event, target)
                            done += 1
                        else:
                            assert Entry.objects.count() == before, (state, event, who)
                            assert _state(revision) == state
                            assert answer.status_code in {302, 403, 404, 409, 422}
    cells = len(REACHED) * len(EVENTS) * len(PEOPLE)
    assert (done, refused) == (len(WAYS), cells - len(WAYS))
    print(f"\n{kind}: {done} legal, {refused} refused by page")


def drafted(cast: Cast, kind: str) -> tuple[Revision, datetime]:
    """A draft, and the moment at which everything happens: a hundred days before the expiry."""
    project = designs.registered(cast)
    at = story.shortly_before(project)
    wish = story.renewal() if kind == "renewal" else Wish(
        kind=kind, reasons="A second meter.", effective_date=story.expiry(project)
    )
    return story.drafted(cast, project, wish, at), at


def _check(revision: Revision, event: str, target: str) -> None:
    """The side effects of an event: state, journal, and what belongs to the record."""
    now = story.fresh_revision(revision)
    assert now.state == target
    returned = {"draft": ("doe.decline_revision", "doe.return_revision")}
    verbs = returned.get(target, (VERBS.get(event, ""),))
    assert Entry.objects.filter(verb__in=verbs, project=revision.project.reference).exists()
    assert (now.report_id is not None) == (target in {"positive", "negative", "requested"}) or (
        target == "withdrawn"
    )
    assert (now.decided_at is not None) == (target in {"negative", "withdrawn"})
    assert (now.requested_at is not None) == (target == "requested")
    if target == "requested":
        version = now.project.design_versions.get(number=now.design_version)
        assert version.document.public
        assert now.project.design_version == 1


def _state(revision: Revision) -> str:
    return str(Revision.objects.values_list("state", flat=True).get(pk=revision.pk))


def test_the_database_knows_every_way_and_no_other(cast: Cast) -> None:
    revision, at = drafted(cast, "renewal")
    legal = {(state, target) for (state, _), (target, _) in WAYS.items()} | DECIDED
    way = {"draft": [], "offered": ["offered"], "doe_opinion": ["offered", "doe_opinion"]}
    way["positive"] = [*way["doe_opinion"], "positive"]
    way["negative"] = [*way["doe_opinion"], "negative"]
    way["requested"] = [*way["positive"], "requested"]
    way |= {end: [*way["requested"], end] for end in ("approved", "rejected")}
    way["withdrawn"] = ["withdrawn"]
    assert set(way) == set(State.values)
    story.validated(cast, revision, at)
    report = story.fresh_revision(revision).report_id
    blank = revision_copy(revision, report or 0)
    found = set()
    for source, steps in way.items():
        for target in State.values:
            with as_if():
                for step in steps:
                    assert move(blank, step), (source, step)
                if source != target and move(blank, target):
                    found.add((source, target))
    assert found == legal


def revision_copy(revision: Revision, report: int) -> int:
    """A draft of another registered project's row, with all that any state needs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_revision SET state = 'withdrawn', decided_at = now() WHERE id = %s",
            [revision.pk],
        )
        cursor.execute(
            "INSERT INTO projects_revision SELECT (jsonb_populate_record(r, jsonb_build_object("
            "'id', -1, 'number', 2, 'state', 'draft', 'report_id', %s))).*"
            " FROM projects_revision r WHERE id = %s", [report, revision.pk],
        )
    return -1


def move(pk: int, state: str) -> bool:
    """Whether the database lets the row go to a state."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE projects_revision SET state = %s WHERE id = %s", [state, pk])
    except DatabaseError:
        return False
    return True


def test_the_python_law_is_the_transcribed_one(cast: Cast) -> None:
    pairs = {
        (str(way.source), str(way.target))
        for way in Revision(project=Project()).get_all_state_transitions()  # type: ignore[attr-defined]
    }
    assert pairs == {(s, t) for (s, _), (t, _) in WAYS.items()} | DECIDED
