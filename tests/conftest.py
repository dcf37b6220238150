"""The cast, the clock and the guards that every test shares."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.values import Actor
from tests.cast import Cast

pytest_plugins = [
    "tests.ledger_database", "tests.cast_database", "tests.chromium", "tests.world", "tests.walker",
]

TESTS = Path(__file__).parent
NOT_RECORDS = {"django_session", "axes_accesslog", "axes_accessattempt", "cdm_heartbeat"}


LONGEST = (
    "journeys/browser/test_eight_stages.py", "journeys/browser/test_tonne_to_meter.py",
    "architecture/test_every_page_axe.py",
    "runtime/test_health_stopped.py", "journeys/browser/test_axe.py", "runtime/test_up.py",
    "importing/test_whole_cdm.py", "projects/board/test_tables.py",
    "projects/board/test_tables_beside.py", "architecture/test_access.py",
    "projects/test_project_table.py", "journeys/browser/test_reviews.py",
    "runtime/test_pulse.py", "projects/dna/test_law.py",
)
"""Files that take longest. A file stays with one process: begun last, the other would wait for it.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, everything else in its order (runtime/pytest_command.py)."""
    rank = {TESTS / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


LITTER = 50_000  # objects between two looks for litter; Python's own 700 are for small programs


def pytest_collection_finish() -> None:
    """What stands now stands to the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LITTER, *gc.get_threshold()[1:])


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option for every campaign: small and quick as a rule, `--full` at its stated size."""
    parser.addoption("--full", action="store_true", help="run every campaign at its full size")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether this run was asked for campaigns at their full size."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    """How often an address asked is counted for each test by itself."""
    cache.clear()


@pytest.fixture
def at() -> datetime:
    """A Monday morning: time is passed in, never read."""
    return datetime(2024, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(request: pytest.FixtureRequest, place: Cast | None) -> Cast:
    """Everybody who acts in the tests, in the database that the test uses."""
    commits = {"ledger_db", "transactional_db"} & set(request.fixturenames)
    request.getfixturevalue(commits.pop() if commits else "db")
    return place or Cast.assemble()


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[Client, Actor], Client]:
    """Signs a client in as somebody of the cast, in that role."""

    def into(client: Client, actor: Actor) -> Client:
        user, membership = cast.sign_ins[actor]
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[CHOSEN] = membership.pk
        session.save()
        return client

    return into


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and a hash of every table of record or state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in NOT_RECORDS]
        found = {}
        for table in tables:
            cursor.execute(
                f'SELECT count(*), coalesce(md5(string_agg(md5(t::text), \'\' ORDER BY '
                f'md5(t::text))), \'\') FROM "{table}" t'
            )
            found[table] = cursor.fetchone()
    return found


@pytest.fixture
def nothing_written() -> Callable[[], contextlib.AbstractContextManager[None]]:
    """A block in which no table may change: a refusal leaves nothing behind."""

    @contextlib.contextmanager
    def unchanged() -> Iterator[None]:
        before = fingerprint()
        yield
        after = fingerprint()
        changed = sorted(t for t in after if after[t] != before.get(t))
        assert changed == []

    return unchanged
