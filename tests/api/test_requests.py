"""Requests in the API: what the public reads, what the parties to it do, and how it says no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal.journal.models import Entry
from cdm_portal.values import Actor
from projects.board import actions
from projects.board.models import Request
from projects.dna import actions as dna
from projects.dna.models import Letter
from tests.api.test_api import schema
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Any], Client]


@pytest.fixture
def by(sign_in: SignIn) -> Callable[[Actor], Client]:
    """Somebody's browser."""
    return lambda actor: sign_in(Client(), actor)


def at(monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    monkeypatch.setattr("cdm_portal.clock.now", lambda: moment)


def listed(**query: Any) -> list[str]:
    answer = Client().get(reverse("api:requests"), query)
    assert answer.status_code == 200
    return [row["reference"] for row in answer.json()["data"]]


def test_the_public_reads_what_is_public_of_a_request(
    cast: Cast, by: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.review_opened(cast)
    at(monkeypatch, on(2013, 11, 10))
    actions.reply(actor=cast.doe, at=on(2013, 11, 5), request_id=request.pk, text="They differ.")
    page = reverse("api:request", args=[request.reference])
    seen = Client().get(page).json()
    components = schema()["components"]["schemas"]
    assert set(seen) == set(components["Request"]["properties"])
    row = Client().get(reverse("api:requests")).json()["data"][0]
    assert set(row) == set(components["RequestSummary"]["properties"])
    assert (seen["waiting_for"], seen["until"]) == (
        "Replies of participant and DOE", "2013-12-03T00:00:00Z"
    )
    assert (seen["checks"], seen["acts"]) == ([], [])
    assert seen["review"]["replies"][0]["text"] == "They differ."
    assert "Review requested (REG-2013-0001)" in {event["what"] for event in seen["history"]}
    office = by(cast.secretariat).get(page).json()
    assert {check["met"] for check in office["checks"]} == {True}
    assert "reply" in by(cast.participant).get(page).json()["acts"]
    assert "reply" not in by(cast.doe).get(page).json()["acts"]  # it has replied


def test_filters_have_the_names_of_the_pages(cast: Cast) -> None:
    request = story.requested(cast)
    whole = [request.reference]
    for query in ({"kind": "registration"}, {"state": "completeness_check"}, {"party": "ke"},
                  {"project": request.project.reference}, {"doe": cast.doe.office},
                  {"submitted_after": "2013-10-01"}, {"submitted_before": "2013-10-01"}):
        assert listed(**query) == whole, query
    for query in ({"kind": "issuance"}, {"state": "approved"}, {"party": "NG"}, {"project": "X"},
                  {"doe": cast.other_doe.office}, {"submitted_after": "2013-10-02"},
                  {"submitted_before": "2013-09-30"}):  # fmt: skip
        assert listed(**query) == [], query
    for name, value in (("kind", "x"), ("state", "x"), ("doe", "x"), ("submitted_after", "x")):
        answer = Client().get(reverse("api:requests"), {name: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])


def test_a_doe_requests_registration_and_a_withdrawn_letter_stands_in_the_way(
    cast: Cast, by: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = story.validated(cast)
    at(monkeypatch, story.REQUESTED)
    page, body = reverse("api:requests"), {"kind": "registration", "project": project.reference}
    browser, before = by(cast.doe), Entry.objects.count()

    def post(client: Client, given: Any) -> Any:
        return client.post(page, given, content_type="application/json")

    for given in ({}, {"kind": "x"}, body | {"project": 7}, body | {"kind": "issuance"}, [body]):
        assert post(browser, given).status_code == 422, given
    assert post(by(cast.participant), body).status_code == 403
    assert post(by(cast.other_doe), body).status_code == 404
    assert post(Client(), body).status_code == 403
    assert (Entry.objects.count(), Request.objects.count()) == (before, 0)
    letter = Letter.objects.get(project=project)
    dna.withdraw_letter(
        actor=cast.dna, at=on(2013, 9, 20), letter_id=letter.pk, reason="No water."
    )
    refused = post(browser, body)
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert not Request.objects.exists()


def test_the_doe_makes_a_request_and_the_secretariat_checks_it(
    cast: Cast, by: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = story.validated(cast)
    at(monkeypatch, story.REQUESTED)
    made = by(cast.doe).post(
        reverse("api:requests"), {"kind": "registration", "project": project.reference},
        content_type="application/json",
    )
    assert made.status_code == 201
    assert made["Location"].endswith(reverse("api:request", args=["REG-2013-0001"]))
    check = reverse("api:check", args=["REG-2013-0001", "form"])
    office = by(cast.secretariat)
    answer = office.post(check, {"met": "no"}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["reason"])
    answer = office.post(
        check, {"met": "no", "reason": "Page 3."}, content_type="application/json"
    )
    assert [c["reason"] for c in answer.json()["checks"] if c["met"] is False] == ["Page 3."]
    nowhere = reverse("api:check", args=["REG-2013-0001", "nothing"])
    assert office.post(nowhere, {}, content_type="application/json").status_code == 404


def test_who_is_in_conflict_is_refused_and_a_file_comes_as_a_form(
    cast: Cast, by: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.published(cast)
    at(monkeypatch, on(2013, 11, 4))
    act: dict[str, Any] = {"at": on(2013, 11, 4), "request_id": request.pk}
    actions.recuse(actor=cast.board[4], reason="My brother works there.", **act)
    page = reverse("api:act", args=[request.reference, "review"])
    body = {"grounds": ["additionality"], "reasons": "Two plants."}
    answer = by(cast.board[4]).post(page, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "recused")
    two = by(cast.board[5]).post(page, body, content_type="application/json")
    assert two.json()["state"] == "published"
    again = by(cast.board[5]).post(page, body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_asked")
    for member in cast.board[6:8]:
        story.asks(request, member, on(2013, 11, 4))
    actions.open_review(actor=cast.secretariat, scope="Practice.", **act)
    reply = reverse("api:act", args=[request.reference, "reply"])
    sent = by(cast.participant).post(
        reply, {"text": "See the survey.", "file": SimpleUploadedFile("survey.pdf", pdf())}
    )
    assert sent.status_code == 200
    assert "/documents/" in sent.json()["review"]["replies"][0]["document_url"]


def test_the_meetings_are_listed(cast: Cast) -> None:
    actions.plan_meeting(
        actor=cast.secretariat, at=on(2013, 1, 2), number=76, place="Bonn",
        first_date=on(2013, 11, 4).date(), last_date=on(2013, 11, 8).date(),
    )
    (row,) = Client().get(reverse("api:meetings")).json()["data"]
    assert (row["number"], row["place"], row["requests"], row["rulings"]) == (76, "Bonn", [], [])
