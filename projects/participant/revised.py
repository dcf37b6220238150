"""What a revision of a registered design may be: which kinds are open, and what its draft must say.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from cdm_portal import deadlines, formats, parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects import queries as landing
from projects.lifecycle import Stage
from projects.methodologies import periods
from projects.models import MonitoringPeriod, Project
from projects.participant import design, factors, queries
from projects.participant.errors import Incomplete
from projects.participant.models import DesignDocument
from projects.revisions.models import Revision

Kind = Revision.Kind


def why_not_start(project: Project, kind: str, at: datetime) -> str:
    """Why such a revision cannot be begun now; empty when it can."""
    if kind not in Kind.values:
        return "Choose what is to be revised."
    return why_none(project) or _why_not(project, kind, at)


def refusals(project: Project, at: datetime) -> dict[str, str]:
    """The same for every kind that cannot be begun now."""
    closed = why_none(project)
    found = {kind.value: closed or _why_not(project, kind, at) for kind in Kind}
    return {kind: reason for kind, reason in found.items() if reason}


def why_none(project: Project) -> str:
    """Why nothing can be revised now; empty when something can."""
    if project.stage != Stage.MONITORING or not landing.crediting_periods(project):
        return "A design document is revised while the project is registered."
    if under_way := landing.live_revision(project):
        return (
            f"{under_way.get_kind_display()} is under way "
            f"({under_way.get_state_display().lower()}); there is one revision at a time."
        )
    return ""


def _why_not(project: Project, kind: str, at: datetime) -> str:
    if kind == Kind.RENEWAL:
        return why_not_renew(project, at)
    if kind == Kind.START_DATE and _monitored(project):
        return "The crediting period is monitored already, so its start stays."
    return ""


def _monitored(project: Project) -> bool:
    last = landing.crediting_periods(project)[-1]
    found: bool = project.periods.filter(first_date__gte=last.first_date).exists()
    return found


def why_not_renew(project: Project, at: datetime) -> str:
    """Why the last crediting period cannot be renewed; empty when it can.

    At most two renewals (domain, 2.7, S12), asked for at most a year after the expiry (S13), at the
    earliest some days before it (unverified).
    """
    rows = landing.crediting_periods(project)
    last, kind = rows[-1], periods.Crediting(project.crediting_kind)
    try:
        following = periods.longest(last.last_date + timedelta(days=1), kind)
        periods.check_crediting_period(following, kind, number=len(rows) + 1)
    except periods.PeriodRefused as refusal:
        return refusal.message
    opens = renewal_opens(last.last_date, at.date())
    if at.date() < opens:
        return (
            f"The crediting period ends on {last.last_date:%-d %B %Y}; its renewal can be prepared "
            f"from {opens:%-d %B %Y} on (unverified)."
        )
    return too_late_to_renew(project, at)


def too_late_to_renew(project: Project, at: datetime) -> str:
    """Why the renewal of the last crediting period comes too late; empty while it does not."""
    last = landing.crediting_periods(project)[-1]
    closes = renewal_closes(last.last_date, at.date())
    if closes is not None and not deadlines.in_time(at, closes):
        return (
            f"The crediting period ended on {last.last_date:%-d %B %Y}. A renewal is requested "
            f"within a year of that day; the last day was {closes - timedelta(days=1):%-d %B %Y}."
        )
    return ""


def renewal_opens(expiry: date, on: date) -> date:
    """The first day on which a renewal can be prepared."""
    return expiry - timedelta(days=parameters.number("renewal_earliest_days", on))


def renewal_closes(expiry: date, on: date) -> datetime | None:
    """The first moment that is too late for the request; None on days before there was a limit."""
    try:
        years = parameters.number("renewal_latest_years", on)
    except parameters.UnknownParameter:
        return None
    day = periods.years_later(expiry, years) + timedelta(days=1)
    return datetime.combine(day, time.min, tzinfo=UTC)


def takes_changes(period: MonitoringPeriod) -> bool:
    """Whether a change can still go with the period's request for issuance."""
    return period.stage in {Stage.MONITORING, Stage.VERIFICATION} and not (
        period.certified_tonnes is not None or period.verification_outcome
    )


def effective_fault(project: Project, day: date) -> str:
    """Why a change cannot apply from a day on; empty when it can.

    It applies to whole monitoring periods that are not certified yet: this portal's own rule, so
    that every period has one monitoring plan.
    """
    if landing.crediting_on(project, day) is None:
        return "The day lies in no registered crediting period."
    for period in project.periods.all():
        if period.first_date < day <= period.last_date:
            return (
                f"Monitoring period {period.number} is under one plan: choose its first day, "
                f"{period.first_date:%-d %B %Y}, or the day after it."
            )
        if day <= period.first_date and not takes_changes(period):
            return f"Monitoring period {period.number} is certified already."
    return ""


def check_draft(
    project: Project, revision: Revision, draft: DesignDocument, at: datetime
) -> None:
    """Pass for a draft that can go to the DOE.

    Raises Incomplete with what each section lacks, Invalid for what this revision cannot change.
    """
    days = queries.days_valid(project, at)
    lacking = factors.lacking(
        project, draft.content, days, design.problems(draft.content, days=days)
    )
    if any(lacking.values()):
        raise Incomplete({key: words for key, words in lacking.items() if words})
    named = set(design.part(draft.content, "participants")["organisation_ids"])
    if named != set(project.participations.values_list("organisation_id", flat=True)):
        raise Invalid.of(
            "", "Participants change by the modalities of communication, not by a revision."
        )
    if fault := _crediting_fault(project, revision, design.crediting_of(draft.content), draft):
        raise Invalid.of("", f"Crediting period: {fault}")


def _crediting_fault(
    project: Project, revision: Revision, stated: Period | None, draft: DesignDocument
) -> str:
    last = landing.crediting_periods(project)[-1]
    kind = design.part(draft.content, "crediting").get("kind", "")
    if kind != project.crediting_kind:
        return "its kind was chosen at registration and stays."
    if revision.kind == Kind.START_DATE:
        registered = project.registered_at
        if stated is not None and registered is not None and stated.first < registered.date():
            return f"it cannot begin before registration, {registered:%-d %B %Y}."
        return ""
    due = last.last_date + timedelta(days=1) if revision.is_renewal else last.first_date
    if stated is None or stated.first != due:
        return f"it begins on {due:%-d %B %Y}."
    if not revision.is_renewal and stated.last != last.last_date:
        return f"it ends on {last.last_date:%-d %B %Y}."
    return ""


def facts(revision: Revision) -> list[dict[str, str]]:
    """What a page says of a revision first: rows of term and value."""
    rows = [
        (_("State"), revision.get_state_display()),
        (_("Decided"), revision.get_track_display()),
        (_("Applies from"), formats.day(revision.effective_date)),
    ]
    if revision.last_date is not None:
        rows.append((_("Until"), formats.day(revision.last_date)))
    if revision.period is not None:
        rows.append((_("Monitoring period"), str(revision.period.number)))
    if revision.design_version is not None:
        rows.append((_("Design document"), _("version %s") % revision.design_version))
    if revision.doe is not None:
        rows.append((_("DOE"), revision.doe.name))
    if revision.decided_at is not None:
        rows.append((_("Ended"), formats.day(revision.decided_at)))
    return [{"term": term, "value": value} for term, value in rows]
