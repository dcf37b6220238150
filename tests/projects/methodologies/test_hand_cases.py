"""Each methodology and tool has cases worked by hand: a guard over the catalogue that counts them.

A case worked by hand is a test whose docstring writes out the arithmetic, figures joined by signs,
and which asserts. It is about the code that its file is named after, or about those it names.
With `-s` the table is printed: code, number of cases, their tests.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from projects.methodologies import catalogue

FEWEST = 3
SUM = re.compile(r"\d[^.;:=]{0,30}?[×/+−-] ?[^.;:=]{0,20}?\d", re.S)
"""A figure, a sign, another figure."""
KEYS = {re.sub(r"\W", "", code): code for code in catalogue.BY_CODE}


def codes_in(text: str) -> set[str]:
    """The codes named, however they are written: AMS-I.D, AMS_I_D, ams_i_d."""
    written = re.findall(r"[\w.-]+", text) + re.findall(r"\w+", text)
    words = {re.sub(r"[\W_]", "", word).upper() for word in written}
    return {code for key, code in KEYS.items() if key in words}


def cases_of(path: Path) -> dict[str, list[str]]:
    """The cases worked by hand in a file, by code."""
    found: dict[str, list[str]] = defaultdict(list)
    source = path.read_text(encoding="utf-8")
    own = codes_in(path.stem.removeprefix("test_").removesuffix("_margins"))
    for each in ast.parse(source).body:
        if not isinstance(each, ast.FunctionDef) or not each.name.startswith("test_"):
            continue
        worked = SUM.search(ast.get_docstring(each) or "")
        asserts = any(isinstance(node, ast.Assert) for node in ast.walk(each))
        if worked and asserts:
            for code in own or codes_in(ast.get_source_segment(source, each) or ""):
                found[code].append(each.name)
    return found


def test_every_methodology_and_tool_has_three_cases_worked_by_hand() -> None:
    cases: dict[str, list[str]] = {code: [] for code in catalogue.BY_CODE}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for code, names in cases_of(path).items():
            cases[code] += names
    print()
    for code, names in cases.items():
        print(f"{code:11} {len(names):3}  {', '.join(names)}")
    assert {code: names for code, names in cases.items() if len(names) < FEWEST} == {}
