"""The ledger's own fixtures."""

from datetime import datetime
from typing import Any

import pytest

from registry import actions
from tests.registry.ledger import ADMIN, SECOND, SELLER, Ledger, settle, sql


@pytest.fixture
def ledger(request: pytest.FixtureRequest, at: datetime) -> Ledger:
    """A registry to work with, in the database that the test uses."""
    commits = {"ledger_db", "transactional_db", "live_server"} & set(request.fixturenames)
    request.getfixturevalue("ledger_db" if commits else "db")
    return Ledger(at)


@pytest.fixture
def assault(ledger: Ledger) -> Ledger:
    """The state that the attacks are written for: see attacks.py."""
    ledger.issued(1000, 20)
    ledger.forwarded(600)
    (one,) = ledger.lots(300)
    ledger.cancelled(one, 10)
    ledger.cancelled(one, 20)
    (two,) = ledger.lots(100)
    ledger.cancelled(two, 40)
    actions.release_lot(actor=SELLER, at=ledger.at, lot_id=two.pk)
    three = ledger.lots(50)[0]
    actions.release_lot(actor=SELLER, at=ledger.at, lot_id=three.pk)
    ledger.issued(100, 0, project_number="95002")
    ledger.line(100, 0)
    ledger.released(100, 0)
    ledger.proposal(30)
    actions.reconcile(at=ledger.at)
    settle()
    return ledger


@pytest.fixture
def government(ledger: Ledger) -> Ledger:
    """The state that the attacks on governance are written for: see attacks_governance.py."""
    account = ledger.account()
    german, french = ledger.foreign("DE"), ledger.foreign("FR")
    sql("SELECT registry_represent(%s, 4, 1, cdm_now())", account.pk)
    sql("SELECT registry_represent(%s, 5, 1, cdm_now())", account.pk)
    sql("SELECT registry_recall(max(id), 1, cdm_now()) FROM registry_representative")
    ledger.authorised(78)
    sql("SELECT registry_revoke(max(id), 1, 'Ended', cdm_now()) FROM registry_authorisation")
    about = {"account_id": account.pk, "trusted_id": german.pk}
    ledger.done(ledger.measure("trust", **about))
    ledger.done(ledger.measure("distrust", **about))
    ledger.done(ledger.measure("trust", account_id=account.pk, trusted_id=french.pk))
    ledger.measure("trust", **about)
    closed = ledger.account(80)
    gone: dict[str, Any] = {"at": ledger.at, "account_id": closed.pk, "reason": "Empty"}
    actions.ask_closure(actor=SECOND, **gone)
    actions.close_account(actor=ADMIN, **gone)
    actions.stop(actor=ADMIN, at=ledger.at, reason="An exercise")
    ledger.done(ledger.measure("resume"))
    ledger.issued(100, 0)
    ledger.proposal(10)
    actions.authorise(actor=ADMIN, at=ledger.at, project_number="95001", party_code="FR",
                      letter="FR-LoA-1")  # fmt: skip
    ledger.approved(ledger.proposal(5, french))
    settle()
    return ledger
