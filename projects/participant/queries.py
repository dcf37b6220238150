"""Questions about a participant's own projects: what is drafted, frozen, measured, and what waits.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from cdm_portal.identity import queries as identity_queries
from cdm_portal.identity.models import Organisation
from cdm_portal.journal import queries as journal_queries
from cdm_portal.journal.models import Entry
from cdm_portal.refusals import NotFound, Refused
from cdm_portal.values import Actor
from projects import components, lifecycle
from projects.lifecycle import BEFORE_REGISTERED, SIDE_ENDS, Stage
from projects.methodologies import catalogue
from projects.models import Document, MonitoringPeriod, Project
from projects.participant import design, factors, monitoring, prior, sections
from projects.participant.models import (
    DesignDocument,
    DesignVersion,
    MonitoringReport,
    ReadingsFile,
    ReadingsImport,
    TypedSection,
)
from projects.participant.surveys import content as surveyed
from projects.programmes.models import Component
from projects.revisions.machine import State as Drafting
from projects.revisions.models import CreditingPeriod, Revision
from registry.models import Party

Item = dict[str, Any]


def host_parties() -> QuerySet[Party]:
    """The Parties that can host a project: those not included in Annex I, by name."""
    return Party.objects.filter(annex_i=False).order_by("name")


def party(code: str) -> Party | None:
    """One Party by its code."""
    return Party.objects.filter(code=code).first()


def entities() -> QuerySet[Organisation]:
    """The organisations that can be named as project participants."""
    return identity_queries.organisations(Organisation.Kind.PARTICIPANT)


def projects_of(actor: Actor) -> QuerySet[Project]:
    """The projects that the actor's organisation owns, newest first."""
    projects: QuerySet[Project] = Project.objects.filter(owner_id=actor.organisation_id)
    return projects.select_related("owner")


# The design document


def draft(project: Project) -> DesignDocument:
    """The draft of a project. Raises NotFound for a project that was never drafted here."""
    found = DesignDocument.objects.filter(project=project).first()
    if found is None:
        raise NotFound("There is no design document of this project here.")
    return found


def seen(content: design.Content, section: str) -> str:
    """Which text of a section somebody has before them: the SHA-256 of what is saved."""
    return design.digest(design.part(content, section))


def last_saved(draft: DesignDocument, section: str) -> tuple[Entry | None, datetime]:
    """Who saved a section last, and when; the draft's own time where the journal names nobody."""
    entry = (
        journal_queries.of(draft)
        .filter(verb="participant.save_section", facts__section=section)
        .first()
    )
    return entry, entry.effective_at if entry else draft.updated_at


def typed(project: Project, section: str, actor: Actor) -> TypedSection | None:
    """What the actor typed into a section and could not save."""
    return TypedSection.objects.filter(
        project=project, section=section, person_id=actor.person
    ).first()


def typed_sections(project: Project) -> list[TypedSection]:
    """What anybody typed into the draft and could not save, oldest first."""
    return list(TypedSection.objects.filter(project=project).select_related("person"))


def version(project: Project, number: int) -> DesignVersion:
    """One frozen version. Raises NotFound."""
    found = (
        DesignVersion.objects.filter(project=project, number=number)
        .select_related("document", "document__blob")
        .first()
    )
    if found is None:
        raise NotFound("There is no such version.")
    return found


def versions(project: Project, *, public: bool = False) -> list[DesignVersion]:
    """The frozen versions of a project, the oldest first; with `public`, those published."""
    found = DesignVersion.objects.filter(project=project).select_related("document__blob")
    return list((found.filter(document__public=True) if public else found).order_by("number"))


def latest_version(project: Project) -> DesignVersion | None:
    """The design document as it was last frozen."""
    return DesignVersion.objects.filter(project=project).order_by("-number").first()


def version_in_force(project: Project) -> DesignVersion | None:
    """The design document that the project states: the registered one once there is one."""
    return DesignVersion.objects.filter(
        project=project, number=project.design_version or 0
    ).first()


def criteria(programme: Project) -> list[str]:
    """The eligibility criteria of a programme's design document in force."""
    version = version_in_force(programme) or latest_version(programme)
    return list(design.part(version.content, "eligibility").get("criteria", [])) if version else []


def component_lacking(component: Component, criteria: Sequence[str]) -> list[str]:
    """What a draft of a component lacks before it can be submitted, its answers too."""
    given = [*component.answers, *[""] * len(criteria)]
    return components.lacking(component) + [
        f"Criterion {number} is not answered."
        for number, _ in enumerate(criteria, start=1) if not given[number - 1]
    ]


def attachments(project: Project, content: design.Content) -> list[Document]:
    """The files that the draft names, in the order in which they were filed."""
    named = design.part(content, "attachments").get("document_ids", [])
    return list(
        Document.objects.filter(project=project, pk__in=named).select_related("blob").order_by("pk")
    )


def attachments_of(version: DesignVersion) -> list[Document]:
    """The files of a frozen design document, for those who may read it in full."""
    return attachments(version.project, version.content)


def attachments_to_publish(content: design.Content) -> QuerySet[Document]:
    """The files of a frozen design document that become public with it: all but the confidential.

    A file that was taken out of the draft before is not among them.
    """
    return Document.objects.filter(
        kind=Document.Kind.ATTACHMENT, public=False, confidential=False,
        pk__in=design.part(content, "attachments").get("document_ids", []),
    )


def confidential_attachments(project: Project) -> QuerySet[Document]:
    """The files of the design document in force that the public knows of, but not by name."""
    version = version_in_force(project)
    named = design.part(version.content, "attachments").get("document_ids", []) if version else []
    return Document.objects.filter(project=project, confidential=True, pk__in=named)


def revising(project: Project) -> Revision | None:
    """The revision that is being drafted: while there is one, the design document is open again."""
    drafts = Revision.objects.filter(project=project, state=Drafting.DRAFT)
    return drafts.exclude(kind=Revision.Kind.DEVIATION).first()


def days_valid(project: Project, at: datetime) -> tuple[date, ...]:
    """The days on one of which the version of the methodology must be valid: today, or when the
    document was first frozen; for a renewal today alone.

    That a running validation, and a registered project between renewals, keep their version is
    unverified, from general knowledge (the published procedures give a period of grace).
    """
    found = revising(project)
    if found is not None and found.is_renewal:
        return (at.date(),)
    renewed = renewal_in_force(project)
    if renewed is None:
        return days_of_draft(project, at)
    return (at.date(), version(project, renewed.design_version).submitted_at.date())


def days_of_draft(project: Project, at: datetime) -> tuple[date, ...]:
    """The same before registration."""
    first = project.design_submitted_at
    return (at.date(), first.date()) if first else (at.date(),)


def renewal_in_force(project: Project) -> CreditingPeriod | None:
    """The crediting period of the last renewal, if there was one."""
    return CreditingPeriod.objects.filter(project=project, number__gt=1).last()


def why_locked(project: Project) -> str:
    """Why the design document cannot be changed now; empty while it can."""
    if revising(project):
        return ""
    if project.stage in SIDE_ENDS:
        return f"The project has ended: {Stage(project.stage).label.lower()}."
    if project.stage not in BEFORE_REGISTERED or project.stage == Stage.REGISTRATION:
        return "The design document is with the Executive Board and can no longer be changed."
    if project.opinion:
        return "The DOE has given its opinion on the design document."
    return ""


def tasks(project: Project, content: design.Content, at: datetime) -> list[Item]:
    """The sections with their status and what each still lacks."""
    days = days_valid(project, at)
    lacking = factors.lacking(project, content, days, prior.problems(project, content, at, days))
    return listed(project, content, lacking, why_locked(project))


def listed(
    project: Project, content: design.Content, lacking: Mapping[str, list[str]], locked: str
) -> list[Item]:
    """The same from what each section lacks, and why all are locked; asks nothing."""
    return [
        _task(project, section.key, section.label, content, lacking[section.key], locked)
        for section in sections.of(content)
    ]


def _task(
    project: Project, key: str, label: str, content: design.Content, lacking: list[str], locked: str
) -> Item:
    begun = bool(design.part(content, key))
    if locked:
        status, kind = "Locked", ""
    elif not lacking and (begun or key == "attachments"):
        status, kind = "Done" if begun else "None", ""
    else:
        status, kind = ("In progress", "info") if begun else ("To do", "warn")
    return {
        "key": key, "label": label, "status": status, "kind": kind, "locked": bool(locked),
        "lacking": [] if locked else lacking,
        "url": reverse("participant:section", args=[project.name, key]),
    }


def done(items: Sequence[Item]) -> int:
    """How many sections lack nothing."""
    return sum(1 for item in items if not item["lacking"])


def choices_of_methodology(content: design.Content, on: date) -> list[Item]:
    """Every methodology with its valid versions and whether it applies, or why it does not."""
    return [
        {
            "code": each.code, "title": each.title, "scale": each.scale,
            "versions": catalogue.valid_versions(each.code, on),
            "reasons": design.unmet(each, content),
            "conditions": design.conditions(each, content),
        }
        for each in catalogue.all()
    ]


# Monitoring


def period(project: Project, number: int) -> MonitoringPeriod:
    """One monitoring period of a project. Raises NotFound."""
    found: MonitoringPeriod | None = (
        MonitoringPeriod.objects.filter(project=project, number=number)
        .select_related("project", "verifier")
        .first()
    )
    if found is None:
        raise NotFound("There is no such monitoring period.")
    return found


def next_first_day(project: Project) -> date:
    """The only day on which the next monitoring period may begin. Raises NotNow."""
    last = project.periods.order_by("-number").first()
    return monitoring.next_first_day(project, last.period if last else None)


def why_no_period(project: Project) -> str:
    """Why no monitoring period can be opened, whatever its days; empty when one can be."""
    if ended := lifecycle.ended(project):
        return f"{ended} Nothing more is monitored."
    if project.stage != Stage.MONITORING:
        return "Monitoring periods are opened while the project is registered."
    return ""


def live_components(project: Project) -> list[Component] | None:
    """The components that a new period of a programme can name; None for a project activity."""
    if not project.is_programme:
        return None
    return list(components.of(project).filter(state__in=Component.LIVE))


def current_file(period: MonitoringPeriod) -> ReadingsFile | None:
    """The readings that count for a period: those uploaded last."""
    return (
        ReadingsFile.objects.filter(period=period)
        .select_related("document", "document__blob")
        .order_by("-pk")
        .first()
    )


def latest_import(period: MonitoringPeriod) -> ReadingsImport | None:
    """The file of readings that was sent last for a worker to check."""
    return period.imports.select_related("document").order_by("-pk").first()


def waiting_imports(at: datetime) -> list[int]:
    """Imports that a worker can take: queued, or left by one that has been silent too long."""
    state = ReadingsImport.State
    left = Q(state=state.RUNNING, leased_until__lte=at)
    return list(
        ReadingsImport.objects.filter(Q(state=state.QUEUED) | left).values_list("pk", flat=True)
    )


def open_gaps(file: ReadingsFile) -> list[Item]:
    """The gaps whose treatment the participant has not accepted yet, but of what a survey gives."""
    accepted = set(file.accepted_gaps.values_list("key", flat=True))
    asked = surveyed.current(file.period)
    return [
        gap for gap in file.gaps if gap["key"] not in accepted and gap["symbol"] not in asked
    ]


def latest_report(period: MonitoringPeriod) -> MonitoringReport | None:
    """The monitoring report of a period as it was last frozen."""
    return (
        MonitoringReport.objects.filter(period=period)
        .select_related("document", "readings_file")
        .order_by("-version")
        .first()
    )


def carried(period: MonitoringPeriod) -> int:
    """Tonnes by which emissions rose up to the period before, not yet made good."""
    before = MonitoringPeriod.objects.filter(
        project_id=period.project_id, number=period.number - 1
    ).first()
    last = latest_report(before) if before else None
    return int(last.content["shortfall"]) if last else 0


def why_not_report(period: MonitoringPeriod, at: datetime) -> str:
    """Why a monitoring report of the period cannot be frozen, or frozen again; empty if it can. Nor
    are readings taken then, and gaps accepted.
    """
    if ended := lifecycle.ended(period.project):
        return f"{ended} Nothing more is monitored."
    if period.stage == Stage.VERIFICATION and period.verification_outcome:
        return "The DOE has concluded the verification."
    if period.stage not in {Stage.MONITORING, Stage.VERIFICATION}:
        return f"The period is in the stage “{Stage(period.stage).label}”."
    if period.certified_tonnes is not None:
        return "The DOE has certified an amount for this period."
    if period.last_date >= at.date():
        return f"The period lasts until {period.last_date:%-d %B %Y}; report it after that day."
    return ""


def plan(period: MonitoringPeriod) -> monitoring.Plan | None:
    """The monitoring plan of a period; None where there is none to be had."""
    try:
        return monitoring.plan_of(period)
    except Refused:
        return None


def result(period: MonitoringPeriod, file: ReadingsFile | None) -> monitoring.Result:
    """What the period comes to with these readings. Raises NotNow, Invalid."""
    found = monitoring.plan_of(period)
    return monitoring.work_out(found, period, file, carried=carried(period))


def link(name: str, *args: object) -> str:
    """The address of a page of a storey above, empty where that storey is not built in."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
