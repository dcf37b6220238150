"""Which address exercises which cell of the permission matrix: read from the guards themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from cdm_portal import permissions
from cdm_portal.permissions import MATRIX, Column, Exercise, Right, Row, outside

METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its route's name, its path, and the cells that each method exercises."""

    name: str
    path: str
    exercises: dict[str, tuple[Exercise, ...]]

    def each(self) -> Iterator[tuple[str, Row, Right]]:
        """Every method with a cell's row and the right in it."""
        for method, cells in self.exercises.items():
            for row, right in cells:
                yield method, row, right

    def line(self, method: str) -> str:
        """How a list names it: with the method only where the methods exercise different cells."""
        get, post = (self.exercises.get(each) for each in METHODS)
        return self.path if get == post else f"{method} {self.path}"

    @property
    def unnamed(self) -> bool:
        """Whether it names no cell and has no reason to stand outside the matrix."""
        return not self.exercises and not outside.reason(self.name)


def addresses(
    entries: Iterable[Any] | None = None, namespace: str = "", path: str = ""
) -> Iterator[Address]:
    """Every named address of the portal, in the order of its routes."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry.url_patterns, inner, here)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Address(f"{namespace}{entry.name}", f"/{here}", exercised(entry.callback))


def exercised(view: Any) -> dict[str, tuple[Exercise, ...]]:
    """The cells that a page or a class of the API exercises, by method; empty if it names none."""
    of_page: dict[str, tuple[Exercise, ...]] | None = getattr(view, "exercises", None)
    if of_page is not None:
        return of_page
    of_api = getattr(view, "cls", None)
    guards = getattr(of_api, "permission_classes", ())
    named = next((guard for guard in guards if hasattr(guard, "exercises")), None)
    if named is None:
        return {}
    methods = [method for method in METHODS if hasattr(of_api, method.lower())]
    cells = dict.fromkeys(methods, named.exercises)
    return cells | {"POST": named.posts} if named.posts and "POST" in cells else cells


@dataclass(slots=True)
class Use:
    """How the portal exercises one cell: by which methods and paths, and which rights by none."""

    lines: list[str] = field(default_factory=list)
    missing: list[Right] = field(default_factory=list)


def uses() -> dict[tuple[Row, Column], Use]:
    """How each cell is exercised. A right that no address names has no feature yet."""
    lines: dict[tuple[Row, Column], dict[str, None]] = {}
    done: dict[tuple[Row, Column], set[Right]] = {}
    for address in addresses():
        for method, row, right in address.each():
            for column in permissions.columns(row, right):
                lines.setdefault((row, column), {})[address.line(method)] = None
                done.setdefault((row, column), set()).update(_exercised(row, right))
    return {
        (row, column): Use(
            list(lines.get((row, column), ())),
            sorted(cell.rights - done.get((row, column), set())),
        )
        for row, cells in MATRIX.items() for column, cell in cells.items()
    }


def _exercised(row: Row, right: Right) -> set[Right]:
    """The rights that a question answers: reading what is one's own is a part of reading all, and
    where the public reads an object, seeing it is reading it.
    """
    whole = {Right.SEE, Right.READ, Right.READ_ALL}
    if right == Right.SEE:
        return whole if MATRIX[row][Column.PUBLIC].said == "r" else {right}
    return whole - {Right.SEE} if right in whole else {right}
