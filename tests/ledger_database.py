"""Databases for tests that commit: rows of record cannot be truncated, so each gets a copy.

`ledger_db` clones the migrated test database, points the default connection (and so every
thread's) at the copy and drops it afterwards. It stands in for `transactional_db` throughout, so
`live_server` runs on a copy too. `books_balance` asserts at the end of a test that every invariant
of the ledger holds.
"""

import contextlib
import itertools
import os
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection, connections
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from registry import invariants

_numbers = itertools.count(1)


NEED_A_DATABASE = {"ledger", "books_balance", "cast", "sign_in"}
COMMIT = {"ledger_db", "transactional_db", "live_server"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say of every test, before any runs, that it needs a database.

    pytest-django makes the test database only if some test names one; a fixture that asks for it
    later, since what it asks for depends on the test, would come too late and meet the real one.
    """
    names = getattr(item, "fixturenames", [])
    if COMMIT & set(names) and "transactional_db" not in names:
        names.append("transactional_db")
    elif NEED_A_DATABASE & set(names) and "db" not in names and not COMMIT & set(names):
        names.append("db")


LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = '{}' AND backend_type = 'client backend'"
)


def administer(*statements: str) -> None:
    """Run statements outside any transaction, connected to none of the test databases."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    parameters.pop("cursor_factory", None)
    server = psycopg2.connect(**parameters)
    try:
        server.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with server.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        server.close()


@contextlib.contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """The default connection, and so every thread's, leads to another database meanwhile."""
    settings = connections.settings["default"]
    before = settings["NAME"]
    connections.close_all()
    settings["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = connection.settings_dict["NAME"] = before


def copy_database(template: str) -> str:
    """A copy of a database under a new name, which it answers. Ends who is connected to it.

    File by file: a copy through the log writes every page twice.
    """
    copy = f"{template}_{os.getpid()}_{next(_numbers)}"
    connections.close_all()
    # Playwright's event loop gives this thread a second set of connections: close the first.
    administer(
        LEAVE.format(template),
        f'CREATE DATABASE "{copy}" TEMPLATE "{template}" STRATEGY FILE_COPY',
    )
    return copy


def drop_database(name: str) -> None:
    """Drop it, whoever is connected. Not by FORCE: that may not end an autovacuum, a drop may."""
    administer(LEAVE.format(name), f'DROP DATABASE "{name}"')


@pytest.fixture
def ledger_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own: what it commits dies with it. Answers the name."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined] # pytest-django's own type is private
        copy = copy_database(connections.settings["default"]["NAME"])
        with pointed_at(copy):
            yield copy
        drop_database(copy)


@pytest.fixture
def transactional_db(ledger_db: str) -> None:
    """pytest-django's name for a database with real commits: here a copy, never truncated."""


@pytest.fixture
def books_balance(request: pytest.FixtureRequest) -> Iterator[None]:
    """When the test is over, every invariant of the ledger holds."""
    commits = COMMIT & set(request.fixturenames)
    request.getfixturevalue("ledger_db" if commits else "db")
    yield
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    problems = invariants.problems()
    assert problems == [], "\n".join(str(problem) for problem in problems)
