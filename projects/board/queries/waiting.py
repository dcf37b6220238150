"""What waits for a member, the secretariat, a DOE, a DNA or a participant in stages 4 and 7."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.urls import reverse

from cdm_portal import deadlines, formats, parameters, queues
from cdm_portal.parameters import Parameter
from cdm_portal.queues import Facts, Line
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.board.models import (
    Absence,
    Assessment,
    Due,
    Meeting,
    Recusal,
    Request,
    Vote,
)
from projects.board.procedure import State
from projects.board.queries import (
    cases,
    changes,
    ends,
    exclusions,
    inquiries,
    meetings,
    owing,
    replies,
    revisions,
)
from projects.board.queries.bench import Seat, kept_out, presides, seats, speaks, told
from projects.doe import independence
from projects.doe import standing as auditors
from projects.doe.independence import Register
from projects.doe.models import Function
from projects.doe.standing import Act
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project

Item = dict[str, Any]
CASE = ("project", "period")

SECRETARIAT = {
    State.COMPLETENESS: ("Is everything there?", "Your check", "Check completeness"),
    State.INFORMATION: ("Does what is there hold?", "Your check", "Check information"),
    State.REVIEW_REQUESTED: ("A review was asked for.", "You", "State the scope of the review"),
    State.CORRECTED: ("The DOE handed in corrections.", "You", "Compare with the ruling"),
}
DOE = {
    State.INCOMPLETE: ("Returned as incomplete, with reasons.", "Submit again"),
    State.CORRECTIONS: ("The ruling asks for corrections.", "Hand in corrections"),
}


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """What waits for the actor, by role."""
    source = _FOR.get(actor.role)
    if source is not None:
        yield from source(actor, at)
    yield from ends.queue(actor)
    yield from revisions.queue(actor, at)
    yield from exclusions.queue(actor)
    yield from inquiries.queue(actor, at)


def _for_board(actor: Actor, at: datetime) -> Iterator[Line]:
    """Windows, objections, votes, rulings and instructions, where the actor speaks for a seat."""
    board = seats(at.date())
    heard = cases.visible(actor).filter(speaks(board, actor.person))
    rules = parameters.together(("review_members", "ruling_majority", "ruling_quorum"), at.date())
    needed = parameters.as_number(rules["review_members"])
    yield Line(
        "board.window", heard.filter(state=State.PUBLISHED, window_closes_at__gt=at),
        lambda request, facts: _item(
            request, what=_asked_words(facts["asked"], needed), waiting_for="The review window",
            until=_last_moment(request), action_label="Look at the request",
        ),
        related=CASE, until="window_closes_at", facts={"asked": cases.seats_asking()},
    )
    planned = meetings.calendar()
    yield from _deliberation(heard, board, actor, at, planned)
    presided = cases.visible(actor).filter(presides(board, actor.person))
    yield _ruling(presided, board, rules, planned, at)
    yield _granted(presided)


def _granted(presided: QuerySet[Request]) -> Line:
    """The granted requests for issuance that wait for the Board's instruction."""
    return Line(
        "board.granted",
        presided.filter(due__act=Due.Act.INSTRUCT, project__stage=Stage.MONITORING),
        lambda request, _: _item(
            request, what="Issuance is granted.", waiting_for="The Board's instruction",
            action_label="Instruct the registry",
        ),
        related=CASE,
    )


def _deliberation(
    heard: QuerySet[Request], board: list[Seat], actor: Actor, at: datetime,
    planned: list[Meeting],
) -> Iterator[Line]:
    """What a seat may say to a proposed decision, or at the vote, until the last of the `planned`
    meetings that may decide.
    """
    yield Line(
        "board.proposed", heard.filter(state=State.PROPOSED, objection_closes_at__gt=at),
        lambda request, _: _item(
            request, what="Both assessments propose the same decision.",
            waiting_for="The time for objections",
            until=deadlines.last_moment(request.objection_closes_at),
            action_label="Read the assessments",
        ),
        related=CASE, until="objection_closes_at",
    )
    seat = next((s.number for s in board if actor.person in {h.person_id for h in s.holders}), 0)
    own = Vote.objects.filter(person_id=actor.person, request=OuterRef("pk"))
    yield Line(
        "board.vote", heard.filter(~Exists(own), due__act=Due.Act.VOTE, due__seat_number=seat),
        lambda request, facts: _item(
            request, what="The request is assessed; the Board votes.", waiting_for="Your vote",
            action_label="Vote on the ruling", **_decided(facts, planned, at),
        ),
        related=CASE, facts=meetings.asked_last(),
    )


def _decided(facts: Facts, planned: list[Meeting], at: datetime) -> Item:
    until = meetings.last_moment(facts, planned)
    return {"until": until, "late": until is not None and until < at}


def _ruling(
    presided: QuerySet[Request], board: list[Seat], rules: Mapping[str, Parameter],
    planned: list[Meeting], at: datetime,
) -> Line:
    """The requests on which the Chair can publish a ruling.

    The rows are those in which so many of all seats have voted as a quorum needs, each conflict or
    absence counted as one seat less. Whether a ruling has carried, the law says of each
    (`cases.tally_of`), since an alternate may speak for the seat after all.
    """
    needed = parameters.as_share(rules["ruling_majority"])
    least = parameters.as_share(rules["ruling_quorum"])
    votes = Vote.objects.filter(request=OuterRef("pk"))
    out = queues.count(Recusal.objects.filter(request=OuterRef("pk"))) + queues.count(
        Absence.objects.filter(request=OuterRef("pk"))
    )
    enough = presided.filter(state=State.ASSESSED).alias(
        short=(Value(len(board)) - out) * least.numerator
        - queues.count(votes) * least.denominator
    ).filter(Exists(votes), short__lte=0)

    def build(request: Request, facts: Facts) -> Item | None:
        cast = {vote.seat_number: vote.ruling for vote in queues.revive(Vote, facts["votes"])}
        if not cases.tally_of(told(board, facts), cast, needed, least).carried:
            return None
        return _item(
            request, what="A ruling has the votes that it needs.", waiting_for="You",
            action_label="Publish the ruling", **_decided(facts, planned, at),
        )

    return Line(
        "board.ruling", enough, build, related=CASE,
        facts={
            "votes": queues.rows(votes, "seat_number", "ruling"), **kept_out(),
            **meetings.asked_last(),
        },
    )


def _asked_words(asked: int, needed: int) -> str:
    if not asked:
        return "Nobody has asked for a review: nobody needs to act."
    return f"{asked} of {needed} members have asked for a review."


def _for_secretariat(actor: Actor, at: datetime) -> Iterator[Line]:
    yield from owing.for_secretariat(actor, at, _told)
    yield Line(
        "board.check", cases.visible(actor).filter(state__in=SECRETARIAT),
        lambda request, _: _check(request, at), related=CASE, until="check_due_at",
    )
    yield from _assessments(actor, at)
    yield changes.signed_changes()
    yield Line(
        "board.unplanned", meetings.unplanned(at),
        lambda request, _: _item(
            request, what="Too few meetings are planned after the request for review: the Board "
            "could not decide in time.", waiting_for="A meeting of the Board",
            action_label="Plan a meeting", action_url=reverse("board:meetings"),
        ),
        related=CASE,
    )


def _check(request: Request, at: datetime) -> Item:
    what, holder, label = SECRETARIAT[State(request.state)]
    until = request.check_due_at
    return _item(
        request, what=what, waiting_for=holder, action_label=label,
        until=deadlines.last_moment(until) if until else None,
        late=bool(until and until <= at),
    )


def _assessments(actor: Actor, at: datetime) -> Iterator[Line]:
    """The requests under review that the actor's side has not assessed yet."""
    filed = Assessment.objects.filter(request=OuterRef("pk"), side=cases.side_of(actor))
    recused = Recusal.objects.filter(request=OuterRef("pk"), person_id=actor.person)
    yield Line(
        "board.assess",
        cases.visible(actor).filter(
            replies.assessable(at), ~Exists(filed), ~Exists(recused), state=State.UNDER_REVIEW
        ),
        lambda request, _: _assess(request, at), related=CASE, until="assessment_due_at",
    )


def _assess(request: Request, at: datetime) -> Item:
    due = request.assessment_due_at
    return _item(
        request, what="A review is open: the secretariat and an expert assess it, each alone.",
        waiting_for="Your assessment", action_label="Assess the request",
        until=deadlines.last_moment(due) if due else None, late=bool(due and due <= at),
    )


def why_no_registration(
    project: Project, actor: Actor, at: datetime, register: Register | None = None
) -> list[str]:
    """Why the actor cannot request registration now: the law, and the DOE's accreditation."""
    return [
        *lifecycle.why_not(project, "request_registration", actor),
        *auditors.why_no_act(Act.REQUEST_REGISTRATION, project, at.date(), register=register),
    ]


def _for_doe(actor: Actor, at: datetime) -> Iterator[Line]:
    yield Line(
        "board.returned", cases.visible(actor).filter(state__in=DOE),
        lambda request, _: _returned(request), related=CASE,
    )
    yield _to_reply(actor, at)
    yield Line(
        "board.validated",
        Project.objects.filter(
            validator_id=actor.organisation_id, stage=Stage.VALIDATION, opinion="positive"
        ),
        lambda project, facts: _case(
            project, None, "board:request_registration", [project.reference],
            what="The opinion is positive.", action_label="Request registration",
            why_not=" ".join(why_no_registration(project, actor, at, Register.told(facts))),
        ),
        related=("validator",), facts=independence.facts("validator_id", "", Function.VALIDATION),
    )
    yield Line(
        "board.certified",
        MonitoringPeriod.objects.filter(
            due__act=Due.Act.REQUEST, due__doe_id=actor.organisation_id, certified_tonnes__gt=0,
            project__stage=Stage.MONITORING,
        ),
        lambda period, facts: _certified(period, Register.told(facts), at),
        related=("project", "verifier"),
        facts=independence.facts("verifier_id", "project", Function.VERIFICATION)
        | independence.renewals("verifier_id"),
    )


def _returned(request: Request) -> Item:
    what, label = DOE[State(request.state)]
    return _item(request, what=what, waiting_for="You", action_label=label)


def _certified(period: MonitoringPeriod, register: Register, at: datetime) -> Item:
    return _case(
        period.project, period, "board:request_issuance",
        [period.project.reference, period.number],
        what=f"{formats.tonnes(period.certified_tonnes)} t are certified "
        f"for monitoring period {period.number}.",
        action_label="Request issuance",
        why_not=" ".join(auditors.why_no_act(
            Act.REQUEST_ISSUANCE, period.project, at.date(), period=period, register=register
        )),
    )


def _for_dna(actor: Actor, at: datetime) -> Iterator[Line]:
    yield Line(
        "board.party_window",
        cases.visible(actor).filter(state=State.PUBLISHED, window_closes_at__gt=at),
        lambda request, _: _item(
            request, what="Your Party is involved: it alone can start a review.",
            waiting_for="The review window", until=_last_moment(request),
            action_label="Look at the request",
        ),
        related=CASE, until="window_closes_at",
    )


def _for_participant(actor: Actor, at: datetime) -> Iterator[Line]:
    yield from owing.for_participant(actor, at, _told)
    yield _to_reply(actor, at)


def _to_reply(actor: Actor, at: datetime) -> Line:
    return Line(
        "board.reply", replies.awaited(actor, at),
        lambda request, _: _item(
            request, what="A review is open: you may reply to it, publicly.",
            waiting_for="Your reply", action_label="Reply to the review",
            until=deadlines.last_moment(request.reply_due_at),
        ),
        related=CASE, until="reply_due_at",
    )


_FOR = {
    Role.BOARD: _for_board,
    Role.SECRETARIAT: _for_secretariat,
    Role.RIT: _assessments,
    Role.DOE: _for_doe,
    Role.DNA: _for_dna,
    Role.PARTICIPANT: _for_participant,
}


def _last_moment(request: Request) -> datetime | None:
    """24:00 of the last day belongs to that day, not to the next."""
    closes = request.window_closes_at
    return deadlines.last_moment(closes) if closes else None


def _told(request: Request, words: Item) -> Item:
    return _item(request, **words)


def _item(request: Request, **words: Any) -> Item:
    url = reverse("board:request", args=[request.reference])
    stage = Stage.MONITORING if request.revision_id else None
    base = _words(request.project, request.period, stage)
    return base | {"url": url, "action_url": url, "reference": request.reference} | words


def _case(
    project: Project, period: MonitoringPeriod | None, name: str, args: Iterable[Any], **words: Any
) -> Item:
    url = reverse(name, args=list(args))
    own = {"url": url, "action_url": url, "reference": project.name, "waiting_for": "You"}
    return _words(project, period) | own | words


def _words(
    project: Project, period: MonitoringPeriod | None, stage: Stage | None = None
) -> Item:
    stage = stage or (Stage.ISSUANCE if period else Stage.REGISTRATION)
    return {
        "title": project.title, "project": "", "stage": lifecycle.EIGHT.index(stage) + 1,
        "stage_label": stage.label, "until": None, "why_not": "",
        "tag": project.get_rules_display() if project.is_demonstration else "", "tag_kind": "plum",
    }
