"""What an insider may try on programs' keys and on the orders that they placed.

The state that they attack (`assault` in test_attacks_on_keys.py): a test key and a live key of the
buyer; the test key's unpaid order, the live key's, and an order of nobody's key, of units under
demonstration rules; besides, an offer of units under the rules of old, and an order of them.
"""

from __future__ import annotations

from tests.offsets.attacks import TRUNCATED, Attack, check, put, trigger

OF_TEST = "(SELECT order_id FROM offsets_apiorder WHERE test)"
NOBODYS = (
    "(SELECT min(o.id) FROM offsets_order o JOIN offsets_orderline l ON l.order_id = o.id"
    " JOIN offsets_offer f ON f.id = l.offer_id JOIN projects_project p ON p.id = f.project_id"
    " WHERE p.rules = '{}' AND NOT EXISTS (SELECT FROM offsets_apiorder a WHERE a.order_id = o.id))"
)
TEST_KEY, LIVE_KEY = (
    f"(SELECT max(id) FROM offsets_apikey WHERE test = {test} AND may_order)"
    for test in ("true", "false")
)
READER = "(SELECT max(id) FROM offsets_apikey WHERE NOT may_order)"
LIVE_OFFER = (
    "(SELECT f.id FROM offsets_offer f JOIN projects_project p ON p.id = f.project_id"
    " WHERE p.rules = 'historic')"
)
STAYS = "a key stays as it was made"
ANSWERED = "an order of a key is answered once"
PLACED = "this key placed no such order"


def key(**changes: str) -> str:
    """A key past the actions."""
    row = {"digest": "repeat('a', 64)", "shown": "'ol_test_aaaaaa'", "label": "'x'",
           "person_id": "person_id", "organisation_id": "organisation_id", "role": "role",
           "test": "test", "may_order": "may_order", "made_at": "made_at",
           "expires_at": "expires_at", "requests": "0"} | changes
    return (
        f"INSERT INTO offsets_apikey ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_apikey WHERE id = {TEST_KEY}"
    )


def order(**changes: str) -> str:
    """An order that is said to be a key's."""
    row = {"order_id": NOBODYS.format("demonstration"), "key_id": TEST_KEY,
           "organisation_id": "organisation_id", "test": "true", "idempotency_key": "'other'",
           "request_sha256": "''", "answer": "''", "at": "cdm_now()"} | changes
    return (
        f"INSERT INTO offsets_apiorder ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_apiorder WHERE test"
    )


ALL: tuple[Attack, ...] = (
    trigger("apikey", "of_record", put("apikey", "may_order = true", f"id = {READER}"), STAYS),
    trigger("apikey", "of_record", put("apikey", "test = false", f"id = {TEST_KEY}"), STAYS),
    trigger("apikey", "of_record", put("apikey", "expires_at = 'infinity'", "true"), STAYS),
    trigger("apikey", "of_record", put("apikey", "revoked_at = NULL", "revoked_at IS NOT NULL"),
            STAYS),
    trigger("apikey", "of_record", f"DELETE FROM offsets_apikey WHERE id = {READER}", STAYS),
    trigger("apikey", "of_record_truncate", "TRUNCATE offsets_apikey CASCADE",
            f"offsets_apikey {TRUNCATED}", f"offsets_apiorder {TRUNCATED}"),
    check("apikey", "offsets_apikey_digest_key",
          key(digest=f"(SELECT digest FROM offsets_apikey WHERE id = {LIVE_KEY})")),
    check("apikey", "api_key_is_hashed", key(digest="'ol_test_in_the_clear'")),
    check("apikey", "api_key_ends_later", key(expires_at="made_at")),
    trigger("apiorder", "of_record", put("apiorder", "answer = '{}'", "true"), ANSWERED),
    trigger("apiorder", "of_record", "DELETE FROM offsets_apiorder", ANSWERED),
    trigger("apiorder", "of_record_truncate", "TRUNCATE offsets_apiorder",
            f"offsets_apiorder {TRUNCATED}"),
    check("apiorder", "api_order_once",
          order(idempotency_key="(SELECT idempotency_key FROM offsets_apiorder WHERE test)")),
    trigger("apiorder", "placed_by_key", order(key_id=LIVE_KEY), PLACED),
    trigger("apiorder", "placed_by_key", order(key_id=READER), PLACED),
    trigger("apiorder", "placed_by_key", order(order_id=NOBODYS.format("historic")),
            "a test key buys no live units"),
    trigger("orderline", "test_order",
            put("orderline", f"offer_id = {LIVE_OFFER}", f"order_id = {OF_TEST}"),
            "a test key buys no live units"),
    trigger("paymentattempt", "test_order",
            "INSERT INTO offsets_paymentattempt"
            " SELECT (jsonb_populate_record(a, jsonb_build_object("
            " 'id', 0, 'uuid', gen_random_uuid(), 'provider', 'invoice', 'provider_reference', '',"
            f" 'state', 'failed'))).* FROM offsets_paymentattempt a WHERE order_id = {OF_TEST}",
            "a test key pays in the sandbox alone"),
)  # fmt: skip
