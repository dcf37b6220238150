"""Places in a queue as an address names them, ready items of small sources, and rows as read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cdm_portal import clock, queues
from cdm_portal.pages import desk
from cdm_portal.queues import SIZE, Item, Line, Place
from tests.world import World

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)


def item(title: str, hours: int | None = None) -> Item:
    """Something that waits, perhaps until so many hours after noon."""
    return {"title": title, "until": None if hours is None else NOON + timedelta(hours=hours)}


@pytest.mark.parametrize("place", [Place(None, 0, 7), Place(NOON, 3, -7)])
def test_a_place_is_read_as_it_is_written(place: Place) -> None:
    assert Place.read(str(place)) == place


@pytest.mark.parametrize("text", [
    "", "~", "a~b~c", "~1", "2024-01-01~0~0", "2024-13-01T00:00+00:00~0~0", "~0~" + "9" * 20,
    "~99999~0", "~0~0~0",
])
def test_what_is_no_place_begins_at_the_first_page(text: str) -> None:
    assert Place.read(text) is None
    assert queues.page([item("one")], after=text).items == [item("one")]


def test_ready_items_stand_by_their_date_the_undated_last_and_in_the_order_they_came() -> None:
    waiting = [item("c"), item("b", 2), item("d"), item("a", 1)]
    first = queues.page(waiting, size=3)
    assert [each["title"] for each in first.items] == ["a", "b", "c"]
    assert first.first
    last = queues.page(waiting, after=first.after, size=3)
    assert ([each["title"] for each in last.items], last.after, last.first) == (["d"], "", False)


def test_a_small_source_is_cut() -> None:
    waiting = [item(str(n)) for n in range(queues.SMALL + 10)]
    assert len(queues.page(waiting, size=1000).items) == queues.SMALL


@pytest.mark.django_db
def test_a_row_and_what_is_read_along_are_as_a_queryset_reads_them(world: World) -> None:
    """Of everything that waits for anybody in the world, every column but bytes."""
    at, seen = clock.now(), set()
    for actor in world.cast.sign_ins:
        lines = [each for source in desk.SOURCES for each in source(actor, at)]
        for line in (each for each in lines if isinstance(each, Line)):
            for *_place, told in queues._branch(line, 0, None, SIZE):
                made = queues._row(line, told)
                real = line.rows.select_related(*line.related).get(pk=made.pk)
                for path in ("", *line.related):
                    assert columns(made, path) == columns(real, path), (line.kind, path)
                seen.add(line.kind)
    assert len(seen) > 10


def columns(row: Any, path: str) -> dict[str, Any] | None:
    """The columns of a row, or of one that it leads to; None where there is none."""
    for name in path.split("__") if path else ():
        row = row and getattr(row, name)
    names = [each.attname for each in queues._columns(type(row))] if row else []
    return {name: getattr(row, name) for name in names} if row else None
