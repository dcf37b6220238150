"""What a version says in one section, as one value: for saving over what was seen, and for telling
what changed between versions.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdm_portal import formats
from cobenefits import indicators
from cobenefits.models import Line, Report, Said

BOXES = (
    ("applicable", "Applicable"), ("level", "Level"), ("quantity", "Quantity"),
    ("text", "In words"), ("monitored", "Monitored"), ("evidence", "Evidence"),
    ("document", "Document"),
)
LINE_BOXES = (
    ("level", "Level"), ("figure", "Figure"), ("text", "In words"), ("evidence", "Evidence"),
)
Content = dict[str, dict[str, str]]
"""By row (the criterion itself is the empty one), then by box, as it is shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """One box that says something else than in the version before."""

    section: str
    row: str
    box: str
    before: str
    after: str


def of(report: Report | None, section: str) -> Content:
    """What a version says in a section; empty for none."""
    if report is None or report._state.adding:
        return {}
    found: Content = {}
    for line in report.lines.all():
        if line.criterion == section:
            found[""] = _line(line)
    for said in report.indicators.all():
        if said.section == section:
            found[said.indicator] = {"label": said.label} | _said(said)
    return found


def seen(content: Content) -> str:
    """The digest of what a section says."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def changes(before: Report | None, after: Report) -> list[Change]:
    """What a version says otherwise than the one before it, in the order of the report."""
    if before is None:
        return []
    return [
        change for section in indicators.SECTIONS
        for change in _between(section, of(before, section), of(after, section))
    ]


def _between(section: str, was: Content, now: Content) -> Iterator[Change]:
    for row in dict.fromkeys([*was, *now]):
        old, new = was.get(row, {}), now.get(row, {})
        name = new.get("label") or old.get("label") or ""
        for box, label in BOXES if row else LINE_BOXES:
            if old.get(box, "") != new.get(box, ""):
                yield Change(
                    indicators.label(section), name, label, old.get(box, ""), new.get(box, "")
                )


def quantity(said: Said) -> str:
    """A quantity with its unit, without the zeros that the column adds; empty for none."""
    if said.quantity is None:
        return ""
    return f"{formats.figure(said.quantity.normalize())} {said.unit}"


def _line(line: Line) -> dict[str, str]:
    return {
        "level": line.get_level_display(), "figure": line.figure, "text": line.text,
        "evidence": line.evidence,
    }


def _said(said: Said) -> dict[str, Any]:
    return {
        "applicable": "Yes" if said.applicable else "No",
        "level": said.get_level_display(), "quantity": quantity(said), "text": said.text,
        "monitored": {True: "Yes", False: "No", None: ""}[said.monitored],
        "evidence": said.evidence,
        "document": str(said.document) if said.document else "",
    }
