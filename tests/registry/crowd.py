"""A crowd at the registry: what its members do at random, and what must be true afterwards."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError

from cdm_portal.values import SYSTEM
from registry import actions, errors, queries
from registry.actions.settling import Sale
from registry.models import Account, Block, Cancellation, Lot, Posting
from tests.registry.ledger import SECOND, SELLER, Ledger, at_once, sql

PROJECTS = ("95000", "95001", "95002", "95003")


@dataclass
class Member:
    """One of the crowd, with dice of its own."""

    ledger: Ledger
    accounts: list[Account]
    seed: int
    done: dict[str, int] = field(default_factory=dict)

    def act(self, times: int) -> dict[str, int]:
        """So many random steps; a refusal of the registry is an answer, anything else is not."""
        self.dice = random.Random(self.seed)
        steps: tuple[Callable[[], object], ...] = (
            self.transfer, self.transfer, self.cancel, self.offer, self.sell, self.sell,
            self.settle, self.release, self.close,
        )  # fmt: skip
        for _ in range(times):
            step = self.dice.choice(steps)
            try:
                step()
                name = step.__name__
            except errors.Refused:
                name = "refused"
            self.done[name] = self.done.get(name, 0) + 1
        return self.done

    def transfer(self) -> None:
        """From the pending account to a holder's."""
        self._moved(queries.PENDING, self.dice.choice(self.accounts).pk)

    def cancel(self) -> None:
        """From a holder's account, outside the shop."""
        self._moved(self.accounts[0].pk, queries.VOLUNTARY)

    def _moved(self, source: int, to: int) -> None:
        proposal = self.ledger.proposal(
            self.dice.randint(1, 120), from_account_id=source, to_account_id=to,
            project_number=self.dice.choice(PROJECTS),
        )  # fmt: skip
        actions.approve_proposal(actor=SECOND, at=self.ledger.at, proposal_id=proposal.pk)

    def offer(self) -> None:
        self.ledger.lots(
            self.dice.randint(1, 90), account_id=self.accounts[0].pk,
            project_number=self.dice.choice(PROJECTS),
        )  # fmt: skip

    def sell(self) -> None:
        self.ledger.cancelled(self._lot(), self.dice.randint(1, 30))

    def settle(self) -> None:
        """A handful of orders at once, now and then with early lock release."""
        sales = [Sale(self.dice.randint(1, 9), n, uuid.uuid4()) for n in range(1, 5)]
        early = self.dice.random() < 0.5
        actions.settle(
            actor=SYSTEM, at=self.ledger.at, lot_id=self._lot().pk, sales=sales, early=early
        )

    def release(self) -> None:
        actions.release_lot(actor=SELLER, at=self.ledger.at, lot_id=self._lot().pk)

    def close(self) -> None:
        actions.close_lots(at=self.ledger.at)

    def _lot(self) -> Lot:
        lots = list(Lot.objects.filter(end_key=None).order_by("?")[:1])
        return lots[0] if lots else Lot(pk=0)


def owners() -> dict[tuple[str, int], list[str]]:
    """Every serial with whoever has it: an account by its number, or "cancelled".

    Counted out unit by unit from blocks and links, with none of the registry's own sums.
    """
    found: dict[tuple[str, int], list[str]] = {}
    gone = {
        (link.lot.issuance.party_id, serial)
        for link in Cancellation.objects.filter(kind="c").select_related("lot__issuance")
        for serial in range(link.s, link.e + 1)
    }
    for block in Block.objects.select_related("issuance", "account"):
        for serial in range(block.lo, block.hi + 1):
            unit = (block.issuance.party_id, serial)
            owner = "cancelled" if unit in gone else block.account.number
            found.setdefault(unit, []).append(owner)
    for unit in gone - found.keys():
        found[unit] = ["cancelled, and in no block"]
    return found


def every_serial_has_one_owner(issued: int) -> None:
    """As many serials as were issued, 1 to n of each Party, each once; nothing cancelled twice."""
    found = owners()
    assert len(found) == issued
    assert [unit for unit, who in found.items() if len(who) != 1] == []
    links = Cancellation.objects.filter(kind="c").values_list("lot__issuance__party_id", "s", "e")
    units = [(party, serial) for party, s, e in links for serial in range(s, e + 1)]
    assert len(units) == len(set(units)) == queries.cancelled_total()
    posted = Posting.objects.filter(cr=queries.VOLUNTARY).values_list("lo", "hi")
    assert sum(hi - lo + 1 for lo, hi in posted) == len(units)


def unclean(results: Iterable[object]) -> list[object]:
    """What is neither an answer nor a refusal of the registry: a deadlock, say, or a key's word."""
    return [
        result for result in results
        if isinstance(result, BaseException) and not isinstance(result, errors.Refused)
    ]  # fmt: skip


def deadlocks() -> int:
    """How many PostgreSQL has broken up in this database."""
    sql("SELECT pg_stat_force_next_flush()")
    ((count,),) = sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(count)


def locked_out(work: Callable[[], object]) -> bool:
    """Whether this work, on a connection of its own, waits for a lock until it gives up."""

    def impatient(_: int) -> object:
        sql("SET lock_timeout = '300ms'")
        return work()

    return said_by_the_database(at_once(1, impatient)) == {"55P03"}


def said_by_the_database(results: Iterable[object]) -> set[str]:
    """The SQLSTATEs among the results that were not translated into refusals."""
    return {errors.sqlstate(r) or "" for r in results if isinstance(r, DatabaseError)}
