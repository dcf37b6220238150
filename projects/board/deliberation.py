"""What the page of a request shows of a review: seats, assessments, proposal, objection."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cdm_portal import deadlines, formats
from cdm_portal.values import Actor, Role
from projects.board import queries
from projects.board.models import Assessment, Objection, Request, Ruling
from projects.board.procedure import State

Sheet = dict[str, Any]


def seats(request: Request, actor: Actor, at: datetime) -> list[Sheet]:
    """The Board's seats in order, each with who sits there and what the seat has said."""
    board = queries.bench(request, at)
    voted = queries.voted_seats(request) if actor.role == Role.BOARD else set()
    asked_at = {a.seat_number: a.at for a in request.review_requests.all() if not a.by_party}
    return [
        {
            "name": seat.holders[0].person.name, "group": _group(seat, actor),
            "own": seat.holders[0].person_id == actor.person_id,
            "mine": any(held.person_id == actor.person_id for held in seat.holders),
        } | _seat_state(seat, board, asked_at.get(seat.number), voted)
        for seat in board.seats
    ]


def _group(seat: queries.Seat, actor: Actor) -> str:
    """Number, office and regional group of a seat, and who stands for its member."""
    said = [_("Seat %s") % seat.number, seat.holders[0].get_office_display(),
            seat.holders[0].seat]  # fmt: skip
    if seat.alternate and seat.member:
        own = seat.alternate.person_id == actor.person_id
        said.append(_("alternate %s") % (_("you") if own else seat.alternate.person.name))
    return " · ".join(each for each in said if each)


def _seat_state(
    seat: queries.Seat, board: queries.Bench, asked_at: datetime | None, voted: set[int]
) -> Sheet:
    """What the seat has said: for the Board, too, that it has voted, though not here which way."""
    if seat.number in voted:
        return {"state": _("Has voted"), "kind": "ok"}
    first = seat.holders[0].person_id
    kept_out = _("Recused") if first in board.recused else _("Absent")
    if first in board.recused | board.absent:
        speaker = board.speaker(seat)
        state = _("%s: the alternate speaks") % kept_out if speaker else kept_out
        return {"state": state, "kind": "plum"}
    if asked_at is not None:
        return {"state": _("Requested, %s") % formats.day_short(asked_at), "kind": "warn"}
    return {"state": _("No request"), "kind": ""}


def replies(request: Request) -> Sheet | None:
    """What participant and DOE replied, and until when they can; None before the review opens."""
    if request.reply_due_at is None:
        return None
    return {
        "made": request.replies.select_related("organisation", "document"),
        "last_day": deadlines.last_day(request.reply_due_at),
        "open": request.state == State.UNDER_REVIEW and not queries.both_replied(request),
    }


def assessments(request: Request, actor: Actor) -> list[Sheet]:
    """Both assessments once the review is open; what one says is shown to its own side alone until
    the other is filed.
    """
    if not request.assessment_due_at:
        return []
    filed = {each.side: each for each in request.assessments.all()}
    both = len(filed) == len(Assessment.Side)
    own = queries.side_of(actor)
    return [
        _assessment(request, side, filed.get(side.value), open_=both or side.value == own)
        for side in Assessment.Side
    ]


def _assessment(
    request: Request, side: Assessment.Side, filed: Assessment | None, *, open_: bool
) -> Sheet:
    shown: Sheet = {"name": side.label, "state": _("Not filed yet"), "kind": "", "reasons": ""}
    if filed is None:
        return shown
    shown |= {"state": _("Filed %s") % formats.day_short(filed.at), "kind": "ok"}
    if not open_:
        return shown
    recommended = queries.rulings_for(request)[filed.recommendation][0]
    return shown | {"by": filed.name, "recommends": recommended, "reasons": filed.reasons}


def proposal(request: Request) -> Sheet | None:
    """The decision that both assessments propose, and how it stands; None where there is none."""
    closes_at = request.objection_closes_at
    if closes_at is None:
        return None
    return {
        "name": queries.rulings_for(request)[request.recommendations[0]][0],
        "last_day": deadlines.last_day(closes_at), "open": request.state == State.PROPOSED,
        "objected": hasattr(request, "objection"),
    }


def objection(request: Request, actor: Actor) -> Objection | None:
    """The objection in its words, for the Board alone."""
    if actor.role != Role.BOARD:
        return None
    found: Objection | None = getattr(request, "objection", None)
    return found


def vote_locked(request: Request) -> str:
    """Why the Board does not vote on the request, or not yet; empty once it does or did."""
    ruling: Ruling | None = getattr(request, "ruling", None)
    if ruling is not None:
        unopposed = ruling.basis == Ruling.Basis.NO_OBJECTION
        return _("No vote: nobody objected") if unopposed else ""
    if request.state == State.ASSESSED:
        return ""
    if request.state == State.PROPOSED:
        return _("Opens only with an objection")
    if request.state == State.UNDER_REVIEW:
        return _("Opens after both assessments")
    return _("Opens only with a review")
