"""A random walk through the verbs beside a model that remembers every single unit."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cdm_portal.values import SYSTEM
from registry import actions, errors, invariants, queries
from registry.actions.settling import Sale
from registry.models import Lot
from tests.registry.ledger import SECOND, SELLER, Ledger, settle, sql

AT = datetime(2024, 3, 4, 9, tzinfo=UTC)
PENDING, FUND, HELD, OFFERED, GONE = "pending", "fund", "held", "offered", "gone"
ACCOUNTS = {queries.PENDING: PENDING, queries.ADAPTATION: FUND, queries.VOLUNTARY: GONE}
PLACES = """
    SELECT b.lo, b.hi, b.account_id, l.next_serial
    FROM registry_block b LEFT JOIN registry_lot l ON l.block_id = b.id ORDER BY b.lo"""


class Books(RuleBasedStateMachine):
    """The model: where each serial of Kenya is; which serials each open lot has left; what is
    held."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.ledger = Ledger(AT)
        self.units: dict[int, str] = {}
        self.lots: dict[int, list[int]] = {}
        self.held: dict[int, int] = {}
        self.ledger.account()

    def teardown(self) -> None:
        """Every example begins with empty books."""
        settle()
        assert invariants.problems() == []
        transaction.savepoint_rollback(self.savepoint)

    @rule(quantity=st.integers(1, 60), data=st.data())
    def issue(self, quantity: int, data: st.DataObject) -> None:
        """New serials at the end, the last of them to the Adaptation Fund."""
        share = data.draw(st.integers(0, quantity))
        first = len(self.units) + 1
        issuance = self.ledger.issued(quantity, share)
        assert (issuance.lo, issuance.hi) == (first, first + quantity - 1)
        for serial in range(first, first + quantity):
            self.units[serial] = FUND if serial >= first + quantity - share else PENDING

    @rule(quantity=st.integers(1, 80))
    def forward(self, quantity: int) -> None:
        """The lowest pending ones, or none."""
        if taken := self._lowest(PENDING, quantity):
            self.ledger.forwarded(quantity)
            self._put(taken, HELD)
        else:
            with pytest.raises(errors.NotEnoughUnits):
                self.ledger.forwarded(quantity)

    @rule(quantity=st.integers(1, 80))
    def cancel_outside_the_shop(self, quantity: int) -> None:
        """The lowest free ones of the holder, or none."""
        account = self.ledger.account().pk
        ask = {"from_account_id": account, "to_account_id": queries.VOLUNTARY}
        if taken := self._lowest(HELD, quantity):
            proposal = self.ledger.proposal(quantity, **ask)
            actions.approve_proposal(actor=SECOND, at=AT, proposal_id=proposal.pk)
            self._put(taken, GONE)
        else:
            with pytest.raises(errors.NotEnoughUnits):
                self.ledger.proposal(quantity, **ask)

    @rule(quantity=st.integers(1, 80))
    def offer(self, quantity: int) -> None:
        """The lowest free ones, one lot for each block."""
        if taken := self._lowest(HELD, quantity):
            lots = self.ledger.lots(quantity)
            self._put(taken, OFFERED)
            offered = []
            for lot in lots:
                self.lots[lot.pk] = list(range(lot.lo, lot.hi + 1))
                offered += self.lots[lot.pk]
            assert offered == taken
        else:
            with pytest.raises(errors.NotEnoughUnits):
                self.ledger.lots(quantity)

    @rule(quantity=st.integers(1, 40), data=st.data())
    def sell(self, quantity: int, data: st.DataObject) -> None:
        """The next serials of a lot, unless they are held for others."""
        if not self.lots:
            return
        pk = data.draw(st.sampled_from(sorted(self.lots)))
        left = self.lots[pk]
        if quantity <= len(left) - self.held.get(pk, 0):
            row = self.ledger.cancelled(Lot(pk=pk), quantity)
            assert (row.s, row.e) == (left[0], left[quantity - 1])
            self._put(left[:quantity], GONE)
            del left[:quantity]
        else:
            with pytest.raises(errors.NotEnoughUnits):
                self.ledger.cancelled(Lot(pk=pk), quantity)

    @rule(quantity=st.integers(1, 20), data=st.data())
    def hold(self, quantity: int, data: st.DataObject) -> None:
        """Some units of a lot, if so many are neither sold nor held."""
        if not self.lots:
            return
        pk = data.draw(st.sampled_from(sorted(self.lots)))
        ask = {"lot_id": pk, "quantity": quantity, "order_key": uuid.uuid4()}
        if quantity <= len(self.lots[pk]) - self.held.get(pk, 0):
            actions.hold(at=AT, expires_at=AT + timedelta(hours=1), **ask)
            self.held[pk] = self.held.get(pk, 0) + quantity
        else:
            with pytest.raises(errors.NotEnoughUnits):
                actions.hold(at=AT, expires_at=AT + timedelta(hours=1), **ask)

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """What a lot has not sold is free again, unless some of it is held."""
        if not self.lots:
            return
        pk = data.draw(st.sampled_from(sorted(self.lots)))
        if self.held.get(pk):
            with pytest.raises(errors.HeldForBuyers):
                actions.release_lot(actor=SELLER, at=AT, lot_id=pk)
        else:
            actions.release_lot(actor=SELLER, at=AT, lot_id=pk)
            self._put(self.lots.pop(pk), HELD)

    @rule()
    def close(self) -> None:
        """Sold-out lots end."""
        ended = [pk for pk, left in self.lots.items() if not left]
        assert actions.close_lots(at=AT) == len(ended)
        for pk in ended:
            del self.lots[pk]

    @rule(sales=st.lists(st.integers(1, 12), min_size=1, max_size=6), data=st.data())
    def settle(self, sales: list[int], data: st.DataObject) -> None:
        """Many orders of a lot at once: each the next serials, or none of them any."""
        if not self.lots:
            return
        pk = data.draw(st.sampled_from(sorted(self.lots)))
        left, wanted = self.lots[pk], sum(sales)
        asked = [Sale(quantity, 1, uuid.uuid4()) for quantity in sales]
        ask = {"actor": SYSTEM, "at": AT, "lot_id": pk, "sales": asked}
        if wanted <= len(left) - self.held.get(pk, 0):
            links = actions.settle(**ask)
            assert [serial for c in links for serial in range(c.s, c.e + 1)] == left[:wanted]
            self._put(left[:wanted], GONE)
            del left[:wanted]
        else:
            with pytest.raises(errors.NotEnoughUnits):
                actions.settle(**ask)

    @invariant()
    def every_unit_is_where_the_model_has_it(self) -> None:
        """Serial by serial, from the blocks and cursors; now and then the balances too."""
        type(self).steps += 1
        settle()
        found: list[str] = []
        for lo, hi, account, cursor in sql(PLACES):
            assert lo == len(found) + 1
            place = ACCOUNTS.get(account, HELD)
            if cursor is not None and place == HELD:
                found += [GONE] * (cursor - lo) + [OFFERED] * (hi + 1 - cursor)
            else:
                found += [place] * (hi + 1 - lo)
        assert found == list(self.units.values())
        if type(self).steps % 10 == 0:
            self._balances()

    def _balances(self) -> None:
        count = list(self.units.values()).count
        assert queries.balance(queries.VOLUNTARY) == queries.cancelled_total() == count(GONE)
        assert queries.balance(self.ledger.account().pk) == count(HELD) + count(OFFERED)

    def _lowest(self, place: str, quantity: int) -> list[int]:
        free = [serial for serial in sorted(self.units) if self.units[serial] == place]
        return free[:quantity] if quantity <= len(free) else []

    def _put(self, serials: list[int], place: str) -> None:
        for serial in serials:
            self.units[serial] = place


def walk(examples: int, steps: int) -> int:
    """Run the machine so often and so long; answers the steps taken.

    A failure is reported as found, not made smaller.
    """
    Books.steps = 0
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip
    return Books.steps


@pytest.mark.parametrize("half", [1, 2])
def test_a_random_walk_keeps_every_unit_where_the_model_has_it(
    db: None, half: int, full: bool
) -> None:
    """Half of 5,000 steps each, so that two processes share them; of 100,000 under --full."""
    wanted, taken = 50_000 if full else 2_500, 0
    while taken < wanted:  # an example may end before its hundredth step
        taken += walk(10, 100)


def test_the_model_finds_a_planted_loss(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb that forgets a unit is found: the model is not blind."""
    real = Books._put

    def forgetful(self: Books, serials: list[int], place: str) -> None:
        real(self, serials[:-1] if place == HELD and len(serials) > 1 else serials, place)

    monkeypatch.setattr(Books, "_put", forgetful)
    with pytest.raises(AssertionError):
        walk(200, 40)
