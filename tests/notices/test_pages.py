"""The pages: notices, choices, the calendar and its secret address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from cdm_portal import clock
from cdm_portal.notices import actions, queries
from cdm_portal.notices.models import Notice
from cdm_portal.values import Actor
from tests.cast import Cast
from tests.projects.board import story

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]


@pytest.fixture
def notice(cast: Cast) -> Notice:
    story.letter_asked(cast)
    actions.tell_waiting(at=clock.now())
    return queries.notices(cast.dna)[0]


def test_a_notice_leads_to_its_case_and_is_read(
    cast: Cast, sign_in: SignIn, notice: Notice
) -> None:
    client = sign_in(Client(), cast.dna)
    assert "1 new notice" in client.get(reverse("desk")).content.decode()
    assert notice.title in client.get(reverse("notices")).content.decode()
    page = reverse("notice", args=[notice.pk])
    assert notice.title in client.get(page).content.decode()
    gone = client.post(page)
    assert (gone.status_code, gone.headers["Location"]) == (302, notice.url)
    assert client.get(notice.url).status_code == 200
    assert "new notice" not in client.get(reverse("desk")).content.decode()
    for other in (cast.foreign_dna, cast.participant, cast.auditor):
        assert sign_in(Client(), other).get(page).status_code == 404
        assert sign_in(Client(), other).post(page).status_code == 404


def test_all_are_read_at_once(cast: Cast, sign_in: SignIn, notice: Notice) -> None:
    client = sign_in(Client(), cast.dna)
    assert client.post(reverse("notices")).status_code == 302
    assert queries.unread(cast.dna.person) == 0


def test_choices_are_kept_and_nonsense_is_refused(cast: Cast, sign_in: SignIn) -> None:
    client, page = sign_in(Client(), cast.doe), reverse("notice_choices")
    ways = queries.chosen(cast.doe) | {"audits": "daily"}
    assert client.post(page, ways).status_code == 302
    assert queries.chosen(cast.doe)["audits"] == "daily"
    refused = client.post(page, ways | {"audits": "pigeon"})
    assert refused.status_code == 422 and "pigeon" in refused.content.decode()
    assert queries.chosen(cast.doe)["audits"] == "daily"


def events(client: Client, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_calendar_programme_reads_the_deadlines(cast: Cast, sign_in: SignIn) -> None:
    request = story.requested(cast)
    client, page = sign_in(Client(), cast.secretariat), reverse("agenda")
    shown = client.get(page).content.decode()
    assert "8 October 2013" in shown and request.reference in shown
    client.post(page)
    own = queries.calendar_of(cast.secretariat)
    assert own is not None
    path = reverse("calendar", args=[own.secret])
    assert path in client.get(page).content.decode()
    (event,) = events(Client(), path)
    assert event["DTSTART"].dt.isoformat() == "2013-10-08"
    assert event["DTEND"].dt.isoformat() == "2013-10-09"
    assert "Is everything there?" in event["SUMMARY"]
    client.post(page)
    assert Client().get(path).status_code == 404, "the former address is gone"
