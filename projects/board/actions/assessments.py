"""The two assessments of a request under review, the decision that they propose, an objection."""

from datetime import datetime

from django.db import transaction

from cdm_portal import deadlines, formats, parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects import lifecycle
from projects.board import queries, standing
from projects.board.errors import AlreadyAssessed, WindowClosed
from projects.board.models import Assessment, Objection, Request
from projects.board.procedure import State
from projects.board.record import record
from projects.lifecycle import NotNow


def assess(
    *, actor: Actor, at: datetime, request_id: int, recommendation: str, reasons: str
) -> Assessment:
    """File the secretariat's assessment, or that of the Registration and Issuance Team, each blind
    to the other's, once the replies are in or the time for them is over. The second one makes both
    public; if they recommend the same, that is proposed.

    Raises NotFound, Forbidden, Recused, TakesSides, NotNow, AlreadyAssessed, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id, side = standing.assessing(request, actor)
        if request.state != State.UNDER_REVIEW:
            raise NotNow("Assessments are filed only while the request is under review.")
        _replies_are_in(request, at)
        _not_yet(request, person_id, side)
        if recommendation not in queries.rulings_for(request):
            raise Invalid.of("recommendation", "Choose one of the rulings.")
        made = Assessment.objects.create(
            request=request, side=side, person_id=person_id, name=actor.name,
            recommendation=recommendation, reasons=standing.words("reasons", reasons), at=at,
        )
        record("board.assess", request, actor, at, side=side)  # what it says, once both are there
        if not lifecycle.why_not(request, "conclude_assessments"):
            _conclude(request, actor, at)
    return made


def object_to(*, actor: Actor, at: datetime, request_id: int, reasons: str) -> Objection:
    """A seat of the Board objects to the proposed decision in time; the Board then votes.

    Raises NotFound, Forbidden, Recused, SeatSpoken, TakesSides, NotNow, WindowClosed, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id, seat = standing.for_seat(request, actor, at)
        lifecycle.ask(request, "put_to_vote", actor)
        if request.objection_closes_at is None or at >= request.objection_closes_at:
            raise WindowClosed("Objections were possible until 24:00 UTC of the last day.")
        made = Objection.objects.create(
            request=request, person_id=person_id, name=actor.name, seat_number=seat,
            reasons=standing.words("reasons", reasons), at=at,
        )
        request.put_to_vote()
        request.save(update_fields=["state"])
        record("board.object", request, actor, at)  # the reasons are for the Board alone
    return made


def _replies_are_in(request: Request, at: datetime) -> None:
    if queries.may_be_assessed(request, at):
        return
    assert request.reply_due_at is not None  # else it may be assessed
    last = deadlines.last_day(request.reply_due_at)
    raise NotNow(
        f"Participant and DOE may reply to {formats.day(last)}, 24:00 UTC; the assessments begin "
        "then, or once both have replied."
    )


def _not_yet(request: Request, person_id: int, side: str) -> None:
    if request.assessments.filter(side=side).exists():
        raise AlreadyAssessed("Your side has filed its assessment already.")
    if request.assessments.filter(person_id=person_id).exists():
        raise AlreadyAssessed("You have filed the other assessment; two persons assess.")


def _conclude(request: Request, actor: Actor, at: datetime) -> None:
    """Both are filed: they become public, and what both recommend is proposed."""
    lifecycle.ask(request, "conclude_assessments", actor)
    request.conclude_assessments()
    request.save(update_fields=["state"])
    said = dict(request.assessments.values_list("side", "recommendation"))
    record("board.conclude_assessments", request, actor, at, recommendations=said)
    if lifecycle.why_not(request, "propose"):
        return
    lifecycle.ask(request, "propose", actor)
    days = parameters.number("objection_days", at.date())
    request.objection_closes_at = deadlines.due_at(at, days)
    request.propose()
    request.save(update_fields=["state", "objection_closes_at"])
    record(
        "board.propose", request, actor, at, outcome=request.recommendations[0],
        closes_on=deadlines.last_day(request.objection_closes_at).isoformat(),
    )
