"""Pages of a list that begin behind a row, not at a number.

A page that is found by its number costs as much as all pages before it, and a row that is added or
goes meanwhile moves what is shown. A page that begins behind the last row of the page before it is
found in an index, at any size, and nothing is lost or shown twice. What it cannot say is how many
pages there are: counting costs a look at every row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

SIZE, SHORT = 50, 25
"""Rows on a page: of a list that is the page, and of one of several."""


@dataclass(slots=True)
class Slice:
    """The rows of one page, and where the next one begins: empty on the last page.

    The addresses of the first and of the next page are the edge's (`edges.listed`).
    """

    rows: list[Any]
    after: str = ""
    first: bool = True
    first_url: str = ""
    next_url: str = ""

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(
    rows: QuerySet[Any], order: Sequence[str], *, after: str = "", size: int = SIZE,
    apart: bool = False,
) -> Slice:
    """One page of rows in an order, behind the row that `after` names. One statement.

    `order` names columns without NULL, of the row or of what is read along with it, `-` before what
    descends; the last one tells rows apart. What is no place of such a list begins it anew.

    `apart` is for rows that no index has in that order: they are chosen first, and only for those
    of the page is looked up what is read along with them.
    """
    place = _read(rows, order, after)
    if place is not None:
        rows = rows.filter(_behind(order, place))
    if apart:
        chosen = rows.select_related(None).order_by(*order).values("pk")[: size + 1]
        found = list(rows.filter(pk__in=chosen).order_by(*order))
    else:
        found = list(rows.order_by(*order)[: size + 1])
    shown = found[:size]
    more = _told(shown[-1], order) if len(found) > size else ""
    return Slice(shown, more, place is None)


def _told(row: Any, order: Sequence[str]) -> str:
    return json.dumps([_value(row, name.removeprefix("-")) for name in order])


def _value(row: Any, name: str) -> int | str:
    for part in name.split("__"):
        row = getattr(row, part)
    return row if isinstance(row, int) else _text(row)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(rows: QuerySet[Any], order: Sequence[str], after: str) -> list[Any] | None:
    """The values of a place; None for no place and for what no row can have."""
    try:
        told = json.loads(after) if after else None
        if not isinstance(told, list) or len(told) != len(order):
            return None
        return [_parse(_field(rows, name), each) for name, each in zip(order, told, strict=True)]
    except (ValueError, TypeError, ValidationError, RecursionError, OverflowError):
        return None


def _parse(field: models.Field[Any, Any], told: Any) -> Any:
    """A value as the field has it. Raises ValueError or ValidationError for what it cannot have."""
    value = field.to_python(told)
    whole = type(told) is int and abs(told) < 2**63  # no bool
    if (isinstance(value, int) and not whole) or (isinstance(value, str) and "\0" in value):
        raise ValueError(told)
    if value is None or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError(told)
    return value


def _field(rows: QuerySet[Any], name: str) -> models.Field[Any, Any]:
    """The column, or the annotation, behind a name of the order."""
    annotated: Any = rows.query.annotations.get(name.removeprefix("-"))
    if annotated is not None:
        shown: models.Field[Any, Any] = annotated.output_field
        return shown
    *way, last = name.removeprefix("-").split("__")
    model: type[models.Model] = rows.model
    for part in way:
        related: Any = model._meta.get_field(part)
        model = related.related_model
    found: Any = model._meta.pk if last == "pk" else model._meta.get_field(last)
    column: models.Field[Any, Any] = getattr(found, "target_field", found)
    return column


def _behind(order: Sequence[str], place: Sequence[Any]) -> Q:
    """What comes later: the first column is further, or the same and the next one further."""
    (name, *others), (value, *rest) = order, place
    column = name.removeprefix("-")
    way = "lt" if name.startswith("-") else "gt"
    further = Q(**{f"{column}__{way}": value})
    if not others:
        return further
    # The first condition is what an index is entered by.
    return Q(**{f"{column}__{way}e": value}) & (further | _behind(others, rest))
