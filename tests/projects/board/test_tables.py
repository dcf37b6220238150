"""Tables 3.3 and 3.5 of the domain, walked cell by cell, by page and by API.

What is legal is transcribed by hand: in which situation of a request which act is whose, and where
it leads. Everything else is refused with a reason and leaves nothing in the journal: by the API for
everybody; by the page, which asks the same forms and actions, in six situations for those whose
act it is in another (for issuance, the acts that registration has not). Whom no situation can
matter to, since the act is for other roles, is tried once for each act. The database:
test_procedure; what stands beside the states, fees, conflicts and absence: test_tables_beside.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cdm_portal.journal.models import Entry
from projects.board import moves
from tests.cast import Cast
from tests.projects.board import story
from tests.projects.board.situations import SITUATIONS, Case, SignIn, everybody
from tests.walker import Walker

pytestmark = pytest.mark.django_db

OFFICE, MEMBERS = ("secretariat", "second"), ("board", "member")
FORMS: dict[str, dict[str, Any]] = {
    "complete": {}, "publish": {"note": "Complete."}, "return": {}, "resubmit": {"note": "Done."},
    "review": {"reasons": "Two plants are left out."}, "scope": {"scope": "Practice."},
    "reply": {"text": "They differ."}, "assess": {"reasons": "So."},
    "object": {"reasons": "Not so."}, "vote": {}, "rule": {"reasons": "So."}, "accept": {},
    "refer": {"reason": "One is missing."}, "instruct": {}, "withdraw": {"reason": "A mistake."},
    "withdraw-issuance": {"reason": "A mistake."},
}
EVENTS = tuple(FORMS)

# (situation, event) → who may, and the state that follows
SHARED: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("complete", "complete"): (OFFICE, "information_check"),
    ("gap", "return"): (OFFICE, "incomplete"),
    ("informed", "publish"): (OFFICE, "published"),
    ("contradiction", "return"): (OFFICE, "incomplete"),
    ("incomplete", "resubmit"): (("requester",), "completeness_check"),
    ("published", "review"): (MEMBERS, "published"),
    ("two asked", "review"): (MEMBERS, "review_requested"),
    ("review requested", "scope"): (OFFICE, "under_review"),
    ("opened", "reply"): (("participant", "requester"), "under_review"),
    ("replied", "assess"): ((*OFFICE, "rit"), "under_review"),
    ("half assessed", "assess"): (("rit",), "proposed"),
    ("proposed", "object"): (MEMBERS, "assessed"),
    ("at the vote", "vote"): (MEMBERS, "assessed"),
    ("carried", "vote"): (MEMBERS, "assessed"),  # who has not voted may until the ruling
    ("carried against", "vote"): (MEMBERS, "assessed"),
    ("carried corrections", "vote"): (MEMBERS, "assessed"),
    ("carried", "rule"): (("board",), "approved"),
    ("carried against", "rule"): (("board",), "rejected"),
    ("carried corrections", "rule"): (("board",), "corrections"),
    ("corrections", "resubmit"): (("requester",), "corrected"),
    ("corrected", "accept"): (OFFICE, "approved"),
    ("corrected", "refer"): (OFFICE, "corrections"),
}
BY_PAGE = {"secretariat", "requester", "participant", "member", "rit", "dna"}
SHOWN = {"complete", "incomplete", "published", "opened", "at the vote", "approved"}
"""Of whom and in which situations the pages' refusals are looked at; the actions are the API's."""
BY_A_PARTY = {("published", "review"), ("two asked", "review")}
"""The DNA of a Party involved starts a review alone."""
EARLY = (
    "started", "complete", "gap", "passed", "informed", "contradiction", "incomplete", "published",
    "two asked", "review requested", "corrections",
)
DECIDED = ("approved", "rejected", "withdrawn")
REGISTRATION = SHARED | {
    (situation, "withdraw"): (("requester",), "withdrawn") for situation in EARLY
} | {("window over", "withdraw"): (("requester",), "withdrawn")}
ISSUANCE = SHARED | {
    (situation, "withdraw-issuance"): (("requester",), "withdrawn")
    for situation in SITUATIONS if situation not in DECIDED
} | {("approved", "instruct"): (("board",), "approved")}


def values(case: Case, event: str) -> dict[str, Any]:
    """What the form of an act holds for this kind of request."""
    form = dict(FORMS[event])
    if event == "review":
        form["grounds"] = ["additionality" if case.grant == "register" else "incompetence"]
    if event == "assess":
        form["recommendation"] = case.grant
    if event == "vote":
        form["ruling"] = case.grant
    return form


def walk(
    walker: Walker, case: Case, legal: dict[tuple[str, str], tuple[tuple[str, ...], str]],
    stop: pytest.MonkeyPatch,
) -> None:
    """Every event by everybody in every situation."""
    tried: set[tuple[str, str]] = set()

    def look(situation: str) -> None:
        stop.setattr("cdm_portal.clock.now", lambda: case.at)
        reference, state = case.request.reference, case.request.state
        for event in EVENTS:
            page = reverse("board:act", args=[reference, event])
            api = reverse("api:act", args=[reference, event])
            form = values(case, event)
            typed = {f"{event}-{name}": value for name, value in form.items()}
            may, target = legal.get((situation, event), ((), ""))
            for who in walker.clients:
                party = who == "dna" and (situation, event) in BY_A_PARTY
                if party or who in may:
                    with walker.done(who, page, typed):
                        follows(case, event, "review_requested" if party else target)
                    with walker.done_by_api(who, api, form):
                        follows(case, event, "review_requested" if party else target)
                    continue
                theirs = walker.roles.get(who) in moves.MOVES[event].roles
                if theirs or (who, event) not in tried:
                    tried.add((who, event))
                    walker.denied_by_api(who, api, form)
                own = event in {"instruct", "withdraw-issuance"} or case.grant == "register"
                if theirs and own and who in BY_PAGE and situation in SHOWN:
                    walker.denied(who, page, typed)
        assert case.request.state == state

    case.explore(look)
    ways = sum(len(may) + (key in BY_A_PARTY) for key, (may, _target) in legal.items())
    assert walker.legal == 2 * ways
    print(f"\n{case.grant}: {walker.legal} legal, {walker.refused} refused by page and API")


def follows(case: Case, event: str, target: str) -> None:
    """The state after an act, and what the table says happens besides."""
    request = case.request
    assert request.state == target, event
    entry = Entry.objects.latest("id")
    assert entry.project == request.project.reference
    effect = {
        "publish": request.window_closes_at, "scope": request.reply_due_at,
        "resubmit": request.resubmitted_at, "withdraw": request.end_reason,
        "withdraw-issuance": request.end_reason,
        "return": request.incomplete_reasons, "refer": request.incomplete_reasons,
        "rule": getattr(request, "ruling", None), "review": request.review_requests.count(),
        "reply": request.replies.count(), "vote": request.votes.count(),
        "instruct": request.instructions.count(),
    }
    assert effect.get(event, True), event
    if target == "approved" and case.grant == "register":
        assert request.project.number and request.project.registered_at == request.complete_at
    if target in {"approved", "rejected", "withdrawn"}:
        assert request.decided_at is not None


def test_a_request_for_registration_follows_the_table(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.requested(cast)
    walk(everybody(cast, sign_in, cast.doe), Case(cast, request, cast.doe, story.REQUESTED),
         REGISTRATION, monkeypatch)  # fmt: skip


def test_a_request_for_issuance_follows_the_table(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.issuance_requested(cast)
    walk(everybody(cast, sign_in, cast.other_doe),
         Case(cast, request, cast.other_doe, request.submitted_at), ISSUANCE,
         monkeypatch)  # fmt: skip
