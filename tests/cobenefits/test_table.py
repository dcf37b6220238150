"""Row SD report of table 3.9, and the row of the matrix about it, transcribed by hand.

Every legal (state, act, role) is done by page and by API with its effects; every other is refused
by both, with a reason and nothing written; whom no state can matter to, since the act is another
role's, is tried once for each act. The database refuses every (from, to) that the row has not.
What is sent back is a draft again: the table has no other place for it, and the DOE returns a
component and a revision in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.journal.models import Entry
from cdm_portal.pages.api_cobenefits import ACTS as API_ACTS
from cdm_portal.permissions import roles
from cobenefits import queries
from cobenefits.machine import State
from cobenefits.models import Report
from projects.doe import actions as doe
from projects.models import Project
from tests.cast import Cast
from tests.cobenefits import story
from tests.walker import Walker
from tests.world import as_if

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Any], Client]

OWN, OFFICE, HOST = ("participant",), ("secretariat", "second"), ("dna",)
ACTS = ("keep", "submit", "publish", "return", "withdraw", "comment")
# (situation, act) → who may, and the state of each version that follows
LEGAL: dict[tuple[str, str], tuple[tuple[str, ...], dict[int, str]]] = {
    ("hidden", "keep"): (OWN, {1: "draft"}),
    ("nothing", "keep"): (OWN, {1: "draft"}),
    ("nothing", "submit"): (OWN, {1: "submitted"}),
    ("draft", "keep"): (OWN, {1: "draft"}),
    ("draft", "submit"): (OWN, {1: "submitted"}),
    ("submitted", "publish"): (OFFICE, {1: "published"}),
    ("submitted", "return"): (OFFICE, {1: "draft"}),
    ("returned", "keep"): (OWN, {1: "draft"}),
    ("returned", "submit"): (OWN, {1: "submitted"}),
    ("published", "keep"): (OWN, {1: "published", 2: "draft"}),
    ("published", "submit"): (OWN, {1: "published", 2: "submitted"}),
    ("published", "withdraw"): (OWN, {1: "withdrawn"}),
    ("published", "comment"): (HOST, {1: "published"}),
    ("published + draft", "keep"): (OWN, {1: "published", 2: "draft"}),
    ("published + draft", "submit"): (OWN, {1: "published", 2: "submitted"}),
    ("published + draft", "withdraw"): (OWN, {1: "withdrawn", 2: "draft"}),
    ("published + draft", "comment"): (HOST, {1: "published", 2: "draft"}),
    ("published + submitted", "publish"): (OFFICE, {1: "amended", 2: "published"}),
    ("published + submitted", "return"): (OFFICE, {1: "published", 2: "draft"}),
    ("published + submitted", "withdraw"): (OWN, {1: "withdrawn", 2: "draft"}),
    ("published + submitted", "comment"): (HOST, {1: "published", 2: "submitted"}),
    ("amended", "keep"): (OWN, {1: "amended", 2: "published", 3: "draft"}),
    ("amended", "submit"): (OWN, {1: "amended", 2: "published", 3: "submitted"}),
    ("amended", "withdraw"): (OWN, {1: "amended", 2: "withdrawn"}),
    ("amended", "comment"): (HOST, {1: "amended", 2: "published"}),
    ("withdrawn", "keep"): (OWN, {1: "withdrawn", 2: "draft"}),
    ("withdrawn", "submit"): (OWN, {1: "withdrawn", 2: "submitted"}),
    ("withdrawn + submitted", "publish"): (OFFICE, {1: "withdrawn", 2: "published"}),
    ("withdrawn + submitted", "return"): (OFFICE, {1: "withdrawn", 2: "draft"}),
    ("ended: published", "withdraw"): (OWN, {1: "withdrawn"}),
    ("ended: published", "comment"): (HOST, {1: "published"}),
    ("ended: submitted", "return"): (OFFICE, {1: "draft"}),
}
SITUATIONS = tuple(dict.fromkeys(situation for situation, _ in LEGAL))
WAYS = {
    ("draft", "submitted"), ("submitted", "draft"), ("submitted", "published"),
    ("published", "amended"), ("published", "withdrawn"),
}
SAID = {"jobs_level": "high", "jobs_text": "in two workshops", "jobs_figure": "46 jobs"}
VERBS = {
    "keep": {"keep"}, "submit": {"submit"}, "return": {"return"}, "comment": {"comment"},
    "publish": {"publish", "publish_amended"}, "withdraw": {"withdraw", "take_back"},
}


def reach(cast: Cast, public: Project, situation: str) -> Project:
    """A project in a situation, by everybody's own acts."""
    if situation == "hidden":
        return story.designed(cast, clock.now())
    project = Project.objects.get(pk=public.pk)
    _, _, ended = situation.partition("ended: ")
    story.bring(cast, project, ended or situation, clock.now())
    if ended:
        doe.terminate_validation(
            actor=cast.doe, at=clock.now(), project_id=project.pk, reason="The contract has ended."
        )
    return project


def sent(project: Project, act: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The page of an act, what is filled in there, and the body of the same act by the API."""
    waiting, standing = queries.submitted(project), queries.standing(project)
    turn, version = waiting.turn if waiting else 1, standing.version if standing else 1
    forms: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
        "keep": ("report", {"do": "keep"}, SAID), "submit": ("report", {"do": "submit"}, SAID),
        "publish": ("publication", {"outcome": "publish"}, {"turn": turn}),
        "return": ("publication", {"outcome": "return"}, {"turn": turn, "reason": "Units."}),
        "withdraw": ("withdraw", {}, {"reason": "Measured anew."}),
        "comment": ("comment", {}, {"version": version, "text": "Our criteria differ."}),
    }
    page, besides, body = forms[act]
    return reverse(f"cobenefits:{page}", args=[project.name]), body | besides, body


def effects(project: Project, act: str, target: dict[int, str]) -> None:
    """What follows an act: states, journal, dates, and what is in view."""
    assert story.states(project) == target, act
    entry = Entry.objects.latest("id")
    assert entry.project == project.reference
    assert entry.verb.removeprefix("cobenefits.") in VERBS[act]
    newest = Report.objects.filter(project=project).latest("version")
    in_view = queries.standing(project)
    if act in {"keep", "submit"}:
        assert story.said(project) == {"jobs"}
        assert (newest.submitted_at is not None) == (act == "submit" or newest.turn > 0)
    elif act == "publish":
        assert in_view == newest and newest.published_at is not None
        assert queries.reported([project.pk])[project.pk] == {"jobs", "air"}
    elif act == "return":
        assert newest.was_returned and newest.return_reason == "Units."
        assert story.said(project) == {"jobs", "air"}
    elif act == "withdraw":
        assert in_view is None and queries.reported([project.pk]) == {}
        assert Report.objects.get(project=project, state="withdrawn").reason == "Measured anew."
    else:
        assert in_view is not None
        said = in_view.comments.get()
        assert said.organisation.party_code == project.party_code


def test_the_table_cell_by_cell(cast: Cast, sign_in: SignIn) -> None:
    walker = Walker(cast, sign_in, more={
        "second": cast.second_secretariat, "rit": cast.rit, "foreign dna": cast.foreign_dna,
        "member": cast.board[2],
    })  # fmt: skip
    public, tried = story.public(cast, clock.now()), set[tuple[str, str]]()
    for situation in SITUATIONS:
        with as_if():
            project = reach(cast, public, situation)
            before = story.states(project)
            for act, who in product(ACTS, walker.clients):
                page, typed, body = sent(project, act)
                api = reverse("api:co_benefit_act", args=[project.name, act])
                may, target = LEGAL.get((situation, act), ((), {}))
                if who in may:
                    with walker.done(who, page, typed):
                        effects(project, act, target)
                    with walker.done_by_api(who, api, body):
                        effects(project, act, target)
                    continue
                walker.denied(who, page, typed)
                theirs = walker.roles.get(who) in roles(API_ACTS[act].cell)
                if theirs or (act, who) not in tried:
                    tried.add((act, who))
                    walker.denied_by_api(who, api, body)
            assert story.states(project) == before
    assert walker.legal == 2 * sum(len(may) for may, _ in LEGAL.values())
    print(f"\nSD report: {len(SITUATIONS)} situations, {walker.legal} legal, "
          f"{walker.refused} refused by page and API")  # fmt: skip


NEEDS = {
    "draft": "", "submitted": ", turn = turn + 1, submitted_at = now()",
    "published": ", published_at = now()", "amended": ", ended_at = now()",
    "withdrawn": ", ended_at = now(), reason = 'x'",
}
"""What a row has besides in each state, so that nothing but the way itself is refused."""


def moved(pk: int, state: str) -> str:
    """What the database says to a row that goes to a state; empty if it lets it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE cobenefits_report SET state = '{state}'{NEEDS[state]} WHERE id = %s", [pk]
            )
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_database_knows_every_way_and_no_other(cast: Cast) -> None:
    public, refused = story.public(cast, clock.now()), 0
    for source in State.values:
        with as_if():
            row = Report.objects.get(project=reach(cast, public, source), state=source)
            for target in set(State.values) - {source}:
                with as_if():
                    said = moved(row.pk, target)
                assert (said == "") == ((source, target) in WAYS), (source, target, said)
                assert not said or f"no way from {source} to {target}" in said
                refused += bool(said)
    print(f"\nSD report: {len(WAYS)} ways, {refused} refused by the database")


def test_the_python_law_is_the_transcribed_one() -> None:
    pairs = {
        (str(way.source), str(way.target))
        for way in Report(project=Project()).get_all_state_transitions()  # type: ignore[attr-defined]
    }
    assert pairs == WAYS
