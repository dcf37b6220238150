"""The second way against the engine: random cases of the whole catalogue, and planted errors.

`--full` runs 10,000 cases for each methodology and tool, and 100 planted errors of each kind that
it has room for; `-s` shows the table of what was compared and found.
"""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import islice
from pathlib import Path

import pytest

from projects.doe.second import comparison, data, exponent, paths, sizes
from projects.doe.second.paths import Second
from projects.doe.second.sizes import CannotRecalculate
from projects.methodologies import catalogue
from tests.projects.doe import random_cases

CODES = sorted(paths.PATHS)
SEED = 5
CLOSE = Fraction(1, 10**9)
WITHOUT_A_POTENTIAL = {
    "AMS-I.C", "AMS-I.E", "AMS-I.F", "AMS-II.G", "AMS-III.AV", "TOOL03", "TOOL05", "TOOL07",
}
"""What counts no gas but carbon dioxide: the only ones without all five kinds of error."""


@dataclass
class Tally:
    """What was compared and planted in one methodology or tool."""

    cases: int = 0
    worst: Fraction = Fraction(0)
    planted: Counter[str] = field(default_factory=Counter)
    found: int = 0


@pytest.fixture(scope="module")
def tallies() -> Iterator[dict[str, Tally]]:
    """A tally of each methodology and tool, shown as a table at the end."""
    found = {code: Tally() for code in CODES}
    yield found
    kinds = [plant.__name__ for plant in random_cases.PLANTS]
    print("\n\n" + "  ".join(["code      ", "  cases", "worst difference", *kinds, "found"]))
    for code, each in found.items():
        cells = [f"{each.planted[kind]:>{len(kind)}}" for kind in kinds]
        print("  ".join([f"{code:10}", f"{each.cases:7,}", f"{float(each.worst):16.1e}", *cells,
                         f"{each.found:5}"]))


def test_every_methodology_and_tool_has_a_second_way() -> None:
    assert set(paths.PATHS) == set(catalogue.BY_CODE)


def apart(second: Second, claim: random_cases.Claim) -> Fraction:
    """By how much the two ways differ in the step where they differ most."""
    return max(
        abs(sizes.exact(value) - second.steps[step]) for step, value in claim.steps.items()
    )


@pytest.mark.parametrize("code", CODES)
def test_both_ways_come_to_the_same_in_every_input_and_step(
    code: str, full: bool, tallies: dict[str, Tally]
) -> None:
    drawn = random_cases.cases(code, random.Random(f"{SEED} {code}"))
    tally = tallies[code]
    for asked, claim in islice(drawn, 10_000 if full else 300):
        second = paths.recalculate(code, asked)
        found = comparison.first_difference(
            second, inputs=claim.inputs, steps=claim.steps, tonnes=claim.tonnes
        )
        assert found is None, (str(found), asked)
        assert list(second.steps) == list(claim.steps)
        tally.cases, tally.worst = tally.cases + 1, max(tally.worst, apart(second, claim))
    assert tally.worst < CLOSE


@pytest.mark.parametrize("code", CODES)
def test_every_planted_error_is_found(
    code: str, full: bool, tallies: dict[str, Tally]
) -> None:
    """Found in the inputs; and in the steps alone where the error moved one."""
    drawing = random.Random(f"{SEED} planted {code}")
    plants = random_cases.plants_of(code, drawing)
    left = {random_cases.wrong_potential} if code in WITHOUT_A_POTENTIAL else set()
    assert set(plants) == set(random_cases.PLANTS) - left
    tally = tallies[code]
    for plant in plants:
        drawn = random_cases.planted(code, drawing, plant)
        for asked, true, wrong in islice(drawn, 100 if full else 3):
            tally.planted[plant.__name__] += 1
            second = paths.recalculate(code, asked)
            assert comparison.first_difference(second, inputs=true.inputs, steps=true.steps) is None
            found = comparison.first_difference(second, inputs=wrong.inputs, steps=wrong.steps)
            assert found is not None, (plant.__name__, asked)
            if wrong.steps != true.steps:
                moved = comparison.first_difference(second, inputs=true.inputs, steps=wrong.steps)
                assert moved is not None, (plant.__name__, asked)
                assert moved.place in {*true.steps, *wrong.steps}
            tally.found += 1
    assert tally.found == tally.planted.total() > 0


def test_the_first_step_that_differs_is_named() -> None:
    asked = {
        "version": "02.0",
        "facts": {"flare": "enclosed"},
        "inputs": {"F_CH4_RG": "100", "x_off": "0"},
    }
    second = paths.recalculate("TOOL06", asked)
    steps = {"PE_flare/F_CH4_left": "10.5", "PE_flare": "262.5"}
    found = comparison.first_difference(second, inputs=second.inputs, steps=steps)
    assert str(found) == "PE_flare/F_CH4_left: 21/2 was claimed, 10 found"


@pytest.mark.parametrize("power", ["0", "0.02", "0.4", "7.5", "40"])
def test_the_exponential_has_seventy_digits(power: str) -> None:
    with localcontext() as context:
        context.prec = 90
        known = Fraction((-Decimal(power)).exp())
    assert abs(exponent.decayed(Fraction(power)) / known - 1) < Fraction(1, 10**70)


def test_what_grows_is_no_decay() -> None:
    with pytest.raises(ValueError, match="decays"):
        exponent.decayed(Fraction(-1))


def test_gaps_count_against_the_claim() -> None:
    read = {"readings": ["1", None, "4"], "unit": "kWh"}
    assert data.number(data.Need("EC", "MWh"), read) == Fraction(9, 1000)
    assert data.number(data.Need("EG", "MWh", gap_zero=True), read) == Fraction(5, 1000)


@pytest.mark.parametrize(
    ("code", "inputs", "said"),
    [
        ("AMS-X", {}, "AMS-X is not recalculated here"),
        ("TOOL05", {"EC": "1", "FC": "2"}, "FC is not an input"),
        ("TOOL05", {}, "EC is missing"),
        ("TOOL05", {"EC": {"value": "1", "unit": "t"}}, "t is not understood as MWh"),
        ("TOOL05", {"EC": "1,5"}, "'1,5' is not a number"),
        ("TOOL05", {"EC": {"value": "1"}}, "TOOL05 cannot be recalculated"),
    ],
)
def test_what_cannot_be_recalculated_is_said(code: str, inputs: object, said: str) -> None:
    with pytest.raises(CannotRecalculate, match=said):
        paths.recalculate(code, {"version": "03.0", "facts": {}, "inputs": inputs})


def test_the_second_way_imports_nothing_of_the_first() -> None:
    """Independence is a fact of the source: its own files and the rule parameters, no more."""
    found = set()
    for file in Path(sizes.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
    own = {name for name in found if name.startswith("projects")}
    assert own == {name for name in own if name.startswith("projects.doe.second")}
    assert {name for name in found if name.startswith("cdm_portal")} == {"cdm_portal"}
