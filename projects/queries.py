"""Questions about projects that every page may ask."""

from datetime import datetime

from django.db.models import Q

from cdm_portal.refusals import NotFound
from projects.lifecycle import EIGHT, Stage
from projects.models import MonitoringPeriod, Project

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


def loop_note(period: MonitoringPeriod | None) -> str:
    """What stands under stages 5 to 8."""
    words = "Stages 5 to 8 repeat every monitoring period."
    return f"{words} This is period {period.number}." if period else words
