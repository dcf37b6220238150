"""Charts as SVG for `components/chart_panel.html`: classes only, the style sheet paints them.

A chart never stands alone: the panel folds the table of the same figures below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cdm_portal import formats

WIDTH, FLOOR, HEIGHT, MARGIN = 720, 220, 250, 56
FEW, NARROW = 4, 360
"""So few bars are drawn no wider than a phone, where the rest would be scrolled out of sight."""
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
    '<line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: what was estimated, what was issued, what is monitored but not yet verified."""

    label: str
    estimated: Decimal | None = None
    issued: Decimal | None = None
    monitored: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of two figures: what was issued, and what of it was cancelled."""

    label: str
    issued: Decimal
    cancelled: Decimal


@dataclass(frozen=True, slots=True)
class Stair:
    """What something cost from which days on, in their order, and the last day on which it did."""

    steps: Sequence[tuple[date, Decimal]]
    until: date


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a waterfall: what is added (or, negative, taken away), or a total so far."""

    label: str
    value: Decimal
    total: bool = False


def _nice_ceiling(highest: Decimal) -> Decimal:
    """The next 1, 2, 2.5 or 5 times a power of ten, so that a quarter of it reads well."""
    if highest <= 0:
        return Decimal(4)
    magnitude = Decimal(10) ** highest.adjusted()
    steps = (Decimal(n) for n in ("1", "2", "2.5", "4", "5", "6", "8", "10"))
    return next(step * magnitude for step in steps if step * magnitude >= highest)


def _y(value: Decimal, ceiling: Decimal, top: int = 30) -> Decimal:
    return FLOOR - (FLOOR - top) * value / ceiling


def _number(value: Decimal) -> str:
    places = 0 if value == value.to_integral_value() or abs(value) >= 1000 else 1
    return formats.figure(value, places)


def _grid(ceiling: Decimal, places: int | None = None, width: int = WIDTH) -> str:
    lines = []
    for quarter in range(5):
        value = ceiling * quarter / 4
        y = _y(value, ceiling)
        lines.append(
            f'<line class="{"rule" if quarter else "axis"}" x1="{MARGIN}" x2="{width}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{_number(value) if places is None else formats.figure(value, places)}</text>"
        )
    return "".join(lines)


def _svg(
    title: str, body: Iterable[str], height: int = HEIGHT, extra: str = "", width: int = WIDTH
) -> SafeString:
    return mark_safe(  # noqa: S308 - numbers of ours, texts escaped
        f'<svg class="chart{extra}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(body)}</svg>'
    )


def _rect(x: Decimal, width: Decimal, value: Decimal, ceiling: Decimal, kind: str) -> str:
    y = _y(value, ceiling)
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{FLOOR - y:.1f}" rx="2"/>'
    )


def _text(x: Decimal, y: Decimal | int, words: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text{marked} x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(words)}</text>'


def _value_above(x: Decimal, value: Decimal, ceiling: Decimal, mark: str = "") -> str:
    return _text(x, _y(value, ceiling) - 6, f"{_number(value)}{mark}", "v")


def bars(series: Sequence[Bar], unit: str, title: str) -> SafeString:
    """Estimated (hatched) beside issued (solid) or monitored (dashed, starred), one pair a period.

    `unit` completes the title, which screen readers say.
    """
    values = [
        v for bar in series for v in (bar.estimated, bar.issued, bar.monitored) if v is not None
    ]
    ceiling = _nice_ceiling(max(values, default=Decimal(0)))
    whole, extra = (NARROW, " few") if len(series) <= FEW else (WIDTH, "")
    slot = Decimal(whole - MARGIN) / max(len(series), 1)
    width = min(slot * Decimal("0.33"), Decimal(48))
    body = [HATCH, _grid(ceiling, width=whole)]
    for number, bar in enumerate(series):
        centre = MARGIN + slot * (number + Decimal("0.5"))
        if bar.estimated is not None:
            body.append(_rect(centre - width - 2, width, bar.estimated, ceiling, "estimated"))
        made, kind, mark = bar.issued, "solid", ""
        if made is None:
            made, kind, mark = bar.monitored, "monitored", "*"
        if made is not None:
            body.append(_rect(centre + 2, width, made, ceiling, kind))
            body.append(_value_above(centre + 2 + width / 2, made, ceiling, mark))
        body.append(_text(centre, 240, bar.label))
    return _svg(f"{title}, {unit}", body, extra=extra, width=whole)


LABEL, ROW, THICK = 170, 38, 13


def pairs(series: Sequence[Pair], title: str) -> SafeString:
    """Lying bars, two to a line: issued (solid) above cancelled (hatched), figures at their ends.

    They lie, since names of countries do not fit below upright ones.
    """
    longest = max((max(p.issued, p.cancelled) for p in series), default=Decimal(0)) or Decimal(1)
    room = Decimal(WIDTH - LABEL - 110)
    body = [HATCH]
    for number, pair in enumerate(series):
        top = number * ROW + 6
        body.append(
            f'<text x="{LABEL - 10}" y="{top + 18}" text-anchor="end">'
            f"{escape(_short(pair.label))}</text>"
        )
        for row, (value, kind) in enumerate(
            ((pair.issued, "solid"), (pair.cancelled, "estimated"))
        ):
            width, y = room * value / longest, top + row * (THICK + 1)
            body.append(
                f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{width:.1f}" height="{THICK}"/>'
                f'<text class="v" x="{LABEL + width + 6:.1f}" y="{y + 11}">{_number(value)}</text>'
            )
    return _svg(title, body, max(len(series), 1) * ROW + 10, " lying")


def lying(rows: Sequence[tuple[str, Decimal]], title: str) -> SafeString:
    """Lying bars, one to a line, each with its figure at its end."""
    longest = max((value for _, value in rows), default=Decimal(0)) or Decimal(1)
    room, body = Decimal(WIDTH - LABEL - 110), []
    for number, (label, value) in enumerate(rows):
        top, width = number * ROW + 6, room * value / longest
        body.append(
            f'<text x="{LABEL - 10}" y="{top + 18}" text-anchor="end">'
            f"{escape(_short(label))}</text>"
            f'<rect class="solid" x="{LABEL}" y="{top + 3}" width="{width:.1f}" height="22"/>'
            f'<text class="v" x="{LABEL + width + 6:.1f}" y="{top + 18}">{_number(value)}</text>'
        )
    return _svg(title, body, max(len(rows), 1) * ROW + 10, " lying")


def _short(label: str) -> str:
    return label if len(label) <= 26 else f"{label[:25]}…"


def waterfall(steps: Sequence[Step], title: str) -> SafeString:
    """From the baseline downwards to what is left: each step hangs where the last one ended.

    A total stands on the floor. Results below zero are drawn at zero; the table says them.
    """
    spans, at = [], Decimal(0)
    for step in steps:
        start = Decimal(0) if step.total else at
        at = step.value if step.total else at + step.value
        spans.append((step, start, at))
    ceiling = _nice_ceiling(max((max(a, b) for _, a, b in spans), default=Decimal(0)))
    slot = Decimal(WIDTH - MARGIN) / max(len(steps), 1)
    width = min(slot * Decimal("0.62"), Decimal(120))
    body, edges = [_grid(ceiling)], []
    for number, (step, start, end) in enumerate(spans):
        x = MARGIN + slot * (number + Decimal("0.5")) - width / 2
        top, low = max(start, end, Decimal(0)), max(min(start, end), Decimal(0))
        kind = "total" if step.total or start <= 0 < end else "azure" if end < start else "warn"
        y, bottom = _y(top, ceiling), _y(low, ceiling)
        body.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{max(bottom - y, Decimal(1)):.1f}" rx="2"/>'
            + _text(x + width / 2, y - 6, _number(step.value), "v")
            + _text(x + width / 2, 240, step.label)
        )
        edges.append((x, _y(max(end, Decimal(0)), ceiling)))
    for (x, y), (following, _) in pairwise(edges):
        body.append(
            f'<line class="joint" x1="{x + width:.1f}" x2="{following:.1f}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    return _svg(title, body)


def line(points: Sequence[tuple[str, Decimal]], title: str) -> SafeString:
    """A line over labelled points; the first, the middle and the last are named on the axis."""
    ceiling = _nice_ceiling(max((value for _, value in points), default=Decimal(0)))
    gap = Decimal(WIDTH - MARGIN - 24) / max(len(points) - 1, 1)
    places = [(MARGIN + 12 + gap * n, _y(value, ceiling)) for n, (_, value) in enumerate(points)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    named = sorted({0, len(points) // 2, len(points) - 1}) if points else []
    anchors = {0: "start", len(points) - 1: "end"}
    labels = [
        f'<text x="{places[n][0]:.1f}" y="240" text-anchor="{anchors.get(n, "middle")}">'
        f"{escape(points[n][0])}</text>"
        for n in named
    ]
    drawn = f'<path class="line" d="{path}"/>' if points else ""
    return _svg(title, [_grid(ceiling), drawn, *labels])


def stairs(series: Sequence[Stair], title: str) -> SafeString:
    """Lines that hold their height until the next step, all over one axis of days; the last step of
    each has its figure. Days and figures of all steps stand in the table.
    """
    days = [day for stair in series for day in (stair.until, *(day for day, _ in stair.steps))]
    first, last = min(days), max(days)
    ceiling = _nice_ceiling(max(value for stair in series for _, value in stair.steps))
    span = Decimal((last - first).days + 1)  # the last day is drawn to its end

    def x(day: date) -> Decimal:
        return MARGIN + 12 + Decimal(WIDTH - MARGIN - 84) * (day - first).days / span

    body = [_grid(ceiling, 2)]
    for stair in series:
        places = [(x(day), _y(value, ceiling)) for day, value in stair.steps]
        path = f"M{places[0][0]:.1f} {places[0][1]:.1f}" + "".join(
            f"H{left:.1f}V{top:.1f}" for left, top in places[1:]
        )
        end = x(stair.until + timedelta(days=1))
        body.append(
            f'<path class="line" d="{path}H{end:.1f}"/><text class="v" x="{end + 6:.1f}" '
            f'y="{places[-1][1] + 4:.1f}">{formats.figure(stair.steps[-1][1], 2)}</text>'
        )
    body += [
        f'<text x="{x(day):.1f}" y="240" text-anchor="{anchor}">{formats.day_short(day)}</text>'
        for day, anchor in {last: "end", first: "start"}.items()
    ]
    return _svg(title, body)


def sparkline(values: Sequence[Decimal], title: str) -> SafeString:
    """A line without axes, for a cell of a table."""
    highest = max(values, default=Decimal(0)) or Decimal(1)
    gap = Decimal(WIDTH - 16) / max(len(values) - 1, 1)
    path = "L".join(
        f"{8 + gap * n:.0f} {172 - 164 * v / highest:.0f}" for n, v in enumerate(values)
    )
    return _svg(title, [f'<path class="line" d="M{path}"/>'] if values else [], 180, " sparkline")
