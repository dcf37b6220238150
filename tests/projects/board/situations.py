"""A request in every situation of tables 3.3 and 3.5, and who is there: for the walks of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from projects.board import actions
from projects.board.models import Request
from tests.cast import Cast
from tests.projects.board import story
from tests.projects.board.story import fresh
from tests.walker import Walker
from tests.world import as_if

SignIn = Callable[[Client, Any], Client]

BEFORE = {
    "complete": "started", "gap": "started", "incomplete": "gap", "passed": "complete",
    "informed": "passed", "contradiction": "passed", "published": "informed",
    "window over": "published", "two asked": "published", "review requested": "two asked",
    "opened": "review requested", "replied": "opened", "half assessed": "replied",
    "proposed": "half assessed", "at the vote": "half assessed", "carried": "at the vote",
    "carried against": "at the vote", "carried corrections": "at the vote",
    "corrections": "carried corrections", "corrected": "corrections", "approved": "carried",
    "rejected": "carried against", "withdrawn": "started",
}
"""Each situation, and the one that it follows."""
SITUATIONS = ("started", *BEFORE)


class Case:
    """A request, brought to a situation by everybody's own acts, one step after the other."""

    def __init__(self, cast: Cast, request: Request, requester: Any, at: datetime) -> None:
        self.cast, self.pk, self.requester, self.at = cast, request.pk, requester, at
        self.grant = "register" if request.is_registration else "issue"

    @property
    def request(self) -> Request:
        return fresh(Request.objects.get(pk=self.pk))

    def explore(self, look: Callable[[str], None], situation: str = "started") -> None:
        """`look` at this situation and at all that follow from it. Each step is taken once, and
        undone when everything behind it has been looked at.
        """
        start = self.at
        with as_if():
            getattr(self, situation.replace(" ", "_"))()
            look(situation)
            for following in (name for name, before in BEFORE.items() if before == situation):
                self.explore(look, following)
        self.at = start

    def do(self, action: Callable[..., Any], actor: Any, **values: Any) -> None:
        action(actor=actor, at=self.at, request_id=self.pk, **values)

    def tick(self, part: str, unmet: str = "") -> None:
        request = self.request
        for check in request.checks.filter(stage=part, version=request.version):
            self.do(actions.check_item, self.cast.secretariat, code=check.code,
                    met=check.code != unmet, reason="It is not there.")  # fmt: skip

    def started(self) -> None:
        pass

    def complete(self) -> None:
        self.tick("completeness")

    def gap(self) -> None:
        self.tick("completeness", unmet="form")

    def passed(self) -> None:
        self.do(actions.conclude_completeness, self.cast.secretariat)

    def informed(self) -> None:
        self.tick("information")

    def contradiction(self) -> None:
        self.tick("information", unmet="forward")

    def incomplete(self) -> None:
        self.do(actions.return_incomplete, self.cast.secretariat)

    def published(self) -> None:
        self.do(actions.conclude_information, self.cast.secretariat, note="Complete.")

    def window_over(self) -> None:
        self.at += timedelta(days=29)

    def two_asked(self) -> None:
        for member in self.cast.board[6:8]:
            story.asks(self.request, member, self.at)

    def review_requested(self) -> None:
        story.asks(self.request, self.cast.board[8], self.at)

    def opened(self) -> None:
        self.do(actions.open_review, self.cast.secretariat, scope="Practice.")

    def replied(self) -> None:
        for actor in (self.cast.participant, self.requester):
            self.do(actions.reply, actor, text="They differ.")

    def assess(self, actor: Any, recommendation: str) -> None:
        self.do(actions.assess, actor, recommendation=recommendation, reasons="So.")

    def half_assessed(self) -> None:
        self.assess(self.cast.secretariat, self.grant)

    def proposed(self) -> None:
        self.assess(self.cast.rit, self.grant)

    def at_the_vote(self) -> None:
        self.assess(self.cast.rit, "reject")

    def carried(self, ruling: str = "") -> None:
        for member in [self.cast.board[1], *self.cast.board[3:]]:  # without Chair and member
            self.do(actions.vote, member, ruling=ruling or self.grant)

    def carried_against(self) -> None:
        self.carried("reject")

    def carried_corrections(self) -> None:
        self.carried("correct")

    def ruled(self) -> None:
        self.do(actions.rule, self.cast.board[0], reasons="So.")

    corrections = approved = rejected = ruled

    def corrected(self) -> None:
        self.do(actions.resubmit, self.requester, note="Done.")

    def withdrawn(self) -> None:
        self.do(actions.withdraw_request, self.requester, reason="A mistake.")


def everybody(cast: Cast, sign_in: SignIn, requester: Any, **more: Any) -> Walker:
    """The DOE that made the request, the member besides the Chair, and whoever else is named."""
    walker = Walker(cast, sign_in, more={
        "requester": requester, "second": cast.second_secretariat, "member": cast.board[2],
        "rit": cast.rit, "foreign dna": cast.foreign_dna, **more,
    })  # fmt: skip
    del walker.clients["doe" if requester == cast.doe else "other doe"]  # who is the requester
    return walker
