"""Voting, ruling, and what becomes of corrections that a ruling asks for."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q

from cdm_portal import papers
from cdm_portal.refusals import Invalid, Refused
from cdm_portal.values import SYSTEM, Actor
from projects import lifecycle
from projects.actions import file_document
from projects.board import locks, queries, standing
from projects.board.actions import outcomes
from projects.board.errors import AlreadyVoted, NotCarried
from projects.board.models import Meeting, Outcome, Request, Ruling, Vote
from projects.board.procedure import State
from projects.board.record import record
from projects.lifecycle import NotNow
from projects.models import Document

logger = logging.getLogger(__name__)

TRANSITIONS = {
    Outcome.REGISTER: "grant",
    Outcome.ISSUE: "grant",
    Outcome.APPROVE: "grant",
    Outcome.CORRECT: "require_corrections",
    Outcome.REJECT: "turn_down",
}


ELECTRONIC = "between meetings, by electronic means (unverified)"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes the ruling: carried by the votes, or proposed and not objected to."""

    outcome: Outcome
    basis: Ruling.Basis
    reasons: str
    eligible: int
    cast: int = 0
    votes_for: int = 0
    consensus: bool = False
    meeting: Meeting | None = None


def vote(
    *, actor: Actor, at: datetime, request_id: int, ruling: str, reasons: str = ""
) -> Vote:
    """A seat of the Board votes on the ruling, once: by its member, or by the alternate in the
    member's place. Who declared a conflict does not.

    Raises NotFound, Forbidden, Recused, SeatSpoken, NotNow unless the request is at the vote,
    AlreadyVoted, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id, seat = standing.for_seat(request, actor, at)
        if request.state != State.ASSESSED:
            raise NotNow(
                "Votes are taken once both assessments are filed, or after an objection to what "
                "they propose, until the ruling."
            )
        if ruling not in queries.rulings_for(request):
            raise Invalid.of("ruling", "Choose one of the rulings.")
        if request.votes.filter(Q(person_id=person_id) | Q(seat_number=seat)).exists():
            raise AlreadyVoted("Your seat has voted in this case; votes are of record.")
        cast = Vote.objects.create(
            request=request, person_id=person_id, name=actor.name, seat_number=seat, ruling=ruling,
            reasons=reasons.strip(), meeting=queries.running(at.date()), at=at,
        )
        record("board.vote", request, actor, at)  # which way is for the Board alone
    return cast


def rule(*, actor: Actor, at: datetime, request_id: int, reasons: str) -> Ruling:
    """The Chair, or who presides instead, publishes the ruling that the votes carry, with its
    reasons; what follows from it is done at once.

    Raises NotFound, NotNow, Forbidden, Recused, SeatSpoken, ChairRules, NotCarried, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        standing.presiding(request, actor, at)
        if request.state != State.ASSESSED:
            raise NotNow("A ruling ends a vote, and the request is not at the vote.")
        decision = _carried(request, standing.words("reasons", reasons), at)
        return _publish(request, decision, actor, at)


def adopt_unopposed(*, at: datetime) -> int:
    """Make rulings of the proposed decisions to which nobody objected in time, as of the moment at
    which the time for objections ended, whenever the portal gets to it.

    One transaction each; two runs at once adopt each once. Answers how many this run adopted.
    """
    return sum(_adopt(pk, at) for pk in queries.objections_due(at))


def accept_corrections(*, actor: Actor, at: datetime, request_id: int) -> Request:
    """The corrections match the ruling, so the request is granted.

    Raises NotFound, NotNow, Forbidden.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "accept_corrections", actor)
        request.accept_corrections()
        outcomes.grant(actor=actor, at=at, request=request)
        record("board.accept_corrections", request, actor, at)
    return request


def return_corrections(*, actor: Actor, at: datetime, request_id: int, reason: str) -> Request:
    """The corrections do not match the ruling. Raises NotFound, NotNow, Forbidden, Invalid."""
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "return_corrections", actor)
        request.incomplete_reasons = standing.words("reason", reason)
        request.return_corrections()
        request.save(update_fields=["state", "incomplete_reasons"])
        record(
            "board.return_corrections", request, actor, at, reasons=request.incomplete_reasons
        )
    return request


def _carried(request: Request, reasons: str, at: datetime) -> Decision:
    count, votes = queries.tally(request, at), queries.votes_by_ruling(request)
    if not count.quorate:
        raise NotCarried(
            f"{count.cast} of {count.eligible} members voted; a ruling needs {count.quorum} votes."
        )
    if count.carried is None:
        raise NotCarried(f"No ruling has {count.needed} of the {count.cast} votes cast.")
    return Decision(
        Outcome(count.carried), Ruling.Basis.VOTE, reasons, count.eligible, count.cast,
        votes[count.carried], count.consensus, queries.running(at.date()),
    )


def _adopt(request_id: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            request = locks.request(request_id)
            closed_at = request.objection_closes_at
            if request.state != State.PROPOSED or closed_at is None or closed_at > at:
                return False  # another run was first, or a member has objected
            said = [f"{each.get_side_display()}: {each.reasons}"
                    for each in request.assessments.all()]  # fmt: skip
            decision = Decision(
                Outcome(request.recommendations[0]), Ruling.Basis.NO_OBJECTION, "\n\n".join(said),
                queries.eligible(request, closed_at),
            )
            _publish(request, decision, SYSTEM, closed_at)
    except (Refused, DatabaseError):
        logger.exception("the decision proposed on request %s could not be adopted", request_id)
        return False
    return True


def _publish(request: Request, decision: Decision, actor: Actor, at: datetime) -> Ruling:
    lifecycle.ask(request, TRANSITIONS[decision.outcome], actor)
    number = f"RUL-{at.year}-{locks.next_number(f'RUL-{at.year}'):04d}"
    made = Ruling.objects.create(
        request=request, number=number, outcome=decision.outcome, basis=decision.basis,
        reasons=decision.reasons, at=at, eligible=decision.eligible, cast=decision.cast,
        votes_for=decision.votes_for, consensus=decision.consensus, meeting=decision.meeting,
        document=_file(request, number, decision, actor, at),
    )
    _follow(request, decision.outcome, actor, at)
    record(
        "board.rule", request, actor, at, ruling=number, outcome=decision.outcome.value,
        basis=decision.basis.value, meeting=str(decision.meeting or ""),
    )
    return made


def _follow(request: Request, outcome: Outcome, actor: Actor, at: datetime) -> None:
    if outcome == Outcome.CORRECT:
        request.require_corrections()
        request.save(update_fields=["state"])
    elif outcome == Outcome.REJECT:
        request.turn_down()
        outcomes.reject(actor=actor, at=at, request=request)
    else:
        request.grant()
        outcomes.grant(actor=actor, at=at, request=request)


def _how(decision: Decision, at: datetime) -> list[list[str]]:
    if decision.basis == Ruling.Basis.NO_OBJECTION:
        return [["Adopted", "proposed by both assessments, without objection in time"]]
    how = "by consensus"
    if not decision.consensus:
        how = f"by at least {queries.majority(at)} of those voting"
    return [
        ["Carried", f"{decision.votes_for} of {decision.cast} votes, {how}"],
        ["Members who could vote", str(decision.eligible)],
        ["Decided", f"at {decision.meeting}" if decision.meeting else ELECTRONIC],
    ]


def _file(
    request: Request, number: str, decision: Decision, actor: Actor, at: datetime
) -> Document:
    rows = [
        *queries.paper_rows(request),
        ["Ruling", queries.RULING_WORDS[request.kind][decision.outcome][0]],
        *_how(decision, at),
    ]
    sheet = {
        "title": "Ruling of the Executive Board", "number": number,
        "rules": request.project.get_rules_display(), "date": [at.year, at.month, at.day],
        "fictional": request.project.fictional, "rows": rows,
        "sections": [{"heading": "Reasons", "text": decision.reasons}],
        "foot": "Majority, quorum and the time for objections are unverified, from general "
        "knowledge of decision 3/CMP.1 and the published procedure.",
    }
    return file_document(
        actor=actor, at=at, project=request.project, period=request.period,
        kind=Document.Kind.RULING, title=f"Ruling {number}", filename=f"{number}.pdf",
        media_type="application/pdf", data=papers.render("ruling.typ", sheet), public=True,
    )
