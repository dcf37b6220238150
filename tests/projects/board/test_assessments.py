"""Two blind assessments: what they propose stands unless a member objects in time; else a vote."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor
from projects.board import actions, deliberation, queries
from projects.board.errors import AlreadyAssessed, Recused, WindowClosed
from projects.board.models import Assessment, Request
from projects.board.procedure import State
from projects.lifecycle import NotNow, Stage
from projects.models import Document
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]
TICK = timedelta(microseconds=1)
ASSESSED = on(2013, 11, 11)
OVER = datetime(2013, 12, 2, tzinfo=UTC)  # 24:00 of the twentieth day after


def assess(actor: Actor, request: Request, recommendation: str, reasons: str = "So.") -> Assessment:
    """Somebody files an assessment."""
    return actions.assess(
        actor=actor, at=ASSESSED, request_id=request.pk, recommendation=recommendation,
        reasons=reasons,
    )


def objected(request: Request, actor: Actor, at: datetime = ASSESSED) -> object:
    """Somebody objects to the proposed decision."""
    return actions.object_to(
        actor=actor, at=at, request_id=request.pk, reasons="The plants matter."
    )


def test_each_side_files_once_with_reasons_and_nobody_else(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.published(cast)
    with nothing_written(), pytest.raises(NotNow):
        assess(cast.secretariat, request, "register")
    request = story.under_review(cast, request)
    for actor, refusal in (
        (cast.board[0], Forbidden), (cast.doe, Forbidden), (cast.auditor, Forbidden),
        (cast.foreign_dna, NotFound),
    ):
        with nothing_written(), pytest.raises(refusal):
            assess(actor, request, "register")
    for recommendation, reasons in (("issue", "So."), ("register", " ")):
        with nothing_written(), pytest.raises(Invalid):
            assess(cast.rit, request, recommendation, reasons)
    assess(cast.secretariat, request, "register")
    assert fresh(request).state == State.UNDER_REVIEW
    for again in (cast.secretariat, cast.second_secretariat):
        with nothing_written(), pytest.raises(AlreadyAssessed):
            assess(again, request, "reject")
    with nothing_written(), pytest.raises(Forbidden):
        actions.recuse(actor=cast.secretariat, at=ASSESSED, request_id=request.pk, reason="Mine.")
    assess(cast.rit, request, "reject")
    assert fresh(request).state == State.ASSESSED
    with nothing_written(), pytest.raises(AlreadyAssessed):
        actions.recuse(actor=cast.rit, at=ASSESSED, request_id=request.pk, reason="Mine.")


def test_an_expert_in_conflict_does_not_assess(cast: Cast, nothing_written: Nothing) -> None:
    request = story.under_review(cast)
    actions.recuse(actor=cast.rit, at=ASSESSED, request_id=request.pk, reason="My brother's.")
    with nothing_written(), pytest.raises(Recused):
        assess(cast.rit, request, "register")


def test_what_one_side_recommends_is_hidden_until_the_other_has_filed(
    cast: Cast, sign_in: SignIn, client: Client
) -> None:
    request = story.under_review(cast)
    page = reverse("board:request", args=[request.reference])
    public = reverse("api:project_reviews", args=[request.project.reference])
    secret = "Two plants are of another kind"
    assess(cast.secretariat, request, "register", secret)
    everybody = (cast.rit, cast.board[0], cast.doe, cast.participant, cast.auditor, cast.dna)
    for actor in everybody:
        assert secret not in sign_in(Client(), actor).get(page).content.decode()
        assert secret not in str(deliberation.assessments(request, actor))
    assert secret in sign_in(Client(), cast.secretariat).get(page).content.decode()
    assert client.get(public).json()["data"][0]["assessments"] == []
    facts = journal.of(request).filter(verb="board.assess").get().facts
    assert set(facts) == {"request", "state", "side"}
    assess(cast.rit, request, "reject", "The finding changes")
    for actor in everybody:
        body = sign_in(Client(), actor).get(page).content.decode()
        assert secret in body
        assert "The finding changes" in body
    review = client.get(public).json()["data"][0]
    assert [(a["by"], a["recommends"]) for a in review["assessments"]] == [
        ("Secretariat", "register"), ("Registration and Issuance Team", "reject"),
    ]
    body = client.get(reverse("project", args=[request.project.reference])).content.decode()
    assert secret in body


def test_equal_assessments_propose_and_the_clock_makes_the_ruling_at_its_edge(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.proposed(cast, "register")
    assert (request.state, request.objection_closes_at) == (State.PROPOSED, OVER)
    with nothing_written(), pytest.raises(NotNow):
        actions.vote(
            actor=cast.board[0], at=ASSESSED, request_id=request.pk, ruling="register"
        )
    with nothing_written():
        assert actions.adopt_unopposed(at=OVER - TICK) == 0
    with nothing_written(), pytest.raises(WindowClosed):
        objected(request, cast.board[4], OVER)
    assert actions.adopt_unopposed(at=OVER + timedelta(hours=7)) == 1
    request = fresh(request)
    ruling = request.ruling
    assert (request.state, request.decided_at, ruling.at) == (State.APPROVED, OVER, OVER)
    assert (ruling.basis, ruling.outcome, ruling.cast, ruling.eligible) == (
        "no_objection", "register", 0, 10,
    )
    assert "Signe Holm finds so." in ruling.reasons and "Esi Boateng finds so." in ruling.reasons
    assert (request.project.stage, request.project.number) == (Stage.MONITORING, "95001")
    assert Document.objects.get(kind="ruling").public
    with nothing_written():
        assert actions.adopt_unopposed(at=OVER + timedelta(days=1)) == 0


def test_an_objection_at_the_last_moment_puts_it_to_the_vote(
    cast: Cast, nothing_written: Nothing, client: Client
) -> None:
    request = story.proposed(cast, "register")
    for actor in (cast.secretariat, cast.rit, cast.doe, cast.dna):
        with nothing_written(), pytest.raises(Forbidden):
            objected(request, actor)
    objected(request, cast.board[4], OVER - TICK)
    assert fresh(request).state == State.ASSESSED
    with nothing_written():
        assert actions.adopt_unopposed(at=OVER) == 0
    with nothing_written(), pytest.raises(NotNow):
        objected(request, cast.board[5])
    proposal = queries.public_reviews(request.project)[0]["proposed_decision"]
    assert (proposal["outcome"], proposal["objected"]) == ("register", True)
    shown = client.get(reverse("project", args=[request.project.reference])).content.decode()
    assert "A member of the Board objected" in shown
    assert cast.board[4].name not in shown and "The plants matter." not in shown
    story.voted(cast, request, reject=7)
    ruling = actions.rule(actor=cast.board[0], at=OVER, request_id=request.pk, reasons="It does.")
    assert (ruling.basis, fresh(request.project).stage) == ("vote", Stage.REJECTED)


def test_corrections_can_be_proposed_and_go_their_way(cast: Cast) -> None:
    request = story.proposed(cast, "correct")
    assert actions.adopt_unopposed(at=OVER) == 1
    assert fresh(request).state == State.CORRECTIONS
    step = {"at": on(2013, 12, 10), "request_id": request.pk}
    actions.resubmit(actor=cast.doe, note="Table 4 completed.", **step)
    actions.accept_corrections(actor=cast.secretariat, **step)
    assert fresh(request.project).stage == Stage.MONITORING


def test_an_issuance_is_assessed_proposed_and_refused_the_same_way(cast: Cast) -> None:
    request = story.passed(cast, story.issuance_requested(cast), on(2015, 9, 20))
    request = story.proposed(cast, "reject", request)
    assert actions.adopt_unopposed(at=on(2016, 1, 1)) == 1
    assert (fresh(request).state, fresh(request.period).stage) == (
        State.REJECTED, Stage.REJECTED,
    )
    assert fresh(request.project).stage == Stage.MONITORING


def test_nobody_withdraws_from_a_proposed_decision(cast: Cast) -> None:
    request = story.proposed(cast)
    with pytest.raises(NotNow, match="under final decision"):
        story.withdrawn(cast, request.project, ASSESSED)
    assert actions.adopt_unopposed(at=OVER) == 1
    assert fresh(request).state == State.APPROVED


def test_the_database_takes_assessments_under_review_once_and_keeps_them(cast: Cast) -> None:
    request = story.under_review(cast)
    assess(cast.secretariat, request, "register")
    row = Assessment.objects.get()
    row.pk, row.person_id = None, cast.second_secretariat.person_id
    with pytest.raises(DatabaseError, match="assessed_once_by_a_side"), transaction.atomic():
        row.save(force_insert=True)
    assess(cast.rit, request, "reject")
    row.side = "rit"
    with pytest.raises(DatabaseError, match="only under review"), transaction.atomic():
        row.save(force_insert=True)
    for table in ("assessment", "objection", "absence"):
        for verb in (f"UPDATE board_{table} SET name = 'x'", f"DELETE FROM board_{table}"):
            refused = pytest.raises(DatabaseError, match="are of record")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(verb)


def test_the_expert_finds_the_request_on_the_desk_and_files_on_its_page(
    cast: Cast, sign_in: SignIn
) -> None:
    request = story.under_review(cast)
    page = reverse("board:request", args=[request.reference])
    browser = sign_in(Client(), cast.rit)
    assert "Assess the request" in browser.get(reverse("desk")).content.decode()
    assert "File the assessment" in browser.get(page).content.decode()
    act = reverse("board:act", args=[request.reference, "assess"])
    wrong = browser.post(act, {"assess-reasons": "The plants differ."})
    assert wrong.status_code == 422
    assert "The plants differ." in wrong.content.decode()
    typed = {"assess-recommendation": "correct", "assess-reasons": "The plants differ."}
    assert browser.post(act, typed).status_code == 302
    body = browser.get(page).content.decode()
    assert "File the assessment" not in body
    assert "Assess the request" not in browser.get(reverse("desk")).content.decode()
    assert sign_in(Client(), cast.doe).post(act, typed).status_code == 403
