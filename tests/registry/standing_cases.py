"""The cases of the checks on where an account stands; see test_checks.py and check_cases.py."""

from __future__ import annotations

from typing import Any

from registry import actions
from tests.registry.check_cases import Case, cancels, closed, held
from tests.registry.ledger import ADMIN, SECOND, SELLER, Ledger


def restricted(b: Ledger, standing: str = "restricted", reason: str = "Doubts") -> Any:
    """The holder's account, restricted."""
    return actions.restrict_account(
        actor=ADMIN, at=b.at, account_id=b.account().pk, standing=standing, reason=reason
    )


def goes_abroad(b: Ledger, standing: str = "") -> object:
    """A transfer to a national registry, perhaps out of a restricted account."""
    account = held(b)
    if standing:
        restricted(b, standing)
    return b.proposal(1, b.foreign(), from_account_id=account.pk)


def receives(b: Ledger, standing: str) -> object:
    restricted(b, standing)
    b.issued(9, 0)
    return b.approved(b.proposal(1))


def gives(b: Ledger, standing: str) -> object:
    held(b)
    restricted(b, standing)
    return cancels(b)


def asks(b: Ledger, actor: Any = SELLER) -> Any:
    return actions.ask_closure(
        actor=actor, at=b.at, account_id=b.account().pk, reason="No more use"
    )


def takes_back(b: Ledger, actor: Any) -> Any:
    asks(b)
    return actions.withdraw_closure(actor=actor, at=b.at, account_id=b.account().pk)


def closes(b: Ledger, actor: Any = ADMIN) -> Any:
    return actions.close_account(
        actor=actor, at=b.at, account_id=b.account().pk, reason="Empty"
    )


def lifts(b: Ledger) -> Any:
    return b.done(b.measure("lift", account_id=b.account().pk))


STANDING: dict[str, tuple[Case, Case]] = {
    "R220": (restricted, lambda b: (restricted(b), restricted(b))),
    "R221": (lambda b: gives(b, "restricted"), lambda b: gives(b, "suspended_partially")),
    "R222": (goes_abroad, lambda b: goes_abroad(b, "restricted")),
    "R223": (lambda b: receives(b, "suspended_partially"), lambda b: receives(b, "suspended")),
    "R224": (restricted, lambda b: restricted(b, reason=" ")),
    "R225": (closed, closes),
    "R226": (lambda b: takes_back(b, SELLER), lambda b: takes_back(b, ADMIN)),
    "R227": (lambda b: (asks(b, ADMIN), closes(b, SECOND)),
             lambda b: (asks(b, ADMIN), closes(b, ADMIN))),
    "R422": (lambda b: (restricted(b), lifts(b)), lifts),
}  # fmt: skip
