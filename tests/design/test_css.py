"""The style sheets keep their promises: tokens name the values, logic names the sides."""

import re
from pathlib import Path

import pytest

from cdm_portal.management.commands import collect_css

CSS = collect_css.CSS
SHEETS = sorted(p for p in CSS.rglob("*.css") if p != collect_css.JOINED)
RULES = [p for p in SHEETS if p.name not in {"tokens.css", "fonts.css"}]
PHYSICAL = re.compile(
    r"(?:^|[;{\s])((?:min-|max-)?(?:width|height)|(?:margin-|padding-|border-)?"
    r"(?:left|right|top|bottom)(?:-width|-color)?)\s*:"
)
SIDES = re.compile(r"(?:text-align|float|clear)\s*:\s*(?:left|right)\b")


def plain(sheet: Path) -> str:
    """The sheet without comments."""
    return collect_css.COMMENT.sub("", sheet.read_text())


@pytest.mark.parametrize("sheet", RULES, ids=lambda p: p.stem)
def test_a_sheet_names_no_colour_of_its_own(sheet: Path) -> None:
    found = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\([^)]*\)", plain(sheet), re.I)
    assert found == []


@pytest.mark.parametrize("sheet", RULES, ids=lambda p: p.stem)
def test_a_sheet_takes_sizes_and_radii_from_the_tokens(sheet: Path) -> None:
    sizes = re.findall(r"font-size:\s*([^;]+);", plain(sheet))
    shorthands = re.findall(r"[{;\s]font:\s*([^;]+);", plain(sheet))
    radii = re.findall(r"radius:\s*([^;]+);", plain(sheet))
    assert [s for s in sizes if not s.startswith("var(--t-") and s != "inherit"] == []
    assert [s for s in shorthands if "var(--t-" not in s and s != "inherit"] == []
    assert [r for r in radii if not r.startswith("var(--r") and r != "0"] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.stem)
def test_a_sheet_knows_no_left_and_right(sheet: Path) -> None:
    text = re.sub(r"@media[^{]*", "", plain(sheet))
    assert PHYSICAL.findall(text) == []
    assert SIDES.findall(text) == []


def test_every_token_that_is_used_exists() -> None:
    own = {"k", "w", "c", "mk", "gut", "wrap"}
    defined = set(re.findall(r"--([\w-]+):", (CSS / "tokens.css").read_text()))
    used = {name for sheet in SHEETS for name in re.findall(r"var\(--([\w-]+)", plain(sheet))}
    assert used - defined - own == set()


def test_the_entry_names_every_sheet_once() -> None:
    entry = collect_css.COMMENT.sub("", collect_css.ENTRY.read_text())
    named = [CSS / found["path"] for found in collect_css.IMPORT.finditer(entry)]
    assert sorted(named) == [p for p in SHEETS if p != collect_css.ENTRY]


def test_the_joined_sheet_is_what_the_sheets_say() -> None:
    assert collect_css.JOINED.read_text() == collect_css.joined()


def test_the_joined_sheet_reaches_its_fonts_from_where_it_lies() -> None:
    paths = re.findall(r'url\("([^"#]+)"\)', collect_css.JOINED.read_text())
    assert len(paths) == 8
    assert [p for p in paths if not (CSS / p).resolve().is_file()] == []


def test_old_browsers_get_both_values_of_every_paired_token() -> None:
    pairs = collect_css.PAIR.findall((CSS / "tokens.css").read_text())
    fallback = collect_css.joined().partition("@supports not")[2]
    assert len(pairs) > 30
    assert all(f"{name}:{a};" in fallback and f"{name}:{b};" in fallback for name, a, b in pairs)
