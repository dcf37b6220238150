"""What waits for somebody, many kinds in one order, one page in one statement.

A desk shows what waits for a person: dozens of kinds of things in as many tables, and perhaps a
hundred thousand of them. What it costs must depend neither on how many wait nor on which kinds
happen to stand on the page. So a source does not make its items. It says, as a `Line`, where they
are found, and how one is made of a row that has been read:

    Line(
        "dna.asked",                                       # names the kind, once in the portal
        Letter.objects.filter(party_code=…, state=…),      # what waits, unsorted
        _decide,                                           # (row, facts) -> item for `queue_item`
        related=("project", "project__owner"),             # read along, as on select_related
        until="window_closes_at",                          # by when, if it waits until a moment
        facts={"asked": Subquery(…)},                      # whatever else the item says
    )

`page` turns all lines into one statement, a UNION ALL of one branch a line. Every branch is sorted
by (until, id) and cut at the size of the page before its facts are computed, so an index that
serves the branch makes it cost the same at any size; a line and its (partial) index are written
together. A page begins behind the last item of the page before it (keyset), not at a number.

A new source adds one small module with a function that answers lines, and its name to the sources
of `cdm_portal.pages.desk`. Rules:

- `build` asks the database nothing: what it needs stands in `related` and `facts`. It may answer
  None for a row about which there is nothing to say after all; the page is then shorter by one.
- The rows come back as instances of the model with `related` set, never to be saved.
- A source whose items are few by nature (what waits for one stop of the registry, say) may answer
  ready items instead of a line: dicts for the component `queue_item`. They are merged by `until`
  and cut at `SMALL`; what they cost is their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Expression, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject

Item = dict[str, Any]
Facts = Mapping[str, Any]

SIZE = 25
"""Items on a page."""
SMALL = 50
"""The most ready items that one desk takes from its small sources."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing that waits, and how one of them is told; see the module."""

    kind: str
    rows: QuerySet[Any]
    build: Callable[[Any, Facts], Item | None]
    related: tuple[str, ...] = ()
    until: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the order of a desk: by when, then kind, then age."""

    until: datetime | None
    position: int
    rank: int

    @property
    def key(self) -> tuple[bool, datetime, int, int]:
        """What to sort by: what has no date comes last."""
        return (self.until is None, self.until or FIRST, self.position, self.rank)

    def __str__(self) -> str:
        return f"{self.until.isoformat() if self.until else ''}~{self.position}~{self.rank}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that an address names; None for none, and for what is no place."""
        try:
            until, position, rank = text.split("~")
            moment = datetime.fromisoformat(until) if until else None
            found = cls(moment, int(position), int(rank))
        except ValueError:
            return None
        return found if found.is_possible() else None

    def is_possible(self) -> bool:
        """Whether the database could hold it: a moment with a zone, numbers of 64 bits."""
        zoned = self.until is None or self.until.tzinfo is not None
        return zoned and abs(self.rank) < 2**63 and abs(self.position) < 2**15


FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """The items of one page, the most urgent first, and where the next page begins."""

    items: list[Item]
    after: str = ""
    first: bool = True


def page(sources: Iterable[Line | Item], *, after: str = "", size: int = SIZE) -> Page:
    """One page of everything that waits, behind the place `after`. One statement."""
    lines: list[Line] = []
    ready: list[Item] = []
    for each in sources:
        if isinstance(each, Line):
            lines.append(each)
        else:
            ready.append(each)
    begin = Place.read(after)
    found = [*_read(lines, begin, size + 1), *_small(ready, len(lines), begin)]
    found.sort(key=lambda pair: pair[0].key)
    shown = found[:size]
    built = (make() for _place, make in shown)
    more = str(shown[-1][0]) if len(found) > size else ""
    return Page([item for item in built if item is not None], more, begin is None)


def items(sources: Iterable[Line | Item]) -> list[Item]:
    """The first page's items."""
    return page(sources).items


Found = tuple[Place, Callable[[], Item | None]]


def _small(ready: Iterable[Item], position: int, begin: Place | None) -> Iterator[Found]:
    """Ready items, in the order in which they came, behind the lines of the same moment."""
    for rank, item in enumerate(islice(ready, SMALL)):
        place = Place(item.get("until"), position, rank)
        if begin is None or place.key > begin.key:
            yield place, partial(_same, item)


def _same(item: Item) -> Item:
    return item


# The statement


def _read(lines: list[Line], begin: Place | None, limit: int) -> Iterator[Found]:
    branches = [_branch(line, n, begin, limit) for n, line in enumerate(lines)]
    if not branches:
        return
    found, *others = branches
    if others:  # PostgreSQL sorts NULL, no date, last
        found = found.union(*others, all=True).order_by(
            "queue_until", "queue_position", "queue_rank"
        )[:limit]
    for until, position, rank, told in found:
        line = lines[position]
        place = Place(until, position, rank)
        yield place, partial(_build, line, told)


def _build(line: Line, told: Mapping[str, Any]) -> Item | None:
    return line.build(_row(line, told), told["facts"])


def _branch(line: Line, position: int, begin: Place | None, limit: int) -> QuerySet[Any]:
    """One line's part of the statement. Its rows are chosen first, by key alone: what is read along
    is joined to those of the page, whatever the planner thinks of the rest.
    """
    age = "-pk" if line.newest_first else "pk"
    order = [line.until, age] if line.until else [age]
    waiting = line.rows.select_related(None).order_by(*order)
    if begin is not None:
        waiting = waiting.filter(_behind(line, position, begin))
    model: Any = line.rows.model
    chosen: QuerySet[Any] = model._default_manager.filter(pk__in=waiting.values("pk")[:limit])
    no_date = Value(None, models.DateTimeField())
    told: QuerySet[Any] = chosen.annotate(
        queue_until=Cast(F(line.until) if line.until else no_date, models.DateTimeField()),
        queue_position=Value(position),
        queue_rank=Cast(-F("pk") if line.newest_first else F("pk"), models.BigIntegerField()),
        queue_told=JSONObject(
            row=_whole(line.rows.model, ""),
            related=JSONObject(**{path: _whole(_model(line, path), path) for path in line.related}),
            facts=JSONObject(**line.facts),
        ),
    )
    columns = ("queue_until", "queue_position", "queue_rank", Cast("queue_told", TOLD))
    page: QuerySet[Any] = told.order_by(*order).values_list(*columns)[:limit]
    return page


def _behind(line: Line, position: int, begin: Place) -> Q:
    """What stands behind a place, for the rows of one line."""
    if position == begin.position:
        tied = Q(pk__lt=-begin.rank) if line.newest_first else Q(pk__gt=begin.rank)
    else:
        tied = Q() if position > begin.position else Q(pk__in=[])
    if not line.until:
        return tied if begin.until is None else Q()
    undated = Q(**{f"{line.until}__isnull": True})
    if begin.until is None:
        return undated & tied
    later = Q(**{f"{line.until}__gt": begin.until})
    return later | undated | Q(**{line.until: begin.until}) & tied


class Exact(json.JSONDecoder):
    """Reads numbers exactly: an amount of money never passes through a float."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse_float=Decimal, **options)


TOLD = models.JSONField(decoder=Exact)


# Rows as JSON, and back


def _model(line: Line, path: str) -> type[models.Model]:
    model: type[models.Model] = line.rows.model
    for name in path.split("__"):
        field: Any = model._meta.get_field(name)
        model = field.related_model
    return model


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """What is read of a row: everything but bytes."""
    return [
        each for each in model._meta.concrete_fields if not isinstance(each, models.BinaryField)
    ]


class _Row(Func):
    """The row in which a column stands, as JSON; NULL for a row that is not there."""

    output_field: ClassVar[Any] = models.JSONField()

    def as_sql(self, compiler: Any, *_others: Any, **_context: Any) -> tuple[str, tuple[()]]:
        """PostgreSQL knows the columns: none need be named."""
        column: Any = self.get_source_expressions()[0]
        return f"to_jsonb({compiler.quote_name_unless_alias(column.alias)})", ()


def _whole(model: type[models.Model], path: str) -> Expression:
    """A row with all its columns.

    Named one by one where some are left out. A unique column does not lead to its row: a relation
    may point at it, and then Django reads it without the row.
    """
    prefix = f"{path}__" if path else ""
    columns = _columns(model)
    plain = [each.attname for each in columns if not each.unique]
    whole = len(columns) == len(model._meta.local_concrete_fields)
    if whole and plain and all(each.attname == each.column for each in columns):
        return _Row(F(f"{prefix}{plain[0]}"))
    return JSONObject(**{each.attname: F(f"{prefix}{each.attname}") for each in columns})


def _row(line: Line, told: Mapping[str, Any]) -> Any:
    """The row with its related rows, as it would come from a queryset."""
    found = revived(line.rows.model, told["row"])
    for path in line.related:
        *way, last = path.split("__")
        holder = found
        for name in way:
            holder = getattr(holder, name) if holder is not None else None
        if holder is not None:
            relation: Any = type(holder)._meta.get_field(last)
            related = revived(_model(line, path), told["related"][path])
            relation.set_cached_value(holder, related)
    return found


def revived(model: type[models.Model], told: Mapping[str, Any] | None) -> Any:
    """An instance of a row that was read as JSON; None for a row that is not there."""
    key = model._meta.pk
    if told is None or key is None or told[key.attname] is None:
        return None
    columns = [each for each in _columns(model) if each.attname in told]
    values = [each.to_python(told[each.attname]) for each in columns]
    return model.from_db("default", [each.attname for each in columns], values)


# Facts that are more than a column


def rows(found: QuerySet[Any], *names: str) -> ArraySubquery:
    """Rows as a fact: all their columns, or those named and the key. `revived` makes them whole."""
    if not names:
        return ArraySubquery(found.values(queue_row=_whole(found.model, "")))
    wanted = [
        each.attname for each in _columns(found.model)
        if each.primary_key or each.attname in names
    ]
    return ArraySubquery(found.values(queue_row=JSONObject(**{name: F(name) for name in wanted})))


def revive(model: type[models.Model], told: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The instances of a fact made by `rows`."""
    return [revived(model, each) for each in told]


class Counted(Subquery):
    """How many rows a subquery has, as a fact or a condition."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field: ClassVar[Any] = models.BigIntegerField()


def count(found: QuerySet[Any]) -> Counted:
    """How many rows there are, 0 for none."""
    return Counted(found.order_by().values("pk"))
