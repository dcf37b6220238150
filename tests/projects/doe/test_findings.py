"""Findings: who has the ball, what blocks, what is of record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.refusals import Invalid, NotFound
from projects.doe import actions, queries
from projects.doe.errors import CaseClosed, FindingMoved
from projects.models import Finding, FindingMessage
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db


def assess(
    action: Any, cast: Cast, finding: Finding, reason: Any = "The source is shown.", **changes: Any
) -> Any:
    given = {"actor": cast.doe, "at": on(2013, 5, 15), "finding_id": finding.pk, "reason": reason}
    return action(**(given | changes))


def test_findings_are_numbered_by_kind(cast: Cast) -> None:
    project = story.published(cast)
    made = [story.raised(cast, project, kind) for kind in ("CAR", "CL", "CAR", "FAR")]
    assert [str(finding) for finding in made] == ["CAR 01", "CL 01", "CAR 02", "FAR 01"]
    assert [finding.state for finding in made] == ["open", "open", "open", "forwarded"]


def test_a_finding_goes_round_until_it_is_closed(cast: Cast) -> None:
    finding = story.raised(cast, story.published(cast))
    story.answered(cast, finding)
    assess(actions.ask_again, cast, finding, "Which file?")
    assert story.fresh(finding).state == Finding.State.OPEN
    story.answered(cast, finding, on(2013, 5, 16))
    assess(actions.close_finding, cast, finding, at=on(2013, 5, 17))
    finding = story.fresh(finding)
    assert (finding.state, finding.closed_at) == (Finding.State.CLOSED, on(2013, 5, 17))
    assert [m.act for m in finding.messages.all()] == [
        "raise", "answer", "ask_again", "answer", "close",
    ]


def test_a_finding_is_not_closed_before_it_is_answered(
    cast: Cast, nothing_written: Nothing
) -> None:
    finding = story.raised(cast, story.published(cast))
    for action in (actions.close_finding, actions.ask_again, actions.forward_finding):
        with nothing_written(), pytest.raises(FindingMoved, match="has not answered CAR 01"):
            assess(action, cast, finding)


def test_a_closed_finding_stays_closed(cast: Cast, nothing_written: Nothing) -> None:
    finding = story.answered(cast, story.raised(cast, story.published(cast)))
    assess(actions.close_finding, cast, finding)
    for action in (actions.close_finding, actions.ask_again, actions.forward_finding):
        with nothing_written(), pytest.raises(FindingMoved):
            assess(action, cast, finding)
    with nothing_written(), pytest.raises(FindingMoved):
        story.answered(cast, finding)


def test_an_answered_finding_is_not_answered_again(cast: Cast, nothing_written: Nothing) -> None:
    finding = story.answered(cast, story.raised(cast, story.published(cast)))
    with nothing_written(), pytest.raises(FindingMoved):
        story.answered(cast, finding)


def test_a_forwarded_finding_closes_and_is_kept_as_a_forward_action(cast: Cast) -> None:
    finding = story.answered(cast, story.raised(cast, story.published(cast)))
    kept = assess(actions.forward_finding, cast, finding, "Look at the meter's seal.")
    finding = story.fresh(finding)
    assert (finding.state, finding.blocks) == (Finding.State.CLOSED, False)
    assert (str(kept), kept.state, kept.blocks) == ("FAR 01", Finding.State.FORWARDED, False)
    assert kept.messages.get().text == "From CAR 01: Look at the meter's seal."


def test_the_anchor_is_a_section_or_a_parameter_of_the_document(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.published(cast)
    named = dict(queries.anchors(project, None))
    assert named["EF_OM"] == "EF_OM, Operating margin emission factor of the grid"
    given = {
        "actor": cast.doe, "at": on(2013, 5, 10), "project_id": project.pk, "kind": "CL",
        "subject": "Seal", "text": "Is the meter sealed?",
    }
    actions.raise_finding(section="EF_OM", **given)
    with nothing_written(), pytest.raises(Invalid) as refusal:
        actions.raise_finding(section="chapter nine", **given)
    assert list(refusal.value.errors) == ["section"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "XXX"}, "kind"), ({"subject": " "}, "subject"), ({"text": ""}, "text"),
     ({"subject": "x" * 201}, "subject")],
)
def test_what_a_finding_lacks_is_named(
    cast: Cast, nothing_written: Nothing, changes: Any, field: str
) -> None:
    project = story.published(cast)
    given = {"kind": "CAR", "subject": "Seal", "section": "general", "text": "Why?"} | changes
    with nothing_written(), pytest.raises(Invalid) as refusal:
        actions.raise_finding(
            actor=cast.doe, at=on(2013, 5, 10), project_id=project.pk, **given
        )
    assert list(refusal.value.errors) == [field]


def test_another_doe_does_not_know_of_a_finding(cast: Cast, nothing_written: Nothing) -> None:
    finding = story.answered(cast, story.raised(cast, story.published(cast)))
    with nothing_written(), pytest.raises(Exception, match="Only the DOE engaged"):
        assess(actions.close_finding, cast, finding, actor=cast.other_doe)


def test_a_rival_participant_does_not_know_of_a_finding(
    cast: Cast, nothing_written: Nothing
) -> None:
    finding = story.raised(cast, story.published(cast))
    for actor in (cast.rival_participant, cast.doe, cast.buyer):
        with nothing_written(), pytest.raises(NotFound):
            actions.answer_finding(
                actor=actor, at=on(2013, 5, 12), finding_id=finding.pk, text="It is fine."
            )


def test_no_finding_is_raised_before_publication_or_after_the_opinion(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.engaged(cast)
    with nothing_written(), pytest.raises(CaseClosed):
        story.raised(cast, project)
    actions.publish_design(actor=cast.doe, at=story.PUBLISHED, project_id=project.pk)
    actions.give_opinion(
        actor=cast.doe, at=story.AFTER, project_id=project.pk, positive=False, conclusion="No."
    )
    with nothing_written(), pytest.raises(CaseClosed):
        story.raised(cast, story.fresh(project), at=on(2013, 7, 2))


PDF = pdf()


def test_an_answer_carries_a_file(cast: Cast) -> None:
    finding = story.raised(cast, story.published(cast))
    actions.answer_finding(
        actor=cast.participant, at=on(2013, 5, 12), finding_id=finding.pk, text="See the file.",
        filename="IRR v4.pdf", data=PDF,
    )
    document = finding.messages.last().document
    assert (document.filename, document.media_type, document.public) == (
        "IRR v4.pdf", "application/pdf", False,
    )
    assert bytes(document.blob.data) == PDF


@pytest.mark.parametrize(
    ("filename", "data", "words"),
    [
        ("macro.exe", b"MZ", "not accepted"), ("plain.pdf", b"hello", "is not one"),
        ("book.xlsx", b"%PDF", "not an XLSX"), ("empty.pdf", b"", "empty"),
        ("big.csv", b"x" * 20_000_001, "at most 20 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    cast: Cast, nothing_written: Nothing, filename: str, data: bytes, words: str
) -> None:
    finding = story.raised(cast, story.published(cast))
    with nothing_written(), pytest.raises(Invalid, match=words) as refusal:
        actions.answer_finding(
            actor=cast.participant, at=on(2013, 5, 12), finding_id=finding.pk, text="See.",
            filename=filename, data=data,
        )
    assert list(refusal.value.errors) == ["file"]


def test_what_was_said_stays_said(cast: Cast) -> None:
    finding = story.raised(cast, story.published(cast))
    with pytest.raises(DatabaseError), transaction.atomic():
        FindingMessage.objects.filter(finding=finding).update(text="Never mind.")
