"""Findings: of a case, inherited by a verification, and to what they can be anchored."""

from django.db.models import Q, QuerySet

from projects.doe.models import Verification
from projects.doe.queries.cases import design_of, design_version, report
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import labels, sections, sheets
from projects.participant.models import DesignVersion, MonitoringReport

REPORT_SECTIONS = (
    ("implementation", "Implementation of the project"),
    ("readings", "Readings and meters"),
    ("gaps", "Missing data"),
    ("calculation", "Calculation of the reductions"),
)


def findings(project: Project, period: MonitoringPeriod | None) -> QuerySet[Finding]:
    """The findings of a case, in the order in which they were raised."""
    raised: QuerySet[Finding] = Finding.objects.filter(project=project, period=period)
    return raised.select_related("project", "period").prefetch_related("messages__document__blob")


def inherited(period: MonitoringPeriod) -> list[Finding]:
    """The forward action requests that the verification of a period has to deal with."""
    earlier = Q(period=None) | Q(period__number__lt=period.number)
    return list(
        Finding.objects.filter(
            earlier, project=period.project, kind=Finding.Kind.FAR, state=Finding.State.FORWARDED
        ).prefetch_related("messages")
    )


def closed_here(verification: Verification) -> QuerySet[Finding]:
    """The inherited forward action requests that were closed since the verification began."""
    period = verification.period
    earlier = Q(period=None) | Q(period__number__lt=period.number)
    found: QuerySet[Finding] = Finding.objects.filter(
        earlier, project=period.project, kind=Finding.Kind.FAR, state=Finding.State.CLOSED,
        closed_at__gte=verification.published_at,
    )
    return found.prefetch_related("messages")


def heirs(finding: Finding) -> QuerySet[Verification]:
    """The open verifications, of later periods, that inherit a forward action request."""
    later = Q() if finding.period is None else Q(period__number__gt=finding.period.number)
    return Verification.objects.filter(
        later, period__project=finding.project, state=Verification.State.VERIFYING
    ).order_by("period__number")


def anchors(project: Project, period: MonitoringPeriod | None) -> list[tuple[str, str]]:
    """The sections and parameters to which a finding can be anchored."""
    if period is not None:
        frozen = report(period)
        names = parameter_names(design_of(frozen))
        measured = sorted(_measured(frozen))
        return [*REPORT_SECTIONS, *((symbol, names.get(symbol, symbol)) for symbol in measured)]
    version = design_version(project)
    names = parameter_names(version)
    fixed = version.content.get("parameters", {}).get("fixed", {})
    return [
        *((section.key, section.label) for section in sections.of(version.content)),
        *((symbol, names.get(symbol, symbol)) for symbol in sorted(fixed)),
    ]


def texts_of(version: DesignVersion, section: str) -> list[str]:
    """What stands in the rows of a section, or in those of a parameter."""
    return [
        row["value"] for part in sheets.document(version.content) for row in part["rows"]
        if section in {part["key"], row["symbol"]}
    ]


def parameter_names(version: DesignVersion) -> dict[str, str]:
    """The parameters of a design document by symbol, each with its name."""
    rows = [*version.content.get("fixed", ()), *version.content.get("plan", ())]
    return {row["symbol"]: labels.parameter(row["symbol"], row["meaning"]) for row in rows}


def _measured(frozen: MonitoringReport) -> set[str]:
    return {symbol for share in frozen.content["shares"] for symbol in share["values"]}
