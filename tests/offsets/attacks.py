"""What an insider who owns the shop's tables may try, and the one wall that refuses it.

The state that they attack (`assault` in test_attacks.py): one offer; of its orders one at the
checkout, one waiting for payment, one paid, one fulfilled; messages of the provider for each paid,
and the bank took the paid one's money back; a basket with one item.
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


def attempt(**changes: str) -> str:
    """A payment past the actions."""
    row = {"uuid": "uuidv7()", "order_id": PAID, "provider": "'sandbox'", "amount": "1",
           "currency": "'USD'", "state": "'pending'", "received": "NULL",
           "received_currency": "''", "refund_reference": "''", "provider_reference": "''",
           "page_url": "''", "started_at": "cdm_now()"} | changes
    return (f"INSERT INTO offsets_paymentattempt ({', '.join(row)})"
            f" VALUES ({', '.join(row.values())})")


def dispute(**changes: str) -> str:
    """A dispute past the actions."""
    row = {"attempt_id": "(SELECT attempt_id FROM offsets_dispute)", "reference": "'du'",
           "kind": "'refund'", "amount": "1", "currency": "'USD'", "reason": "''",
           "outcome": "'open'", "noted_at": "cdm_now()", "note": "''"} | changes
    return f"INSERT INTO offsets_dispute ({', '.join(row)}) VALUES ({', '.join(row.values())})"


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
    trigger("certificate", "of_record_truncate", "TRUNCATE offsets_certificate CASCADE",
            TRUNCATED, TRUNCATED),
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

SUCCEEDED = "state = 'succeeded'"
GUARD = ("paymentattempt", "guard_state")
MONEY = (
    check("paymentattempt", "attempt_amount_positive", attempt(amount="0")),
    check("paymentattempt", "attempt_paid_in_full", put(
        "paymentattempt", "state = 'succeeded', received = 0.01, received_currency = 'USD'",
        "state = 'pending'")),
    check("paymentattempt", "attempt_paid_in_full",
          put("paymentattempt", "state = 'succeeded', received_currency = 'USD'",
              "state = 'pending'")),
    check("paymentattempt", "order_paid_once", attempt(
        state="'succeeded'", received="1", received_currency="'USD'")),
    check("paymentattempt", "provider_reference_once",
          put("paymentattempt", "provider_reference = 'cs_1'", "true")),
    check("paymentattempt", "offsets_paymentattempt_uuid_key",
          attempt(uuid="(SELECT uuid FROM offsets_paymentattempt LIMIT 1)")),
    trigger(*GUARD, put("paymentattempt", "state = 'refund_due'", f"order_id = {FULFILLED}"),
            "what paid for cancelled units is never given back"),
    trigger(*GUARD, put("paymentattempt", "state = 'pending'", SUCCEEDED),
            "no way from succeeded to pending"),
    trigger(*GUARD, put("paymentattempt", "amount = 99", "state = 'pending'"), "for what, stays"),
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

DISPUTES = (
    trigger("dispute", "of_record", put("dispute", "amount = 1", "true"), "a dispute is kept"),
    trigger("dispute", "of_record", "DELETE FROM offsets_dispute", "a dispute is kept"),
    trigger("dispute", "of_record_truncate", "TRUNCATE offsets_dispute", TRUNCATED),
    check("dispute", "dispute_once", dispute(reference="(SELECT reference FROM offsets_dispute)")),
    check("dispute", "dispute_amount_positive", dispute(amount="0")),
    check("dispute", "dispute_closed_says_how", put("dispute", "closed_at = cdm_now()", "true")),
)  # fmt: skip

BASKETS = (
    check("basketitem", "basket_quantity_whole", put("basketitem", "quantity = 0", "true")),
    check("basketitem", "basket_amount_positive", put("basketitem", "amount = 0", "true")),
    check("basketitem", "basket_is_somebodys", put("basketitem", "buyer_key = ''", "true")),
    check("basketitem", "basket_offer_once",
          "INSERT INTO offsets_basketitem (buyer_key, offer_id, quantity, changed_at)"
          " SELECT buyer_key, offer_id, 1, changed_at FROM offsets_basketitem"),
)  # fmt: skip

GONE = ("beneficiary_name = '', email = '', reason = '', reference = '', buyer_key = '',"
        " name_public = false, erased_at = cdm_now()")
LINK = ("INSERT INTO offsets_datalink (order_id, key, purpose, asked_at, expires_at, state, tries,"
        " next_try_at) SELECT id, '00000000-0000-7000-8000-000000000001', 'correct', cdm_now(),"
        " cdm_now(), 'waiting', 0, cdm_now() FROM offsets_order WHERE state = 'fulfilled'")
PRINT = ("UPDATE offsets_certificate SET pdf = '%PDF'::bytea,"
         " sha256 = encode(sha256('%PDF'::bytea), 'hex');"
         " UPDATE offsets_certificate SET pdf = NULL, sha256 = ''")
ERASURE = (
    trigger("order", "guard_begin",
            f"DELETE FROM offsets_orderline WHERE id = {OPEN_LINE};"
            f" DELETE FROM offsets_order WHERE {AT_CHECKOUT}", "an order is never deleted"),
    trigger("order", "guard_erasure", put("order", GONE, "state = 'paid'"),
            "when no money is under way"),
    trigger("order", "guard_erasure", put("order", "erased_at = cdm_now()", "state = 'fulfilled'"),
            "an erased order names nobody"),
    trigger("certificate", "of_record_delete", "DELETE FROM offsets_certificate",
            "a certificate stays as it is"),
    trigger("certificate", "print_erased", PRINT, "a print goes when the personal data"),
    trigger("nameseal", "kept", "DELETE FROM offsets_nameseal", "the salt of a name stays"),
    check("datalink", "data_link_ended_has_time",
          LINK.replace("'waiting', 0", "'sent', 0")),
    check("datalink", "offsets_datalink_tries_check",
          LINK.replace("'waiting', 0", "'waiting', -1")),
    check("datalink", "offsets_datalink_key_key", f"{LINK}; {LINK}"),
    check("datalink", "data_link_used_in_time",
          f"{LINK}; UPDATE offsets_datalink SET used_at = cdm_now()"),
)  # fmt: skip

ALL = (
    TRIGGERS + OFFERS + ORDERS + MONEY + CERTIFICATES + RECEIPTS + DISPUTES + BASKETS + ERASURE
)

EXEMPT = {
    "offsets_orderline_cancellation_id_key":
        "the trigger of_record refuses a line with another key first, and keys are unique",
    "reissue_position":
        "the trigger of_record counts first; two at once meet at the order's lock before it",
    "offsets_order.record_follows": "refuses nothing: tests/offsets/test_public_list.py",
    "offsets_reissue.record_follows": "refuses nothing: tests/offsets/test_public_list.py",
    "offsets_offer.catalogue_begins": "refuses nothing: tests/offsets/test_catalogue.py",
    "offsets_offer.catalogue_follows": "refuses nothing: tests/offsets/test_catalogue.py",
}  # fmt: skip
"""Walls that no statement can reach, because another stands before them, and which one."""
