"""Attacks on where accounts stand. The state is that of `government` in conftest.py."""

from __future__ import annotations

from tests.registry.attack_words import (
    A,
    Attack,
    block,
    by_trigger,
    insert_account,
    insert_posting,
    on,
)
from tests.registry.attacks_governance import CLOSED, FR, insert

SUSPENDED = f"UPDATE registry_account SET standing = 'suspended' WHERE id = {A}"
PENDING = "3"
KEPT = f"(SELECT max(id) FROM registry_closure WHERE account_id = {CLOSED})"


def closure(**changes: str) -> str:
    """Somebody asks for A to be closed, past the verb."""
    given = {
        "account_id": A, "was": "'open'", "reason": "'X'", "asked_by": "1", "by_holder": "false",
        "at": "cdm_now()", "outcome": "''",
    }  # fmt: skip
    return insert("closure", given, changes)


def asked(then: str) -> str:
    """The same, carried on."""
    return (
        f"{closure()}; UPDATE registry_account SET standing = 'closure_pending' WHERE id = {A};"
        f" {then}"
    )


def stand(standing: str, of: str = A) -> str:
    return f"UPDATE registry_account SET standing = '{standing}' WHERE id = {of}"


DECIDED = ", decided_by = {}, decided_at = cdm_now() WHERE outcome = ''"
END = "UPDATE registry_closure SET outcome = '{}'" + DECIDED
SHUT = f"UPDATE registry_account SET closed_at = cdm_now() WHERE id = {A}"

CLOSURES = (
    *on("closure",
        ("of no account", closure(account_id="-1"), "23503", "account_fk"),
        ("from where no closure is asked for", closure(was="'closed'"), "23514", "was"),
        ("without a reason", closure(reason="' '"), "23514", "reason"),
        ("decided by nobody", closure(outcome="'withdrawn'"), "23514", "outcome"),
        ("close what one asked for oneself",
         closure(outcome="'closed'", decided_by="1", decided_at="cdm_now()"), "23514",
         "four_eyes"),
        ("twice at a time", f"{closure()}; {closure()}", "23505", "once")),
    *by_trigger("closure", "stays", "registry_of_record",
                ("delete the closures", "DELETE FROM registry_closure WHERE false", "23001")),
    *by_trigger("closure", "keep_rest", "registry_keep_rest",
                ("asked for by another",
                 f"{closure()}; UPDATE registry_closure SET asked_by = 9 WHERE outcome = ''",
                 "23001")),
    *by_trigger("closure", "decided_once", "registry_decided_once",
                ("decide again",
                 f"UPDATE registry_closure SET decided_by = 9 WHERE id = {KEPT}", "23001")),
)  # fmt: skip

STANDS = (
    *by_trigger("account", "guard_standing", "R220",
                ("open an account as suspended", insert_account(standing="'suspended'"), "LG409"),
                ("close an open account", SHUT, "LG409"),
                ("lift alone", f"{SUSPENDED}; {stand('open')}", "LG409"),
                ("loosen", f"{SUSPENDED}; {stand('restricted')}", "LG409"),
                ("to be closed though nobody asked", stand("closure_pending"), "LG409"),
                ("suspend the pending account", stand("suspended", PENDING), "LG409"),
                ("suspend an account of a national registry", stand("suspended", FR), "LG409"),
                ("take back what is asked for", asked(stand("open")), "LG409"),
                ("come out of a closure suspended",
                 asked(f"{END.format('withdrawn', 9)}; {stand('suspended')}"), "LG409"),
                ("close while it is asked for", asked(SHUT), "LG409")),
    *by_trigger("account", "guard_standing", "R207",
                ("close a full account",
                 f"UPDATE registry_block SET account_id = {A} WHERE id = {block(16)};"
                 + asked(f"{END.format('closed', 9)}; {SHUT}"), "LG409")),
)  # fmt: skip

HOLDS = (
    *by_trigger("posting", "standing_holds", "R221",
                ("post out of a suspended account",
                 f"{SUSPENDED}; {insert_posting(dr=A, cr=2)}", "LG423")),
    *by_trigger("posting", "standing_holds", "R222",
                ("post out of a restricted account to another",
                 f"{stand('restricted')}; {insert_posting(dr=A, cr=FR)}", "LG423")),
    *by_trigger("posting", "standing_holds", "R223",
                ("post into a suspended account",
                 f"{SUSPENDED}; {insert_posting(dr=3, cr=A)}", "LG423"),
                ("post into an account that is to be closed",
                 asked(insert_posting(dr=3, cr=A)), "LG423")),
    *by_trigger("block", "block_stays", "R223",
                ("move units into a suspended account",
                 f"{SUSPENDED}; UPDATE registry_block SET account_id = {A} WHERE id = {block(16)}",
                 "LG423")),
    *by_trigger("block", "block_stays", "R221",
                ("move units out of a partly suspended account",
                 f"UPDATE registry_block SET account_id = {A} WHERE id = {block(16)};"
                 f"{stand('suspended_partially')};"
                 f"UPDATE registry_block SET account_id = 3 WHERE id = {block(16)}", "LG423")),
)  # fmt: skip

ALL: tuple[Attack, ...] = (*CLOSURES, *STANDS, *HOLDS)

EXEMPT = {"registry_account_standing": "refuses second, behind the trigger `guard_standing`"}
"""Walls without an attack of their own, with the reason."""
