"""What must hold of orders, money and the catalogue, in plain SQL: `manage.py reconcile --money`.

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
    "an order is for the tonnes and the money of its lines": """
        SELECT o.code FROM offsets_order o LEFT JOIN (
          SELECT order_id, sum(quantity) AS tonnes, sum(unit_price * quantity) AS money
          FROM offsets_orderline GROUP BY order_id) l ON l.order_id = o.id
        WHERE (l.tonnes, l.money) IS DISTINCT FROM (o.quantity, o.total)""",
    "what an order received is held for it, earned or due back": """
        SELECT o.code FROM offsets_order o
        WHERE (SELECT coalesce(sum(CASE WHEN credit = 'buyer' THEN amount ELSE 0 END)
            - sum(CASE WHEN debit = 'buyer' THEN amount ELSE 0 END), 0)
            FROM offsets_moneyentry e WHERE e.order_id = o.id)
          <> CASE WHEN o.state = 'paid' THEN o.total ELSE 0 END
            + (SELECT coalesce(sum(a.received), 0) FROM offsets_paymentattempt a
               WHERE a.order_id = o.id AND a.state IN ('pending', 'failed'))""",
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
    "a payout is booked once for each of its parts when it is paid, and not before": """
        SELECT p.id FROM offsets_payout p
        LEFT JOIN offsets_payoutpart t ON t.payout_id = p.id
        LEFT JOIN offsets_moneyentry e ON e.part_id = t.id AND e.amount = t.amount
          AND e.participant_id = p.seller_id AND e.debit = 'participant'
        GROUP BY p.id
        HAVING sum(t.amount) IS DISTINCT FROM p.amount
          OR count(e.id) <> CASE WHEN p.state = 'paid' THEN count(t.id) ELSE 0 END""",
    "nobody is paid more than is due for a project": """
        SELECT concat(m.participant_id, ', project ', coalesce(f.project_id, t.project_id))
        FROM offsets_moneyentry m LEFT JOIN offsets_orderline l ON l.id = m.line_id
        LEFT JOIN offsets_offer f ON f.id = l.offer_id
        LEFT JOIN offsets_payoutpart t ON t.id = m.part_id
        WHERE m.participant_id IS NOT NULL
        GROUP BY m.participant_id, coalesce(f.project_id, t.project_id)
        HAVING sum(CASE WHEN m.credit = 'participant' THEN m.amount ELSE -m.amount END) < 0""",
    "what is given back was due back": """
        SELECT a.uuid FROM offsets_paymentattempt a
        WHERE (SELECT coalesce(sum(CASE WHEN credit = 'refund' THEN amount ELSE 0 END)
            - sum(CASE WHEN debit = 'refund' THEN amount ELSE 0 END), 0)
            FROM offsets_moneyentry e WHERE e.attempt_id = a.id)
          <> CASE WHEN a.provider = 'invoice' THEN (SELECT coalesce(sum(r.amount), 0)
              FROM offsets_refund r WHERE r.attempt_id = a.id AND r.state <> 'paid')
            WHEN a.state = 'refund_due' THEN coalesce(a.received, 0) ELSE 0 END""",
    "an invoice received what two persons matched, less what is over and due back": """
        SELECT a.uuid FROM offsets_paymentattempt a
        WHERE a.provider = 'invoice' AND (
          SELECT coalesce(sum(b.amount), 0) FROM offsets_bankmatch m
          JOIN offsets_bankentry b ON b.id = m.entry_id
          WHERE m.attempt_id = a.id AND m.state = 'confirmed')
          <> CASE WHEN a.state IN ('refund_due', 'refunded') THEN 0 ELSE coalesce(a.received, 0) END
            + (SELECT coalesce(sum(r.amount), 0) FROM offsets_refund r
               WHERE r.attempt_id = a.id)""",
    "no order is both cancelled and refunded": """
        SELECT o.code FROM offsets_order o JOIN offsets_paymentattempt a ON a.order_id = o.id
        WHERE o.state = 'fulfilled' GROUP BY o.code
        HAVING count(*) FILTER (WHERE a.state = 'succeeded') <> 1""",
    "the catalogue says what projects, offers and reports say": """
        SELECT p.reference FROM projects_project p
        LEFT JOIN offsets_catalogueentry e ON e.project_id = p.id
        LEFT JOIN offsets_catalogue_now(ARRAY(SELECT id FROM projects_project)) n
          ON n.project_id = p.id
        WHERE e IS DISTINCT FROM n""",
    "the public record says what cancellations and orders say": """
        SELECT coalesce(e.cancellation_id, n.cancellation_id) FROM offsets_cancelledentry e
        FULL JOIN offsets_cancelled_now(ARRAY(
          SELECT id FROM registry_cancellation WHERE kind = 'c')) n USING (cancellation_id)
        WHERE e IS DISTINCT FROM n
          AND NOT EXISTS (SELECT FROM offsets_orderline l JOIN offsets_order o ON o.id = l.order_id
            WHERE l.cancellation_id = n.cancellation_id AND o.state <> 'fulfilled')""",
    "an erased order keeps nothing of its buyer": """
        SELECT o.code FROM offsets_order o WHERE o.erased_at IS NOT NULL AND (
          concat(o.beneficiary_name, o.email, o.reason, o.reference, o.buyer_key) <> ''
          OR o.name_public OR EXISTS (SELECT FROM offsets_nameseal s WHERE s.order_id = o.id)
          OR EXISTS (SELECT FROM offsets_orderclaim m WHERE m.order_id = o.id)
          OR EXISTS (SELECT FROM offsets_certificate c
                     WHERE c.order_id = o.id AND c.pdf IS NOT NULL))""",
    "who paid an erased order by transfer is erased with it, once the money is settled": """
        SELECT m.entry_id FROM offsets_bankmatch m JOIN offsets_bankpayer p USING (entry_id)
        JOIN offsets_paymentattempt a ON a.id = m.attempt_id JOIN offsets_order o
          ON o.id = a.order_id
        WHERE m.state = 'confirmed' AND o.erased_at IS NOT NULL AND p.erased_at IS NULL
          AND o.erased_at > m.decided_at AND NOT EXISTS (
            SELECT FROM offsets_refund r WHERE r.attempt_id = a.id
              AND (r.state <> 'paid' OR r.confirmed_at > o.erased_at))""",
    "every credit has its payer's row": """
        SELECT b.id FROM offsets_bankentry b LEFT JOIN offsets_bankpayer p ON p.entry_id = b.id
        WHERE p.entry_id IS NULL""",
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
