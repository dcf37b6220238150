"""The public project page: the tracker, claims, reductions, units, papers and the buy panel."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from cdm_portal import clock, formats
from cdm_portal.drawing import charts, covers
from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.journal import queries as journal_queries
from cdm_portal.pages import diligence, stages, times
from cdm_portal.permissions import Right, Row
from cobenefits import queries as cobenefits_queries
from offsets import queries as offsets_queries
from offsets.views.browser import first_quantity
from projects import access, components, queries
from projects.board import queries as board_queries
from projects.dna import queries as dna_queries
from projects.doe import queries as doe_queries
from projects.doe.models import Validation
from projects.lifecycle import BEFORE_PUBLISHED, SIDE_ENDS, Stage
from projects.models import MonitoringPeriod, Project
from projects.participant import prior, stating
from projects.participant import queries as participant_queries
from registry import queries as registry_queries
from registry.models import Party

PUBLIC_ACTS = {  # upon requests: board.queries.public_history
    "participant.submit_design": "Design document submitted",
    "participant.publish_prior_notice": "Notice of prior consideration published",
    "dna.issue_letter": "Letter of approval issued",
    "dna.withdraw_letter": "Letter of approval withdrawn",
    "doe.publish_design": "Design document published for comments",
    "doe.give_opinion": "Validation opinion given",
    "board.process_change": "Participants or focal points changed",
    "doe.include_component": "Component included",
    "doe.renew_component": "Crediting period of a component renewed",
    "board.exclude_component": "Component excluded by the Executive Board",
    "doe.terminate_validation": "Validation terminated",
    "doe.replace_validation": "Validation taken over by another DOE",
    "participant.withdraw": "Withdrawn by the participants",
    "board.file_withdrawal": "Withdrawal filed by the DOE",
    "board.ask_deregistration": "Deregistration asked for",
    "board.decide_deregistration": "Decision on the deregistration",
    "board.take_up_again": "Taken up again after the rejection, as a new version",
    "doe.open_verification": "Monitoring report published",
    "doe.certify": "Reductions verified and certified",
    "doe.conclude_negative": "Reductions not verified",
    "offsets.list_offer": "CERs offered",
    "cobenefits.publish": "Co-benefit report published",
    "cobenefits.publish_amended": "Amended co-benefit report published",
    "cobenefits.comment": "Comment of the host Party on the co-benefit report",
    "cobenefits.publish_check": "Statement of a DOE on the co-benefit report",
    "cobenefits.report": "Co-benefits reported",
    "cobenefits.amend": "Co-benefits amended",
    "cobenefits.withdraw": "Co-benefit report withdrawn",
}

SHOWN_COMPONENTS = 10
SHOWN_ENDS = {
    Validation.State.NEGATIVE, Validation.State.TERMINATED, Validation.State.REPLACED,
}
SECTIONS = {
    "stands": "Overview", "diligence": "Before you buy", "components": "Components",
    "benefits": "Co-benefits",
    "reductions": "Reductions",
    "crediting": "Crediting periods", "units": "Units and cancellations", "reviews": "Reviews",
    "documents": "Documents and decisions", "behind": "Participants", "history": "History",
}
CHART_LEGEND = [
    {"kind": "hatch", "label": "Estimated at registration"},
    {"kind": "solid", "label": "Issued"},
    {"kind": "dashed", "label": "Monitored, not yet issued"},
]


@may(
    (Row.PUBLISHED, Right.SEE), (Row.LETTER, Right.SEE), (Row.OPINION, Right.SEE),
    (Row.REQUEST, Right.SEE), (Row.OFFER, Right.SEE),
)
def project(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that is public about a project, composed from the storeys below."""
    case = access.project(actor_or_none(request), reference)
    context = _standing(case) | {
        "project": case,
        "ended": case.get_stage_display() if case.stage in SIDE_ENDS else "",
        **cobenefits_queries.beside(case, reverse("cobenefits:public", args=[case.name])),
        "chart_legend": CHART_LEGEND,
        "blocks": registry_queries.blocks_of_project(case.number) if case.number else [],
        "stages": stages.groups(case, _documents(case)),
        "times": times.beside(case, queries.latest_period(case)),
        "versions": participant_queries.versions(case, public=True),
        "reviews": board_queries.public_reviews(case),
        "offers": _offers(request, case),
        "behind": _behind(case),
        "crediting": queries.crediting_periods(case),
        "registered": queries.registered_versions(case),
        "revisions": queries.public_revisions(case),
        "components": components.public(case)[:SHOWN_COMPONENTS] if case.is_programme else None,
        "events": _events(case),
        "nav_current": "catalogue",
    }
    context |= _before_buying(case, context)
    return render(request, "pages/project.html", context | {"parts": _parts(context)})


def _before_buying(case: Project, shown: dict[str, Any]) -> dict[str, Any]:
    at = clock.now()
    panel = diligence.panel(case, shown["party"], shown["reviews"], shown["behind"], at)
    return {"diligence": panel, "prices": diligence.price_history(case, at)}


def _offers(request: HttpRequest, case: Project) -> list[dict[str, Any]]:
    return offsets_queries.offers_of(
        case, clock.now(), anonymous=actor_or_none(request) is None,
        first=first_quantity(request),
    )


def _standing(case: Project) -> dict[str, Any]:
    """Where the project stands: its facts, its track and its periods."""
    period = queries.latest_period(case)
    periods = list(case.periods.select_related("verification").order_by("number"))
    for each in periods:
        if not hasattr(each, "verification"):
            each.claimed_tonnes = None  # not public before the DOE publishes the monitoring report
    party = Party.objects.filter(code=case.party_code).first()
    return {
        "party": party,
        "steps": queries.stage_track(case, period),
        "loop": queries.loop_note(period),
        "end_note": queries.end_note(case),
        "facts": _facts(case, party.name if party else case.party_code),
        "chart": _chart(case, periods),
        "periods": periods,
    }


def _parts(context: dict[str, Any]) -> list[dict[str, str]]:
    """The page's sections, for the links under its title: only those that are there."""
    there = {
        "reductions": bool(context["chart"]), "units": bool(context["blocks"]),
        "reviews": bool(context["reviews"]), "crediting": bool(context["crediting"]),
        "components": context["components"] is not None,
    }
    return [
        {"label": label, "url": f"#{anchor}"}
        for anchor, label in SECTIONS.items() if there.get(anchor, True)
    ]


def _facts(case: Project, country: str) -> list[dict[str, Any]]:
    running = queries.crediting_on(case, clock.today())
    period = running.period if running else case.crediting_period
    facts: list[dict[str, Any]] = [
        {"term": "Reference", "value": case.name, "mono": True},
        {"term": "Host country", "value": country},
        {"term": "Methodology", "value": f"{case.methodology} v{case.methodology_version}"},
        {"term": "Kind", "value": case.get_kind_display()},
        {"term": "Scale", "value": case.get_scale_display()},
    ]
    if period:
        facts.append(
            {"term": "Crediting period",
             "value": f"{case.get_crediting_kind_display()}, {period.first:%-d %b %Y} to "
                      f"{period.last:%-d %b %Y}"}
        )
    estimate = running.estimated_annual_tonnes if running else case.estimated_annual_tonnes
    if estimate is not None:
        yearly = formats.tonnes(estimate)
        facts.append({"term": "Estimated", "value": f"{yearly} tCO₂e a year"})
    return facts


def _chart(case: Project, periods: list[MonitoringPeriod]) -> str:
    if not periods or case.estimated_annual_tonnes is None:
        return ""
    bars = []
    credited = queries.crediting_periods(case)
    for period in periods:
        yearly = next(
            (each.estimated_annual_tonnes for each in credited if each.holds(period.first_date)),
            case.estimated_annual_tonnes,
        )
        share = Decimal(period.period.days) / Decimal("365.25")
        issued = period.issued_tonnes
        bars.append(
            charts.Bar(
                label=f"{period.first_date:%Y}" if period.period.days < 370
                else f"{period.first_date:%Y}–{period.last_date:%y}",
                estimated=(yearly * share).quantize(Decimal(1)),
                issued=Decimal(issued) if issued is not None else None,
                monitored=Decimal(period.claimed_tonnes)
                if issued is None and period.claimed_tonnes is not None else None,
            )
        )
    return charts.bars(bars, "tCO2e", "Estimated and issued reductions per monitoring period")


def _documents(case: Project) -> list[tuple[Stage, dict[str, Any]]]:
    """The published documents, each with the stage to which it belongs."""
    found = case.documents.filter(public=True).select_related("blob", "filed_by")
    notices = dna_queries.withdrawals(case)
    return [
        (stages.stage_of(document), {
            "name": document.title,
            "url": reverse("document", args=[document.pk]),
            "from": document.filed_by.name if document.filed_by else "The portal",
            "dated": document.filed_at,
            "fingerprint": document.blob_id,
            "size": document.blob.size_bytes,
            "note": notices.get(document.pk, document.note),
        })
        for document in found
    ] + [(Stage.DESIGN, paper) for paper in _withheld(case)]


def _withheld(case: Project) -> list[dict[str, Any]]:
    """One line for each confidential attachment of a published design document: no name."""
    if case.validation_began_at is None or case.stage in BEFORE_PUBLISHED:
        return []
    found = participant_queries.confidential_attachments(case).select_related("filed_by")
    return [
        {
            "name": "Confidential attachment", "note": "Confidential: not published",
            "from": document.filed_by.name if document.filed_by else "",
            "dated": document.filed_at,
        }
        for document in found
    ]


def _behind(case: Project) -> list[dict[str, str]]:
    rows = [{"term": "Coordinating/managing entity", "value": case.owner.name}]
    rows = (rows if case.is_programme else []) + [{
        "term": "Participants", "value": ", ".join(stating.public_participants(case))
    }]
    if case.host_approved_at:
        rows.append({"term": "National authority", "value": f"DNA, {case.party_code}"})
    if case.validator and case.opinion == "positive":
        entity = reverse("doe-public:entity", args=[case.validator.pk])
        rows.append({"term": "Validated by", "value": case.validator.name, "url": entity})
    rows += [_validation(each) for each in doe_queries.validations_of(case)
             if each.state in SHOWN_ENDS]
    if case.registered_at:
        rows.append({"term": "Registered by", "value": "Executive Board"})
    return [*prior.public_facts(case), *rows, *board_queries.public_ends(case)]


def _validation(ended: Validation) -> dict[str, str]:
    """A validation that did not lead to registration, with its reason."""
    day = f"{ended.decided_at:%-d %b %Y}" if ended.decided_at else ""
    how = f"{ended.get_state_display()}: {ended.organisation.name}, {day}."
    return {"term": "Validation", "value": f"{how} {ended.conclusion}"}


def _events(case: Project) -> list[dict[str, Any]]:
    """The newest 60 public acts; those upon requests come from the Board's own list of them."""
    acts = journal_queries.of_project(case.reference).filter(verb__in=PUBLIC_ACTS).exclude(
        verb="participant.submit_design", facts__version__in=stating.unpublished(case)
    )
    found = board_queries.public_history(case) + [
        {"at": entry.effective_at, "text": PUBLIC_ACTS[entry.verb], "order": entry.pk,
         "who": entry.actor_organisation or entry.actor_name}
        for entry in acts.order_by("-effective_at", "-id")[:60]
    ]
    return sorted(found, key=lambda event: (event["at"], event["order"]), reverse=True)[:60]


def _cover(request: HttpRequest, reference: str, *, wide: bool) -> HttpResponse:
    case = access.project(actor_or_none(request), reference)
    seed = int("".join(c for c in case.reference if c.isdigit()) or 0)
    response = HttpResponse(
        covers.cover(case.sector, seed, wide=wide), content_type="image/svg+xml"
    )
    patch_cache_control(response, public=True, max_age=31_536_000)
    return response


@may((Row.PUBLISHED, Right.SEE))
def cover(request: HttpRequest, reference: str) -> HttpResponse:
    """The project's generated picture, for a card."""
    return _cover(request, reference, wide=False)


@may((Row.PUBLISHED, Right.SEE))
def cover_wide(request: HttpRequest, reference: str) -> HttpResponse:
    """The project's generated picture, as a banner."""
    return _cover(request, reference, wide=True)
