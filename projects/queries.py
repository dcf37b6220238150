"""Questions about projects that every page may ask."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from cdm_portal.refusals import NotFound
from projects.lifecycle import EIGHT, SIDE_ENDS, Stage
from projects.models import MonitoringPeriod, Project
from projects.revisions.machine import LIVE
from projects.revisions.models import CreditingPeriod, RegisteredVersion, Revision

Step = dict[str, str]


def by_name(name: str) -> Project:
    """A project by reference or number, whoever asks. Raises NotFound."""
    found = Project.objects.filter(Q(reference=name) | Q(number=name)).first()
    if found is None:
        raise NotFound("There is no such project.")
    return found


def latest_period(project: Project) -> MonitoringPeriod | None:
    """The last monitoring period opened."""
    return project.periods.order_by("-number").first()


def latest_periods(projects: Iterable[Project]) -> dict[int, MonitoringPeriod]:
    """The last monitoring period of each of some projects that has one, by project."""
    found = MonitoringPeriod.objects.filter(project__in=[each.pk for each in projects])
    last = found.order_by("project_id", "-number").distinct("project_id")
    return {each.project_id: each for each in last}


def current_stage(project: Project, period: MonitoringPeriod | None) -> Stage:
    """Where the case stands: the project's stage, or its last period's once it is registered."""
    if project.stage == Stage.MONITORING and period is not None:
        return Stage(period.stage)
    return Stage(project.stage)


def _day(moment: datetime | None) -> str:
    return f"{moment:%-d %b %Y}" if moment else ""


def stage_track(project: Project, period: MonitoringPeriod | None = None) -> list[Step]:
    """The eight steps with who acts, when, and whether they are done: for the tracker."""
    period = period or latest_period(project)
    now = current_stage(project, period)
    validator = project.validator.name if project.validator else "the DOE"
    verifier = period.verifier.name if period and period.verifier else "the DOE"
    owner = "Coordinating/managing entity" if project.is_programme else "Participants"
    facts: dict[Stage, tuple[str, datetime | None]] = {
        Stage.DESIGN: (owner, project.design_submitted_at),
        Stage.NATIONAL_APPROVAL: ("DNA of the host country", project.host_approved_at),
        Stage.VALIDATION: (
            validator, project.opinion_at if project.opinion == "positive" else None
        ),
        Stage.REGISTRATION: ("Executive Board", project.registered_at),
        Stage.MONITORING: (owner, period.reported_at if period else None),
        Stage.VERIFICATION: (verifier, period.certified_at if period else None),
        Stage.ISSUANCE: ("Executive Board, registry", period.issued_at if period else None),
        Stage.OFFSETTING: ("Anyone", None),
    }
    return [_step(stage, now, *facts[stage]) for stage in EIGHT]


def _step(stage: Stage, now: Stage, actor: str, done_at: datetime | None) -> Step:
    state = "done" if done_at else ("now" if stage == now else "todo")
    note = _day(done_at) or ("In progress" if state == "now" else "")
    if stage == Stage.OFFSETTING and state == "now":
        note = "Open"
    return {"name": stage.label, "actor": actor, "note": note, "state": state}


def end_note(project: Project) -> str:
    """How and when the project ended, for the tracker; empty while it has not."""
    if project.stage not in SIDE_ENDS:
        return ""
    label = str(Stage(project.stage).label)
    return f"{label} on {_day(project.ended_at)}." if project.ended_at else f"{label}."


def loop_note(period: MonitoringPeriod | None) -> str:
    """What stands under stages 5 to 8."""
    words = "Stages 5 to 8 repeat every monitoring period."
    return f"{words} This is period {period.number}." if period else words


# Crediting periods and the registered design document


def crediting_periods(project: Project) -> list[CreditingPeriod]:
    """The registered crediting periods in order, each as it stands now."""
    rows = CreditingPeriod.objects.filter(project=project).select_related("renewed_by")
    return list({each.number: each for each in rows}.values())


def crediting_on(project: Project, day: date) -> CreditingPeriod | None:
    """The crediting period in which a day lies."""
    return next((each for each in crediting_periods(project) if each.holds(day)), None)


def version_on(project: Project, day: date) -> int:
    """The registered version of the design document that applies to a day's monitoring; before the
    first of them, that one. 0 for a project that is not registered.
    """
    rows = list(RegisteredVersion.objects.filter(project=project))
    applying = [row for row in rows if row.effective_date <= day] or rows[:1]
    return applying[-1].design_version if applying else 0


def changed_within(project: Project, first: date, last: date) -> date | None:
    """The day after `first`, up to `last`, from which another registered version applies."""
    inside = RegisteredVersion.objects.filter(
        project=project, effective_date__gt=first, effective_date__lte=last
    ).first()
    return inside.effective_date if inside else None


def live_revision(project: Project) -> Revision | None:
    """The renewal or change that is under way, if any: there is one at a time."""
    return Revision.objects.filter(project=project, state__in=LIVE).select_related("doe").first()


def revision(project: Project, number: int) -> Revision:
    """A revision of a project by its number. Raises NotFound."""
    found = Revision.objects.filter(project=project, number=number)
    made = found.select_related("project__owner", "doe", "period", "report").first()
    if made is None:
        raise NotFound("There is no such revision.")
    return made


def registered_versions(project: Project) -> list[RegisteredVersion]:
    """The versions of the design document that were registered, with what led to each."""
    return list(RegisteredVersion.objects.filter(project=project).select_related("revision"))


def public_revisions(project: Project) -> list[Revision]:
    """The renewals and changes that have been requested: from then on they are public."""
    return list(Revision.objects.filter(project=project, requested_at__isnull=False))
