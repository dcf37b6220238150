"""A table whose rows are cards on a phone stays a table to a screen reader, and names its cells."""

import re
from pathlib import Path

import pytest

from cdm_portal.runtime.places import ROOT

TABLE = re.compile(r'<table class="table stacks(?P<runs> runs)?[^>]*>.*?</table>', re.DOTALL)
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row",
         "th": "columnheader", "td": "cell"}  # fmt: skip
TAG = re.compile(r"<(table|thead|tbody|tr|th|td)\b((?:\{%.*?%\}|\{\{.*?\}\}|[^>])*)>")
FOUND = [
    pytest.param(found, id=f"{path.relative_to(ROOT / 'templates')}:{number}")
    for path in sorted(Path(ROOT, "templates").rglob("*.html"))
    for number, found in enumerate(TABLE.finditer(path.read_text()), 1)
]


def test_there_are_such_tables() -> None:
    assert len(FOUND) > 40


@pytest.mark.parametrize("found", FOUND)
def test_every_part_says_what_it_is_and_every_cell_its_name(found: re.Match[str]) -> None:
    """The first cell may head the card, and one that holds a button or a link says so itself."""
    cell = 0
    for tag in TAG.finditer(found[0]):
        kind, said = tag[1], tag[2]
        assert f'role="{ROLES[kind]}"' in said, tag[0]
        if kind == "tr":
            cell = 0
        if kind == "td" and not found["runs"]:
            cell += 1
            inside = found[0][tag.end() : found[0].index("</td>", tag.end())]
            acts = re.search(r"<a |<form|<button|<input|include", inside)
            assert cell == 1 or "data-name=" in said or acts, tag[0]
