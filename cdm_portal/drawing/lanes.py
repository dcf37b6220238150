"""A period in lanes: what was measured and what is missing of each parameter, what happened beside.

As every chart it never stands alone: the panel folds the table of the same facts below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cdm_portal.drawing.charts import WIDTH

LEFT, LANE, THICK, LEAST = 130, 34, 16, Decimal(2)
RESOLVED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to another, drawn as `azure`, `warn` or `solid`; `said` names it."""

    begins: datetime
    ends: datetime
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the picture; later spans lie above earlier ones."""

    label: str
    spans: tuple[Span, ...]


def lanes(rows: Sequence[Lane], first: datetime, end: datetime, title: str) -> SafeString:
    """The lanes over one axis of time, its two ends named by their days."""
    bottom = LANE * len(rows)
    body = [
        _lane(row, number, first, end) for number, row in enumerate(rows)
    ] + [
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{bottom}" y2="{bottom}"/>'
        f'<text x="{LEFT}" y="{bottom + 18}">{first:%Y-%m-%d}</text>'
        f'<text x="{WIDTH}" y="{bottom + 18}" text-anchor="end">{end - RESOLVED:%Y-%m-%d}</text>'
    ]
    return mark_safe(  # noqa: S308 - numbers of ours, texts escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {bottom + 26}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(body)}</svg>'
    )


def _lane(row: Lane, number: int, first: datetime, end: datetime) -> str:
    top = number * LANE + (LANE - THICK) // 2
    drawn = []
    for span in row.spans:
        x, to = (_x(each, first, end) for each in (span.begins, span.ends))
        drawn.append(
            f'<rect class="{span.kind}" x="{x:.1f}" y="{top}" width="{max(to - x, LEAST):.1f}" '
            f'height="{THICK}"><title>{escape(span.said)}</title></rect>'
        )
    label = f'<text x="{LEFT - 10}" y="{top + 12}" text-anchor="end">{escape(row.label)}</text>'
    return label + "".join(drawn)


def _x(at: datetime, first: datetime, end: datetime) -> Decimal:
    inside = min(max(at, first), end)
    share = Decimal((inside - first) // RESOLVED) / Decimal(max(1, (end - first) // RESOLVED))
    return LEFT + (WIDTH - LEFT) * share
