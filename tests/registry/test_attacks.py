"""The owner of the tables attacks them; each wall is then taken down to see that it was the
wall."""

from typing import Any

import pytest

from registry import actions
from registry.models import Lot
from tests.registry import (
    attack_words,
    attacks,
    attacks_governance,
    attacks_import,
    attacks_seal,
    attacks_standing,
)
from tests.registry.attack_words import Attack, passes_or_meets_the_second, run
from tests.registry.ledger import ADMIN, Ledger, refused, settle, sql

LEDGER = attacks.ALL + attacks_import.ALL + attacks_seal.ALL
GOVERNMENT = attacks_governance.ALL + attacks_standing.ALL
EXEMPT = attacks.EXEMPT | attacks_governance.EXEMPT | attacks_standing.EXEMPT


def named(attack: Attack) -> str:
    return f"{attack.table.removeprefix('registry_')}: {attack.name}"


@pytest.mark.parametrize("attack", LEDGER, ids=named)
def test_it_is_refused_and_leaves_nothing(
    attack: Any, assault: Ledger, nothing_written: Any
) -> None:
    with nothing_written(), refused(attack.state, attack.said):
        run(attack)


@pytest.mark.parametrize("attack", LEDGER, ids=named)
def test_with_its_wall_down_it_passes_or_meets_the_second(attack: Any, assault: Ledger) -> None:
    passes_or_meets_the_second(attack)


@pytest.mark.parametrize("attack", GOVERNMENT, ids=named)
def test_on_governance_it_is_refused_and_leaves_nothing(
    attack: Any, government: Ledger, nothing_written: Any
) -> None:
    with nothing_written(), refused(attack.state, attack.said):
        run(attack)


@pytest.mark.parametrize("attack", GOVERNMENT, ids=named)
def test_on_governance_with_its_wall_down_it_passes_or_meets_the_second(
    attack: Any, government: Ledger
) -> None:
    passes_or_meets_the_second(attack)


def test_no_wall_stands_untested(db: None) -> None:
    walls = {
        name
        for (name,) in sql(
            "SELECT conname FROM pg_constraint JOIN pg_class t ON t.oid = conrelid"
            " WHERE t.relname LIKE 'registry\\_%%' AND contype IN ('c', 'u', 'f', 'x')"
            " UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname LIKE 'registry\\_%%'"
            " AND x.indisunique AND NOT x.indisprimary"
            " UNION SELECT t.relname || '.' || tgname FROM pg_trigger JOIN pg_class t"
            " ON t.oid = tgrelid WHERE t.relname LIKE 'registry\\_%%' AND NOT tgisinternal",
        )
    }
    every = LEDGER + GOVERNMENT
    attacked = {a.wall for a in every} | {f"{a.table}.{a.wall}" for a in every}
    assert sorted(walls - attacked - EXEMPT.keys()) == []
    assert sorted(EXEMPT.keys() - walls) == []


@pytest.mark.parametrize(
    "table",
    ["transaction", "issuance", "cancellation", "posting", "reconciliation", "account", "party",
     "instructionline", "proposal", "lot", "block", "transactionstate", "measure", "stop",
     "representative", "authorisation", "trustedaccount", "closure"],
)  # fmt: skip
def test_nothing_is_truncated_not_even_with_everything_that_hangs_on_it(
    table: Any, assault: Ledger
) -> None:
    with refused("23001", "registry_of_record"):
        sql(f"TRUNCATE registry_{table} CASCADE")


def test_issuances_out_of_serial_order_pass_inside_one_transaction(assault: Ledger) -> None:
    line = assault.line(100, 0)
    sql(attack_words.insert_issuance(1201, 1300, line=str(line.pk)))
    sql(attack_words.insert_issuance(1101, 1200))
    settle()
    assert len(sql("SELECT 1 FROM registry_issuance WHERE party_id = 'KE'")) == 4


@pytest.mark.parametrize("statement", [
    attack_words.insert_transaction("freeze").replace(
        "0, cdm_now(), ''", "1, '2001-01-01', 'forged'"),
    attack_words.insert_issuance(1101, 1200).replace(
        "0, cdm_now(), ''", "1, '2001-01-01', 'forged'"),
])  # fmt: skip
def test_the_stamp_wins_over_whoever_inserts(statement: Any, assault: Ledger) -> None:
    table = "transaction" if "INTO registry_transaction" in statement else "issuance"
    sql(statement)
    ((recent, own, length),) = sql(
        f"SELECT cdm_now() - at < interval '5 seconds', xid = registry_xid(), length(leaf)"
        f" FROM registry_{table} ORDER BY id DESC LIMIT 1"
    )
    assert (recent, own, length) == (True, True, 32)


def test_a_correct_row_written_past_the_verb_makes_the_next_sale_fail_and_never_a_double(
    assault: Ledger,
) -> None:
    sql(attack_words.cancel(31, 35))
    lot = Lot.objects.get(lo=1)
    with refused("23505", "registry_cancellation_s"):
        sql(
            "SELECT registry_cancel(%s, 5, 1, gen_random_uuid(), gen_random_uuid(), NULL,"
            " cdm_now())",
            lot.pk,
        )


def test_a_forged_account_of_the_source_cannot_be_opened(
    ledger: Ledger, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(Exception, match="Only holding accounts"):
        actions.open_account(
            actor=ADMIN, at=ledger.at, kind=230, party_code="KE", holder_id=1, name="Mine"
        )


def test_the_stamp_wins_over_who_writes_a_step(government: Ledger) -> None:
    sql(attacks_governance.state(1, "NULL", 0))
    assert sql("SELECT count(*) FROM registry_transactionstate WHERE at < '2002-01-01'") == [(0,)]


def test_the_party_of_a_block_is_its_issuances_whoever_writes(assault: Ledger) -> None:
    sql("UPDATE registry_block SET party_id = 'UG'")
    assert sql("SELECT DISTINCT party_id FROM registry_block") == [("KE",)]
