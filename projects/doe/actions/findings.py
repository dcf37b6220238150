"""Findings: the DOE raises, the participant answers, the DOE closes, asks again, or keeps it.

A corrective action or clarification request blocks the opinion until it is closed; a forward action
request does not: the next verification inherits it and closes it before anything is certified
(domain, 2.3 and 3.4).
"""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects import access
from projects import actions as filing
from projects.doe import entries, locks, queries, standing
from projects.doe.errors import CaseClosed, FindingMoved
from projects.doe.models import Validation, Verification
from projects.doe.standing import Act
from projects.models import Document, Finding, FindingMessage, MonitoringPeriod, Project

TEXT_LIMIT = 10_000
PASSAGE_LIMIT = 500


def raise_finding(
    *, actor: Actor, at: datetime, project_id: int, period_id: int | None = None,
    kind: str, subject: str, section: str, text: str, passage: str = "",
) -> Finding:
    """Raise a finding in the open validation, or verification of the period, anchored to a section
    or parameter, or to a passage: words as they stand in that section of the design document. A
    forward action request is kept for the next verification at once.

    Raises Invalid beside the field, CaseClosed, Forbidden, NotFound, BothSides.
    """
    if kind not in Finding.Kind.values:
        raise Invalid.of("kind", "Choose a corrective action, clarification or forward action.")
    title = entries.words("subject", subject, longest=200, what="the subject")
    said = entries.words("text", text, longest=TEXT_LIMIT, what="what is wrong or unclear")
    with transaction.atomic():
        project, period = locks.case(project_id, period_id)
        _require_open_case(actor, at, project, period)
        if section and section not in dict(queries.anchors(project, period)):
            raise Invalid.of("section", "Choose a section or parameter of the document.")
        words = _passage(project, period, section, passage)
        made = _make(actor, at, project, period, kind, title, section, words)
        _say(actor, at, made, "raise", said)
        _record("doe.raise_finding", actor, at, made)
    return made


def answer_finding(
    *, actor: Actor, at: datetime, finding_id: int, text: str,
    filename: str | None = None, data: bytes | None = None,
) -> Finding:
    """The participant answers, with a file if there is one; then the ball is with the DOE.

    Raises FindingMoved, Invalid, CaseClosed, Forbidden, NotFound, BothSides.
    """
    said = entries.words("text", text, longest=TEXT_LIMIT, what="your answer")
    with transaction.atomic():
        finding = locks.finding(finding_id)
        if not access.owns(actor, finding.project):
            raise NotFound("There is no such finding.")
        standing.require_participant(actor, finding.project, at.date())
        if finding.state not in {Finding.State.OPEN, Finding.State.FORWARDED}:
            raise FindingMoved(f"{finding} is {finding.get_state_display().lower()}.")
        if finding.state == Finding.State.OPEN:
            _require_case_alive(finding)
            finding.state = Finding.State.ANSWERED
            finding.save(update_fields=["state"])
        document = _attach(actor, at, finding, filename, data) if data is not None else None
        _say(actor, at, finding, "answer", said, document)
        _record("doe.answer_finding", actor, at, finding)
    return finding


def close_finding(*, actor: Actor, at: datetime, finding_id: int, reason: str) -> Finding:
    """The DOE closes an answered finding, or an inherited forward action request that is met.

    Raises FindingMoved, Invalid, CaseClosed, NotFound, BothSides.
    """
    with transaction.atomic():
        finding, said = _assessed(actor, at, finding_id, reason, forwarded_too=True)
        finding.state, finding.closed_at = Finding.State.CLOSED, at
        finding.save(update_fields=["state", "closed_at"])
        _say(actor, at, finding, "close", said)
        _record("doe.close_finding", actor, at, finding)
    return finding


def ask_again(*, actor: Actor, at: datetime, finding_id: int, reason: str) -> Finding:
    """The DOE sends an answered finding back for another round.

    Raises FindingMoved, Invalid, CaseClosed, NotFound, BothSides.
    """
    with transaction.atomic():
        finding, said = _assessed(actor, at, finding_id, reason)
        finding.state = Finding.State.OPEN
        finding.save(update_fields=["state"])
        _say(actor, at, finding, "ask_again", said)
        _record("doe.ask_again", actor, at, finding)
    return finding


def forward_finding(*, actor: Actor, at: datetime, finding_id: int, reason: str) -> Finding:
    """Close an answered finding and keep its matter as a forward action request, which is returned.

    Raises FindingMoved, Invalid, CaseClosed, NotFound, BothSides.
    """
    with transaction.atomic():
        finding, said = _assessed(actor, at, finding_id, reason)
        finding.state, finding.closed_at = Finding.State.CLOSED, at
        finding.save(update_fields=["state", "closed_at"])
        _say(actor, at, finding, "forward", said)
        kept = _make(
            actor, at, finding.project, finding.period, Finding.Kind.FAR,
            finding.subject, finding.section, finding.passage,
        )
        _say(actor, at, kept, "raise", f"From {finding}: {said}")
        _record("doe.forward_finding", actor, at, finding, kept_as=kept.number)
    return kept


def _passage(
    project: Project, period: MonitoringPeriod | None, section: str, passage: str
) -> str:
    """The words as the section has them, white space aside. Raises Invalid beside the box."""
    words = " ".join(passage.split())
    if not words:
        return ""
    if len(words) > PASSAGE_LIMIT:
        raise Invalid.of("passage", f"Quote at most {PASSAGE_LIMIT} characters.")
    texts = [] if period else queries.texts_of(queries.design_version(project), section)
    if not any(words in " ".join(text.split()) for text in texts):
        raise Invalid.of("passage", "These words do not stand in this section as it is now.")
    return words


def _assessed(
    actor: Actor, at: datetime, finding_id: int, reason: str, *, forwarded_too: bool = False
) -> tuple[Finding, str]:
    """The finding, locked, if the actor may assess it now, and the reason."""
    said = entries.words("reason", reason, longest=TEXT_LIMIT, what="the reason")
    finding = locks.finding(finding_id)
    if forwarded_too and finding.state == Finding.State.FORWARDED:
        _require_open_case(actor, at, finding.project, _heir(actor, finding))
        return finding, said
    _require_open_case(actor, at, finding.project, finding.period)
    if finding.state == Finding.State.OPEN:
        raise FindingMoved(f"The participant has not answered {finding} yet.")
    if finding.state != Finding.State.ANSWERED:
        raise FindingMoved(f"{finding} is {finding.get_state_display().lower()}.")
    return finding, said


def _heir(actor: Actor, finding: Finding) -> MonitoringPeriod | None:
    """The period in whose open verification a forward action request is dealt with, if any."""
    mine = queries.heirs(finding).filter(organisation_id=actor.organisation_id or 0)
    period_id = mine.values_list("period_id", flat=True).first()
    if period_id is None:
        return finding.period
    return locks.case(finding.project_id, period_id)[1]


def _require_open_case(
    actor: Actor, at: datetime, project: Project, period: MonitoringPeriod | None
) -> Validation | Verification:
    """The open case of which the actor's DOE is in charge.

    Raises NotFound for anybody else, BothSides, NotInStanding, CaseClosed.
    """
    in_charge = project.validator_id if period is None else period.verifier_id
    standing.require_doe(actor, project, in_charge, at.date())
    standing.require_standing(Act.WORK_ON_FINDING, project, at.date(), period=period)
    try:
        case = locks.validation(project) if period is None else locks.verification(period)
    except NotFound:
        raise CaseClosed("The document has not been published yet.") from None
    if not queries.is_open(case):
        raise CaseClosed("The case is closed.")
    return case


def _require_case_alive(finding: Finding) -> None:
    """Pass while the case in which the finding was raised is open. Raises CaseClosed."""
    if finding.period is None:
        case: Validation | Verification = locks.validation(finding.project)
    else:
        case = locks.verification(finding.period)
    if not queries.is_open(case):
        raise CaseClosed("The case is closed.")


def _make(
    actor: Actor,
    at: datetime,
    project: Project,
    period: MonitoringPeriod | None,
    kind: str,
    subject: str,
    section: str,
    passage: str,
) -> Finding:
    """A finding with the next number of its kind in the case; the project's lock is held."""
    numbered = Finding.objects.filter(project=project, period=period, kind=kind).count()
    is_forward = kind == Finding.Kind.FAR
    return Finding.objects.create(
        project=project, period=period, kind=kind, number=numbered + 1, subject=subject,
        section=section, passage=passage, raised_by_id=actor.organisation_id or 0, raised_at=at,
        state=Finding.State.FORWARDED if is_forward else Finding.State.OPEN,
    )


def _say(
    actor: Actor,
    at: datetime,
    finding: Finding,
    act: str,
    text: str,
    document: Document | None = None,
) -> FindingMessage:
    return FindingMessage.objects.create(
        finding=finding, author_name=actor.name, author_role=actor.role.label,
        organisation=actor.organisation, text=text, act=act, document=document, at=at,
    )


def _attach(
    actor: Actor, at: datetime, finding: Finding, filename: str | None, data: bytes
) -> Document:
    name = filename or ""
    return filing.file_document(
        actor=actor, at=at, project=finding.project, period=finding.period,
        kind=Document.Kind.FINDING, title=f"{finding}: {name}", filename=name,
        media_type=entries.media_type("file", name, data, at.date()), data=data,
    )


def _record(verb: str, actor: Actor, at: datetime, finding: Finding, **facts: object) -> None:
    told = {"finding": str(finding), "period": finding.period and finding.period.number}
    record(
        verb, actor=actor, subject=finding, at=at, project=finding.project.reference,
        facts=told | facts,
    )
