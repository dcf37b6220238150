"""What must hold of orders and money, in plain SQL; read by `manage.py reconcile --money`.

I4, I5, I7 and I8 of reliability.md, section 7. Each query answers the rows that break its rule.
"""

from dataclasses import dataclass

from django.db import connection

from cdm_portal.values import Money, usd
from offsets.models import MoneyEntry


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that breaks a rule."""

    rule: str
    row: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.row}"


RULES: dict[str, str] = {
    "a fulfilled order has one certificate and cancelled lines of its tonnes": """
        SELECT o.code FROM offsets_order o
        LEFT JOIN offsets_certificate c ON c.order_id = o.id
        WHERE o.state = 'fulfilled' AND (c.id IS NULL OR c.tonnes <> o.quantity
          OR o.quantity IS DISTINCT FROM (SELECT sum(quantity) FROM offsets_orderline l
            WHERE l.order_id = o.id AND l.cancellation_id IS NOT NULL))""",
    "only a fulfilled order has a certificate or a cancelled line": """
        SELECT o.code FROM offsets_order o WHERE o.state <> 'fulfilled' AND (
          EXISTS (SELECT FROM offsets_certificate c WHERE c.order_id = o.id) OR EXISTS (
            SELECT FROM offsets_orderline l
            WHERE l.order_id = o.id AND l.cancellation_id IS NOT NULL))""",
    "every cancellation for an order stands on one of its lines": """
        SELECT c.id FROM registry_cancellation c
        LEFT JOIN offsets_orderline l ON l.cancellation_id = c.id
        WHERE c.kind = 'c' AND c.buyer <> 0 AND (l.id IS NULL OR l.order_id <> c.buyer
          OR l.lot_id <> c.lot_id OR l.quantity <> c.e - c.s + 1)""",
    "what an order received is held for it, earned or due back": """
        SELECT o.code FROM offsets_order o
        WHERE (SELECT coalesce(sum(CASE WHEN credit = 'buyer' THEN amount ELSE 0 END)
            - sum(CASE WHEN debit = 'buyer' THEN amount ELSE 0 END), 0)
            FROM offsets_moneyentry e WHERE e.order_id = o.id)
          <> CASE WHEN o.state = 'paid' THEN o.total ELSE 0 END""",
    "participants earn exactly what fulfilled orders cost": """
        SELECT o.code FROM offsets_order o
        WHERE (SELECT coalesce(sum(amount), 0) FROM offsets_moneyentry e
            WHERE e.order_id = o.id AND e.credit = 'participant')
          <> CASE WHEN o.state = 'fulfilled' THEN o.total ELSE 0 END""",
    "a line earns its price for the seller of its offer": """
        SELECT e.id FROM offsets_moneyentry e JOIN offsets_orderline l ON l.id = e.line_id
        JOIN offsets_offer f ON f.id = l.offer_id
        WHERE e.order_id <> l.order_id OR e.participant_id <> f.seller_id
          OR e.amount <> l.unit_price * l.quantity""",
    "what is given back was due back": """
        SELECT a.uuid FROM offsets_paymentattempt a
        WHERE (SELECT coalesce(sum(CASE WHEN credit = 'refund' THEN amount ELSE 0 END)
            - sum(CASE WHEN debit = 'refund' THEN amount ELSE 0 END), 0)
            FROM offsets_moneyentry e WHERE e.attempt_id = a.id)
          <> CASE WHEN a.state = 'refund_due' THEN coalesce(a.received, 0) ELSE 0 END""",
    "no order is both cancelled and refunded": """
        SELECT o.code FROM offsets_order o JOIN offsets_paymentattempt a ON a.order_id = o.id
        WHERE o.state = 'fulfilled' GROUP BY o.code
        HAVING count(*) FILTER (WHERE a.state = 'succeeded') <> 1""",
}


def problems() -> list[Problem]:
    """Every row that breaks a rule; empty when the shop's books balance."""
    found: list[Problem] = []
    with connection.cursor() as cursor:
        for rule, query in RULES.items():
            cursor.execute(query)
            found.extend(Problem(rule, str(row[0])) for row in cursor.fetchall())
    return found


def balance_of_account(account: str) -> Money:
    """What came to an account less what left it, in US dollars."""
    entries = MoneyEntry.objects.filter(currency="USD")
    into = sum((e.amount for e in entries.filter(credit=account)), start=usd(0).amount)
    out = sum((e.amount for e in entries.filter(debit=account)), start=usd(0).amount)
    return usd(into - out)
