"""Asking for a review, declaring a conflict, and opening the review."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.board import queries, standing, windows
from projects.board.errors import AlreadyAsked, AlreadyRecused, AlreadyVoted, WindowClosed
from projects.board.grounds import GROUNDS
from projects.board.models import Recusal, Request, ReviewRequest
from projects.board.procedure import ENDED, State
from projects.board.record import record
from projects.lifecycle import NotNow


def request_review(
    *, actor: Actor, at: datetime, request_id: int, grounds: Iterable[str], reasons: str
) -> ReviewRequest:
    """Ask for a review inside the window, publicly. One Party involved starts it, through its DNA;
    of the Board's members, three distinct persons without a conflict do (domain, 2.4 and 2.6).

    The one that makes it enough changes the request in this very transaction. Raises NotFound,
    NotNow, WindowClosed, Recused, TakesSides, AlreadyAsked, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        _window_open(request, at)
        person_id = _asking(request, actor)
        asked = ReviewRequest.objects.create(
            request=request, person_id=person_id, name=actor.name, at=at,
            party_code=actor.party if actor.role == Role.DNA else "",
            grounds=_known(request, grounds), reasons=standing.words("reasons", reasons),
        )
        enough = asked.by_party or queries.members_asking(request) >= queries.members_needed(at)
        if enough:
            lifecycle.ask(request, "start_review", actor)
            request.start_review()
            days = parameters.number("reply_days", at.date())
            request.reply_due_at = windows.closes_at(at, days)
            request.save(update_fields=["state", "reply_due_at"])
        record(
            "board.request_review", request, actor, at, grounds=asked.grounds, starts=enough
        )
    return asked


def recuse(*, actor: Actor, at: datetime, request_id: int, reason: str) -> Recusal:
    """A member declares a conflict: a request of theirs counts no more while the window is open.

    Raises NotFound, Forbidden, NotNow, AlreadyRecused, AlreadyVoted, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        if actor.role != Role.BOARD or actor.person_id is None:
            raise Forbidden("Members of the Executive Board declare conflicts.")
        if request.state in ENDED:
            raise NotNow("The request is decided.")
        if request.recusals.filter(person_id=actor.person_id).exists():
            raise AlreadyRecused("You have declared a conflict in this case already.")
        if request.votes.filter(person_id=actor.person_id).exists():
            raise AlreadyVoted("You have voted in this case; a vote cannot be taken back.")
        made = Recusal.objects.create(
            request=request, person_id=actor.person_id, name=actor.name, at=at,
            reason=standing.words("reason", reason),
        )
        record("board.recuse", request, actor, at)
    return made


def open_review(*, actor: Actor, at: datetime, request_id: int, scope: str) -> Request:
    """The secretariat states the scope of the review; from now on members vote.

    Raises NotFound, NotNow, Forbidden, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "open_review", actor)
        request.review_scope = standing.words("scope", scope)
        request.open_review()
        request.save(update_fields=["state", "review_scope"])
        record("board.open_review", request, actor, at)
    return request


def _window_open(request: Request, at: datetime) -> None:
    lifecycle_says = lifecycle.why_not(request, "start_review")
    if request.state != State.PUBLISHED or lifecycle_says:
        raise NotNow(" ".join(lifecycle_says) or "The review window is not open.")
    if request.window_closes_at is None or at >= request.window_closes_at:
        raise WindowClosed("The review window closed at 24:00 UTC of its last day.")


def _asking(request: Request, actor: Actor) -> int:
    """The person who asks, as a member of the Board or for a Party involved."""
    if actor.role == Role.DNA and actor.person_id is not None:
        return actor.person_id  # hold() has seen that the Party is involved
    person_id = standing.board_only(request, actor)
    if request.review_requests.filter(person_id=person_id).exists():
        raise AlreadyAsked("You have asked for a review of this request already.")
    return person_id


def _known(request: Request, grounds: Iterable[str]) -> list[str]:
    chosen = list(dict.fromkeys(grounds))
    if not chosen:
        raise Invalid.of("grounds", "Tick at least one ground.")
    if not set(chosen) <= GROUNDS[request.kind].keys():
        raise Invalid.of("grounds", "This is not a ground for a review of such a request.")
    return chosen
