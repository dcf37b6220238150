"""Stripe alone: what is sent, what is believed, and what a bad line does. The fake is real HTTP."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
import stripe
from django.test import Client

from cdm_portal import clock
from cdm_portal.values import SYSTEM, usd
from offsets import actions, errors, queries
from offsets.models import Dispute, ProviderEvent
from offsets.payments import providers, signing, webhooks
from tests.architecture import laws
from tests.offsets.conftest import Shop
from tests.offsets.contract.harness import StripeHarness
from tests.offsets.contract.test_events import many
from tests.offsets.fakestripe import FakeStripe

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Nothing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def card(shop: Shop, fake: FakeStripe) -> StripeHarness:
    return StripeHarness(shop, fake)


def posts(fake: FakeStripe) -> int:
    return sum(method == "POST" for method, _path in fake.asked)


def test_the_session_says_what_is_bought_and_nothing_of_the_buyer(card: StripeHarness) -> None:
    attempt = card.begin(card.shop.offer(100))
    order, session = attempt.order, card.fake.things[attempt.provider_reference]
    assert (session["amount_total"], session["currency"]) == (8160, "usd")
    assert session["client_reference_id"] == order.code
    assert session["expires_at"] == int(order.held_until.timestamp())
    assert (order.held_until - card.at).total_seconds() == 35 * 60
    assert attempt.page_url == session["url"]
    assert list(card.fake.answers) == [str(attempt.uuid)], "the attempt's uuid is the key"
    assert order.email not in json.dumps(session) and "Amina" not in json.dumps(session)


def test_only_what_names_the_payment_is_kept_of_a_message(card: StripeHarness) -> None:
    card.pay(card.begin(card.shop.offer(100)))
    event = json.loads(card.raws[-1])
    event["data"]["object"]["customer_details"] = {"email": "amina@example.org"}
    card.deliver(json.dumps(event).encode())
    kept = json.loads(ProviderEvent.objects.get().body)
    assert kept.keys() == {"id", "type", "object", "attempt"}


@pytest.mark.parametrize("how", ["500", "cut"])
def test_an_answer_lost_after_the_work_was_done_opens_no_second_session(
    card: StripeHarness, how: str
) -> None:
    """A cut line is tried again under the same key; an error is Stripe's final word for its key."""
    order = card.order(card.shop.offer(100))
    card.fake.after_commit = how
    if how == "500":
        with pytest.raises(errors.ProviderDown):
            card.again(order.pk)
        assert queries.order(order.pk).state == "failed"
    attempt = card.again(order.pk)
    sessions = [t for t in card.fake.things.values() if t["object"] == "checkout.session"]
    assert len(sessions) == (1 if how == "cut" else 2)
    card.pay(attempt)
    card.deliver_all()
    assert queries.order(order.pk).state == "paid"


@pytest.mark.parametrize("how", ["500", "cut"])
def test_a_refund_whose_answer_was_lost_is_not_given_twice(card: StripeHarness, how: str) -> None:
    attempt = card.begin(card.shop.offer(100))
    card.pay(attempt, usd("90.00"))
    card.deliver_all()
    card.fake.after_commit = how
    for _ in range(3):
        actions.refund_owed(actor=SYSTEM, at=card.at)
    assert card.refunds(attempt) == [usd("90.00")]
    assert queries.attempt(attempt.uuid).refund_reference.startswith("re_test_")


ALIENS: dict[str, dict[str, Any]] = {
    "another mode": {"livemode": True}, "another order": {"client_reference_id": "ord_other"},
    "another attempt": {"metadata": {"attempt": str(uuid4())}},
    "nobody's": {"metadata": {}}, "another session": {"id": "cs_test_other"},
}


@pytest.mark.parametrize("wrong", ALIENS.values(), ids=ALIENS)
def test_an_answer_about_another_payment_is_not_believed(
    card: StripeHarness, nothing_written: Nothing, wrong: dict[str, Any]
) -> None:
    card.pay(card.begin(card.shop.offer(100)))
    card.fake.wrong = wrong
    with nothing_written(), pytest.raises(errors.UnknownPayment):
        card.deliver(card.raws[-1])


@pytest.mark.parametrize("changed", [{"livemode": True}, {"account": "acct_other"}], ids=str)
def test_an_event_of_another_account_or_mode_is_refused(
    card: StripeHarness, nothing_written: Nothing, changed: dict[str, Any]
) -> None:
    card.pay(card.begin(card.shop.offer(100)))
    raw = json.dumps(json.loads(card.raws[-1]) | changed).encode()
    with nothing_written(), pytest.raises(errors.BadEvent):
        card.deliver(raw)


def test_events_that_are_no_matter_of_ours_are_answered_and_forgotten(
    card: StripeHarness, nothing_written: Nothing
) -> None:
    card.pay(card.begin(card.shop.offer(100)))
    raw = json.dumps(json.loads(card.raws[-1]) | {"type": "customer.created"}).encode()
    with nothing_written():
        assert card.deliver(raw) is False


def test_a_refund_by_hand_after_the_cancellation_is_a_dispute(card: StripeHarness) -> None:
    attempt = card.begin(card.shop.offer(100))
    card.pay(attempt)
    card.deliver_all()
    actions.fulfil_paid(at=card.at)
    card.fake.refund_by_hand(attempt.provider_reference, 1000)
    card.deliver_all()
    dispute = Dispute.objects.get()
    assert (dispute.kind, dispute.money, dispute.outcome) == ("refund", usd("10.00"), "lost")
    assert queries.order(attempt.order_id).state == "fulfilled"


def test_a_dispute_that_is_won_says_so_and_stays_so(card: StripeHarness) -> None:
    attempt = card.begin(card.shop.offer(100))
    card.pay(attempt)
    card.take_back(attempt)
    card.fake.dispute(attempt.provider_reference, "won")
    card.deliver_all()
    assert Dispute.objects.get().outcome == "won"


def test_a_page_that_is_not_the_providers_is_never_led_to(
    card: StripeHarness, settings: Any
) -> None:
    settings.STRIPE_PAGES = "https://checkout.stripe.com"
    with pytest.raises(errors.ProviderDown, match="no page"):
        card.begin(card.shop.offer(100))


def test_the_signature_is_the_one_of_stripes_own_code(card: StripeHarness) -> None:
    now = int(time.time())
    made = stripe.WebhookSignature.generate_signature_header("{}", card.secret, now)
    at = clock.now().fromtimestamp(now, tz=clock.now().tzinfo)
    signing.verify(b"{}", made, card.secret, at)
    header = signing.sign(b"{}", card.secret, at)
    assert stripe.WebhookSignature.verify_header(b"{}", header, card.secret, 300)
    changing = f"{signing.sign(b'{}', 'the next one', at)},{header.partition(',')[2]}"
    signing.verify(b"{}", changing, card.secret, at)


def client_of(fake: FakeStripe, retries: int = 0) -> stripe.StripeClient:
    return stripe.StripeClient(
        fake.key, base_addresses={"api": fake.base}, max_network_retries=retries
    )


def test_the_fake_keeps_idempotency_as_stripe_does(card: StripeHarness) -> None:
    """Replayed, refused on a mismatch, refused while running, forgotten if nothing was begun."""
    attempt = card.begin(card.shop.offer(100))
    card.pay(attempt, usd("90.00"))
    refunds = client_of(card.fake).v1.refunds
    intent = card.fake.things[attempt.provider_reference]["payment_intent"]
    key: Any = {"idempotency_key": "k"}
    with pytest.raises(stripe.InvalidRequestError):
        refunds.create({"payment_intent": intent, "amount": 9001}, key)
    first = refunds.create({"payment_intent": intent, "amount": 100}, key)
    again = refunds.create({"payment_intent": intent, "amount": 100}, key)
    assert (first.id, again.last_response.headers["idempotent-replayed"]) == (again.id, "true")
    with pytest.raises(stripe.IdempotencyError):
        refunds.create({"payment_intent": intent, "amount": 200}, key)
    card.fake.gate, other = threading.Event(), {"idempotency_key": "other"}
    running = threading.Thread(
        target=refunds.create, args=({"payment_intent": intent, "amount": 300}, other)
    )
    running.start()
    while "other" not in card.fake.running:
        time.sleep(0.005)
    with pytest.raises(stripe.StripeError) as refused:
        refunds.create({"payment_intent": intent, "amount": 300}, other)  # type: ignore[arg-type]
    assert refused.value.http_status == 409
    card.fake.gate.set()
    running.join()
    assert [money.amount for money in card.refunds(attempt)] == [1, 3]


def test_the_checkout_may_lead_to_stripe_and_no_other_page_may(
    client: Client, card: StripeHarness, settings: Any
) -> None:
    card.shop.at = clock.now()
    order = card.shop.order(card.shop.offer(100), 17, buyer="one")
    session = client.session
    session["buyer"] = "one"
    session.save()
    page = client.get(f"/orders/{order.code}/")
    allowed = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {card.fake.base}" in allowed
    assert page.content.count(b'type="radio" name="provider"') == 2
    assert re.search(rb'value="stripe_checkout"[^>]*checked', page.content)
    for word in (b"js.stripe.com", b"cc-number", b"card number"):
        assert word not in page.content
    assert "stripe" not in client.get("/").headers["Content-Security-Policy"]
    settings.PAYMENT_PROVIDERS = ["sandbox"]
    plain = client.get(f"/orders/{order.code}/").headers["Content-Security-Policy"]
    assert card.fake.base not in plain


def test_without_both_keys_it_is_off(shop: Shop, fake: FakeStripe, settings: Any) -> None:
    for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"):
        kept, empty = getattr(settings, name), ""
        setattr(settings, name, empty)
        assert "stripe_checkout" not in [way.slug for way in providers.available()]
        with pytest.raises(errors.ProviderOff):
            webhooks.receive("stripe_checkout", b"{}", {}, shop.at)
        setattr(settings, name, kept)


def test_it_is_not_loaded_before_it_is_asked_for() -> None:
    """Its library takes a quarter of a second, which no start-up pays: it is named by a text."""
    ours = r"offsets\.payments\.(stripe_checkout|cards)|offsets\.payments import .*stripe_checkout"
    names = re.compile(rf"^\s*(import|from) (stripe\b|{ours})", re.M)
    importing = [
        path.name for path in laws.sources(laws.ROOT) if names.search(path.read_text())
    ]
    assert importing == ["actions.py", "line.py", "stripe_checkout.py"]


def test_the_webhook_answers_a_provider_that_is_away_so_that_it_sends_again(
    client: Client, card: StripeHarness
) -> None:
    card.shop.at = card.fake.now = clock.now()
    card.pay(card.begin(card.shop.offer(100)))
    raw, headers = card.sign(card.raws[-1], clock.now())
    with card.down():
        answer = client.post(
            "/pay/stripe_checkout/webhook", raw, content_type="application/json", headers=headers
        )
    assert (answer.status_code, ProviderEvent.objects.count()) == (503, 0)
    answer = client.post(
        "/pay/stripe_checkout/webhook", raw, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()) == (200, {"received": True, "repeated": False})


def test_the_fakes_own_mess_has_one_effect(card: StripeHarness) -> None:
    """Twice each, shuffled, some kinds lost: only where the messages come from a server."""
    made = many(card, 10)
    card.fake.on_event = None
    for sent in card.fake.deliveries(duplicate=2, seed=5, drop=["charge.dispute.created"]):
        card.deliver(sent)
    actions.poll_payments(at=card.at)
    for attempt, kind in made:
        found = queries.attempt(attempt.uuid)
        assert (str(found.order.state), found.state) == card.ends[kind], kind
