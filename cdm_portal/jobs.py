"""Waking work (house, 6): the row in PostgreSQL is the queue, the message only saves waiting.

The roof fills `listeners` at start. A message goes out on commit; if the broker is away the row
still waits, and beat looks at it within a minute.
"""

import logging
from collections.abc import Callable

from django.db import transaction

logger = logging.getLogger(__name__)

Waker = Callable[[], object]
listeners: dict[str, Waker] = {}


def announce(verb: str, /) -> None:
    """On commit, wake whoever listens to `verb`. Never fails the work that announces."""
    waker = listeners.get(verb)
    if waker is None:
        return

    def ring() -> None:
        try:
            waker()
        except Exception:  # the row waits; a deaf broker must not turn a commit into an error
            logger.warning("could not wake the listener of %s; beat will", verb, exc_info=True)

    transaction.on_commit(ring, robust=True)
