"""The pages of a national authority, and the participant's page for asking it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.values import Actor
from projects.dna.models import Letter
from tests.cast import Cast
from tests.projects.board.story import designed, fresh, letter_asked

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]


def test_the_participant_asks_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    project = designed(cast)
    client = sign_in(Client(), cast.participant)
    address = reverse("dna:request", args=[project.reference])
    assert "Ask Kenya for the letter of approval" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert Letter.objects.get().state == "requested"
    assert client.post(address).status_code == 422
    for other in (cast.rival_participant, cast.dna, cast.doe):
        assert sign_in(Client(), other).get(address).status_code == 404


def test_the_dna_reads_the_design_document_and_issues(cast: Cast, sign_in: SignIn) -> None:
    letter = letter_asked(cast)
    client = sign_in(Client(), cast.dna)
    assert letter.project.title in client.get(reverse("dna:desk")).content.decode()
    page = reverse("dna:letter", args=[letter.pk])
    body = client.get(page).content.decode()
    assert "Polycrystalline modules with central inverters." in body
    assert "EF_OM" in body
    issue = reverse("dna:issue", args=[letter.pk])
    ticks = {"ratified": "on", "voluntary": "on", "sustainable_development": "on"}
    answer = client.post(issue, ticks | {"organisation_ids": [cast.participant.office]})
    assert answer.status_code == 302
    letter = fresh(letter)
    body = client.get(page).content.decode()
    assert letter.number in body
    assert reverse("document", args=[letter.document_id]) in body
    paper = Client().get(reverse("document", args=[letter.document_id]))
    assert paper.headers["Content-Type"] == "application/pdf"


def test_a_missing_declaration_is_named_at_its_box_and_the_rest_stays_ticked(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    letter = letter_asked(cast)
    client = sign_in(Client(), cast.dna)
    client.get(reverse("dna:desk"))
    with nothing_written():
        answer = client.post(
            reverse("dna:issue", args=[letter.pk]),
            {"ratified": "on", "voluntary": "on", "organisation_ids": [cast.participant.office]},
        )
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Confirm the contribution to sustainable development" in body
    assert 'name="ratified" ' in body
    assert body.count("checked") == 3


@pytest.mark.parametrize("name", ["letter", "issue", "refuse", "withdraw", "ask"])
def test_a_foreign_dna_finds_nothing(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing, name: str
) -> None:
    letter = letter_asked(cast)
    client = sign_in(Client(), cast.foreign_dna)
    client.get(reverse("dna:desk"))
    with nothing_written():
        address = reverse(f"dna:{name}", args=[letter.pk])
        answer = client.get(address) if name == "letter" else client.post(address)
        assert answer.status_code == 404


def test_question_and_answer_pass_between_the_two_pages(cast: Cast, sign_in: SignIn) -> None:
    letter = letter_asked(cast)
    authority = sign_in(Client(), cast.dna)
    ask = reverse("dna:ask", args=[letter.pk])
    assert authority.post(ask, {"text": ""}).status_code == 422
    assert authority.post(ask, {"text": "Who owns the land?"}).status_code == 302
    owner = sign_in(Client(), cast.participant)
    page = reverse("dna:request", args=[letter.project.reference])
    assert "Who owns the land?" in owner.get(page).content.decode()
    question = letter.questions.get()
    answer = reverse("dna:answer", args=[question.pk])
    assert owner.post(answer, {"text": "x" * 5001}).status_code == 422
    assert owner.post(answer, {"text": "The county."}).status_code == 302
    assert sign_in(Client(), cast.rival_participant).post(answer).status_code == 404
    body = authority.get(reverse("dna:letter", args=[letter.pk])).content.decode()
    assert "The county." in body


def test_a_refusal_reaches_the_participant_word_for_word(cast: Cast, sign_in: SignIn) -> None:
    letter = letter_asked(cast)
    refuse = reverse("dna:refuse", args=[letter.pk])
    client = sign_in(Client(), cast.dna)
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "No water permit."}).status_code == 302
    page = reverse("dna:request", args=[letter.project.reference])
    assert "No water permit." in sign_in(Client(), cast.participant).get(page).content.decode()
