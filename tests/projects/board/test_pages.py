"""The pages of a request: what each role sees and can do, and how a refusal is shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.values import Actor
from projects.board import actions
from projects.board.models import Request
from projects.board.procedure import State
from projects.dna.models import Letter
from projects.models import Project
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story
from tests.projects.board.story import fresh

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]


def page_of(request: Request) -> str:
    """The address of a request."""
    return reverse("board:request", args=[request.reference])


def test_the_doe_requests_registration_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    project = story.validated(cast, mwh=story.LARGE)
    address = reverse("board:request_registration", args=[project.reference])
    client = sign_in(Client(), cast.doe)
    shown = client.get(address)
    assert shown.status_code == 200
    assert "US$5\u202f700.60" in shown.content.decode()
    made = client.post(address)
    request = Request.objects.get()
    assert (made.status_code, made.headers["Location"]) == (302, page_of(request))
    assert client.get(page_of(request)).status_code == 200
    again = client.post(address)
    assert again.status_code == 422
    assert request.reference in again.content.decode()
    for other in (cast.other_doe, cast.participant, cast.board[0], cast.secretariat):
        assert sign_in(Client(), other).get(address).status_code == 404


def test_the_page_says_why_registration_cannot_be_requested(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    from projects.dna import actions as dna

    project = story.validated(cast)
    letter = Letter.objects.get()
    dna.withdraw_letter(actor=cast.dna, at=on(2013, 9, 2), letter_id=letter.pk, reason="Forged.")
    client = sign_in(Client(), cast.doe)
    address = reverse("board:request_registration", args=[project.reference])
    assert "letter of approval is missing" in client.get(address).content.decode()
    client.get(address)
    with nothing_written():
        assert client.post(address).status_code == 422


def test_the_secretariat_checks_item_by_item_and_publishes(cast: Cast, sign_in: SignIn) -> None:
    request = story.requested(cast)
    client = sign_in(Client(), cast.secretariat)
    check = reverse("board:check", args=[request.reference, "form"])
    assert client.get(check).status_code == 200
    wrong = client.post(check, {"met": "no", "reason": ""})
    assert wrong.status_code == 422
    assert "cannot stay empty" in wrong.content.decode()
    after = client.post(check, {"met": "yes", "reason": ""})
    assert after.headers["Location"] == reverse("board:check", args=[request.reference, "design"])
    too_early = client.post(reverse("board:act", args=[request.reference, "complete"]))
    assert too_early.status_code == 422
    assert "Not looked at yet" in too_early.content.decode()
    story.checked(cast, request, "completeness")
    done = client.post(reverse("board:act", args=[request.reference, "complete"]))
    assert done.status_code == 302
    story.checked(cast, request, "information")
    publish = reverse("board:act", args=[request.reference, "publish"])
    assert client.post(publish, {"publish-note": ""}).status_code == 422
    assert client.post(publish, {"publish-note": "Complete."}).status_code == 302
    assert fresh(request).state == State.PUBLISHED


def test_what_was_typed_survives_a_refusal(cast: Cast, sign_in: SignIn) -> None:
    request = published_now(cast)
    client = sign_in(Client(), cast.board[0])
    answer = client.post(
        reverse("board:act", args=[request.reference, "review"]),
        {"review-reasons": "The margins are out of date."},
    )
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Tick at least one ground." in body
    assert "The margins are out of date." in body


def published_now(cast: Cast) -> Request:
    """A request whose window is open at this moment of the portal's clock."""
    from cdm_portal import clock

    return story.passed(cast, story.requested(cast), clock.now())


def test_three_members_ask_on_the_page_and_the_form_is_gone_for_good(
    cast: Cast, sign_in: SignIn
) -> None:
    request = published_now(cast)
    address = reverse("board:act", args=[request.reference, "review"])
    typed = {"review-grounds": ["baseline"], "review-reasons": "The margins are out of date."}
    for member in cast.board[:3]:
        client = sign_in(Client(), member)
        assert "Ask for a review</legend>" in client.get(page_of(request)).content.decode()
        assert client.post(address, typed).status_code == 302
    assert fresh(request).state == State.REVIEW_REQUESTED
    body = sign_in(Client(), cast.board[4]).get(page_of(request)).content.decode()
    assert "Ask for a review</legend>" not in body
    assert "The review window is over: review requested." in body
    late = sign_in(Client(), cast.board[4]).post(address, typed)
    assert late.status_code == 422


def test_a_recused_member_sees_no_form_and_the_server_refuses(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    request = published_now(cast)
    client = sign_in(Client(), cast.board[0])
    recuse = reverse("board:act", args=[request.reference, "recuse"])
    assert client.post(recuse, {"recuse-reason": "My ministry."}).status_code == 302
    body = client.get(page_of(request)).content.decode()
    assert "You have declared a conflict" in body
    assert "Ask for a review</legend>" not in body
    with nothing_written():
        refused = client.post(
            reverse("board:act", args=[request.reference, "review"]),
            {"review-grounds": ["baseline"], "review-reasons": "Why"},
        )
    assert refused.status_code == 403
    assert "You have declared a conflict" in refused.content.decode()


def test_the_dna_of_the_host_asks_and_a_foreign_one_finds_nothing(
    cast: Cast, sign_in: SignIn
) -> None:
    request = published_now(cast)
    assert sign_in(Client(), cast.foreign_dna).get(page_of(request)).status_code == 404
    client = sign_in(Client(), cast.dna)
    assert client.get(page_of(request)).status_code == 200
    answer = client.post(
        reverse("board:act", args=[request.reference, "review"]),
        {"review-grounds": ["approval"], "review-reasons": "The letter named another site."},
    )
    assert answer.status_code == 302
    assert fresh(request).state == State.REVIEW_REQUESTED


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretariat", 200), ("rit", 404), ("doe", 200), ("participant", 200), ("dna", 404),
        ("auditor", 200),
        ("other_doe", 404), ("rival_participant", 404), ("foreign_dna", 404), ("buyer", 404),
        ("registry", 404),
    ],
)
def test_who_may_know_of_a_request_that_is_not_published(
    cast: Cast, sign_in: SignIn, role: str, status: int
) -> None:
    request = story.requested(cast)
    client = sign_in(Client(), getattr(cast, role))
    assert client.get(page_of(request)).status_code == status
    strangers = {"buyer", "registry"}
    assert client.get(reverse("board:desk")).status_code == (404 if role in strangers else 200)


def test_a_stranger_is_asked_to_sign_in(cast: Cast) -> None:
    request = story.requested(cast)
    assert Client().get(page_of(request)).status_code == 302


def test_an_act_is_not_there_for_other_roles_or_by_other_names(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    request = story.requested(cast)
    client = sign_in(Client(), cast.doe)
    client.get(page_of(request))
    with nothing_written():
        for slug, status in (("complete", 403), ("publish", 403), ("vote", 403), ("rule", 403),
                             ("nonsense", 404)):  # fmt: skip
            answer = client.post(reverse("board:act", args=[request.reference, slug]))
            assert answer.status_code == status, slug
        assert client.get(
            reverse("board:act", args=[request.reference, "withdraw"])
        ).status_code == 405


def test_members_vote_and_the_chair_publishes_the_ruling(
    cast: Cast, sign_in: SignIn
) -> None:
    request = story.at_the_vote(cast, published_now(cast))
    vote = reverse("board:act", args=[request.reference, "vote"])
    for member in cast.board[:7]:
        client = sign_in(Client(), member)
        assert client.post(vote, {"vote-ruling": "register"}).status_code == 302
    body = client.get(page_of(request)).content.decode()
    assert "with all 10 voting, 8 votes carry" in body
    assert "Single votes, for the Board alone" in body
    office = sign_in(Client(), cast.secretariat)
    assert "Single votes" not in office.get(page_of(request)).content.decode()
    rule = reverse("board:act", args=[request.reference, "rule"])
    typed = {"rule-reasons": "Agreed by all."}
    assert office.post(rule, typed).status_code == 403
    assert client.post(rule, typed).status_code == 403
    assert "Publish the ruling" not in client.get(page_of(request)).content.decode()
    chair = sign_in(Client(), cast.board[0])
    assert "Publish the ruling" in chair.get(page_of(request)).content.decode()
    assert chair.post(rule, typed).status_code == 302
    assert Project.objects.get().number == "95001"
    assert "RUL-" in office.get(page_of(request)).content.decode()


def test_the_board_instructs_on_the_page_of_a_granted_issuance(
    cast: Cast, sign_in: SignIn
) -> None:
    request = story.issuance_granted(cast)
    client = sign_in(Client(), cast.board[0])
    body = client.get(page_of(request)).content.decode()
    assert "Instruct the registry" in body
    done = client.post(reverse("board:act", args=[request.reference, "instruct"]))
    assert done.status_code == 302
    body = client.get(page_of(request)).content.decode()
    assert "Waits for a second person" in body
    assert "14\u202f023" in body


def test_the_doe_requests_issuance_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    period = story.certified(cast)
    address = reverse("board:request_issuance", args=[period.project.reference, period.number])
    client = sign_in(Client(), cast.other_doe)
    assert "14\u202f023" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert sign_in(Client(), cast.doe).get(address).status_code == 404


def test_a_request_that_was_returned_is_submitted_again_on_its_page(
    cast: Cast, sign_in: SignIn
) -> None:
    request = story.requested(cast)
    step = {"actor": cast.secretariat, "at": on(2013, 10, 5), "request_id": request.pk}
    actions.check_item(**step, code="form", met=False, reason="Page 3 is missing.")
    actions.return_incomplete(**step)
    client = sign_in(Client(), cast.doe)
    assert "Page 3 is missing." in client.get(page_of(request)).content.decode()
    address = reverse("board:act", args=[request.reference, "resubmit"])
    assert client.post(address, {"resubmit-note": " "}).status_code == 422
    assert client.post(address, {"resubmit-note": "Added."}).status_code == 302
    assert fresh(request).version == 2


def test_the_secretariat_records_an_absence_and_the_alternate_votes_on_the_page(
    cast: Cast, sign_in: SignIn
) -> None:
    request = story.at_the_vote(cast, published_now(cast))
    stand_in = sign_in(Client(), cast.alternates[3])
    assert "Cast the vote" not in stand_in.get(page_of(request)).content.decode()
    assert "Somebody else speaks for your seat" in stand_in.get(page_of(request)).content.decode()
    office = sign_in(Client(), cast.secretariat)
    absence = reverse("board:act", args=[request.reference, "absence"])
    assert "4: Member 4" in office.get(page_of(request)).content.decode()
    for typed in ("", "44", "four"):
        wrong = office.post(absence, {"absence-seat_number": typed})
        assert wrong.status_code == 422
    assert office.post(absence, {"absence-seat_number": "4"}).status_code == 302
    assert "Absent: the alternate speaks" in office.get(page_of(request)).content.decode()
    assert "Cast the vote" in stand_in.get(page_of(request)).content.decode()
    vote = reverse("board:act", args=[request.reference, "vote"])
    assert stand_in.post(vote, {"vote-ruling": "correct"}).status_code == 302
    assert "Your seat has voted." in stand_in.get(page_of(request)).content.decode()
    assert request.votes.get().seat_number == 4
