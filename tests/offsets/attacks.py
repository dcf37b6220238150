"""What an insider who owns the shop's tables may try, and the one wall that refuses it.

The state that they attack (`assault` in test_attacks.py): one offer; of its orders one at the
checkout, one waiting for payment, one paid, one fulfilled; a message of the provider for each paid.
"""

from __future__ import annotations

from dataclasses import dataclass

CHECKOUT = "(SELECT id FROM offsets_order WHERE state = 'checkout')"
PAID = "(SELECT id FROM offsets_order WHERE state = 'paid')"
FULFILLED = "(SELECT id FROM offsets_order WHERE state = 'fulfilled')"
OPEN_LINE = f"(SELECT id FROM offsets_orderline WHERE order_id = {CHECKOUT})"
SOLD_LINE = f"(SELECT id FROM offsets_orderline WHERE order_id = {FULFILLED})"


@dataclass(frozen=True)
class Attack:
    """A statement and the wall of `table` that refuses it, with words of the error.

    `then` are words of the second wall, which stands when the first is down; None: nothing else.
    """

    table: str
    wall: str
    statement: str
    says: str
    then: str | None = None


def check(table: str, wall: str, statement: str, then: str | None = None) -> Attack:
    """An attack that a constraint or unique index refuses by its name."""
    return Attack(f"offsets_{table}", wall, statement, f'"{wall}"', then)


def trigger(table: str, wall: str, statement: str, says: str, then: str | None = None) -> Attack:
    """An attack that a trigger refuses in its own words."""
    return Attack(f"offsets_{table}", wall, statement, says, then)


def put(table: str, change: str, where: str) -> str:
    """Some rows changed."""
    return f"UPDATE offsets_{table} SET {change} WHERE {where}"


def money(**changes: str) -> str:
    """A money entry past the actions."""
    row = {"order_id": FULFILLED, "line_id": "NULL", "debit": "'buyer'", "credit": "'refund'",
           "participant_id": "NULL", "amount": "1", "currency": "'USD'",
           "at": "cdm_now()"} | changes
    return f"INSERT INTO offsets_moneyentry ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def certificate(**changes: str) -> str:
    """A certificate past the actions."""
    row = {"order_id": PAID, "code": "'00000000000'", "number": "'VC-X'", "tonnes": "3",
           "sandbox": "true", "issued_at": "cdm_now()", "pdf": "NULL", "sha256": "''"} | changes
    return f"INSERT INTO offsets_certificate ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def receipt(**changes: str) -> str:
    """A notice of a receipt past the actions."""
    row = {"order_id": PAID, "key": "uuidv7()", "state": "'waiting'", "tries": "0",
           "next_try_at": "cdm_now()", "ended_at": "NULL"} | changes
    return f"INSERT INTO offsets_receipt ({', '.join(row)}) VALUES ({', '.join(row.values())})"


OF_RECORD = "rows are of record"
TRUNCATED = "rows are of record: TRUNCATE refused"
TRIGGERS = (
    trigger("providerevent", "of_record", put("providerevent", "body = ''", "true"), OF_RECORD),
    trigger("moneyentry", "of_record", "DELETE FROM offsets_moneyentry", OF_RECORD),
    trigger("orderline", "of_record", put("orderline", "quantity = 1", f"id = {SOLD_LINE}"),
            "a cancelled line stays as it is"),
    trigger("orderline", "of_record_truncate", "TRUNCATE offsets_orderline CASCADE",
            f"offsets_orderline {TRUNCATED}", f"offsets_moneyentry {TRUNCATED}"),
    trigger("order", "guard_state", put("order", "state = 'checkout'", "state = 'fulfilled'"),
            "no way from fulfilled to checkout"),
    trigger("order", "of_record_truncate", "TRUNCATE offsets_order CASCADE",
            f"offsets_order {TRUNCATED}", TRUNCATED),
    trigger("order", "fulfilled_is_whole",
            put("order", "state = 'fulfilled', fulfilled_at = cdm_now()", "state = 'paid'"),
            "a fulfilled order has its cancellations"),
    trigger("certificate", "of_record", put("certificate", "tonnes = 18", "true"),
            "a certificate stays as it is"),
    trigger("certificate", "of_record_truncate", "TRUNCATE offsets_certificate", TRUNCATED),
)  # fmt: skip

OFFERS = (
    check("offer", "offer_price_positive", put("offer", "price = 0", "true")),
    check("offer", "offer_has_units", put("offer", "quantity = 0", "true")),
    check("offer", "offer_in_dollars", put("offer", "currency = 'EUR'", "true")),
    check("offer", "offsets_offer_commitment_period_check",
          put("offer", "commitment_period = -1", "true")),
    check("offer", "offsets_offer_price_version_check", put("offer", "price_version = -1", "true")),
    check("offerlot", "offsets_offerlot_lot_id_key",
          "INSERT INTO offsets_offerlot (offer_id, lot_id)"
          " SELECT offer_id, lot_id FROM offsets_offerlot"),
    check("sandboxpayment", "offsets_sandboxpayment_reference_key",
          put("sandboxpayment",
              "reference = (SELECT reference FROM offsets_sandboxpayment LIMIT 1)", "true")),
    check("sandboxpayment", "offsets_sandboxpayment_events_check",
          put("sandboxpayment", "events = -1", "true")),
)  # fmt: skip

AT_CHECKOUT = "state = 'checkout'"
ORDERS = (
    check("order", "order_quantity_whole", put("order", "quantity = 0", AT_CHECKOUT)),
    check("order", "order_total_positive", put("order", "total = 0", AT_CHECKOUT)),
    check("order", "order_in_dollars", put("order", "currency = 'EUR'", AT_CHECKOUT)),
    check("order", "order_paid_has_time",
          put("order", "state = 'paid'", "state = 'payment_pending'")),
    check("order", "order_fulfilled_has_time",
          put("order", "state = 'fulfilled'", "state = 'paid'"),
          "a fulfilled order has its cancellations"),
    check("order", "order_names_somebody", put("order", "state = 'payment_pending'", AT_CHECKOUT)),
    check("order", "one_open_order_per_buyer",
          put("order", "buyer_key = 'one'", "state IN ('checkout', 'payment_pending')")),
    check("order", "offsets_order_code_key",
          put("order", f"code = (SELECT code FROM offsets_order WHERE id = {PAID})", AT_CHECKOUT)),
    check("order", "offsets_order_order_key_key", put(
        "order", f"order_key = (SELECT order_key FROM offsets_order WHERE id = {PAID})",
        AT_CHECKOUT)),
    check("orderline", "line_quantity_whole",
          put("orderline", "quantity = 0", f"id = {OPEN_LINE}")),
    check("orderline", "line_price_positive",
          put("orderline", "unit_price = 0", f"id = {OPEN_LINE}")),
    check("orderline", "line_per_lot_once",
          "INSERT INTO offsets_orderline (order_id, offer_id, lot_id, key, quantity, unit_price)"
          " SELECT order_id, offer_id, lot_id, gen_random_uuid(), 1, 1 FROM offsets_orderline"
          f" WHERE id = {OPEN_LINE}"),
    check("orderline", "offsets_orderline_key_key", put(
        "orderline", f"key = (SELECT key FROM offsets_orderline WHERE id = {SOLD_LINE})",
        f"id = {OPEN_LINE}")),
)  # fmt: skip

MONEY = (
    check("paymentattempt", "attempt_amount_positive",
          put("paymentattempt", "amount = 0", "state = 'pending'")),
    check("paymentattempt", "attempt_paid_in_full", put(
        "paymentattempt", "state = 'succeeded', received = 0.01, received_currency = 'USD'",
        "state = 'pending'")),
    check("paymentattempt", "attempt_paid_in_full",
          put("paymentattempt", "state = 'succeeded', received_currency = 'USD'",
              "state = 'pending'")),
    check("paymentattempt", "order_paid_once", put(
        "paymentattempt",
        f"order_id = {PAID}, state = 'succeeded', received = amount, received_currency = currency",
        "state = 'pending'")),
    check("paymentattempt", "offsets_paymentattempt_uuid_key",
          put("paymentattempt", "uuid = (SELECT uuid FROM offsets_paymentattempt LIMIT 1)",
              "true")),
    check("providerevent", "provider_event_once",
          "INSERT INTO offsets_providerevent (provider, event_id, kind, attempt_id, body,"
          " received_at) SELECT provider, event_id, kind, attempt_id, body, received_at"
          " FROM offsets_providerevent"),
    check("moneyentry", "entry_amount_positive", money(amount="0")),
    check("moneyentry", "entry_moves", money(debit="'refund'")),
    check("moneyentry", "entry_names_participant", money(credit="'participant'")),
    check("moneyentry", "offsets_moneyentry_line_id_key", money(
        credit="'participant'", line_id=SOLD_LINE,
        participant_id="(SELECT seller_id FROM offsets_offer)")),
)  # fmt: skip

CERTIFICATES = (
    check("certificate", "certificate_has_tonnes", certificate(tonnes="0")),
    check("certificate", "certificate_pdf_has_hash", certificate(pdf="'%PDF'::bytea")),
    check("certificate", "offsets_certificate_order_id_key", certificate(order_id=FULFILLED)),
    check("certificate", "offsets_certificate_code_key",
          certificate(code="(SELECT code FROM offsets_certificate)")),
    check("certificate", "offsets_certificate_number_key",
          certificate(number="(SELECT number FROM offsets_certificate)")),
)  # fmt: skip

RECEIPTS = (
    trigger("receipt", "of_record", "DELETE FROM offsets_receipt", "a notice is kept"),
    trigger("receipt", "of_record_truncate", "TRUNCATE offsets_receipt", TRUNCATED),
    check("receipt", "offsets_receipt_order_id_key", receipt(order_id=FULFILLED)),
    check("receipt", "offsets_receipt_key_key", receipt(key="(SELECT key FROM offsets_receipt)")),
    check("receipt", "offsets_receipt_tries_check", put("receipt", "tries = -1", "true")),
    check("receipt", "receipt_ended_has_time", put("receipt", "state = 'sent'", "true")),
)  # fmt: skip

ALL = TRIGGERS + OFFERS + ORDERS + MONEY + CERTIFICATES + RECEIPTS

EXEMPT = {
    "offsets_orderline_cancellation_id_key":
        "the trigger of_record refuses a line with another key first, and keys are unique",
}  # fmt: skip
"""Walls that no statement can reach, because another stands before them, and which one."""
