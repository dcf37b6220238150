"""Transfers abroad, their delay and history; the stop; what two persons decide."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

import pytest
from django.db import connection, transaction

from registry import actions, errors, queries
from registry.governance.queries import way
from registry.models import Block, Posting
from tests.registry.check_cases import abroad, authorises, executes, held, member, names, stopped
from tests.registry.ledger import ADMIN, RIVAL, SECOND, SELLER, Ledger, refused, settle, sql


def steps(proposal: Any) -> list[int]:
    return [step.state for step in way(proposal.key)]


@pytest.mark.usefixtures("books_balance")
def test_a_transfer_abroad_waits_for_its_delay_and_can_be_aborted(ledger: Ledger) -> None:
    proposal = abroad(ledger)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.tx, steps(proposal)) == ("approved", None, [0, 1])
    assert actions.execute_due(at=ledger.at) == 0
    actions.reject_proposal(actor=ADMIN, at=ledger.at, proposal_id=proposal.pk, reason="Theft")
    assert steps(proposal) == [0, 1, 7]
    assert Block.objects.filter(reserved_for=proposal).count() == 0
    ledger.days_pass(2)
    with pytest.raises(errors.NotReleased):
        executes(ledger, proposal)
    assert queries.balance(proposal.to_account_id) == 0


@pytest.mark.usefixtures("books_balance")
def test_after_its_delay_it_is_executed_by_the_clock(ledger: Ledger) -> None:
    proposal = abroad(ledger)
    ledger.days_pass(1)
    sql("UPDATE cdm_clock SET days_ahead = days_ahead + 1")
    now = sql("SELECT cdm_now()")[0][0]
    assert actions.execute_due(at=now) == 1
    assert queries.balance(proposal.to_account_id) == 10
    proposal.refresh_from_db()
    assert (proposal.tx.verb, proposal.tx.type_code) == ("transfer", 3)
    assert steps(proposal) == [0, 1, 2, 8, 4]
    assert [step[0] for step in proposal.tx.facts["way"]] == [0, 1, 2, 8, 4]


def test_to_a_trusted_account_it_goes_at_once_but_not_while_the_trust_is_new(
    ledger: Ledger,
) -> None:
    proposal = abroad(ledger, trusted=True)
    proposal.refresh_from_db()
    assert proposal.state == "executed"
    french = ledger.foreign("FR")
    ledger.done(ledger.measure("trust", account_id=ledger.account().pk, trusted_id=french.pk))
    fresh = ledger.proposal(1, from_account_id=ledger.account().pk, to_account_id=french.pk)
    assert ledger.approved(fresh) is None


def test_what_is_not_finished_in_time_lapses_and_its_units_are_free(ledger: Ledger) -> None:
    proposal = abroad(ledger)
    ledger.days_pass(1)
    assert actions.lapse_proposals(at=ledger.at) == 0
    ledger.days_pass(2)
    assert actions.lapse_proposals(at=ledger.at) == 1
    assert steps(proposal) == [0, 1, 7]
    assert queries.free(ledger.account().pk, "95001") == 100


def test_the_acquiring_registry_declines_into_a_closed_account(ledger: Ledger) -> None:
    proposal = abroad(ledger)
    actions.freeze(actor=ADMIN, at=ledger.at, reason="X", account_id=proposal.to_account_id)
    ledger.days_pass(2)
    assert executes(ledger, proposal) is None
    proposal.refresh_from_db()
    assert (proposal.state, steps(proposal)) == ("declined", [0, 1, 2, 6])
    assert queries.balance(ledger.account().pk) == 100


def test_where_the_journal_disagrees_nothing_moves(ledger: Ledger) -> None:
    """The first wall is down: a block was moved behind the postings' back."""
    account = held(ledger)
    settle()
    sql("ALTER TABLE registry_block DISABLE TRIGGER block_stays")
    sql("UPDATE registry_block SET account_id = 3")
    ledger.authorised()
    proposal = ledger.proposal(10)
    assert ledger.approved(proposal) is None
    proposal.refresh_from_db()
    assert (proposal.state, steps(proposal)) == ("terminated", [0, 1, 3, 5])
    assert queries.balance(account.pk) == 0


def test_stopping_refuses_every_verb_that_moves_within_a_second(
    ledger_db: str, ledger: Ledger
) -> None:
    lot = ledger.lot(1000)
    ledger.issued(100, 0)
    proposal, line = ledger.proposal(5), ledger.released(50, 0)
    halted, sold = threading.Event(), []

    def buy() -> None:
        while not halted.is_set():
            ledger.cancelled(lot, 1)
            sold.append(time.monotonic())
        connection.close()

    def refused_in_the_end() -> None:
        with pytest.raises(errors.Stopped):
            buy()

    buyer = threading.Thread(target=refused_in_the_end)
    buyer.start()
    while len(sold) < 3:
        time.sleep(0.01)
    stopped(ledger)
    at = time.monotonic()
    buyer.join(timeout=60)
    halted.set()
    assert max(sold) < at + 1
    before = Posting.objects.count()
    for act in (
        lambda: ledger.cancelled(lot, 1), lambda: ledger.approved(proposal),
        lambda: actions.issue(at=ledger.at, line_id=line.pk), lambda: ledger.lots(1),
        lambda: ledger.proposal(1),
        lambda: actions.release_lot(actor=SELLER, at=ledger.at, lot_id=lot.pk),
    ):  # fmt: skip
        with pytest.raises(errors.Stopped):
            act()
    assert Posting.objects.count() == before
    ledger.done(ledger.measure("resume"))
    ledger.cancelled(lot, 1)


def test_a_stop_does_not_wait_for_who_holds_a_lot(ledger_db: str, ledger: Ledger) -> None:
    lot = ledger.lot(100)
    inside, over, ended = threading.Event(), threading.Event(), list[bool]()

    def dawdle() -> None:
        with transaction.atomic():
            ledger.cancelled(lot, 1)
            inside.set()
            ended.append(over.wait(30))
        connection.close()

    slow = threading.Thread(target=dawdle)
    slow.start()
    assert inside.wait(60)
    stopped(ledger)
    assert ended == [], "it still holds the lot"
    over.set()
    slow.join()


def test_a_key_that_is_running_is_refused(ledger_db: str, ledger: Ledger) -> None:
    """R703: the second does not wait for the first, and the key works when it is over."""
    ledger.issued(100, 0)
    ledger.account()
    ledger.authorised()
    key, inside, over = uuid.uuid4(), threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            ledger.proposal(10, key=key)
            inside.set()
            over.wait(30)
        connection.close()

    running = threading.Thread(target=first)
    running.start()
    assert inside.wait(60)
    with pytest.raises(errors.StillRunning) as refusal:
        ledger.proposal(10, key=key)
    assert refusal.value.check == "R703"
    over.set()
    running.join()
    ledger.proposal(10, key=key)
    assert queries.proposals_waiting().count() == 1


def test_what_is_revoked_meanwhile_is_not_forwarded(ledger: Ledger, nothing_written: Any) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(10)
    noted = authorises(ledger)
    actions.revoke(actor=ADMIN, at=ledger.at, authorisation_id=noted.pk, reason="Withdrawn")
    with nothing_written(), pytest.raises(errors.NotAuthorised):
        ledger.approved(proposal)


def test_representatives_act_alone_once_somebody_is_named(
    ledger: Ledger, nothing_written: Any
) -> None:
    account, person = member(ledger)
    assert names(ledger, account, person).seat == 1
    other = type(SELLER)(99, "Colleague", SELLER.role, organisation_id=account.holder_id)
    with nothing_written(), pytest.raises(errors.NotPermitted):
        ledger.measure("trust", other, account_id=account.pk, trusted_id=1)
    with nothing_written(), pytest.raises(errors.UnknownAccount):
        ledger.measure("trust", RIVAL, account_id=account.pk, trusted_id=1)


def test_a_split_of_reserved_units_stays_reserved(ledger: Ledger) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(50)
    sql("SELECT registry_carve(id, 11, 20) FROM registry_block WHERE lo = 1")
    kept = Block.objects.filter(reserved_for=proposal).order_by("lo")
    assert [(b.lo, b.hi) for b in kept] == [(1, 10), (11, 20), (21, 50)]
    booking = ledger.approved(proposal, SECOND)
    assert booking is not None and booking.type_code == 10


def test_as_the_web_nobody_writes_past_the_verbs_of_governance(ledger: Ledger) -> None:
    sql("SET LOCAL ROLE cdm_app")
    for statement in (
        "UPDATE registry_stop SET resumed_id = 1",
        "INSERT INTO registry_authorisation DEFAULT VALUES",
        "SELECT registry_carry_out(1, now())", "SELECT registry_reserve(1, '{1}')",
        "SELECT registry_mark(gen_random_uuid(), '{0}', 1, now())",
        "SELECT registry_set_freeze(3, NULL, NULL)",
        "ALTER TABLE registry_posting DISABLE TRIGGER stopped",
    ):  # fmt: skip
        with refused("42501"):
            sql(statement)
    sql("RESET ROLE")
