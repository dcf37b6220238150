"""The sections of a project design document: which boxes each has and what may stand in them.

A draft may be incomplete, so a blank is never an error here; what is given must be usable. `clean`
is the one reading of what was typed, by form, script or test: it gives JSON-safe values, numbers as
text. What a complete document needs stands in `design`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cdm_portal.refusals import Invalid
from projects.methodologies import catalogue, units
from projects.methodologies.base import Fact, FactKind, UnknownMethodology
from projects.models import Project
from projects.participant import facts, rows

Values = dict[str, Any]
Cleaner = Callable[[Any], Any]

LONGEST_TEXT = 10_000
LONGEST_NUMBER = 60
LONGEST_CRITERION = 500
LONGEST_CELL = 80
MOST_YEARS = 30
SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)
OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):(?:00|15|30|45)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the task list."""

    key: str
    label: str
    lede: str


SECTIONS = (
    Section("general", "Description", "What the project is, what it is built of, and how large."),
    Section("location", "Location", "Where it stands, and by which clock its readings are taken."),
    Section("participants", "Project participants", "Who takes part and is to be authorised."),
    Section("methodology", "Methodology", "Which rules the reductions are calculated by, and why."),
    Section("parameters", "Parameters", "What is fixed for the whole time; what is measured."),
    Section("crediting", "Crediting period", "When it starts; how long it is credited."),
    Section("reductions", "Expected reductions", "Year by year, worked out step by step."),
    Section("consultation", "Consultation and impacts", "Local stakeholders and the environment."),
    Section("attachments", "Attachments", "Evidence, permits, spreadsheets."),
)
ELIGIBILITY = Section(
    "eligibility", "Eligibility criteria", "What a component must meet to be included.",
)
BY_KEY = {section.key: section for section in (*SECTIONS, ELIGIBILITY)}

NEEDED = {
    "general": {
        "title": "The title is missing.",
        "summary": "Say in words what the project does.",
        "sector": "Choose the kind of project.",
        "technology": "Describe the technology.",
    },
    "location": {
        "location": "Name the place.",
        "latitude": "The latitude is missing.",
        "longitude": "The longitude is missing.",
    },
    "participants": {"organisation_ids": "Choose the project participants."},
    "methodology": {
        "code": "Choose a methodology.",
        "version": "Choose the version of the methodology.",
        "scale": "Say whether the project is large or small scale.",
        "additionality": "Show why the reductions are additional.",
    },
    "parameters": {"monitored": "Confirm the monitoring plan."},
    "crediting": {
        "start_date": "The start date of the project activity is missing.",
        "kind": "Choose a fixed or a renewable crediting period.",
        "first_date": "The first day is missing.",
        "years": "The number of years is missing.",
    },
    "reductions": {"years": "Enter what is expected in the first year."},
    "consultation": {
        "stakeholder_consultation": "Report how local stakeholders were consulted.",
        "environmental_impacts": "Report the environmental impacts.",
    },
    "attachments": {},
    "eligibility": {"criteria": "State at least one criterion for including a component."},
}
"""What each section needs before the document can be frozen, and how its absence is told."""


def _text(longest: int = LONGEST_TEXT) -> Cleaner:
    def clean(value: Any) -> str:
        text = str(value).replace("\r\n", "\n").strip()
        if "\0" in text:
            raise ValueError("Remove the character that cannot be printed.")
        if len(text) > longest:
            raise ValueError(f"Use at most {longest:,} characters; these are {len(text):,}.")
        return text

    return clean


def _number(low: str, high: str, unit: str = "", *, places: int | None = None) -> Cleaner:
    least, most = Decimal(low), Decimal(high)

    def clean(value: Any) -> str:
        given = decimal(value)
        if not least <= given <= most:
            shown = f"{least:f} to {most:f} {unit}".strip()
            raise ValueError(f"Enter a number from {shown}; {units.plain(given)} is outside.")
        return units.plain(given if places is None else round(given, places))

    return clean


def _whole(low: int, high: int) -> Cleaner:
    def clean(value: Any) -> int:
        given = decimal(value)
        if given != given.to_integral_value() or not low <= given <= high:
            raise ValueError(f"Enter a whole number from {low} to {high}.")
        return int(given)

    return clean


def _one_of(*allowed: str) -> Cleaner:
    def clean(value: Any) -> str:
        if str(value) not in allowed:
            raise ValueError("Choose one of the list.")
        return str(value)

    return clean


def decimal(value: Any) -> Decimal:
    """The exact number in what was typed. Raises ValueError with what to do instead."""
    if isinstance(value, str) and len(value) > LONGEST_NUMBER:
        raise ValueError(f"Write the number with at most {LONGEST_NUMBER} characters.")
    try:
        return units.as_decimal(value)
    except ValueError as refusal:
        raise ValueError(f"Enter a number: {refusal}.") from None


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise ValueError("Enter a date like 2026-11-23.") from None


def _flag(value: Any) -> bool:
    return value in (True, "on", "true", "True", "1", 1)


def _fact(fact: Fact) -> Cleaner:
    """How the answer to a question of a methodology is kept: JSON-safe, a number as text."""
    match fact.kind:
        case FactKind.CHOICE:
            return _one_of(*fact.options)
        case FactKind.FLAG:
            return _flag
        case FactKind.NAMES:
            return _fuels
        case FactKind.DAY:
            return _day
        case FactKind.TEXT:
            return _text(80)
    return _answer(fact)


def _answer(fact: Fact) -> Cleaner:
    def clean(value: Any) -> str | int:
        given = decimal(value)
        try:
            read = fact.read(given)
        except ValueError as refusal:
            raise ValueError(f"Enter another number: {refusal}.") from None
        return read if isinstance(read, int) else units.plain(given)

    return clean


def _offset(value: Any) -> str:
    if not OFFSET.fullmatch(str(value)):
        raise ValueError("Write the offset from UTC like +03:00.")
    return str(value)


def _identifiers(value: Any) -> list[int]:
    given = value if isinstance(value, list | tuple | set) else [value]
    if len(given) > 50 or not all(str(each).isdecimal() and len(str(each)) < 19 for each in given):
        raise ValueError("Choose organisations of the list.")
    return sorted({int(each) for each in given})


def _criteria(value: Any) -> list[str]:
    given = value if isinstance(value, list | tuple) else _text()(value).split("\n")
    return [text for each in given if (text := _text(LONGEST_CRITERION)(each))]


def _fuels(value: Any) -> list[str]:
    given = value if isinstance(value, list | tuple) else re.split(r"[\s,;]+", str(value))
    names = [str(each).strip().lower() for each in given if str(each).strip()]
    if wrong := [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", name)]:
        raise ValueError(f"“{wrong[0][:40]}” is not a name: use small letters, digits and _.")
    return sorted(set(names))[:10]


BOXES: dict[str, dict[str, Cleaner]] = {
    "general": {
        "title": _text(200),
        "summary": _text(),
        "sector": _one_of(*Project.Sector.values),
        "technology": _text(),
        "installed_mw": _number("0", "100000", "MW"),
    },
    "location": {
        "location": _text(200),
        "latitude": _number("-90", "90", "degrees", places=5),
        "longitude": _number("-180", "180", "degrees", places=5),
        "utc_offset": _offset,
    },
    "participants": {"organisation_ids": _identifiers},
    "methodology": {
        "code": _text(20),
        "version": _text(10),
        "scale": _one_of(*Project.Scale.values),
        "additionality": _text(),
    },
    "parameters": {"monitored": _flag, "monitoring_plan": _text()},
    "crediting": {
        "start_date": _day,
        "kind": _one_of("fixed", "renewable"),
        "first_date": _day,
        "years": _whole(1, MOST_YEARS),
    },
    "reductions": {},
    "consultation": {"stakeholder_consultation": _text(), "environmental_impacts": _text()},
    "attachments": {"document_ids": _identifiers},
    "eligibility": {"criteria": _criteria},
}


def facts_asked(rules: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The questions of the methodology chosen; without a choice those of every methodology."""
    try:
        chosen = [catalogue.for_design(str(rules["code"]))] if rules.get("code") else None
    except UnknownMethodology:
        chosen = None
    found = {
        fact.name: fact for each in chosen or catalogue.all() for fact in facts.asked(each)
    }
    return tuple(found.values())


def of(content: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections of this document: that of a programme has eligibility criteria as well."""
    return (*SECTIONS[:4], ELIGIBILITY, *SECTIONS[4:]) if "eligibility" in content else SECTIONS


def clean(section: str, values: Mapping[str, Any]) -> Values:
    """What was given for a section, as it is kept. Raises Invalid with a message for each box."""
    if section not in BOXES:
        raise Invalid.of("", f"A design document has no section “{section}”.")
    errors: dict[str, list[str]] = {}
    kept: Values = {}
    rest = dict(values)
    if section == "parameters":
        kept["fixed"] = _fixed(rest.pop("fixed", None) or {}, errors)
    if section == "reductions":
        kept["years"] = _years(rest.pop("years", None) or {}, errors)
    boxes = _boxes(section, rest)
    for name, value in rest.items():
        if name not in boxes:
            errors[name] = [f"The section has no box “{name}”."]
        elif not _blank(value):
            _keep(kept, name, boxes[name], value, errors)
    if errors:
        raise Invalid(errors)
    return kept


def _boxes(section: str, values: Mapping[str, Any]) -> Mapping[str, Cleaner]:
    """The boxes of a section: that on the methodology has one for each question as well."""
    if section != "methodology":
        return BOXES[section]
    return BOXES[section] | {fact.name: _fact(fact) for fact in facts_asked(values)}


def words(box: str, value: Any, *, longest: int = LONGEST_TEXT) -> str:
    """One text for a box outside the document, trimmed. Raises Invalid at the box."""
    try:
        text: str = _text(longest)(value)
    except ValueError as refusal:
        raise Invalid.of(box, str(refusal)) from None
    return text


def _blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _keep(
    kept: Values, name: str, cleaner: Cleaner, value: Any, errors: dict[str, list[str]],
    box: str = "",
) -> None:
    try:
        kept[name] = cleaner(value)
    except ValueError as refusal:
        errors.setdefault(box or name, []).append(str(refusal))


def table_rows(value: Any) -> list[dict[str, str | bool]]:
    """Rows of a table, {column: text or truth}. Raises ValueError with what to do instead."""
    if len(value) > rows.MOST_ROWS or not all(isinstance(row, Mapping) for row in value):
        raise ValueError(f"Write at most {rows.MOST_ROWS} rows of named cells.")
    text = _text(LONGEST_CELL)
    return [
        {str(name): cell if isinstance(cell, bool) else text(cell) for name, cell in row.items()}
        for row in value
    ]


def _plain_number(value: Any) -> str:
    return units.plain(decimal(value))


def _fixed(given: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """{symbol: {value, unit, source}}; the boxes are called `<symbol>_value` and so on."""
    cleaners = {"value": _plain_number, "unit": _text(20), "source": _text(500)}
    kept: dict[str, dict[str, str]] = {}
    for symbol, row in given.items():
        if not SYMBOL.fullmatch(symbol):
            errors.setdefault("", []).append(f"“{symbol[:40]}” is not the symbol of a parameter.")
            continue
        cells: Values = {}
        for name, cleaner in cleaners.items():
            if not _blank(row.get(name)):
                _keep(cells, name, cleaner, row[name], errors, f"{symbol}_{name}")
        if cells:
            kept[symbol] = cells
    return kept


def _years(given: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """{year number: {symbol: value, or the rows of a table}}; boxes are `y<year>_<symbol>`."""
    kept: dict[str, dict[str, Any]] = {}
    for year, row in given.items():
        if not (str(year).isdecimal() and 1 <= int(year) <= MOST_YEARS):
            errors.setdefault("", []).append(f"“{str(year)[:20]}” is not a year of crediting.")
            continue
        cells: Values = {}
        for symbol, value in row.items():
            if not _blank(value):
                cleaner = table_rows if isinstance(value, list) else _plain_number
                _keep(cells, symbol, cleaner, value, errors, f"y{year}_{symbol}")
        if cells:
            kept[str(year)] = cells
    return kept
