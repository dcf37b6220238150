"""How projects end: withdrawal through the DOE, deregistration, another attempt; and races."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import clock, queues
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects.board import actions, queries
from projects.board.errors import AlreadyRequested, TakesSides
from projects.board.models import Deregistration, Instruction, Request, Withdrawal
from projects.board.procedure import State
from projects.doe import actions as doe
from projects.doe import queries as audits
from projects.doe.errors import CaseClosed
from projects.lifecycle import NotNow, Stage
from projects.models import Project
from projects.participant import actions as participant
from projects.participant import waiting
from registry import actions as registry
from registry.models import Block, InstructionLine
from tests.cast import Cast
from tests.journeys import cdm9851
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh
from tests.projects.doe import story as audited
from tests.world import as_if

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]
LATER = on(2015, 12, 10)


def ask(cast: Cast, project: Project, **changes: Any) -> Withdrawal:
    given = {"actor": cast.participant, "at": LATER, "reason": "Sold."}
    return actions.ask_withdrawal(project_id=project.pk, **(given | changes))


def deregister(cast: Cast, project: Project, *, grant: bool = True) -> Deregistration:
    given: dict[str, Any] = {"at": LATER, "project_id": project.pk}
    actions.ask_deregistration(actor=cast.participant, reason="It moves.", **given)
    return actions.decide_deregistration(
        actor=cast.board[0], grant=grant, reasons="Asked for.", **given
    )


def test_a_withdrawal_ends_project_request_and_engagement_together(cast: Cast) -> None:
    request = story.published(cast)
    project = story.withdrawn(cast, request.project, on(2013, 11, 5))
    assert (project.stage, project.ended_at) == (Stage.WITHDRAWN, on(2013, 11, 5))
    assert (fresh(request).state, fresh(request).end_reason) == (
        State.WITHDRAWN, "The project is withdrawn."
    )
    assert project.engagements.get().state == "ended"
    assert project.withdrawals.get().filed_by_id == cast.doe.office


def test_who_asks_and_who_files(cast: Cast, nothing_written: Nothing) -> None:
    project = story.validated(cast)
    filing: dict[str, Any] = {"at": LATER, "project_id": project.pk, "statement": "Ended."}
    with nothing_written(), pytest.raises(NotNow, match="have not asked"):
        actions.file_withdrawal(actor=cast.doe, **filing)
    for actor in (cast.rival_participant, cast.doe, cast.board[0], cast.secretariat):
        with nothing_written(), pytest.raises(NotFound):
            ask(cast, project, actor=actor)
    with nothing_written(), pytest.raises(Invalid):
        ask(cast, project, reason=" ")
    ask(cast, project)
    with nothing_written(), pytest.raises(AlreadyRequested):
        ask(cast, project)
    for actor in (cast.participant, cast.other_doe, cast.secretariat):
        with nothing_written(), pytest.raises((Forbidden, NotFound)):
            actions.file_withdrawal(actor=actor, **filing)
    actions.take_back_withdrawal(actor=cast.participant, at=LATER, project_id=project.pk)
    with nothing_written(), pytest.raises(NotNow, match="have not asked"):
        actions.file_withdrawal(actor=cast.doe, **filing)


def test_nobody_withdraws_under_final_decision(cast: Cast, nothing_written: Nothing) -> None:
    request = story.under_review(cast)
    ask(cast, request.project)
    story.assessed(cast, request)
    with nothing_written(), pytest.raises(NotNow, match=r"under final decision \(assessed"):
        actions.file_withdrawal(
            actor=cast.doe, at=LATER, project_id=request.project_id, statement="Ended."
        )
    filed = Withdrawal.objects.filter(project=request.project)
    filed.update(state="filed", filed_by=cast.doe.office, decided_at=LATER)
    with pytest.raises(IntegrityError, match="final decision"), transaction.atomic():
        Project.objects.filter(pk=request.project_id).update(stage="withdrawn")


def test_the_database_ends_no_project_without_its_record(cast: Cast) -> None:
    validated, registered = story.validated(cast), story.registered(cast)
    for project, stage, said in (
        (validated, "withdrawn", "through its DOE"), (registered, "deregistered", "only the Board")
    ):
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(stage=stage)


def test_the_board_decides_on_a_deregistration(cast: Cast, nothing_written: Nothing) -> None:
    project = story.registered(cast)
    given: dict[str, Any] = {"at": LATER, "project_id": project.pk}
    decided = given | {"grant": True, "reasons": "Asked for."}
    with nothing_written(), pytest.raises(NotNow):
        actions.decide_deregistration(actor=cast.board[0], **decided)
    with nothing_written(), pytest.raises(NotFound):
        actions.ask_deregistration(actor=cast.rival_participant, reason="Mine.", **given)
    actions.ask_deregistration(actor=cast.participant, reason="It moves.", **given)
    listed = queues.items(queries.queue(cast.board[3], LATER))
    assert [item["action_label"] for item in listed] == ["Decide"]
    for actor in (cast.participant, cast.secretariat, cast.doe, cast.rit):
        with nothing_written(), pytest.raises(Forbidden):
            actions.decide_deregistration(actor=actor, **decided)
    project.participations.update(organisation=cast.organisations["board"])
    with as_if():
        made = actions.decide_deregistration(actor=cast.board[1], **decided | {"grant": False})
        assert (made.state, fresh(project).stage) == ("refused", Stage.MONITORING)
    made = actions.decide_deregistration(actor=cast.board[0], **decided)
    assert (made.state, fresh(project).stage) == ("granted", Stage.DEREGISTERED)
    with pytest.raises(IntegrityError, match="of record"), transaction.atomic():
        Deregistration.objects.filter(pk=made.pk).update(decision="Changed.")


def test_a_member_with_a_part_in_the_project_does_not_decide(
    cast: Cast, nothing_written: Nothing
) -> None:
    from cdm_portal.identity import actions as identity

    project = story.registered(cast)
    given: dict[str, Any] = {"at": LATER, "project_id": project.pk}
    actions.ask_deregistration(actor=cast.participant, reason="It moves.", **given)
    member = cast.board[2]
    identity.grant_role(
        actor=cast.secretariat, at=LATER, person_id=member.person, role=Role.PARTICIPANT,
        organisation_id=cast.participant.office, valid_from=LATER.date(),
    )
    with nothing_written(), pytest.raises(TakesSides):
        actions.decide_deregistration(actor=member, grant=True, reasons="Mine.", **given)


def test_a_deregistered_project_keeps_its_cers_and_gets_no_more(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.paid(cast, story.instructed(cast), story.INSTRUCTED)
    project, line = request.project, InstructionLine.objects.get()
    registry.release_instruction(actor=cast.registry, at=LATER, line_id=line.pk)
    with as_if():
        assert actions.issue_instructed(at=LATER) == 1
        blocks = list(Block.objects.order_by("pk").values())
        deregister(cast, project)
        assert list(Block.objects.order_by("pk").values()) == blocks
    deregister(cast, project)
    with nothing_written():
        assert actions.issue_instructed(at=LATER) == 0
    assert Instruction.objects.get().issuance_id is None
    with nothing_written(), pytest.raises(NotNow):
        participant.open_period(
            actor=cast.participant, at=LATER, project_id=project.pk,
            first=on(2015, 7, 1).date(), last=on(2015, 7, 31).date(),
        )


def test_a_withdrawn_project_leaves_no_validation_open(cast: Cast) -> None:
    project = audited.published(cast)
    finding = audited.raised(cast, project)
    asked = doe.offer_engagement(
        actor=cast.participant, at=on(2013, 6, 1), project_id=project.pk,
        organisation_id=cast.other_doe.office, notice="It has no auditors left.",
    )
    project = story.withdrawn(cast, project, on(2013, 6, 10))
    case = project.validations.get()
    assert (case.state, case.decided_at, case.conclusion) == (
        "terminated", on(2013, 6, 10), "The project is withdrawn."
    )
    lines = [
        *audits.queue(cast.doe, LATER), *audits.queue(cast.other_doe, LATER),
        *waiting.queue(cast.participant, LATER),
    ]
    shown = [item["reference"] for line in lines for item in queues.items([line])]
    assert project.reference not in shown
    with pytest.raises(CaseClosed), transaction.atomic():
        audited.answered(cast, finding)
    with pytest.raises(CaseClosed, match="ended: withdrawn"), transaction.atomic():
        doe.accept_engagement(
            actor=cast.other_doe, at=LATER, engagement_id=asked.pk, no_conflict=True
        )


def test_nothing_more_is_monitored_or_verified_after_deregistration(
    cast: Cast, sign_in: Callable[[Client, Actor], Client], nothing_written: Nothing
) -> None:
    period = audited.verifying(cast).period
    project, browser = period.project, sign_in(Client(), cast.participant)
    deregister(cast, project)
    table = SimpleUploadedFile("year.csv", story.monthly_readings())
    offer = reverse("doe:offer_period", args=[project.name, period.number])
    for name, number, values in (
        ("participant:period", [period.number], {"file": table, "resolution": "month"}),
        ("participant:new_period", [], {"first": "2015-07-01", "last": "2015-07-31"}),
        ("participant:report", [period.number], {}),
        ("doe:offer_period", [period.number], {"organisation": cast.other_doe.office}),
    ):
        with nothing_written():
            answer = browser.post(reverse(name, args=[project.name, *number]), values)
        assert answer.status_code in {409, 422}, name
        assert "The project ended: deregistered." in answer.content.decode(), name
    assert "Nothing more is verified" in browser.get(offer).content.decode()
    with nothing_written(), pytest.raises(NotNow, match="deregistered"):
        participant.accept_gaps(
            actor=cast.participant, at=LATER, period_id=period.pk, keys=["x"], reason="Lost."
        )
    with nothing_written(), pytest.raises(CaseClosed, match="deregistered"):
        doe.request_recompute(actor=cast.other_doe, at=LATER, period_id=period.pk)


def test_a_request_under_way_ends_with_the_registration(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.issuance_requested(cast)
    deregister(cast, request.project)
    assert fresh(request).state == State.WITHDRAWN
    with nothing_written(), pytest.raises(NotNow):
        actions.request_issuance(actor=cast.other_doe, at=LATER, period_id=request.period_id or 0)


WALLS = {
    "request": "INSERT INTO board_request SELECT (jsonb_populate_record(r, jsonb_build_object("
    "'id', -1, 'reference', 'X', 'state', 'submitted', 'decided_at', NULL))).*"
    " FROM board_request r WHERE kind = 'issuance'",
    "request moved": "UPDATE board_request SET state = 'approved' WHERE kind = 'issuance'",
    "instruction": "UPDATE board_instruction SET issuance_id = 1",
    "period": "INSERT INTO projects_monitoringperiod SELECT (jsonb_populate_record(p, "
    "jsonb_build_object('id', -1, 'number', 99, 'stage', 'monitoring', 'first_date',"
    " last_date + 1, 'last_date', last_date + 2))).* FROM projects_monitoringperiod p",
}


def test_the_database_issues_nothing_after_deregistration(cast: Cast) -> None:
    request = story.instructed(cast)
    deregister(cast, request.project)
    for statement in WALLS.values():
        with (
            pytest.raises(IntegrityError, match="no further issuance"), transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


NEW_WORDS = ("Hangjinqi Balagong", "Ziwa anew", "Rival Wind Limited")


def told(project: Project) -> list[str]:
    """Which of these words the public reads of a project, on its page and by the API."""
    page, listed = (
        Client().get(url).content.decode()
        for url in (reverse("project", args=[project.reference]),
                    reverse("api:project", args=[project.reference]))
    )
    submitted = "Design document submitted"
    return [words for words in NEW_WORDS if words in page or words in listed] + [
        f"{submitted} {page.count(submitted)}"
    ]


def test_a_rejected_project_is_registered_at_the_next_attempt(
    cast: Cast, sign_in: Callable[[Client, Actor], Client]
) -> None:
    old = story.rejected(cast)
    at, project = on(2013, 12, 10), fresh(old.project)
    actions.take_up_again(actor=cast.participant, at=at, project_id=project.pk)
    again: dict[str, Any] = {"actor": cast.participant, "at": at, "project_id": project.pk}
    with pytest.raises(NotNow, match="Nothing has changed"):
        participant.submit_design(**again)
    participant.save_section(
        section="consultation", values={
            "stakeholder_consultation": "Asked again; no objection.",
            "environmental_impacts": "Not significant.",
        }, **again,
    )
    general = cdm9851.sections(cast.participant.office)["general"]
    participant.save_section(section="general", values=general | {"title": "Ziwa anew"}, **again)
    with as_if():
        named = {"organisation_ids": [cast.participant.office, cast.rival_participant.office]}
        participant.save_section(section="participants", values=named, **again)
        participant.submit_design(**again)
        assert told(project) == ["Hangjinqi Balagong", "Design document submitted 1"]
    version = participant.submit_design(**again)
    assert (version.number, version.document.public) == (2, False)
    assert told(project) == ["Hangjinqi Balagong", "Design document submitted 1"]
    own = sign_in(Client(), cast.participant)
    page = own.get(reverse("participant:project", args=[project.reference])).content.decode()
    assert "Ziwa anew" in page
    made = doe.offer_engagement(organisation_id=cast.other_doe.office, **again)
    doe.accept_engagement(
        actor=cast.other_doe, at=at, engagement_id=made.pk, no_conflict=True
    )
    audit: dict[str, Any] = {"actor": cast.other_doe, "project_id": project.pk}
    doe.publish_design(at=at, **audit)
    assert told(project) == ["Ziwa anew", "Design document submitted 2"]
    late = at + timedelta(days=40)
    doe.give_opinion(at=late, positive=True, conclusion="Put right.", **audit)
    new = actions.request_registration(at=late, **audit)
    project = fresh(project)
    assert [v.number for v in project.validations.order_by("pk")] == [1, 2]
    assert (new.pk != old.pk, fresh(old).state, fresh(old).ruling.outcome) == (
        True, State.REJECTED, "reject"
    )
    story.passed(cast, new, late)
    assert actions.close_windows(at=late + timedelta(days=40)) == 1
    assert fresh(project).stage == Stage.MONITORING
    assert [r.state for r in Request.objects.order_by("pk")] == [State.REJECTED, State.APPROVED]


def test_the_database_begins_another_attempt_afresh(cast: Cast) -> None:
    project = story.rejected(cast).project
    with pytest.raises(IntegrityError, match="design_begins_afresh"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(stage="design")


@pytest.mark.parametrize("end", ["withdrawn", "deregistered", "rejected"])
def test_the_public_page_says_how_it_ended(cast: Cast, client: Client, end: str) -> None:
    at = clock.now()
    if end == "withdrawn":
        project = story.withdrawn(cast, story.validated(cast), at)
        said = ["Withdrawn on", "No finance.", "The contract has ended.", "Withdrawal filed"]
    elif end == "rejected":
        project = story.rejected(cast).project
        said = ["Rejected on 3 Dec 2013.", "RUL-2013-0001"]
    else:
        project = story.registered(cast)
        deregister(cast, project)
        said = ["Deregistered on 10 Dec 2015.", "It moves.", "Asked for.", "granted"]
    page = client.get(reverse("project", args=[project.reference])).content.decode()
    assert [words for words in said if words not in page] == []


def test_pages_tell_the_way_out(cast: Cast, sign_in: Callable[[Client, Actor], Client]) -> None:
    project = story.validated(cast)
    browser = sign_in(Client(), cast.participant)
    page = browser.get(reverse("participant:project", args=[project.name])).content.decode()
    assert reverse("board:withdrawal", args=[project.name]) in page
    answer = browser.post(
        reverse("participant:withdraw", args=[project.name]), {"reason": "Sold to a friend."}
    )
    assert answer.status_code == 422
    assert "ask the DOE" in answer.content.decode()
    assert "Sold to a friend." in answer.content.decode()
