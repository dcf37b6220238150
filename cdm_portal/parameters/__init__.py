"""Rule parameters: every number of the rules that is applied here, once, dated and sourced.

A parameter is looked up for the day it is to hold on, so that a case of 2013 runs under the numbers
of 2013. `verified` tells whether the published text itself was compared; pages label the others.

The table (`table`) is the base. A number in AMENDABLE may be changed from a day on by two persons
(`cdm_portal.rulebook`); `get` and what builds upon it then answer the changed number for that day
and later ones. Numbers of formulas are not amendable: `constant`, `day` and `in_commitment_period`
read the table alone, so that the arithmetic stays pure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from fractions import Fraction

from cdm_portal.parameters.table import (
    AFTER_BORDER,
    AMENDABLE,
    BEFORE_TEMPORARY,
    DAY_WITHIN,
    OWN,
    START,
    TABLE,
    TEMPORARY,
    Parameter,
    Value,
)

__all__ = [
    "AFTER_BORDER", "AMENDABLE", "BEFORE_TEMPORARY", "DAY_WITHIN", "OWN", "START", "TABLE",
    "TEMPORARY", "Parameter", "Value",
]  # fmt: skip

Amendments = Callable[[Collection[str], date], Mapping[str, Parameter]]
amendments: list[Amendments] = []
"""Who knows of changes: those of some names in force on a day. The roof fills it at start."""


class UnknownParameter(LookupError):
    """No such parameter holds on that day: a fault of the program, not of the user."""


def get(name: str, on: date) -> Parameter:
    """The row in force on a day, as changed since. Raises UnknownParameter."""
    return together([name], on)[name]


def together(names: Sequence[str], on: date) -> dict[str, Parameter]:
    """Several rows in force on a day, in one look at what was changed. Raises UnknownParameter."""
    changed = _changed([name for name in names if name in AMENDABLE], on)
    return {
        name: next((found[name] for found in changed if name in found), None)
        or shipped(name, on)
        for name in names
    }


def _changed(names: Sequence[str], on: date) -> list[Mapping[str, Parameter]]:
    """The changes of these names, or of all of them where one moment is read."""
    known = _moment.get()
    if not names:
        return []
    if known is None:
        return [amended(names, on) for amended in amendments]
    if on not in known:
        known[on] = [amended(sorted(AMENDABLE), on) for amended in amendments]
    return known[on]


_moment: ContextVar[dict[date, list[Mapping[str, Parameter]]] | None] = ContextVar(
    "moment", default=None
)


@contextmanager
def one_moment(known: Mapping[date, Mapping[str, Parameter]] | None = None) -> Iterator[None]:
    """Inside, what was changed is read once for each day: for a page, which is read from one moment
    of the database and asks for many parameters. A moment within another one is the same.

    `known` are all changes in force on some days, where they were read along with something else.
    """
    outer = _moment.get()
    told = {on: [changes] for on, changes in (known or {}).items()}
    token = _moment.set(outer if outer is not None else told)
    try:
        yield
    finally:
        _moment.reset(token)


def shipped(name: str, on: date) -> Parameter:
    """The row of the table in force on a day, without changes. Raises UnknownParameter."""
    for row in TABLE:
        if row.name == name and row.holds_on(on):
            return row
    raise UnknownParameter(f"no rule parameter {name!r} holds on {on}")


def value(name: str, on: date) -> Decimal:
    """The number in force on a day, in the parameter's own unit. Raises TypeError for another."""
    return as_value(get(name, on))


def number(name: str, on: date) -> int:
    """The same for counts. Raises ValueError for a parameter that is not whole."""
    return as_number(get(name, on))


def as_number(row: Parameter) -> int:
    """The whole number that a row says. Raises ValueError for one that is not whole."""
    exact = as_value(row)
    if exact != exact.to_integral_value():
        raise ValueError(f"{row.name} is {exact}, not a whole number")
    return int(exact)


def share(name: str, on: date) -> Fraction:
    """The exact share in force on a day. Raises TypeError for a day of the calendar."""
    return as_share(get(name, on))


def as_share(row: Parameter) -> Fraction:
    """The exact share that a row says. Raises TypeError for a day of the calendar."""
    if isinstance(row.value, date):
        raise TypeError(f"{row.name} is a day, not a share")
    return Fraction(row.value)


def day(name: str) -> date:
    """The day that a rule names. Raises UnknownParameter, and TypeError for a number."""
    found = _always(name).value
    if not isinstance(found, date):
        raise TypeError(f"{name} is not a day")
    return found


def constant(name: str) -> Decimal:
    """A number that has held on every day: for formulas, which do not know the day.

    Raises UnknownParameter once the number has changed in time; then the formula must ask by day.
    """
    return as_value(_always(name))


def in_commitment_period(name: str, commitment_period: int) -> Decimal:
    """The number that holds for reductions of commitment period 1 or 2, or after them (3).

    Raises UnknownParameter for another period.
    """
    try:
        return as_value(shipped(name, DAY_WITHIN[commitment_period]))
    except KeyError:
        raise UnknownParameter(f"no commitment period {commitment_period}") from None


def _always(name: str) -> Parameter:
    rows = [row for row in TABLE if row.name == name]
    if len(rows) != 1 or rows[0].valid_from != START or rows[0].valid_to is not None:
        raise UnknownParameter(f"{name!r} is no rule parameter that holds on every day")
    return rows[0]


def as_value(row: Parameter) -> Decimal:
    """The number that a row says, in its own unit. Raises TypeError for a day of the calendar."""
    if not isinstance(row.value, Decimal):
        raise TypeError(f"{row.name} is not a decimal number")
    return row.value
