"""Tables 3.3 and 3.5 of the domain, walked cell by cell, by page and by API.

What is legal is transcribed by hand: in which situation of a request which act is whose, and where
it leads. Everything else is refused with a reason and leaves nothing in the journal: by the API for
everybody; by the page, which asks the same forms and actions, in six situations for those whose
act it is in another (for issuance, the acts that registration has not). Whom no situation can
matter to, since the act is for other roles, is tried once for each act. The database:
test_procedure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.journal.models import Entry
from projects.board import actions, moves
from projects.board.models import Request
from tests.cast import Cast
from tests.projects.board import story
from tests.projects.board.story import fresh
from tests.walker import Walker
from tests.world import as_if

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Any], Client]

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
    "started", "complete", "gap", "informed", "contradiction", "incomplete", "published",
    "two asked", "review requested", "corrections",
)
DECIDED = ("approved", "rejected", "withdrawn")
SITUATIONS = tuple(dict.fromkeys([
    "started", *(situation for situation, _ in SHARED), "window over", *DECIDED,
]))  # fmt: skip
REGISTRATION = SHARED | {
    (situation, "withdraw"): (("requester",), "withdrawn") for situation in EARLY
} | {("window over", "withdraw"): (("requester",), "withdrawn")}
ISSUANCE = SHARED | {
    (situation, "withdraw-issuance"): (("requester",), "withdrawn")
    for situation in SITUATIONS if situation not in DECIDED
} | {("approved", "instruct"): (("board",), "approved")}


class Case:
    """A request, brought to a situation by everybody's own acts."""

    def __init__(self, cast: Cast, request: Request, requester: Any, at: datetime) -> None:
        self.cast, self.pk, self.requester, self.at = cast, request.pk, requester, at
        self.grant = "register" if request.is_registration else "issue"

    @property
    def request(self) -> Request:
        return fresh(Request.objects.get(pk=self.pk))

    def do(self, action: Callable[..., Any], actor: Any, **values: Any) -> None:
        action(actor=actor, at=self.at, request_id=self.pk, **values)

    def tick(self, part: str, unmet: str = "") -> None:
        request = self.request
        for check in request.checks.filter(stage=part, version=request.version):
            self.do(actions.check_item, self.cast.secretariat, code=check.code,
                    met=check.code != unmet, reason="It is not there.")  # fmt: skip

    def reach(self, situation: str) -> None:
        """The steps to a situation, each after the one before."""
        getattr(self, situation.replace(" ", "_"))()

    def started(self) -> None:
        pass

    def complete(self) -> None:
        self.tick("completeness")

    def gap(self) -> None:
        self.tick("completeness", unmet="form")

    def informed(self) -> None:
        self.complete()
        self.do(actions.conclude_completeness, self.cast.secretariat)
        self.tick("information")

    def contradiction(self) -> None:
        self.complete()
        self.do(actions.conclude_completeness, self.cast.secretariat)
        self.tick("information", unmet="forward")

    def incomplete(self) -> None:
        self.gap()
        self.do(actions.return_incomplete, self.cast.secretariat)

    def published(self) -> None:
        self.informed()
        self.do(actions.conclude_information, self.cast.secretariat, note="Complete.")

    def window_over(self) -> None:
        self.published()
        self.at += timedelta(days=29)

    def two_asked(self) -> None:
        self.published()
        for member in self.cast.board[6:8]:
            story.asks(self.request, member, self.at)

    def review_requested(self) -> None:
        self.two_asked()
        story.asks(self.request, self.cast.board[8], self.at)

    def opened(self) -> None:
        self.review_requested()
        self.do(actions.open_review, self.cast.secretariat, scope="Practice.")

    def replied(self) -> None:
        self.opened()
        for actor in (self.cast.participant, self.requester):
            self.do(actions.reply, actor, text="They differ.")

    def assess(self, actor: Any, recommendation: str) -> None:
        self.do(actions.assess, actor, recommendation=recommendation, reasons="So.")

    def half_assessed(self) -> None:
        self.replied()
        self.assess(self.cast.secretariat, self.grant)

    def proposed(self) -> None:
        self.half_assessed()
        self.assess(self.cast.rit, self.grant)

    def at_the_vote(self) -> None:
        self.half_assessed()
        self.assess(self.cast.rit, "reject")

    def carried(self, ruling: str = "") -> None:
        self.at_the_vote()
        for member in [self.cast.board[1], *self.cast.board[3:]]:  # without Chair and member
            self.do(actions.vote, member, ruling=ruling or self.grant)

    def carried_against(self) -> None:
        self.carried("reject")

    def carried_corrections(self) -> None:
        self.carried("correct")

    def ruled(self, ruling: str) -> None:
        self.carried(ruling)
        self.do(actions.rule, self.cast.board[0], reasons="So.")

    def corrections(self) -> None:
        self.ruled("correct")

    def corrected(self) -> None:
        self.corrections()
        self.do(actions.resubmit, self.requester, note="Done.")

    def approved(self) -> None:
        self.ruled(self.grant)

    def rejected(self) -> None:
        self.ruled("reject")

    def withdrawn(self) -> None:
        self.do(actions.withdraw_request, self.requester, reason="A mistake.")


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
    start, tried = case.at, set()
    for situation in SITUATIONS:
        with as_if():
            case.at = start
            case.reach(situation)
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


def walker(cast: Cast, sign_in: SignIn, requester: Any) -> Walker:
    """Everybody: the DOE that made the request, and the member and alternate besides the Chair."""
    return Walker(cast, sign_in, more={
        "requester": requester, "second": cast.second_secretariat, "member": cast.board[2],
        "rit": cast.rit, "foreign dna": cast.foreign_dna,
    })  # fmt: skip


def test_a_request_for_registration_follows_the_table(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.requested(cast)
    everybody = walker(cast, sign_in, cast.doe)
    del everybody.clients["doe"]  # who is the requester
    walk(everybody, Case(cast, request, cast.doe, story.REQUESTED), REGISTRATION, monkeypatch)


def test_a_request_for_issuance_follows_the_table(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = story.issuance_requested(cast)
    everybody = walker(cast, sign_in, cast.other_doe)
    del everybody.clients["other doe"]  # who is the requester
    walk(everybody, Case(cast, request, cast.other_doe, request.submitted_at), ISSUANCE,
         monkeypatch)  # fmt: skip
