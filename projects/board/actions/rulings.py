"""Voting, ruling, and what becomes of corrections that a ruling asks for."""

from datetime import datetime

from django.db import transaction

from cdm_portal import papers
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.actions import file_document
from projects.board import locks, queries, standing
from projects.board.actions import outcomes
from projects.board.errors import AlreadyVoted, NotCarried
from projects.board.models import Outcome, Request, Ruling, Vote
from projects.board.procedure import State
from projects.board.record import record
from projects.board.voting import Tally
from projects.lifecycle import NotNow
from projects.models import Document

TRANSITIONS = {
    Outcome.REGISTER: "grant",
    Outcome.ISSUE: "grant",
    Outcome.CORRECT: "require_corrections",
    Outcome.REJECT: "turn_down",
}


def vote(
    *, actor: Actor, at: datetime, request_id: int, ruling: str, reasons: str = ""
) -> Vote:
    """A member votes on the ruling, once. Who declared a conflict does not.

    Raises NotFound, Forbidden, Recused, NotNow unless a review runs, AlreadyVoted, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id = standing.board_only(request, actor)
        if request.state != State.UNDER_REVIEW:
            raise NotNow("Votes are taken only while the request is under review.")
        if ruling not in queries.rulings_for(request):
            raise Invalid.of("ruling", "Choose one of the rulings.")
        if request.votes.filter(person_id=person_id).exists():
            raise AlreadyVoted("You have voted in this case; votes are of record.")
        cast = Vote.objects.create(
            request=request, person_id=person_id, name=actor.name, ruling=ruling,
            reasons=reasons.strip(), at=at,
        )
        record("board.vote", request, actor, at)  # which way is for the Board alone
    return cast


def rule(*, actor: Actor, at: datetime, request_id: int, reasons: str) -> Ruling:
    """Publish the ruling that the votes carry, with its reasons, and do what follows from it.

    Raises NotFound, NotNow, Forbidden, Recused, NotCarried without the votes, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        if actor.role not in {Role.BOARD, Role.SECRETARIAT}:
            raise Forbidden("The Board rules; its secretariat may publish the ruling.")
        if actor.role == Role.BOARD:
            standing.board_only(request, actor)
        if request.state != State.UNDER_REVIEW:
            raise NotNow("A ruling ends a review, and none is running.")
        count, votes_for = _carried(request, at)
        said = standing.words("reasons", reasons)
        outcome = Outcome(count.carried or "")
        lifecycle.ask(request, TRANSITIONS[outcome], actor)
        number = f"RUL-{at.year}-{locks.next_number(f'RUL-{at.year}'):04d}"
        made = Ruling.objects.create(
            request=request, number=number, outcome=outcome, reasons=said, at=at,
            eligible=count.eligible, cast=count.cast, votes_for=votes_for,
            consensus=count.consensus,
            document=_file(request, number, outcome, said, count, votes_for, actor, at),
        )
        _follow(request, outcome, actor, at)
        record("board.rule", request, actor, at, ruling=number, outcome=outcome.value)
    return made


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


def _carried(request: Request, at: datetime) -> tuple[Tally, int]:
    count, votes = queries.tally(request, at), queries.votes_by_ruling(request)
    if not count.quorate:
        raise NotCarried(
            f"{count.cast} of {count.eligible} members voted; a ruling needs {count.quorum} votes."
        )
    if count.carried is None:
        raise NotCarried(f"No ruling has {count.needed} of the {count.cast} votes cast.")
    return count, votes[count.carried]


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


def _file(
    request: Request, number: str, outcome: Outcome, reasons: str, count: Tally, votes_for: int,
    actor: Actor, at: datetime,
) -> Document:
    share = queries.majority(at)
    how = "by consensus" if count.consensus else f"by at least {share} of those voting"
    rows = [
        *queries.paper_rows(request),
        ["Ruling", queries.RULING_WORDS[request.kind][outcome][0]],
        ["Carried", f"{votes_for} of {count.cast} votes, {how}"],
        ["Members who could vote", str(count.eligible)],
    ]
    sheet = {
        "title": "Ruling of the Executive Board", "number": number,
        "rules": request.project.get_rules_display(), "date": [at.year, at.month, at.day],
        "fictional": request.project.fictional,
        "rows": rows, "sections": [{"heading": "Reasons", "text": reasons}],
        "foot": "Majority and quorum are unverified, from general knowledge of decision 3/CMP.1.",
    }
    return file_document(
        actor=actor, at=at, project=request.project, period=request.period,
        kind=Document.Kind.RULING, title=f"Ruling {number}", filename=f"{number}.pdf",
        media_type="application/pdf", data=papers.render("ruling.typ", sheet), public=True,
    )
