"""From the granted request to issued CERs: instructed by the Board, booked by the registry."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from cdm_portal import parameters
from cdm_portal.refusals import Forbidden, Refused
from cdm_portal.values import SYSTEM, Actor
from projects import lifecycle
from projects.board import collection, fees, locks, queries, standing
from projects.board.actions import invoicing
from projects.board.errors import AlreadyInstructed, NothingToIssue, NotPaid
from projects.board.models import Instruction, Request
from projects.board.procedure import State
from projects.board.record import record
from projects.dna import queries as letters
from projects.lifecycle import NotNow
from registry import actions as registry

logger = logging.getLogger(__name__)


def instruct_issuance(*, actor: Actor, at: datetime, request_id: int) -> list[Instruction]:
    """The Board instructs the registry: one line per commitment period of the certified amount,
    with the share of proceeds for adaptation. A second person releases each line in the registry.
    The share of proceeds for administration is invoiced, and issuance waits until it is received.

    Raises NotFound, Forbidden, Recused, SeatSpoken, ChairRules, NotNow before the request is
    granted, AlreadyInstructed, NothingToIssue.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id = standing.presiding(request, actor, at, "instructs the registry")
        if not request.is_issuance or request.state != State.APPROVED:
            raise NotNow("The Board instructs once a request for issuance is granted.")
        if request.instructions.exists():
            raise AlreadyInstructed("The issuance is instructed already.")
        amounts = _issuable(request)
        invoice = invoicing.for_issuance(request=request, at=at, quantity=sum(amounts.values()))
        into = collection.parts(invoice.amount_usd, at.date())
        made = [
            line
            for period, quantity in sorted(amounts.items())
            for line in _instruct(request, actor, at, person_id, period, quantity, into)
        ]
        _authorise(request, actor, at)
        record(
            "board.instruct_issuance", request, actor, at, share_usd=str(invoice.amount_usd),
            quantities={str(period): quantity for period, quantity in amounts.items()},
        )
    return made


def issue_instructed(*, at: datetime) -> int:
    """Have the registry issue every line that is released and paid for, one transaction each with
    the Board's record of it; a line that was issued is not issued again, however often this runs or
    is killed.

    Answers how many lines this run issued.
    """
    return sum(_issue(pk, at) for pk in queries.instructions_released())


def _issuable(request: Request) -> dict[int, int]:
    """The certified amount by commitment period, if the rules of the case let it be issued."""
    period, project = request.period, request.project
    if period is None or not request.case_is_there:
        raise NotNow("The case has left the stage of issuance.")
    last = parameters.day("last_reduction_date")
    if not project.is_demonstration and period.last_date > last:
        raise NothingToIssue(f"No CER is issued for reductions after {last:%-d %B %Y}.")
    amounts = queries.certified_by_period(period)
    if not amounts or sum(amounts.values()) != period.certified_tonnes:
        raise NothingToIssue("The certification does not say how its amount divides by period.")
    return amounts


def _authorise(request: Request, actor: Actor, at: datetime) -> None:
    """The registry may forward to the participants whom the letters of the case authorise, and to
    the registries of the Parties, other than the host, whose letters are in force.
    """
    for participation in request.project.participations.exclude(authorised_at=None):
        registry.authorise(
            actor=actor, at=at, project_number=request.project.number or "",
            holder_id=participation.organisation_id, letter=f"letter of {request.reference}",
        )
    for letter in letters.letters_of_registries(request.project):
        registry.authorise(
            actor=actor, at=at, project_number=request.project.number or "",
            party_code=letter.party_code, letter=str(letter),
        )


def _instruct(
    request: Request, actor: Actor, at: datetime, person_id: int, period: int, quantity: int,
    into: int,
) -> list[Instruction]:
    """The lines of one commitment period; the shares of its parts add up to that of the whole."""
    project = request.project
    if project.number is None:
        raise NotNow("The project has no number.")
    rate, ldc = parameters.value("adaptation_share", at.date()), queries.is_ldc(project.party_code)
    made, before = [], 0
    for part, units in enumerate(collection.divided(quantity, into), start=1):
        low, high = (
            fees.adaptation_share(upto, host_is_ldc=ldc, rate=rate)
            for upto in (before, before + units)
        )
        line = registry.instruct(
            actor=actor, at=at, project_number=project.number, party_code=project.party_code,
            unit_type=5, commitment_period=period, quantity=units, share_of_proceeds=high - low,
            reference=request.reference if into == 1 else f"{request.reference}/{part}",
        )
        made.append(Instruction.objects.create(
            request=request, commitment_period=period, part=part, quantity=units,
            share_of_proceeds=high - low, line=line, instructed_by_id=person_id, at=at,
        ))
        before += units
    return made


def _issue(instruction_id: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            instruction = locks.instruction(instruction_id)
            if instruction.issuance_id is not None:
                return False  # another run was first
            if not instruction.request.case_is_there:
                raise Forbidden("The case has left the stage of issuance; nothing is issued.")
            if not queries.is_paid_for(instruction):
                raise NotPaid("What is due for this case has not been received.")
            instruction.issuance = registry.issue(at=at, line_id=instruction.line_id)
            instruction.save(update_fields=["issuance"])
            _record_issuance(instruction.request, at)
    except (Refused, DatabaseError):
        logger.exception("instruction %s could not be issued", instruction_id)
        return False
    return True


def _record_issuance(request: Request, at: datetime) -> None:
    """Once every line is booked: the period's facts, stage 8, and the fee that waited for this."""
    instructions = list(request.instructions.all())
    period = request.period
    if period is None or any(i.issuance_id is None for i in instructions):
        return
    period.issued_tonnes, period.issued_at = sum(i.quantity for i in instructions), at
    lifecycle.ask(period, "issue", SYSTEM)
    period.issue()
    period.save(update_fields=["issued_tonnes", "issued_at", "stage"])
    invoicing.fall_due(request=request)
    record(
        "board.record_issuance", request, SYSTEM, at, issued_tonnes=period.issued_tonnes,
        issuances=[i.issuance_id for i in instructions],
    )
