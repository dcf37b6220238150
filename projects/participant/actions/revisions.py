"""Renewals and post-registration changes: drafting, giving up, and putting in force.

Asking the DOE lives with the DOE and the request with the Board (decisions, 15); what a decision
does to the design document lives here, where versions of it are made.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor
from projects import access, lifecycle, locks
from projects import queries as landing
from projects.lifecycle import NotNow
from projects.methodologies import periods
from projects.models import MonitoringPeriod, Project
from projects.participant import design, queries, revised, sections, stating
from projects.participant import locks as own_locks
from projects.participant.actions import freezing
from projects.participant.models import DesignVersion
from projects.revisions.machine import State
from projects.revisions.models import CreditingPeriod, RegisteredVersion, Revision

Kind, Track = Revision.Kind, Revision.Track
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a participant asks for: which revision, why, and for which days or period.

    A renewal sets its days by itself; a change on the issuance track begins with its period.
    """

    kind: str
    reasons: str
    track: str = Track.PRIOR
    effective_date: date | None = None
    last_date: date | None = None
    period_number: int | None = None


def start_revision(*, actor: Actor, at: datetime, project_id: int, wish: Wish) -> Revision:
    """Begin a renewal or a post-registration change; the design document opens for it.

    Raises NotFound for another's project, NotNow where there is nothing to revise, one is under
    way, or the renewal is not possible, and Invalid by box.
    """
    said = sections.words("reasons", wish.reasons, longest=LONGEST)
    with transaction.atomic():
        case = locks.project(project_id)
        if not access.owns(actor, case):
            raise NotFound("There is no such project.")
        if refused := revised.why_not_start(case, wish.kind, at):
            raise NotNow(refused)
        if not said:
            raise Invalid.of("reasons", "Say what changes and why.")
        period = _period(case, wish)
        revision: Revision = Revision.objects.create(
            project=case, number=case.revisions.count() + 1, kind=wish.kind, track=wish.track,
            period=period, reasons=said, created_at=at, last_date=_last(wish),
            effective_date=_effective(case, wish, period),
        )
        if not revision.is_deviation:
            _reopen(case, revision, at)
        _record("participant.start_revision", revision, actor, at, kind=revision.kind)
    return revision


def _period(case: Project, wish: Wish) -> MonitoringPeriod | None:
    """The monitoring period whose request for issuance decides; none on the other track."""
    if wish.track == Track.PRIOR:
        return None
    if wish.track != Track.ISSUANCE:
        raise Invalid.of("track", "Choose one of the two tracks.")
    if wish.kind in {Kind.RENEWAL, Kind.START_DATE}:
        raise Invalid.of("track", "The Board approves this before, not with an issuance.")
    found: MonitoringPeriod | None = case.periods.filter(number=wish.period_number or 0).first()
    if found is None:
        raise Invalid.of("period_number", "Choose the monitoring period.")
    if not revised.takes_changes(found):
        raise Invalid.of("period_number", f"Period {found.number} is certified already.")
    return found


def _effective(case: Project, wish: Wish, period: MonitoringPeriod | None) -> date:
    """The first day to which the revision applies. Raises Invalid."""
    last = landing.crediting_periods(case)[-1]
    if wish.kind == Kind.RENEWAL:
        return last.last_date + timedelta(days=1)
    if wish.kind == Kind.START_DATE:
        return last.first_date
    if period is not None:
        return period.first_date
    if wish.effective_date is None:
        raise Invalid.of("effective_date", "From which day does it apply?")
    if fault := revised.effective_fault(case, wish.effective_date):
        raise Invalid.of("effective_date", fault)
    return wish.effective_date


def _last(wish: Wish) -> date | None:
    if wish.kind != Kind.DEVIATION:
        return None
    if wish.last_date is None:
        raise Invalid.of("last_date", "Until which day does the deviation last?")
    if wish.effective_date and wish.last_date < wish.effective_date:
        raise Invalid.of("last_date", "The last day comes before the first.")
    return wish.last_date


def _reopen(case: Project, revision: Revision, at: datetime) -> None:
    """The draft says again what is registered; of a renewal, for the crediting period to come."""
    _, draft = own_locks.design_document(case.pk)
    registered = queries.version(case, case.design_version or 0)
    content: dict[str, Any] = {
        section.key: design.part(registered.content, section.key)
        for section in sections.of(registered.content)
    }
    content["crediting_number"] = design.crediting_number(registered.content)
    if revision.is_renewal:
        kind = periods.Crediting.RENEWABLE
        content["crediting_number"] += 1
        content["crediting"] = {
            **{key: value for key, value in content["crediting"].items() if key == "start_date"},
            "kind": kind.value, "first_date": revision.effective_date.isoformat(),
            "years": kind.longest_years,
        }
        content["reductions"] = {}
    draft.content, draft.updated_at = content, at
    draft.save(update_fields=["content", "updated_at"])


def freeze_for_doe(*, actor: Actor, at: datetime, revision: Revision) -> DesignVersion | None:
    """Freeze what the DOE is to validate, inside the caller's transaction; None for a deviation.

    Raises Incomplete by section, Invalid for a crediting period that is not the one to be revised.
    """
    if revision.is_deviation:
        return None
    case, draft = own_locks.design_document(revision.project_id)
    revised.check_draft(case, revision, draft, at)
    before = queries.latest_version(case)
    declined = before is not None and before.number == revision.design_version
    if declined and before is not None and freezing.says_the_same(before, draft):
        return before  # a DOE declined: the same version goes to another
    version = freezing.freeze_revision(actor=actor, at=at, project=case, draft=draft)
    revision.design_version = version.number
    if revision.kind == Kind.START_DATE:
        stated = design.crediting_of(version.content)
        assert stated is not None  # the draft is complete
        revision.effective_date = stated.first
    return version


def withdraw_revision(*, actor: Actor, at: datetime, revision_id: int) -> Revision:
    """Give a revision up before it is requested; another can be drafted. Raises NotFound, NotNow.
    """
    with transaction.atomic():
        revision = locks.revision(revision_id)
        if not access.owns(actor, revision.project):
            raise NotFound("There is no such revision.")
        lifecycle.ask(revision, "withdraw", actor)
        revision.withdraw()
        revision.decided_at = at
        revision.save(update_fields=["state", "decided_at"])
        _record("participant.withdraw_revision", revision, actor, at)
    return revision


def register_first(*, actor: Actor, at: datetime, project: Project) -> None:
    """The crediting period and the design document of a project that has just been registered, as
    they are registered. Inside the caller's transaction.
    """
    stated = project.crediting_period
    if stated is None or project.design_version is None:
        raise NotNow("The design document states no crediting period.")
    CreditingPeriod.objects.create(
        project=project, number=1, first_date=stated.first, last_date=stated.last,
        estimated_annual_tonnes=project.estimated_annual_tonnes or 0,
        design_version=project.design_version, registered_at=at,
    )
    RegisteredVersion.objects.create(
        project=project, design_version=project.design_version, effective_date=stated.first,
        registered_at=at,
    )
    record(
        "participant.register_first", actor=actor, subject=project, at=at,
        project=project.reference, facts={"version": project.design_version},
    )


def publish_version(*, actor: Actor, at: datetime, revision: Revision) -> None:
    """Make public what is requested: the revised design document and its attachments that are not
    confidential. Inside the caller's transaction.
    """
    if revision.design_version is None:
        return
    version = queries.version(revision.project, revision.design_version)
    if not version.document.public:
        version.document.public = True
        version.document.save(update_fields=["public"])
    queries.attachments_to_publish(version.content).update(public=True)
    _record("participant.publish_version", revision, actor, at, version=version.number)


def put_in_force(*, actor: Actor, at: datetime, revision: Revision) -> None:
    """Register the version of an approved revision from its effective date on, and with a renewal
    or a moved start its crediting period. Inside the caller's transaction.

    The project then states what the version registered last says. A deviation registers nothing.
    """
    if revision.is_deviation:
        return
    case = revision.project
    version = queries.version(case, revision.design_version or 0)
    RegisteredVersion.objects.create(
        project=case, design_version=version.number, effective_date=revision.effective_date,
        revision=revision, registered_at=at,
    )
    stating.copy_facts(case, version)
    if revision.kind in {Kind.RENEWAL, Kind.START_DATE}:
        _credit(revision, version, at)
    case.save()
    _record(
        "participant.put_in_force", revision, actor, at, version=version.number,
        effective=revision.effective_date.isoformat(),
    )


def _credit(revision: Revision, version: DesignVersion, at: datetime) -> None:
    last = landing.crediting_periods(revision.project)[-1]
    stated = design.crediting_of(version.content)
    assert stated is not None  # the version is complete
    number = last.number + 1 if revision.is_renewal else last.number
    CreditingPeriod.objects.create(
        project=revision.project, number=number, first_date=stated.first, last_date=stated.last,
        version=1 if revision.is_renewal else last.version + 1,
        estimated_annual_tonnes=version.calculation["annual_average"],
        design_version=version.number, revision=revision, registered_at=at,
        renewed_by=revision.doe if revision.is_renewal else last.renewed_by,
    )


def _record(verb: str, revision: Revision, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        verb, actor=actor, subject=revision, at=at, project=revision.project.reference,
        facts={"revision": revision.number, "state": State(revision.state).value, **facts},
    )
