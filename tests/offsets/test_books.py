"""The shop's own books: red on a planted wrong row, the diagram known twice, the rights enough."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from offsets import actions, invariants, queries
from offsets.models import Order
from tests.offsets.bank_files import credit
from tests.offsets.conftest import Shop
from tests.offsets.test_invoices import invoiced, pay
from tests.offsets.test_payouts import confirm, send

pytestmark = pytest.mark.usefixtures("db")

TABLES = (
    "order", "orderline", "moneyentry", "certificate", "paymentattempt", "payout", "bankpayer",
)  # fmt: skip
PLANTED = {
    "cancelled lines of its tonnes": "UPDATE offsets_certificate SET tonnes = tonnes + 1",
    "only a fulfilled order": "UPDATE offsets_order SET state = 'paid'",
    "stands on one of its lines": "UPDATE offsets_orderline SET cancellation_id = NULL",
    "the money of its lines": "UPDATE offsets_orderline SET unit_price = unit_price + 1",
    "held for it, earned": "DELETE FROM offsets_moneyentry WHERE credit = 'buyer'",
    "participants earn exactly": "DELETE FROM offsets_moneyentry WHERE credit = 'participant'",
    "a line earns its price": "UPDATE offsets_moneyentry SET amount = amount + 1 "
                              "WHERE credit = 'participant'",
    "what is given back": "UPDATE offsets_paymentattempt SET state = 'refund_due'",
    "an invoice received": "UPDATE offsets_paymentattempt SET provider = 'invoice'",
    "both cancelled and refunded": "UPDATE offsets_paymentattempt SET state = 'refunded'",
    "the catalogue says": "UPDATE offsets_catalogueentry SET price = 1",
    "the public record says": "UPDATE offsets_cancelledentry SET quantity = 1",
    "an erased order keeps": "UPDATE offsets_order SET erased_at = cdm_now()",
    "a payout is booked once": "UPDATE offsets_payout SET amount = amount + 1",
    "paid more than is due": "UPDATE offsets_moneyentry SET amount = amount + 1000 "
                             "WHERE debit = 'participant'",
    "who paid an erased order": "UPDATE offsets_order SET erased_at = cdm_now() + '1 day'",
    "every credit has its payer": "DELETE FROM offsets_bankpayer",
}
BY_TRANSFER = {
    "a payout is booked once", "paid more than is due", "who paid an erased order",
    "every credit has its payer",
}
"""What is said of money that went over the bank account."""


def transfers(shop: Shop) -> None:
    """A seller is paid for what the first buyer bought; an organisation pays by invoice."""
    confirm(shop, send(shop, "24.00"))
    attempt = invoiced(shop)
    pay(shop, credit(attempt.order_id, "81.60"))
    actions.fulfil(at=shop.at, order_id=attempt.order_id)


@pytest.mark.parametrize("rule", PLANTED)
def test_the_check_is_red_on_a_planted_wrong_row(shop: Shop, rule: str) -> None:
    shop.buy(shop.offer(100), 17)
    if rule in BY_TRANSFER:
        transfers(shop)
    assert invariants.problems() == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, "DISABLE")
        cursor.execute(PLANTED[rule])
        found = [str(problem) for problem in invariants.problems()]
        out = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("reconcile", "--money", stdout=out)
        transaction.set_rollback(True)
    assert any(rule in problem for problem in found), found
    assert "do not hold" in out.getvalue()


def test_every_rule_has_a_planted_wrong_row() -> None:
    assert all(any(part in rule for part in PLANTED) for rule in invariants.RULES)
    assert len(PLANTED) == len(invariants.RULES)


def test_the_command_is_green_on_good_books(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.buy(shop.offer(100), 17)
    call_command("reconcile", "--money")
    assert "The books balance" in capsys.readouterr().out


ARROWS = {
    ("checkout", "payment_pending"), ("failed", "payment_pending"),
    ("payment_pending", "failed"), ("expired", "checkout"),
    ("paid", "fulfilled"), ("refund_due", "refunded"), ("paid", "refund_due"),
    *product(("checkout", "payment_pending", "failed"), ("expired",)),
    *product(("checkout", "payment_pending", "failed", "expired"), ("paid", "refund_due")),
}  # fmt: skip


def test_the_model_knows_the_diagram() -> None:
    names = ("begin_payment", "fail", "expire", "hold_again", "confirm", "owe_refund", "fulfil",
             "refund")
    found = {
        (str(source), str(arrow.target))
        for name in names
        for source, arrow in getattr(Order, name)._django_fsm.transitions.items()
    }
    assert found == ARROWS


@pytest.mark.parametrize("source", list(Order.State))
def test_the_database_knows_the_diagram(shop: Shop, source: str) -> None:
    """Every pair of states is tried by a hand that skips the code."""
    order = shop.order(shop.offer(10), 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, "DISABLE")
        cursor.execute(
            "UPDATE offsets_order SET state = %s, beneficiary_name = 'A', paid_at = cdm_now(), "
            "fulfilled_at = cdm_now()", [source],
        )
        _triggers(cursor, "ENABLE")
        for target in Order.State:
            allowed = source == target or (str(source), str(target)) in ARROWS
            assert _moves(order, target) == allowed, (source, target)
        _triggers(cursor, "DISABLE")
        cursor.execute("UPDATE offsets_order SET state = 'expired'")
        _triggers(cursor, "ENABLE")


def _triggers(cursor: Any, switch: str) -> None:
    """The first wall down, as only the owner of the tables could: what is behind it must hold."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE offsets_{table} {switch} TRIGGER USER")


def _moves(order: Order, target: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(
                "UPDATE offsets_order SET state = %s WHERE id = %s", [target, order.pk]
            )
            transaction.set_rollback(True)
    except DatabaseError as error:
        assert "no way from" in str(error)
        return False
    return True


@pytest.fixture
def as_the_application(shop: Shop) -> Iterator[None]:
    """The web's and the worker's role in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET ROLE cdm_app")
        yield
        cursor.execute("RESET ROLE")


def test_the_applications_role_can_sell_and_cancel(shop: Shop, as_the_application: None) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    assert queries.certificate(certificate.code) == certificate
    assert invariants.problems() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE offsets_moneyentry SET amount = 1",
        "DELETE FROM offsets_moneyentry",
        "UPDATE offsets_providerevent SET body = ''",
        "DELETE FROM offsets_providerevent",
        "DELETE FROM offsets_order",
        "DELETE FROM offsets_certificate",
        "TRUNCATE offsets_order CASCADE",
        "ALTER TABLE offsets_order DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_the_applications_role_cannot_rewrite_the_record(
    shop: Shop, as_the_application: None, statement: str
) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
