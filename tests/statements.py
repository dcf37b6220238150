"""The statements of a request, and those that came again and again: a question asked for each row.

A library that watches relations (django-zeal) would not see a `.filter(…).first()` in a loop, which
is how most of such questions are asked here; so this looks at the statements themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

MOST = 4
"""How often one request may send a statement of one shape: a page composed of parts may look at the
same design document in each of them. The lists of the tests' world have more rows than that."""

LITERAL = re.compile(
    r"'(?:[^']|'')*'(?:::\w+(?:\[\])?)?|\b\d+(?:\.\d+)?\b|\bNULL\b|\btrue\b|\bfalse\b"
)
LIST = re.compile(r"\((?:\?, )+\?\)")
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


def shape(sql: str) -> str:
    """A statement without its values, and with a list of any length as one."""
    return LIST.sub("(?)", LITERAL.sub("?", sql))


def repeated(statements: Iterable[str], most: int = MOST) -> dict[str, int]:
    """The shapes that came more often than `most`, and how often."""
    counted = Counter(shape(each) for each in statements if not each.startswith(FRAME))
    return {told: n for told, n in counted.items() if n > most}


@contextmanager
def recorded() -> Iterator[list[str]]:
    """What is asked inside, filled in at the end."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield found
    found += [each["sql"] for each in seen.captured_queries]
