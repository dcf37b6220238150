"""The family of a serial block as SVG: four generations from issuance to now, left to right.

Heights are eased with a minimum, because 12 of 56 900 could not be seen; the panel says so.
Ribbons join a part to its whole; the path to the block in question is tinted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cdm_portal import formats

WIDTH, NODE, TOP = 1180, 226, 52
LEAST, GAP, MOST = 64.0, 8.0, 5


@dataclass(frozen=True, slots=True)
class Node:
    """A block at one time: how many units, from which serial number to which, and where it lies.

    `state` is path, now, ok, warn, info or rest; `parent` is the key of a node one generation up.
    """

    key: str
    units: int
    first: int
    last: int
    place: str
    state: str = "rest"
    parent: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """A column: what happened, when, and the blocks that it left."""

    title: str
    date: str
    nodes: Sequence[Node]


@dataclass(slots=True)
class _Box:
    node: Node
    x: float
    y: float
    height: float
    used: float = 0.0


def _heights(nodes: Sequence[Node], room: float) -> list[float]:
    """Eased shares of the room: logarithmic, never below the least that holds three lines."""
    free = room - GAP * (len(nodes) - 1) - LEAST * len(nodes)
    weights = [math.log1p(node.units) for node in nodes]
    whole = sum(weights) or 1
    return [LEAST + max(free, 0) * weight / whole for weight in weights]


def _column(generation: Generation, x: float, room: float) -> list[_Box]:
    boxes, y = [], float(TOP)
    for node, height in zip(generation.nodes, _heights(generation.nodes, room), strict=True):
        boxes.append(_Box(node, x, y, height))
        y += height + GAP
    return boxes


def _ribbon(parent: _Box, child: _Box, share: float) -> str:
    """The band from a whole to its part; parts leave the whole in their order."""
    x1, x2 = parent.x + NODE, child.x
    bend = (x1 + x2) / 2
    y1 = parent.y + parent.used
    y2 = y1 + share
    parent.used += share
    tinted = " path" if child.node.state in {"path", "now"} else ""
    a, b = child.y, child.y + child.height
    return (
        f'<path class="rb{tinted}" d="M{x1:.0f} {y1:.0f}C{bend:.0f} {y1:.0f} {bend:.0f} {a:.0f} '
        f"{x2:.0f} {a:.0f}V{b:.0f}C{bend:.0f} {b:.0f} {bend:.0f} {y2:.0f} "
        f'{x1:.0f} {y2:.0f}z"/>'
    )


def _drawn(box: _Box) -> str:
    node, middle, x = box.node, box.y + box.height / 2, box.x + 20
    serials = f"{node.first}–{node.last}" if node.last > node.first else str(node.first or "")
    body = (
        f'<rect class="nb {node.state}" x="{box.x:.0f}" y="{box.y:.0f}" width="{NODE}" '
        f'height="{box.height:.0f}" rx="6"/><rect class="ne {node.state}" x="{box.x:.0f}" '
        f'y="{box.y:.0f}" width="7" height="{box.height:.0f}" rx="3"/>'
        f'<text class="nt" x="{x:.0f}" y="{middle - 12:.0f}">{formats.grouped(node.units)}</text>'
        f'<text class="nm" x="{x:.0f}" y="{middle + 5:.0f}">{serials}</text>'
        f'<text class="nw" x="{x:.0f}" y="{middle + 22:.0f}">{escape(node.place)}</text>'
    )
    return f'<a href="{escape(node.url)}">{body}</a>' if node.url else f"<g>{body}</g>"


def _ribbons(parents: list[_Box], children: list[_Box]) -> list[str]:
    drawn = []
    for parent in parents:
        parts = [box for box in children if box.node.parent == parent.node.key]
        whole = sum(math.log1p(part.node.units) for part in parts) or 1
        for part in parts:
            share = parent.height * math.log1p(part.node.units) / whole
            drawn.append(_ribbon(parent, part, share))
    return drawn


def family(generations: Sequence[Generation], title: str) -> SafeString:
    """The whole picture; `title` says in words what it shows."""
    tallest = max((len(g.nodes) for g in generations), default=1)
    room = max(260.0, tallest * (LEAST + GAP) - GAP)
    pitch = (WIDTH - NODE) / max(len(generations) - 1, 1)
    columns = [_column(g, pitch * n, room) for n, g in enumerate(generations)]
    ribbons = [
        band for parents, children in pairwise(columns) for band in _ribbons(parents, children)
    ]
    heads = [
        f'<text class="fh" x="{pitch * n:.0f}" y="16">{escape(g.title)}</text>'
        f'<text class="fd" x="{pitch * n:.0f}" y="36">{escape(g.date)}</text>'
        for n, g in enumerate(generations)
    ]
    nodes = [_drawn(box) for column in columns for box in column]
    return mark_safe(  # noqa: S308 - numbers of ours, texts escaped
        f'<svg class="chart family" viewBox="0 0 {WIDTH} {TOP + room + 8:.0f}" role="group" '
        f'aria-label="{escape(title)}">{"".join(ribbons + heads + nodes)}</svg>'
    )


def shortened(nodes: Sequence[Node], key: str, *, more: str) -> list[Node]:
    """At most five children: the one in question, its neighbours, and the rest as one node.

    `more` words the rest with `{n}` for how many: "{n} more cancellations".
    """
    if len(nodes) <= MOST:
        return list(nodes)
    at = next((n for n, node in enumerate(nodes) if node.key == key), 0)
    start = max(0, min(at - 1, len(nodes) - MOST + 1))
    kept = list(nodes[start : start + MOST - 1])
    rest = [node for node in nodes if node not in kept]
    units = sum(node.units for node in rest)
    words = more.format(n=len(rest))
    return [*kept, Node("rest", units, 0, 0, words, parent=rest[0].parent)]
