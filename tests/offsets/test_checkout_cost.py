"""What the button that holds units asks of the database: ten statements, one under a lot's lock."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cdm_portal import clock
from cdm_portal.identity import sessions
from offsets import actions, queries
from offsets.models import Offer, Order
from tests.offsets.conftest import Shop
from tests.statements import FRAME

pytestmark = pytest.mark.usefixtures("ledger_db")
MOST = 10


def held(visitor: Client, offer: Offer) -> list[str]:
    """The statements of one order, from the button to the checkout."""
    with CaptureQueriesContext(connection) as seen:
        answer = visitor.post("/orders/new/", {
            "offer": offer.pk, "quantity": 3, "price_version": offer.price_version,
            "order_key": str(uuid4()),
        })
    assert answer.status_code == 302, answer.content
    return [each["sql"] for each in seen.captured_queries]


def test_units_are_held_with_ten_statements_and_one_under_the_lock(
    shop: Shop, offer: Offer
) -> None:
    visitor = Client()
    for known in (False, True):
        asked = held(visitor, offer)
        counted = [sql for sql in asked if not sql.startswith(FRAME)]
        print(known, len(counted))
        assert len(counted) <= MOST, "\n".join(counted)
        lock = next(n for n, sql in enumerate(asked) if "registry_hold_units" in sql)
        assert asked[lock + 1] == "COMMIT", "the lot is locked by the last statement"
        order = Order.objects.latest("pk")
        assert queries.held(offer, clock.now()) == 3
        actions.cancel_order(at=clock.now(), order_id=order.pk)


def test_a_session_key_that_stands_already_is_drawn_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sessions.SessionStore()
    first["whose"] = "mine"
    first.save()
    drawn = iter([first.session_key, "k" * sessions.LENGTH])
    monkeypatch.setattr(sessions, "get_random_string", lambda *_: next(drawn))
    second = sessions.SessionStore()
    second.save()
    assert second.session_key == "k" * sessions.LENGTH
    assert sessions.SessionStore(first.session_key)["whose"] == "mine"
    assert "whose" not in sessions.SessionStore(second.session_key)
