"""The tags and filters of the design system "Meridian"; each is shown on `/styleguide/`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.drawing import formulas

register = template.Library()

CRITERION_ICONS = {
    "air": "wind",
    "land": "mountain",
    "water": "droplets",
    "natural_resources": "trees",
    "education": "graduation-cap",
    "health_and_safety": "heart-pulse",
    "jobs": "hammer",
    "welfare": "hand-heart",
    "energy": "plug-zap",
    "growth": "trending-up",
    "balance_of_payments": "scale",
    "technology": "cpu",
}
NOTE_ICONS = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
DARK_NUMBERED_GOALS = {2, 3, 5, 6, 7, 9, 11, 12, 14, 15}

register.filter("initials", formats.initials)
register.filter("fingerprint", formats.fingerprint)


@register.filter
def tonnes(value: object) -> str:
    """Whole tonnes with thousands parted; a blank stays blank."""
    return "" if value in (None, "") else formats.tonnes(value)


@register.filter
def figure(value: Decimal | int | str | None, places: int | None = None) -> str:
    """A Decimal with thousands parted; text that is no number is shown as it is."""
    if value in (None, ""):
        return ""
    try:
        return formats.figure(value, places)
    except InvalidOperation:
        return str(value)


@register.filter
def cell(row: Mapping[str, Any], name: str) -> str:
    """What a kept row has in a column: yes or no for a truth, empty where it has nothing."""
    value = row.get(name, "")
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@register.filter
def usd(value: Decimal | int | str | None) -> str:
    """An amount in US dollars; a blank stays blank."""
    return "" if value in (None, "") else formats.usd(value)


@register.filter
def money(value: formats.Amount | None) -> str:
    """An amount of money; a blank stays blank."""
    return "" if value is None else formats.money(value)


@register.filter
def price_text(value: formats.Amount | Decimal | int | str | None) -> str:
    """A price however it comes: money, a number of US dollars, or words."""
    if value is None or isinstance(value, str):
        return value or ""
    return formats.usd(value) if isinstance(value, Decimal | int) else formats.money(value)


@register.filter
def day(value: date | str | None) -> str:
    """A calendar day in full; text is shown as it is."""
    return formats.day(value) if isinstance(value, date) else value or ""


@register.filter
def day_short(value: date | str | None) -> str:
    """A calendar day for tables; text is shown as it is."""
    return formats.day_short(value) if isinstance(value, date) else value or ""


@register.filter
def moment(value: datetime | date | str | None) -> str:
    """A point in time in UTC; a bare day without a time; text as it is."""
    return formats.moment(value) if isinstance(value, datetime) else day(value)


@register.filter
def clock_time(value: datetime | str | None) -> str:
    """The time of day in UTC; text as it is."""
    return formats.clock_time(value) if isinstance(value, datetime) else value or ""


@register.filter
def bytes_si(value: int | str | None) -> str:
    """A file's size; text as it is."""
    return formats.bytes_si(value) if isinstance(value, int) else value or ""


@register.filter
def due_in(until: date | datetime | None, at: datetime) -> str:
    """How long is left until a day; blank without one."""
    return "" if until is None else formats.due_in(until, at)


@register.filter
def is_blank(value: object) -> bool:
    """Whether there is nothing to show; zero is something."""
    return value is None or value == "" or value == []


@register.filter
def unit_of(field: BoundField) -> str:
    """The unit that a form's field is measured in: its widget's `data-unit`."""
    return str(field.field.widget.attrs.get("data-unit", ""))


@register.filter
def formula(text: object) -> SafeString:
    """A formula or a symbol of the house's notation as MathML: `EG_PJ`."""
    return formulas.mathml(str(text))


@register.filter
def co2(text: object) -> SafeString:
    """CO2 with its subscript: the glyph ₂ is missing in some fonts."""
    escaped = conditional_escape(text if isinstance(text, SafeString) else str(text)).replace(
        "CO₂", "CO2"
    )
    return mark_safe(escaped.replace("CO2", "CO<sub>2</sub>"))  # noqa: S308 - escaped above


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A Lucide icon of the sprite, hidden from screen readers; `extra` adds a class (flip)."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def criterion_icon(key: str) -> SafeString:
    """The icon of one of the twelve co-benefit criteria."""
    return icon(CRITERION_ICONS.get(str(key), "circle-dot"))


@register.simple_tag
def brand_mark() -> SafeString:
    """The mark: a ledger crossed by one bright meridian."""
    return mark_safe(render_to_string("components/brand_mark.html"))  # noqa: S308 - our template


@register.simple_tag
def htmx() -> SafeString:
    """The script that polls long work; only pages that wait for something need it."""
    return format_html('<script src="{}" defer></script>', static("vendor/htmx-4.0.1/htmx.min.js"))


@register.simple_tag
def range_of(first: object, last: object = None) -> SafeString:
    """A range that stays left to right in every direction of writing: 2015–2019."""
    text = first if last in (None, "") or first == last else format_html("{}–{}", first, last)
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', text)


@register.simple_tag
def serial_range(first: object, last: object = None) -> SafeString:
    """Serial numbers, mono and left to right."""
    text = first if last in (None, "") or first == last else format_html("{} – {}", first, last)
    return format_html('<bdi dir="ltr" class="mono">{}</bdi>', text)


@register.inclusion_tag("components/mini_tracker.html")
def mini_tracker(current: int, total: int = 8) -> dict[str, object]:
    """A bar of segments beside a tag that says the same in words; `current` counts from 1."""
    at = int(current or 0)
    states = ["d" if n < at else "n" if n == at else "" for n in range(1, int(total) + 1)]
    return {"states": states}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs: str) -> dict[str, object]:
    """A breadcrumb from pairs of label and address; the last address is empty.

    A step without a label is left out: the sector of a draft that names none yet.
    """
    steps = zip(pairs[::2], pairs[1::2], strict=True)
    return {"crumbs": [{"label": a, "url": b} for a, b in steps if a]}


@register.filter
def strip_words(strip: Sequence[dict[str, object]] | None) -> dict[str, object]:
    """What a co-benefit strip says in words: up to three criteria, and how many more."""
    names = [str(cell["name"]) for cell in strip or () if cell["reported"]]
    return {
        "first": ", ".join([*names[:1], *(n.lower() for n in names[1:3])]),
        "more": len(names) - 3,
    }


@register.filter
def goal_class(number: int) -> str:
    """The classes of a goal's square: its hue, and dark figures where white would be too faint."""
    return f"sdg sdg{int(number)}{' dk' if int(number) in DARK_NUMBERED_GOALS else ''}"


def _component(name: str, content: str, **values: object) -> SafeString:
    return render_to_string(f"components/{name}.html", {"content": content, **values})


@register.simple_block_tag
def panel(content: str, title: str = "", **options: object) -> SafeString:
    """A panel with a heading.

    Options: level, key, ident, hint, tag, kind, tag_icon, link_label, link_url.
    """
    ident = options.pop("ident", "") or "".join(
        c if c.isalnum() else "-" for c in str(title).lower()
    )
    return _component("panel", content, title=title, ident=ident, **options)


@register.simple_block_tag
def note(content: str, kind: str = "info", icon: str = "", title: str = "") -> SafeString:
    """A note that explains, or a warning directly above what it warns of."""
    return _component(
        "note", content, kind=kind, icon=icon or NOTE_ICONS.get(kind, "info"), title=title
    )


@register.simple_block_tag
def scroll(content: str, label: str = "") -> SafeString:
    """A region that scrolls sideways on narrow screens, reachable by keyboard."""
    return _component("scroll", content, label=label or _("Table"))


@register.simple_block_tag
def fold(content: str, summary: str, *, opened: bool = False) -> SafeString:
    """Something folded away under a line that says what it is."""
    return _component("fold", content, summary=summary, opened=opened)


@register.simple_block_tag
def chart_panel(content: str, title: str, svg: str, **options: object) -> SafeString:
    """A chart and, folded below it, the table of the same figures.

    Options: level, legend ([{kind, label}]), unit, note.
    """
    return _component("chart_panel", content, title=title, svg=svg, **options)
