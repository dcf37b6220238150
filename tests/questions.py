"""What a page asks the database, counted."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
"""The frame of the page's snapshot: no question, and in a test another one than in the portal."""


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """Fails with the statements when what is done inside sends more than so many."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [q["sql"][:90] for q in captured.captured_queries if not q["sql"].startswith(FRAME)]
    assert len(asked) <= number, asked
