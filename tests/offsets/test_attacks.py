"""The owner of the shop's tables attacks them; each wall is then taken down to see that it was
the wall. Every trigger, check and unique index of the catalogue is linked to an attack."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from offsets import actions
from offsets.models import ApiOrder, Order
from offsets.values import GUEST, Ask
from tests.offsets import (
    attacks,
    attacks_on_bank,
    attacks_on_consents,
    attacks_on_keys,
    attacks_on_payouts,
    attacks_on_prints,
)
from tests.offsets.conftest import Shop
from tests.offsets.programs import Program

pytestmark = pytest.mark.usefixtures("db")
IDS = [f"{a.table.removeprefix('offsets_')}.{a.wall}" for a in attacks.ALL]


@pytest.fixture
def assault(shop: Shop) -> Shop:
    """The state that the attacks are written for: see attacks.py."""
    offer = shop.offer(100)
    shop.buy(offer, 17)
    taken = shop.pending(offer, 3)
    shop.press(taken, "pay")
    shop.press(taken, "back")
    shop.pending(offer, 2)
    shop.order(offer, 5)
    actions.put_in_basket(
        actor=GUEST, at=shop.at, buyer="b1", offer_id=offer.pk, ask=Ask(2), key=None
    )
    settle()
    return shop


def settle() -> None:
    """What is checked at commit is checked now."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def run(attack: attacks.Attack) -> str | None:
    """Commit the attack, as far as a test does; what the refusal says, None when it passed."""
    try:
        with transaction.atomic():
            sql(attack.statement)
            settle()
    except DatabaseError as error:
        return str(error)
    return None


@pytest.mark.parametrize("attack", attacks.ALL, ids=IDS)
def test_it_is_refused_and_leaves_nothing(
    attack: Any, assault: Shop, nothing_written: Any
) -> None:
    with nothing_written():
        said = run(attack)
    assert said is not None and attack.says in said


@pytest.mark.parametrize("attack", attacks.ALL, ids=IDS)
def test_with_its_wall_down_it_passes_or_meets_the_second(attack: Any, assault: Shop) -> None:
    meets_what_is_left(attack)


def meets_what_is_left(attack: attacks.Attack) -> None:
    """With its wall down the attack passes, or it meets the second wall that it names."""
    take_down(attack.table, attack.wall)
    said = run(attack)
    if attack.then is None:
        assert said is None
    else:
        assert said is not None and attack.then in said


def take_down(table: str, wall: str) -> None:
    """Drop a constraint, a unique index or a trigger, whatever bears the name."""
    if sql("SELECT 1 FROM pg_constraint WHERE conname = %s AND contype <> 't'", wall):
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {wall}")
    elif sql("SELECT 1 FROM pg_class WHERE relname = %s AND relkind = 'i'", wall):
        sql(f"DROP INDEX {wall}")
    else:
        sql(f"DROP TRIGGER {wall} ON {table}")


def test_no_wall_stands_untested() -> None:
    walls = {
        name
        for (name,) in sql(
            "SELECT conname FROM pg_constraint JOIN pg_class t ON t.oid = conrelid"
            " WHERE t.relname LIKE 'offsets\\_%' AND contype IN ('c', 'u', 'x')"
            " UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname LIKE 'offsets\\_%'"
            " AND x.indisunique AND NOT x.indisprimary"
            " UNION SELECT t.relname || '.' || tgname FROM pg_trigger JOIN pg_class t"
            " ON t.oid = tgrelid WHERE t.relname LIKE 'offsets\\_%' AND NOT tgisinternal"
        )
    }
    known = (
        attacks.ALL + attacks_on_consents.ALL + attacks_on_bank.ALL + attacks_on_keys.ALL
        + attacks_on_payouts.ALL + attacks_on_prints.ALL
    )
    exempt = attacks.EXEMPT | attacks_on_bank.EXEMPT
    attacked = {a.wall for a in known} | {f"{a.table}.{a.wall}" for a in known}
    assert sorted(walls - attacked - exempt.keys()) == []
    assert sorted(exempt.keys() - walls) == []


KEPT = {
    "offsets_providerevent": {"UPDATE", "DELETE", "TRUNCATE"},
    "offsets_moneyentry": {"UPDATE", "DELETE", "TRUNCATE"},
    "offsets_bankstatement": {"UPDATE", "DELETE", "TRUNCATE"},
    "offsets_bankentry": {"UPDATE", "DELETE", "TRUNCATE"},
    "offsets_bankmatch": {"DELETE", "TRUNCATE"},
    "offsets_bankpayer": {"DELETE", "TRUNCATE"},
    "offsets_refund": {"DELETE", "TRUNCATE"},
    "offsets_refundnote": {"DELETE", "TRUNCATE"},
    "offsets_payout": {"DELETE", "TRUNCATE"},
    "offsets_payoutpart": {"UPDATE", "DELETE", "TRUNCATE"},
    "offsets_order": {"DELETE", "TRUNCATE"},
    "offsets_certificate": {"DELETE", "TRUNCATE"},
    "offsets_receipt": {"DELETE", "TRUNCATE"},
    "offsets_dispute": {"DELETE", "TRUNCATE"},
    "offsets_apikey": {"DELETE", "TRUNCATE"},
    "offsets_apiorder": {"DELETE", "TRUNCATE"},
    "offsets_signedprint": {"INSERT", "UPDATE", "DELETE", "TRUNCATE"},
    "offsets_signingcertificate": {"INSERT", "UPDATE", "DELETE", "TRUNCATE"},
}
"""What the application's role may not do, the walls above apart."""
NO_ROW_HERE = {
    "offsets_bankmatch", "offsets_bankpayer", "offsets_refund", "offsets_refundnote",
    "offsets_payout",
}
"""Their triggers look at rows: attacks_on_bank.py and attacks_on_payouts.py delete some."""


@pytest.mark.parametrize("table", KEPT)
def test_the_applications_role_lacks_exactly_these_rights_by_the_catalogue(table: str) -> None:
    lacking = {
        right
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
        if not sql("SELECT has_table_privilege('cdm_app', %s, %s)", table, right)[0][0]
    }
    assert lacking == KEPT[table]


def test_with_the_right_granted_the_first_wall_is_down_and_the_trigger_stands(
    assault: Shop,
) -> None:
    key = Program(assault).key
    ApiOrder.objects.create(
        order=Order.objects.get(state="checkout"), key=key, organisation_id=key.organisation_id,
        test=True, idempotency_key="order-1", request_sha256="", at=assault.at,
    )
    for table in KEPT.keys() - NO_ROW_HERE:
        for granted in (False, True):
            if granted:
                sql(f"GRANT DELETE ON {table} TO cdm_app")
            sql("SET ROLE cdm_app")
            said = run(attacks.Attack(table, "", f"DELETE FROM {table}", ""))
            sql("RESET ROLE")
            assert said is not None and ("permission denied" in said) is not granted
