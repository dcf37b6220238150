"""Accreditations on their pages: three parties, three browsers, and what the public reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.values import Actor
from projects.doe.models import Proceeding
from tests.cast import Cast
from tests.projects.doe import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(sign_in: Callable[[Client, Actor], Client]) -> Callable[[Actor], Client]:
    """A browser of one's own for each."""
    return lambda actor: sign_in(Client(), actor)


def url(name: str, *args: object) -> str:
    return reverse(f"doe:{name}", args=args)


def public(name: str, *args: object) -> str:
    return reverse(f"doe-public:{name}", args=args)


def test_an_accreditation_is_asked_for_prepared_and_decided_on_the_pages(
    cast: Cast, as_: Any
) -> None:
    given = {
        "kind": "accredit", "scopes": ["1"], "functions": ["validation"], "statement": "Auditors.",
    }
    doe, secretariat = as_(cast.unaccredited_doe), as_(cast.secretariat)
    assert doe.post(url("ask"), given | {"scopes": []}).status_code == 422
    assert doe.post(url("ask"), given).status_code == 302
    page = url("proceeding", Proceeding.objects.get().pk)
    assert as_(cast.doe).get(page).status_code == 404
    board = as_(cast.board[0])
    assert "The secretariat has not prepared it." in board.get(page).content.decode()
    assert secretariat.post(page, {"reasons": ""}).status_code == 422
    assert secretariat.post(page, {"reasons": "Assessed on site."}).status_code == 302
    assert "Assessed on site." in doe.get(page).content.decode()
    assert doe.post(page, {"text": "More."}).status_code == 422
    assert board.post(page, {"outcome": "grant", "reasons": "Competent."}).status_code == 302
    register = Client().get(public("directory")).content.decode()
    assert "Validation: scopes 1" in register
    entity = Client().get(public("entity", cast.unaccredited_doe.office))
    assert "Competent." in entity.content.decode()
    given = {"scopes": ["1"], "functions": ["validation"], "reason": "We close."}
    assert doe.post(url("relinquish"), given | {"reason": ""}).status_code == 422
    assert doe.post(url("relinquish"), given).status_code == 302
    entity = Client().get(public("entity", cast.unaccredited_doe.office))
    assert "We close." in entity.content.decode()


def test_a_suspension_is_proposed_answered_and_decided_on_the_pages(cast: Cast, as_: Any) -> None:
    given = {
        "kind": "suspend", "organisation": cast.doe.office, "scopes": ["1"],
        "functions": ["validation"], "months": "", "reasons": "Gaps.",
    }
    secretariat, doe, board = as_(cast.secretariat), as_(cast.doe), as_(cast.board[0])
    refused = secretariat.post(url("propose"), given)
    assert refused.status_code == 422
    assert "a term of 1 to 12 months" in refused.content.decode()
    assert secretariat.post(url("propose"), given | {"months": "6"}).status_code == 302
    page = url("proceeding", Proceeding.objects.get().pk)
    decision = {"outcome": "grant", "reasons": "Serious."}
    assert "You may answer what is proposed." in doe.get(reverse("desk")).content.decode()
    assert board.post(page, decision).status_code == 422
    assert doe.post(page, {"text": "We train."}).status_code == 302
    assert "A member of the Board decides." in board.get(reverse("desk")).content.decode()
    assert board.post(page, decision).status_code == 302
    register = Client().get(public("directory")).content.decode()
    assert "Partly suspended" in register
    for client in (secretariat, doe, board):
        assert client.get(url("accreditations")).status_code == 200
    assert secretariat.get(url("exempt")).status_code == 200


def test_an_exemption_is_proposed_on_the_page(cast: Cast, as_: Any) -> None:
    project = story.validated(cast, large=True)
    given = {"project": project.pk, "reasons": "No other entity."}
    assert as_(cast.secretariat).post(url("exempt"), given).status_code == 302
    made = Proceeding.objects.get()
    assert (made.kind, made.project, made.state) == ("exempt", project, "proposed")
