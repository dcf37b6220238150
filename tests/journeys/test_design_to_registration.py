"""A real project's design, on its historic dates, from the first page to its reference number."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cdm_portal.demonstration import voice
from cdm_portal.identity import actions as identity_actions
from cdm_portal.identity import queries as identity_queries
from cdm_portal.journal import queries as journal_queries
from cdm_portal.values import SYSTEM, Actor, Role
from projects.board import actions as board
from projects.board.models import Request
from projects.dna import actions as dna
from projects.doe import actions as doe
from projects.lifecycle import Stage
from projects.models import Document, Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys import cdm9851
from tests.journeys.cdm9851 import on

pytestmark = pytest.mark.django_db


def chinese_participant() -> Actor:
    """The project's owner, registered by the secretariat."""
    office = identity_actions.register_organisation(
        actor=SYSTEM, at=on(2013, 1, 7), name="Balagong Solar Company", kind="participant",
        party_code="CN", fictional=True,
    )
    user = identity_actions.register_person(
        actor=SYSTEM, at=on(2013, 1, 7), name="Wang Fang", email="wang@example.org", password="x"
    )
    held = identity_actions.grant_role(
        actor=SYSTEM, at=on(2013, 1, 7), person_id=user.person_id, organisation_id=office.pk,
        role=Role.PARTICIPANT, valid_from=on(2013, 1, 7).date(),
    )
    return identity_queries.actor(held)


def designed(owner: Actor) -> Project:
    """1 Project design: written over several visits, frozen on 10 April 2013."""
    project = participant.start_design(
        actor=owner, at=on(2013, 2, 1), title="Balagong solar", party_code="CN",
        rules=Project.Rules.HISTORIC,
    )
    for name, values in cdm9851.sections(owner.organisation_id or 0).items():
        participant.save_section(
            actor=owner, at=on(2013, 3, 1), project_id=project.pk, section=name, values=values
        )
    participant.submit_design(actor=owner, at=on(2013, 4, 10), project_id=project.pk)
    project.refresh_from_db()
    return project


def approved(project: Project, owner: Actor, authority: Actor) -> None:
    """2 National approval: the three declarations and the participant, by letter."""
    letter = dna.request_letter(actor=owner, at=on(2013, 4, 12), project_id=project.pk)
    dna.issue_letter(
        actor=authority, at=on(2013, 8, 2), letter_id=letter.pk, ratified=True, voluntary=True,
        sustainable_development=True, organisation_ids=[owner.organisation_id or 0],
    )


def validated(project: Project, owner: Actor, auditor: Actor) -> None:
    """3 Validation: published on 4 May 2013, one comment, a CAR answered and closed."""
    engagement = doe.offer_engagement(
        actor=owner, at=on(2013, 4, 20), project_id=project.pk,
        organisation_id=auditor.organisation_id or 0,
    )
    doe.accept_engagement(
        actor=auditor, at=on(2013, 4, 25), engagement_id=engagement.pk, no_conflict=True,
    )
    doe.publish_design(actor=auditor, at=on(2013, 5, 4), project_id=project.pk)
    comment = doe.comment(
        at=on(2013, 5, 20), project_id=project.pk, name="A herder", email="herder@example.org",
        affiliation="", text="May sheep graze between the rows?",
    )
    finding = doe.raise_finding(
        actor=auditor, at=on(2013, 6, 10), project_id=project.pk, kind="CAR",
        subject="Source of the build margin", section="parameters", text="Name the source.",
    )
    doe.answer_finding(
        actor=owner, at=on(2013, 7, 1), finding_id=finding.pk, text="The national list of 2012."
    )
    doe.close_finding(actor=auditor, at=on(2013, 7, 8), finding_id=finding.pk, reason="Checked.")
    doe.respond_to_comment(
        actor=auditor, at=on(2013, 7, 9), comment_id=comment.pk, text="Yes, says the participant."
    )
    voice.settle(owner, on(2013, 8, 20), project)
    doe.give_opinion(
        actor=auditor, at=on(2013, 9, 1), project_id=project.pk, positive=True,
        conclusion="The design meets the requirements.",
    )


def passes_checks(request: Request, secretary: Actor, first: datetime) -> None:
    """The secretariat's two checks, which publish the request."""
    by = {"actor": secretary, "request_id": request.pk}
    for check in request.checks.filter(stage="completeness"):
        board.check_item(at=first, code=check.code, met=True, reason="", **by)
    board.conclude_completeness(at=first, **by)
    for check in request.checks.filter(stage="information"):
        board.check_item(at=first + timedelta(days=20), code=check.code, met=True, reason="", **by)
    board.conclude_information(at=first + timedelta(days=20), note="Complete.", **by)


def registered(cast: Cast, owner: Actor) -> Project:
    """Stages 1 to 4 on the historic dates."""
    project = designed(owner)
    approved(project, owner, cast.chinese_dna)
    validated(project, owner, cast.doe)
    request = board.request_registration(
        actor=cast.doe, at=on(2014, 1, 6), project_id=project.pk
    )
    passes_checks(request, cast.secretariat, on(2014, 1, 8))
    board.close_windows(at=on(2014, 2, 26))
    project.refresh_from_db()
    return project


def test_the_engine_gives_the_registered_estimate_to_the_tonne(cast: Cast) -> None:
    project = designed(chinese_participant())
    assert project.estimated_annual_tonnes == cdm9851.REGISTERED_ESTIMATE
    version = project.design_versions.get()
    assert version.number == 1
    assert len(version.sha256) == 64
    assert project.stage == Stage.NATIONAL_APPROVAL


def test_a_real_project_is_registered_on_its_historic_dates(cast: Cast) -> None:
    project = registered(cast, chinese_participant())
    assert project.stage == Stage.MONITORING
    assert project.rules == Project.Rules.HISTORIC
    assert project.number == "95001"
    assert project.registered_at is not None
    assert project.registered_at.date() == on(2014, 1, 6).date()
    assert (project.crediting_first_date, project.crediting_last_date) == (
        cdm9851.FIRST, on(2021, 6, 30).date(),
    )


def test_every_stage_leaves_its_document_and_its_journal_entry(cast: Cast) -> None:
    project = registered(cast, chinese_participant())
    kinds = set(project.documents.filter(public=True).values_list("kind", flat=True))
    assert {Document.Kind.DESIGN, Document.Kind.LETTER, Document.Kind.VALIDATION} <= kinds
    verbs = set(journal_queries.of_project(project.reference).values_list("verb", flat=True))
    assert {
        "participant.start_design", "participant.submit_design", "dna.issue_letter",
        "doe.publish_design", "doe.raise_finding", "doe.close_finding", "doe.give_opinion",
        "board.request_registration", "board.register",
    } <= verbs


def test_the_window_closes_at_midnight_and_not_a_second_before(cast: Cast) -> None:
    owner = chinese_participant()
    project = designed(owner)
    approved(project, owner, cast.chinese_dna)
    validated(project, owner, cast.doe)
    request = board.request_registration(
        actor=cast.doe, at=on(2014, 1, 6), project_id=project.pk
    )
    passes_checks(request, cast.secretariat, on(2014, 1, 8))
    request.refresh_from_db()
    assert request.window_closes_at is not None
    board.close_windows(at=request.window_closes_at - timedelta(seconds=1))
    project.refresh_from_db()
    assert project.stage == Stage.REGISTRATION
    board.close_windows(at=request.window_closes_at)
    project.refresh_from_db()
    assert project.stage == Stage.MONITORING
