"""Vendored files are the ones that their manifest names, each under a licence."""

from pathlib import Path

import pytest
from django.core.management import call_command

from cdm_portal.management.commands import vendor_check


def test_every_vendored_file_has_its_hash_and_its_licence() -> None:
    assert list(vendor_check.faults(vendor_check.packages())) == []


def test_the_command_says_how_much_it_compared(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("vendor_check")
    assert capsys.readouterr().out == "11 packages, 19 files\n"


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("free")
    (tmp_path / "a.js").write_text("changed")
    entry = {"name": "a", "licence_file": "LICENSE", "files": {"a.js": "0" * 64, "b.js": "0" * 64}}
    assert list(vendor_check.faults([entry], tmp_path)) == [
        "a: a.js is not the file that was vendored",
        "a: b.js is missing",
    ]


def test_a_file_that_nobody_lists_is_found(tmp_path: Path) -> None:
    stray = tmp_path / "cdm_portal" / "static" / "vendor" / "x.js"
    stray.parent.mkdir(parents=True)
    stray.write_text("x")
    assert list(vendor_check.faults([], tmp_path)) == [
        "cdm_portal/static/vendor/x.js is in no entry of the manifest"
    ]


def test_our_own_script_stays_small() -> None:
    script = vendor_check.ROOT / "cdm_portal" / "static" / "js" / "meridian.js"
    assert len(script.read_text().splitlines()) <= 150
