"""The Board's meetings: their calendar, the last one for a case, and what was decided where."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import clock, queues
from cdm_portal.journal.models import Entry
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.board import actions, queries
from projects.board.errors import MeetingBegun
from projects.board.models import Meeting
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]


def planned(cast: Cast, number: int, first: date, days: int = 3, **more: Any) -> Meeting:
    given = {
        "actor": cast.secretariat, "at": on(2013, 1, 2), "number": number, "first_date": first,
        "last_date": first + timedelta(days=days - 1), "place": "Bonn",
    }
    return actions.plan_meeting(**given | more)


def test_the_secretariat_keeps_the_calendar(cast: Cast, nothing_written: Nothing) -> None:
    today, now = clock.today(), clock.now()
    first = today + timedelta(days=30)
    with nothing_written(), pytest.raises(Forbidden):
        planned(cast, 118, first, actor=cast.board[0], at=now)
    held = planned(cast, 118, first, at=now)
    for wrong in ({"number": 118, "first": first + timedelta(days=90)},
                  {"number": 119, "first": first + timedelta(days=2)},
                  {"number": 119, "first": today}, {"number": 119, "first": first, "days": 0},
                  {"number": 119, "first": first + timedelta(days=9), "place": " "}):  # fmt: skip
        with nothing_written(), pytest.raises(Invalid):
            planned(cast, **{"at": now} | wrong)  # type: ignore[arg-type]
    change = {"actor": cast.secretariat, "at": now, "meeting_id": held.pk}
    days = {"first_date": first + timedelta(days=1), "last_date": first + timedelta(days=2)}
    with nothing_written(), pytest.raises(Forbidden):
        actions.move_meeting(**change | {"actor": cast.dna}, **days, place="Nairobi")
    assert actions.move_meeting(**change, **days, place="Nairobi").first_date == days["first_date"]
    with nothing_written(), pytest.raises(Invalid):
        actions.cancel_meeting(**change, reason="")
    with nothing_written(), pytest.raises(MeetingBegun):
        actions.cancel_meeting(
            **change | {"at": now + timedelta(days=31)}, reason="Nobody can travel."
        )
    actions.cancel_meeting(**change, reason="Nobody can travel.")
    assert Entry.objects.latest("id").verb == "board.cancel_meeting"
    with nothing_written(), pytest.raises(MeetingBegun):
        actions.move_meeting(**change, **days, place="Bonn")
    planned(cast, 119, first, at=now)  # the days are free again
    with pytest.raises(NotFound):
        queries.meeting(120)


def test_a_case_is_decided_at_the_second_meeting_after_the_request_at_the_latest(
    cast: Cast,
) -> None:
    request = story.at_the_vote(cast)  # asked on 4 November 2013
    later = on(2013, 12, 2)
    planned(cast, 76, date(2013, 11, 4))
    second = planned(cast, 77, date(2014, 1, 20))
    warned = [item["action_label"] for item in queues.items(queries.queue(cast.secretariat, later))]
    assert warned == ["Plan a meeting"]
    third = planned(cast, 78, date(2014, 3, 10), days=5)
    assert queries.last_meeting_for(fresh(request), queries.calendar()) == third
    assert queues.items(queries.queue(cast.secretariat, later)) == []
    (item,) = queues.items(queries.queue(cast.board[4], later))
    assert item["until"] == on(2014, 3, 15, 0) - timedelta(seconds=1) and not item["late"]
    (item,) = queues.items(queries.queue(cast.board[4], on(2014, 3, 15, 0)))
    assert item["late"]
    (row,) = queries.agenda(second, later)
    assert (row["request"], row["latest"], row["last"]) == (request, third, False)
    assert queries.agenda(third, later)[0]["last"]
    assert queries.agenda(third, on(2014, 3, 15, 0)) == []


def test_votes_and_rulings_name_the_meeting_at_which_they_are_made(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    meeting = planned(cast, 77, date(2013, 12, 2))
    for n, member in enumerate(cast.board[:8]):
        at = on(2013, 12, 1) if n == 0 else on(2013, 12, 2 + n % 3, 23)
        actions.vote(actor=member, at=at, request_id=request.pk, ruling="reject")
    named = [vote.meeting for vote in request.votes.all()]
    assert named == [None, *[meeting] * 7]  # the first one by electronic means, the day before
    made = actions.rule(
        actor=cast.board[0], at=on(2013, 12, 4, 23), request_id=request.pk, reasons="So."
    )
    assert made.meeting == meeting
    assert [ruling.pk for ruling in queries.rulings_at(meeting)] == [made.pk]
    page = Client().get(reverse("board-public:meeting", args=[77])).content.decode()
    assert made.number in page and "So." in page
    assert "EB 77" in Client().get(reverse("board-public:calendar")).content.decode()


def test_a_ruling_between_meetings_is_an_electronic_decision(cast: Cast) -> None:
    request = story.at_the_vote(cast)
    story.voted(cast, request, reject=8)
    made = actions.rule(
        actor=cast.board[0], at=on(2013, 12, 3), request_id=request.pk, reasons="So."
    )
    assert made.meeting is None


def test_the_pages_of_the_calendar(
    cast: Cast, sign_in: Callable[[Client, Any], Client]
) -> None:
    browser, page = sign_in(Client(), cast.secretariat), reverse("board:meetings")
    first = clock.today() + timedelta(days=30)
    form = {"number": "118", "first_date": first, "last_date": first, "place": "Bonn"}
    assert browser.post(page, form).status_code == 302
    again = browser.post(page, form)
    assert again.status_code == 422
    assert "EB 118 is in the calendar already." in again.content.decode()
    change = reverse("board:change_meeting", args=[118])
    assert browser.post(change, form | {"place": "Nairobi"}).status_code == 302
    assert "Nairobi" in browser.get(page).content.decode()
    assert browser.post(change, {"cancel": "yes", "cancel-reason": ""}).status_code == 422
    assert browser.post(change, {"cancel": "yes", "cancel-reason": "Flood."}).status_code == 302
    public = Client().get(reverse("board-public:meeting", args=[118])).content.decode()
    assert "Cancelled" in public and "Flood." in public
