"""Places in a queue as an address names them, and the ready items of small sources."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cdm_portal import queues
from cdm_portal.queues import Item, Place

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
