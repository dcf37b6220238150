"""What an insider may try on requests for holding accounts and their evidence; see attacks.py. The
world has two: one is refused, one is looked at, with an item questioned and one not looked at."""

from __future__ import annotations

from tests.ground.attacks import OF_RECORD, SOMEBODY, copy, named, put, trigger

R, IT, F, W, P = "kyc_request", "kyc_item", "kyc_file", "kyc_word", "kyc_representative"
KYC, REFUSED = "state = 'kyc'", "state = 'refused'"
OTHER = "(SELECT min(id) FROM identity_person)"
OF_REFUSED = f"(SELECT min(id) FROM {IT} WHERE request_id IN (SELECT id FROM {R} WHERE {REFUSED}))"
ANEW = copy(
    R, KYC, state="'requested'", taken_up_at="NULL", taken_up_by_id="NULL", party_id="'KE'"
)
"""A second request, of another Party."""


def item(key: str) -> str:
    """An item of the request that was written anew."""
    return f"INSERT INTO {IT} (request_id, key, mark) VALUES (-1, '{key}', 'open')"


def proven(request: str) -> str:
    """Everything proven, and concluded by somebody."""
    return (
        f"UPDATE {IT} SET mark = 'proven' WHERE mark <> 'proven' AND request_id IN"
        f" (SELECT id FROM {R} WHERE {request});"
        f"UPDATE {R} SET concluded_at = now(), concluded_by_id = {SOMEBODY} WHERE {request}"
    )


def opened(request: str, account: str, by: str = OTHER) -> str:
    """The account said to be opened."""
    return (
        f"UPDATE {R} SET state = 'open', decided_at = now(), decided_by_id = {by},"
        f" account_id = {account} WHERE {request}"
    )


REAL = (
    f"SELECT registry_open_account(121, party_id, holder_id, 'X', 1, now()) FROM {R} WHERE {KYC}"
)
NEWEST = "(SELECT max(id) FROM registry_account)"
ANOTHER = "(SELECT min(id) FROM registry_account WHERE kind = 121 AND holder_id IS NOT NULL)"
AGAIN = ";".join([
    proven(KYC), REAL, opened(KYC, NEWEST),
    copy(R, "state = 'open'", state="'requested'", taken_up_at="NULL", taken_up_by_id="NULL",
         concluded_at="NULL", concluded_by_id="NULL", decided_at="NULL", decided_by_id="NULL",
         account_id="NULL"),
    *(item(key) for key in ("form", "status", "authority", "identity")),
    f"UPDATE {R} SET state = 'kyc', taken_up_at = now() WHERE id = -1",
    proven("id = -1"), opened("id = -1", NEWEST),
])  # fmt: skip

REQUESTS = (
    trigger(R, "guard_state", copy(R, REFUSED), "begins as requested, not refused"),
    trigger(R, "guard_state", put(R, "state = 'kyc'", REFUSED), "no way from refused to kyc",
            "of record while it is refused"),
    trigger(R, "guard_state",
            put(R, f"concluded_at = now(), concluded_by_id = {SOMEBODY}", KYC),
            "every item of the evidence is proven"),
    trigger(R, "guard_state", f"{proven(KYC)};{opened(KYC, ANOTHER)}",
            "not the one that was asked for"),
    trigger(R, "of_record", put(R, "account_name = 'x'", KYC), "of record while it is kyc"),
    trigger(R, "of_record", put(R, "reasons = 'x'", REFUSED), "of record while it is refused"),
    trigger(R, "of_record", f"DELETE FROM {R} WHERE {REFUSED}", "of record: DELETE refused",
            "violates foreign key constraint"),
    trigger(R, "of_record_truncate", f"TRUNCATE {R} CASCADE", OF_RECORD, "of record"),
    named(R, "kyc_request_shape",
          put(R, f"state = 'refused', decided_at = now(), decided_by_id = {OTHER}", KYC)),
    named(R, "kyc_request_four_eyes",
          f"{proven(KYC)};{REAL};{opened(KYC, NEWEST, SOMEBODY)}"),
    named(R, "kyc_request_once",
          copy(R, KYC, state="'requested'", taken_up_at="NULL", taken_up_by_id="NULL")),
    named(R, "kyc_request_account_id_key", AGAIN),
)  # fmt: skip

EVIDENCE = (
    trigger(IT, "guard_item", copy(IT, "mark = 'open'", key="'other'"), "those of the list"),
    trigger(IT, "guard_item", put(IT, "mark = 'open'", "mark = 'proven'"),
            "not marked from proven to open"),
    trigger(IT, "guard_item", f"UPDATE {IT} SET mark = 'proven' WHERE id = {OF_REFUSED}",
            "while the request is refused"),
    trigger(IT, "guard_item", put(IT, "key = 'x'"), "what stands of an item"),
    trigger(IT, "guard_item", f"DELETE FROM {IT} WHERE mark = 'questioned'",
            "of record: DELETE refused", "violates foreign key constraint"),
    trigger(IT, "of_record_truncate", f"TRUNCATE {IT} CASCADE", OF_RECORD, "of record"),
    named(IT, "kyc_item_once", f"{ANEW};{item('form')};{item('form')}"),
    trigger(F, "still_open", copy(F, item_id=OF_REFUSED), "nothing is added"),
    trigger(W, "still_open", copy(W, item_id=OF_REFUSED), "nothing is added"),
    named(W, "kyc_word_says", copy(W, "mark = 'questioned'", text="''")),
    named(P, "kyc_representative_seat", copy(P, person_id=OTHER)),
    named(P, "kyc_representative_once", copy(P, seat="2")),
    named(P, "kyc_representative_seats", copy(P, seat="4", person_id=OTHER)),
)  # fmt: skip

ALL = REQUESTS + EVIDENCE
KEPT = (F, P, W)
