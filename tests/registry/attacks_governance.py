"""Attacks on who may have what done. The state is that of `government` in conftest.py:

account A with a representative on seat 1 and a recalled one; DE trusted by A once and no longer, FR
trusted; account CLOSED; a stop that was ended; one measure waiting, others executed; 100 units of
project 95001 pending, of which [1-15] are reserved.
"""

from __future__ import annotations

from tests.registry.attack_words import (
    TX,
    WAITING,
    A,
    Attack,
    block,
    by_trigger,
    insert_account,
    insert_posting,
    insert_proposal,
    on,
)  # fmt: skip

CLOSED = "(SELECT id FROM registry_account WHERE closed_at IS NOT NULL)"
FR = "(SELECT id FROM registry_account WHERE party_id = 'FR')"
DE = "(SELECT id FROM registry_account WHERE party_id = 'DE')"
MEASURE = "(SELECT id FROM registry_measure WHERE state = 'proposed')"
DONE = "(SELECT min(id) FROM registry_measure WHERE state = 'executed')"


def insert(table: str, given: dict[str, str], changes: dict[str, str]) -> str:
    """A row past the verbs."""
    row = given | changes
    return f"INSERT INTO registry_{table} ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def representative(**changes: str) -> str:
    """A second representative of A."""
    given = {"account_id": A, "person_id": "9", "seat": "2", "since": "cdm_now()"}
    return insert("representative", given, changes)


def authorisation(**changes: str) -> str:
    """A letter for somebody."""
    given = {"project_number": "'95001'", "holder_id": "90", "letter": "'L'", "since": "cdm_now()"}
    return insert("authorisation", given, changes)


def trusted(**changes: str) -> str:
    """DE trusted by A again."""
    given = {"account_id": A, "trusted_id": DE, "since": "cdm_now()"}
    return insert("trustedaccount", given, changes)


def measure(**changes: str) -> str:
    """A measure that waits."""
    given = {
        "key": "gen_random_uuid()", "verb": "'distrust'", "account_id": A, "trusted_id": FR,
        "reason": "'X'", "sha256": "''", "initiator": "1", "at": "cdm_now()",
        "state": "'proposed'", "decision": "''",
    }  # fmt: skip
    return insert("measure", given, changes)


def state(n: int, was: str, code: int, key: str = "gen_random_uuid()") -> str:
    """A step of a transaction's way."""
    given = {
        "key": key, "n": str(n), "was": was, "state": str(code), "person": "1",
        "at": "'2001-01-01'", "effective_at": "cdm_now()",
    }  # fmt: skip
    return insert("transactionstate", given, {})


KEY = f"(SELECT key FROM registry_proposal WHERE id = {WAITING})"
PEOPLE = (
    *on("account",
        ("of a type that national registries have not",
         insert_account(external="true", kind="110",
                        number="registry_account_number('KE', 110, 5000)"), "23514", "external"),
        ("of retirement in this registry",
         insert_account(kind="300", number="registry_account_number('KE', 300, 5000)"), "23514",
         "external")),
    *by_trigger("account", "decided_once", "registry_decided_once",
                ("open a closed account again",
                 f"UPDATE registry_account SET closed_at = NULL WHERE id = {CLOSED}", "23001",
                 "R220")),
    *on("representative",
        ("on a fourth seat", representative(seat="4"), "23514", "seat"),
        ("who is nobody", representative(person_id="0"), "23514", "person"),
        ("of no account", representative(account_id="-1"), "23503", "account_fk"),
        ("on a seat that is taken", representative(seat="1"), "23505", "one"),
        ("twice the same", representative(person_id="4"), "23505", "once")),
    *on("authorisation",
        ("of nobody", authorisation(holder_id="NULL"), "23514", "whose"),
        ("without a letter", authorisation(letter="' '"), "23514", "letter"),
        ("of no Party", authorisation(holder_id="NULL", party_id="'QQ'"), "23503", "party_fk"),
        ("twice the same", authorisation(holder_id="77"), "23505", "once")),
    *on("trustedaccount",
        ("itself", trusted(trusted_id=A), "23514", "other"),
        ("of no account", trusted(account_id="-1"), "23503", "account_fk"),
        ("no account", trusted(trusted_id="-1"), "23503", "trusted_fk"),
        ("twice the same", trusted(trusted_id=FR), "23505", "once")),
)  # fmt: skip

WAY = on(
    "transactionstate",
    ("the same step twice", state(1, "NULL", 0, KEY), "23505", "n",
     "registry_transactionstate_target"),
    ("a first step from somewhere", state(1, "0", 1), "23514", "first"),
    ("begin at the end", state(1, "NULL", 4), "23514", "step"),
    ("complete what was not checked", state(2, "0", 4, KEY), "23514", "step"),
    ("out of a state in which it is not", state(2, "1", 2, KEY), "23503", "chain"),
    ("leave a gap", state(3, "1", 2, KEY), "23503", "chain"),
)  # fmt: skip

DECIDE = (
    f"UPDATE registry_measure SET state = 'executed', decided_by = {{by}}, decided_at = cdm_now(),"
    f" tx_id = {{tx}} WHERE id = {MEASURE}"
)
WAITS = (
    *on("proposal",
        ("approve one's own",
         f"UPDATE registry_proposal SET state = 'approved', approved_by = initiator,"
         f" approved_at = cdm_now(), execute_after = cdm_now() WHERE id = {WAITING}", "23514",
         "approver"),
        ("of more units than serials",
         insert_proposal(party_id="'KE'", lo="1", hi="9", quantity="10"), "23514", "serials"),
        ("of serials of no Party",
         insert_proposal(party_id="'QQ'", lo="1", hi="1"), "23503", "party_fk")),
    *by_trigger("proposal", "decided_once", "registry_decided_once",
                ("shorten a delay", "UPDATE registry_proposal SET execute_after = cdm_now()"
                 " WHERE state = 'approved'", "23001")),
    *on("measure",
        ("about nothing", measure(trusted_id="NULL"), "23514", "shape"),
        ("of a kind that does not exist", measure(verb="'conjure'"), "23514", "shape"),
        ("without a reason", measure(reason="' '"), "23514", "reason"),
        ("decided by nobody", DECIDE.format(by="NULL", tx=TX), "23514", "state"),
        ("execute one's own", DECIDE.format(by="initiator", tx=TX), "23514", "four_eyes"),
        ("executed by no booking", DECIDE.format(by="9", tx="-1"), "23503", "tx_fk"),
        ("of no account", measure(account_id="-1"), "23503", "account_fk"),
        ("of no block", measure(verb="'unfreeze'", account_id="NULL", trusted_id="NULL",
                                block_id="-1"), "23503", "block_fk"),
        ("about no account", measure(trusted_id="-1"), "23503", "trusted_fk"),
        ("the same twice", measure(verb="'trust'", trusted_id=DE), "23505", "waits"),
        ("a key that was used", measure(key="(SELECT min(key::text)::uuid FROM registry_measure)"),
         "23505", "key_key")),
    *by_trigger("measure", "keep_rest", "registry_keep_rest",
                ("change what was proposed",
                 f"UPDATE registry_measure SET reason = 'Y' WHERE id = {MEASURE}", "23001")),
    *by_trigger("measure", "decided_once", "registry_decided_once",
                ("decide again", f"UPDATE registry_measure SET decided_by = 9 WHERE id = {DONE}",
                 "23001")),
)  # fmt: skip

STOP = "INSERT INTO registry_stop (tx_id) VALUES ({})"
STANDSTILL = (
    *on("stop",
        ("by no booking", STOP.format(-1), "23503", "tx_fk"),
        ("resumed by no booking",
         STOP.format(TX) + "; UPDATE registry_stop SET resumed_id = -1 WHERE resumed_id IS NULL",
         "23503", "resumed_fk"),
        ("twice at a time", STOP.format(TX) + ";" + STOP.format(TX), "23505", "open")),
    *by_trigger("stop", "keep_rest", "registry_keep_rest",
                ("stopped by another booking",
                 STOP.format(TX) + "; UPDATE registry_stop SET tx_id = tx_id + 1"
                 " WHERE resumed_id IS NULL", "23001")),
    *by_trigger("stop", "decided_once", "registry_decided_once",
                ("undo that it moves again", "UPDATE registry_stop SET resumed_id = NULL",
                 "23001")),
    *by_trigger("posting", "stopped", "R501",
                ("post while the registry is stopped",
                 STOP.format(TX) + ";" + insert_posting(), "LG423")),
    *by_trigger("block", "block_stays", "R321",
                ("move reserved units",
                 f"UPDATE registry_block SET account_id = {A} WHERE id = {block(1)}", "LG423")),
    *by_trigger("block", "block_stays", "R217",
                ("into a closed account",
                 f"UPDATE registry_block SET account_id = {CLOSED} WHERE id = {block(16)}",
                 "LG423")),
    *on("block",
        ("reserved for no proposal",
         f"UPDATE registry_block SET reserved_for_id = -1 WHERE id = {block(16)}", "23503",
         "reserved_fk")),
)  # fmt: skip

ENDED = tuple(
    attack
    for table in ("representative", "authorisation", "trustedaccount")
    for attack in (
        *by_trigger(table, "keep_rest", "registry_keep_rest",
                    (f"change a row of {table}",
                     f"UPDATE registry_{table} SET since = since + interval '1 day'"
                     " WHERE until IS NULL", "23001")),
        *by_trigger(table, "decided_once", "registry_decided_once",
                    (f"undo the end of a row of {table}",
                     f"UPDATE registry_{table} SET until = NULL WHERE until IS NOT NULL",
                     "23001")),
    )
) + tuple(
    attack
    for table in ("representative", "authorisation", "trustedaccount", "measure", "stop")
    for attack in by_trigger(
        table, "stays", "registry_of_record",
        (f"delete the rows of {table}", f"DELETE FROM registry_{table} WHERE false", "23001"),
    )
) + by_trigger(
    "transactionstate", "of_record", "registry_of_record",
    ("change a step", "UPDATE registry_transactionstate SET person = 9", "23001"),
    ("delete the steps", "DELETE FROM registry_transactionstate WHERE false", "23001"),
)  # fmt: skip

ALL: tuple[Attack, ...] = (*PEOPLE, *WAY, *WAITS, *STANDSTILL, *ENDED)

EXEMPT = {
    "registry_transactionstate_target": "target of a key; refuses second, behind `n`",
    "registry_transactionstate.stamp": "does not refuse, it corrects: its own test",
}
"""Walls without an attack of their own, with the reason."""
