"""The law on the numbers of the rules: `cdm_portal.parameters` holds them, `projects` holds none.

Found are numbers other than -1, 0, 1 and 2 that are reckoned with, compared, returned, chosen
between, put in a list or a table, named as a constant, or given to Decimal, Fraction, date,
timedelta or range. What is no number of the rules is listed here by file, with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

Number = int | float | Decimal

TEXT = "the room for a text or a name"
SHOWN = "how many rows a page shows"
CALENDAR = "the calendar and the clock"
PERCENT = "a share in percent"
READING = "limits within which a file is read safely"
WORK = "how the work is cut up and tried again"
PRECISION = "digits and rounding of arithmetic"
VERSIONS = "the days of each version of the methodology, with their source beside them"

TECHNICAL: dict[str, tuple[str, set[str]]] = {
    "projects/actions.py": (TEXT, {"200"}),
    "projects/activities/actions.py": (WORK, {"1000"}),
    "projects/activities/columns.py": (
        "Excel's first day, and where the published columns stand",
        {"10", "12", "15", "30", "1899", "100000"},
    ),
    "projects/activities/models.py": ("the globe", {"90", "180"}),
    "projects/activities/reading.py": (
        "the globe, and the shift of a published column", {"9", "10", "90", "180", "21915"},
    ),
    "projects/board/actions/outcomes.py": ("numbers of projects registered here", {"95000"}),
    "projects/board/actions/payments.py": (TEXT, {"200"}),
    "projects/board/fees.py": (PRECISION, {"0.01"}),
    "projects/board/sheets.py": ("a share in percent", {"100"}),
    "projects/board/standing.py": (TEXT, {"10000"}),
    "projects/dna/actions.py": (TEXT, {"5000"}),
    "projects/dna/rubrics.py": (
        "the room for a Party's own criteria and their points", {"80", "100", "200", "1000"},
    ),
    "projects/doe/actions/accreditation.py": (TEXT, {"5000"}),
    "projects/doe/actions/engagement.py": (TEXT, {"2000"}),
    "projects/doe/actions/findings.py": (TEXT, {"500", "10000"}),
    "projects/doe/actions/observing.py": (TEXT, {"1000", "5000"}),
    "projects/doe/actions/proceedings.py": (TEXT, {"10000"}),
    "projects/doe/actions/recomputation.py": (WORK, {"5", "30"}),
    "projects/doe/actions/revisions.py": (TEXT, {"2000", "20000"}),
    "projects/doe/actions/validation.py": (TEXT, {"5000", "20000"}),
    "projects/doe/actions/verification.py": (TEXT, {"20000"}),
    "projects/doe/audit/activity.py": (PRECISION, {"100"}),
    "projects/doe/audit/checks.py": (PRECISION, {"10", "100", "1000"}),
    "projects/doe/audited.py": (SHOWN, {"12"}),
    "projects/doe/comparison.py": (PRECISION, {"10", "18", "60"}),
    "projects/doe/models.py": ("progress in percent", {"100"}),
    "projects/doe/second/exponent.py": (PRECISION, {"10", "80"}),
    "projects/doe/terms.py": (CALENDAR, {"12"}),
    "projects/methodologies/acm0002.py": (VERSIONS, {"date"}),
    "projects/methodologies/ams_i_d.py": (VERSIONS, {"date"}),
    "projects/methodologies/calculation.py": (PRECISION, {"1E-20"}),
    "projects/methodologies/facts.py": (TEXT, {"40"}),
    "projects/methodologies/intervals.py": (
        CALENDAR, {"15", "24", "32", "500", "744", "0.25", "0.016667"},
    ),
    "projects/methodologies/measures.py": (TEXT, {"40"}),
    "projects/methodologies/periods.py": (CALENDAR, {"3"}),
    "projects/methodologies/readings.py": (READING, {"1000"}),
    "projects/methodologies/renewables.py": (CALENDAR, {"8760"}),
    "projects/methodologies/tables.py": (READING, {"10", "100", "200", "100000", "1000000"}),
    "projects/methodologies/units.py": (READING, {"30", "40"}),
    "projects/participant/actions/communication.py": (TEXT, {"2000"}),
    "projects/participant/forms/communication.py": ("how many focal points fit a form", {"3"}),
    "projects/participant/actions/autosave.py": (TEXT, {"100000"}),
    "projects/participant/actions/design.py": ("how many files a draft holds", {"50"}),
    "projects/participant/actions/revisions.py": (TEXT, {"5000"}),
    "projects/participant/actions/monitoring.py": (WORK, {"60", "5000"}),
    "projects/methodologies/sensitivity.py": (
        "by how much an input is changed to see what it moves", {"0.1"},
    ),
    "projects/methodologies/series/asked.py": (
        "the farthest of the world's standard times, and how many rows are named", {"3", "14"},
    ),
    "projects/methodologies/series/cells.py": (PRECISION, {"9", "10", "12", "18"}),
    "projects/methodologies/series/checking.py": (WORK, {"3", "10", "50", "200", "1440"}),
    "projects/methodologies/series/source.py": (READING, {"5300000"}),
    "projects/methodologies/series/terms.py": (SHOWN, {"200"}),
    "projects/participant/papers.py": (SHOWN, {"6"}),
    "projects/participant/actions/importing.py": (WORK, {"3", "5", "60", "100"}),
    "projects/participant/actions/series.py": (WORK, {"3"}),
    "projects/participant/series/content.py": (WORK, {"50"}),
    "projects/participant/series/difference.py": (SHOWN, {"20"}),
    "projects/participant/series/models.py": ("a share in percent", {"100"}),
    "projects/participant/calculated.py": ("a share in percent", {"100"}),
    "projects/participant/changes.py": (TEXT, {"2000"}),
    "projects/participant/explained.py": (PRECISION, {"0.01"}),
    "projects/participant/traced.py": (SHOWN, {"8", "100"}),
    "projects/participant/design.py": (CALENDAR, {"8784"}),
    "projects/participant/forms/design.py": (
        "the world's standard times", {"3", "4", "5", "6", "9", "12", "15"},
    ),
    "projects/participant/overview.py": (SHOWN, {"30"}),
    "projects/participant/sections.py": (TEXT, {"19", "30", "50", "60", "80", "500", "10000"}),
    "projects/participant/rows.py": ("how many rows fit a box", {"200"}),
    "projects/participant/forms/drafts.py": ("how high a box is", {"5"}),
    "projects/participant/views/monitoring.py": (SHOWN, {"200"}),
    "projects/doe/lateness.py": (PERCENT, {"100"}),
    "projects/doe/surveyed.py": (PRECISION, {"1E-12", "100"}),
    "projects/methodologies/calibration.py": (CALENDAR, {"4", "12", "100"}),
    "projects/methodologies/events.py": (READING, {"300", "2000"}),
    "projects/methodologies/listed.py": (SHOWN, {"200"}),
    "projects/methodologies/surveys.py": (PRECISION, {"1E-12", "80", "100"}),
    "projects/participant/actions/instruments.py": (TEXT, {"40", "80", "100", "200", "240"}),
    "projects/participant/actions/surveys.py": (READING, {"9", "10"}),
    "projects/participant/instruments/happened.py": (CALENDAR, {"31", "500"}),
    "projects/participant/instruments/models.py": (PERCENT, {"100"}),
    "projects/participant/instruments/pictured.py": (SHOWN, {"200"}),
    "projects/reference/actions.py": (WORK, {"1000"}),
    "projects/reference/forms.py": (PRECISION, {"8", "12"}),
    "projects/reference/potentials.py": ("a share in percent", {"0.1", "100"}),
    "projects/reference/reading.py": (READING, {"5", "20", "200"}),
    "projects/reference/reading_factors.py": ("a year written in four digits", {"4"}),
    "projects/reference/stating.py": (
        "the room for a text, and decimal places", {"0.5", "4", "8", "10", "120", "300", "500"},
    ),
}
"""By file: why its numbers are no numbers of the rules, and which they are."""

CONVERSIONS = {
    "projects/methodologies/units.py": {"DIMENSIONS"},
    "projects/doe/second/sizes.py": {"SIZE_OF", "THOUSANDTH", "MILLIONTH"},
}
"""The two tables of unit sizes: the engine's, and that of the DOE's own arithmetic."""

CODES = {"sectoral_scopes"}
"""What is named by number and not reckoned with."""

PLAIN = {Decimal(each) for each in (-1, 0, 1, 2)}
WRITTEN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
EXACT = {"Decimal", "Fraction", "date", "timedelta", "range"}
DECIDING: dict[type[ast.AST], tuple[str, ...]] = {
    ast.BinOp: ("left", "right"), ast.Compare: ("left", "comparators"),
    ast.IfExp: ("body", "orelse"), ast.Return: ("value",),
    ast.Assign: ("value",), ast.AnnAssign: ("value",),
    ast.UnaryOp: ("operand",), ast.Dict: ("values",), ast.Tuple: ("elts",), ast.List: ("elts",),
    ast.Set: ("elts",), ast.arguments: ("defaults", "kw_defaults"),
    ast.Call: ("args", "keywords"),
}
"""The parts of the tree in which a number decides something."""


def rule_numbers(root: Path) -> list[str]:
    """Every number of the rules that stands in `projects` itself."""
    return [
        f"{inside}:{line} holds {number}: a number of the rules belongs to cdm_portal.parameters"
        for path in sorted((root / "projects").rglob("*.py"))
        if "migrations" not in path.parts
        for inside in [str(path.relative_to(root))]
        for line, number in _numbers(ast.parse(path.read_text()), inside)
    ]


def unused_exceptions(root: Path) -> list[str]:
    """Numbers listed as technical that no longer stand where they are listed."""
    found = []
    for inside, (_, listed) in TECHNICAL.items():
        tree = ast.parse((root / inside).read_text())
        there = {str(each) for _, each in _numbers(tree, "")}
        missing = {each for each in listed - {"date"} if str(Decimal(each)) not in there}
        found += [f"{inside} holds no {each}" for each in sorted(missing)]
    return found


def _numbers(tree: ast.Module, inside: str) -> Iterator[tuple[int, Decimal]]:
    listed = TECHNICAL.get(inside, ("", set()))[1]
    technical = {Decimal(each) for each in listed - {"date"}}
    for top in tree.body:
        if _names(top) & CONVERSIONS.get(inside, set()):
            continue
        codes = {
            id(part) for each in ast.walk(top)
            if isinstance(each, ast.Assign) and _names(each) & CODES for part in ast.walk(each)
        }
        for node in ast.walk(top):
            if id(node) in codes:
                continue
            if "date" in listed and isinstance(node, ast.Call) and _called(node) == "date":
                continue
            for each in _weighed(node):
                number = _number(each, texts=isinstance(node, ast.Call))
                if number is not None and number not in PLAIN | technical:
                    yield each.lineno, number


def _names(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _weighed(node: ast.AST) -> Iterator[ast.expr]:
    """What stands in this node in a place where a number decides something."""
    if isinstance(node, ast.Call) and _called(node) not in EXACT:
        return
    for name in DECIDING.get(type(node), ()):
        found = getattr(node, name)
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, ast.keyword):
                yield each.value
            elif each is not None:
                yield each


def _called(node: ast.Call) -> str:
    func = node.func
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _number(node: ast.expr, *, texts: bool) -> Decimal | None:
    """The number that a literal is; with `texts`, or that it writes, as in Decimal("0.75")."""
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if texts and isinstance(value, str) and WRITTEN.fullmatch(value):
        return Decimal(value)
    return None
