"""One cover for every project, painted from its sector and its number: the same for ever.

Each sector has a palette of four roles (ground, line, light, accent) and a motif of its own.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

CARD = (640, 328)
BANNER = (1280, 300)

Point = tuple[float, float]


class Palette(NamedTuple):
    """The four roles of a cover's colours."""

    ground: str
    line: str
    light: str
    accent: str


PALETTES = {
    "solar": Palette("#F4C84A", "#E79A2B", "#FFF3CC", "#B3541E"),
    "wind": Palette("#D3E9F0", "#2C7FA0", "#8FC1D4", "#0B3C50"),
    "hydro": Palette("#0C5470", "#1F7896", "#57ABC6", "#BFE6F0"),
    "stoves": Palette("#4A1D2C", "#B8432F", "#F0883E", "#F9CF7A"),
    "landfill": Palette("#2F4034", "#5E7350", "#9DB07A", "#DDE3B2"),
    "biogas": Palette("#174A3B", "#2F7A5C", "#7CC29A", "#D6EF6A"),
    "forest": Palette("#E3ECCF", "#4B8B56", "#2A5E3B", "#8FB878"),
    "industrial": Palette("#353A56", "#5B648F", "#99A5DB", "#E8C7A0"),
}
ICONS = {
    "solar": "sun",
    "wind": "wind",
    "hydro": "waves",
    "stoves": "flame",
    "landfill": "recycle",
    "waste": "recycle",
    "water": "waves",
    "biogas": "sprout",
    "forest": "trees",
    "industrial": "factory",
}
PANEL_SHADES = ("#7A3A18", "#5E2A12", "#5E2A12")


@dataclass
class Canvas:
    """A sheet of a size, the painter's dice, and what has been painted so far."""

    width: int
    height: int
    dice: Random
    palette: Palette
    marks: list[str] = field(default_factory=list)

    def between(self, low: float, high: float) -> float:
        """A number between two, by the dice."""
        return self.dice.uniform(low, high)

    def circle(self, x: float, y: float, radius: float, paint: str) -> None:
        """A circle."""
        self.marks.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" {paint}/>')

    def path(self, data: str, paint: str) -> None:
        """A path."""
        self.marks.append(f'<path d="{data}" {paint}/>')


def _line(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.1f}" for x, y in points)


def _solar(c: Canvas) -> None:
    x, y = c.width * c.between(0.55, 0.78), c.height * c.between(0.28, 0.4)
    for ring in range(13, 0, -1):
        width, opacity = 1.2 + (13 - ring) * 0.16, 0.25 + 0.05 * (13 - ring)
        c.circle(
            x,
            y,
            ring * 26 + c.between(-3, 3),
            f'fill="none" stroke="{c.palette.line}" stroke-width="{width:.1f}" '
            f'opacity="{opacity:.2f}"',
        )
    c.circle(x, y, 34, f'fill="{c.palette.light}"')
    horizon = c.height * 0.6
    c.marks.append(
        f'<rect x="0" y="{horizon:.0f}" width="{c.width}" height="{c.height - horizon:.0f}" '
        f'fill="{c.palette.accent}"/>'
    )
    _panels(c, horizon)


def _panels(c: Canvas, horizon: float) -> None:
    depth = c.height - horizon

    def across(column: float, y: float) -> float:
        return c.width * 0.5 + column * c.width * 0.022 * (1 + (y - horizon) / depth * 5.5)

    edges = [horizon + depth * (k / 6) ** 1.7 for k in range(7)]
    for row in range(6):
        top, bottom = edges[row] + 1.2 + row * 0.5, edges[row + 1] - 1.0 - row * 0.6
        for column in range(-14, 15):
            if across(column, bottom) > c.width + 40 or across(column + 1, bottom) < -40:
                continue
            near, far = column + 0.12, column + 0.88
            c.path(
                f"M{across(near, top):.1f} {top:.1f}L{across(far, top):.1f} {top:.1f}"
                f"L{across(far, bottom):.1f} {bottom:.1f}L{across(near, bottom):.1f} {bottom:.1f}z",
                f'fill="{PANEL_SHADES[(column + row) % 3]}" stroke="{c.palette.line}" '
                'stroke-width=".7" stroke-opacity=".6"',
            )


def _wind(c: Canvas) -> None:
    for n in range(22):
        y, swing, phase = c.height * (n + 0.5) / 22, c.between(6, 22), c.between(0, 6)
        pace = c.between(0.006, 0.012)
        start = int(c.between(0, c.width * 0.25)) if n % 3 else 0
        end = c.width - (int(c.between(0, c.width * 0.3)) if n % 2 else 0)
        points = [
            (
                x,
                y
                + swing * math.sin(pace * x + phase) * math.exp(-(((x - c.width * 0.6) / 300) ** 2))
                + 8 * math.sin(0.004 * x + 1),
            )
            for x in range(start, end + 1, 16)
        ]
        strong = n % 4 == 0
        stroke = c.palette.accent if strong else c.palette.line
        c.path(
            _line(points),
            f'fill="none" stroke="{stroke}" stroke-linecap="round" '
            f'stroke-width="{2.6 if strong else 1.6}" opacity="{c.between(0.5, 0.95):.2f}"',
        )


def _hydro(c: Canvas) -> None:
    fills = (c.palette.line, c.palette.light, c.palette.accent)
    for n in range(9):
        y, swing, pace, phase = (
            c.height * (0.2 + 0.09 * n),
            16 - n,
            0.008 + 0.0014 * n,
            c.between(0, 6),
        )
        points = [
            (x, y + swing * math.sin(pace * x + phase) + 5 * math.sin(pace * 2.3 * x + phase * 2))
            for x in range(0, c.width + 17, 16)
        ]
        crest = _line(points)
        c.path(
            f"M0 {c.height}L{crest[1:]}L{c.width} {c.height}z",
            f'fill="{fills[n % 3]}" opacity="{0.2 + 0.03 * n:.2f}"',
        )
        c.path(crest, f'fill="none" stroke="{c.palette.accent}" stroke-width="1.3" opacity=".7"')


def _flame(x: float, base: float, size: Point, lean: float) -> str:
    w, h = size
    return (
        f"M{x:.0f} {base - h:.0f}"
        f"C{x + lean + w * 0.25:.0f} {base - h * 0.62:.0f} {x + w:.0f} {base - h * 0.55:.0f} "
        f"{x + w * 0.8:.0f} {base - h * 0.14:.0f}"
        f"C{x + w * 0.6:.0f} {base:.0f} {x - w * 0.6:.0f} {base:.0f} "
        f"{x - w * 0.8:.0f} {base - h * 0.14:.0f}"
        f"C{x - w:.0f} {base - h * 0.5:.0f} {x + lean - w * 0.3:.0f} {base - h * 0.6:.0f} "
        f"{x:.0f} {base - h:.0f}z"
    )


def _stoves(c: Canvas) -> None:
    wide = c.width > CARD[0]
    hearths = [(c.width * c.between(0.55, 0.68), 1.0, 13)]
    if wide:
        hearths += [
            (c.width * x, s, 9) for x, s in ((0.2, 0.62), (0.33, 0.42), (0.9, 0.7), (0.8, 0.38))
        ]
    scale = c.height / CARD[1]
    for x, size, count in hearths:
        for ring in range(count, 0, -1):
            s = ring / count
            w, h = 210 * s * scale * size, 430 * s * scale * size
            base = c.height * (1.02 - 0.4 * size + 0.5 * s * size)
            third = 3 * ring // (count + 1)
            stroke = (c.palette.accent, c.palette.light, c.palette.line)[third]
            c.path(
                _flame(x, base, (w, h), c.between(-14, 14) * s),
                f'fill="none" stroke="{stroke}" stroke-width="{3.2 - 0.18 * ring:.1f}" '
                f'opacity="{1 - 0.05 * ring:.2f}"',
            )
    for _ in range(60):
        c.circle(
            c.between(0, c.width),
            c.between(0, c.height * 0.8),
            c.between(0.8, 2),
            f'fill="{c.palette.accent}" opacity="{c.between(0.2, 0.7):.2f}"',
        )


def _landfill(c: Canvas) -> None:
    fills, dashes = c.palette[:3], ("", ' stroke-dasharray="2 5"', ' stroke-dasharray="9 4"')
    for n in range(12):
        y, phase = c.height * (0.24 + 0.068 * n), c.between(0, 6)
        points = [
            (
                x,
                y
                - 41.6 * (1 - n / 12) * math.exp(-(((x - c.width * 0.45) / 190) ** 2))
                + 4 * math.sin(0.02 * x + phase)
                + 3 * math.sin(0.051 * x + phase * 3),
            )
            for x in range(0, c.width + 13, 12)
        ]
        crest = _line(points)
        c.path(
            f"M0 {c.height}L{crest[1:]}L{c.width} {c.height}z",
            f'fill="{fills[n % 3]}" opacity=".55"',
        )
        c.path(
            crest,
            f'fill="none" stroke="{c.palette.accent}" stroke-width="1.1" '
            f'opacity=".75"{dashes[n % 3]}',
        )
    for n in range(5):
        x = c.width * (0.3 + 0.08 * n)
        c.path(
            f"M{x:.0f} {c.height * 0.34:.0f}V{c.height * 0.1:.0f}",
            f'stroke="{c.palette.accent}" stroke-width="2"',
        )
        c.circle(x, c.height * 0.09, 4, f'fill="{c.palette.accent}"')


def _biogas(c: Canvas) -> None:
    placed: list[tuple[float, float, float]] = []
    for _ in range(900):
        radius: float = c.dice.choice((6, 9, 14, 20, 30, 44))
        x, y = c.between(-10, c.width + 10), c.between(-10, c.height + 10)
        if all((x - a) ** 2 + (y - b) ** 2 > (radius + r + 4) ** 2 for a, b, r in placed):
            placed.append((x, y, radius))
    for x, y, radius in placed:
        fill = c.palette.accent if c.dice.random() < 0.06 else c.palette.line
        c.circle(x, y, radius, f'fill="{fill}" opacity="{c.between(0.35, 0.9):.2f}"')
        if radius > 10:
            c.circle(
                x,
                y,
                radius * 0.62,
                f'fill="none" stroke="{c.palette.light}" stroke-width="1.3" opacity=".8"',
            )


def _forest(c: Canvas) -> None:
    strokes = c.palette[1:]
    for x, y, rings in (
        (c.width * c.between(0.2, 0.35), c.height * c.between(0.55, 0.75), 15),
        (c.width * c.between(0.68, 0.85), c.height * c.between(0.25, 0.45), 12),
    ):
        phases = [c.between(0, math.tau) for _ in range(3)]
        for ring in range(1, rings + 1):
            points = []
            for degrees in range(0, 360, 8):
                a = math.radians(degrees)
                k = (
                    1
                    + 0.06 * math.sin(3 * a + phases[0])
                    + 0.045 * math.sin(5 * a + phases[1] + ring * 0.12)
                    + 0.03 * math.sin(9 * a + phases[2])
                )
                points.append((x + ring * 15 * k * math.cos(a), y + ring * 15 * k * math.sin(a)))
            width = 2.5 if ring % 4 == 0 else 1.2
            c.path(
                _line(points) + "z",
                f'fill="none" stroke="{strokes[ring % 3]}" stroke-width="{width}" opacity=".8"',
            )


def _industrial(c: Canvas) -> None:
    step = 34
    corners = "L".join(
        f"{step / 2 * math.cos(turn):.1f} {step / 2 * math.sin(turn):.1f}"
        for turn in (math.radians(60 * corner) for corner in range(6))
    )
    c.marks.append(
        f'<defs><path id="h" d="M{corners}z"/></defs><g stroke="{c.palette.light}" '
        'stroke-opacity=".5" stroke-width=".8">'
    )
    for row in range(-1, c.height // step + 2):
        for column in range(-1, int(c.width / (step * 0.87)) + 2):
            x, y, luck = column * step * 0.87, row * step + (column % 2) * step / 2, c.dice.random()
            fill = c.palette.line
            if luck > 0.82:
                fill = c.palette.accent if luck > 0.95 else c.palette.light
            c.marks.append(
                f'<use href="#h" x="{x:.0f}" y="{y:.0f}" fill="{fill}" '
                f'opacity="{0.15 if luck < 0.5 else 0.65}"/>'
            )
    c.marks.append("</g>")


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "solar": _solar,
    "wind": _wind,
    "hydro": _hydro,
    "stoves": _stoves,
    "landfill": _landfill,
    "biogas": _biogas,
    "forest": _forest,
    "industrial": _industrial,
}


def sector_icon(sector: str) -> str:
    """The name of the sector's icon in the sprite."""
    return ICONS.get(sector, ICONS["industrial"])


def cover(sector: str, seed: str | int, *, wide: bool = False) -> str:
    """A whole SVG document, 640 × 328 or as a banner 1280 × 300; the same for the same arguments.

    A sector without a motif is painted as industrial.
    """
    width, height = BANNER if wide else CARD
    known = sector if sector in MOTIFS else "industrial"
    palette = PALETTES[known]
    dice = Random(f"{seed}")  # noqa: S311 - a painter's dice, no secret
    canvas = Canvas(width, height, dice, palette)
    MOTIFS[known](canvas)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" preserveAspectRatio="xMidYMid slice">'
        f'<rect width="{width}" height="{height}" fill="{palette.ground}"/>'
        f"{''.join(canvas.marks)}</svg>"
    )
