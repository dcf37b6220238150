"""The secretariat's two checks: what it looks at, item by item, each with a stable code.

The items follow the published description of the checks of a request (domain, 2.4 and 2.6); the
forms' own checklists were not compared, so the list is unverified.
"""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Which of the two checks an item belongs to."""

    COMPLETENESS = "completeness"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check."""

    code: str
    part: Part
    label: str


def _items(part: Part, rows: dict[str, str]) -> tuple[Item, ...]:
    return tuple(Item(code, part, label) for code, label in rows.items())


REGISTRATION = _items(Part.COMPLETENESS, {
    "form": "Request form F-CDM-REG",
    "design": "Design document: form, version and dates agree",
    "validation": "Validation report and opinion",
    "letter": "Letter of approval, with contribution to sustainable development",
    "communication": "Modalities of communication, all signatures",
    "fee": "Registration fee",
}) + _items(Part.INFORMATION, {
    "figures": "Spreadsheet gives the design document's figures",
    "methodology": "Methodology valid on the day of submission",
    "comments": "Public comments taken into account",
    "findings": "All corrective actions and clarifications closed",
    "forward": "Forward actions noted for the first verification",
})

ISSUANCE = _items(Part.COMPLETENESS, {
    "form": "Request form F-CDM-ISS",
    "monitoring": "Monitoring report: form, version and dates agree",
    "verification": "Verification and certification report",
    "period": "Monitoring period inside the crediting period, no gap and no overlap",
}) + _items(Part.INFORMATION, {
    "figures": "Recalculation gives the monitoring report's figures",
    "certified": "Certified amount not above the amount claimed, split by commitment period",
    "plan": "Monitoring follows the registered plan",
    "findings": "All corrective actions and clarifications closed",
    "forward": "Forward actions of earlier findings dealt with",
})

RENEWAL = _items(Part.COMPLETENESS, {
    "form": "Request form for renewal",
    "design": "Updated design document: form, version and dates agree",
    "validation": "Validation report and opinion on the renewal",
    "expiry": "Submitted within a year of the expiry of the crediting period",
}) + _items(Part.INFORMATION, {
    "figures": "Spreadsheet gives the updated design document's figures",
    "methodology": "Version of the methodology valid on the day of submission",
    "baseline": "Baseline still valid, or updated",
    "plan": "Monitoring plan updated",
})

CHANGE = _items(Part.COMPLETENESS, {
    "form": "Request form for a post-registration change",
    "design": "Revised design document, or description of the deviation",
    "validation": "Validation report and opinion on the change",
}) + _items(Part.INFORMATION, {
    "figures": "Spreadsheet gives the revised design document's figures",
    "kind": "Kind of change and its effective date fit what changes",
    "impact": "Applicability, additionality and scale are not put in question",
})

ITEMS = {
    "registration": REGISTRATION, "issuance": ISSUANCE, "renewal": RENEWAL, "change": CHANGE,
}


def items(kind: str, part: Part | None = None) -> tuple[Item, ...]:
    """The items for a kind of request, all or of one check."""
    return tuple(item for item in ITEMS[kind] if part is None or item.part == part)


def item(kind: str, code: str) -> Item | None:
    """One item by its code."""
    return next((found for found in ITEMS[kind] if found.code == code), None)
