"""How a verb of the database is called. Every lock of the registry is taken inside such a call.

The order of locks stands at the head of registry/sql/books.sql; the database takes them, so Python
cannot take them in another order. A verb is one statement: it happens whole or not at all.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, connection, transaction

from registry import errors

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
TRY_AGAIN = frozenset({"40P01", "40001"})
"""Deadlock detected, serialization failure: nothing was written, another try may pass."""

KEYS = frozenset({"registry_cancellation_key", "registry_transaction_key_key"})
"""Two at once with one key: the second fails here, and finds the first one's row when it asks
again."""


def call(verb: str, *arguments: object) -> Any:
    """Call one verb of the ledger and answer what it answers: a value, or a tuple of its results.

    In an outer transaction it is a savepoint, so that a refusal leaves that transaction usable.
    Raises the named refusals of `errors`.
    """
    try:
        return _once(verb, arguments)
    except DatabaseError as error:
        if _constraint(error) in KEYS:
            return _once_more(verb, arguments)
        _refuse(error)
        raise


def call_each(verb: str, calls: Sequence[tuple[object, ...]]) -> None:
    """Call one verb with each of some arguments, in their order, as one statement: all or none.

    For callers inside a transaction that ends with a refusal. Raises the refusals of `errors`.
    """
    one = f"{verb}({', '.join(['%s'] * len(calls[0]))})"
    arguments: tuple[Any, ...] = tuple(argument for each in calls for argument in each)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join([one] * len(calls))}", arguments)
    except DatabaseError as error:
        _refuse(error)
        raise


def retried(action: Callable[P, R]) -> Callable[P, R]:
    """Try an action again after a deadlock, at most five times, never inside an outer
    transaction."""

    @wraps(action)
    def patient(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, ATTEMPTS):
            try:
                return action(*args, **kwargs)
            except DatabaseError as error:
                if connection.in_atomic_block or errors.sqlstate(error) not in TRY_AGAIN:
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 # jitter, no secret
        return action(*args, **kwargs)

    return patient


@contextmanager
def reading_as_auditor() -> Iterator[None]:
    """Read the books as the auditor's role does, which cannot write, at one moment.

    One snapshot, ten minutes a statement. Inside an outer transaction it is that one's snapshot.
    Where the database has no such role (or this session may not take it), read-only must do.
    """
    level = "" if connection.in_atomic_block else "ISOLATION LEVEL REPEATABLE READ, "
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION {level}READ ONLY")
        cursor.execute("SELECT current_setting('role'), current_setting('statement_timeout')")
        before = cursor.fetchone()
        cursor.execute(
            "SELECT set_config('role', rolname, true) FROM pg_roles"
            " WHERE rolname = 'cdm_audit' AND pg_has_role(session_user, oid, 'SET')"
        )
        cursor.execute("SELECT set_config('statement_timeout', '600s', true)")
        yield
        cursor.execute(  # for an outer transaction, which goes on
            "SELECT set_config('role', %s, true), set_config('statement_timeout', %s, true)",
            before,
        )


def _once(verb: str, arguments: tuple[Any, ...]) -> Any:
    places = ", ".join(["%s"] * len(arguments))
    # Alone it is its own transaction: one round trip, and the lock is not held over a second one.
    inner = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with inner, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {verb}({places})", arguments)  # noqa: S608 # our own names
        row = cursor.fetchone()
    return row[0] if len(row) == 1 else row


def _once_more(verb: str, arguments: tuple[Any, ...]) -> Any:
    try:
        return _once(verb, arguments)
    except DatabaseError as error:
        _refuse(error)
        raise


def _constraint(error: DatabaseError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _refuse(error: DatabaseError) -> None:
    """Raise the named refusal that an error stands for, if any.

    The error itself is raised by the caller as it came: `raise error from error` would make it its
    own cause, and hide the SQLSTATE by which a deadlock is known.
    """
    refusal = errors.named(error)
    if refusal is not None:
        raise refusal from error
