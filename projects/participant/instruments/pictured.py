"""A period in a picture: what was measured, what is missing, what happened. Nothing here writes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cdm_portal.drawing import lanes
from cdm_portal.drawing.lanes import Lane, Span
from cdm_portal.values import Period
from projects.methodologies import events, intervals
from projects.methodologies.events import Kind, Within
from projects.methodologies.intervals import Resolution
from projects.participant.instruments.happened import LONGEST_MONTH

Row = Mapping[str, Any]
MOST_GAPS = 200
LEGEND = [
    {"kind": "azure", "label": "Measured"}, {"kind": "warn", "label": "Missing"},
    {"kind": "solid", "label": "Events"},
]


def period(
    within: Within, gaps: Sequence[Row], found: Sequence[Row], resolution: str
) -> SafeString:
    """The lanes of a period from its gaps and events as they are frozen; the first gaps of each
    parameter are drawn.
    """
    step = intervals.STEPS.get(Resolution(resolution), LONGEST_MONTH)
    rows = [_parameter(symbol, within, gaps, step) for symbol in within.symbols]
    rows += [
        Lane(
            str(events.LABELS[kind]),
            tuple(
                Span(datetime.fromisoformat(each["begins"]), datetime.fromisoformat(each["ends"]),
                     "solid", each["note"] or each["symbol"])
                for each in found if each["kind"] == kind
            ),
        )
        for kind in Kind if any(each["kind"] == kind for each in found)
    ]
    return lanes.lanes(rows, within.first, within.end, _("Readings, gaps and events of the period"))


def _parameter(symbol: str, within: Within, gaps: Sequence[Row], step: timedelta) -> Lane:
    missing = [each for each in gaps if each["symbol"] == symbol][:MOST_GAPS]
    return Lane(symbol, (
        Span(within.first, within.end, "azure", _("Measured")),
        *(
            Span(datetime.fromisoformat(each["first"]),
                 datetime.fromisoformat(each["last"]) + step, "warn", each["key"])
            for each in missing
        ),
    ))


def frozen(content: Row) -> SafeString | str:
    """The same of a frozen report; nothing where no reading is missing and nothing happened."""
    gaps, found = content["gaps"], content.get("events", [])
    if not gaps and not found:
        return ""
    readings = content["readings"]
    within = Within(
        Period(date.fromisoformat(content["first"]), date.fromisoformat(content["last"])),
        timezone(timedelta(minutes=readings["utc_offset_minutes"])),
        list(content["shares"][0]["units"]),
    )
    return period(within, gaps, found, readings["resolution"])
