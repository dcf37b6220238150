"""The words of the cases in test_checks.py: requests as near to each other as can be.

A case takes a ledger with nothing in it but the accounts of the registry.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cdm_portal.identity import actions as identity
from cdm_portal.values import SYSTEM, Actor, Role
from registry import actions, queries
from registry.locks import call
from registry.models import Account, Block
from registry.serials import SerialNumber, read_account_number
from tests.registry.ledger import ADMIN, PROJECT, SECOND, SELLER, Ledger, settle, sql

Case = Callable[[Ledger], object]
OTHER_ADMIN = Actor(9, "A third", Role.REGISTRY)
N = "KE-5-{}-2-2-0-95001"


def parse(text: str) -> Case:
    return lambda _: SerialNumber.parse(text)


def number(text: str) -> Case:
    return lambda _: read_account_number(text)


def held(b: Ledger, quantity: int = 100) -> Any:
    """Units in the holder's account."""
    b.issued(quantity, 0)
    return b.forwarded(quantity)


def cancels(b: Ledger, quantity: int = 1, **changes: Any) -> Any:
    """A cancellation from the holder's account, proposed."""
    given = {"from_account_id": b.account().pk, "to_account_id": queries.VOLUNTARY}
    return b.proposal(quantity, **(given | changes))


def pends(b: Ledger, **changes: Any) -> Any:
    """A holder asks for a unit of the pending account."""
    b.issued(100, 0)
    return b.proposal(1, actor=SELLER, **changes)


def named(text: str, prepare: Callable[[Ledger], object] = held) -> Case:
    """Named units cancelled from the holder's account."""

    def case(b: Ledger) -> object:
        prepare(b)
        return cancels(b, 0, serials=SerialNumber.parse(text))

    return case


def half_offered(b: Ledger) -> None:
    held(b)
    b.lots(50)


def half_frozen(b: Ledger) -> None:
    held(b)
    sql("SELECT registry_carve(id, 1, 50) FROM registry_block")
    freeze(b, block_id=Block.objects.get(lo=1).pk)


def half_reserved(b: Ledger) -> None:
    held(b)
    cancels(b, 50)


def freeze(b: Ledger, reason: str = "Suspicion", **what: Any) -> Any:
    return actions.freeze(actor=ADMIN, at=b.at, reason=reason, **what)


def opened(b: Ledger, **changes: Any) -> Any:
    given = {"kind": 121, "party_code": "KE", "holder_id": 77, "name": "Ziwa"}
    return actions.open_account(actor=ADMIN, at=b.at, **(given | changes))


def closed(b: Ledger, account: Any = None, reason: str = "Empty") -> Any:
    """Closed by another person than asked for it."""
    pk = (account or b.account()).pk
    actions.ask_closure(actor=SECOND, at=b.at, account_id=pk, reason="No more use")
    return actions.close_account(actor=ADMIN, at=b.at, account_id=pk, reason=reason)


def member(b: Ledger, account: Any = None) -> tuple[Any, int]:
    """An account of an organisation, and a person of it."""
    office = identity.register_organisation(
        actor=SYSTEM, at=b.at, name=f"Org {uuid.uuid4()}", kind="participant", party_code="KE",
        fictional=True,
    )
    user = identity.register_person(
        actor=SYSTEM, at=b.at, name="Somebody", email=f"{uuid.uuid4()}@example.org", password="x",
        staff=False,
    )
    identity.grant_role(
        actor=SYSTEM, at=b.at, person_id=user.person_id, organisation_id=office.pk,
        role=Role.PARTICIPANT, valid_from=date(2001, 1, 1), seat="",
    )
    return b.account(office.pk), user.person_id


def names(b: Ledger, account: Any, person: int) -> Any:
    return actions.name_representative(
        actor=ADMIN, at=b.at, account_id=account.pk, person_id=person
    )


def seated(b: Ledger, persons: int, again: bool = False) -> object:
    """So many representatives, past the question of membership."""
    account = b.account()
    for person in [*range(1, persons + 1), *((1,) if again else ())]:
        verb(b, "registry_represent", account.pk, person, 1)
    return account


def verb(b: Ledger, name: str, *arguments: object) -> Any:
    """A verb of the database, called as the actions call it."""
    return call(name, *arguments, b.at)


def moves(source: str, target: str) -> Case:
    """A proposal between accounts by name."""

    def case(b: Ledger) -> object:
        account = held(b)
        b.issued(100, 0)
        places = {
            "mine": account.pk, "theirs": b.account(78).pk, "pending": 3, "voluntary": 2, "fund": 4,
            "source": 1,
        }  # fmt: skip
        return b.proposal(1, from_account_id=places[source], to_account_id=places[target])

    return case


def unauthorised(b: Ledger) -> object:
    b.issued(100, 0)
    return actions.propose_forwarding(
        actor=ADMIN, at=b.at, project_number=PROJECT, from_account_id=3,
        to_account_id=b.account().pk, quantity=1,
    )


def shattered(quantity: int) -> Case:
    """Out of 3,001 blocks of one unit."""

    def case(b: Ledger) -> object:
        b.issued(3002, 0)
        sql("DO $$ BEGIN FOR n IN 1..3001 LOOP PERFORM registry_carve(id, n, n)"
            " FROM registry_block WHERE lo = n; END LOOP; END $$")  # fmt: skip
        return b.proposal(quantity)

    return case


def expired(target: int) -> Case:
    def case(b: Ledger) -> object:
        b.issued(100, 0, unit_type=6, expires_on=date(2001, 1, 1))
        return b.proposal(1, from_account_id=3, to_account_id=target, unit_type=6)

    return case


def abroad(b: Ledger, trusted: bool = False) -> Any:
    """A transfer abroad, approved; at once if the account is trusted."""
    account, german = held(b), b.foreign()
    if trusted:
        b.done(b.measure("trust", account_id=account.pk, trusted_id=german.pk))
        b.days_pass(2)
    proposal = b.proposal(10, from_account_id=account.pk, to_account_id=german.pk)
    b.approved(proposal)
    return proposal


def executes(b: Ledger, proposal: Any) -> Any:
    return actions.execute_proposal(actor=ADMIN, at=b.at, proposal_id=proposal.pk)


def due(b: Ledger) -> object:
    proposal = abroad(b)
    b.days_pass(2)
    return executes(b, proposal)


def rejects(b: Ledger, proposal: Any, actor: Actor = SECOND, reason: str = "No") -> Any:
    return actions.reject_proposal(actor=actor, at=b.at, proposal_id=proposal.pk, reason=reason)


def waiting(b: Ledger, quantity: int = 10) -> Any:
    b.issued(100, 0)
    return b.proposal(quantity)


def approves(b: Ledger, proposal: Any, actor: Actor = SECOND, **seen: Any) -> Any:
    return actions.approve_proposal(actor=actor, at=b.at, proposal_id=proposal.pk, **seen)


def trusts(b: Ledger, what: str = "trust", of: Any = None) -> Any:
    target = of or Account.objects.filter(external=True).first() or b.foreign()
    return b.measure(what, account_id=b.account().pk, trusted_id=target.pk)


def trusted(b: Ledger) -> Any:
    b.done(trusts(b))
    return b


def frozen(b: Ledger) -> Any:
    account = b.account()
    freeze(b, account_id=account.pk)
    return account


def stopped(b: Ledger, reason: str = "Alarm") -> Any:
    return actions.stop(actor=ADMIN, at=b.at, reason=reason)


def holds(b: Ledger, quantity: int, lot: Any = None, key: Any = None) -> Any:
    lot = lot or b.lot(100)
    return actions.hold(at=b.at, lot_id=getattr(lot, "pk", lot), quantity=quantity,
                        order_key=key or uuid.uuid4(),
                        expires_at=b.at + timedelta(minutes=5))  # fmt: skip


def releases(b: Ledger, line: Any, actor: Actor = ADMIN) -> Any:
    return actions.release_instruction(actor=actor, at=b.at, line_id=getattr(line, "pk", line))


def authorises(b: Ledger, **changes: Any) -> Any:
    given = {"project_number": PROJECT, "holder_id": 77, "letter": "L-1"} | changes
    return actions.authorise(actor=ADMIN, at=b.at, **given)


def tampered(b: Ledger, table: str, change: str) -> None:
    """What nobody can do: a row of a decision changed behind its back."""
    settle()
    sql(f"ALTER TABLE registry_{table} DISABLE TRIGGER keep_rest")
    sql(f"UPDATE registry_{table} SET {change}")


def then(first: Callable[[Ledger], Any], second: Callable[[Ledger, Any], object]) -> Case:
    return lambda b: second(b, first(b))
