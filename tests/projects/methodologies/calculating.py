"""`manage.py calculate` inside the test process: its exit code, what it printed and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

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


def given(asked: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """The case with these inputs instead."""
    return {**asked, "inputs": {**asked["inputs"], **inputs}}


def about(asked: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The case with these facts instead."""
    return {**asked, "facts": {**asked["facts"], **facts}}
