"""What waits for a member, the secretariat, a DOE, a DNA or a participant in stages 4 and 7."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from cdm_portal import deadlines, formats
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.board.models import Request
from projects.board.procedure import VOID, State
from projects.board.queries import cases, owing
from projects.board.queries.bench import bench
from projects.doe import standing as auditors
from projects.doe.standing import Act
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project

Item = dict[str, Any]

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


def waiting(actor: Actor, at: datetime) -> list[Item]:
    """The items of the actor's queue, as the component `queue_item` shows them."""
    return list(_FOR.get(actor.role, _nothing)(actor, at))


def _nothing(_actor: Actor, _at: datetime) -> Iterator[Item]:
    return iter(())


def _for_board(actor: Actor, at: datetime) -> Iterator[Item]:
    mine = cases.visible(actor).exclude(recusals__person_id=actor.person)
    for request in mine.filter(state=State.PUBLISHED, window_closes_at__gt=at).order_by("pk"):
        if not cases.own_part(request, actor, at).presides:
            continue
        asked = cases.members_asking(request)
        yield _item(
            request, what=_asked_words(asked, cases.members_needed(at)),
            waiting_for="The review window", until=_last_moment(request),
            action_label="Look at the request",
        )
    for request in mine.filter(state__in=(State.PROPOSED, State.ASSESSED)).order_by("pk"):
        yield from _deliberation(request, cases.own_part(request, actor, at), at)
    granted = mine.filter(
        state=State.APPROVED, kind=Request.Kind.ISSUANCE, instructions=None,
        period__stage=Stage.ISSUANCE,
    )
    for request in granted.order_by("pk"):
        if not bench(request, at).speaks(actor.person):
            continue
        yield _item(
            request, what="Issuance is granted.", waiting_for="The Board's instruction",
            action_label="Instruct the registry",
        )


def _deliberation(request: Request, own: cases.OwnPart, at: datetime) -> Iterator[Item]:
    """What a seat may say to a proposed decision or at the vote, and the Chair's ruling."""
    closes = request.objection_closes_at
    if request.state == State.PROPOSED and own.speaks and closes is not None and at < closes:
        yield _item(
            request, what="Both assessments propose the same decision.",
            waiting_for="The time for objections", until=deadlines.last_moment(closes),
            action_label="Read the assessments",
        )
    if request.state == State.ASSESSED and own.speaks and not own.voted:
        yield _item(
            request, what="The request is assessed; the Board votes.", waiting_for="Your vote",
            action_label="Vote on the ruling",
        )
    if request.state == State.ASSESSED and own.presides and cases.tally(request, at).carried:
        yield _item(
            request, what="A ruling has the votes that it needs.", waiting_for="You",
            action_label="Publish the ruling",
        )


def _asked_words(asked: int, needed: int) -> str:
    if not asked:
        return "Nobody has asked for a review: nobody needs to act."
    return f"{asked} of {needed} members have asked for a review."


def _for_secretariat(actor: Actor, at: datetime) -> Iterator[Item]:
    for request, words in owing.for_secretariat(actor):
        yield _item(request, **words)
    requests = cases.visible(actor)
    for request in requests.filter(state__in=SECRETARIAT).order_by("pk"):
        what, holder, label = SECRETARIAT[State(request.state)]
        until = request.check_due_at
        yield _item(
            request, what=what, waiting_for=holder, action_label=label,
            until=deadlines.last_moment(until) if until else None,
            late=bool(until and until <= at),
        )
    yield from _assessments(actor, at)


def _assessments(actor: Actor, at: datetime) -> Iterator[Item]:
    """The requests under review that the actor's side has not assessed yet."""
    open_ = cases.visible(actor).filter(state=State.UNDER_REVIEW)
    open_ = open_.exclude(assessments__side=cases.side_of(actor))
    for request in open_.exclude(recusals__person_id=actor.person).order_by("pk"):
        due = request.assessment_due_at
        yield _item(
            request, what="A review is open: the secretariat and an expert assess it, each alone.",
            waiting_for="Your assessment", action_label="Assess the request",
            until=deadlines.last_moment(due) if due else None, late=bool(due and due <= at),
        )


def why_no_registration(project: Project, actor: Actor, at: datetime) -> list[str]:
    """Why the actor cannot request registration now: the law, and the DOE's accreditation."""
    return [
        *lifecycle.why_not(project, "request_registration", actor),
        *auditors.why_no_act(Act.REQUEST_REGISTRATION, project, at.date()),
    ]


def _for_doe(actor: Actor, at: datetime) -> Iterator[Item]:
    for request in cases.visible(actor).filter(state__in=DOE).order_by("pk"):
        what, label = DOE[State(request.state)]
        yield _item(request, what=what, waiting_for="You", action_label=label)
    validated = Project.objects.filter(
        validator_id=actor.organisation_id, stage=Stage.VALIDATION, opinion="positive"
    )
    for project in validated.order_by("pk"):
        yield _case(
            project, None, "board:request_registration", [project.reference],
            what="The opinion is positive.", action_label="Request registration",
            why_not=" ".join(why_no_registration(project, actor, at)),
        )
    certified = (
        MonitoringPeriod.objects.filter(
            verifier_id=actor.organisation_id, stage=Stage.ISSUANCE, certified_tonnes__gt=0
        )
        .exclude(pk__in=Request.objects.exclude(state__in=VOID).exclude(period=None).values("period"))
        .select_related("project")
    )
    for period in certified.order_by("pk"):
        yield _case(
            period.project, period, "board:request_issuance",
            [period.project.reference, period.number],
            what=f"{formats.tonnes(period.certified_tonnes)} t are certified "
            f"for monitoring period {period.number}.",
            action_label="Request issuance",
            why_not=" ".join(auditors.why_no_act(
                Act.REQUEST_ISSUANCE, period.project, at.date(), period=period
            )),
        )


def _for_dna(actor: Actor, at: datetime) -> Iterator[Item]:
    windows = cases.visible(actor).filter(state=State.PUBLISHED, window_closes_at__gt=at)
    for request in windows.order_by("pk"):
        yield _item(
            request, what="Your Party is involved: it alone can start a review.",
            waiting_for="The review window", until=_last_moment(request),
            action_label="Look at the request",
        )


def _for_participant(actor: Actor, _at: datetime) -> Iterator[Item]:
    for request, words in owing.for_participant(actor):
        yield _item(request, **words)


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


def _item(request: Request, **words: Any) -> Item:
    url = reverse("board:request", args=[request.reference])
    base = _words(request.project, request.period)
    return base | {"url": url, "action_url": url, "reference": request.reference} | words


def _case(
    project: Project, period: MonitoringPeriod | None, name: str, args: Iterable[Any], **words: Any
) -> Item:
    url = reverse(name, args=list(args))
    own = {"url": url, "action_url": url, "reference": project.name, "waiting_for": "You"}
    return _words(project, period) | own | words


def _words(project: Project, period: MonitoringPeriod | None) -> Item:
    stage = Stage.ISSUANCE if period else Stage.REGISTRATION
    return {
        "title": project.title, "project": "", "stage": lifecycle.EIGHT.index(stage) + 1,
        "stage_label": stage.label, "until": None, "why_not": "",
        "tag": project.get_rules_display() if project.is_demonstration else "", "tag_kind": "plum",
    }
