"""The overview of one project: what can be done next and why not yet, papers, periods, history."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cdm_portal import formats
from cdm_portal.journal import queries as journal
from projects.lifecycle import NotNow, Stage
from projects.models import MonitoringPeriod, Project
from projects.participant import monitoring, queries

Item = dict[str, Any]

HISTORY = {
    "participant.start_design": "Design document begun",
    "participant.attach": "File attached",
    "participant.detach": "File taken out of the draft",
    "participant.submit_design": "Design document submitted",
    "participant.revise_design": "Design document revised",
    "participant.withdraw": "Project withdrawn",
    "participant.open_period": "Monitoring period opened",
    "participant.draft_component": "Component begun",
    "doe.submit_component": "Component submitted to a DOE",
    "doe.ask_component_renewal": "Renewal of a component asked for",
    "participant.upload_readings": "Readings uploaded",
    "participant.accept_gaps": "Gaps accepted",
    "participant.report_monitoring": "Monitoring report submitted",
    "participant.revise_report": "Monitoring report revised",
}
SHOWN = 30


def facts(project: Project) -> list[Item]:
    """The short facts at the top of the page."""
    host = queries.party(project.party_code)
    rows = [
        ("Reference", project.name),
        ("Kind", project.get_kind_display() if project.is_programme else ""),
        ("Host Party", host.name if host else project.party_code),
        ("Methodology", f"{project.methodology} {project.methodology_version}".strip()),
        ("Expected", _tonnes(project.estimated_annual_tonnes)),
        ("Crediting period", _span(project.crediting_first_date, project.crediting_last_date)),
    ]
    return [{"term": term, "value": value} for term, value in rows if value]


def _tonnes(amount: int | None) -> str:
    return "" if amount is None else f"{formats.tonnes(amount)} t a year"


def _span(first: date | None, last: date | None) -> str:
    return f"{formats.day_short(first)} – {formats.day_short(last)}" if first and last else ""


def documents(project: Project) -> list[Item]:
    """The papers of the case that the participant may read, newest first."""
    filed = project.documents.select_related("blob", "filed_by").order_by("-pk")
    return [
        {
            "name": each.title, "url": queries.link("document", each.pk),
            "from": each.filed_by.name if each.filed_by else "", "dated": each.filed_at.date(),
            "fingerprint": each.blob_id, "size": each.blob.size_bytes,
            "note": each.note,
        }
        for each in filed.defer("blob__data")
    ]


def history(project: Project) -> list[Item]:
    """What the participant's own organisation did, newest first."""
    entries = journal.of_project(project.reference).filter(
        actor_organisation_id=project.owner_id, verb__in=HISTORY
    )
    return [
        {"at": each.effective_at, "text": HISTORY[each.verb], "who": each.actor_name,
         "detail": _version(each.facts)}
        for each in entries[:SHOWN]
    ]


def _version(facts: dict[str, Any]) -> str:
    return f"Version {facts['version']}" if "version" in facts else ""


def periods(project: Project) -> QuerySet[MonitoringPeriod]:
    """The monitoring periods, the last one first."""
    found: QuerySet[MonitoringPeriod] = project.periods.select_related("verifier")
    return found.order_by("-number")


def _act(label: str, url: str, *, why_not: str = "", hint: str = "") -> Item:
    return {"label": label, "url": url, "why_not": why_not, "hint": hint}


def acts(project: Project, at: datetime) -> list[Item]:
    """What the participant may do next with a project, and why not yet."""
    name = project.name
    if project.stage == Stage.DESIGN:
        return [_act("Complete the design document", reverse("participant:design", args=[name]))]
    if project.stage == Stage.NATIONAL_APPROVAL:
        return [*_approval_acts(project), *_component_acts(project), _revise_act(project)]
    if project.stage == Stage.VALIDATION:
        return [
            *_approval_acts(project),
            _act("Answer the DOE's findings", queries.link("doe:findings", name)),
            *_component_acts(project),
            _revise_act(project),
        ]
    if project.stage == Stage.REGISTRATION:
        return _component_acts(project)
    if project.stage == Stage.MONITORING:
        return _monitoring_acts(project, at)
    return []


def _approval_acts(project: Project) -> list[Item]:
    name = project.name
    asked = project.host_approved_at and not project.participations.filter(authorised_at=None)
    letter = "Every participant is authorised by a letter." if asked else ""
    validator = project.validator
    engaged = "The DOE has given its opinion." if project.opinion else ""
    return [
        _act("Request the letter of approval", queries.link("dna:request", name), why_not=letter),
        _act(
            f"Replace {validator} as validator" if validator else "Engage a DOE for validation",
            queries.link("doe:offer", name), why_not=engaged,
        ),
    ]


def _component_acts(project: Project) -> list[Item]:
    if not project.is_programme:
        return []
    return [_act("Components of the programme",
                 reverse("participant:components", args=[project.name]))]


def _revise_act(project: Project) -> Item:
    return _act(
        "Revise the design document", reverse("participant:design", args=[project.name]),
        why_not=queries.why_locked(project),
    )


def _monitoring_acts(project: Project, at: datetime) -> list[Item]:
    name = project.name
    try:
        first = queries.next_first_day(project)
        crediting = monitoring.crediting_of(project)
        blocked = "" if first <= crediting.last else "The crediting period is fully monitored."
    except NotNow as refusal:
        blocked = refusal.message
    issued = project.periods.filter(stage=Stage.OFFSETTING).exists()
    return [
        *_component_acts(project),
        _act(
            "Open a monitoring period", reverse("participant:new_period", args=[name]),
            why_not=blocked,
        ),
        *(act for each in project.periods.select_related("verifier") for act in _period_acts(each)),
        _act(
            "Offer CERs", queries.link("offsets:offer_new", name),
            why_not="" if issued else "No CERs of this project have been issued yet.",
        ),
        _act("Letters of approval of the Parties", queries.link("dna:request", name)),
        _act("Report co-benefits", queries.link("cobenefits:report", name)),
    ]


def _period_acts(period: MonitoringPeriod) -> list[Item]:
    name, number = period.project.name, period.number
    if period.stage == Stage.MONITORING:
        page = reverse("participant:period", args=[name, number])
        return [_act(f"Report on monitoring period {number}", page)]
    if period.stage == Stage.VERIFICATION and period.verifier_id is None:
        offer = queries.link("doe:offer_period", name, number)
        return [_act(f"Engage a DOE to verify period {number}", offer)]
    return []
