"""What the result page of the calculator shows: rows, bar, comparison."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.drawing import charts
from offsets.footprint import saying
from offsets.footprint.calculating import Footprint
from offsets.footprint_form import source


def told(found: Footprint) -> dict[str, Any]:
    """Parts with their steps, the total, the bar and the average."""
    rows = [{"label": part.label, "kg": saying.shown(kg)} for part, kg in found.parts]
    bars = [(part.label, saying.rounded(kg)) for part, kg in found.parts]
    return {
        "found": found, "rows": rows, "parts": list(_parts(found)),
        "bar": charts.lying(bars, _("Footprint by part, kg CO2e")),
        "kg": saying.shown(found.kg), "tonnes": formats.tonnes(found.tonnes),
        "exact": formats.figure(saying.rounded(found.kg / 1000, 4)),
        "left_out": found.sheet.left_out, "day": found.sheet.edition.day,
        **_average(found),
    }


def _parts(found: Footprint) -> Iterator[dict[str, Any]]:
    for part, kg in found.parts:
        yield {"label": part.label, "name": part.value, "kg": saying.shown(kg), "lines": [
            {"label": line.label, "step": saying.step(line), "kg": saying.shown(line.kg),
             "changed": line.changed, "source": source(line.figure)}
            for line in found.lines if line.part is part
        ]}


def _average(found: Footprint) -> dict[str, Any]:
    """The footprint per head beside the average of the country, or of the world."""
    average = found.average
    if average is None:
        return {"average": None}
    here = _("Average of the world") if average.world else _("Average of the country")
    pairs: list[tuple[str, Decimal]] = [
        (_("This footprint, per head"), saying.rounded(found.kg_per_head)),
        (here, saying.rounded(Fraction(average.value))),
    ]
    return {
        "average": average, "average_source": source(average),
        "compared": saying.compared(found), "average_rows": [
            {"label": label, "kg": formats.figure(kg, 1)} for label, kg in pairs
        ],
        "average_bar": charts.lying(pairs, _("Beside the average, kg CO2e per head and year")),
    }
