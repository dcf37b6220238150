"""The public's window: exact at its edges, open to anyone, of record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.doe import actions
from projects.doe.errors import CaseClosed, WindowClosed
from projects.doe.models import Comment
from projects.lifecycle import NotNow
from projects.models import Document
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board.story import withdrawn
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db


def test_publishing_opens_thirty_days_and_makes_the_document_public(cast: Cast) -> None:
    project = story.published(cast)
    validation = project.validations.get()
    assert project.stage == "validation"
    assert project.validation_began_at == story.PUBLISHED
    assert validation.comments_close_at == story.CLOSED
    assert (story.CLOSED - timedelta(days=1) - story.PUBLISHED).days == 29
    papers = project.documents.filter(kind=Document.Kind.DESIGN)
    assert [paper.public for paper in papers] == [True]


def test_only_the_engaged_doe_publishes(cast: Cast, nothing_written: Nothing) -> None:
    project = story.engaged(cast)
    for actor in (cast.other_doe, cast.rival_participant):
        with nothing_written(), pytest.raises(NotFound):
            actions.publish_design(actor=actor, at=story.PUBLISHED, project_id=project.pk)
    with nothing_written(), pytest.raises(Forbidden):
        actions.publish_design(actor=cast.participant, at=story.PUBLISHED, project_id=project.pk)


def test_a_document_is_published_once(cast: Cast, nothing_written: Nothing) -> None:
    project = story.published(cast)
    with nothing_written(), pytest.raises(NotNow):
        actions.publish_design(actor=cast.doe, at=on(2013, 5, 5), project_id=project.pk)


def test_a_comment_is_taken_in_the_last_second_of_day_thirty(cast: Cast) -> None:
    project = story.published(cast)
    assert story.commented(project, story.LAST_MOMENT).number == 1


def test_no_comment_is_taken_from_midnight_on(cast: Cast, nothing_written: Nothing) -> None:
    project = story.published(cast)
    with nothing_written(), pytest.raises(WindowClosed, match="3 June 2013, 24:00 UTC"):
        story.commented(project, story.CLOSED)


def test_no_comment_is_taken_before_publication(cast: Cast, nothing_written: Nothing) -> None:
    project = story.engaged(cast)
    with nothing_written(), pytest.raises(NotFound):
        story.commented(project)
    project = story.fresh(project)
    actions.publish_design(actor=cast.doe, at=story.PUBLISHED, project_id=project.pk)
    with nothing_written(), pytest.raises(WindowClosed):
        story.commented(project, story.PUBLISHED - timedelta(seconds=1))


def test_a_withdrawn_project_takes_no_comment(cast: Cast, nothing_written: Nothing) -> None:
    project = story.published(cast)
    withdrawn(cast, project, on(2013, 5, 6))
    with nothing_written(), pytest.raises(WindowClosed):
        story.commented(project, on(2013, 5, 7))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "x" * 5001}, "text"), ({"text": "  "}, "text"), ({"text": "a\0b"}, "text"),
        ({"name": ""}, "name"), ({"email": "nobody"}, "email"),
        ({"affiliation": "x" * 201}, "affiliation"),
    ],
)
def test_what_cannot_be_published_is_named(
    cast: Cast, nothing_written: Nothing, said: dict[str, str], field: str
) -> None:
    project = story.published(cast)
    with nothing_written(), pytest.raises(Invalid) as refusal:
        story.commented(project, **said)
    assert list(refusal.value.errors) == [field]


def test_five_thousand_characters_are_taken(cast: Cast) -> None:
    assert len(story.commented(story.published(cast), text="x" * 5000).text) == 5000


def test_the_doe_responds_and_may_reword_until_the_opinion(
    cast: Cast, nothing_written: Nothing
) -> None:
    project = story.approved(cast, story.published(cast))
    comment = story.commented(project)
    for text in ("Account was taken.", "Account was taken in section consultation."):
        actions.respond_to_comment(
            actor=cast.doe, at=on(2013, 6, 5), comment_id=comment.pk, text=text
        )
    assert story.fresh(comment).response == "Account was taken in section consultation."
    actions.give_opinion(
        actor=cast.doe, at=story.AFTER, project_id=project.pk, positive=True, conclusion="Yes."
    )
    with nothing_written(), pytest.raises(CaseClosed):
        actions.respond_to_comment(
            actor=cast.doe, at=on(2013, 7, 2), comment_id=comment.pk, text="Later."
        )


def test_another_doe_cannot_respond(cast: Cast, nothing_written: Nothing) -> None:
    comment = story.commented(story.published(cast))
    with nothing_written(), pytest.raises(Forbidden):
        actions.respond_to_comment(
            actor=cast.other_doe, at=on(2013, 6, 5), comment_id=comment.pk, text="Noted."
        )


def test_the_database_keeps_what_was_said(cast: Cast) -> None:
    comment = story.commented(story.published(cast))
    rows = Comment.objects.filter(pk=comment.pk)
    for change in (lambda: rows.update(text="Praise."), lambda: rows.update(name="X"), rows.delete):
        with pytest.raises(DatabaseError, match="of record"), transaction.atomic():
            change()
    assert story.fresh(comment).text == "How will the panels be disposed of?"


def test_the_database_takes_no_comment_outside_the_window(cast: Cast) -> None:
    validation = story.published(cast).validations.get()
    for moment in (story.CLOSED, story.PUBLISHED - timedelta(seconds=1)):
        with pytest.raises(DatabaseError, match="window only"), transaction.atomic():
            Comment.objects.create(
                validation=validation, number=1, name="A", email="a@example.org", text="x",
                at=moment,
            )
