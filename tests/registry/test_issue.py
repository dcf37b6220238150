"""Instruction, release and issuance: two persons, once, with the share of proceeds at the end."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction

from cdm_portal.journal.models import Entry
from cdm_portal.refusals import Invalid
from cdm_portal.values import SYSTEM
from registry import actions, errors, queries
from registry.models import Block, Issuance, Posting, Transaction
from tests.registry.ledger import ADMIN, BOARD, SECOND, SELLER, Actor, Ledger, Role, at_once, sql

pytestmark = pytest.mark.usefixtures("books_balance")


@pytest.mark.parametrize(
    ("quantity", "share"),
    [(1, 0), (10, 0), (24, 0), (25, 1), (26, 1), (50, 1), (100, 2), (999, 20), (10001, 200),
     (48230, 965), (99999, 2000), (48230, 0), (1, 1)],
)  # fmt: skip
def test_the_share_of_proceeds_is_the_end_of_the_block(
    ledger: Ledger, quantity: Any, share: Any
) -> None:
    issuance = ledger.issued(quantity, share)
    assert issuance.serial.quantity == quantity
    assert queries.balance(queries.PENDING) == quantity - share
    assert queries.balance(queries.ADAPTATION) == share
    blocks = [(b.lo, b.hi, b.account_id) for b in Block.objects.order_by("lo")]
    expected = [(1, quantity - share, 3), (quantity - share + 1, quantity, 4)]
    assert blocks == [part for part in expected if part[0] <= part[1]]


def test_serials_of_a_party_follow_each_other_over_types_projects_and_periods(
    ledger: Ledger,
) -> None:
    first = ledger.issued(1000)
    second = ledger.issued(500, project_number="95002", commitment_period=1)
    third = ledger.issued(7, 0, unit_type=6, expires_on=dt.date(2025, 12, 31))
    elsewhere = ledger.issued(30, 0, party_code="UG", project_number="95003")
    assert [str(i.serial.block) for i in (first, second, third, elsewhere)] == [
        "1-1000", "1001-1500", "1501-1507", "1-30",
    ]  # fmt: skip
    assert str(second.serial) == "KE-5-1001-1500-1-1-0-95002"
    assert str(third.serial) == "KE-6-1501-1507-2-2-0-95001"
    assert queries.party("KE").next_serial == 1508


def test_it_is_booked_with_both_persons_dates_and_leaf(ledger: Ledger) -> None:
    line = ledger.released(100, 2)
    issuance = actions.issue(at=ledger.at, line_id=line.pk)
    booking = issuance.tx
    assert (booking.verb, booking.initiator, booking.approver) == ("issue", BOARD.person_id, 1)
    assert (booking.key, bytes(booking.request_sha256)) == (line.key, bytes(line.sha256))
    assert issuance.effective_at == booking.effective_at == ledger.at
    assert issuance.at > ledger.at  # booked now, by the database's clock
    postings = [(p.lo, p.hi, p.qty, p.dr_id, p.cr_id) for p in Posting.objects.order_by("id")]
    assert postings == [(1, 100, 100, 1, 3), (99, 100, 2, 3, 4)]
    assert len(bytes(issuance.leaf)) == len(bytes(booking.leaf)) == 32


def test_issuing_again_answers_the_same_issuance_and_writes_nothing(
    ledger: Ledger, nothing_written: Any
) -> None:
    line = ledger.released()
    issuance = actions.issue(at=ledger.at, line_id=line.pk)
    with nothing_written():
        assert actions.issue(at=ledger.at, line_id=line.pk) == issuance
    assert Entry.objects.filter(verb="registry.issue").count() == 1


def test_a_line_that_nobody_released_is_not_issued(ledger: Ledger, nothing_written: Any) -> None:
    line = ledger.line()
    with nothing_written(), pytest.raises(errors.NotReleased):
        actions.issue(at=ledger.at, line_id=line.pk)


def test_an_unknown_line_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(errors.UnknownInstruction):
        actions.issue(at=ledger.at, line_id=999_999)
    with pytest.raises(errors.UnknownInstruction):
        actions.release_instruction(actor=ADMIN, at=ledger.at, line_id=999_999)


def test_who_instructed_cannot_release_not_even_in_another_role(
    ledger: Ledger, nothing_written: Any
) -> None:
    line = ledger.line()
    same = Actor(BOARD.person_id, "Another sign-in of the same", Role.REGISTRY)
    with nothing_written(), pytest.raises(errors.SamePerson):
        actions.release_instruction(actor=same, at=ledger.at, line_id=line.pk)


def test_the_portal_instructs_by_rule_and_a_person_releases(ledger: Ledger) -> None:
    line = actions.instruct(
        actor=SYSTEM,
        at=ledger.at,
        project_number="95001",
        party_code="KE",
        commitment_period=2,
        quantity=5,
        share_of_proceeds=0,
        reference="DEEMED",
    )
    released = actions.release_instruction(actor=ADMIN, at=ledger.at, line_id=line.pk)
    assert (released.initiator, released.releaser) == (0, ADMIN.person_id)
    assert actions.issue(at=ledger.at, line_id=line.pk).tx.initiator == 0


def test_the_portal_never_releases(ledger: Ledger, nothing_written: Any) -> None:
    line = ledger.line()
    for actor in (SYSTEM, SELLER, BOARD):
        with nothing_written(), pytest.raises(errors.NotPermitted):
            actions.release_instruction(actor=actor, at=ledger.at, line_id=line.pk)


def test_release_twice_by_one_person_is_one_release_by_another_too_late(ledger: Ledger) -> None:
    line = ledger.released()
    again = actions.release_instruction(actor=ADMIN, at=ledger.at, line_id=line.pk)
    assert again.releaser == ADMIN.person_id
    with pytest.raises(errors.AlreadyDecided):
        actions.release_instruction(actor=SECOND, at=ledger.at, line_id=line.pk)


def test_the_same_reference_again_is_the_same_line_with_other_content_it_is_refused(
    ledger: Ledger,
) -> None:
    line = ledger.line(100, 2, reference="ISS-7")
    assert ledger.line(100, 2, reference="ISS-7") == line
    assert ledger.line(60, 1, reference="ISS-7", commitment_period=1) != line
    with pytest.raises(errors.KeyReused):
        ledger.line(101, 2, reference="ISS-7")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0, "share": 0}, "quantity"),
        ({"quantity": 10**15}, "quantity"), ({"share": 1001}, "share_of_proceeds"),
        ({"share": -1}, "share_of_proceeds"), ({"project_number": "x'; --"}, "project_number"),
        ({"project_number": ""}, "project_number"),
        ({"commitment_period": 4}, "commitment_period"),
        ({"unit_type": 4, "expires_on": dt.date(2030, 1, 1)}, "unit_type"),
        ({"unit_type": 6}, "expires_on"),
    ],
)  # fmt: skip
def test_a_line_that_says_nonsense_is_refused_by_field(
    changes: Any, field: Any, ledger: Ledger, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refusal:
        ledger.line(**changes)
    assert list(refusal.value.errors) == [field]


def test_a_party_that_does_not_exist_has_no_units(ledger: Ledger, nothing_written: Any) -> None:
    with nothing_written(), pytest.raises(errors.UnknownParty):
        ledger.line(party_code="QQ")


def test_nothing_is_issued_into_a_frozen_account(ledger: Ledger, nothing_written: Any) -> None:
    line = ledger.released()
    actions.freeze(actor=ADMIN, at=ledger.at, reason="Suspicion", account_id=queries.PENDING)
    with nothing_written(), pytest.raises(errors.Frozen):
        actions.issue(at=ledger.at, line_id=line.pk)


def test_the_issuance_remembers_its_queue(ledger: Ledger) -> None:
    line = ledger.line()
    assert list(queries.lines_to_release()) == [line]
    actions.release_instruction(actor=ADMIN, at=ledger.at, line_id=line.pk)
    assert list(queries.lines_to_release()) == []
    assert list(queries.lines_to_issue()) == [line]
    actions.issue(at=ledger.at, line_id=line.pk)
    assert list(queries.lines_to_issue()) == []


def test_sixty_four_at_once_issue_one_line_once(ledger_db: str, ledger: Ledger) -> None:
    line = ledger.released(1000, 20)
    results = at_once(64, lambda _: actions.issue(at=ledger.at, line_id=line.pk).pk)
    assert set(results) == {Issuance.objects.get().pk}
    assert Transaction.objects.filter(verb="issue").count() == 1
    assert queries.issued_total() == 1000


def test_thirty_two_lines_of_one_party_at_once_have_no_gap(ledger_db: str, ledger: Ledger) -> None:
    lines = [ledger.released(10 + n, n % 3) for n in range(32)]
    results = at_once(32, lambda n: actions.issue(at=ledger.at, line_id=lines[n].pk).pk)
    assert len(set(results)) == 32
    assert queries.issued_total() == sum(10 + n for n in range(32))


def test_a_connection_that_dies_before_the_commit_leaves_nothing_and_the_next_call_issues(
    ledger_db: str, ledger: Ledger
) -> None:
    line = ledger.released(1000, 20)

    def killed(_: int) -> None:
        with transaction.atomic():
            actions.issue(at=ledger.at, line_id=line.pk)
            sql("SELECT pg_terminate_backend(pg_backend_pid())")

    (outcome,) = at_once(1, killed)
    assert isinstance(outcome, Exception)
    assert queries.issued_total() == 0
    issuance = actions.issue(at=ledger.at, line_id=line.pk)
    assert str(issuance.serial.block) == "1-1000"
    assert uuid.UUID(str(issuance.tx.key)) == line.key
