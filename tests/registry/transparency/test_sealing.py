"""The seal takes every row of record exactly once, in order, however late its writer commits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction

from registry.models import Cancellation, Issuance, Transaction
from registry.transparency import actions, heads, queries, tree
from registry.transparency.models import Seal, SealLeaf, SealNode, SealSignature
from tests import sealing
from tests.registry.ledger import Ledger, at_once, refused, sql

pytestmark = pytest.mark.usefixtures("ledger_db")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def seal(ledger: Ledger) -> list[int]:
    """Everything written, though the server's own transactions run."""
    return sealing.seal(at=ledger.at, key=KEY)


def once(ledger: Ledger) -> list[int]:
    """What can be sealed while others write."""
    return actions.seal(at=ledger.at, key=KEY)


def written() -> set[tuple[str, int]]:
    return {
        (kind, pk)
        for kind, model in (
            ("transaction", Transaction), ("issuance", Issuance), ("cancellation", Cancellation),
        )
        for pk in model.objects.values_list("pk", flat=True)
    }  # fmt: skip


def sealed() -> set[tuple[str, int]]:
    return set(SealLeaf.objects.values_list("kind", "record_id"))


@contextlib.contextmanager
def second_connection(database: str = "") -> Iterator[Any]:
    """Another session, as the owner of the tables."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    other = psycopg2.connect(**parameters | ({"dbname": database} if database else {}))
    try:
        yield other.cursor()
        other.commit()
    finally:
        other.close()


OPEN = "SELECT registry_open_account(121, 'KE', %s, 'Late', 1, cdm_now())"


def test_everything_written_is_sealed_once_and_signed(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    ledger.cancelled(lot, 7)
    assert seal(ledger) == [1]
    assert sealed() == written()
    ledger.cancelled(lot, 8)
    ledger.cancelled(lot, 9)
    assert seal(ledger) == [2]
    assert sealed() == written()
    assert seal(ledger) == []
    assert list(SealLeaf.objects.order_by("index").values_list("index", flat=True)) == list(
        range(len(written()))
    )
    newest = queries.latest()
    assert newest is not None
    assert newest.is_signed_by(heads.public_bytes(KEY))
    assert newest.tree_size == len(written())
    assert newest.previous_root == bytes(Seal.objects.get(number=1).root)


def test_the_kept_tree_is_the_tree_of_the_leaves(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    seal(ledger)
    for number in range(9):
        ledger.cancelled(lot, 1)
        if number % 2:
            seal(ledger)
    seal(ledger)
    leaves = SealLeaf.objects.order_by("index")
    hashes = [tree.leaf_hash(bytes(leaf.leaf)) for leaf in leaves]
    for row in Seal.objects.all():
        assert bytes(row.root) == tree.root_of(hashes[: row.tree_size])
    kept = {(node.level, node.index): bytes(node.hash) for node in SealNode.objects.all()}
    complete = {
        (level, index): tree.root_of(hashes[index << level : index + 1 << level])
        for level in range(1, 7)
        for index in range(len(hashes) >> level)
    }
    assert kept == complete


def test_every_row_is_proved_under_the_newest_head(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    for _ in range(5):
        ledger.cancelled(lot, 1)
        seal(ledger)
    proofs = queries.proofs_of(written())
    assert proofs.keys() == written()
    newest = queries.latest()
    assert newest is not None
    for proof in proofs.values():
        assert proof.head == newest
        assert proof.root() == newest.root
    for first in queries.heads_after(0):
        assert queries.continuation(first, newest).holds()


def test_what_is_not_sealed_has_no_proof(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    assert queries.backlog().rows == len(written())
    seal(ledger)
    row = ledger.cancelled(lot, 7)
    assert queries.proof_of("cancellation", row.pk) is None
    assert queries.backlog() == queries.Backlog(1, row.at)
    seal(ledger)
    assert queries.proof_of("cancellation", row.pk) is not None
    assert queries.backlog() == queries.Backlog(0, None)


def naively(last_id: int) -> list[int]:
    """The seal that we do not have: rows after the greatest id of the last one."""
    rows = sql("SELECT id FROM registry_transaction WHERE id > %s ORDER BY id", last_id)
    return [pk for (pk,) in rows]


def test_a_late_committer_is_never_lost_and_the_naive_seal_loses_it(ledger: Ledger) -> None:
    ledger.account()
    seal(ledger)
    by_id = naively(0)
    with second_connection() as late:
        late.execute(OPEN, [1001])  # has its id and its transaction, and does not commit
        ledger.account(holder_id=1002)
        ledger.account(holder_id=1003)
        by_id += naively(by_id[-1])
        assert once(ledger) == []  # the two wait for the one before them
    assert seal(ledger) == [2]
    by_id += naively(by_id[-1])
    everything = set(Transaction.objects.values_list("pk", flat=True))
    lost = everything - set(by_id)
    assert len(lost) == 1  # the control: its id was smaller than the greatest one seen
    assert sealed() == written()
    order = SealLeaf.objects.filter(seal_id=2).order_by("index").values_list("record_id", flat=True)
    assert list(order) == sorted(order)
    assert set(order) >= lost


def test_a_writer_of_this_database_is_waited_for_and_named(ledger: Ledger) -> None:
    """What ANALYZE does now and then on a busy machine: asked once, the signer seals nothing."""
    with second_connection() as analysing:
        analysing.execute("SELECT pg_current_xact_id()")
        ledger.lot(10)
        assert once(ledger) == []
        with pytest.raises(AssertionError, match=r"these run: .*pg_current_xact_id"):
            sealing.seal(at=ledger.at, key=KEY, seconds=0.2)
        ends = threading.Timer(0.5, analysing.connection.commit)
        ends.start()
        assert seal(ledger) == [1]
        ends.join()
    assert sealed() == written()


def test_a_transaction_in_another_database_holds_nothing_back(ledger: Ledger) -> None:
    with second_connection("postgres") as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        ledger.account()
        assert seal(ledger) == [1]
        assert sealed() == written()


def test_what_the_sealing_transaction_wrote_itself_waits_for_its_commit(ledger: Ledger) -> None:
    with transaction.atomic():
        ledger.account()
        with second_connection() as other:  # a later transaction ends before this one
            other.execute("SELECT pg_current_xact_id()")
        assert once(ledger) == []
        ledger.account(holder_id=1002)  # would be lost, had the seal passed its transaction
    assert seal(ledger) == [1]
    assert sealed() == written()


def test_only_one_seals_at_a_time(ledger: Ledger) -> None:
    lot = ledger.lot(200)
    for _ in range(20):
        ledger.cancelled(lot, 1)
    sealing.wait_for_writers()
    numbers = at_once(8, lambda n: once(ledger))
    assert {tuple(found) for found in numbers} <= {(1,), ()}  # who came late may sign again
    rest = seal(ledger)  # nothing, unless the server's own work held a row back meanwhile
    assert sealed() == written()
    heads = len({number for found in numbers for number in found} | set(rest))
    assert (Seal.objects.count(), SealSignature.objects.count()) == (heads, heads)


def test_sales_that_go_on_meanwhile_are_all_sealed(ledger: Ledger) -> None:
    lot = ledger.lot(400)

    def work(number: int) -> None:
        for _ in range(10):
            once(ledger) if number == 0 else ledger.cancelled(lot, 1)

    assert at_once(6, work) == [None] * 6
    seal(ledger)
    assert sealed() == written()
    newest = queries.latest()
    assert newest is not None and newest.tree_size == len(written())


def test_a_row_that_is_not_what_its_leaf_says_is_not_sealed(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    seal(ledger)
    row = ledger.cancelled(lot, 7)
    changes = (
        f"UPDATE registry_cancellation SET buyer = 2 WHERE id = {row.pk}",
        f"UPDATE registry_posting SET cr = 5 WHERE cancellation_id = {row.pk}",
        f"UPDATE registry_posting SET hi = hi + 1 WHERE cancellation_id = {row.pk}",
    )
    for change in changes:
        sql("ALTER TABLE registry_cancellation DISABLE TRIGGER of_record")
        sql("ALTER TABLE registry_posting DISABLE TRIGGER of_record")
        before = sql("SELECT buyer FROM registry_cancellation WHERE id = %s", row.pk)
        posting = sql("SELECT hi, cr FROM registry_posting WHERE cancellation_id = %s", row.pk)
        sql(change)
        with pytest.raises(DatabaseError, match="is not what its leaf says"):
            seal(ledger)
        assert Seal.objects.count() == 1
        sql("UPDATE registry_cancellation SET buyer = %s WHERE id = %s", before[0][0], row.pk)
        sql("UPDATE registry_posting SET hi = %s, cr = %s WHERE cancellation_id = %s",
            *posting[0], row.pk)  # fmt: skip
    assert seal(ledger) == [2]


def test_a_restored_database_begins_a_new_epoch_and_loses_nothing(ledger: Ledger) -> None:
    lot = ledger.lot(100)
    seal(ledger)
    unsealed = ledger.cancelled(lot, 7)
    # As after a dump was loaded into a fresh cluster: the last seal's numbers lie far ahead.
    sql("ALTER TABLE registry_seal DISABLE TRIGGER of_record")
    sql("UPDATE registry_seal SET to_xid = to_xid + 1000000")
    assert seal(ledger) == [2]
    assert sealed() == written()
    assert Seal.objects.get(number=2).epoch == 2
    ledger.cancelled(lot, 8)
    assert seal(ledger) == [3]
    assert sealed() == written()
    assert queries.proof_of("cancellation", unsealed.pk) is not None


def test_a_head_left_unsigned_is_signed_by_the_next_run(ledger: Ledger) -> None:
    ledger.account()
    sealing.wait_for_writers()
    assert sealing.patiently(lambda: sql("SELECT registry_seal_rows()")[0][0]) == 1
    assert queries.latest() is None
    assert seal(ledger) == [1]
    assert queries.latest() is not None


@pytest.mark.parametrize("table", ["seal", "sealsignature", "sealleaf", "sealnode"])
def test_the_log_is_of_record(table: str, ledger: Ledger) -> None:
    ledger.lot(10)
    seal(ledger)
    for statement in ("UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"):
        column = {"seal": "number", "sealsignature": "id"}.get(table, "index")
        with refused("23001", "registry_of_record"):
            sql(statement.format(t=f"registry_{table}", c=column))


def test_the_signer_alone_seals_and_can_do_nothing_else(ledger: Ledger) -> None:
    lot = ledger.lot(10)
    sealing.wait_for_writers()
    sql("SET ROLE cdm_signer")
    try:
        assert sealing.patiently(lambda: once(ledger)) == [1]
        for statement in (
            "INSERT INTO registry_seal DEFAULT VALUES",
            "INSERT INTO registry_sealleaf DEFAULT VALUES",
            f"SELECT registry_cancel({lot.pk}, 1, 1, uuidv7(), uuidv7(), NULL, cdm_now())",
            "SELECT registry_grow_tree(0, 1)",
        ):
            with refused("42501"):
                sql(statement)
    finally:
        sql("RESET ROLE")
    for role in ("cdm_app", "cdm_audit"):
        sql(f"SET ROLE {role}")
        try:
            sql("SELECT count(*) FROM registry_sealleaf")
            for statement in (
                "SELECT registry_seal_rows()", "SELECT registry_sign_seal(1, '', '')",
                "INSERT INTO registry_sealnode VALUES (1, 0, '')",
                "DELETE FROM registry_seal", "UPDATE registry_sealsignature SET at = now()",
            ):
                with refused("42501"):
                    sql(statement)
        finally:
            sql("RESET ROLE")
