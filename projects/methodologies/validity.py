"""Which days a version of a methodology holds on: those shipped in the code, as amended since.

Pure: whoever knows of amendments says so at start (`amendments`), as with rule parameters. Days
alone are amended; a version that is not in the code cannot be calculated and so is never added.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from projects.methodologies.calculable import Calculable, Version

Amended = Mapping[tuple[str, str], Version]
"""By code and version, the version with the days that hold now."""
amendments: list[Callable[[], Amended]] = []
"""Who knows of amended days. The roof fills it at start."""

_moment: ContextVar[list[Amended] | None] = ContextVar("moment of versions", default=None)
_shipped: ContextVar[bool] = ContextVar("versions as shipped", default=False)


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside, amendments are read once: for a page, which asks for many versions."""
    token = _moment.set([])
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def as_shipped() -> Iterator[None]:
    """Inside, amendments are not asked for: for a command that has no database."""
    token = _shipped.set(True)
    try:
        yield
    finally:
        _shipped.reset(token)


def versions(calculable: Calculable[Any]) -> tuple[Version, ...]:
    """Its versions with the days that hold, in the order of the code."""
    known: dict[tuple[str, str], Version] = {}
    for found in _amended():
        known |= found
    return tuple(
        known.get((calculable.code, shipped.version), shipped) for shipped in calculable.versions
    )


def version(calculable: Calculable[Any], name: str) -> Version:
    """One version with the days that hold. Raises UnknownMethodology."""
    calculable.version(name)
    return next(each for each in versions(calculable) if each.version == name)


def on(calculable: Calculable[Any], day: date) -> tuple[Version, ...]:
    """The versions that a design could take up on that day, newest first."""
    return tuple(each for each in reversed(versions(calculable)) if each.valid_on(day))


def _amended() -> list[Amended]:
    if _shipped.get():
        return []
    known = _moment.get()
    if known is None:
        return [ask() for ask in amendments]
    if len(known) < len(amendments):
        known[:] = [ask() for ask in amendments]
    return known
