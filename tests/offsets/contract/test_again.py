"""Things told, asked and done twice, at the wrong time or side by side: each counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cdm_portal import parameters
from cdm_portal.journal.models import Entry
from cdm_portal.values import SYSTEM, Money, usd
from offsets import actions, errors, invariants, queries
from offsets.models import MoneyEntry
from tests.offsets.conftest import DETAILS
from tests.offsets.contract.harness import DUE, Harness
from tests.offsets.contract.standing import Nothing, cancelled, run_out, stands

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


@pytest.mark.parametrize(("quantity", "price"), [(1, "0.51"), (3, "0.33"), (100, "12.34")])
def test_any_sum_is_paid_to_the_cent(way: Harness, quantity: int, price: str) -> None:
    attempt = way.begin(way.shop.offer(100, price), quantity)
    assert attempt.money == usd(price) * quantity
    way.pay(attempt)
    way.deliver_all()
    assert actions.fulfil_paid(at=way.at) == 1
    assert (cancelled(), stands(attempt)) == ([quantity], ("fulfilled", "succeeded"))


def test_the_money_ends_with_the_participant_and_nobody_keeps_any(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    assert invariants.balance_of_account("buyer") == DUE
    actions.fulfil_paid(at=way.at)
    balances = [invariants.balance_of_account(name) for name in ("buyer", "participant", "refund")]
    assert balances == [usd(0), DUE, usd(0)]
    earned = MoneyEntry.objects.get(credit="participant")
    assert earned.participant_id == way.shop.cast.organisations["Ziwa Sun Limited"].pk


def test_the_journal_has_one_line_of_one_payment(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    for _ in range(3):
        way.deliver_all()
        actions.poll_payments(at=way.at)
    assert Entry.objects.filter(verb="offsets.confirm_payment").count() == 1


def test_one_order_paid_twice_is_cancelled_once_and_the_second_money_goes_back(
    way: Harness,
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.pay(attempt)  # a hosted page takes no second payment; a bank does
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    way.give_back()
    assert (cancelled(), stands(attempt)) == ([17], ("fulfilled", "succeeded"))
    came = sum(entry.amount for entry in MoneyEntry.objects.filter(debit="provider"))
    assert usd(came) == sum(way.refunds(attempt), DUE)


@pytest.mark.parametrize("first", ["found out", "told"])
def test_told_and_found_out_is_one_payment(way: Harness, first: str) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    steps = [way.look_again, way.deliver_all]
    for step in steps if first == "found out" else reversed(steps):
        step()
    assert (stands(attempt), MoneyEntry.objects.count()) == (("paid", "succeeded"), 1)


def test_asked_after_again_and_again_nothing_changes(
    way: Harness, nothing_written: Nothing
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    with nothing_written():
        for _ in range(3):
            assert actions.poll_payments(at=way.at) == 0
            assert way.give_back() == 0


def test_told_again_after_the_cancellation_nothing_changes(
    way: Harness, nothing_written: Nothing
) -> None:
    way.pay(way.begin(way.shop.offer(100)))
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    with nothing_written():
        way.deliver_all()
        assert actions.fulfil_paid(at=way.at) == 0


def test_told_again_after_it_was_given_back_nothing_changes(
    way: Harness, nothing_written: Nothing
) -> None:
    offer = way.shop.offer(20)
    attempt = way.begin(offer)
    way.pay(attempt)
    run_out(way)
    way.shop.order(offer, 20)
    way.deliver_all()
    assert way.give_back() == 1 and way.refunds(attempt) == [DUE]
    way.deliver_all()  # of the refund there may be a message too
    with nothing_written():
        way.deliver_all()
        assert (actions.poll_payments(at=way.at), way.give_back()) == (0, 0)
    assert stands(attempt) == ("refunded", "refunded")


def test_orders_side_by_side_are_paid_each_by_its_own_money(way: Harness) -> None:
    offer = way.shop.offer(100)
    attempts = [way.begin(offer, quantity) for quantity in (3, 5, 7)]
    for attempt in (attempts[2], attempts[0]):
        way.pay(attempt)
    for raw in reversed(way.raws):
        way.deliver(raw)
    ended = [stands(each) for each in attempts]
    assert ended == [("paid", "succeeded"), ("payment_pending", "pending"), ("paid", "succeeded")]
    actions.fulfil_paid(at=way.at)
    assert sorted(cancelled()) == [3, 7]


def test_given_up_and_sold_to_another_the_money_goes_back(way: Harness) -> None:
    offer = way.shop.offer(20)
    attempt = way.begin(offer)
    way.pay(attempt)
    actions.cancel_order(at=way.at, order_id=attempt.order_id)
    other = way.begin(offer)
    way.deliver_all()
    assert stands(attempt) == ("refund_due", "refund_due")
    assert stands(other) == ("payment_pending", "pending")
    assert (way.give_back(), way.refunds(attempt), cancelled()) == (1, [DUE], [])


@pytest.mark.parametrize("minutes", [-1, 1])
def test_about_the_end_of_the_hold_who_paid_gets_the_units(way: Harness, minutes: int) -> None:
    offer = way.shop.offer(20)
    attempt = way.begin(offer)
    way.pay(attempt)
    ends = queries.order(attempt.order_id).held_until + timedelta(minutes=minutes)
    way.later(minutes=int((ends - way.at).total_seconds()) // 60)
    assert actions.expire_orders(at=way.at) == (minutes > 0)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")
    assert queries.held(offer, way.at + timedelta(hours=1)) == 17, "until they are cancelled"
    actions.fulfil_paid(at=way.at)
    assert cancelled() == [17]


def test_a_wrong_payment_and_then_a_right_one(way: Harness) -> None:
    """Whatever the way does with a part, the order is paid once and the rest goes back."""
    first = way.begin(way.shop.offer(100))
    way.pay(first, usd("81.59"))
    way.deliver_all()
    second = way.again(first.order_id)
    way.pay(second)
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    assert (cancelled(), stands(second)) == ([17], ("fulfilled", "succeeded"))
    way.give_back()
    back = [] if first == second else way.refunds(first)
    assert sum(back + way.refunds(second), Money(0, "USD")) == usd("81.59")


@pytest.mark.parametrize("done", ["paid", "fulfilled", "refunded"])
def test_what_is_settled_cannot_be_paid_again(
    way: Harness, nothing_written: Nothing, done: str
) -> None:
    offer = way.shop.offer(20)
    attempt = way.begin(offer)
    way.pay(attempt)
    if done == "refunded":
        run_out(way)
        way.shop.order(offer, 20)
    way.deliver_all()
    if done != "paid":
        actions.fulfil_paid(at=way.at)
        way.give_back()
    assert stands(attempt)[0] == done
    with nothing_written(), pytest.raises(errors.OrderNotOpen):
        way.again(attempt.order_id)


def test_nobody_goes_to_pay_without_a_hold_or_a_name(
    way: Harness, nothing_written: Nothing
) -> None:
    offer = way.shop.offer(100)
    named, bare = way.order(offer), way.shop.order(offer, 1)
    with nothing_written(), pytest.raises(errors.OrderNotOpen, match="whose emissions"):
        way.again(bare.pk)
    way.later(hours=3)
    with nothing_written(), pytest.raises(errors.HoldEnded):
        way.again(named.pk)
    actions.expire_orders(at=way.at)
    actions.hold_again(actor=SYSTEM, at=way.at, order_id=named.pk)
    attempt = way.again(named.pk)
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")


def test_what_is_bought_cannot_be_changed_once_it_is_being_paid(
    way: Harness, nothing_written: Nothing
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    with nothing_written(), pytest.raises(errors.OrderNotOpen):
        actions.give_details(
            at=way.at, order_id=attempt.order_id, **(DETAILS | {"name": "Somebody Else"})  # type: ignore[arg-type]
        )
    way.deliver_all()
    assert queries.order(attempt.order_id).beneficiary_name != "Somebody Else"


def test_going_to_pay_again_and_again_holds_the_units_only_so_long(way: Harness) -> None:
    offer = way.shop.offer(20)
    order_id = way.begin(offer).order_id
    most = parameters.number("hold_prolongations", way.at.date())
    with pytest.raises((errors.NotPayableSo, errors.HoldEnded)):
        for _ in range(most):
            way.later(minutes=10)
            actions.pay_otherwise(actor=SYSTEM, at=way.at, order_id=order_id)
            way.again(order_id)
    assert queries.order(order_id).attempts.count() <= most
    run_out(way)
    assert queries.order(order_id).state == "expired"
    actions.hold_again(actor=SYSTEM, at=way.at, order_id=order_id)
    way.pay(way.again(order_id))
    way.deliver_all()
    assert queries.order(order_id).state == "paid", "a new hold is counted anew"
