"""What a lost message would have told of a settled payment is found by asking, once a day."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.values import usd
from offsets import actions, invariants, queries, waiting
from offsets.models import Dispute
from tests.offsets.conftest import Shop
from tests.offsets.contract.harness import DUE, Harness, StripeHarness
from tests.offsets.contract.standing import WRONG, cancelled, run_out, stands
from tests.offsets.fakestripe import FakeStripe

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
DAYS = 120


@pytest.fixture
def card(shop: Shop, fake: FakeStripe) -> StripeHarness:
    return StripeHarness(shop, fake)


def noted() -> list[tuple[str, str]]:
    return list(Dispute.objects.order_by("pk").values_list("kind", "outcome"))


def test_a_chargeback_whose_message_is_lost_is_noted_within_a_day(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    actions.fulfil_paid(at=way.at)
    assert actions.watch_payments(at=way.at) == 1
    way.take_back(attempt)
    assert (actions.watch_payments(at=way.at), noted()) == (0, []), "asked today already"
    way.later(days=1)
    with way.down():
        assert (actions.watch_payments(at=way.at), noted()) == (0, [])
    way.later(days=1)
    assert (actions.watch_payments(at=way.at), noted()) == (1, [("chargeback", "open")])
    way.deliver_all()
    assert noted() == [("chargeback", "open")], "the message that comes after all says no more"
    assert (stands(attempt), cancelled()) == (("fulfilled", "succeeded"), [17])
    assert Dispute.objects.get().money == DUE
    way.later(days=DAYS)
    assert actions.watch_payments(at=way.at) == 0


def test_a_transfer_is_never_asked_after(way: Harness) -> None:
    attempt = way.begin(way.shop.offer(100))
    way.pay(attempt)
    way.deliver_all()
    way.later(days=1)
    assert actions.watch_payments(at=way.at) == (0 if attempt.by_transfer else 1)


@pytest.mark.parametrize("lost", [False, True])
def test_a_refund_that_fails_later_comes_to_the_secretariat(
    card: StripeHarness, lost: bool, client: Client, sign_in: object
) -> None:
    attempt = card.begin(card.shop.offer(100))
    card.pay(attempt, WRONG["too much"])
    card.deliver_all()
    assert card.give_back() == 1
    owed, name = card.refunds(attempt)[0], card.fake.fail_refund(attempt.provider_reference)
    assert json.loads(card.raws[-1])["type"] == "refund.failed"
    if lost:
        card.later(days=1)
        assert actions.watch_payments(at=card.at) == 1
    else:
        assert card.deliver(card.raws[-1]) is True
    dispute = Dispute.objects.get()
    assert (dispute.kind, dispute.outcome, dispute.reference) == ("failed", "open", name)
    assert dispute.money == owed and stands(attempt) == ("failed", "refunded")
    assert invariants.balance_of_account("refund") == usd(0), "it is booked as given back"
    desk = sign_in(client, card.shop.cast.secretariat)  # type: ignore[operator]
    assert "US$81.61 did not reach a buyer" in desk.get("/desk/").content.decode()
    page = desk.get(reverse("offsets:dispute", args=[dispute.pk]))
    assert "It is theirs: send it another way" in page.content.decode()
    ended = actions.close_dispute(
        actor=card.shop.cast.secretariat, at=card.at, dispute_id=dispute.pk, note="By transfer."
    )
    assert ended.closed_at == card.at


def test_a_refund_that_is_not_carried_out_comes_to_the_secretariat(
    way: Harness, client: Client, sign_in: object
) -> None:
    offer = way.shop.offer(20)
    attempt = way.begin(offer)
    run_out(way)
    way.shop.order(offer, 4)
    way.pay(attempt)
    way.deliver_all()
    assert stands(attempt) == ("refund_due", "refund_due")
    actor = way.shop.cast.secretariat

    def slow() -> int:
        lines = waiting.queue(actor, way.at)
        return sum(each.rows.count() for each in lines if each.kind == "offsets.slow_refund")

    way.later(minutes=59)
    assert slow() == 0
    way.later(minutes=1)
    by_hand = queries.attempt(attempt.uuid).by_transfer
    assert slow() == (0 if by_hand else 1)
    shown = sign_in(client, actor).get("/desk/").content.decode()  # type: ignore[operator]
    assert ("is still due back to a buyer" in shown) is not by_hand
    way.give_back()
    assert slow() == 0
