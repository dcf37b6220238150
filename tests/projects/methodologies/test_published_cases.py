"""Every published case to its stated rounding.

The cases are read from the folder in `CDM_DATA`, which is no part of this repository; without it
they are skipped. With `-s` the table is printed: case, expected, got.
"""

import json
import os
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from decimal import Decimal as D
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from projects.methodologies import acm0022, tool04, tool06, tool14
from tests.projects.methodologies import published
from tests.projects.methodologies.published import Reported

FOLDER = Path(os.environ.get("CDM_DATA", "/nowhere")) / "er-cases"
ROUNDED = {"odemis-acm0022-cogeneration": ROUND_FLOOR, "odemis-acm0022-rdf-leakage": ROUND_CEILING}
"""Printed as whole numbers rounded in one direction."""
RELATIVE = {"odemis-tool04-fod-7y": D("0.0002"), "odemis-tool04-fod-per-tonne": D("0.0002")}
"""Shares of waste are printed with two decimals of a percent: what hides behind them makes 0.014 %,
and the notes of both cases allow for it."""


class Line(NamedTuple):
    """One row of the table."""

    case: str
    what: str
    expected: str
    got: str
    agrees: bool
    within: str = ""


def files() -> list[Path]:
    found = sorted(FOLDER.glob("*.json"))
    if not found:
        pytest.skip("CDM_DATA names no folder with er-cases")
    return found


def lines_of(path: Path) -> tuple[dict[str, Any], list[Line]]:
    case = json.loads(path.read_text(), parse_float=Decimal)
    name, expected = case["id"], case["expected"]
    try:
        got = published.CASES[name](case["inputs"])
    except Reported as finding:
        return case, [
            Line(name, what, str(value), str(finding), agrees=False)
            for what, value in expected.items()
        ]
    return case, [
        Line(
            name, label, str(due), f"{found.normalize():f}"[:24], agrees(case, found, due),
            allowance(case),
        )
        for what, printed in expected.items()
        for label, due, found in _pairs(what, printed, got[what])
    ]


def _pairs(what: str, printed: Any, found: Any) -> list[tuple[str, Any, Decimal]]:
    if not isinstance(printed, list):
        return [(what, printed, found)]
    return [
        (f"{what}[{number}]", due, each)
        for number, (due, each) in enumerate(zip(printed, found, strict=True), start=1)
    ]


def agrees(case: dict[str, Any], found: Decimal, due: Any) -> bool:
    """Within the tolerance that the case states, after the rounding that it states."""
    name, due = case["id"], D(due)
    if name in ROUNDED:
        return found.to_integral_value(rounding=ROUNDED[name]) == due
    if name in RELATIVE:
        return abs(found - due) <= RELATIVE[name] * due
    return abs(found - due) <= D(case["tolerance"])


def allowance(case: dict[str, Any]) -> str:
    """What `agrees` allows, in words."""
    if case["id"] in ROUNDED:
        return case["rounding"].split(" (")[0]
    if share := RELATIVE.get(case["id"]):
        return f"within {(100 * share).normalize():f} %"
    return f"within {D(case['tolerance']).normalize():f}"


def test_every_published_case() -> None:
    """Those that agree with themselves come out as printed; the others say which step differs."""
    table: list[Line] = []
    wrong: list[Line] = []
    for path in files():
        case, lines = lines_of(path)
        sound = case["status"] == "self-consistent"
        wrong += [line for line in lines if line.agrees != sound]
        table += lines
    print()
    for line in table:
        verdict = f"as published, {line.within}" if line.agrees else "REPORTED"
        print(f"{line.case:36} {line.what:13} {line.expected:>12}  {line.got:<24}  {verdict}")

    assert wrong == []
    assert {line.case for line in table} == set(published.CASES)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("odemis-acm0010-ch4-INCOMPLETE", "animals[1].VS is missing"),
        ("soc-son-tool07-build-margin", "EF_BM: its own totals make 0.8048"),
        (
            "soc-son-tool07-simple-om",
            "EF_OM: its rows make 0.8906, its totals 0.8907; Σ emissions of the rows is "
            "316248532.28, not 316270717.36",
        ),
    ],
)
def test_what_is_said_of_a_case_that_does_not_come_out(case: str, said: str) -> None:
    [path] = [path for path in files() if path.stem == case]
    _, lines = lines_of(path)

    assert all(said in line.got for line in lines)


def test_seven_years_from_the_printed_series_to_the_tonne() -> None:
    """Σ W × the printed methane of a tonne by age, rounded down: only the shares differ."""
    [path] = [path for path in files() if path.stem == "odemis-tool04-fod-7y"]
    case = json.loads(path.read_text(), parse_float=Decimal)
    waste, of_a_tonne = case["inputs"]["W"], case["inputs"]["unit"]

    for year, due in enumerate(case["expected"]["BE_CH4"], start=1):
        ages = zip(waste[:year], reversed(of_a_tonne[:year]), strict=True)
        assert int(sum(tonnes * methane for tonnes, methane in ages)) == due


def test_project_emissions_of_the_whole_plant() -> None:
    """The same published design adds up its project emissions to 6,490 t: 3,570.924 of leaks, 750.4
    of gas that is vented and 3,792 MWh × 0.5552 × 1.03 = 2,168.477952 make 6,489.801952 t.
    """
    facts = acm0022.Treatment(
        1, tool04.Climate.BOREAL_WET, digestion=True, digester=tool14.Digester.TIGHT, flared=True,
        flare=tool06.Flare.ENCLOSED_MEASURED, electricity=True,
    )
    result = acm0022.METHODOLOGY.ex_ante(
        version="02.0", context=facts, year=None,
        inputs={
            "W": [{"type": "food", "year": 1, "W": 268_434}], "f": 0, "GWP_CH4": 28,
            "Q_CH4": D("4554.75"), "F_CH4_RG": D("26.8"), "x_off": 0, "eta_flare": 0,
            "EC": 3792, "EF_EL": D("0.5552"), "TDL": D("0.03"),
        },
    )

    assert result.project == D("6489.801952")
    assert round(result.project) == 6490


def test_a_changed_figure_is_noticed() -> None:
    """Two more in any printed result are seen: the table is no mere list of what comes out."""
    for path in files():
        case, lines = lines_of(path)
        if case["status"] == "self-consistent":
            for line in lines:
                assert not agrees(case, D(line.got), D(line.expected) * D("1.001") + 2), line
