"""Objects of the ledger brought to a state through its verbs, and the words the tests share."""

from __future__ import annotations

import contextlib
import itertools
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg2
from django.db import DatabaseError, connection, connections, transaction

from cdm_portal.values import Actor, Role
from registry import actions, queries
from registry.governance.models import Measure, Proposal
from registry.models import Account, InstructionLine, Issuance, Lot, Transaction

ADMIN = Actor(1, "Rita Regan", Role.REGISTRY)
SECOND = Actor(2, "Omar Haddad", Role.REGISTRY)
BOARD = Actor(3, "Member 1", Role.BOARD)
SELLER = Actor(4, "Achieng Odhiambo", Role.PARTICIPANT, organisation_id=77)
RIVAL = Actor(5, "Bakari Rival", Role.PARTICIPANT, organisation_id=78)
BUYER = Actor(6, "Amina Otieno", Role.BUYER)
PROJECT = "95001"


@dataclass
class Ledger:
    """A registry with people; every method goes through the public verbs."""

    at: datetime
    references: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def account(self, holder_id: int = 77, party: str = "KE") -> Account:
        """A participant's holding account, opened once."""
        known = queries.account_for(holder_id, party)
        return known or actions.open_account(
            actor=ADMIN, at=self.at, kind=121, party_code=party, holder_id=holder_id,
            name=f"Holder {holder_id}",
        )

    def line(self, quantity: int = 1000, share: int = 20, **changes: Any) -> InstructionLine:
        """A line of an instruction of the Board."""
        given = {
            "project_number": PROJECT, "party_code": "KE", "commitment_period": 2,
            "reference": f"ISS-{next(self.references)}",
        }
        return actions.instruct(
            actor=BOARD, at=self.at, quantity=quantity, share_of_proceeds=share,
            **(given | changes),
        )

    def released(self, quantity: int = 1000, share: int = 20, **changes: Any) -> InstructionLine:
        """The same, released by a second person."""
        line = self.line(quantity, share, **changes)
        return actions.release_instruction(actor=ADMIN, at=self.at, line_id=line.pk)

    def issued(self, quantity: int = 1000, share: int = 20, **changes: Any) -> Issuance:
        """Units in the pending account."""
        line = self.released(quantity, share, **changes)
        return actions.issue(at=self.at, line_id=line.pk)

    def authorised(self, holder_id: int = 77, project_number: str = PROJECT) -> None:
        """A letter on file for a holder and a project."""
        actions.authorise(
            actor=ADMIN, at=self.at, project_number=project_number, holder_id=holder_id,
            letter="KE-LoA-1",
        )

    def proposal(self, quantity: int, to: Account | None = None, **changes: Any) -> Proposal:
        """A forwarding that waits for a second person, to a holder with its letter."""
        given = {
            "actor": ADMIN, "project_number": PROJECT, "from_account_id": queries.PENDING,
            "to_account_id": (to or self.account()).pk,
        } | changes
        target = Account.objects.filter(pk=given["to_account_id"]).first()
        if target is not None and target.holder_id is not None:
            self.authorised(target.holder_id, given["project_number"])
        return actions.propose_forwarding(at=self.at, quantity=quantity, **given)

    def approved(self, proposal: Proposal, actor: Actor = SECOND) -> Transaction | None:
        """A second person's yes."""
        return actions.approve_proposal(actor=actor, at=self.at, proposal_id=proposal.pk)

    def foreign(self, party: str = "DE", kind: int = 121) -> Account:
        """An account of the simulated national registry of a Party."""
        return actions.open_account(
            actor=ADMIN, at=self.at, kind=kind, party_code=party, holder_id=None,
            name=f"National registry of {party}", external=True,
        )

    def measure(self, verb: str, actor: Actor = ADMIN, **what: Any) -> Measure:
        """A measure that waits for a second person."""
        return actions.propose_measure(
            actor=actor, at=self.at, verb=verb, reason="As agreed", **what
        )

    def done(self, measure: Measure, actor: Actor = SECOND) -> Transaction:
        """A measure executed by a second person."""
        return actions.approve_measure(actor=actor, at=self.at, measure_id=measure.pk)

    def days_pass(self, days: int) -> None:
        """The database's clock goes forward; only the owner of the tables can do that."""
        sql("UPDATE cdm_clock SET days_ahead = days_ahead + %s", days)

    def forwarded(self, quantity: int, to: Account | None = None, **changes: Any) -> Account:
        """Units in a holding account."""
        proposal = self.proposal(quantity, to, **changes)
        actions.approve_proposal(actor=SECOND, at=self.at, proposal_id=proposal.pk)
        return proposal.to_account

    def lots(self, quantity: int, **changes: Any) -> list[Lot]:
        """Units on offer from the seller's account."""
        given = {"account_id": self.account().pk, "project_number": PROJECT, "commitment_period": 2}
        given |= {"actor": SELLER} | changes
        return actions.earmark(at=self.at, quantity=quantity, **given)

    def lot(self, quantity: int = 100) -> Lot:
        """A lot of freshly issued units, from nothing."""
        self.issued(quantity, 0)
        self.forwarded(quantity)
        (lot,) = self.lots(quantity)
        return lot

    def cancelled(self, lot: Lot, quantity: int, buyer: int = 1) -> Any:
        """Units of a lot cancelled for an order."""
        return actions.cancel(
            actor=BUYER, at=self.at, lot_id=lot.pk, quantity=quantity, buyer=buyer, key=uuid.uuid4()
        )


def sql(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run a statement on the default connection and answer its rows, if any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def settle() -> None:
    """Let every deferred constraint speak now, as at a commit."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


@contextlib.contextmanager
def refused(state: str, says: str | None = None) -> Iterator[None]:
    """The database refuses with this SQLSTATE (and constraint), and takes everything back."""
    try:
        with transaction.atomic():
            yield
            settle()
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg2.Error)
        said = (cause.pgcode, cause.diag.constraint_name)
        assert said[0] == state, f"{said}: {error}"
        assert says is None or said[1] == says, f"{said}: {error}"
    else:
        raise AssertionError(f"not refused; expected {state} {says or ''}")


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Run `work(n)` in `count` threads that start together, each on its own connection.

    Answers what each returned, or the exception that it raised.
    """
    barrier = threading.Barrier(count)
    results: list[object] = [None] * count

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=120)
            results[number] = work(number)
        except BaseException as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results
