"""Many buyers at once: exactly what there is, never more, and every refusal clean.

Real connections, real commits; each test has a database of its own. The negative control is a naive
function that reads and then writes: under the same load it oversells.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections

from cdm_portal.refusals import Refused
from offsets import actions, errors, invariants, queries
from offsets.models import Certificate, MoneyEntry, Offer, Order, ProviderEvent
from offsets.payments import bank, sandbox, webhooks
from offsets.values import GUEST
from registry.models import Cancellation
from tests import sealing
from tests.offsets import prints
from tests.offsets.conftest import DETAILS, Shop

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Run `work` in so many threads that start together; answers results and exceptions."""
    results: list[object] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    return results


def buy_until_refused(shop: Shop, offer: Offer) -> tuple[int, Refused]:
    """Buy tonne after tonne, from the order to the certificate, until there is none."""
    bought = 0
    while True:
        try:
            order = actions.start_order(
                at=shop.at, offer_id=offer.pk, quantity=1, price_version=1, order_key=uuid4(),
                anonymous=False,
            )
        except Refused as refusal:
            return bought, refusal
        actions.give_details(at=shop.at, order_id=order.pk, **DETAILS)  # type: ignore[arg-type]
        attempt = actions.begin_payment(at=shop.at, order_id=order.pk, provider="sandbox")
        bank.settle(at=shop.at, reference=attempt.uuid, button="pay")
        actions.fulfil(at=shop.at, order_id=order.pk)
        bought += 1


def test_64_threads_buy_exactly_100_tonnes_one_by_one(shop: Shop) -> None:
    offer = shop.offer(100)
    results = at_once(64, lambda number: buy_until_refused(shop, offer))
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(bought for bought, _ in results) == 100  # type: ignore[misc]
    assert {type(refusal) for _, refusal in results} <= {  # type: ignore[misc]
        errors.TooFewLeft, errors.OfferNotOpen,
    }
    booked = sorted(Cancellation.objects.filter(kind="c").values_list("s", "e"))
    assert booked == [(serial, serial) for serial in range(1, 101)]
    assert Certificate.objects.count() == Order.objects.filter(state="fulfilled").count() == 100
    assert queries.offer(offer.pk).state == Offer.State.SOLD_OUT


def test_a_naive_function_oversells_under_the_same_load(shop: Shop) -> None:
    """The negative control: with read-then-write the same 64 threads sell more than there is."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive (left_over integer); INSERT INTO naive VALUES (100)")
        cursor.execute("CREATE TABLE naive_sale (id serial)")

    def naive(number: int) -> int:
        bought = 0
        with connection.cursor() as cursor:
            while True:
                cursor.execute("SELECT left_over FROM naive")
                left = cursor.fetchone()[0]
                if left < 1:
                    return bought
                cursor.execute("UPDATE naive SET left_over = %s", [left - 1])
                cursor.execute("INSERT INTO naive_sale DEFAULT VALUES")
                bought += 1

    sold = sum(n for n in at_once(64, naive) if isinstance(n, int))
    assert sold > 100


def test_64_threads_hold_no_more_than_there_is(shop: Shop) -> None:
    shop.issue(50)
    offer = shop.offer(1050)  # two lots
    results = at_once(64, lambda number: shop.order(offer, 40))
    held = [r for r in results if isinstance(r, Order)]
    refused = Counter(type(r) for r in results if not isinstance(r, Order))
    assert len(held) == 26
    assert refused == {errors.TooFewLeft: 38}
    assert queries.held(offer, shop.at) == 1040


def test_one_press_of_many_fingers_is_one_order(shop: Shop) -> None:
    offer, key = shop.offer(100), uuid4()
    results = at_once(20, lambda number: actions.start_order(
        at=shop.at, offer_id=offer.pk, quantity=5, price_version=1, order_key=key,
        buyer=f"browser {number}", anonymous=False,
    ))
    assert len({order.pk for order in results if isinstance(order, Order)}) == 1
    assert [r for r in results if not isinstance(r, Order)] == []
    assert queries.held(offer, shop.at) == 5


def test_one_browser_in_many_tabs_has_one_open_order(shop: Shop) -> None:
    offer = shop.offer(100)
    results = at_once(20, lambda number: shop.order(offer, 1 + number % 4, buyer="b1"))
    assert [r for r in results if not isinstance(r, Order)] == []
    assert Order.objects.filter(state__in=Order.OPEN).count() == 1
    assert queries.held(offer, shop.at) == Order.objects.get(state__in=Order.OPEN).quantity


def test_twenty_deliveries_of_one_message_at_once_have_one_effect(shop: Shop) -> None:
    attempt = shop.pending(shop.offer(100), 17)
    payment = bank.actions.press(
        actor=GUEST, at=shop.at, reference=attempt.uuid, button="pay"
    )
    raw, headers = sandbox.message(payment, shop.at)
    results = at_once(20, lambda number: webhooks.receive("sandbox", raw, headers, shop.at))
    assert Counter(results) == {True: 1, False: 19}
    assert (ProviderEvent.objects.count(), MoneyEntry.objects.count()) == (1, 1)
    assert queries.order(attempt.order_id).state == Order.State.PAID


def test_many_workers_fulfil_each_order_once(shop: Shop) -> None:
    offer = shop.offer(100)
    orders = [shop.press(shop.pending(offer, 3), "pay") for _ in range(12)]
    results = at_once(16, lambda number: actions.fulfil_paid(at=shop.at))
    assert sum(n for n in results if isinstance(n, int)) == 12
    assert Cancellation.objects.filter(kind="c").count() == Certificate.objects.count() == 12
    assert {queries.order(order.pk).state for order in orders} == {Order.State.FULFILLED}


def test_many_workers_print_each_certificate_once(shop: Shop) -> None:
    offer = shop.offer(100)
    for _ in range(6):
        shop.buy(offer, 1)
    sealing.seal(at=shop.at, key=Ed25519PrivateKey.generate())
    key = prints.print_key()
    results = at_once(8, lambda number: actions.make_certificates(at=shop.at, key=key))
    assert sum(n for n in results if isinstance(n, int)) == 6
    assert not Certificate.objects.filter(sha256="").exists()


def test_paying_races_with_running_out_of_time(shop: Shop) -> None:
    """Whoever wins, an order ends paid with its units or due back: nothing is lost between."""
    offer = shop.offer(100)
    attempts = [shop.pending(offer, 5) for _ in range(10)]
    late = shop.at.replace(hour=shop.at.hour + 1)

    def work(number: int) -> object:
        if number % 2:
            return actions.expire_orders(at=late)
        return bank.settle(at=late, reference=attempts[number // 2].uuid, button="pay")

    results = at_once(20, work)
    assert [r for r in results if isinstance(r, Exception)] == []
    states = {queries.order(attempt.order_id).state for attempt in attempts}
    assert states == {Order.State.PAID}
    assert invariants.problems() == []
    assert actions.fulfil_paid(at=late) == 10
