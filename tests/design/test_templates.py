"""What no template may hold, and what every component must."""

import re
from pathlib import Path

import pytest

from cdm_portal.pages import styleguide

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
PARTS = {"error_summary_list"}
FRAME = {"bar", "brand_mark", "demonstration", "footer", "footer_slim", "header", "messages"}
BY_TAG = {"note", "panel", "scroll", "fold", "chart_panel", "mini_tracker", "crumbs"}
BUILT_OF = {"queue_item", "fault_rows", "goals", "price", "stepper", "chip", "pieces"}


def ids(path: Path) -> str:
    """The template's name in a test's."""
    return path.relative_to(ROOT / "templates").as_posix()


@pytest.mark.parametrize("template", TEMPLATES, ids=ids)
def test_a_template_has_no_inline_style_script_or_handler(template: Path) -> None:
    text = template.read_text()
    assert re.findall(r"\sstyle\s*=", text) == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", text) == []
    assert re.findall(r"hx-on|javascript:", text) == []
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [s for s in scripts if "src=" not in s] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=ids)
def test_a_template_asks_no_other_host_and_for_no_card(template: Path) -> None:
    text = template.read_text()
    foreign = r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=\"https?:"
    assert re.findall(foreign, text) == []
    assert re.findall(r"autocomplete=\"cc-", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=ids)
def test_every_icon_that_is_named_is_in_the_sprite(template: Path) -> None:
    known = set(styleguide.icon_names())
    text = template.read_text()
    named = set(re.findall(r"(?:\{% icon |\bicon=)\"([\w-]+)\"", text))
    assert named - known == set()


@pytest.mark.parametrize("component", COMPONENTS, ids=ids)
def test_a_component_says_its_name_and_variables_in_its_first_line(component: Path) -> None:
    first = component.read_text().splitlines()[0]
    assert first.startswith(f"{{# {component.stem}: ")
    assert first.endswith("#}")


def test_every_component_stands_on_the_style_guide() -> None:
    pages = [ROOT / "templates" / "styleguide.html", *(ROOT / "templates" / "styleguide").glob("*")]
    text = "".join(page.read_text() for page in pages)
    shown = set(re.findall(r'"components/(\w+)\.html"', text))
    shown |= {name for name in BY_TAG if f"{{% {name}" in text}
    assert {c.stem for c in COMPONENTS} - shown - PARTS - FRAME - BUILT_OF == set()
