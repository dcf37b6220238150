"""The letter of approval against table 3.2 of the domain, which is transcribed here by hand: every
way with its effects, every other (state, event, role) refused by the page, every other (from, to)
refused by the database."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor
from projects.dna import actions, queries
from projects.dna.models import Letter
from projects.models import Project
from tests.cast import Cast
from tests.conftest import fingerprint
from tests.journeys.cdm9851 import on
from tests.projects.board.story import designed, fresh
from tests.projects.dna.parties import entity
from tests.world import as_if

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]
DAY = on(2013, 5, 2)

STATES = ("requested", "clarification", "issued", "refused", "withdrawn")
WAYS = {
    ("requested", "ask"): ("clarification", "authority"),
    ("clarification", "answer"): ("requested", "participant"),
    ("requested", "issue"): ("issued", "authority"),
    ("requested", "refuse"): ("refused", "authority"),
    ("issued", "withdraw"): ("withdrawn", "authority"),
    ("refused", "request"): ("requested", "participant"),
    ("withdrawn", "request"): ("requested", "participant"),
}
"""The table, and "PP may re-request": a new letter, while the old one stays as it ended."""

ACTOR = {
    "request": "participant", "answer": "participant", "ask": "authority", "issue": "authority",
    "refuse": "authority", "withdraw": "authority",
}
SHOWN = {
    "requested": "Waiting for the national authority",
    "clarification": "Waiting for the participant's answer",
    "issued": "Issued", "refused": "Refused", "withdrawn": "Withdrawn",
}
VERBS = {
    "request": "dna.request_letter", "ask": "dna.ask_question", "answer": "dna.answer_question",
    "issue": "dna.issue_letter", "refuse": "dna.refuse_letter", "withdraw": "dna.withdraw_letter",
}
PEOPLE = (
    "participant", "rival_participant", "dna", "chinese_dna", "doe", "board", "secretariat",
    "registry", "buyer", "auditor", "nobody",
)


def reached(cast: Cast, project: Project, party: str, state: str) -> Letter:
    """The letter of a Party in a state; every one has had a question."""
    authority = cast.dna if party == "KE" else cast.chinese_dna
    letter = actions.request_letter(
        actor=cast.participant, at=DAY, project_id=project.pk, party_code=party
    )
    given: dict[str, Any] = {"actor": authority, "at": DAY, "letter_id": letter.pk}
    question = actions.ask_question(**given, text="Who owns the land?")
    if state == "clarification":
        return fresh(letter)
    actions.answer_question(
        actor=cast.participant, at=DAY, question_id=question.pk, text="The county."
    )
    if state == "refused":
        actions.refuse_letter(**given, reason="No permit.")
    if state in {"issued", "withdrawn"}:
        own = queries.named_entities(letter).filter(party_code=party)
        actions.issue_letter(
            **given, ratified=True, voluntary=True, sustainable_development=party == "KE",
            organisation_ids=list(own.values_list("pk", flat=True)),
        )
    if state == "withdrawn":
        actions.withdraw_letter(**given, reason="It was forged.")
    return fresh(letter)


def sent(letter: Letter, event: str) -> tuple[str, dict[str, Any]]:
    """Where an event is sent to, with a form that is complete."""
    if event == "request":
        return (
            reverse("dna:request", args=[letter.project.reference]),
            {"party_code": letter.party_code},
        )
    if event == "answer":
        question = letter.questions.get()
        return reverse("dna:answer", args=[question.pk]), {"text": "The county does."}
    named = queries.named_entities(letter).values_list("pk", flat=True)
    ticks = {"ratified": "on", "voluntary": "on", "sustainable_development": "on"}
    form = {
        "ask": {"text": "Since when?"}, "refuse": {"reason": "No water."},
        "withdraw": {"reason": "No water."}, "issue": ticks | {"organisation_ids": list(named)},
    }
    return reverse(f"dna:{event}", args=[letter.pk]), form[event]


def text(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def reason(state: str, event: str) -> str:
    """What the page says to who may act, but not in this state."""
    if event == "request":
        return "is asked for or issued already."
    return f"This cannot be done in the state “{SHOWN[state]}”."


def browsers(cast: Cast, sign_in: SignIn) -> dict[str, Client]:
    people = {name: getattr(cast, name, None) for name in PEOPLE} | {"board": cast.board[0]}
    return {
        name: Client() if actor is None else sign_in(Client(), actor)
        for name, actor in people.items()
    }


def effects(letter: Letter, event: str) -> None:
    """What the table says happens besides, and where it is seen."""
    project, party = fresh(letter.project), letter.party_code
    entry = Entry.objects.filter(verb=VERBS[event]).latest("id")
    assert entry.project == project.reference
    if event in {"request", "answer"}:
        waits = Letter.objects.filter(party_code=party, state="requested")
        assert waits.filter(project=project).count() == 1
        assert entry.actor_organisation_id == project.owner_id
    if event == "ask":
        assert letter.questions.filter(answered_at=None).count() == 1
    if event == "refuse":
        assert queries.may_ask(project, party)
    if event not in {"issue", "withdraw"}:
        return
    given = event == "issue"
    assert (party in queries.parties_involved(project)) is (given or letter.host)
    named = project.participations.filter(organisation__in=letter.entities.all())
    assert {row.authorised_at is not None for row in named} == {given}
    if letter.host:
        assert (project.host_approved_at is not None) is given
    document = letter.document
    assert document is not None
    assert document.public
    assert len(letter.sha256) == 64
    assert (document.pk in queries.withdrawals(project)) is not given


def tried(
    letter: Letter, state: str, people: dict[str, Client], authority: str
) -> Iterator[tuple[str, str]]:
    """Every event by everybody upon a letter: (legal or refused, what went wrong)."""
    for event, acts in ACTOR.items():
        address, form = sent(letter, event)
        able = authority if acts == "authority" else acts
        way = WAYS.get((state, event))
        for who, browser in people.items():
            with as_if():
                before = fingerprint() if way is None and who == able else None
                answer = browser.post(address, form)
                where = f"{letter.party_code} {state} {event} {who}: {answer.status_code}"
                if who == able and way is not None:
                    yield "legal", _made(letter, event, way[0], answer.status_code, where)
                    continue
                if before is not None:
                    said = answer.status_code == 422 and reason(state, event) in text(answer)
                    same = fingerprint() == before
                    yield "refused", "" if said and same else where
                else:
                    lead = {"nobody": 302}.get(who, 404)
                    kept = fresh(letter).state == state
                    right = answer.status_code == lead and kept
                    yield "refused", "" if right and letter.project.letters.count() == 2 else where


def _made(letter: Letter, event: str, target: str, status: int, where: str) -> str:
    newest = letter.project.letters.filter(party_code=letter.party_code).latest("id")
    old = fresh(letter)
    if event == "request" and (newest.pk == letter.pk or old.state != letter.state):
        return f"{where}: no new letter beside the old one"
    if status != 302 or newest.state != target:
        return f"{where}: {newest.state}"
    effects(newest, event)
    return ""


@pytest.fixture
def projects(cast: Cast) -> dict[str, Project]:
    """A project for each state, with an entity of another Party."""
    abroad = entity("CN", "Great Wall Wind Limited")
    return {state: designed(cast, others=[abroad]) for state in STATES}


def test_every_event_by_everybody_in_every_state(
    cast: Cast, sign_in: SignIn, projects: dict[str, Project]
) -> None:
    people = browsers(cast, sign_in)
    few = {name: people[name] for name in ("participant", "dna", "chinese_dna")}
    for browser in people.values():
        browser.get(reverse("home"))
    done: list[tuple[str, str]] = []
    for state, project in projects.items():
        host, other = (reached(cast, project, party, state) for party in ("KE", "CN"))
        done += tried(host, state, people, "dna")
        done += tried(other, state, few, "chinese_dna")
    legal = sum(kind == "legal" for kind, _ in done)
    print(f"\nletter of approval: {legal} legal, {len(done) - legal} refused by page")
    assert [wrong for _, wrong in done if wrong] == []
    assert legal == 2 * len(WAYS)
    assert len(done) == len(STATES) * len(ACTOR) * (len(PEOPLE) + len(few))


def test_a_letter_begins_by_being_asked_for(cast: Cast, sign_in: SignIn) -> None:
    """From nothing to requested: by the participant alone, for Parties that take part alone."""
    project = designed(cast, others=[entity("CN", "Great Wall Wind Limited")])
    page = reverse("dna:request", args=[project.reference])
    for who, browser in browsers(cast, sign_in).items():
        for party, status in (("KE", 302), ("CN", 302), ("NG", 422), ("XX", 422)):
            with as_if():
                answer = browser.post(page, {"party_code": party})
                wanted = status if who == "participant" else 302 if who == "nobody" else 404
                assert answer.status_code == wanted, (who, party)
                made = project.letters.count()
                assert made == (1 if who == "participant" and status == 302 else 0)


COMPLETE = (
    "ratified = true, voluntary = true, sustainable_development = host, number = 'LoA-X', "
    "issued_at = now(), sha256 = '', document_id = (SELECT max(id) FROM projects_document)"
)
WITH = {"issued": f", {COMPLETE}", "refused": ", reason = 'r'", "withdrawn": ", reason = 'r'"}


def test_the_database_knows_the_same_ways(cast: Cast, projects: dict[str, Project]) -> None:
    pairs = {(state, target) for (state, event), (target, _) in WAYS.items() if event != "request"}
    letters = {state: reached(cast, each, "KE", state) for state, each in projects.items()}
    found, refused = set(), 0
    for state, letter in letters.items():
        for target in set(STATES) - {state}:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(
                        f"UPDATE dna_letter SET state = %s{WITH.get(target, '')} WHERE id = %s",
                        [target, letter.pk],
                    )
                    found.add((state, target))
                    transaction.set_rollback(True)
            except IntegrityError as error:
                assert "no way from" in str(error)
                refused += 1
    print(f"\nletter of approval: {len(found)} ways, {refused} pairs refused by the database")
    assert found == pairs
    assert refused == len(STATES) * (len(STATES) - 1) - len(pairs)


@pytest.mark.parametrize(("values", "name"), [
    ({"state": "issued"}, "letter_begins"), ({"state": "refused"}, "letter_begins"),
    ({"host": False}, "letter_of_the_host"), ({"party_code": "CN"}, "letter_of_the_host"),
    ({"party_code": "CN", "host": False, "sustainable_development": True}, "only_the_host"),
])  # fmt: skip
def test_a_letter_is_not_born_otherwise(cast: Cast, values: dict[str, Any], name: str) -> None:
    project = designed(cast)
    words = {"letter_begins": "begins as requested", "letter_of_the_host": "says wrongly"}
    with pytest.raises(IntegrityError, match=words.get(name, name)), transaction.atomic():
        Letter.objects.create(**{"project": project, "party_code": "KE", "requested_at": DAY,
                                 **values})


def test_a_letter_stays_with_its_party(cast: Cast) -> None:
    letter = reached(cast, designed(cast), "KE", "requested")
    for change in ({"party_code": "NG"}, {"host": False}):
        with pytest.raises(IntegrityError, match="stays with its Party"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)
