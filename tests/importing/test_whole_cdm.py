"""The whole CDM as published, with `CDM_DATA=<folder with the unchanged spreadsheets>`.

Run by `manage.py test tests/importing` when the folder is named, skipped otherwise. The totals are
those of the files themselves, counted apart from the importer.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.http import QueryDict
from django.test import Client

from offsets.register import facets
from offsets.register.filters import Filters
from projects.activities.models import Activity, ActivitySite, IssuanceRequest
from registry import invariants
from registry.models import Cancellation, Transaction
from tests.importing.books import FILES, published
from tests.importing.command import manage
from tests.ledger_database import copy_database, drop_database, pointed_at
from tests.registry.ledger import sql
from tests.statements import recorded, repeated

pytestmark = pytest.mark.django_db
ISSUED = {
    (5, 1): (8450, 1_472_437_042), (5, 2): (4066, 932_154_800), (6, 1): (25, 12_405_185),
    (6, 2): (24, 7_493_792), (7, 1): (2, 505_085), (7, 2): (2, 413_475),
}  # fmt: skip
CANCELLED = {
    (5, 1): (10_894, 43_095_206), (5, 2): (15_954, 117_598_435), (6, 1): (818, 4_918_629),
    (6, 2): (77, 1_236_395), (7, 1): (1, 98_184), (7, 2): (1, 344_635),
}  # fmt: skip
SUMS = """
SELECT i.unit_type, i.applicable_cp, count(*), sum({hi} - {lo} + 1)::bigint FROM {rows}
GROUP BY 1, 2
"""
CANCELLATIONS = (
    "registry_cancellation c JOIN registry_lot l ON l.id = c.lot_id"
    " JOIN registry_issuance i ON i.id = l.issuance_id"
)
SECONDS, MEGABYTES = 600, 400
"""What one import may take here: a guard against a slower order of growth, not a measurement."""


def sums(rows: str, lo: str, hi: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Rows and units by unit type and commitment period."""
    found = sql(SUMS.format(rows=rows, lo=lo, hi=hi))
    return {(kind, period): (n, units) for kind, period, n, units in found}


@pytest.fixture(scope="module")
def imported(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Path]]:
    """A database with the whole CDM, imported once; answers what was said and the report."""
    folder = tmp_path_factory.mktemp("cdm")
    given = published(folder)
    with django_db_blocker.unblock():  # type: ignore[attr-defined] # pytest-django's own type
        copy = copy_database(connections.settings["default"]["NAME"])
        with pointed_at(copy):
            done = manage(copy, given, SECONDS)
            assert done.returncode == 0, done.stderr
            yield done.stdout, given["report"]
        drop_database(copy)


@pytest.mark.usefixtures("imported")
class TestTheWholeCdm:
    """One import, looked at from all sides."""

    def test_issued_to_the_unit_by_type_and_period(self) -> None:
        assert sums("registry_issuance i", "i.lo", "i.hi") == ISSUED
        assert sum(units for _, units in ISSUED.values()) == 2_425_409_379
        assert sum(rows for rows, _ in ISSUED.values()) == 12_569

    def test_cancelled_to_the_unit_by_type_and_period(self) -> None:
        assert sums(CANCELLATIONS, "c.s", "c.e") == CANCELLED
        assert sum(units for _, units in CANCELLED.values()) == 167_291_484
        assert sum(rows for rows, _ in CANCELLED.values()) == 27_745

    def test_every_party_is_whole_and_has_what_the_report_gives_it(self) -> None:
        parties = sql("SELECT party_id, count(*), max(hi), sum(hi - lo + 1)::bigint"
                      " FROM registry_issuance GROUP BY 1")  # fmt: skip
        assert len(parties) == 82
        assert all(highest == units for _, _, highest, units in parties)
        ((projects, pairs),) = sql("SELECT count(DISTINCT project_number),"
                                   " count(DISTINCT (party_id, project_number))"
                                   " FROM registry_issuance")  # fmt: skip
        assert (projects, pairs) == (3710, 3724)

    def test_through_the_platform_and_outside_it(self) -> None:
        through = Transaction.objects.filter(verb="cancel", facts__platform=True).count()
        assert (through, Cancellation.objects.count() - through) == (21_663, 6_082)

    def test_activities_requests_and_locations(self, imported: tuple[str, Path]) -> None:
        assert Activity.objects.count() == 13_160
        registered = Activity.objects.filter(status=Activity.Status.REGISTERED)
        assert registered.count() == 8_201
        assert registered.filter(kind="PoA").count() == 352
        assert Activity.objects.filter(titled=False).count() == 11
        assert Activity.objects.filter(capacity_repaired=True).count() == 4_260
        namibian = Activity.objects.filter(number__in=["7535", "9310"])
        assert [a.hosts for a in namibian] == [["NA"], ["NA"]]
        assert IssuanceRequest.objects.count() == 12_548
        if "locations" in imported[0]:
            assert ActivitySite.objects.count() > 7_000

    def test_what_is_refused_and_reported(self, imported: tuple[str, Path]) -> None:
        said, report = imported
        assert "refused: row 5875, 171,350 units" in said
        with report.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        refused = [r for r in rows if r["sheet"] == FILES["cancellations"]]
        assert [(r["row"], r["what"]) for r in refused] == [("5875", "refused")]
        assert "ERU (from RMU)" in refused[0]["reason"]
        unlisted = [r for r in rows if "no such row" in r["reason"]]
        assert len(unlisted) == 21
        assert {"5145", "5334", "297", "7537"} <= {r["said"] for r in unlisted}

    def test_the_books_balance(self) -> None:
        assert invariants.problems() == []

    def test_the_public_record_has_all_of_it_and_is_read_by_index(self) -> None:
        assert (facets.count(Filters()).total, facets.count(Filters()).tonnes) == (
            27_745, sum(units for _, units in CANCELLED.values()))
        whole = Filters.read(QueryDict("project=9933&host=MW&source=import"))
        assert facets.count(whole).total == 1257
        with recorded() as statements:
            page = Client().get("/cancellations/?sort=largest")
        assert page.context["rows"][0].entry.quantity == 2_989_398
        assert len(statements) <= 12 and repeated(statements) == {}
        plans = {
            "sort=newest": "cancelled_newest", "sort=largest": "cancelled_largest",
            "beneficiary=dupont": "offsets_cancelledentry_name_trigram",
        }
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE offsets_cancelledentry")
        for query, index in plans.items():
            asked = Filters.read(QueryDict(query))
            plan = asked.rows().order_by(*asked.order)[:51].explain()
            assert index in plan, f"{query}:\n{plan}"

    def test_it_keeps_within_its_time_and_memory(self, imported: tuple[str, Path]) -> None:
        last = re.search(r"([0-9.]+) s, ([0-9]+) MB at most", imported[0])
        assert last is not None
        assert int(last[1].split(".")[0]) < SECONDS
        assert int(last[2]) < MEGABYTES

    def test_a_second_run_changes_nothing(
        self, imported: tuple[str, Path], nothing_written: pytest.FixtureRequest, full: bool
    ) -> None:
        if not full:
            pytest.skip("the whole CDM a second time: test --full")
        out = io.StringIO()
        with nothing_written():  # type: ignore[operator] # a context manager
            call_command("import_unfccc", **published(imported[1].parent), stdout=out)
        assert "0 issuances booked" in out.getvalue()

