"""The opinion: what blocks it, the report that comes with it, how a validation ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.refusals import Forbidden, Invalid
from projects.doe import actions, queries
from projects.doe.errors import CaseClosed, NotYet
from projects.doe.models import Engagement, Validation
from projects.models import Document, Finding, Project
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board.story import withdrawn
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db


def opine(
    cast: Cast, project: Project, *, positive: bool = True, at: datetime = story.AFTER,
    **changes: Any,
) -> Any:
    given = {
        "actor": cast.doe, "at": at, "project_id": project.pk, "positive": positive,
        "conclusion": "The design meets the requirements.",
    }
    return actions.give_opinion(**(given | changes))


def test_a_positive_opinion_files_its_public_report(cast: Cast) -> None:
    project = story.approved(cast, story.published(cast))
    validation = opine(cast, project)
    project = story.fresh(project)
    assert (project.opinion, project.opinion_at, project.stage) == (
        "positive", story.AFTER, "validation",
    )
    assert (validation.state, validation.design_version) == (Validation.State.POSITIVE, 1)
    report = validation.document
    assert (report.kind, report.public) == (Document.Kind.VALIDATION, True)
    assert bytes(report.blob.data).startswith(b"%PDF-")


def test_everything_that_blocks_a_positive_opinion_is_named_at_once(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.published(cast)
    story.commented(project)
    story.raised(cast, project, "CAR")
    story.raised(cast, project, "CL")
    story.raised(cast, project, "CL")
    story.raised(cast, project, "FAR")
    with nothing_written(), pytest.raises(NotYet) as refusal:
        opine(cast, project, at=story.LAST_MOMENT)
    assert refusal.value.reasons == (
        "Public comments are open until 3 June 2013, 24:00 UTC.",
        "1 corrective action request and 2 clarification requests are not closed.",
        "1 public comment waits for your response.",
        "The host Party's letter of approval is missing.",
        "The modalities of communication are missing: all participants sign them.",
    )


def test_an_answered_finding_still_blocks(cast: Cast, nothing_written: Nothing) -> None:
    project = story.approved(cast, story.published(cast))
    story.answered(cast, story.raised(cast, project))
    with nothing_written(), pytest.raises(NotYet, match="1 corrective action request is not"):
        opine(cast, project)


def test_an_unanswered_comment_alone_blocks(cast: Cast, nothing_written: Nothing) -> None:
    project = story.approved(cast, story.published(cast))
    comment = story.commented(project)
    with nothing_written(), pytest.raises(NotYet, match="1 public comment waits"):
        opine(cast, project)
    actions.respond_to_comment(
        actor=cast.doe, at=on(2013, 6, 5), comment_id=comment.pk, text="Account was taken."
    )
    assert opine(cast, project).state == Validation.State.POSITIVE


def test_a_missing_letter_alone_blocks(cast: Cast, nothing_written: Nothing) -> None:
    project = story.published(cast)
    with nothing_written(), pytest.raises(NotYet, match="letter of approval is missing"):
        opine(cast, project)


def test_the_window_alone_blocks_until_midnight(cast: Cast, nothing_written: Nothing) -> None:
    project = story.approved(cast, story.published(cast))
    for positive in (True, False):
        with nothing_written(), pytest.raises(NotYet, match="3 June 2013"):
            opine(cast, project, positive=positive, at=story.LAST_MOMENT)
    assert opine(cast, project, at=story.CLOSED).state == Validation.State.POSITIVE


def test_a_negative_opinion_ends_the_project(cast: Cast) -> None:
    project = story.published(cast)
    story.raised(cast, project)
    opine(cast, project, positive=False, conclusion="The baseline is not credible.")
    project = story.fresh(project)
    assert (project.stage, project.opinion, project.ended_at) == (
        "validation_negative", "negative", story.AFTER,
    )


def test_an_opinion_is_given_once(cast: Cast, nothing_written: Nothing) -> None:
    project = story.validated(cast)
    for positive in (True, False):
        with nothing_written(), pytest.raises(CaseClosed, match="positive opinion"):
            opine(cast, project, positive=positive, at=on(2013, 7, 3))


def test_a_withdrawn_project_gets_no_opinion(cast: Cast, nothing_written: Nothing) -> None:
    project = story.approved(cast, story.published(cast))
    withdrawn(cast, project, on(2013, 6, 20))
    with nothing_written(), pytest.raises(CaseClosed, match="terminated"):
        opine(cast, project)


def test_nobody_else_gives_the_opinion(cast: Cast, nothing_written: Nothing) -> None:
    project = story.approved(cast, story.published(cast))
    for actor in (cast.other_doe, cast.participant, cast.dna, cast.secretariat, cast.board[0]):
        with nothing_written(), pytest.raises(Forbidden):
            opine(cast, project, actor=actor)


def test_an_opinion_needs_its_conclusion(cast: Cast, nothing_written: Nothing) -> None:
    project = story.approved(cast, story.published(cast))
    with nothing_written(), pytest.raises(Invalid) as refusal:
        opine(cast, project, conclusion=" \n ")
    assert list(refusal.value.errors) == ["conclusion"]


def test_a_validation_is_ended_without_an_opinion(cast: Cast) -> None:
    project = story.published(cast)
    actions.terminate_validation(
        actor=cast.doe, at=on(2013, 5, 20), project_id=project.pk, reason="Contract ended."
    )
    project = story.fresh(project)
    assert (project.stage, project.ended_at) == ("validation_terminated", on(2013, 5, 20))
    assert project.validations.get().state == Validation.State.TERMINATED
    assert project.engagements.get().state == Engagement.State.ENDED


def test_a_decided_validation_is_of_record(cast: Cast) -> None:
    validation = story.validated(cast).validations.get()
    with pytest.raises(DatabaseError, match="of record"), transaction.atomic():
        Validation.objects.filter(pk=validation.pk).update(conclusion="Otherwise.")


def test_the_forward_action_requests_wait_for_the_first_verification(cast: Cast) -> None:
    project = story.approved(cast, story.published(cast))
    story.raised(cast, project, "FAR")
    opine(cast, project)
    kept = Finding.objects.get(project=project)
    assert (kept.kind, kept.state) == (Finding.Kind.FAR, Finding.State.FORWARDED)
    assert list(queries.heirs(kept)) == []
