"""What every way of paying keeps, in the same words for all of them: how an order is paid.

The order is read after each step, and at the end of each test the books of units and money balance.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from cdm_portal.values import SYSTEM, Money, usd
from offsets import actions, invariants, queries
from offsets.models import MoneyEntry
from offsets.payments import providers
from tests.offsets.contract.harness import DUE, Harness
from tests.offsets.contract.standing import WRONG, cancelled, run_out, stands

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def test_it_says_what_it_is(way: Harness) -> None:
    provider = providers.get(way.slug)
    assert provider.slug == way.slug and provider.is_on()
    assert provider.label and provider.hint and provider.next_step
    assert way.slug in [each.slug for each in providers.available()]


def test_going_to_pay_leads_somewhere_and_twice_to_the_same_place(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    assert attempt.page_url and stands(attempt) == ("payment_pending", "pending")
    assert way.again(attempt.order_id) == attempt
    order = queries.order(attempt.order_id)
    assert attempt.closes_at == order.held_until
    almost = order.held_until - timedelta(minutes=1)
    assert queries.held(way.shop.project.offers.get(), almost) == 17


def test_nothing_happens_before_somebody_pays(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.wait(attempt)
    way.deliver_all()
    assert stands(attempt) == ("payment_pending", "pending")
    assert actions.poll_payments(at=way.at) == 1
    assert stands(attempt) == ("payment_pending", "pending")
    assert MoneyEntry.objects.count() == 0


def test_paid_is_cancelled_once(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")
    assert actions.fulfil_paid(at=way.at) == 1
    assert (cancelled(), stands(attempt)[0]) == ([17], "fulfilled")
    entry = MoneyEntry.objects.get(debit="provider")
    assert Money(entry.amount, entry.currency) == DUE


def test_waited_for_and_then_paid(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.wait(attempt)
    way.arrive(attempt)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")


def test_declined_can_be_tried_again(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.decline(attempt)
    way.deliver_all()
    ended, word = way.declined
    assert stands(attempt) == ended and word in queries.order(attempt.order_id).note
    assert MoneyEntry.objects.count() == 0
    again = way.again(attempt.order_id)
    way.pay(again)
    way.deliver_all()
    assert stands(again) == ("paid", "succeeded")
    assert again == attempt or stands(attempt)[1] == "failed"


@pytest.mark.parametrize("money", WRONG.values(), ids=WRONG)
def test_the_wrong_money_buys_nothing_besides_and_is_given_back(
    way: Harness, money: Money
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt, money)
    way.deliver_all()
    taken = way.takes(money)
    assert stands(attempt) == taken.states
    found = queries.attempt(attempt.uuid)
    told = Money(found.received, found.received_currency) if found.received else None
    assert told == taken.received
    actions.fulfil_paid(at=way.at)
    run_out(way)
    actions.poll_payments(at=way.at)
    back = [taken.back] if taken.back else []
    assert way.give_back() == len(back)
    assert (sum(cancelled()), way.refunds(attempt)) == (taken.cancelled, back)
    assert way.give_back() == 0 and way.refunds(attempt) == back


def test_two_attempts_and_both_are_paid(way: Harness) -> None:
    first = way.begin(way.shop.offer(100))
    actions.pay_otherwise(actor=SYSTEM, at=way.at, order_id=first.order_id)
    second = way.again(first.order_id)
    assert second.uuid != first.uuid
    way.pay(first)
    way.pay(second)
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    actions.poll_payments(at=way.at)
    states = [stands(each) for each in (first, second)]
    assert states.count(("fulfilled", "succeeded")) == 1
    assert (way.give_back(), way.give_back()) == (1, 0)
    assert (cancelled(), way.refunds(first) + way.refunds(second)) == ([17], [DUE])
    assert invariants.balance_of_account("refund") == usd(0)


def test_what_the_order_waits_for_no_longer_is_closed(way: Harness) -> None:
    left = way.begin(way.shop.offer(100))
    actions.pay_otherwise(actor=SYSTEM, at=way.at, order_id=left.order_id)
    assert stands(left) == ("failed", "pending")
    kept = way.again(left.order_id)
    actions.poll_payments(at=way.at)
    assert (stands(left), stands(kept)) == (
        ("payment_pending", "failed"), ("payment_pending", "pending"),
    )
    way.pay(left)  # too late: its page is closed
    way.pay(kept)
    way.deliver_all()
    assert (stands(left)[1], stands(kept)) == ("failed", ("paid", "succeeded"))


def test_declined_after_another_way_was_chosen_leaves_the_order_waiting(way: Harness) -> None:
    left = way.begin(way.shop.offer(100))
    actions.pay_otherwise(actor=SYSTEM, at=way.at, order_id=left.order_id)
    way.again(left.order_id)
    way.decline(left)
    way.deliver_all()
    actions.poll_payments(at=way.at)
    assert stands(left) == ("payment_pending", "failed")


def test_another_way_can_be_chosen_while_one_is_open(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    other = next((p.slug for p in providers.available() if p.slug != way.slug), way.slug)
    second = actions.begin_payment(at=way.at, order_id=attempt.order_id, provider=other)
    assert (second.provider, second == attempt) == (other, other == way.slug)
    assert stands(second) == ("payment_pending", "pending")
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")


def test_paid_late_with_units_left(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(20))
    way.pay(attempt)
    run_out(way)
    assert stands(attempt)[0] == "expired"
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")
    actions.fulfil_paid(at=way.at)
    assert cancelled() == [17]


def test_paid_late_without_units_is_given_back_and_nothing_cancelled(way: Harness) -> None:
    offer = way.shop.offer(20)
    attempt = way.begin(offer)
    way.pay(attempt)
    run_out(way)
    way.shop.order(offer, 4)
    way.deliver_all()
    assert stands(attempt) == ("refund_due", "refund_due")
    for _ in range(3):
        actions.fulfil_paid(at=way.at)
        way.give_back()
    assert stands(attempt) == ("refunded", "refunded")
    assert (cancelled(), way.refunds(attempt)) == ([], [DUE]), "once, however often asked"


def test_paid_after_going_back(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    actions.cancel_order(at=way.at, order_id=attempt.order_id)
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded"), "who paid gets what was paid for"


def test_nobody_pays_what_was_given_up_and_closed(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    actions.cancel_order(at=way.at, order_id=attempt.order_id)
    actions.poll_payments(at=way.at)
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == way.after_closing
