"""Asking for a review, standing aside or being away, and opening the review."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cdm_portal import deadlines, parameters
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.board import queries, standing
from projects.board.actions import replies
from projects.board.errors import (
    AlreadyAbsent,
    AlreadyAsked,
    AlreadyAssessed,
    AlreadyRecused,
    AlreadyVoted,
    WindowClosed,
)
from projects.board.grounds import GROUNDS
from projects.board.models import Absence, Recusal, Request, ReviewRequest
from projects.board.procedure import DELIBERATING, ENDED, State
from projects.board.record import record
from projects.lifecycle import NotNow


def request_review(
    *, actor: Actor, at: datetime, request_id: int, grounds: Iterable[str], reasons: str
) -> ReviewRequest:
    """Ask for a review inside the window, publicly. One Party involved starts it, through its DNA;
    of the Board, three distinct seats without a conflict do (domain, 2.4 and 2.6).

    The one that makes it enough changes the request in this very transaction. Raises NotFound,
    NotNow, WindowClosed, Forbidden, Recused, SeatSpoken, TakesSides, AlreadyAsked, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        _window_open(request, at)
        person_id, seat = _asking(request, actor, at)
        asked = ReviewRequest.objects.create(
            request=request, person_id=person_id, name=actor.name, at=at,
            party_code=actor.party if actor.role == Role.DNA else "", seat_number=seat,
            grounds=_known(request, grounds), reasons=standing.words("reasons", reasons),
        )
        enough = asked.by_party or queries.members_asking(request) >= queries.members_needed(at)
        if enough:
            lifecycle.ask(request, "start_review", actor)
            request.start_review()
            request.save(update_fields=["state"])
        record(
            "board.request_review", request, actor, at, grounds=asked.grounds, starts=enough
        )
    return asked


def recuse(*, actor: Actor, at: datetime, request_id: int, reason: str) -> Recusal:
    """A member, alternate or expert declares a conflict and takes no further part; a request of a
    member's for a review counts no more while the window is open.

    Raises NotFound, Forbidden, NotNow, AlreadyRecused, AlreadyVoted, AlreadyAssessed, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        if actor.role not in {Role.BOARD, Role.RIT} or actor.person_id is None:
            raise Forbidden("Members of the Executive Board and experts declare conflicts.")
        if request.state in ENDED:
            raise NotNow("The request is decided.")
        if request.recusals.filter(person_id=actor.person_id).exists():
            raise AlreadyRecused("You have declared a conflict in this case already.")
        if request.votes.filter(person_id=actor.person_id).exists():
            raise AlreadyVoted("You have voted in this case; a vote cannot be taken back.")
        if request.assessments.filter(person_id=actor.person_id).exists():
            raise AlreadyAssessed("You have assessed this case; that cannot be taken back.")
        made = Recusal.objects.create(
            request=request, person_id=actor.person_id, name=actor.name, at=at,
            reason=standing.words("reason", reason),
        )
        record("board.recuse", request, actor, at)
    return made


def record_absence(
    *, actor: Actor, at: datetime, request_id: int, seat_number: int
) -> Absence:
    """The secretariat records that a member is absent for the rest of a case: the alternate asks,
    objects and votes in that place.

    Raises NotFound, Forbidden, NotNow, Invalid, AlreadyAbsent, AlreadyVoted.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        standing.secretariat_only(actor)
        if request.state not in DELIBERATING:
            raise NotNow("Absence matters from publication to the ruling.")
        board = queries.bench(request, at)
        member = next((s.member for s in board.seats if s.number == seat_number), None)
        if member is None:
            raise Invalid.of("seat_number", "Nobody is the member of this seat.")
        if member.person_id in board.recused | board.absent:
            raise AlreadyAbsent("This member takes no part in the case already.")
        if seat_number in queries.voted_seats(request):
            raise AlreadyVoted("The seat has voted.")
        made = Absence.objects.create(
            request=request, seat_number=seat_number, person=member.person,
            name=member.person.name, recorded_by=actor.name, at=at,
        )
        record("board.record_absence", request, actor, at, seat=seat_number)
    return made


def open_review(*, actor: Actor, at: datetime, request_id: int, scope: str) -> Request:
    """The secretariat states the scope of the review: participant and DOE may reply in so many
    days (parameter `reply_days`), then it is assessed in so many more (`assessment_days`).

    Raises NotFound, NotNow, Forbidden, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "open_review", actor)
        request.review_scope = standing.words("scope", scope)
        days = parameters.number("reply_days", at.date())
        request.reply_due_at = deadlines.due_at(at, days)
        request.assessment_due_at = replies.assessed_until(
            deadlines.last_moment(request.reply_due_at)
        )
        request.open_review()
        request.save(
            update_fields=["state", "review_scope", "reply_due_at", "assessment_due_at"]
        )
        record(
            "board.open_review", request, actor, at, scope=request.review_scope,
            replies_until=deadlines.last_day(request.reply_due_at).isoformat(),
        )
    return request


def _window_open(request: Request, at: datetime) -> None:
    lifecycle_says = lifecycle.why_not(request, "start_review")
    if request.state != State.PUBLISHED or lifecycle_says:
        raise NotNow(" ".join(lifecycle_says) or "The review window is not open.")
    if request.window_closes_at is None or not deadlines.in_time(at, request.window_closes_at):
        raise WindowClosed("The review window closed at 24:00 UTC of its last day.")


def _asking(request: Request, actor: Actor, at: datetime) -> tuple[int, int | None]:
    """The person who asks, and for which seat of the Board: None for a Party involved."""
    if actor.role == Role.DNA and actor.person_id is not None:
        return actor.person_id, None  # hold() has seen that the Party is involved
    person_id, seat = standing.for_seat(request, actor, at)
    if request.review_requests.filter(Q(person_id=person_id) | Q(seat_number=seat)).exists():
        raise AlreadyAsked("A review of this request has been asked for your seat already.")
    return person_id, seat


def _known(request: Request, grounds: Iterable[str]) -> list[str]:
    chosen = list(dict.fromkeys(grounds))
    if not chosen:
        raise Invalid.of("grounds", "Tick at least one ground.")
    if not set(chosen) <= GROUNDS[request.kind].keys():
        raise Invalid.of("grounds", "This is not a ground for a review of such a request.")
    return chosen
