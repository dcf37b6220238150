"""The overview of one project: what can be done next and why not yet, papers, periods, history."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cdm_portal import formats
from cdm_portal.journal import queries as journal
from projects import queries as landing
from projects.lifecycle import BEFORE_PUBLISHED, NotNow, Stage
from projects.models import MonitoringPeriod, Project
from projects.participant import monitoring, prior, queries, revised

Item = dict[str, Any]

HISTORY = {
    "participant.start_design": "Design document begun",
    "participant.attach": "File attached",
    "participant.detach": "File taken out of the draft",
    "participant.submit_design": "Design document submitted",
    "participant.revise_design": "Design document revised",
    "participant.withdraw": "Project withdrawn",
    "participant.notify_prior_consideration": "Prior consideration notified",
    "board.ask_withdrawal": "DOE asked to withdraw the project",
    "board.take_back_withdrawal": "Withdrawal no longer asked for",
    "board.ask_deregistration": "Deregistration asked for",
    "board.take_up_again": "Project taken up again after its rejection",
    "participant.propose_statement": "Modalities of communication proposed",
    "participant.sign_statement": "Modalities of communication signed",
    "participant.withdraw_statement": "Proposal of modalities of communication withdrawn",
    "participant.request_forwarding": "Forwarding of CERs asked for",
    "participant.sign_forwarding": "Forwarding of CERs signed",
    "participant.withdraw_forwarding": "Request to forward CERs withdrawn",
    "participant.open_period": "Monitoring period opened",
    "participant.draft_component": "Component begun",
    "doe.submit_component": "Component submitted to a DOE",
    "doe.ask_component_renewal": "Renewal of a component asked for",
    "participant.upload_readings": "Readings uploaded",
    "participant.accept_gaps": "Gaps accepted",
    "participant.state_rows": "Rows of a table stated",
    "participant.record_calibration": "Calibration recorded",
    "participant.accept_corrections": "Corrections for late calibration accepted",
    "participant.record_events": "Events of a period recorded",
    "participant.record_survey": "Survey recorded",
    "participant.end_survey": "Survey ended",
    "participant.report_monitoring": "Monitoring report submitted",
    "participant.revise_report": "Monitoring report revised",
    "participant.start_revision": "Renewal or change begun",
    "participant.withdraw_revision": "Renewal or change withdrawn",
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
        return [
            _act("Complete the design document", reverse("participant:design", args=[name])),
            _prior_act(project),
        ]
    if project.stage == Stage.NATIONAL_APPROVAL:
        return [
            *_approval_acts(project), *_component_acts(project), _revise_act(project),
            _prior_act(project),
        ]
    if project.stage == Stage.VALIDATION:
        return [
            *_approval_acts(project),
            _act("Answer the DOE's findings", queries.link("doe:findings", name)),
            *_component_acts(project),
            _revise_act(project),
            _benefits_act(project),
        ]
    if project.stage == Stage.REGISTRATION:
        return [*_component_acts(project), _benefits_act(project)]
    if project.stage == Stage.MONITORING:
        return _monitoring_acts(project, at)
    if project.stage == Stage.REJECTED:
        return [_act("Revise the design as a new version", queries.link("board:again", name))]
    return []


def _approval_acts(project: Project) -> list[Item]:
    name = project.name
    asked = project.host_approved_at and not project.participations.filter(authorised_at=None)
    letter = "Every participant is authorised by a letter." if asked else ""
    validator = project.validator
    engaged = "The DOE has given its opinion." if project.opinion else ""
    return [
        _act("Say who speaks for the project", reverse("participant:communication", args=[name])),
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


def way_out(project: Project) -> Item:
    """How the participants can end the project now; empty once it has ended."""
    name = project.name
    if project.stage in BEFORE_PUBLISHED:
        return _act("Withdraw the project", reverse("participant:withdraw", args=[name]))
    if project.stage in {Stage.VALIDATION, Stage.REGISTRATION}:
        return _act("Ask the DOE to withdraw the project", queries.link("board:withdrawal", name))
    if project.stage == Stage.MONITORING:
        return _act("Ask for deregistration", queries.link("board:deregistration", name))
    return {}


def _prior_act(project: Project) -> Item:
    return _act(
        "Notify prior consideration", reverse("participant:prior", args=[project.name]),
        why_not=prior.why_no_notice(project),
    )


def _benefits_act(project: Project) -> Item:
    return _act("Report co-benefits", queries.link("cobenefits:report", project.name))


def _monitoring_acts(project: Project, at: datetime) -> list[Item]:
    name = project.name
    try:
        first = queries.next_first_day(project)
        monitoring.crediting_of(project, first)
        blocked = ""
    except NotNow as refusal:
        blocked = refusal.message
    issued = project.periods.filter(stage=Stage.OFFSETTING).exists()
    return [
        *_component_acts(project),
        _act(
            "Open a monitoring period", reverse("participant:new_period", args=[name]),
            why_not=blocked,
        ),
        *_revision_acts(project, at),
        *(act for each in project.periods.select_related("verifier") for act in _period_acts(each)),
        _act(
            "Offer CERs", queries.link("offsets:offer_new", name),
            why_not="" if issued else "No CERs of this project have been issued yet.",
        ),
        _act(
            "Who speaks for the project, and forwarding of CERs",
            reverse("participant:communication", args=[name]),
        ),
        _act("Calibrations of the meters", reverse("participant:calibrations", args=[name])),
        _act("Letters of approval of the Parties", queries.link("dna:request", name)),
        _benefits_act(project),
    ]


def _revision_acts(project: Project, at: datetime) -> list[Item]:
    """Renewing the crediting period, changing the design, or going on with what is under way."""
    name, under_way = project.name, landing.live_revision(project)
    if under_way is not None:
        page = reverse("participant:revision", args=[name, under_way.number])
        return [_act(f"{under_way.get_kind_display()}: {under_way.get_state_display()}", page)]
    page = reverse("participant:new_revision", args=[name])
    return [
        _act("Renew the crediting period", page, why_not=revised.why_not_renew(project, at)),
        _act("Change the registered design document", page),
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
