"""What an insider who owns the tables may try, and the one thing that refuses it."""

from __future__ import annotations

from tests.registry.attack_words import (
    DECIDE,
    ISSUANCE,
    ONE,
    OPEN_LINE,
    OTHER_ISSUANCE,
    THREE,
    TWO,
    TX,
    WAITING,
    A,
    Attack,
    block,
    by_trigger,
    cancel,
    insert_account,
    insert_block,
    insert_issuance,
    insert_line,
    insert_lot,
    insert_posting,
    insert_proposal,
    insert_transaction,
    on,
)  # fmt: skip

CHAIN = "registry_cancellation_chain"
CANCELLATION = on(
    "cancellation",
    ("overlap", cancel(25, 35), "23503", "chain"),
    ("gap", cancel(50, 60), "23503", "chain"),
    ("start again at the first serial", cancel(1, 40), "23505", "s"),
    ("the same start twice", cancel(11, 40), "23505", "s"),
    ("the same row twice", cancel(11, 30), "23505", "s", "registry_cancellation_nxt"),
    ("empty range", cancel(31, 30), "23514", "bounds", "registry_cancellation_nxt"),
    ("forged lower bound", cancel(31, 40, lo=31), "23503", "lot_fk"),
    ("forged upper bound", cancel(31, 500, hi=500), "23503", "lot_fk"),
    ("past the end", cancel(31, 301), "23514", "bounds"),
    ("a release that does not reach the end", cancel(31, 100, "r"), "23514", "tail"),
    ("a kind of row that does not exist", cancel(31, 40, "x"), "23514", "kind",
     "registry_cancellation_tail"),
    ("sell what was released", cancel(341, 350, lot=TWO, lo=301, hi=400), "23505", "s"),
    ("go on behind a release", cancel(401, 410, lot=TWO, lo=301, hi=400), "23514", "bounds", CHAIN),
    ("reuse a lot that was released unsold", cancel(341, 345, lot=THREE, lo=341, hi=390), "23505",
     "s"),
    ("a key that was used",
     cancel(31, 40, key="(SELECT min(key::text)::uuid FROM registry_cancellation)"),
     "23505", "key"),
    ("a booking that does not exist",
     cancel(31, 40).replace("leaf)", "leaf, tx_id)").replace("'')", "'', -1)"), "23503", "tx_fk"),
)  # fmt: skip
STAMPS = by_trigger(
    "cancellation", "stamp", "registry_cancellation_stamp",
    ("back-dated",
     cancel(31, 40, stamp="registry_xid(), cdm_now() - interval '1 day', cdm_now(), ''"),
     "23514"),
    ("under another transaction's number", cancel(31, 40, stamp="1, cdm_now(), cdm_now(), ''"),
     "23514"),
)  # fmt: skip

LOT = on(
    "lot",
    ("a second lot on a block", insert_lot(block(1), 1, 300), "23505", "block"),
    ("sell cancelled units again from their block", insert_lot(block(301), 301, 340), "23505",
     "block"),
    ("wider than its block", insert_lot(block(401), 401, 700), "23503", "block_fk"),
    ("narrower than its block", insert_lot(block(401), 401, 500), "23503", "block_fk"),
    ("of another issuance", insert_lot(block(401), 401, 600, OTHER_ISSUANCE), "23503", "block_fk"),
    ("without a block", insert_lot("NULL", 401, 600), "23514", "stands"),
    ("without an issuance", insert_lot("NULL", 1, 9, "-1", rest=", end_key= , NULL"), "23514",
     "stands", "registry_lot_issuance_fk"),
    ("backwards", insert_lot(block(401), 401, 400), "23514", "bounds", "registry_lot_block_fk"),
    ("by no booking", insert_lot(block(401), 401, 600, tx="-1"), "23503", "tx_fk"),
    ("shrink the block under an open lot",
     f"UPDATE registry_block SET hi = 200 WHERE id = {block(1)};" + insert_block(201, 300),
     "23503", "block_fk"),
    ("the same, with a forged end",
     f"UPDATE registry_block SET hi = 200 WHERE id = {block(1)};" + insert_block(201, 300)
     + f"; UPDATE registry_lot SET kept_hi = 200, end_key = -201 WHERE id = {ONE}",
     "23503", "end_fk"),
    ("a forged end that is no end",
     f"UPDATE registry_lot SET kept_hi = 200, end_key = 31 WHERE id = {ONE}", "23514", "end",
     "registry_lot_block_fk"),
    ("end without reaching the end", f"UPDATE registry_lot SET end_key = 301 WHERE id = {ONE}",
     "23503", "end_fk"),
    ("let go of a block of which units are sold",
     f"UPDATE registry_lot SET block_id = NULL WHERE id = {ONE}", "23514", "stands"),
    ("let go of a sold block as if it were released",
     f"UPDATE registry_lot SET block_id = NULL, kept_hi = 0, end_key = -1 WHERE id = {ONE}",
     "23503",
     "end_fk"),
    ("uncancel the end of what was kept",
     f"UPDATE registry_block SET hi = 320 WHERE id = {block(301)};" + insert_block(321, 340)
     + f"; UPDATE registry_lot SET kept_hi = 320, end_key = -321 WHERE id = {TWO}", "23503",
     "end_fk"),
    ("a cursor past the end", f"UPDATE registry_lot SET next_serial = 302 WHERE id = {ONE}",
     "23514",
     "cursor"),
)  # fmt: skip
SHRINK = on(
    "cancellation",
    ("shrink lot and block together",
     f"UPDATE registry_block SET hi = 200 WHERE id = {block(1)};" + insert_block(201, 300)
     + f"; UPDATE registry_lot SET hi = 200, kept_hi = 200 WHERE id = {ONE}", "23503", "lot_fk"),
)  # fmt: skip
CURSORS = (
    *by_trigger("lot", "cursor_forward", "registry_cursor_forward",
                ("a cursor that goes back",
                 f"UPDATE registry_lot SET next_serial = 11 WHERE id = {ONE}", "23001")),
    *by_trigger("party", "counter_forward", "registry_cursor_forward",
                ("a counter that goes back",
                 "UPDATE registry_party SET next_serial = 5 WHERE code = 'KE'", "23001")),
)  # fmt: skip

BLOCK = on(
    "block",
    ("delete one in the middle", f"DELETE FROM registry_block WHERE id = {block(341)}", "23503",
     "chain"),
    ("lose a tail", f"UPDATE registry_block SET hi = 599 WHERE id = {block(401)}",
     "23503", "chain"),
    ("the same block twice", insert_block(631, 980), "23505", "lo", "registry_block_nxt"),
    ("two that begin alike", insert_block(631, 700), "23505", "lo"),
    ("two that end alike", insert_block(700, 980), "23505", "nxt"),
    ("overlap", insert_block(650, 700), "23503", "chain"),
    ("outside its issuance", insert_block(1001, 1010), "23514", "bounds"),
    ("with a forged end of its issuance", insert_block(1001, 1010, i_hi=1010), "23503",
     "issuance_fk"),
    ("in an account that does not exist",
     f"UPDATE registry_block SET account_id = -1 WHERE id = {block(631)}", "23503", "account_fk"),
)  # fmt: skip
STAYS = by_trigger(
    "block", "block_stays", "R304",
    ("bring cancelled units back",
     f"UPDATE registry_block SET account_id = {A} WHERE id = {block(301)}", "LG423"),
) + by_trigger(
    "block", "block_stays", "R320",
    ("move units that are on offer",
     f"UPDATE registry_block SET account_id = 3 WHERE id = {block(1)}",
     "LG423"),
) + by_trigger(
    "block", "block_stays", "R322",
    ("move frozen units",
     f"UPDATE registry_block SET frozen_by = 1 WHERE id = {block(631)};"
     f"UPDATE registry_block SET account_id = {A} WHERE id = {block(631)}", "LG423"),
)  # fmt: skip

ISSUE = on(
    "issuance",
    ("overlap", insert_issuance(500, 600), "23503", "chain"),
    ("gap in a Party", insert_issuance(1201, 1300), "23503", "chain"),
    ("without blocks", insert_issuance(1101, 1200, blocks=False), "23503", "covered"),
    ("blocks that do not reach the end",
     insert_issuance(1101, 1200).replace(", 1101, 1200, 3)", ", 1101, 1199, 3)"),
     "23503", "covered"),
    ("the same line twice",
     insert_issuance(
         1101, 1200, line=f"(SELECT line_id FROM registry_issuance WHERE id = {ISSUANCE})"),
     "23505", "line"),
    ("start again at 1", insert_issuance(1, 50), "23505", "lo"),
    ("two that end alike", insert_issuance(500, 1100), "23505", "nxt"),
    ("of no line", insert_issuance(1101, 1200, line="-1"), "23503", "line_fk"),
    ("of no Party", insert_issuance(1, 50, party="QQ"), "23503", "party_fk"),
    ("of a unit type that the CDM does not issue",
     insert_issuance(1101, 1200, unit_type=4, expires="'2030-01-01'"), "23514", "type"),
    ("a CER that expires", insert_issuance(1101, 1200, expires="'2030-01-01'"), "23514", "expiry"),
    ("from serial 0", insert_issuance(0, 50, party="UG"), "23514", "bounds",
     "registry_issuance_chain"),
    ("by no booking", insert_issuance(1101, 1200, tx="-1"), "23503", "tx_fk"),
)  # fmt: skip
LAST_BLOCK = on(
    "issuance",
    ("delete the last block", f"DELETE FROM registry_block WHERE id = {block(981)}",
     "23503", "covered"),
)  # fmt: skip

FOUR_EYES = (
    *on("transaction",
        ("approve oneself", insert_transaction("forward", "1", "1"), "23514", "four_eyes"),
        ("nobody approves", insert_transaction("forward", "1", "NULL"), "23514", "approved"),
        ("the portal approves", insert_transaction("forward", "1", "0"), "23514", "four_eyes"),
        ("a verb that does not exist", insert_transaction("conjure", "1", "2"), "23514", "verb"),
        ("a key that was used", insert_transaction(
            key="(SELECT min(key::text)::uuid FROM registry_transaction)"), "23505", "key_key")),
    *on("proposal",
        ("execute one's own", DECIDE.format(by=1, tx=TX), "23514", "four_eyes"),
        ("executed by nobody", DECIDE.format(by="NULL", tx=TX), "23514", "state"),
        ("executed by no booking", DECIDE.format(by=2, tx="-1"), "23503", "tx_fk"),
        ("of nothing", insert_proposal(quantity="0"), "23514", "quantity"),
        ("of a verb that does not exist", insert_proposal(verb="'conjure'"), "23514", "verb"),
        ("from nowhere", insert_proposal(from_account_id="-1"), "23503", "from_fk"),
        ("to nowhere", insert_proposal(to_account_id="-1"), "23503", "to_fk"),
        ("a key that was used", insert_proposal(
            key="(SELECT min(key::text)::uuid FROM registry_proposal)"), "23505", "key_key")),
    *on("instructionline",
        ("release one's own",
         f"UPDATE registry_instructionline SET releaser = 3, released_at = cdm_now()"
         f" WHERE id = {OPEN_LINE}", "23514", "four_eyes"),
        ("released at no time",
         f"UPDATE registry_instructionline SET releaser = 1 WHERE id = {OPEN_LINE}", "23514",
         "released"),
        ("of nothing", insert_line(quantity="0"), "23514", "quantity"),
        ("a share greater than the whole", insert_line(share_of_proceeds="11"), "23514", "share"),
        ("of an unknown unit type", insert_line(unit_type="4", expires_on="'2030-01-01'"), "23514",
         "type"),
        ("of an unknown period", insert_line(commitment_period="9"), "23514", "period"),
        ("a CER that expires", insert_line(expires_on="'2030-01-01'"), "23514", "expiry"),
        ("of no project", insert_line(project_number="'x y'"), "23514", "project"),
        ("of no Party", insert_line(party_id="'QQ'"), "23503", "party_fk"),
        ("the same reference twice", insert_line() + ";" + insert_line(), "23505", "once"),
        ("a key that was used", insert_line(
            key="(SELECT min(key::text)::uuid FROM registry_instructionline)"),
            "23505", "key_key")),
)  # fmt: skip

POSTINGS = on(
    "posting",
    ("from an account to itself", insert_posting(dr=3, cr=3), "23514", "double"),
    ("of no booking", insert_posting("NULL"), "23514", "parent"),
    ("of two bookings", insert_posting(TX, "(SELECT min(id) FROM registry_cancellation)"), "23514",
     "parent"),
    ("of a booking that does not exist", insert_posting("-1"), "23503", "tx_fk"),
    ("of a cancellation that does not exist", insert_posting("NULL", "-1"), "23503",
     "cancellation_fk"),
    ("of no issuance", insert_posting(issuance="-1"), "23503", "issuance_fk"),
    ("backwards", insert_posting(lo=5, hi=4), "23514", "bounds"),
)  # fmt: skip

HOLD = (
    "INSERT INTO registry_hold (lot_id, quantity, order_key, expires_at)"
    " VALUES ({}, {}, '{}', cdm_now())"
)
KEY = "00000000-0000-7000-8000-000000000001"
THE_REST = (
    *on("hold",
        ("of nothing", HOLD.format(ONE, 0, KEY), "23514", "quantity"),
        ("twice for one order", HOLD.format(ONE, 1, KEY) + ";" + HOLD.format(ONE, 1, KEY), "23505",
         "once"),
        ("of no lot", HOLD.format(-1, 1, KEY), "23503", "lot_fk")),
    *on("account",
        ("a number with wrong check digits", insert_account(number="'KE-121-5000-2-01'"), "23514",
         "number"),
        ("of a kind that does not exist",
         insert_account(kind="130", number="registry_account_number('KE', 130, 5000)"), "23514",
         "kind"),
        ("with no Party there is",
         insert_account(party_id="'QQ'", number="registry_account_number('QQ', 121, 5000)"),
         "23503",
         "party_fk"),
        ("a second one of a holder", insert_account(holder_id="77"), "23505", "holder")),
    *on("party",
        ("a code that is none",
         "INSERT INTO registry_party (code, name, region, annex_i, ldc, sids)"
         " VALUES ('k', 'X', 'X', false, false, false)", "23514", "code"),
        ("a counter before the first serial",
         "INSERT INTO registry_party (code, name, region, annex_i, ldc, sids, next_serial)"
         " VALUES ('QZ', 'X', 'X', false, false, false, 0)", "23514", "next")),
)  # fmt: skip

OF_RECORD = "registry_of_record"
RECORDS = tuple(
    attack
    for table in ("transaction", "issuance", "cancellation", "posting", "reconciliation")
    for attack in by_trigger(
        table, "of_record", OF_RECORD,
        (f"change a row of {table}", f"UPDATE registry_{table} SET id = id", "23001"),
        (f"delete the rows of {table}", f"DELETE FROM registry_{table} WHERE false", "23001"),
    )
) + tuple(
    attack
    for table in ("account", "party", "instructionline", "proposal", "lot")
    for attack in by_trigger(
        table, "stays", OF_RECORD,
        (f"delete the rows of {table}", f"DELETE FROM registry_{table} WHERE false", "23001"),
    )
)  # fmt: skip
KEPT = (
    *by_trigger("instructionline", "keep_rest", "registry_keep_rest",
                ("raise what was instructed",
                 f"UPDATE registry_instructionline SET quantity = 9999 WHERE id = {OPEN_LINE}",
                 "23001")),
    *by_trigger("instructionline", "decided_once", "registry_decided_once",
                ("release again as somebody else",
                 "UPDATE registry_instructionline SET releaser = 9 WHERE releaser = 1", "23001")),
    *by_trigger("proposal", "keep_rest", "registry_keep_rest",
                ("change what was proposed",
                 f"UPDATE registry_proposal SET quantity = 380 WHERE id = {WAITING}", "23001")),
    *by_trigger("proposal", "decided_once", "registry_decided_once",
                ("decide again", "UPDATE registry_proposal SET decided_by = 9"
                 " WHERE state = 'executed'", "23001")),
    *by_trigger("account", "keep_rest", "registry_keep_rest",
                ("make a cancellation account a holding account",
                 "UPDATE registry_account SET kind = 121 WHERE id = 2", "23001",
                 "registry_account_number")),
)  # fmt: skip

ALL: tuple[Attack, ...] = (
    *CANCELLATION, *STAMPS, *LOT, *SHRINK, *CURSORS, *BLOCK, *STAYS, *ISSUE, *LAST_BLOCK,
    *FOUR_EYES,
    *POSTINGS, *THE_REST, *RECORDS, *KEPT,
)  # fmt: skip

EXEMPT = {
    "registry_issuance_bounds_key": "target of a key; implied by the primary key",
    "registry_block_bounds_key": "target of a key; implied by the primary key",
    "registry_lot_bounds_key": "target of a key; implied by the primary key",
    "registry_cancellation_nxt": "target of the chain; refuses second, behind `s` and `bounds`",
    "registry_account_number_key": "implied by the check that the number carries the id",
    "registry_lot_issuance_fk": "refuses second, behind the key to the block",
    "registry_transaction.stamp": "does not refuse, it corrects: its own test",
    "registry_issuance.stamp": "does not refuse, it corrects: its own test",
    "registry_block.block_party": "does not refuse, it corrects: its own test",
    "registry_party.catalogue_follows": "does not refuse: tests/offsets/test_catalogue.py",
    "registry_block.record_follows": "does not refuse: tests/offsets/test_public_list.py",
}
"""Walls without an attack of their own, with the reason."""
