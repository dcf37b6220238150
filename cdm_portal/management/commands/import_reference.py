"""`manage.py import_reference PATH…`: reference data from published files, found by their headers.

Grid factors (JSON) are proposed and wait for a second person; lists (CSV) are kept as editions:
global warming potentials, methodologies used, operational entities, host Parties.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdm_portal import clock
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Actor
from projects.reference import actions, queries, reading, reading_factors
from projects.reference.models import Edition
from projects.reference.reading import Sheet
from projects.reference.reading_factors import Factors
from registry.importing import remarks
from registry.importing.actions import register_importer
from registry.importing.remarks import Kind, Remark
from registry.importing.sheets import UnreadableFile

NAME = "Import of reference data"
SUFFIXES = {".csv", ".json"}
SHOWN = 20
"""How many refused rows are told at once; all of them stand in the report."""


class Command(BaseCommand):
    """Read every file to its end, then keep: a file that cannot be used changes nothing at all."""

    help = "Import reference data from published files; run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files or folders, and a way to look before leaping."""
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH",
            help="a file, or a folder of which the known files are taken",
        )  # fmt: skip
        parser.add_argument("--report", type=Path, metavar="FILE", help="where to write, as CSV, "
                            "each row that was corrected, refused or is remarkable "
                            "(default: reports/ in the data folder)")  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="read and check, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """One import; exit 1, with the reason and nothing changed, if a file cannot be used."""
        at = clock.now()
        try:
            read = list(self._read(options["paths"], at))
            said = [remark for each in read for remark in each.remarks]
            if options["dry_run"]:
                self._say(read)
                self.stdout.write("Dry run: nothing was changed.")
            else:
                said += self._keep(read, at)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        report = options["report"] or remarks.default_report("import-reference", at)
        remarks.write(report, said)
        self._say_remarks(said)
        self.stdout.write(f"  every such row: {report}")

    def _read(self, paths: Iterable[Path], at: datetime) -> Iterator[Sheet | Factors]:
        """Every file that is meant. Raises UnreadableFile for one that cannot be used."""
        parties = queries.party_names()
        for path, named in _files(paths):
            if path.suffix == ".json" and reading_factors.looks_like(path):
                yield reading_factors.read(path, parties, at.date())
            elif path.suffix == ".csv" and (named or reading.layout_of(path)):
                yield reading.read(path)
            elif named:
                raise UnreadableFile(f"{path.name} is no list of grid factors.")
            else:
                self.stdout.write(f"  {path.name}: not reference data that is known here, left out")

    def _say(self, read: Iterable[Sheet | Factors]) -> None:
        for each in read:
            kind = "grid factors" if isinstance(each, Factors) else Edition.Kind(each.kind).label
            self.stdout.write(f"  {each.path.name}: {len(each.rows):,} rows of {kind}")

    def _keep(self, read: Iterable[Sheet | Factors], at: datetime) -> list[Remark]:
        """Keep what was read, one transaction for each file; answers what was refused meanwhile."""
        actor = register_importer(actor=SYSTEM, at=at, name=NAME)
        refused: list[Remark] = []
        for each in read:
            if isinstance(each, Factors):
                refused += self._propose(each, actor, at)
            else:
                self._keep_list(each, actor, at)
        return refused

    def _propose(self, found: Factors, actor: Actor, at: datetime) -> list[Remark]:
        kept = actions.import_factors(
            actor=actor, at=at, sheet=found.path.name, sha256=found.sha256, rows=found.rows
        )
        self.stdout.write(
            f"  {found.path.name}: {kept.new} grid factors proposed, which wait for a second "
            f"person; {kept.unchanged} known already"
        )
        return kept.refused

    def _keep_list(self, sheet: Sheet, actor: Actor, at: datetime) -> None:
        made = actions.keep_edition(
            actor=actor, at=at, kind=sheet.kind, filename=sheet.path.name, sha256=sheet.sha256,
            source=sheet.source, refused=sheet.refused, rows=sheet.rows,
        )
        label = Edition.Kind(sheet.kind).label
        what = f"{len(sheet.rows):,} rows kept" if made else "kept already, nothing changed"
        self.stdout.write(f"  {sheet.path.name}: {label}, {what}")

    def _say_remarks(self, said: list[Remark]) -> None:
        for (sheet, kind), count in sorted(remarks.counted(said).items()):
            self.stdout.write(f"  {sheet}: {count:,} remarks: {kind.value}")
        refused = [remark for remark in said if remark.kind is Kind.REFUSED]
        for remark in refused[:SHOWN]:
            self.stdout.write(f"  refused: {remark.sheet}, line {remark.row}: {remark.reason}")


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, and whether it was named itself. Raises UnreadableFile."""
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.suffix in SUFFIXES)
            yield from ((each, False) for each in inside)
        elif path.suffix not in SUFFIXES or not path.is_file():
            raise UnreadableFile(f"{path} is no file that ends in .csv or .json.")
        else:
            yield path, True
