"""Forwarding and cancelling by proposal: nothing moves at one person's word."""

from typing import Any

import pytest

from cdm_portal.values import Actor, Role
from registry import actions, errors, queries
from registry.models import Block, Cancellation, Posting, Proposal
from tests.registry.ledger import (
    ADMIN,
    PROJECT,
    RIVAL,
    SECOND,
    SELLER,
    Ledger,
    at_once,
    settle,
    sql,
)

pytestmark = pytest.mark.usefixtures("books_balance")


def approve(ledger: Ledger, proposal: Any, actor: Any = SECOND, **changes: Any) -> Any:
    return actions.approve_proposal(actor=actor, at=ledger.at, proposal_id=proposal.pk, **changes)


def test_units_move_when_a_second_person_approves_lowest_serial_first(ledger: Ledger) -> None:
    ledger.issued(1000, 20)
    proposal = ledger.proposal(250)
    assert queries.balance(proposal.to_account_id) == 0
    booking = approve(ledger, proposal)
    assert (booking.verb, booking.initiator, booking.approver) == ("forward", 1, 2)
    assert bytes(booking.request_sha256) == bytes(proposal.sha256)
    assert [(b.lo, b.hi, b.account_id) for b in Block.objects.order_by("lo")] == [
        (1, 250, proposal.to_account_id), (251, 980, 3), (981, 1000, 4),
    ]  # fmt: skip
    (posting,) = Posting.objects.filter(tx=booking)
    assert (posting.lo, posting.hi, posting.dr_id, posting.cr_id) == (
        1,
        250,
        3,
        proposal.to_account_id,
    )


def test_several_blocks_of_several_issuances_are_used_in_serial_order(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.issued(100, 0)
    ledger.forwarded(50)
    account = ledger.forwarded(180)
    blocks = Block.objects.filter(account=account).order_by("lo")
    assert [(b.lo, b.hi) for b in blocks] == [(1, 50), (51, 100), (101, 200), (201, 230)]


def test_a_commitment_period_asked_for_is_the_one_that_moves(ledger: Ledger) -> None:
    ledger.issued(100, 0, commitment_period=1)
    ledger.issued(100, 0, commitment_period=2)
    account = ledger.forwarded(60, commitment_period=2)
    (block,) = Block.objects.filter(account=account)
    assert (block.lo, block.hi) == (101, 160)
    with pytest.raises(errors.NotEnoughUnits):
        ledger.proposal(41, commitment_period=2)


def test_the_same_person_cannot_approve_not_even_by_another_sign_in(
    ledger: Ledger, nothing_written: Any
) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(10)
    again = Actor(ADMIN.person_id, "Another sign-in of the same", Role.REGISTRY)
    with nothing_written(), pytest.raises(errors.SamePerson):
        approve(ledger, proposal, again)


def test_roles_without_the_right_neither_propose_nor_approve(
    ledger: Ledger, nothing_written: Any
) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(10)
    with nothing_written():
        others = [Actor(9, "X", role) for role in (Role.BOARD, Role.BUYER, Role.SECRETARIAT)]
        for actor in (SELLER, *others):
            with pytest.raises(errors.NotPermitted):
                approve(ledger, proposal, actor)
        with pytest.raises(errors.NotPermitted):
            actions.propose_forwarding(
                actor=Actor(9, "X", Role.DOE), at=ledger.at, project_number=PROJECT,
                from_account_id=3, to_account_id=proposal.to_account_id, quantity=1,
            )  # fmt: skip


@pytest.mark.parametrize("quantity", [981, 10**12])
def test_more_than_the_pending_account_holds_of_the_project_is_refused(
    quantity: Any, ledger: Ledger
) -> None:
    ledger.issued(1000, 20)
    ledger.issued(5000, 0, project_number="95002")
    with pytest.raises(errors.NotEnoughUnits) as refusal:
        ledger.proposal(quantity)
    assert refusal.value.field == "quantity"
    assert "980" in refusal.value.message


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_units_are_no_proposal(quantity: Any, ledger: Ledger) -> None:
    ledger.issued(100, 0)
    with pytest.raises(errors.Unusable):
        ledger.proposal(quantity)


def test_what_one_proposal_promises_another_cannot(ledger: Ledger) -> None:
    ledger.issued(100, 0)
    first = ledger.proposal(70)
    with pytest.raises(errors.NotEnoughUnits):
        ledger.proposal(31)
    second = ledger.proposal(30)
    actions.reject_proposal(actor=SECOND, at=ledger.at, proposal_id=first.pk, reason="Withdrawn")
    ledger.proposal(70)
    approve(ledger, second)


def test_approving_twice_moves_once(ledger: Ledger, nothing_written: Any) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(40)
    booking = approve(ledger, proposal)
    with nothing_written():
        assert approve(ledger, proposal) == booking
        with pytest.raises(errors.AlreadyDecided):
            approve(ledger, proposal, Actor(9, "A third", Role.REGISTRY))
        with pytest.raises(errors.AlreadyDecided):
            actions.reject_proposal(
                actor=SECOND, at=ledger.at, proposal_id=proposal.pk, reason="Too late"
            )


def test_a_proposal_that_changed_after_it_was_looked_at_is_not_executed(
    ledger: Ledger, nothing_written: Any
) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(40)
    with nothing_written(), pytest.raises(errors.HashMismatch):
        approve(ledger, proposal, seen_sha256="0" * 64)
    settle()
    sql("ALTER TABLE registry_proposal DISABLE TRIGGER keep_rest")
    sql("UPDATE registry_proposal SET quantity = 90 WHERE id = %s", proposal.pk)
    with pytest.raises(errors.HashMismatch):
        approve(ledger, proposal)
    assert queries.balance(queries.PENDING) == 100
    approve_what_was_seen = bytes(proposal.sha256).hex()
    sql("UPDATE registry_proposal SET quantity = 40 WHERE id = %s", proposal.pk)
    approve(ledger, proposal, seen_sha256=approve_what_was_seen)


def test_rejecting_needs_a_reason_and_moves_nothing(ledger: Ledger) -> None:
    ledger.issued(100, 0)
    proposal = ledger.proposal(40)
    with pytest.raises(errors.Unusable):
        actions.reject_proposal(actor=SECOND, at=ledger.at, proposal_id=proposal.pk, reason=" ")
    done = actions.reject_proposal(
        actor=SECOND, at=ledger.at, proposal_id=proposal.pk, reason="Not a participant"
    )
    assert (done.state, done.reason, done.tx) == ("rejected", "Not a participant", None)
    with pytest.raises(errors.AlreadyDecided):
        approve(ledger, proposal)


def test_units_move_only_from_pending_to_holding_or_to_cancellation(
    ledger: Ledger, nothing_written: Any
) -> None:
    ledger.issued(1000, 20)
    mine, theirs = ledger.forwarded(100), ledger.account(78)
    ledger.authorised(78)
    refusals = [
        (mine.pk, theirs.pk, errors.WrongAccount), (mine.pk, 3, errors.WrongAccount),
        (4, mine.pk, errors.WrongAccount), (4, 2, errors.WrongAccount),
        (3, 4, errors.WrongAccount), (3, 3, errors.WrongAccount),
        (3, 1, errors.WrongAccount), (1, mine.pk, errors.WrongAccount),
        (2, mine.pk, errors.TerminalAccount), (5, 2, errors.TerminalAccount),
        (3, 999_999, errors.UnknownAccount), (999_999, 2, errors.UnknownAccount),
    ]  # fmt: skip
    with nothing_written():
        for source, target, error in refusals:
            with pytest.raises(error):
                ledger.proposal(1, from_account_id=source, to_account_id=target)


def test_cancelling_outside_the_shop_goes_through_the_same_chain(ledger: Ledger) -> None:
    ledger.issued(1000, 20)
    account = ledger.forwarded(300)
    proposal = ledger.proposal(120, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)
    booking = approve(ledger, proposal)
    assert booking.verb == "cancel"
    (row,) = Cancellation.objects.all()
    assert (str(row.serial), row.buyer, row.tx) == ("KE-5-1-120-2-2-0-95001", 0, booking)
    assert queries.cancelled_total() == queries.balance(queries.VOLUNTARY) == 120
    assert queries.balance(account.pk) == 180
    life = queries.life_of(row.serial)
    assert [m.what for m in life.movements] == ["Issued", "Forwarded", "Cancelled, voluntary"]


def test_a_participant_proposes_from_its_own_account_and_learns_nothing_of_others(
    ledger: Ledger,
) -> None:
    ledger.issued(100, 0)
    account = ledger.forwarded(50)
    cancel = {
        "at": ledger.at, "project_number": PROJECT, "from_account_id": account.pk,
        "to_account_id": queries.VOLUNTARY, "quantity": 10,
    }  # fmt: skip
    with pytest.raises(errors.UnknownAccount):
        actions.propose_forwarding(actor=RIVAL, **cancel)
    proposal = actions.propose_forwarding(actor=SELLER, **cancel)
    with pytest.raises(errors.NotPermitted):
        actions.reject_proposal(actor=RIVAL, at=ledger.at, proposal_id=proposal.pk, reason="Mine")
    actions.reject_proposal(actor=SELLER, at=ledger.at, proposal_id=proposal.pk, reason="Changed")
    assert Proposal.objects.get(pk=proposal.pk).state == "rejected"


def test_units_on_offer_are_not_forwarded(ledger: Ledger) -> None:
    ledger.issued(100, 0)
    account = ledger.forwarded(100)
    ledger.lots(60)
    with pytest.raises(errors.NotEnoughUnits):
        ledger.proposal(41, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)
    ledger.proposal(40, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)


def test_at_most_three_thousand_blocks_move_in_one_transaction(
    ledger: Ledger, nothing_written: Any
) -> None:
    ledger.issued(3002, 0)
    sql("DO $$ BEGIN FOR n IN 1..3001 LOOP PERFORM registry_carve(id, n, n)"
        " FROM registry_block WHERE lo = n; END LOOP; END $$")  # fmt: skip
    ledger.account()
    ledger.authorised()
    with nothing_written(), pytest.raises(errors.TooManyBlocks):
        ledger.proposal(3001)
    ledger.forwarded(3000)


def test_two_who_approve_at_once_move_once(ledger_db: str, ledger: Ledger) -> None:
    ledger.issued(1000, 20)
    proposal = ledger.proposal(600)
    others = [Actor(n, f"Person {n}", Role.REGISTRY) for n in range(10, 26)]
    results = at_once(16, lambda n: approve(ledger, proposal, others[n]).pk)
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, errors.AlreadyDecided) for result in results) == 15
    assert queries.balance(proposal.to_account_id) == 600


def test_six_hundred_and_seven_hundred_of_a_thousand_cannot_both_be_proposed(
    ledger_db: str, ledger: Ledger
) -> None:
    ledger.issued(1000, 0)
    account = ledger.account()
    results = at_once(2, lambda n: ledger.proposal((600, 700)[n], account).quantity)
    assert sum(isinstance(result, errors.NotEnoughUnits) for result in results) == 1
    assert sum(isinstance(result, int) for result in results) == 1
