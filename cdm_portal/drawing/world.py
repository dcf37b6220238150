"""Places on the map of the world: Equal Earth projection, centred on 11° E, no borders.

The land (`static/img/world.svg`, 1000 × 487) is Natural Earth's, public domain, drawn with the
same polynomial, so that equal areas on the sheet are equal areas on the ground.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
CENTRE = 11.0
WIDTH = 1000.0
HEIGHT = 487.0
HALF_ROOT_3 = math.sqrt(3) / 2
SMALL, LARGE = 2.6, 4.5


class Place(NamedTuple):
    """A point on the map: its centre, its radius, and whether a ring marks several projects."""

    x: str
    y: str
    r: str
    ring: bool
    label: str
    url: str


def _plane(longitude: float, latitude: float) -> tuple[float, float]:
    """The polynomial itself, in units of the sphere's radius."""
    lam, theta = math.radians(longitude), math.asin(HALF_ROOT_3 * math.sin(math.radians(latitude)))
    square, sixth = theta**2, theta**6
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    return (
        lam * math.cos(theta) / (HALF_ROOT_3 * slope),
        theta * (A1 + A2 * square + sixth * (A3 + A4 * square)),
    )


HALF_WIDTH = _plane(180, 0)[0]
HALF_HEIGHT = _plane(0, 90)[1]


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place lies on the map, in units of its view box."""
    around = (longitude - CENTRE + 180) % 360 - 180
    x, y = _plane(around, latitude)
    return WIDTH / 2 * (1 + x / HALF_WIDTH), HEIGHT / 2 * (1 - y / HALF_HEIGHT)


def points(places: Iterable[Mapping[str, object]]) -> list[Place]:
    """Places for `components/world_map.html` from {latitude, longitude, label, url, count}."""
    found = []
    for place in places:
        x, y = project(float(str(place["latitude"])), float(str(place["longitude"])))
        several = int(str(place.get("count") or 1)) > 1
        found.append(
            Place(
                f"{x:.1f}",
                f"{y:.1f}",
                str(LARGE if several else SMALL),
                several,
                str(place.get("label", "")),
                str(place.get("url", "")),
            )
        )
    return found
