"""How a request stands: rights, checks, who asked, how the vote stands, what is due."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet

from cdm_portal import formats, parameters, queues
from cdm_portal.identity.models import Membership, Organisation
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import access
from projects.board import checklist, fees, voting
from projects.board.checklist import Part
from projects.board.models import Assessment, Outcome, Recusal, Request, ReviewRequest
from projects.board.procedure import ENDED, VOID, State
from projects.board.queries.bench import Bench, bench
from projects.dna.models import Letter
from projects.doe.models import Verification, VerificationRun
from projects.lifecycle import Stage
from projects.models import MonitoringPeriod, Project
from registry.models import Party

READS_ALL = {Role.BOARD, Role.SECRETARIAT, Role.AUDITOR, Role.SYSTEM}

RULING_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    Request.Kind.REGISTRATION: {
        Outcome.REGISTER: ("Register", "Reference number, crediting period may start"),
        Outcome.CORRECT: (
            "Register after corrections",
            "DOE resubmits; the secretariat checks against the ruling",
        ),
        Outcome.REJECT: ("Reject", "Reasons are published; the participants may revise the design"),
    },
    Request.Kind.ISSUANCE: {
        Outcome.ISSUE: ("Issue", "The Board instructs the registry"),
        Outcome.CORRECT: (
            "Issue after corrections", "DOE resubmits; the secretariat checks against the ruling",
        ),
        Outcome.REJECT: ("Reject", "Reasons are published; nothing is issued for the period"),
    },
    Request.Kind.RENEWAL: {
        Outcome.APPROVE: ("Approve", "The renewed crediting period is registered"),
        Outcome.CORRECT: (
            "Approve after corrections",
            "DOE resubmits; the secretariat checks against the ruling",
        ),
        Outcome.REJECT: ("Reject", "Reasons are published; the crediting period is not renewed"),
    },
    Request.Kind.CHANGE: {
        Outcome.APPROVE: ("Approve", "The revised design document is registered"),
        Outcome.CORRECT: (
            "Approve after corrections",
            "DOE resubmits; the secretariat checks against the ruling",
        ),
        Outcome.REJECT: ("Reject", "Reasons are published; the design document stays as it is"),
    },
}


# Who may know of it


def visible(actor: Actor | None) -> QuerySet[Request]:
    """The requests that an actor may know of in the portal, newest first."""
    requests = Request.objects.select_related(
        "project", "project__owner", "project__validator", "period", "revision", "submitted_by"
    )
    if actor is None:
        return requests.none()
    if actor.role in READS_ALL:
        return requests
    if actor.role == Role.RIT:
        return requests.filter(published_at__isnull=False)
    if actor.role == Role.DOE:
        return requests.filter(submitted_by_id=actor.organisation_id)
    if actor.role == Role.PARTICIPANT:
        return requests.filter(project__owner_id=actor.organisation_id)
    if actor.role == Role.DNA and actor.party:
        letters = Letter.objects.filter(
            project=OuterRef("project_id"), party_code=actor.party, state=Letter.State.ISSUED
        )
        involved = Q(project__party_code=actor.party) | Exists(letters)
        return requests.filter(involved, published_at__isnull=False)
    return requests.none()


def readable(actor: Actor | None) -> QuerySet[Request]:
    """The requests whose public record an actor may read: those of public projects, and those that
    the actor may know of besides.
    """
    known = Q(project__in=access.visible(None).values("pk"))
    if actor is not None:
        known |= Q(pk__in=visible(actor).values("pk"))
    return Request.objects.filter(known).select_related("project", "period", "submitted_by")


def public_request(actor: Actor | None, reference: str) -> Request:
    """One request whose public record the actor may read. Raises NotFound."""
    return _one(readable(actor).filter(reference=reference))


def visible_request(actor: Actor, pk: int) -> Request:
    """One request that the actor may know of. Raises NotFound."""
    return _one(visible(actor).filter(pk=pk))


def by_reference(actor: Actor, reference: str) -> Request:
    """One request that the actor may know of. Raises NotFound."""
    return _one(visible(actor).filter(reference=reference))


def _one(requests: QuerySet[Request]) -> Request:
    found = requests.first()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def takes_sides(actor: Actor, request: Request) -> bool:
    """Whether the person behind the actor holds or held a role on another side of the case: with a
    participant, with a DOE of the case, or with the host Party's DNA (domain, 4, rule 1).
    """
    project, period = request.project, request.period
    sides = {project.owner_id, project.validator_id, request.submitted_by_id}
    sides |= {period.verifier_id if period else None}
    sides |= set(project.participations.values_list("organisation_id", flat=True))
    involved = Q(organisation__in=sides - {None}) | Q(
        organisation__kind=Organisation.Kind.DNA, organisation__party_code=project.party_code
    )
    held = Membership.objects.filter(involved, person_id=actor.person)
    return held.exclude(organisation_id=actor.office).exists()


# Facts of the case


def is_ldc(party_code: str) -> bool:
    """Whether a Party is among the least developed countries."""
    return Party.objects.filter(code=party_code, ldc=True).exists()


def registered_in(party_code: str) -> int:
    """How many projects of a host Party this portal has registered."""
    return Project.objects.filter(party_code=party_code, registered_at__isnull=False).count()


def is_deferred(party_code: str, at: datetime) -> bool:
    """Whether a fee of a project in this host would wait for the first issuance."""
    return fees.is_deferred(registered_in(party_code), fees.Rates.on(at.date()))


def certified_by_period(period: MonitoringPeriod) -> dict[int, int]:
    """The certified amount by commitment period, without empty ones."""
    found = Verification.objects.filter(period=period).first()
    certified = found.certified if found else {}
    return {int(number): int(amount) for number, amount in certified.items() if int(amount)}


def open_request(project: Project, period: MonitoringPeriod | None = None) -> Request | None:
    """The request for registration, or for a period's issuance, that is under way or granted."""
    kind = Request.Kind.ISSUANCE if period else Request.Kind.REGISTRATION
    live = Request.objects.filter(project=project, period=period, kind=kind)
    return live.exclude(state__in=VOID).first()


def paper_rows(request: Request) -> list[list[str]]:
    """What every paper about a request says of it first: [term, value] rows."""
    project, period = request.project, request.period
    rows = [
        ["Project activity", project.title],
        ["Reference", project.name],
        ["Request", f"{request.reference}, version {request.version}"],
        ["Requested by", request.submitted_by.name],
    ]
    if period is not None:
        days = f"{formats.day(period.first_date)} to {formats.day(period.last_date)}"
        rows.append(["Monitoring period", f"{period.number}, {days}"])
        rows.append(["Certified amount", f"{formats.tonnes(period.certified_tonnes)} tCO2e"])
    elif request.revision is not None:
        rows.append(["Asked for", request.revision.get_kind_display()])
        rows.append(["Applies from", formats.day(request.revision.effective_date)])
    else:
        rows.append(["Expected reductions", f"{formats.tonnes(_annual(project))} tCO2e a year"])
    return rows


def _annual(project: Project) -> int:
    return project.estimated_annual_tonnes or 0


# The checks


@dataclass(frozen=True, slots=True)
class CheckLine:
    """An item with what the secretariat found; `met` is None while nobody has looked."""

    code: str
    part: Part
    label: str
    met: bool | None
    reason: str
    checked_by: str
    checked_at: datetime | None


def checked(request: Request) -> list[CheckLine]:
    """Every item of the request's present version, in order."""
    found = {check.code: check for check in request.checks.filter(version=request.version)}
    lines = []
    for item in checklist.items(request.kind):
        check = found.get(item.code)
        lines.append(
            CheckLine(
                item.code, item.part, item.label,
                check.met if check else None, check.reason if check else "",
                check.checked_by if check else "", check.checked_at if check else None,
            )
        )
    return lines


def running_part(request: Request) -> Part | None:
    """Which of the two checks runs now."""
    running = {State.COMPLETENESS: Part.COMPLETENESS, State.INFORMATION: Part.INFORMATION}
    return running.get(State(request.state))


def last_run(period: MonitoringPeriod) -> VerificationRun | None:
    """The last finished recomputation of the period's report."""
    return VerificationRun.objects.filter(
        verification__period=period, state=VerificationRun.State.DONE
    ).last()


# Reviews and votes


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What the person behind an actor, or their seat, has done in a case; and whether they stand on
    another side of it. `silent` is somebody of the Board who does not speak for a seat now.
    """

    recused: bool
    asked: bool
    voted: bool
    assessed: bool
    sides: bool
    speaks: bool
    silent: bool
    presides: bool
    person_id: int | None = None


def own_part(request: Request, actor: Actor, at: datetime) -> OwnPart:
    """The part that the person behind the actor, and their seat, has in a request."""
    board = bench(request, at) if actor.role == Role.BOARD else None
    seat = board.seat_of(actor.person) if board else None
    speaks = board is not None and board.speaks(actor.person)
    presiding = board.presiding if board else None
    mine = Q(person_id=actor.person) | Q(seat_number=seat.number if seat else 0)
    return OwnPart(
        recused=request.recusals.filter(person_id=actor.person).exists(),
        asked=request.review_requests.filter(mine).exists(),
        voted=request.votes.filter(mine).exists(),
        assessed=request.assessments.filter(side=side_of(actor)).exists(),
        sides=takes_sides(actor, request) or _assessed_it(request, actor),
        speaks=speaks,
        silent=board is not None and not speaks,
        presides=presiding is not None and presiding.person_id == actor.person_id,
        person_id=actor.person_id,
    )


def _assessed_it(request: Request, actor: Actor) -> bool:
    """Whether a member of the Board assessed the request in another role."""
    mine = request.assessments.filter(person_id=actor.person)
    return actor.role == Role.BOARD and mine.exists()


def side_of(actor: Actor) -> str:
    """For which of the two assessments an actor stands; empty for everybody else."""
    sides = {Role.SECRETARIAT: Assessment.Side.SECRETARIAT, Role.RIT: Assessment.Side.RIT}
    return sides.get(actor.role, "")


def members_needed(at: datetime) -> int:
    """How many members of the Board together start a review."""
    return parameters.number("review_members", at.date())


def members_asking(request: Request) -> int:
    """For how many seats a review is asked by somebody who has declared no conflict since."""
    one = Request.objects.filter(pk=request.pk).order_by()
    return int(one.values_list(seats_asking(), flat=True).get())


def seats_asking() -> queues.Counted:
    """`members_asking` over rows of requests."""
    recused = Recusal.objects.filter(
        request=OuterRef("request"), person_id=OuterRef("person_id")
    )
    asked = ReviewRequest.objects.filter(~Exists(recused), request=OuterRef("pk"), party_code="")
    return queues.Counted(asked.order_by().values("seat_number").distinct())


def rulings_for(request: Request) -> dict[str, tuple[str, str]]:
    """The rulings that the Board can make on a request: name and what follows."""
    return RULING_WORDS[request.kind]


def votes_by_ruling(request: Request) -> Counter[str]:
    """How many votes each ruling has."""
    return Counter(request.votes.values_list("ruling", flat=True))


def eligible(request: Request, at: datetime) -> int:
    """How many seats may vote: those for which somebody speaks, and those that have voted."""
    return len(bench(request, at).speaking | voted_seats(request))


def members_there(request: Request, at: datetime) -> list[tuple[int, str]]:
    """The members who could be recorded absent: number of the seat and name."""
    board, voted = bench(request, at), voted_seats(request)
    return [
        (seat.number, seat.member.person.name) for seat in board.seats
        if seat.member is not None and board.speaks(seat.member.person_id)
        and seat.number not in voted
    ]


def voted_seats(request: Request) -> set[int]:
    """The seats that have voted."""
    return set(request.votes.values_list("seat_number", flat=True))


def tally(request: Request, at: datetime, board: Bench | None = None) -> voting.Tally:
    """How the vote stands; `board` is how the seats do, if that was read."""
    votes = dict(request.votes.values_list("seat_number", "ruling"))
    return tally_of(board or bench(request, at), votes, majority(at), quorum(at))


def tally_of(
    board: Bench, votes: Mapping[int, str], needed: Fraction, least: Fraction
) -> voting.Tally:
    """How a vote stands: the ruling by seat, at a majority and a quorum."""
    return voting.tally(
        Counter(votes.values()), eligible=len(board.speaking | set(votes)), majority=needed,
        quorum=least,
    )


def needed_if_all_vote(count: voting.Tally, at: datetime) -> int:
    """How many votes carry a ruling when every member who may vote does."""
    return voting.at_least(majority(at), count.eligible)


def quorum(at: datetime) -> Fraction:
    """The share of those who may vote that has to, for a ruling."""
    return parameters.share("ruling_quorum", at.date())


def majority(at: datetime) -> Fraction:
    """The share of those voting that carries a ruling without consensus."""
    return parameters.share("ruling_majority", at.date())


# What is due


def windows_due(at: datetime) -> list[int]:
    """Requests whose window is over, and requests whose case ended under them; oldest first."""
    over = Q(state=State.PUBLISHED, window_closes_at__lte=at)
    gone = Q(kind=Request.Kind.REGISTRATION) & ~Q(project__stage=Stage.REGISTRATION)
    gone |= ~Q(kind=Request.Kind.REGISTRATION) & ~Q(project__stage=Stage.MONITORING)
    due = Request.objects.exclude(state__in=ENDED).filter(over | gone)
    return list(due.order_by("window_closes_at", "pk").values_list("pk", flat=True))


def objections_due(at: datetime) -> list[int]:
    """Requests with a proposed decision to which nobody can object any more; oldest first."""
    due = Request.objects.filter(state=State.PROPOSED, objection_closes_at__lte=at)
    return list(due.order_by("objection_closes_at", "pk").values_list("pk", flat=True))
