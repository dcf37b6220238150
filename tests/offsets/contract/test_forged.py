"""Messages and statements that are forged, about something else, repeated or lost."""

from __future__ import annotations

from uuid import uuid4

import pytest

from offsets import actions, errors
from offsets.models import MoneyEntry
from tests.offsets.contract.harness import Harness
from tests.offsets.contract.standing import Nothing, stands
from tests.offsets.contract.tampers import Tamper

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def test_what_was_forged_or_altered_changes_nothing(
    way: Harness, nothing_written: Nothing, tamper: Tamper
) -> None:
    way.pay(way.begin(way.shop.offer(100)))
    with nothing_written(), pytest.raises(way.refusal):
        way.deliver(tamper(way, way.raws[-1]))


def test_a_signed_message_about_nothing_changes_nothing(
    way: Harness, nothing_written: Nothing
) -> None:
    way.pay(way.begin(way.shop.offer(100)))
    with nothing_written(), pytest.raises(errors.UnknownPayment):
        way.deliver(way.naming(way.raws[-1], uuid4()))


def test_a_message_naming_another_order_pays_for_nothing(way: Harness) -> None:
    offer = way.shop.offer(100)
    mine, other = way.begin(offer), way.begin(offer)
    way.pay(mine)
    way.deliver(way.naming(way.raws[-1], other.uuid))
    assert stands(other) == ("payment_pending", "pending")
    assert stands(mine) == ("payment_pending", "pending")
    way.look_again()
    assert stands(mine)[0] == "paid" and stands(other)[0] == "payment_pending"


@pytest.mark.parametrize("times", [2, 10])
def test_a_repeated_message_changes_nothing(
    way: Harness, nothing_written: Nothing, times: int
) -> None:
    way.pay(way.begin(way.shop.offer(100)))
    assert way.deliver(way.raws[-1]) is True
    with nothing_written():
        assert [way.deliver(way.raws[-1]) for _ in range(times)] == [False] * times
    assert way.kept() == 1


def test_lost_messages_are_made_up_for(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.later(minutes=2)
    way.look_again()
    assert stands(attempt) == ("paid", "succeeded")
    assert actions.poll_payments(at=way.at) == 0, "what is settled is asked after no more"
    way.deliver_all()
    assert MoneyEntry.objects.count() == 1
