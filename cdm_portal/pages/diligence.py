"""What a buyer should know of a project's units before paying: every line comes from a record and
leads to where it stands. Nothing is judged, and "none" is said where nothing is recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cdm_portal import formats
from cdm_portal.drawing import charts
from cdm_portal.identity.models import Organisation
from offsets import prices
from offsets.models import Offer, OfferLot
from projects.board.models import Instruction, Request
from projects.board.procedure import State
from projects.dna.models import Letter
from projects.doe.debts.models import Debt
from projects.doe.queries import register
from projects.methodologies import catalogue, validity
from projects.methodologies.base import UnknownMethodology
from projects.models import MonitoringPeriod, Project
from registry.models import Party
from registry.serials import UNIT_TYPES

CER = 5
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """Units on offer of one issuance, with the period that they were verified for, if known."""

    commitment_period: int
    unit_type: int
    expires_on: date | None
    issued_at: datetime
    period: MonitoringPeriod | None

    @property
    def verifier(self) -> Organisation | None:
        """The DOE that certified the reductions."""
        told = getattr(self.period, "verification", None)
        return told.organisation if told is not None else None


def panel(
    case: Project, party: Party | None, reviews: list[Any], behind: list[dict[str, str]],
    at: datetime,
) -> dict[str, Any]:
    """The panel: `facts` and `concerns` as lines {term, value, note, url, kind}. Seven statements.

    `reviews` and `behind` are what the page shows anyway; `at` is when it is looked at.
    """
    offered, today = _offered(case), at.date()
    letters = list(case.letters.filter(state__in=("issued", "withdrawn")).order_by("pk"))
    return {
        "facts": [
            *_vintages(case, offered, today), *_verified_by(offered), _methodology(case, today),
            *_host(case, party, letters), *_units(offered),
        ],
        "concerns": [
            *_reviews(reviews), *_rejected(case), *_debts(case), *_ends(behind),
            *_withdrawn(letters), *_entities(case, offered, today),
        ],
    }


def _offered(case: Project) -> list[Offered]:
    """What is on offer, oldest issuance first. Two statements."""
    issued = {
        lot.lot.issuance_id: lot.lot.issuance
        for lot in OfferLot.objects.filter(
            offer__project=case, offer__state=Offer.State.LISTED, lot__next_serial__lte=F("lot__hi")
        ).select_related("lot__issuance").order_by("lot__issuance_id")
    }
    told = Instruction.objects.filter(issuance__in=issued).select_related(
        "request__period__verification__organisation", "request__period__project"
    )
    periods = {each.issuance_id: each.request.period for each in told}
    return [
        Offered(
            one.applicable_cp, one.unit_type, one.expires_on, one.effective_at, periods.get(one.pk)
        )
        for one in issued.values()
    ]


def _vintages(case: Project, offered: list[Offered], today: date) -> list[Line]:
    seen: dict[int, Line] = {}
    for one in offered:
        if one.period is not None and one.period.pk not in seen:
            ended = one.period.last_date
            seen[one.period.pk] = {
                "term": _("Reductions made"),
                "value": f"{formats.day_short(one.period.first_date)} – "
                         f"{formats.day_short(ended)}",
                "note": _age(ended, today),
                "url": reverse("tonne", args=[case.name, one.period.number]),
            }
    lines = list(seen.values())
    if any(one.period is None for one in offered):
        first = min(one.issued_at for one in offered if one.period is None)
        lines.append({
            "term": _("Reductions made"), "value": _("No monitoring period is recorded here"),
            "note": _("issued on %(day)s") % {"day": formats.day_short(first.date())},
            "url": "#units",
        })
    return lines


def _age(ended: date, today: date) -> str:
    years = today.year - ended.year - ((today.month, today.day) < (ended.month, ended.day))
    if years < 1:
        return _("ended less than a year ago")
    words = ngettext("ended %(n)s year ago", "ended %(n)s years ago", years)
    return words % {"n": years}


def _verified_by(offered: list[Offered]) -> list[Line]:
    found = {one.verifier.pk: one.verifier for one in offered if one.verifier is not None}
    return [
        {"term": _("Verified by"), "value": doe.name, "note": "",
         "url": reverse("doe-public:entity", args=[doe.pk])}
        for doe in found.values()
    ]


def _methodology(case: Project, today: date) -> Line:
    line = {
        "term": _("Methodology"), "url": "", "note": _("not calculated here"),
        "value": _("%(code)s, version %(version)s") % {
            "code": case.methodology, "version": case.methodology_version},
    }
    if not case.methodology:
        return line | {"value": _("None is recorded"), "note": ""}
    try:
        about = catalogue.get(case.methodology)
        version = validity.version(about, case.methodology_version)
    except UnknownMethodology:
        return line
    note = _("in force since %(day)s") % {"day": formats.day_short(version.valid_from)}
    if version.valid_to is not None:
        past = version.valid_to < today
        words = _("for new designs until %(day)s; replaced since") if past else _(
            "for new designs until %(day)s")
        note = words % {"day": formats.day_short(version.valid_to)}
    if not version.verified:
        note = f"{note} ({_('these days are unverified')})"
    return line | {"note": note, "url": reverse("methodology", args=[about.code])}


def _host(case: Project, party: Party | None, letters: Iterable[Letter]) -> list[Line]:
    names = [
        words for there, words in (
            (party is not None and party.ldc, _("least developed country")),
            (party is not None and party.sids, _("small island developing State")),
        ) if there
    ]
    lines: list[Line] = [{
        "term": _("Host country"), "value": party.name if party else case.party_code,
        "note": ", ".join(names) or _("neither least developed country nor small island State"),
        "url": "",
    }]
    letter = next((each for each in letters if each.host and each.state == "issued"), None)
    lines.append({
        "term": _("Letter of the host Party"), "note": "",
        "value": letter.number if letter else _("None in force is recorded"),
        "url": reverse("document", args=[letter.document_id])
        if letter and letter.document_id else "#documents",
        "kind": "" if letter else "warn",
    })
    return lines


def _units(offered: list[Offered]) -> list[Line]:
    periods = sorted({one.commitment_period for one in offered})
    lines = [{
        "term": _("Commitment period"), "note": "", "url": "#units",
        "value": ", ".join(str(each) for each in periods),
    }] if periods else []
    for unit_type, expires in sorted({(one.unit_type, one.expires_on) for one in offered}, key=str):
        forever = unit_type == CER
        ends = formats.day_short(expires) if expires else ""
        lines.append({
            "term": _("Kind of units"), "value": UNIT_TYPES.get(unit_type, str(unit_type)),
            "note": _("permanent: they never expire") if forever
            else _("not permanent: they expire on %(day)s") % {"day": ends},
            "url": "#units",
        })
    return lines


# Concerns


def _reviews(reviews: list[Any]) -> list[Line]:
    return [
        {"term": _("Review asked"), "value": review["request"], "note": review["state_name"],
         "url": "#reviews"}
        for review in reviews
    ]


def _rejected(case: Project) -> list[Line]:
    found: QuerySet[Request] = case.requests.filter(state=State.REJECTED).order_by("pk")
    return [
        {"term": _("Request rejected"), "value": each.reference, "note": each.get_kind_display(),
         "url": "#history"}
        for each in found
    ]


def _debts(case: Project) -> list[Line]:
    found = Debt.objects.filter(Q(period__project=case) | Q(component__programme=case))
    return [
        {"term": each.get_ground_display(), "url": reverse("doe-public:debt", args=[each.pk]),
         "value": _("%(name)s: %(n)s CERs") % {
             "name": each.name, "n": formats.tonnes(each.quantity)},
         "note": _("repaid in full") if each.repaid_at else _("not repaid in full yet")}
        for each in found.order_by("pk")
    ]


def _ends(behind: Iterable[dict[str, str]]) -> list[Line]:
    return [
        {"term": row["term"], "value": row["value"], "note": "", "url": "#behind"}
        for row in behind if row["term"] in {"Deregistration", "Withdrawal"}
    ]


def _withdrawn(letters: Iterable[Letter]) -> list[Line]:
    return [
        {"term": _("Letter withdrawn"), "value": each.number or each.party_code,
         "note": each.reason,
         "url": reverse("document", args=[each.document_id]) if each.document_id
         else "#documents"}
        for each in letters if each.state == "withdrawn"
    ]


def _entities(case: Project, offered: list[Offered], today: date) -> list[Line]:
    """DOEs behind the project or these units that are suspended or lost their accreditation."""
    does = {one.verifier.pk: one.verifier for one in offered if one.verifier is not None}
    if case.validator is not None and case.opinion == "positive":
        does[case.validator.pk] = case.validator
    return [
        {"term": _("Accreditation of a DOE"), "value": each.organisation.name,
         "note": each.standing,
         "url": reverse("doe-public:entity", args=[each.organisation.pk])}
        for each in register.directory(today, does.values()) if each.kind in {"warn", "bad"}
    ]


# What it cost


def price_history(case: Project, at: datetime) -> dict[str, Any]:
    """The prices of the project's offers as a step chart and a table, the latest first; empty
    where nothing was ever offered. Two statements.
    """
    found = prices.of_project(case)
    if not found:
        return {}
    series = [
        charts.Stair(
            [(each.at.date(), each.price) for each in one.prices], (one.ended_at or at).date()
        )
        for one in found
    ]
    rows = sorted(
        ((each.at, each.price, one.commitment_period) for one in found for each in one.prices),
        reverse=True,
    )
    return {"svg": charts.stairs(series, _("Price of a tonne, US dollars")), "rows": rows}
