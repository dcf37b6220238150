"""`manage.py import_reference`: each bad row refused with its line, the rest kept, once."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.reference import actions, queries
from projects.reference.models import Edition, GridFactor
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]

GWP = """# Potentials.,,,,,
#   - SAR: a table,,,,,
Species,SARGWP100,TARGWP100,AR4GWP100,AR5GWP100,AR6GWP100
CH4,21,23,25,28,27.9
N2O,310,296,298,265,273
SF6,22800,many,22800,23500,25200
HFC23,11700,12000,14800
CH4,1,2,3,4,5
XX,-1,,,,
,1,1,1,1,1
"""
USED = """methodology,activities,registered,scopes_seen_single,title_from_offsets_db
ACM0002,4310,3357,1 3,Grid-connected electricity
AMS-I.C,1.5,339,1,
"""
DOES = """kind,name,activities_or_issuances
full,Some Entity Ltd ,12
full,Other Entity,-1
full,No info,7
"""
HOSTS = "iso2,name,ldc,sids,activities,registered\nNA,Namibia,No,No,3,2\nuk,Nowhere,No,No,1,1\n"
FACTORS = [
    {"system": "Viet Nam national grid", "year": "2017-2019 data, published 26/02/2021",
     "OM": 0.8907, "BM": 0.801, "CM": 0.84585, "weights": "0.5/0.5", "unit": "tCO2/MWh",
     "source": "A notice"},
    {"system": "Turkiye grid", "year": "2020 factor as used 2022", "CM": 541, "source": "A list",
     "unit": "kgCO2/MWh", "party": "TR"},
    {"system": "India integrated grid", "year": "FY2023-24, version 20", "CM_wind_solar": 0.861,
     "CM_other": 0.758, "implied_OM": 0.964, "source": "same"},
    {"system": "Viet Nam national grid", "year": "2017-2019", "CM": 0.7, "source": "Another"},
    {"system": "Kenya grid", "source": "An article (2019)", "CM": 0.5},
    {"system": "Kenya grid", "year": "about 2019", "CM": 0.5, "source": "An article"},
    {"system": "Congo grid", "year": 2019, "CM": 0.5, "source": "An article"},
    {"system": "Kenya grid", "year": 2019, "OM": "1,5", "source": "An article"},
    {"system": "Kenya grid", "year": 2019, "OM": 0.5, "BM": 0.5, "CM": 0.7, "weights": "0.5/0.5",
     "source": "An article"},
    {"system": "Kenya grid", "year": 2019, "CM": 0.5, "weights": "0.5/0.6", "source": "X"},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every kind of file, with faults in each."""
    files = {"gwp.csv": GWP, "used.csv": USED, "does.csv": DOES, "hosts.csv": HOSTS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    rows = ",\n".join(json.dumps(row) for row in FACTORS)
    (tmp_path / "factors.json").write_text(f"[\n{rows}\n]\n")
    (tmp_path / "statuses.json").write_text('["Registered"]')
    return tmp_path


def run(folder: Path, *words: str) -> tuple[str, list[dict[str, str]]]:
    """What it prints, and the report."""
    out, report = io.StringIO(), folder / "out" / "report.csv"
    call_command("import_reference", str(folder), "--report", str(report), *words, stdout=out)
    with report.open(encoding="utf-8") as file:
        return out.getvalue(), list(csv.DictReader(file))


def refused(report: list[dict[str, str]], sheet: str) -> dict[int, str]:
    mine = [row for row in report if (row["sheet"], row["what"]) == (sheet, "refused")]
    return {int(row["row"]): row["reason"] for row in mine}


def require_kept() -> GridFactor:
    """What the good rows became; answers the factor of Viet Nam."""
    found = {(f.party_code, f.technologies): f for f in GridFactor.objects.all()}
    assert sorted(found) == [
        ("IN", "intermittent"), ("IN", "other"), ("TR", "all"), ("VN", "all"),
    ]
    viet_nam, india = found["VN", "all"], found["IN", "other"]
    assert (viet_nam.vintage, str(viet_nam.published_on), viet_nam.state) == (
        "2017–2019", "2021-02-26", "proposed",
    )
    assert (str(found["TR", "all"].cm), india.vintage, india.source) == (
        "0.54100000", "2023–2024", "A list",
    )
    potentials = queries.edition("potentials")
    assert potentials is not None and potentials.refused == 5
    assert potentials.source == "Potentials.\n- SAR: a table"
    assert [row.key for row in queries.rows(potentials)] == ["CH4", "N2O"]
    (entity,) = Edition.objects.get(kind="entities").rows.all()
    assert entity.cells["name"] == "Some Entity Ltd"
    (host,) = Edition.objects.get(kind="hosts").rows.all()
    assert host.key == "NA"
    return viet_nam


def test_good_rows_are_kept_and_bad_ones_refused_with_line_and_reason(
    cast: Cast, folder: Path, nothing_written: Nothing
) -> None:
    with nothing_written():
        said, _ = run(folder, "--dry-run")
    assert "Dry run: nothing was changed." in said
    said, report = run(folder)
    assert refused(report, "gwp.csv") == {
        6: "TARGWP100: “many” is not a number", 7: "it has 4 cells, the header 6",
        8: "CH4 stands in line 4 already", 9: "SARGWP100: “-1” is not a number from 0 on",
        10: "Species is empty",
    }
    assert refused(report, "used.csv") == {3: "activities: “1.5” is not a whole number"}
    assert refused(report, "does.csv") == {
        3: "activities_or_issuances: “-1” is not a whole number",
        4: "name: no entity is named",
    }
    assert refused(report, "hosts.csv") == {3: "iso2: “uk” is no code of two capitals"}
    lines = refused(report, "factors.json")
    assert sorted(lines) == [5, 6, 7, 8, 9, 10, 11]
    assert lines[5] == "the same grid, plants and vintage stand in line 2 already"
    assert lines[6] == "it has no year: a factor is listed only with its vintage"
    assert "no vintage can be read from “about 2019”" in lines[7]
    assert "does not name one Party" in lines[8] and lines[9].startswith("OM: ")
    assert lines[10].startswith("cm: 0.5 × 0.5 + 0.5 × 0.5 is 0.5, not 0.7")
    assert lines[11] == "weights 0.5/0.6 do not add up to 1"
    assert "statuses.json: not reference data that is known here, left out" in said
    viet_nam = require_kept()
    step = {"at": viet_nam.proposed_at, "kind": "grid-factors", "pk": viet_nam.pk}
    actions.approve(actor=cast.board[0], **step)
    with nothing_written():
        said, again = run(folder)
    assert said.count("kept already, nothing changed") == 4
    assert "0 grid factors proposed, which wait for a second person; 4 known already" in said
    assert refused(again, "factors.json") == lines
    changed = json.dumps([FACTORS[0] | {"OM": 0.9, "weights": None}])
    (folder / "factors.json").write_text(changed)
    with nothing_written():
        _, report = run(folder)
    assert f"stands here as grid factor {viet_nam.pk} with other values" in str(report)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("list.csv", "a,b\n1,2\n", "list.csv is none of the lists"),
        ("list.csv", GWP.split("CH4")[0], "no row that can be used"),
        ("list.csv", b"Species\xff\n", "is not CSV in UTF-8"),
        ("list.json", '[{"system": "x"', "is not readable JSON"),
        ("list.json", '[{"a": NaN}]', "is no list of grid factors"),
        ("list.txt", "x", "is no file that ends in .csv or .json"),
        ("missing.csv", None, "is no file that ends in .csv or .json"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_changes_nothing(
    name: str, text: Any, said: str, folder: Path, nothing_written: Nothing
) -> None:
    file = folder / name
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with nothing_written(), pytest.raises(CommandError, match=said):
        call_command("import_reference", str(folder / "gwp.csv"), str(file))


@pytest.mark.skipif(not os.environ.get("CDM_DATA"), reason="CDM_DATA names no folder of data")
def test_the_published_files_are_read_to_their_last_row(tmp_path: Path) -> None:
    out, report = io.StringIO(), tmp_path / "report.csv"
    folder = Path(os.environ["CDM_DATA"]) / "reference"
    call_command("import_reference", str(folder), "--report", str(report), stdout=out)
    kept = {each.kind: (each.rows.count(), each.refused) for each in Edition.objects.all()}
    assert kept == {
        "potentials": (105, 0), "methodologies": (201, 0), "entities": (89, 1), "hosts": (113, 0),
    }
    found = GridFactor.objects.values_list("party_code", "technologies", "first_year", "last_year")
    assert sorted(found) == [
        *[("CN", "all", 2012, 2014)] * 6,
        ("IN", "intermittent", 2023, 2024), ("IN", "other", 2023, 2024),
        ("TR", "all", 2020, 2020), ("VN", "all", 2017, 2019),
    ]
    with report.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["what"] == "refused"]
    assert [row["row"] for row in rows] == ["87", "21", "101"]
