"""Who may act upon a request, and what a text must say: asked at the head of every action."""

from datetime import datetime

from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from projects.board import locks, queries
from projects.board.errors import ChairRules, Recused, SeatSpoken, TakesSides
from projects.board.models import Request

LONGEST_TEXT = 10_000


def hold(request_id: int, actor: Actor) -> Request:
    """The request, locked, for somebody who may know of it and is not on two sides of it.

    Raises NotFound, TakesSides.
    """
    queries.visible_request(actor, request_id)
    request = locks.request(request_id)
    if queries.takes_sides(actor, request):
        raise TakesSides(
            "You have a part in this case for another organisation, so somebody else must do this."
        )
    return request


def secretariat_only(actor: Actor) -> None:
    """Raises Forbidden unless the secretariat acts."""
    if actor.role != Role.SECRETARIAT:
        raise Forbidden("The secretariat does this.")


def board_only(request: Request, actor: Actor) -> int:
    """The person behind a member of the Board who has not declared a conflict.

    Raises Forbidden, Recused.
    """
    if actor.role != Role.BOARD or actor.person_id is None:
        raise Forbidden("A member of the Executive Board does this.")
    if request.recusals.filter(person_id=actor.person_id).exists():
        raise Recused("You have declared a conflict in this case and take no part in it.")
    return actor.person_id


def for_seat(request: Request, actor: Actor, at: datetime) -> tuple[int, int]:
    """The person who speaks for a seat of the Board in this case, and the number of the seat.

    Raises Forbidden, Recused, SeatSpoken for a member recorded absent, and for an alternate whose
    member is there, TakesSides for somebody who assessed the case.
    """
    person_id = board_only(request, actor)
    if request.assessments.filter(person_id=person_id).exists():
        raise TakesSides("You have assessed this case, so others decide on it.")
    board = queries.bench(request, at)
    seat = board.seat_of(person_id)
    if seat is None:
        raise Forbidden("You hold no seat on the Board.")
    if person_id in board.absent:
        raise SeatSpoken("You are recorded absent in this case; your alternate stands in.")
    if not board.speaks(person_id):
        raise SeatSpoken(f"The member of seat {seat.number} is there, so the alternate is silent.")
    return person_id, seat.number


def presiding(
    request: Request, actor: Actor, at: datetime, act: str = "publishes the ruling"
) -> int:
    """The person who presides, for an act that the permission matrix gives to the Chair.

    Raises Forbidden, Recused, SeatSpoken, or ChairRules for whoever does not preside.
    """
    person_id, _seat = for_seat(request, actor, at)
    chair = queries.bench(request, at).presiding
    if chair is None or chair.person_id != person_id:
        name = chair.person.name if chair else "nobody"
        raise ChairRules(f"Who presides {act}; in this case that is {name}.")
    return person_id


def assessing(request: Request, actor: Actor) -> tuple[int, str]:
    """The person who assesses, and for which side. Raises Forbidden, Recused, and TakesSides for
    somebody who asked for the review.
    """
    side = queries.side_of(actor)
    if not side or actor.person_id is None:
        raise Forbidden(
            "The secretariat and an expert of the Registration and Issuance Team assess."
        )
    if request.recusals.filter(person_id=actor.person_id).exists():
        raise Recused("You have declared a conflict in this case and take no part in it.")
    if request.review_requests.filter(person_id=actor.person_id).exists():
        raise TakesSides("You have asked for this review, so others assess it.")
    return actor.person_id, side


def replying(request: Request, actor: Actor) -> tuple[int, str]:
    """The person who replies to a review, and for which side. Raises Forbidden."""
    side = queries.side_replying(request, actor)
    if not side or actor.person_id is None:
        raise Forbidden(
            "The project participant and the DOE that made the request reply to a review."
        )
    return actor.person_id, side


def words(field: str, text: str) -> str:
    """A text that must say something. Raises Invalid."""
    said = text.strip()
    if not said:
        raise Invalid.of(field, "Write it in words: this cannot stay empty.")
    if len(said) > LONGEST_TEXT:
        raise Invalid.of(field, f"At most {LONGEST_TEXT} characters; these are {len(said)}.")
    return said
