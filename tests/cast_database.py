"""The cast in a database of its own: registered once, and there in every test that asks for it.

To register everybody takes longer than most tests of theirs. So the first of them makes a copy of
the migrated database with the cast in it, and whoever asks for the `cast` works in that copy: in a
transaction that is rolled back, or in a copy of the copy if it commits. Who does not ask works in
the empty database, as before. The connection stays where it is until a test needs the other one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from tests.cast import Cast
from tests.ledger_database import copy_database, drop_database, pointed_at

PLACE = "place"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test is led to its database before any other of its fixtures asks for one."""
    names = getattr(item, "fixturenames", None)
    if names is not None and names[:1] != [PLACE]:
        names[:] = [PLACE, *(name for name in names if name != PLACE)]


def here() -> str:
    """The name of the database that the default connection leads to."""
    return str(connections.settings["default"]["NAME"])


def lead_to(name: str) -> None:
    """From now on the default connection, and so every thread's, leads to this database."""
    if here() != name:
        connections.close_all()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name


class Assembled:
    """The databases without and with the cast; the second is made when it is first asked for."""

    def __init__(self) -> None:
        self.empty = self.full = ""
        self.cast: Cast | None = None

    def lead(self, asked: bool) -> Cast | None:
        """Lead to the database with the cast if it is asked for, else to the one without.

        Answers a cast of the test's own, since tests add to it; None where a module has led to a
        database of its own already.
        """
        if here() not in (self.empty, self.full):
            return None
        if not asked:
            lead_to(self.empty)
            return None
        if self.cast is None:
            self.full = copy_database(self.empty)
            with pointed_at(self.full):
                self.cast = Cast.assemble()
        lead_to(self.full)
        return copy.deepcopy(self.cast)


@pytest.fixture(scope="session")
def assembled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Assembled]:
    """Where the cast is, if any test of this process asks for it."""
    made = Assembled()
    made.empty = here()
    yield made
    with django_db_blocker.unblock():
        lead_to(made.empty)
        if made.full:
            drop_database(made.full)


@pytest.fixture
def place(request: pytest.FixtureRequest, django_db_blocker: Any) -> Cast | None:
    """Leads to the database of this test; answers the cast if it is there."""
    asks = {"db", "transactional_db", "ledger_db", "world"} & set(request.fixturenames)
    if not asks and request.node.get_closest_marker("django_db") is None:
        return None
    found: Assembled = request.getfixturevalue("assembled")
    with django_db_blocker.unblock():
        return found.lead("cast" in request.fixturenames)
