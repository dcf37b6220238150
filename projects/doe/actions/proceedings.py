"""How an accreditation comes and goes: asked for or proposed, heard, decided (domain, 3.8).

The secretariat prepares and a member of the Board decides: two persons. A suspension or withdrawal
is decided after the entity was heard, and has effect at once, provisionally until the meeting of
the Parties decides (unverified, from general knowledge of the accreditation standard).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.identity import queries as people
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import Actor, Role
from projects.doe import entries, independence, locks, queries, terms
from projects.doe.actions import accreditation as register
from projects.doe.errors import SamePerson
from projects.doe.models import Accreditation, Proceeding
from projects.models import Project

Kind, State = Proceeding.Kind, Proceeding.State
TEXT_LIMIT = 10_000
ASKED_FOR = (Kind.ACCREDIT, Kind.EXTEND, Kind.RENEW, Kind.REINSTATE)
PROPOSED = (Kind.SUSPEND, Kind.REINSTATE, Kind.WITHDRAW, Kind.EXEMPT)
HEARD = (Kind.SUSPEND, Kind.WITHDRAW)
ON = {
    Kind.SUSPEND: ("suspend", {Accreditation.State.ACTIVE}),
    Kind.REINSTATE: ("reinstate", {Accreditation.State.SUSPENDED}),
    Kind.WITHDRAW: ("withdraw", {Accreditation.State.ACTIVE, Accreditation.State.SUSPENDED}),
}
"""What a decision does to accreditations, and in which state it finds them."""


def ask_accreditation(
    *, actor: Actor, at: datetime, kind: str, scopes: Sequence[int], functions: Sequence[str],
    statement: str,
) -> Proceeding:
    """A DOE asks to be accredited, for more scopes, again for a new term, or to be reinstated.

    Raises Forbidden for anybody but a DOE, Invalid by box, Refused while the same is under way.
    """
    if actor.role != Role.DOE:
        raise Forbidden("An operational entity asks for its own accreditation.")
    if kind not in ASKED_FOR:
        raise Invalid.of("kind", "Choose what your organisation asks for.")
    said = entries.words("statement", statement, longest=TEXT_LIMIT, what="what you rely on")
    register.check_choice(scopes, functions)
    with transaction.atomic():
        doe = _entity(actor.office)
        _require_ground(doe, kind, scopes, functions, at)
        made = _open(
            doe, kind, at, state=State.ASKED, scopes=list(scopes), functions=list(functions),
            statement=said,
        )
        _record("doe.ask_accreditation", actor, at, made)
    return made


def prepare_proceeding(
    *, actor: Actor, at: datetime, proceeding_id: int, reasons: str
) -> Proceeding:
    """The secretariat puts what a DOE asked for before the Board, with its assessment.

    Raises Forbidden, NotFound, Invalid without reasons, Refused once it is prepared.
    """
    _only(actor, Role.SECRETARIAT)
    said = entries.words("reasons", reasons, longest=TEXT_LIMIT, what="the reasons")
    with transaction.atomic():
        found = locks.proceeding(proceeding_id)
        if found.state != State.ASKED:
            raise Refused(f"This is not to be prepared: {found.get_state_display().lower()}.")
        found.prepare()
        found.reasons, found.prepared_by_id, found.prepared_at = said, actor.person_id, at
        found.save(update_fields=["state", "reasons", "prepared_by", "prepared_at"])
        _record("doe.prepare_proceeding", actor, at, found)
    return found


def propose_proceeding(
    *, actor: Actor, at: datetime, kind: str, organisation_id: int, reasons: str,
    scopes: Sequence[int] = (), functions: Sequence[str] = (), months: int | None = None,
    project_id: int | None = None,
) -> Proceeding:
    """The secretariat proposes a suspension for a term in months, a withdrawal, a reinstatement, or
    that one DOE may validate and verify a large-scale project.

    Before a suspension or withdrawal the DOE is heard: it may answer until 24:00 UTC of the last
    day (parameter `accreditation_hearing_days`). Raises Forbidden, Invalid by box, Refused.
    """
    _only(actor, Role.SECRETARIAT)
    if kind not in PROPOSED:
        raise Invalid.of("kind", "Choose what is proposed.")
    said = entries.words("reasons", reasons, longest=TEXT_LIMIT, what="the reasons")
    term = _months(months, at) if kind == Kind.SUSPEND else None
    with transaction.atomic():
        doe = _entity(organisation_id)
        project = _large_project(doe, project_id) if kind == Kind.EXEMPT else None
        if project is None:
            register.check_choice(scopes, functions)
            _require_ground(doe, kind, scopes, functions, at)
        heard = kind in HEARD
        days = parameters.number("accreditation_hearing_days", at.date())
        made = _open(
            doe, kind, at, state=State.HEARING if heard else State.PROPOSED, project=project,
            scopes=[] if project else list(scopes), functions=[] if project else list(functions),
            months=term, reasons=said, prepared_by_id=actor.person_id, prepared_at=at,
            answer_until=queries.window_closes(at, days) if heard else None,
        )
        _record("doe.propose_proceeding", actor, at, made)
    return made


def answer_proceeding(
    *, actor: Actor, at: datetime, proceeding_id: int, text: str
) -> Proceeding:
    """The DOE answers what is proposed against it, once and in time.

    Raises NotFound for anybody else's, Invalid, Refused outside the hearing.
    """
    said = entries.words("text", text, longest=TEXT_LIMIT, what="your answer")
    with transaction.atomic():
        found = locks.proceeding(proceeding_id)
        if actor.role != Role.DOE or found.organisation_id != actor.organisation_id:
            raise NotFound("There is no such proceeding.")
        if reason := queries.why_no_answer(found, at):
            raise Refused(reason)
        found.hear()
        found.answer, found.answered_at = said, at
        found.save(update_fields=["state", "answer", "answered_at"])
        _record("doe.answer_proceeding", actor, at, found)
    return found


def decide_proceeding(
    *, actor: Actor, at: datetime, proceeding_id: int, grant: bool, reasons: str
) -> Proceeding:
    """A member of the Board decides, with public reasons; the accreditations change at once.

    Raises Forbidden for another role, for the person who prepared it or one of the DOE; NotFound;
    Refused before the hearing is over, or when nothing is left to decide on; Invalid.
    """
    _only(actor, Role.BOARD)
    said = entries.words("reasons", reasons, longest=TEXT_LIMIT, what="the public reasons")
    with transaction.atomic():
        found = locks.proceeding(proceeding_id)
        if waits := queries.decision_obstacles(found, at):
            raise Refused(" ".join(waits))
        _require_other_person(actor, found, at)
        if grant:
            found.grant()
            _follow(found, actor, at)
        else:
            found.refuse()
        found.decision, found.decided_by_id, found.decided_at = said, actor.person_id, at
        found.save(
            update_fields=["state", "decision", "decided_by", "decided_at", "first_date"]
        )
        _record("doe.decide_proceeding", actor, at, found, outcome=found.state)
    return found


def _only(actor: Actor, role: Role) -> None:
    if actor.role != role:
        who = "The secretariat prepares" if role == Role.SECRETARIAT else "A Board member decides"
        raise Forbidden(f"{who} what concerns accreditations.")


def _entity(organisation_id: int) -> Organisation:
    doe = locks.organisation(organisation_id)
    if doe is None or doe.kind != Organisation.Kind.DOE:
        raise Invalid.of("organisation", "This is not a Designated Operational Entity.")
    return doe


def _months(months: int | None, at: datetime) -> int:
    most = parameters.number("suspension_most_months", at.date())
    if months is None or not 1 <= months <= most:
        raise Invalid.of("months", f"Enter a term of 1 to {most} months to put things right.")
    return months


def _large_project(doe: Organisation, project_id: int | None) -> Project:
    """The large-scale project that the DOE validated. Raises Invalid for any other."""
    project = Project.objects.filter(pk=project_id or 0).first()
    if project is None or project.scale != Project.Scale.LARGE or project.validator_id != doe.pk:
        raise Invalid.of(
            "project", f"An exemption is for a large-scale project that {doe.name} validated."
        )
    if independence.exemption(doe.pk, project) is not None:
        raise Invalid.of("project", f"{doe.name} is exempted for this project already.")
    return project


def _require_ground(
    doe: Organisation, kind: str, scopes: Sequence[int], functions: Sequence[str], at: datetime
) -> None:
    """Pass when the DOE holds what the proceeding is about. Raises Invalid beside the scopes."""
    day = at.date()
    held = [
        row for row in locks.accreditations(doe, scopes, functions, day)
        if row.state in register.HELD
    ]
    if kind in {Kind.ACCREDIT, Kind.EXTEND} and held:
        raise Invalid.of("scopes", f"Held already: {held[0]}.")
    if kind == Kind.RENEW and len(held) < len(scopes) * len(functions):
        raise Invalid.of("scopes", "A new term can follow only what your organisation holds.")
    if kind == Kind.RENEW and any(row.valid_to is None for row in held):
        raise Invalid.of("scopes", "This accreditation has no end; a new term cannot follow it.")
    if kind in ON and not any(row.state in ON[Kind(kind)][1] for row in held):
        label = Kind(kind).label.lower()
        raise Invalid.of("scopes", f"{doe.name} holds nothing here that a {label} could change.")


def _open(
    doe: Organisation, kind: str, at: datetime, /, project: Project | None = None, **facts: object
) -> Proceeding:
    live = Proceeding.objects.filter(
        organisation=doe, kind=kind, project=project, decided_at=None
    )
    if live.exists():
        raise Refused(f"The same is under way for {doe.name}: {Kind(kind).label.lower()}.")
    made: Proceeding = Proceeding.objects.create(
        organisation=doe, kind=kind, opened_at=at, project=project, **facts
    )
    return made


def _require_other_person(actor: Actor, found: Proceeding, at: datetime) -> None:
    if actor.person_id == found.prepared_by_id:
        raise SamePerson("Who prepared it does not decide it.")
    offices = people.memberships(actor.person, at.date()).filter(
        organisation_id=found.organisation_id
    )
    if offices.exists():
        raise SamePerson("Who belongs to the entity does not decide on it.")


def _follow(found: Proceeding, actor: Actor, at: datetime) -> None:
    """Let the accreditations follow a decision. Raises Refused when there is nothing to change."""
    doe, day = found.organisation, at.date()
    if found.kind == Kind.EXEMPT:
        return
    if found.kind not in ON:
        _enter_term(found, at)
        return
    verb, states = ON[Kind(found.kind)]
    rows = [
        row for row in locks.accreditations(doe, found.scopes, found.functions, day)
        if row.state in states
    ]
    if not rows:
        raise Refused(f"{doe.name} no longer holds what this decision would change.")
    for row in rows:
        getattr(row, verb)()
        row.correct_by = terms.months_after(day, found.months) if found.months else None
        row.save(update_fields=["state", "correct_by"])
        facts = {"scope": row.scope, "function": row.function, "proceeding": found.pk}
        record(f"doe.{verb}_accreditation", actor=actor, subject=row, at=at, facts=facts)


def _enter_term(found: Proceeding, at: datetime) -> None:
    """A term of the full length from the day of the decision, or from the day after the one held.

    Raises Refused when an accreditation without an end is held already.
    """
    day = at.date()
    years = parameters.number("accreditation_years", day)
    for function in found.functions:
        for scope in found.scopes:
            first = queries.next_first_day(found.organisation_id, scope, function, day)
            try:
                register.enter(
                    found.organisation, [scope], [function], first, terms.last_day(first, years)
                )
            except Invalid as refusal:
                raise Refused(refusal.message) from refusal
            found.first_date = min(filter(None, (found.first_date, first)))


def _record(verb: str, actor: Actor, at: datetime, found: Proceeding, **facts: object) -> None:
    project = found.project.reference if found.project else ""
    told = {"kind": found.kind, "scopes": found.scopes, "functions": found.functions}
    record(verb, actor=actor, subject=found, at=at, project=project, facts=told | facts)
