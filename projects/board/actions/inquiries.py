"""The Board decides, after an issuance, how many of its CERs were issued in excess (domain, 2.6).

The secretariat prepares, the DOE is heard, whoever presides over the Board decides with public
reasons: two persons.
What is found opens a debt of the DOE, whose time runs from the decision, which ends the review.
"""

from datetime import datetime

from django.db import transaction

from cdm_portal import deadlines, formats, parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused
from cdm_portal.values import Actor, Role
from projects import locks as landing
from projects.board import locks, queries, standing
from projects.board.errors import ChairRules, TakesSides
from projects.board.models import Inquiry
from projects.doe import actions as auditors
from projects.doe import entries
from projects.doe.errors import SamePerson
from projects.models import MonitoringPeriod


def open_inquiry(
    *, actor: Actor, at: datetime, period_id: int, organisation_id: int, tonnes: int | None,
    reasons: str,
) -> Inquiry:
    """The secretariat puts an issuance before the Board: the DOE that verified the period, or
    validated the project, has lost its standing, and so many CERs are in excess as it counts them.
    The DOE may answer until 24:00 UTC of the last day (parameter `accreditation_hearing_days`).

    Raises Forbidden, NotFound, Refused with what stands in the way, Invalid by box.
    """
    standing.secretariat_only(actor)
    said = entries.words("reasons", reasons, longest=standing.LONGEST_TEXT, what="the reasons")
    with transaction.atomic():
        period = landing.period(period_id)
        if reason := queries.why_no_inquiry(period):
            raise Refused(reason)
        if organisation_id not in {doe.pk for doe in queries.answerable(period)}:
            raise Invalid.of(
                "organisation", "Choose a DOE that verified or validated the case, and whose "
                "accreditation is suspended or withdrawn.",
            )
        days = parameters.number("accreditation_hearing_days", at.date())
        made: Inquiry = Inquiry.objects.create(
            period=period, doe_id=organisation_id, proposed=_count("tonnes", tonnes, period),
            reasons=said, prepared_by_id=actor.person, prepared_at=at,
            answer_until=deadlines.due_at(at, days),
        )
        _record("board.open_inquiry", actor, at, made)
    return made


def answer_inquiry(*, actor: Actor, at: datetime, inquiry_id: int, text: str) -> Inquiry:
    """The DOE concerned answers what the secretariat found, once and in time; with that the Board
    may decide.

    Raises NotFound for anybody else's, Invalid at the text, Refused once it is answered, decided or
    too late.
    """
    said = entries.words("text", text, longest=standing.LONGEST_TEXT, what="your answer")
    with transaction.atomic():
        found = locks.inquiry(inquiry_id)
        if actor.role != Role.DOE or found.doe_id != actor.organisation_id:
            raise NotFound("There is no such inquiry.")
        if reason := queries.why_no_answer(found, at):
            raise Refused(reason)
        found.answer, found.answered_by_id, found.answered_at = said, actor.person, at
        found.save(update_fields=["answer", "answered_by", "answered_at"])
        _record("board.answer_inquiry", actor, at, found)
    return found


def decide_inquiry(
    *, actor: Actor, at: datetime, inquiry_id: int, excess: int | None, reasons: str
) -> Inquiry:
    """Who presides over the Board decides the quantity in excess, 0 for none, with public reasons;
    what is found becomes a debt of the DOE at once.

    Raises Forbidden for another role, ChairRules, TakesSides for somebody of the case, SamePerson
    for who prepared it, NotFound, Refused while the DOE is heard and once it is decided, Invalid by
    box.
    """
    if actor.role != Role.BOARD or actor.person_id is None:
        raise Forbidden("The Executive Board decides this.")
    said = entries.words(
        "reasons", reasons, longest=standing.LONGEST_TEXT, what="the public reasons"
    )
    with transaction.atomic():
        found = locks.inquiry(inquiry_id)
        if reason := queries.decision_waits(found, at):
            raise Refused(reason)
        _require_presiding(actor, found, at)
        found.excess = _count("excess", excess, found.period)
        if found.excess:
            found.find()
            found.debt = auditors.open_debt(
                actor=actor, at=at, organisation_id=found.doe_id, quantity=found.excess,
                period=found.period,
            )
        else:
            found.clear()
        found.decision, found.decided_by_id, found.decided_at = said, actor.person_id, at
        found.save(update_fields=[
            "state", "excess", "debt", "decision", "decided_by", "decided_at",
        ])
        _record("board.decide_inquiry", actor, at, found)
    return found


def _count(box: str, tonnes: int | None, period: MonitoringPeriod) -> int:
    most = queries.not_in_excess(period)
    if tonnes is None or not 0 <= tonnes <= most:
        raise Invalid.of(
            box, f"Enter 0 to {formats.grouped(most)} CERs: what was issued for the period, less "
            "what earlier inquiries found.",
        )
    return tonnes


def _require_presiding(actor: Actor, found: Inquiry, at: datetime) -> None:
    if actor.person_id == found.prepared_by_id:
        raise SamePerson("Who prepared it does not decide it.")
    if actor.person_id in queries.partial_to(found):
        raise TakesSides("Who belongs to the project or to the DOE does not decide on it.")
    chair = queries.presiding_over(found, at)
    if chair is None or chair.person_id != actor.person_id:
        name = chair.person.name if chair else "nobody"
        raise ChairRules(f"Who presides over the Board decides; here that is {name}.")


def _record(verb: str, actor: Actor, at: datetime, found: Inquiry) -> None:
    facts = {"period": found.period.number, "proposed": found.proposed, "state": found.state}
    record(
        verb, actor=actor, subject=found, at=at, project=found.period.project.reference,
        facts=facts if found.excess is None else facts | {"excess": found.excess},
    )
