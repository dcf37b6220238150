"""The other side is away, money goes back, and what is given up stays given up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cdm_portal.values import SYSTEM, usd
from offsets import actions, errors, invariants, queries
from offsets.actions import refunding
from offsets.models import Dispute, Order, PaymentAttempt
from tests.offsets.contract.harness import DUE, Harness
from tests.offsets.contract.standing import WRONG, Nothing, cancelled, run_out, stands

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def test_while_it_is_away_nobody_goes_to_pay_and_the_order_stays(way: Harness) -> None:
    order = way.order(way.shop.offer(100))
    with way.down(), pytest.raises((errors.ProviderDown, errors.ProviderOff)):
        way.again(order.pk)
    found = queries.order(order.pk)
    assert found.state in {Order.State.CHECKOUT, Order.State.FAILED}
    assert queries.held(way.shop.project.offers.get(), way.at) == 17
    attempt = way.again(order.pk)
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("paid", "succeeded")


def test_while_it_is_away_nothing_is_taken_for_paid_or_lost(
    way: Harness, nothing_written: Nothing
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    with (
        way.down(), nothing_written(),
        pytest.raises((errors.ProviderDown, errors.ProviderOff)),
    ):
        way.deliver(way.raws[-1])
    with way.down():
        assert actions.poll_payments(at=way.at) == 0
    assert way.deliver(way.raws[-1]) is True, "sent again it is new"
    assert stands(attempt) == ("paid", "succeeded")


def test_while_it_is_away_a_refund_stays_due_and_is_given_once(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt, WRONG["too much"])
    way.deliver_all()
    owed = invariants.balance_of_account("refund")
    assert owed == way.takes(WRONG["too much"]).back
    with way.down():
        assert way.give_back() == 0
    assert invariants.balance_of_account("refund") == owed
    assert [way.give_back() for _ in range(3)] == [1, 0, 0]
    assert way.refunds(attempt) == [owed] and invariants.balance_of_account("refund") == usd(0)


def test_after_the_cancellation_nothing_is_given_back(
    way: Harness, nothing_written: Nothing
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    with nothing_written():
        with pytest.raises(errors.OrderNotOpen):
            refunding.owe_refund(actor=SYSTEM, at=way.at, order_id=attempt.order_id, reason="")
        assert way.give_back() == 0
    assert way.refunds(attempt) == []


def test_a_chargeback_after_the_cancellation_is_a_dispute_and_the_units_stay(
    way: Harness,
) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    for _ in range(2):
        way.take_back(attempt)
        way.deliver_all()
    dispute = Dispute.objects.get()
    assert (dispute.money, dispute.kind, dispute.outcome) == (DUE, "chargeback", "open")
    assert (stands(attempt), cancelled()) == (("fulfilled", "succeeded"), [17])
    assert way.give_back() == 0


def test_a_chargeback_before_the_cancellation_keeps_the_units_from_being_cancelled(
    way: Harness,
) -> None:
    offer = way.shop.offer(100)
    attempt = way.begin(offer)
    way.pay(attempt)
    way.take_back(attempt)
    way.deliver_all()
    assert (actions.fulfil_paid(at=way.at), cancelled()) == (0, [])
    assert stands(attempt) == ("refund_due", "refund_due")
    assert queries.held(offer, way.at) == 0
    assert (way.give_back(), way.refunds(attempt)) == (0, [])


def test_what_the_bank_took_back_is_not_given_back_besides(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt, WRONG["too much"])
    way.take_back(attempt)
    way.deliver_all()
    owed = invariants.balance_of_account("refund")
    assert (way.give_back(), way.refunds(attempt)) == (0, [])
    assert invariants.balance_of_account("refund") == owed > usd(0)


def test_what_was_begun_at_another_price_pays_for_nothing(way: Harness) -> None:
    offer = way.shop.offer(100)
    attempt = way.begin(offer)
    run_out(way)
    actions.change_price(
        actor=way.shop.seller, at=way.at, offer_id=offer.pk, price=Decimal("9.60")
    )
    actions.hold_again(actor=SYSTEM, at=way.at, order_id=attempt.order_id)
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("checkout", "refund_due")


def test_an_attempt_that_nobody_was_sent_to_ends_with_its_order(way: Harness) -> None:
    """The process died between the two transactions."""
    attempt = way.begin(way.shop.offer(100))
    PaymentAttempt.objects.filter(pk=attempt.pk).update(page_url="", provider_reference="")
    actions.poll_payments(at=way.at)
    assert stands(attempt) == ("payment_pending", "pending")
    assert way.again(attempt.order_id).page_url == attempt.page_url, "asked again, the same page"
    PaymentAttempt.objects.filter(pk=attempt.pk).update(page_url="", provider_reference="")
    run_out(way)
    actions.poll_payments(at=way.at)
    assert stands(attempt) == ("expired", "failed")
