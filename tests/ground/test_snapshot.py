"""A page is read from one moment of the database, and reading it writes nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, connection
from django.test import Client

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.middleware import SnapshotMiddleware
from cdm_portal.record import snapshot
from projects.board import actions as board
from tests import factories
from tests.cast import Cast

SNAPSHOT = f"{SnapshotMiddleware.__module__}.{SnapshotMiddleware.__name__}"


def once_read(table: str, act: Callable[[], object]) -> Any:
    """A wrapper of statements: after the first that reads the table, somebody else commits."""
    done = threading.Event()

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if f'FROM "{table}"' in sql and not done.is_set():
            done.set()
            other = threading.Thread(target=act)
            other.start()
            other.join()
        return answer

    return wrapper


def register_elsewhere() -> None:
    """The review windows close, on a connection of their own."""
    try:
        assert board.close_windows(at=clock.now() + timedelta(days=29)) == 1
    finally:
        connection.close()


def page_while_registering(cast: Cast) -> tuple[bool, bool]:
    """The project page of a request in its window that is registered while the page is made.

    Answers whether its history says so and whether its facts (the reference number) do.
    """
    found = factories.project(cast, Until.REGISTRATION_WINDOW, clock.now())
    with connection.execute_wrapper(once_read("projects_project", register_elsewhere)):
        page = Client().get(f"/projects/{found.name}/").content.decode()
    found.refresh_from_db()
    assert found.number, "the other connection registered it meanwhile"
    return ">Registered<" in page, found.number in page


def test_a_page_is_never_half_before_and_half_after(ledger_db: str, cast: Cast) -> None:
    history, facts = page_while_registering(cast)
    assert history == facts


def test_without_the_snapshot_the_page_is_torn(
    ledger_db: str, cast: Cast, settings: Any
) -> None:
    """Negative control: the very tear that the snapshot mends."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != SNAPSHOT]
    assert page_while_registering(cast) == (True, False)


@pytest.mark.django_db
def test_reading_a_page_writes_nothing() -> None:
    with pytest.raises(InternalError, match="read-only"), snapshot(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")  # and afterwards one may write again
