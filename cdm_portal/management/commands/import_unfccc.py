"""`manage.py import_unfccc`: the whole published CDM, from the UNFCCC's own spreadsheets."""

import resource
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdm_portal import clock
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Actor
from projects.activities import actions as activity_actions
from projects.activities import reading
from registry.importing import actions, expiry, locks, pace, remarks, reports, sheets
from registry.importing.actions import Booked
from registry.importing.plan import Plan, plan, without_request
from registry.importing.remarks import Remark
from registry.importing.reports import Booking, MalformedReport, Report

FILES = {
    "projects": "the database of project activities and programmes",
    "requests": "the list of requests for issuance",
    "issuances": "the CDM registry's issuance report",
    "cancellations": "the CDM registry's cancellation report",
}


@dataclass(slots=True)
class Harvest:
    """Everything that was read, and what there is to say about it."""

    activities: reading.Read
    requests: reading.Read
    sites: reading.Read
    issuances: Report
    cancellations: Report
    crediting_ends: dict[str, date]
    digests: dict[str, str]
    plan: Plan = field(default_factory=lambda: Plan([], [], []))


class Command(BaseCommand):
    """Read all, check all, then book: what is wrong with a file is said before anything changes."""

    help = "Import the CDM as the UNFCCC published it; run again, it goes on or changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, and two ways to look before leaping."""
        for name, what in FILES.items():
            parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE", help=what)
        parser.add_argument("--locations", type=Path, metavar="FILE", help="coordinates, as CSV")
        parser.add_argument("--report", type=Path, metavar="FILE", help="where to write, as CSV, "
                            "each row that was corrected, refused or is remarkable "
                            "(default: reports/ in the data folder)")  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="read and check, book nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """One import; exit 1, with the reason and nothing changed, if a file cannot be used."""
        self.at, self.began = clock.now(), time.monotonic()
        self.remarks: list[Remark] = []
        self.report = options["report"] or remarks.default_report("import-unfccc", self.at)
        try:
            with locks.alone():
                self._import(options)
        except MalformedReport as refusal:
            remarks.write(self.report, refusal.remarks)
            raise CommandError(f"{refusal.message}\nEvery such row: {self.report}") from refusal
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        except KeyboardInterrupt:
            self.stdout.write("\nInterrupted. What is booked stays; run it again to go on.")
            raise

    def _import(self, options: dict[str, Any]) -> None:
        harvest = self._read(options)
        harvest.plan = plan(harvest.issuances, harvest.cancellations)
        self._collect(harvest)
        self._say_plan(harvest)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
        else:
            self._book(harvest)
        remarks.write(self.report, self.remarks)
        self._say_remarks(harvest)

    # Reading -------------------------------------------------------------------------------------

    def _read(self, options: dict[str, Any]) -> Harvest:
        """Read every file to its end. Raises UnreadableFile, MalformedReport."""
        paths: dict[str, Path] = {name: options[name] for name in FILES}
        digests = {name: sheets.digest(path) for name, path in paths.items()}
        activities = self._one("activities", reading.read_activities, paths["projects"])
        requests = self._one("requests", reading.read_requests, paths["requests"])
        sites = reading.Read()
        if options["locations"]:
            digests["locations"] = sheets.digest(options["locations"])
            sites = self._one("locations", reading.read_sites, options["locations"])
        self.stdout.write("  reading the registry's reports")
        return Harvest(
            activities, requests, sites,
            reports.read_issuances(paths["issuances"], digests["issuances"]),
            reports.read_cancellations(paths["cancellations"], digests["cancellations"]),
            reading.crediting_ends(activities.activities), digests,
        )  # fmt: skip

    def _one(
        self, what: str, read: Callable[[Path], reading.Read], path: Path
    ) -> reading.Read:
        self.stdout.write(f"  reading {what}: {path.name}")
        return read(path)

    def _collect(self, harvest: Harvest) -> None:
        """Everything there is to say about rows, in the order of the files."""
        asked = [(r.party_code, r.number, r.units, r.commitment_period)
                 for r in harvest.requests.requests]  # fmt: skip
        self.remarks += harvest.activities.remarks + harvest.requests.remarks
        self.remarks += harvest.sites.remarks
        self.remarks += expiry.expiries(harvest.issuances, harvest.crediting_ends)
        self.remarks += without_request(harvest.issuances, asked)
        self.remarks += sorted(harvest.plan.refused, key=lambda remark: remark.row)

    def _say_plan(self, harvest: Harvest) -> None:
        found, todo = harvest.activities, harvest.plan
        self.stdout.write(
            f"  {len(found.activities):,} activities, {found.registered:,} registered; "
            f"{len(harvest.requests.requests):,} requests; {len(harvest.sites.sites):,} locations"
        )
        for what, report, new in (
            ("issuances", harvest.issuances, todo.issuances),
            ("cancellations", harvest.cancellations, todo.cancellations),
        ):
            units = sum(booking.quantity for booking in report.bookings)
            self.stdout.write(f"  {len(report.bookings):,} {what}, {units:,} units; "
                              f"{len(new):,} to be booked")  # fmt: skip

    # Booking -------------------------------------------------------------------------------------

    def _book(self, harvest: Harvest) -> None:
        """Keep the historic record, then book issuances and cancellations in batches."""
        actor = actions.register_importer(actor=SYSTEM, at=self.at)
        self._keep(actor, harvest)
        self._batches(
            "issuances", harvest.plan.issuances,
            lambda rows: actions.book_issuances(
                actor=actor, at=self.at, source=harvest.issuances, rows=rows,
                crediting_ends=harvest.crediting_ends,
            ),
        )  # fmt: skip
        self._batches(
            "cancellations", harvest.plan.cancellations,
            lambda rows: actions.book_cancellations(
                actor=actor, at=self.at, source=harvest.cancellations, rows=rows
            ),
        )  # fmt: skip

    def _keep(self, actor: Actor, harvest: Harvest) -> None:
        kept = activity_actions.keep_activities(
            actor=actor, at=self.at, activities=harvest.activities.activities,
            source=harvest.digests["projects"],
        )
        asked = activity_actions.keep_requests(
            actor=actor, at=self.at, requests=harvest.requests.requests,
            source=harvest.digests["requests"],
        )
        sites = 0
        if "locations" in harvest.digests:
            sites = activity_actions.keep_sites(
                actor=actor, at=self.at, sites=harvest.sites.sites,
                source=harvest.digests["locations"],
            )
        self.stdout.write(f"  kept {kept:,} activities, {asked:,} requests, {sites:,} locations")

    def _batches(
        self, what: str, rows: Sequence[Booking], book: Callable[[Sequence[Booking]], Booked]
    ) -> None:
        """Book in batches, one transaction each, and say how far it is."""
        began, new, said, done = time.monotonic(), 0, 0, 0
        for part in pace.parts(rows):
            booked = book(part)
            new += booked.new
            self.remarks += booked.refused
            done += len(part)
            share = done * 10 // len(rows)
            if share > said:
                said = share
                self.stdout.write(f"  {what}: {share * 10:3} %  {new:,} booked")
                self.stdout.flush()
        seconds = time.monotonic() - began
        speed = f", {new / seconds:,.0f} a second" if new else ""
        self.stdout.write(f"  {new:,} {what} booked in {seconds:.1f} s{speed}")

    def _say_remarks(self, harvest: Harvest) -> None:
        for (sheet, kind), count in sorted(remarks.counted(self.remarks).items()):
            self.stdout.write(f"  {sheet}: {count:,} rows {kind.value}")
        refused = {row.row: row for row in harvest.cancellations.bookings}
        for remark in harvest.plan.refused[:10]:
            units = refused[remark.row].quantity
            self.stdout.write(f"  refused: row {remark.row}, {units:,} units: {remark.reason}")
        self.stdout.write(f"  every such row: {self.report}")
        self.stdout.write(f"  {time.monotonic() - self.began:.1f} s, {_peak_mb()} MB at most")


def _peak_mb() -> int:
    """The most memory that this program has held, in megabytes.

    Linux hands the peak of whoever started it down to `ru_maxrss`, so its own is read where the
    system tells it.
    """
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii", errors="replace") if status.exists() else ""
    own = next((line for line in lines.splitlines() if line.startswith("VmHWM:")), "")
    kilobytes = int(own.split()[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes // 1024
