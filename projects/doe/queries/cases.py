"""A DOE's cases, their windows and their documents."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from cdm_portal import deadlines, formats, parameters
from cdm_portal.refusals import NotFound
from projects.doe.models import Comment, Engagement, Validation, Verification
from projects.doe.rawsums import Source
from projects.lifecycle import Stage
from projects.models import Document, MonitoringPeriod, Project
from projects.participant.models import DesignVersion, MonitoringReport, StatedRows

# Windows


def comment_days(on: date) -> int:
    """For how many days a design document published on that day takes comments."""
    return parameters.number("gsc_days", on)


def window_closes(opened_at: datetime, days: int) -> datetime:
    """24:00 UTC of the last day, counted from the day after the opening (as the Board counts)."""
    return deadlines.due_at(opened_at, days)


def last_day(validation: Validation) -> date:
    """The last day on which comments are taken."""
    return deadlines.last_day(validation.comments_close_at)


def why_no_comment(validation: Validation, at: datetime) -> str:
    """Why nobody may comment now; empty while the window is open."""
    if validation.takes_comments(at) and validation.project.stage == Stage.VALIDATION:
        return ""
    if validation.state == Validation.State.REPLACED:
        return (
            "Another DOE takes the validation over; it publishes the design document again, and "
            "comments are taken then while their window is open."
        )
    if at < validation.published_at:
        return "The design document has not been published yet."
    if at >= validation.comments_close_at:
        day = formats.day(last_day(validation))
        return f"Comments were taken until {day}, 24:00 UTC. The window is closed."
    return "The validation has ended; comments are no longer taken."


# Cases


def validation_of(project: Project) -> Validation | None:
    """The validation of a project, once its design document is published; not a replaced one."""
    return validations_of(project).exclude(state=Validation.State.REPLACED).last()


def validations_of(project: Project) -> QuerySet[Validation]:
    """Every validation of a project in order, those that were replaced first."""
    found: QuerySet[Validation] = Validation.objects.filter(project=project)
    return found.select_related("organisation", "document").order_by("number")


def comments_of(project: Project) -> QuerySet[Comment]:
    """The public comments on a project's design document, under whichever DOE they were made."""
    made: QuerySet[Comment] = Comment.objects.filter(validation__project=project)
    return made.select_related("validation__organisation").order_by("number")


def verification_of(period: MonitoringPeriod) -> Verification | None:
    """The verification of a period, once its monitoring report is published."""
    found = Verification.objects.select_related("organisation", "document").filter(period=period)
    return found.first()


def is_open(case: Validation | Verification) -> bool:
    """Whether the DOE is still at work on the case, and the project goes on."""
    if isinstance(case, Validation):
        return bool(
            case.state == Validation.State.OPEN and case.project.stage == Stage.VALIDATION
        )
    return bool(
        case.state == Verification.State.VERIFYING
        and case.period.stage == Stage.VERIFICATION
        and case.period.project.stage == Stage.MONITORING
    )


def engagement(pk: int, organisation_id: int | None) -> Engagement:
    """An engagement of one's own organisation. Raises NotFound."""
    found = (
        Engagement.objects.select_related("project__owner", "period__project", "organisation")
        .filter(pk=pk, organisation_id=organisation_id or 0)
        .first()
    )
    if found is None:
        raise NotFound("There is no such engagement.")
    return found


def engagements_of(organisation_id: int | None) -> QuerySet[Engagement]:
    """Everything that a DOE was ever asked to do, newest first."""
    asked: QuerySet[Engagement] = Engagement.objects.filter(organisation_id=organisation_id or 0)
    return asked.select_related("project", "period__project").order_by("-pk")


# Documents


def design_version(project: Project, number: int | None = None) -> DesignVersion:
    """A frozen design document, the one in force if no number is given. Raises NotFound."""
    wanted = project.design_version if number is None else number
    found = DesignVersion.objects.filter(project=project, number=wanted or 0).first()
    if found is None:
        raise NotFound("There is no such version of the design document.")
    return found


def report(period: MonitoringPeriod, version: int | None = None) -> MonitoringReport:
    """A frozen monitoring report, the one in force if no version is given. Raises NotFound."""
    wanted = period.report_version if version is None else version
    found = (
        MonitoringReport.objects.select_related("readings_file", "period__project", "document")
        .filter(period=period, version=wanted or 0)
        .first()
    )
    if found is None:
        raise NotFound("There is no such version of the monitoring report.")
    return found


def design_of(frozen: MonitoringReport) -> DesignVersion:
    """The design document on which a monitoring report rests. Raises NotFound."""
    return design_version(frozen.period.project, int(frozen.content["design_version"]))


def raw_source(frozen: MonitoringReport) -> Source:
    """Where the raw readings of a report lie."""
    file = frozen.readings_file
    if file is None:
        raise NotFound("The report rests on no readings.")
    return Source(
        file_id=file.pk, first=frozen.period.first_date, last=frozen.period.last_date,
        resolution=file.resolution, utc_offset_minutes=file.utc_offset_minutes,
        as_of=frozen.stamped_at,
    )


def stated_rows(frozen: MonitoringReport) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table on which a report rests, from the record of them."""
    named = [each["stated_id"] for each in frozen.content.get("tables", ())]
    found = StatedRows.objects.filter(period=frozen.period, pk__in=named)
    return {each.symbol: list(each.rows) for each in found}


def carried_into(period: MonitoringPeriod) -> int:
    """Tonnes by which emissions rose up to the period before, not yet made good."""
    before = (
        MonitoringReport.objects.filter(
            period__project=period.project, period__number=period.number - 1
        )
        .order_by("-version")
        .first()
    )
    return int(before.content["shortfall"]) if before else 0


def design_papers(project: Project) -> QuerySet[Document]:
    """The design document and its attachments."""
    return Document.objects.filter(
        project=project, kind__in=[Document.Kind.DESIGN, Document.Kind.ATTACHMENT]
    )


def report_papers(period: MonitoringPeriod) -> QuerySet[Document]:
    """The monitoring reports of a period (not its raw readings)."""
    return Document.objects.filter(period=period, kind=Document.Kind.MONITORING)
