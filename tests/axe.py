"""axe-core on a page as it stands: injected once for each page, however often it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAYS = [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")]
"""Phone and desktop, light and dark."""

THERE = "typeof axe === 'object'"
RUN = (
    "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
    ".then(result => result.violations)"
)
"""What passed is not told: to describe it costs axe more than many a rule."""


def violations(page: Any) -> list[str]:
    """What axe finds on the page as it stands."""
    if not page.evaluate(THERE):
        page.evaluate(AXE)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in page.evaluate(RUN, TAGS)]


def turn(page: Any, width: int, scheme: str) -> None:
    """Let the page be seen so: no script of ours asks for either, the sheets alone answer."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def faults(page: Any) -> list[str]:
    """axe's violations, and whether the page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return violations(page) + ["wider than the window"] * wide
