"""`manage.py calculate`: answers, and one clear line for each fault; it asks no database.

Run inside the test process, where asking a database without leave is an error; the exit code and
what stands around it are seen once from outside.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cdm_portal.runtime.places import ROOT
from projects.methodologies import catalogue

WIND: dict[str, Any] = {
    "version": "20.0",
    "facts": {"technology": "wind", "capacity_mw": "10"},
    "inputs": {"EG_export": "26280", "EF_OM": "0.9", "EF_BM": "0.6"},
}
HYDRO: dict[str, Any] = {
    "version": "20.0",
    "facts": {"technology": "hydro", "capacity_mw": "10", "reservoir_area_km2": "1"},
    "inputs": {"EG_export": "50000", "TEG": "51000", "EF_OM": "0.9", "EF_BM": "0.6"},
}
WATER: dict[str, Any] = {
    "version": "05.0",
    "facts": {"safe_water_supplied": False, "quality_met": True, "fuels": ["diesel"]},
    "inputs": {
        "QPW": "0", "N": "1000", "d": "365", "eta": "0.1", "f_NRB": "0.8",
        "FC_diesel": "100", "NCV_diesel": "43.3", "EF_CO2_diesel": "0.0748",
    },
}  # fmt: skip


class Run:
    """One call of the command, its file written first."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file, self.capsys = folder / "asked.json", capsys

    def __call__(self, code: str, asked: object, *words: str) -> tuple[int, str, list[str]]:
        text = asked if isinstance(asked, str) else json.dumps(asked)
        self.file.write_text(text, encoding="utf-8")
        return self.bare(code, "--inputs", str(self.file), *words)

    def bare(self, *words: str) -> tuple[int, str, list[str]]:
        status = 0
        try:
            call_command("calculate", *words)
        except SystemExit as end:
            status = int(str(end.code))
        said = self.capsys.readouterr()
        return status, said.out, said.err.splitlines()

    def refused(self, code: str, asked: object, *words: str) -> list[str]:
        status, out, lines = self(code, asked, *words)
        assert (status, out) == (2, "")
        return lines


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(tmp_path, capsys)


def given(asked: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    return {**asked, "inputs": {**asked["inputs"], **inputs}}


def about(asked: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {**asked, "facts": {**asked["facts"], **facts}}


def test_json_in_and_json_out(run: Run) -> None:
    """26,280 MWh × (0.75 × 0.9 + 0.25 × 0.6) = 26,280 × 0.825 = 21,681 t."""
    status, out, lines = run("acm0002", given(WIND, EG_export={"value": "26.28", "unit": "GWh"}))

    assert (status, lines) == (0, [])
    assert json.loads(out)["reductions"] == 21_681


def test_every_step_in_words(run: Run) -> None:
    _, out, _ = run("ACM0002", WIND | {"shortfall": 681}, "--explain")

    assert "BE = EG_PJ × EF_grid_CM" in out
    assert out.splitlines()[-1] == (
        "681 t of earlier periods are made good first: 21000 t may be claimed, "
        "0 t are carried over."
    )


def test_a_tool_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 t × 43 GJ/t × 74.1 tCO2/TJ = 86 GJ × 0.0741 tCO2/GJ = 6.3726 t."""
    asked = {
        "version": "03.0", "facts": {"fuels": ["diesel"]},
        "inputs": {
            "FC_diesel": {"value": "2000", "unit": "kg"}, "NCV_diesel": "43",
            "EF_CO2_diesel": {"value": "74.1", "unit": "gCO2/MJ"},
        },
    }  # fmt: skip
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(asked).encode()))
    monkeypatch.setattr(sys, "stdin", stream)

    status, out, lines = run.bare("TOOL03", "--inputs", "-")

    assert (status, lines) == (0, [])
    assert D(json.loads(out)["value"]) == D("6.3726")


def test_the_list_names_what_is_built_and_what_is_not(run: Run) -> None:
    _, out, _ = run.bare("--list")
    rows = [line.split("  ") for line in out.splitlines()]

    assert {row[0] for row in rows} >= set(catalogue.WANTED)
    assert {row[0] for row in rows if row[1] == "not built"} == set(catalogue.not_built())
    assert {row[0] for row in rows if row[1] != "not built"} == set(catalogue.BY_CODE)
    assert ["TOOL13", "tool", "versions 01.0.0, 02.0"] in [row[:3] for row in rows]


def test_what_it_asks_for(run: Run) -> None:
    _, out, _ = run.bare("AMS-III.AV", "--describe")
    assert {fact["name"] for fact in json.loads(out)["facts"]} >= {"quality_met", "fuels"}

    _, out, _ = run("AMS-III.AV", {"facts": WATER["facts"]}, "--describe")
    said = json.loads(out)
    assert {each["symbol"] for each in said["parameters"]} >= {"QPW", "FC_diesel"}
    assert all(each["met"] for each in said["conditions"])


@pytest.mark.parametrize("code", sorted(catalogue.BY_CODE))
def test_everything_built_describes_itself(run: Run, code: str) -> None:
    status, out, lines = run.bare(code, "--describe")
    assert (status, lines, json.loads(out)["code"]) == (0, [], code)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "Name a methodology or tool, or ask for --list."),
        (("ACM0002",), "Give --inputs FILE.json; --describe says what ACM0002 asks for."),
        (("ACM0002", "--inputs", "/no/such.json"), "/no/such.json: No such file or directory"),
        (("ACM0002", "--inputs", "/"), "/: Is a directory"),
    ],
)
def test_words_that_lead_nowhere(run: Run, words: tuple[str, ...], line: str) -> None:
    assert run.bare(*words) == (2, "", [line])


def test_a_code_that_is_not_built(run: Run) -> None:
    status, _, lines = run.bare("ACM9999")
    assert (status, len(lines)) == (2, 1)
    assert lines[0].startswith("methodology: 'ACM9999' cannot be calculated here; built are ")


# Each bad input of the issue that concerns a calculation


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("5 kWh 3 MWh", "EG_export: '5 kWh 3 MWh' is not a number alone: it has two units"),
        (
            {"value": "5 kWh", "unit": "MWh"},
            "EG_export: '5 kWh' is not a number alone: give its unit apart from it",
        ),
        (
            {"value": "5", "unit": "kWh MWh"},
            "EG_export: the unit 'kWh MWh' is not known here",
        ),
        (
            {"value": "5", "unit": "t"},
            "EG_export: 't' cannot be converted to MWh (accepted: MWh, GJ, kWh, GWh, MJ, kJ, TJ)",
        ),
        ({"value": "5", "unit": "USD"}, "EG_export: 'USD' is money, which is not converted here"),
    ],
)
def test_two_units_in_one_value_and_wrong_ones(run: Run, value: Any, line: str) -> None:
    assert run.refused("ACM0002", given(WIND, EG_export=value)) == [line]


@pytest.mark.parametrize("written", ["26280,5", "26,280"])
def test_a_comma_as_decimal_sign(run: Run, written: str) -> None:
    assert run.refused("ACM0002", given(WIND, EG_export=written)) == [
        f"EG_export: '{written}' has a comma: write numbers with a point as decimal sign and "
        "nothing between thousands"
    ]


def test_not_a_number(run: Run) -> None:
    assert run.refused("ACM0002", given(WIND, EG_export="NaN")) == [
        "EG_export: 'NaN' is not a number"
    ]
    assert run.refused("ACM0002", '{"version": NaN}') == [
        "This is not readable JSON: NaN is not a number."
    ]


def test_an_efficiency_above_one(run: Run) -> None:
    assert run.refused("AMS-III.AV", given(WATER, eta="1.01")) == [
        "eta: 1.01 is out of range: between 0 and 1"
    ]


def test_a_power_density_of_exactly_four(run: Run) -> None:
    """10 MW over 2.5 km² is 4 W/m²: not above 4, so the methodology does not apply."""
    assert run.refused("ACM0002", about(HYDRO, reservoir_area_km2="2.5")) == [
        "methodology: ACM0002 does not apply: its power density is 4.00 W/m², not above 4 W/m²"
    ]


def test_a_power_density_of_exactly_ten(run: Run) -> None:
    """10 MW over 1 km² is 10 W/m²: it counts, 51,000 MWh × 90 kg / 1000 = 4,590 t.

    A hair above it does not, and then TEG is not asked for.
    """
    status, out, _ = run("ACM0002", HYDRO)
    assert (status, json.loads(out)["project"]) == (0, "4590.000")

    assert run.refused("ACM0002", about(HYDRO, reservoir_area_km2="0.999999")) == [
        "TEG: is not an input of this calculation"
    ]


def test_zero_generation_is_zero_and_no_fault(run: Run) -> None:
    status, out, lines = run("ACM0002", given(WIND, EG_export=0))
    answer = json.loads(out)

    assert (status, lines) == (0, [])
    assert (answer["reductions"], answer["claimable"], answer["shortfall"]) == (0, 0, 0)


def test_a_negative_first_period_is_carried_over(run: Run) -> None:
    """−323.884 t is 324 t short; the next period's 182 t make good a part, nothing is claimed."""
    _, out, _ = run("AMS-III.AV", WATER)
    first = json.loads(out)
    assert D(first["reductions_exact"]) == D("-323.884")
    assert (first["claimable"], first["shortfall"]) == (0, 324)

    later = given(WATER, QPW="1000000", FC_diesel="0") | {"shortfall": first["shortfall"]}
    _, out, _ = run("AMS-III.AV", later)
    second = json.loads(out)
    assert (second["reductions"], second["claimable"], second["shortfall"]) == (182, 0, 142)


def test_a_version_that_expired_the_day_before(run: Run) -> None:
    assert run.refused("ACM0002", WIND | {"on": "2022-11-02"}) == [
        "version: Version 20.0 of ACM0002 was not valid on 2022-11-02: from 2019-11-28 to "
        "2022-11-01."
    ]
    assert run("ACM0002", WIND | {"on": "2022-11-01"})[0] == 0


@pytest.mark.parametrize(
    ("first", "last", "begins"),
    [
        ("2012-12-31", "2013-01-01", "2013-01-01"),
        ("2020-07-01", "2021-06-30", "2021-01-01"),
        ("2012-01-01", "2022-01-01", "2013-01-01"),
    ],
)
def test_a_period_across_two_sets_of_potentials(
    run: Run, first: str, last: str, begins: str
) -> None:
    assert run.refused("ACM0002", WIND | {"period": {"from": first, "to": last}}) == [
        f"period: {first} to {last} has two sets of global warming potentials: others hold from "
        f"{begins} on, so calculate each part by itself"
    ]


@pytest.mark.parametrize(
    ("period", "line"),
    [
        (
            {"from": "2012-01-01", "to": "2012-12-31"},
            "period: 2012-01-01 to 2012-12-31 lies in commitment period 1, the facts say 2",
        ),
        (
            {"from": "2014-01-02", "to": "2014-01-01"},
            "period: ends (2014-01-01) before it begins (2014-01-02)",
        ),
        (
            {"from": "2021-02-29", "to": "2021-03-01"},
            "period.from: '2021-02-29' is no day, written like 2020-12-31",
        ),
        ({"from": "2014-01-01"}, 'period: is not {"from": "…", "to": "…"}'),
        ("2014", 'period: is not {"from": "…", "to": "…"}'),
    ],
)
def test_a_period_that_does_not_fit(run: Run, period: Any, line: str) -> None:
    assert run.refused("ACM0002", WIND | {"period": period}) == [line]


def test_a_period_within_one_set(run: Run) -> None:
    assert run("ACM0002", WIND | {"period": {"from": "2013-01-01", "to": "2020-12-31"}})[0] == 0
    earlier = about(WIND, commitment_period=1)
    assert run("ACM0002", earlier | {"period": {"from": "2012-01-01", "to": "2012-12-31"}})[0] == 0


def test_every_fault_at_once_each_on_a_line_of_its_own(run: Run) -> None:
    lines = run.refused("ACM0002", given(WIND, EG_export="1,5", EF_OM="NaN", EF_CM="\n"))

    assert sorted(line.split(":")[0] for line in lines) == ["EF_CM", "EF_OM", "EG_export"]


def test_from_outside_it_ends_with_two_and_starts_no_server(tmp_path: Path) -> None:
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(given(WIND, EG_export="1,5")), encoding="utf-8")
    home = tmp_path / "home"
    environ = {
        name: value
        for name, value in os.environ.items()
        if name != "CDM_ENV" and not name.endswith("_URL")
    }

    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "calculate", "ACM0002", "--inputs", str(file),
         "--data", str(home)],
        capture_output=True, text=True, env=environ, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "EG_export: '1,5' has a comma: write numbers with a point as decimal sign and nothing "
        "between thousands"
    ]
    assert not home.exists()
