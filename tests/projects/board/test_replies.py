"""Replies to a review: who, once, until when; and the assessments that wait for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal import queues
from cdm_portal.journal.models import Entry
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor
from projects.board import actions, queries
from projects.board.errors import AlreadyReplied, WindowClosed
from projects.board.models import Assessment, Reply, Request
from projects.lifecycle import NotNow
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]
EDGE = on(2013, 12, 3, 0)  # opened on 4 November: 28 days end with 2 December
MICROSECOND = timedelta(microseconds=1)


def replies(actor: Actor, request: Request, at: Any = EDGE - MICROSECOND, **more: Any) -> Reply:
    given = {"text": "Both plants differ."} | more
    return actions.reply(actor=actor, at=at, request_id=request.pk, **given)


def assesses(cast: Cast, request: Request, at: Any) -> Assessment:
    return actions.assess(
        actor=cast.rit, at=at, request_id=request.pk, recommendation="register", reasons="So.",
    )


def test_each_side_replies_once_and_to_the_edge(cast: Cast, nothing_written: Nothing) -> None:
    published = story.published(cast)
    for member in cast.board[:3]:
        story.asks(published, member)
    with nothing_written(), pytest.raises(NotNow):
        replies(cast.participant, published, on(2013, 11, 4))
    request = story.review_opened_of(cast, published)
    assert (request.reply_due_at, request.assessment_due_at) == (EDGE, on(2013, 12, 17, 0))
    for actor in (cast.rival_participant, cast.other_doe):
        with nothing_written(), pytest.raises(NotFound):
            replies(actor, request)
    for actor in (cast.secretariat, cast.board[4], cast.dna):
        with nothing_written(), pytest.raises(Forbidden):
            replies(actor, request)
    with nothing_written(), pytest.raises(Invalid):
        replies(cast.participant, request, text=" ")
    with nothing_written(), pytest.raises(Invalid):
        replies(cast.participant, request, filename="a.pdf", data=b"<script>")
    with nothing_written(), pytest.raises(WindowClosed):
        replies(cast.participant, request, EDGE)
    made = replies(cast.participant, request)
    assert (made.side, made.organisation_id) == ("participant", cast.participant.office)
    with nothing_written(), pytest.raises(AlreadyReplied):
        replies(cast.participant, request)
    assert Entry.objects.latest("id").verb == "board.reply"


def test_assessments_wait_for_both_replies_or_the_end_of_their_time(
    cast: Cast, nothing_written: Nothing
) -> None:
    request = story.review_opened(cast)
    replies(cast.doe, request, on(2013, 11, 5))
    with nothing_written(), pytest.raises(NotNow, match="2 December 2013"):
        assesses(cast, request, EDGE - MICROSECOND)
    assert not queues.items(queries.queue(cast.rit, EDGE - MICROSECOND))
    row = {"request": request, "side": "rit", "person_id": cast.rit.person_id, "name": "x",
           "recommendation": "register", "reasons": "x"}  # fmt: skip
    with pytest.raises(IntegrityError, match="once the replies are in"), transaction.atomic():
        Assessment.objects.create(at=EDGE - MICROSECOND, **row)
    assert assesses(cast, request, EDGE).side == "rit"


def test_the_second_reply_starts_the_assessments(cast: Cast) -> None:
    request = story.review_opened(cast)
    replies(cast.participant, request, on(2013, 11, 5))
    replies(cast.doe, request, on(2013, 11, 6))
    request = fresh(request)
    assert request.assessment_due_at == on(2013, 11, 21, 0)
    waiting = queues.items(queries.queue(cast.rit, on(2013, 11, 6)))
    assert [item["waiting_for"] for item in waiting] == ["Your assessment"]
    assert assesses(cast, request, on(2013, 11, 6))


def test_the_desk_says_until_when_and_the_page_publishes_reply_and_file(
    cast: Cast, sign_in: Callable[[Client, Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.review_opened(cast)
    at = on(2013, 11, 20)
    monkeypatch.setattr("cdm_portal.clock.now", lambda: at)
    for actor in (cast.participant, cast.doe):
        (item,) = queues.items(queries.queue(actor, at))
        assert (item["waiting_for"], item["until"]) == ("Your reply", on(2013, 12, 3, 0)
                                                        - timedelta(seconds=1))  # fmt: skip
    browser = sign_in(Client(), cast.participant)
    page = reverse("board:request", args=[request.reference])
    assert "Replies until" in browser.get(page).content.decode()
    answer = browser.post(reverse("board:act", args=[request.reference, "reply"]), {
        "reply-text": "See the survey.", "reply-file": SimpleUploadedFile("survey.pdf", pdf()),
    })  # fmt: skip
    assert answer.status_code == 302
    assert not queues.items(queries.queue(cast.participant, at))
    (review,) = queries.public_reviews(request.project)
    (said,) = review["replies"]
    assert (said["text"], said["organisation"]) == ("See the survey.", "Ziwa Sun Limited")
    public = Client().get(reverse("project", args=[request.project.reference])).content.decode()
    assert "See the survey." in public
    assert Client().get(reverse("document", args=[said["document_id"]])).status_code == 200
    api = Client().get(reverse("api:project_reviews", args=[request.project.reference])).json()
    assert api["data"][0]["replies"][0]["document_url"].endswith(f"/{said['document_id']}/")
