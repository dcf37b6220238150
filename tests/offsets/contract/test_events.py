"""Messages in every order, and many of them, forged ones among them: one effect each.

Small in every run; with --full every permutation, and 20,000 messages.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from cdm_portal.values import Money, usd
from offsets import actions, queries
from offsets.models import Dispute, MoneyEntry, PaymentAttempt
from offsets.payments.provider import PaymentState, Reversal, Status
from tests.offsets.contract.harness import DUE, Harness

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Ending = tuple[Any, ...]


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is undone, as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ending(attempt: PaymentAttempt) -> Ending:
    """Everything that an order of arrival could have made different."""
    found, order = queries.attempt(attempt.uuid), queries.order(attempt.order_id)
    moved = MoneyEntry.objects.order_by("id").values_list("debit", "credit", "amount")
    taken = Dispute.objects.values_list("reference", "kind", "outcome")
    return (
        order.state, order.note, found.state, found.received, tuple(sorted(moved)), tuple(taken)
    )


def orders_of(what: Sequence[Any], full: bool, few: int = 8) -> list[Sequence[Any]]:
    """All permutations under --full; else the first, the last and some between."""
    every = list(itertools.permutations(what))
    if full or len(every) <= few:
        return every
    return [every[0], every[-1], *random.Random(6).sample(every, few - 2)]


def test_six_messages_in_any_order_end_the_same(way: Harness, full: bool) -> None:
    """The last word is the same; only its messages are shuffled: parts, and one thing told twice.
    """
    attempt = way.begin(way.shop.offer(100))
    endings = set()
    for order in orders_of(way.six(attempt), full):
        with undone():
            for raw in order:
                way.deliver(raw)
            endings.add(ending(attempt))
    assert len(endings) == 1
    assert next(iter(endings))[:1] == ("paid",)


BACK = (Reversal("du_1", "chargeback", DUE, "fraudulent", "open"),)
LOST = (Reversal("du_1", "chargeback", DUE, "fraudulent", "lost"),)
WORDS = (
    Status(PaymentState.PENDING, DUE), Status(PaymentState.DECLINED, DUE),
    Status(PaymentState.EXPIRED, DUE), Status(PaymentState.PAID, DUE),
    Status(PaymentState.PAID, DUE, BACK), Status(PaymentState.PAID, DUE, LOST),
)


@pytest.mark.parametrize("last", [DUE, usd("81.61"), Money("81.60", "EUR")], ids=str)
def test_six_words_in_any_order_end_the_same(way: Harness, full: bool, last: Money) -> None:
    """Whatever was read before and however late it is applied, the end is the provider's end."""
    attempt = way.begin(way.shop.offer(100))
    words = [
        Status(word.state, last if word.state == PaymentState.PAID else DUE, word.reversals)
        for word in WORDS
    ]
    endings = set()
    for order in orders_of(words, full):
        with undone():
            for word in order:
                actions.apply_status(at=way.at, reference=attempt.uuid, status=word)
            endings.add(ending(attempt))
    assert len(endings) == 1
    found = next(iter(endings))
    assert found[2] == ("succeeded" if last == DUE else "refund_due")
    assert found[-1] == (("du_1", "chargeback", "lost"),)


def many(way: Harness, count: int) -> list[tuple[PaymentAttempt, str]]:
    """So many payments that the provider has brought to some end, no message delivered."""
    offer = way.shop.offer(900)
    made = []
    kinds = list(way.ends)
    for number in range(count):
        attempt, kind = way.begin(offer), kinds[number % len(kinds)]
        if kind in {"pay", "taken back"}:
            way.pay(attempt)
        if kind == "taken back":
            way.take_back(attempt)
        if kind == "too much":
            way.pay(attempt, usd("81.61"))
        if kind == "decline":
            way.decline(attempt)
        if kind == "wait":
            way.wait(attempt)
        made.append((attempt, kind))
    return made


def test_many_shuffled_duplicated_and_forged_messages_have_one_effect_each(
    way: Harness, full: bool
) -> None:
    dice = random.Random(20_000)
    made = many(way, 50 if full else 15)
    paid = [attempt for attempt, kind in made if kind != "wait"]
    total = 20_000 if full else 250
    sent = [(raw, True) for raw in way.raws]
    sent += [(dice.choice(way.raws), dice.random() < 0.5) for _ in range(total - len(sent))]
    dice.shuffle(sent)
    told = Counter[str]()
    for raw, honest in sent:
        try:
            what = raw if honest else way.forged(raw, dice.choice(paid), dice)
            told["new" if way.deliver(what) else "again"] += 1
        except way.refusal:
            told["refused"] += 1
    assert told["new"] == way.kept() == way.distinct()
    assert told["refused"] == sum(not honest for _raw, honest in sent)
    for attempt, kind in made:
        found = queries.attempt(attempt.uuid)
        assert (str(found.order.state), found.state) == way.ends[kind], kind
        entries = MoneyEntry.objects.filter(attempt=attempt, credit="buyer").count()
        assert entries == (kind in {"pay", "taken back", "too much"}), kind
    assert Dispute.objects.count() == sum(kind == "taken back" for _attempt, kind in made)
