"""Accounts: opened with a number that checks itself."""

from typing import Any

import pytest

from registry import actions, errors, queries, serials
from registry.models import Account, Transaction
from tests.registry.ledger import ADMIN, BOARD, SELLER, Ledger, sql

pytestmark = pytest.mark.usefixtures("books_balance")


def opened(ledger: Ledger, **changes: Any) -> Any:
    given = {"kind": 121, "party_code": "KE", "holder_id": 77, "name": "Ziwa Sun Limited"}
    return actions.open_account(
        actor=changes.pop("actor", ADMIN), at=ledger.at, **(given | changes)
    )


def test_the_number_says_party_kind_and_id_and_checks_itself(ledger: Ledger) -> None:
    account = opened(ledger)
    assert account.number == serials.account_number("KE", 121, account.pk, 2)
    assert serials.is_account_number(account.number)
    assert (account.terminal, account.frozen, account.name) == (False, False, "Ziwa Sun Limited")


def test_the_registrys_own_accounts_are_there(db: None) -> None:
    own = {
        a.pk: (a.kind, a.terminal, a.adaptation_fund) for a in Account.objects.filter(pk__lt=1000)
    }
    assert own == {
        1: (0, False, False), 2: (230, True, False), 3: (110, False, False), 4: (121, False, True),
        5: (240, True, False), 6: (250, True, False), 7: (260, True, False),
    }  # fmt: skip
    assert queries.pending_account().number == serials.account_number("XC", 110, 3, 2)
    assert queries.adaptation_account().adaptation_fund


def test_host_parties_are_113_less_those_that_joined_annex_i(db: None) -> None:
    assert queries.host_parties().count() == 111
    assert queries.party("KE").name == "Kenya"
    assert (queries.party("UG").ldc, queries.party("KE").ldc) == (True, False)
    assert queries.party("QQ") is None


def test_opening_is_a_booking_with_its_person(ledger: Ledger) -> None:
    account = opened(ledger)
    booking = Transaction.objects.get(verb="open_account")
    assert booking.initiator == ADMIN.person_id
    assert booking.facts == {"account": account.pk, "number": account.number, "holder": 77}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": 230}, errors.WrongAccount), ({"kind": 110}, errors.WrongAccount),
        ({"party_code": "QQ"}, errors.UnknownParty), ({"name": "  "}, errors.Unusable),
        ({"holder_id": None}, errors.Unusable), ({"party_code": None}, errors.Unusable),
        ({"actor": SELLER}, errors.NotPermitted), ({"actor": BOARD}, errors.NotPermitted),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_leaves_nothing(
    changes: Any, error: Any, ledger: Ledger, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(error):
        opened(ledger, **changes)


def test_a_form_sent_twice_opens_one_account(ledger: Ledger, nothing_written: Any) -> None:
    opened(ledger)
    with nothing_written(), pytest.raises(errors.AccountExists):
        opened(ledger, name="Another name")


def test_the_database_numbers_beyond_9999(ledger: Ledger) -> None:
    sql("SELECT setval('registry_account_id_seq', 123455)")
    assert opened(ledger).number == serials.account_number("KE", 121, 123456, 2)
