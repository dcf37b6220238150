"""Lists that are walked page by page: nothing lost, nothing twice, and no address breaks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet
from django.test import RequestFactory

from cdm_portal import edges, keyset
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.models import Entry

pytestmark = pytest.mark.django_db
NAMES = ("Acme", "acme", "Ärger", "Acme 2", "Beta ~ \"two\"", "%", "Zeta", "[1, 2]")


@pytest.fixture
def organisations() -> QuerySet[Organisation]:
    Organisation.objects.bulk_create(
        Organisation(name=name, kind="buyer", party_code="KE", fictional=True) for name in NAMES
    )
    return Organisation.objects.filter(kind="buyer", party_code="KE")


def walked(rows: QuerySet[Any], order: tuple[str, ...], size: int) -> list[Any]:
    found, after = [], ""
    while True:
        page = keyset.page(rows, order, after=after, size=size)
        found += [each.pk for each in page]
        if not page.after:
            return found
        after = page.after


@pytest.mark.parametrize("order", [("pk",), ("-pk",), ("name", "pk"), ("-name", "pk"),
                                   ("kind", "-pk"), ("urgency", "-pk")])
@pytest.mark.parametrize("size", [1, 2, 3, 8, 9])
def test_the_pages_are_the_list(
    organisations: QuerySet[Organisation], order: tuple[str, ...], size: int
) -> None:
    rows = organisations.annotate(urgency=F("pk") % 3)
    assert walked(rows, order, size) == list(rows.order_by(*order).values_list("pk", flat=True))


def test_a_row_that_goes_or_comes_moves_nothing(organisations: QuerySet[Organisation]) -> None:
    whole = list(organisations.order_by("name", "pk"))
    first = keyset.page(organisations, ("name", "pk"), size=3)
    whole[2].delete()
    Organisation.objects.create(name="AAA", kind="buyer", party_code="KE", fictional=True)
    then = keyset.page(organisations, ("name", "pk"), after=first.after, size=3)
    assert [each.pk for each in then] == [each.pk for each in whole[3:6]]
    assert (first.first, then.first) == (True, False)


def test_moments_are_walked_to_the_microsecond() -> None:
    at = datetime(2024, 3, 4, 9, 0, 0, 1, tzinfo=UTC)
    for n in range(5):
        Session.objects.create(
            session_key=f"key {n}", expire_date=at + timedelta(microseconds=n // 2)
        )
    rows, order = Session.objects.filter(session_key__startswith="key"), ("-expire_date", "pk")
    assert walked(rows, order, 2) == list(rows.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("after", [
    "x", "[]", "{}", "[1]", "[1, 2, 3]", '["a"', "null", '["a", "b"]', '["a", null]', "[null, 1]",
    '["a", 1.5]', '["a", true]', '["a", 99999999999999999999]', '["a\\u0000", 1]', "[[], []]",
    "[" * 5000,
])
def test_what_is_no_place_begins_the_list(
    organisations: QuerySet[Organisation], after: str
) -> None:
    page = keyset.page(organisations, ("name", "pk"), after=after, size=2)
    first = keyset.page(organisations, ("name", "pk"), size=2)
    assert list(page) == list(first)


@pytest.mark.parametrize("moment", ['["x", 1]', '["2024-01-01", 1]', '["2024-01-01T00:00:00", 1]'])
def test_a_moment_without_a_zone_is_no_place(moment: str) -> None:
    assert keyset.page(Entry.objects.all(), ("-at", "-pk"), after=moment).first


def test_a_list_goes_on_and_leaves_the_others_where_they_are(
    organisations: QuerySet[Organisation],
) -> None:
    request = RequestFactory().get("/", {"other": "[3]", "kind": "x", "mine": "nonsense"})
    page = edges.listed(request, organisations, ("pk",), name="mine", size=3)
    assert page.first_url == "?other=%5B3%5D&kind=x"
    assert page.next_url.startswith("?other=%5B3%5D&kind=x&mine=%5B")
    onward = edges.listed(
        RequestFactory().get(f"/{page.next_url}"), organisations, ("pk",), name="mine", size=99
    )
    assert len(onward) == len(NAMES) - 3
    assert (onward.next_url, onward.first) == ("", False)
