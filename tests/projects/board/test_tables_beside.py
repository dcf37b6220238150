"""What stands beside the states of tables 3.3 and 3.5, walked in each situation of a request, by
page and by API: the fee (FEE_DUE, deferred, waived) that one person of the secretariat records and
a second one confirms; conflicts that members, alternates and experts declare; absences.

What is legal is transcribed by hand; everybody else, and everybody in every other situation, is
refused with a reason and nothing in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cdm_portal.journal.models import Entry
from projects.board import actions, moves, queries
from projects.board.models import Invoice, Payment, Request
from tests.cast import Cast
from tests.projects.board import payments, story
from tests.projects.board.situations import Case, SignIn, everybody
from tests.projects.board.story import LARGE
from tests.walker import Walker
from tests.world import as_if

pytestmark = pytest.mark.django_db

OFFICE = ("secretariat", "second")
MONEY = ("payment", "confirm", "aside")
VOID, ENDED = {"rejected", "withdrawn"}, {"rejected", "withdrawn", "approved"}
DELIBERATING = {
    "published", "window over", "two asked", "review requested", "opened", "replied",
    "half assessed", "proposed", "at the vote", "carried", "carried against", "carried corrections",
}
VOTED = {"carried", "carried against", "carried corrections", "corrections", "corrected"}
ASSESSED = {"proposed", "at the vote", *VOTED}
BY_PAGE = {"started", "published", "at the vote", "carried", "approved"}
"""Where the pages' refusals are looked at too; the forms and actions are the API's."""
VERBS = {
    "payment": "record_payment", "confirm": "confirm_payment", "aside": "set_payment_aside",
    "recuse": "recuse", "absence": "record_absence", "vote": "vote",
}
SEAT = 3
"""The seat of the one who is called the member: it has not voted when a ruling is carried."""


def conflicted(situation: str) -> set[str]:
    """Who may declare a conflict: until the end whoever has neither voted nor assessed; experts,
    who may not know of a request before, from its publication on.
    """
    if situation in ENDED:
        return set()
    may = {"board", "member", "alternate"}
    may |= set() if situation in VOTED else {"voter"}
    return may | ({"rit"} if situation in DELIBERATING - ASSESSED else set())


class Walk:
    """Everybody tries the acts in a situation."""

    def __init__(self, walker: Walker, case: Case, stop: pytest.MonkeyPatch) -> None:
        self.walker, self.case, self.stop = walker, case, stop
        self.tried: set[tuple[str, str]] = set()
        self.asked = 0

    def form(self, act: str) -> dict[str, Any]:
        """A form of the act that is complete."""
        invoice = Invoice.objects.filter(request_id=self.case.pk).first()
        waiting = queries.payment_waiting(invoice) if invoice else None
        owed = invoice.amount_usd - invoice.received_usd if invoice else Decimal(1)
        forms: dict[str, dict[str, Any]] = {
            "payment": {
                "amount": str(owed), "currency": "USD", "payment_reference": "BANK-9",
                "received_on": self.case.at.date().isoformat(),
            },
            "confirm": {"payment_id": waiting.pk if waiting else 1, "seen": True},
            "aside": {"reason": "It is not on the statement."},
            "recuse": {"reason": "My brother works there."}, "absence": {"seat_number": SEAT},
            "vote": {"ruling": self.case.grant},
        }
        return forms[act]

    def tries(self, situation: str, act: str, may: set[str]) -> None:
        """The act, by everybody: done by those who may, refused to all others."""
        reference, form = self.case.request.reference, self.form(act)
        page = reverse("board:act", args=[reference, act])
        api = reverse("api:act", args=[reference, act])
        typed = {f"{act}-{name}": value for name, value in form.items()}
        self.asked += 2 * len(may)
        for who in self.walker.clients:
            if who in may:
                with self.walker.done(who, page, typed):
                    self.follows(act)
                with self.walker.done_by_api(who, api, form):
                    self.follows(act)
                continue
            theirs = self.walker.roles.get(who) in moves.MOVES[act].roles
            if theirs or (who, act) not in self.tried:
                self.tried.add((who, act))
                self.walker.denied_by_api(who, api, form)
            if theirs and situation in BY_PAGE:
                self.walker.denied(who, page, typed)

    def follows(self, act: str) -> None:
        """The entry in the journal, and what the act leaves."""
        request = self.case.request
        entry = Entry.objects.latest("id")
        assert (entry.project, entry.verb) == (request.project.reference, f"board.{VERBS[act]}")
        payment = Payment.objects.filter(invoice__request=request).last()
        if act in MONEY:
            said = {"payment": "recorded", "confirm": "confirmed", "aside": "refused"}
            assert payment is not None and payment.state == said[act]
        elif act == "recuse":
            assert request.recusals.filter(person_id=entry.actor_person_id).exists()
        elif act == "absence":
            assert request.absences.filter(seat_number=SEAT).exists()
        if act == "confirm":
            assert payment is not None and payment.recorded_by_id != payment.decided_by_id
            assert (payment.invoice.state, payment.invoice.paid_at) == ("paid", self.case.at)

    def money(self, situation: str, owed: bool) -> None:
        """Money of a request: recorded, and then confirmed or set aside."""
        self.stop.setattr("cdm_portal.clock.now", lambda: self.case.at)
        self.tries(situation, "payment", set(OFFICE) if owed else set())
        for act in ("confirm", "aside"):
            self.tries(situation, act, set())
        if owed:
            invoice = Invoice.objects.get(request_id=self.case.pk)
            self.case.do(
                actions.record_payment, self.case.cast.secretariat, currency="USD",
                amount=invoice.amount_usd - invoice.received_usd, payment_reference="BANK-1",
                received_on=self.case.at.date(),
            )
            self.tries(situation, "payment", set())
            self.tries(situation, "confirm", {"second"})
            self.tries(situation, "aside", set(OFFICE))

    def seats(self, situation: str) -> None:
        """Conflicts and absences, and who votes for a seat whose member is absent."""
        self.stop.setattr("cdm_portal.clock.now", lambda: self.case.at)
        self.tries(situation, "recuse", conflicted(situation))
        there = situation in DELIBERATING
        self.tries(situation, "absence", set(OFFICE) if there else set())
        if not there:
            return
        if situation == "at the vote":
            self.tries(situation, "vote", {"board", "member", "voter"})
        with as_if():
            self.case.do(actions.record_absence, self.case.cast.secretariat, seat_number=SEAT)
            self.tries(situation, "absence", set())
            if situation == "at the vote":
                self.tries(situation, "vote", {"board", "alternate", "voter"})

    def done(self, name: str) -> None:
        """Everything legal was done; how much that was."""
        assert self.walker.legal == self.asked
        print(f"\n{name}: {self.walker.legal} legal, {self.walker.refused} refused")


@pytest.fixture
def walking(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Request, datetime, Any], Walk]:
    """Walks a request as everybody."""
    stand_in = cast.alternates[SEAT - 1]

    def begin(request: Request, at: datetime, requester: Any) -> Walk:
        walker = everybody(cast, sign_in, requester, voter=cast.board[1], alternate=stand_in)
        return Walk(walker, Case(cast, request, requester, at), monkeypatch)

    return begin


def test_a_deferred_fee_conflicts_and_absences_in_every_situation(
    cast: Cast, walking: Callable[..., Walk]
) -> None:
    walk = walking(story.requested(cast, mwh=LARGE), story.REQUESTED, cast.doe)
    assert walk.case.request.invoice.state == "deferred"

    def look(situation: str) -> None:
        walk.seats(situation)
        with as_if():
            walk.money(situation, owed=situation not in VOID)

    walk.case.explore(look)
    walk.done("registration, deferred fee")


def test_a_fee_that_is_due_and_one_that_is_waived(
    cast: Cast, walking: Callable[..., Walk]
) -> None:
    with as_if():
        waived = walking(story.requested(cast), story.REQUESTED, cast.doe)
        waived.money("started", owed=False)
        waived.done("registration, fee waived")
    walk = walking(payments.fee_due(cast), payments.LATER, cast.doe)
    assert walk.case.request.state == "fee_due"
    walk.seats("fee due")
    with as_if():
        walk.money("fee due", owed=True)
        payments.confirms(cast.second_secretariat, walk.case.request)
        assert walk.case.request.state == "completeness_check"
        walk.money("received", owed=False)
    with as_if():
        walk.case.withdrawn()
        walk.money("withdrawn", owed=False)
        walk.seats("withdrawn")
    walk.done("registration, fee due")


def test_the_share_conflicts_and_absences_of_an_issuance(
    cast: Cast, walking: Callable[..., Walk]
) -> None:
    request = story.issuance_requested(cast)
    walk = walking(request, request.submitted_at, cast.other_doe)

    def look(situation: str) -> None:
        walk.seats(situation)
        if situation in BY_PAGE | VOID:
            walk.money(situation, owed=False)
        if situation == "approved":
            with as_if():
                walk.case.do(actions.instruct_issuance, cast.board[0])
                walk.money("instructed", owed=True)

    walk.case.explore(look)
    walk.done("issuance")
