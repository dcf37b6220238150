"""What reading costs does not grow with the ledger: counted in pages and statements, not in time.

The load has the size of the published CDM (12,569 issuances, 27,745 cancellations).
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import queries
from registry.models import Block, Posting
from tests import questions
from tests.benchmarks.reading import load

CDM_ISSUANCES = 12_569
MOST = 5


@pytest.fixture
def whole(ledger_db: str) -> Iterator[Any]:
    """A superuser's cursor on a database with as many rows as the whole CDM has."""
    connections.close_all()
    connection.settings_dict["USER"], user = "cdm_admin", connection.settings_dict["USER"]
    try:
        with connection.cursor() as cursor:
            _leave_rows_of_rolled_back_tests(cursor)
            load.sweep(cursor)
            load.fill(cursor, issuances=CDM_ISSUANCES, each=4)
            yield cursor
    finally:
        connection.settings_dict["USER"] = user
        connections.close_all()


def _leave_rows_of_rolled_back_tests(cursor: Any) -> None:
    """As many as a run leaves in the database that this one is a copy of: without the sweep, a
    look-up of three pages reads forty."""
    for _ in range(40):
        cursor.execute("BEGIN")
        load.fill(cursor, issuances=load.PARTIES, each=4)
        cursor.execute("ROLLBACK")


def plan(cursor: Any, statement: str) -> str:
    """How the database answers, with the pages that it touches."""
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {statement}")
    return "\n".join(line for (line,) in cursor.fetchall())


def pages(cursor: Any, statement: str) -> int:
    """Pages that a statement touches, once the session has read what it keeps of the indexes: the
    least of ten times."""
    counts = []
    for _ in range(10):
        read = re.search(r"Buffers: shared (.*)", plan(cursor, statement))
        assert read is not None
        counts.append(sum(int(n) for n in re.findall(r"(?:hit|read)=([0-9]+)", read[1])))
    return min(counts)


def last_statement(work: Any) -> str:
    """The SQL that a query of ours sends."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return str(asked.captured_queries[-1]["sql"])


def test_reading_the_whole_cdm(whole: Any, client: Client) -> None:
    """One load, many questions: making it costs more than asking."""
    _a_serial_is_found_in_five_pages(whole)
    _without_its_index_it_is_not(whole)
    _a_search_asks_at_most_eight_questions(client)
    _lists_and_statements_read_what_they_show(whole, client)


def _a_serial_is_found_in_five_pages(cursor: Any) -> None:
    ends = list(Block.objects.order_by("-id").values_list("party_id", "lo", "hi")[:1])
    for party, lo, hi in [("KE", 1, 1), ("IN", 500_500, 0), *ends]:
        for serial in {lo, hi or lo}:
            statement = last_statement(lambda p=party, s=serial: queries.block_at(p, s))
            assert pages(cursor, statement) <= MOST, plan(cursor, statement)
            found = queries.block_at(party, serial)
            assert found is not None
            assert found.lo <= serial <= found.hi


def _without_its_index_it_is_not(cursor: Any) -> None:
    """The control: without the index on (Party, serial) the same statement reads far more."""
    statement = last_statement(lambda: queries.block_at("IN", 500_500))
    cursor.execute("BEGIN")
    cursor.execute("DROP INDEX registry_block_serial")
    assert pages(cursor, statement) > 20 * MOST
    cursor.execute("ROLLBACK")


def _a_search_asks_at_most_eight_questions(client: Client) -> None:
    for asked in ("KE-5-1001-2-2-0-" + _project("KE", 1001), "KE-1001", "KE-1-2000", "17", "1001"):
        with questions.at_most(8):
            page = client.get(reverse("search"), {"q": asked})
        assert page.status_code == 200, asked
    with questions.at_most(8):
        plain = client.get(page.wsgi_request.path.rstrip("/") + f"/{_number('KE', 1001)}/")
    assert plain.status_code == 200


def _lists_and_statements_read_what_they_show(cursor: Any, client: Client) -> None:
    rows = client.get(reverse("registry:cancellations"))
    older = rows.context["older"]
    first = pages(cursor, last_statement(lambda: list(queries.cancellations()[:51])))
    place = queries.Place.read(older)
    deep = last_statement(lambda: list(queries.after(queries.cancellations(), place)[:51]))
    assert pages(cursor, deep) <= 2 * first
    newest = Posting.objects.order_by("-id")[0].pk
    costs = []
    for before in (None, newest - 10_000, newest - 20_000):
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.statement(3, before)) == queries.STATEMENT_PAGE
        costs.append(sum(pages(cursor, q["sql"]) for q in asked.captured_queries))
    assert max(costs) <= 1.5 * min(costs), costs


def _number(party: str, serial: int) -> str:
    made = queries.issuance_at(party, serial)
    assert made is not None
    return str(made.number(serial, serial))


def _project(party: str, serial: int) -> str:
    return _number(party, serial).rpartition("-")[2]
