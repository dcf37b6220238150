"""What an insider may try on the bank's records, the matches and the refunds.

The state that they attack (`assault` in test_attacks_on_bank.py): of one invoice a confirmed match
of 90.00, 8.40 of it due back; of another a match that waits and one that was set aside; two more
refunds, one said to be sent and one sent. The payers of the match that waits and of the one that
was set aside are past their time.
"""

from __future__ import annotations

from tests.offsets.attacks import OF_RECORD, TRUNCATED, Attack, check, money, put, trigger

WAITS = "(SELECT id FROM offsets_bankmatch WHERE state = 'proposed')"
TAKEN = "(SELECT id FROM offsets_bankmatch WHERE state = 'confirmed' ORDER BY id LIMIT 1)"
OPEN_INVOICE = "(SELECT id FROM offsets_paymentattempt WHERE state = 'pending')"
DUE = "(SELECT id FROM offsets_refund WHERE state = 'due')"
SENT = "(SELECT id FROM offsets_refund WHERE state = 'proposed')"
PAID = "(SELECT id FROM offsets_refund WHERE state = 'paid')"
AN_ORDER = f"(SELECT order_id FROM offsets_paymentattempt WHERE id = {OPEN_INVOICE})"
KEPT_MATCH = "a match stays as it was proposed and decided"
STAYS = "a payer stays as the bank says"
KEPT_REFUND = "a refund stays as it was proposed and sent"
SECOND = "(SELECT id FROM identity_person WHERE id <> proposed_by_id LIMIT 1)"
DECIDES = f"decided_by_id = {SECOND}, decided_at = cdm_now()"


def match(**changes: str) -> str:
    """A match past the actions: of the credit that was set aside once."""
    row = {"entry_id": "entry_id", "attempt_id": "attempt_id", "automatic": "false",
           "state": "'proposed'", "proposed_by_id": "proposed_by_id", "proposed_name": "''",
           "proposed_at": "cdm_now()", "decided_by_id": "NULL::bigint", "decided_name": "''",
           "decided_at": "NULL::timestamptz", "reason": "''"} | changes
    return (
        f"INSERT INTO offsets_bankmatch ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_bankmatch WHERE state = 'refused'"
    )


def refund(**changes: str) -> str:
    """A refund past the actions."""
    row = {"owed_id": "owed_id", "attempt_id": "attempt_id", "amount": "amount",
           "currency": "'USD'", "made_at": "cdm_now()", "state": "'due'", "payee_name": "''",
           "payee_iban": "''", "bank_reference": "''", "proposed_name": "''",
           "confirmed_name": "''"} | changes
    return (
        f"INSERT INTO offsets_refund ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_refund WHERE state = 'paid'"
    )


def booked(**changes: str) -> str:
    """Money for an invoice, past the actions."""
    return money(**{
        "order_id": AN_ORDER, "attempt_id": OPEN_INVOICE, "debit": "'provider'",
        "credit": "'buyer'", "amount": "5", "match_id": WAITS,
    } | changes)


BOOKED = "booked for a credit that two persons matched"
STATEMENTS: tuple[Attack, ...] = (
    trigger("bankstatement", "of_record", put("bankstatement", "name = 'x'", "true"), OF_RECORD),
    trigger("bankentry", "of_record", put("bankentry", "amount = 1000", "true"), OF_RECORD),
    check("bankstatement", "offsets_bankstatement_sha256_key",
          "INSERT INTO offsets_bankstatement (sha256, name, kind, account, entries, imported_by_id,"
          " imported_name, imported_at) SELECT sha256, name, kind, account, entries,"
          " imported_by_id, imported_name, imported_at FROM offsets_bankstatement"),
    check("bankstatement", "offsets_bankstatement_entries_check",
          "INSERT INTO offsets_bankstatement (sha256, name, kind, account, entries, imported_by_id,"
          " imported_name, imported_at) SELECT 'x' || id, name, kind, account, -1,"
          " imported_by_id, imported_name, imported_at FROM offsets_bankstatement"),
)  # fmt: skip


def entry(**changes: str) -> str:
    """A credit past the actions."""
    row = {"statement_id": "statement_id", "key": "'new' || id", "booked_on": "booked_on",
           "amount": "1", "currency": "'USD'", "reference": "''",
           "bank_reference": "''"} | changes
    return (
        f"INSERT INTO offsets_bankentry ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_bankentry"
    )


ENTRIES = (
    check("bankentry", "offsets_bankentry_key_key", entry(key="key")),
    check("bankentry", "bank_entry_is_a_credit", entry(amount="-1")),
    check("bankentry", "bank_entry_in_dollars", entry(currency="'EUR'")),
)  # fmt: skip
SETTLED = f"entry_id = (SELECT entry_id FROM offsets_bankmatch WHERE id = {TAKEN})"
BLANK = "name = '', iban = '', text = '', erased_at = cdm_now()"
OLD_WAITS = f"entry_id = (SELECT entry_id FROM offsets_bankmatch WHERE id = {WAITS})"
OLD = "entry_id = (SELECT entry_id FROM offsets_bankmatch WHERE state = 'refused')"
PAYERS = (
    trigger("bankpayer", "of_record", put("bankpayer", "name = 'Another'", "true"), STAYS),
    trigger("bankpayer", "of_record", put("bankpayer", f"{BLANK}, keep_until = cdm_now()", SETTLED),
            STAYS),
    trigger("bankpayer", "of_record", "DELETE FROM offsets_bankpayer", STAYS),
    trigger("bankpayer", "of_record", put("bankpayer", BLANK, SETTLED), "when its time is over"),
    trigger("bankpayer", "of_record", put("bankpayer", BLANK, OLD_WAITS), "is not settled"),
    trigger("bankpayer", "of_record_truncate", "TRUNCATE offsets_bankpayer", TRUNCATED),
    check("bankpayer", "erased_payer_names_nobody",
          put("bankpayer", "erased_at = cdm_now()", OLD)),
)  # fmt: skip
MATCHES = (
    trigger("bankmatch", "of_record", put("bankmatch", "proposed_name = 'x'", f"id = {TAKEN}"),
            KEPT_MATCH),
    trigger("bankmatch", "of_record", put("bankmatch", f"attempt_id = {OPEN_INVOICE}",
            f"id = {TAKEN}"), KEPT_MATCH),
    trigger("bankmatch", "of_record", "DELETE FROM offsets_bankmatch WHERE state = 'refused'",
            KEPT_MATCH),
    trigger("bankmatch", "of_record", match(state="'confirmed'", decided_by_id=SECOND,
            decided_at="cdm_now()"), "a match begins as proposed"),
    trigger("bankmatch", "of_record_truncate", "TRUNCATE offsets_bankmatch CASCADE",
            f"offsets_bankmatch {TRUNCATED}", TRUNCATED),
    check("bankmatch", "match_has_two_persons",
          put("bankmatch", "state = 'confirmed', decided_by_id = proposed_by_id,"
              " decided_at = cdm_now()", f"id = {WAITS}")),
    check("bankmatch", "decided_match_names_who",
          put("bankmatch", "state = 'confirmed'", f"id = {WAITS}")),
    check("bankmatch", "match_set_aside_has_reason",
          put("bankmatch", f"state = 'refused', {DECIDES}", f"id = {WAITS}")),
    check("bankmatch", "credit_matched_once", match(entry_id=(
        f"(SELECT entry_id FROM offsets_bankmatch WHERE id = {TAKEN})"))),
)  # fmt: skip
MONEY = (
    trigger("moneyentry", "bank_money", booked(), BOOKED),
    trigger("moneyentry", "bank_money", booked(match_id="NULL"), BOOKED),
    trigger("moneyentry", "bank_money", money(order_id=AN_ORDER, match_id=WAITS), BOOKED),
    check("moneyentry", "offsets_moneyentry_match_id_key", booked(
        match_id=TAKEN, amount="90",
        attempt_id=f"(SELECT attempt_id FROM offsets_bankmatch WHERE id = {TAKEN})")),
    check("paymentattempt", "attempt_part_within_amount",
          put("paymentattempt", "received = amount + 1, received_currency = 'USD'",
              f"id = {OPEN_INVOICE}")),
)  # fmt: skip
REFUNDS = (
    trigger("refund", "of_record", put("refund", "amount = 1", f"id = {DUE}"), KEPT_REFUND),
    trigger("refund", "of_record", put("refund", "payee_iban = 'X'", f"id = {PAID}"), KEPT_REFUND),
    trigger("refund", "of_record",
            put("refund", f"state = 'paid', payee_iban = 'X', confirmed_by_id = {SECOND},"
                " confirmed_at = cdm_now()", f"id = {SENT}"), KEPT_REFUND),
    trigger("refund", "of_record_begin", f"DELETE FROM offsets_refund WHERE id = {DUE}",
            KEPT_REFUND),
    trigger("refund", "payee_erased",
            put("refund", "payee_name = '', payee_iban = ''", f"id = {PAID}"), "with those who"),
    trigger("refund", "of_record_begin", refund(
        owed_id="(SELECT id FROM offsets_moneyentry WHERE credit = 'buyer' LIMIT 1)"),
        "for money owed in the books"),
    trigger("refund", "of_record_truncate", "TRUNCATE offsets_refund", TRUNCATED),
    check("refund", "refund_says_where",
          put("refund", "state = 'proposed'", f"id = {DUE}")),
    check("refund", "refund_has_two_persons",
          put("refund", "state = 'paid', confirmed_by_id = proposed_by_id,"
              " confirmed_at = cdm_now()", f"id = {SENT}")),
    check("refund", "refund_has_two_persons", put("refund", "state = 'paid'", f"id = {SENT}")),
    check("refund", "refund_sent_once", put(
        "refund", f"state = 'proposed', bank_reference = (SELECT bank_reference FROM offsets_refund"
        f" WHERE id = {PAID}), payee_iban = 'X', proposed_at = cdm_now(), proposed_by_id ="
        f" (SELECT proposed_by_id FROM offsets_refund WHERE id = {PAID})", f"id = {DUE}")),
    check("refund", "offsets_refund_owed_id_key", refund()),
)  # fmt: skip


def note(**changes: str) -> str:
    """A notice of a refund past the actions: of money that is not due back."""
    row = {"owed_id": "id", "key": "uuidv7()", "state": "'waiting'", "tries": "0",
           "next_try_at": "cdm_now()", "ended_at": "NULL::timestamptz"} | changes
    return (
        f"INSERT INTO offsets_refundnote ({', '.join(row)}) SELECT {', '.join(row.values())}"
        " FROM (SELECT id FROM offsets_moneyentry WHERE credit = 'buyer' LIMIT 1) AS one"
    )


ONE_NOTE = "(SELECT {} FROM offsets_refundnote ORDER BY id LIMIT 1)"
NOTES = (
    trigger("refundnote", "of_record", "DELETE FROM offsets_refundnote", "a notice is kept"),
    trigger("refundnote", "of_record_truncate", "TRUNCATE offsets_refundnote", TRUNCATED),
    check("refundnote", "offsets_refundnote_owed_id_key", note(owed_id=ONE_NOTE.format("owed_id"))),
    check("refundnote", "offsets_refundnote_key_key", note(key=ONE_NOTE.format("key"))),
    check("refundnote", "offsets_refundnote_tries_check", put("refundnote", "tries = -1", "true")),
    check("refundnote", "refund_note_ended_has_time",
          put("refundnote", "state = 'sent'", "true")),
)  # fmt: skip
ALL = STATEMENTS + ENTRIES + PAYERS + MATCHES + MONEY + REFUNDS + NOTES

EXEMPT = {
    "refund_is_positive": "the trigger of_record wants the amount of the entry, which is positive",
}
"""Walls that no statement can reach, because another stands before them, and which one."""
