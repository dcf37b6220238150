"""What a superuser of the database edits behind every guard is found by the audit or the replay."""

from __future__ import annotations

import contextlib
import io
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection, transaction

from cdm_portal.runtime import testing
from registry import actions as verbs
from registry import invariants, queries
from registry.models import Cancellation
from registry.transparency import actions, audit, heads, publishing
from tests import sealing
from tests.registry.ledger import ADMIN, SECOND, SELLER, Ledger, sql

pytestmark = pytest.mark.usefixtures("ledger_db")
EDITS = {False: 60, True: 1_000}
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = heads.public_bytes(SIGNER)


@pytest.fixture
def books(ledger: Ledger, tmp_path: Path) -> Path:
    """A registry with a bit of everything, sealed in several heads; the file of the heads."""
    kept = tmp_path / "heads.jsonl"

    def seal() -> None:
        sealing.seal(at=ledger.at, key=SIGNER)
        publishing.keep(str(kept))

    for party in ("KE", "NG", "IN"):
        for number in range(3):
            ledger.issued(1000 + number, 20, party_code=party)
        seal()
    account = ledger.forwarded(900)
    lots = [ledger.lots(200)[0], ledger.lots(300)[0]]
    for number in range(1, 26):
        ledger.cancelled(lots[number % 2], number % 7 + 1, buyer=number)
        if number % 5 == 0:
            seal()
    verbs.release_lot(actor=SELLER, at=ledger.at, lot_id=lots[0].pk)
    outside = ledger.proposal(50, from_account_id=account.pk, to_account_id=queries.VOLUNTARY)
    verbs.approve_proposal(actor=SECOND, at=ledger.at, proposal_id=outside.pk)
    verbs.freeze(actor=ADMIN, at=ledger.at, reason="Suspicion", account_id=account.pk)
    ledger.done(ledger.measure("unfreeze", account_id=account.pk), SECOND)
    seal()
    return kept


@pytest.fixture
def superuser(books: Path, ledger_db: str) -> Iterator[None]:
    """From here on the tests' connection is the superuser's, with every trigger and key asleep."""
    user = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "cdm_admin"
    try:
        sql("SET session_replication_role = replica")
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = user


def found(kept: Path) -> list[str]:
    """What the verifier says: the log against the heads outside, then the replay of the books."""
    faults = [str(fault) for fault in audit.audit(publishing.read(kept), KEY).faults]
    return faults or [problem.code for problem in invariants.problems()]


def test_an_untouched_log_is_whole(books: Path) -> None:
    assert found(books) == []
    kept = publishing.read(books)
    seen = audit.audit(kept, KEY)
    assert (seen.heads, seen.kept) == (len(kept), len(kept))
    assert seen.leaves == kept[-1].tree_size


# Every edit of one row that a superuser can make. Columns that the database computes by itself
# cannot be set by anybody.
EDITED = {
    "registry_transaction": (
        "key", "verb", "request_sha256", "facts", "initiator", "approver", "xid", "at",
        "effective_at", "leaf",
    ),
    "registry_issuance": (
        "tx_id", "party_id", "lo", "hi", "unit_type", "original_cp", "applicable_cp", "lulucf",
        "project_number", "line_id", "xid", "at", "effective_at", "leaf",
    ),
    "registry_cancellation": (
        "lot_id", "lot_lo", "lot_hi", "s", "e", "kind", "buyer", "key", "beneficiary_hmac", "tx_id",
        "xid", "at", "effective_at", "leaf",
    ),
    "registry_posting": ("tx_id", "cancellation_id", "issuance_id", "lo", "hi", "dr", "cr"),
    "registry_block": ("issuance_id", "lo", "hi", "account_id"),
    "registry_lot": ("block_id", "lo", "kept_hi", "next_serial"),
    "registry_party": ("next_serial",),
    "registry_seal": ("tree_size", "root", "previous_root", "at", "epoch", "from_xid", "to_xid"),
    "registry_sealleaf": ("kind", "record_id", "leaf", "seal_id"),
    "registry_sealnode": ("hash",),
    "registry_sealsignature": ("signature", "public_key"),
}  # fmt: skip
PRIMARY = {
    "registry_party": "code", "registry_seal": "number", "registry_sealleaf": "index",
    "registry_sealnode": "level * 1000000 + index",
}  # fmt: skip
OF_RECORD = tuple(EDITED)[:4]
DELETED = (*OF_RECORD, "registry_block", "registry_seal", "registry_sealleaf", "registry_sealnode")


class Insider:
    """A superuser who edits one row at random; what he did is told when he was not found."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.done = ""

    def act(self) -> None:
        """Edit, delete, insert or reorder one row, until one of the attempts changed something."""
        for _ in range(50):
            attempt = self.dice.choice(
                (self.edit, self.edit, self.forge, self.delete, self.insert, self.swap)
            )
            try:
                with transaction.atomic():
                    if attempt():
                        return
            except Exception as error:  # a CHECK or unique key stands even for him
                assert error.__class__.__name__ in {"IntegrityError", "DataError"}, error
        raise AssertionError("nothing could be edited")

    def row(self, table: str) -> Any:
        keys = sql(f"SELECT {PRIMARY.get(table, 'id')} FROM {table} ORDER BY 1")
        return self.dice.choice(keys)[0]

    def edit(self) -> bool:
        table = self.dice.choice(list(EDITED))
        column = self.dice.choice(EDITED[table])
        where = f"WHERE {PRIMARY.get(table, 'id')} = %s"
        pk = self.row(table)
        (kind, now) = sql(
            f"SELECT pg_typeof({column})::text, {column} FROM {table} {where}", pk)[0]
        self.done = f"{table} {pk}: {column} was {now}"
        sql(f"UPDATE {table} SET {column} = %s::{kind} {where}", self.other(kind, now), pk)
        return bool(sql(f"SELECT {column} IS DISTINCT FROM %s::{kind} FROM {table} {where}",
                        now, pk) != [(False,)])  # fmt: skip

    def forge(self) -> bool:
        """A cancellation changed, its leaf made right again: only the log knows."""
        pk = self.row("registry_cancellation")
        column, value = self.dice.choice(
            (("buyer", "buyer + 1"), ("effective_at", "effective_at - interval '1 day'"))
        )
        self.done = f"registry_cancellation {pk}: {column} and its leaf"
        sql(f"UPDATE registry_cancellation SET {column} = {value} WHERE id = %s", pk)
        sql("UPDATE registry_cancellation c SET leaf = registry_cancellation_leaf(c,"
            " (SELECT p FROM registry_posting p WHERE p.cancellation_id = c.id))"
            " WHERE id = %s", pk)  # fmt: skip
        return True

    def other(self, kind: str, now: Any) -> Any:
        number = self.dice.choice((1, 2, 3, 17))
        if kind in ("bigint", "smallint", "integer"):
            return number if now is None else now + self.dice.choice((-number, number))
        if kind == "bytea":
            data = bytearray(now or bytes(32))
            data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
            return bytes(data)
        return {
            "uuid": "01900000-0000-7000-8000-00000000000b", "jsonb": '{"nothing": true}',
            "timestamp with time zone": "2020-01-01T00:00:00Z", "character varying": "BR",
            "character": "c" if now != "c" else "r",
        }.get(kind) or self.dice.choice(("issue", "forward", "95009", "transaction", "NG"))

    def delete(self) -> bool:
        table = self.dice.choice(DELETED)
        pk = self.row(table)
        self.done = f"{table} {pk}: deleted"
        sql(f"DELETE FROM {table} WHERE {PRIMARY.get(table, 'id')} = %s", pk)
        return True

    def insert(self) -> bool:
        """A copy of a row under a new number, as of now, with a right leaf where it has one."""
        table = self.dice.choice(OF_RECORD)
        columns = [name for (name,) in sql(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' AND attname <> 'id'", table)]  # fmt: skip
        changed = {"key": "gen_random_uuid()", "line_id": "line_id + 1000000"}
        for name in ("lo", "hi", "s", "e", "lot_lo", "lot_hi") if self.dice.random() < 0.5 else ():
            changed[name] = f"{name} + 5000"
        values = ", ".join(changed.get(name, name) for name in columns)
        pk = self.row(table)
        self.done = f"{table}: a copy of {pk}"
        sql(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
            f" WHERE id = %s", pk)  # fmt: skip
        return True

    def swap(self) -> bool:
        """Two rows change places, in the log or in their table."""
        table = self.dice.choice(("registry_sealleaf", *OF_RECORD))
        name = PRIMARY.get(table, "id")
        one, two = self.row(table), self.row(table)
        self.done = f"{table}: {one} and {two} changed places"
        if one == two:
            return False
        for number, other in ((one, -9), (two, one), (-9, two)):
            if table == "registry_sealleaf":
                sql("ALTER TABLE registry_sealleaf DROP CONSTRAINT IF EXISTS"
                    " registry_sealleaf_place")
            sql(f"UPDATE {table} SET {name} = %s WHERE {name} = %s", other, number)
        return True


def test_every_random_edit_of_a_superuser_is_found(
    books: Path, superuser: None, full: bool
) -> None:
    seed = 20261125
    insider, missed = Insider(seed), []
    for _ in range(EDITS[full]):
        with transaction.atomic():
            insider.act()
            if not found(books):
                missed.append(insider.done)
            transaction.set_rollback(True)
    assert missed == [], f"seed {seed}, {len(missed)} of {EDITS[full]}"
    assert found(books) == []


def test_without_the_heads_outside_a_log_rebuilt_by_a_superuser_with_the_key_passes(
    books: Path, superuser: None
) -> None:
    """The control: it is the file outside that shows it."""
    row = Cancellation.objects.filter(kind="c").order_by("id")[0]
    with transaction.atomic():
        rebuild(row)
        assert audit.audit([]).faults == []
        assert found(books) != []
        transaction.set_rollback(True)


def rebuild(row: Cancellation) -> None:
    """Change a sale's buyer and make the whole log over, leaves, tree, heads and signatures."""
    sql("UPDATE registry_cancellation SET buyer = 666 WHERE id = %s", row.pk)
    sql("UPDATE registry_cancellation c SET leaf = registry_cancellation_leaf(c, p)"
        " FROM registry_posting p WHERE p.cancellation_id = c.id AND c.id = %s",
        row.pk)  # fmt: skip
    sql("UPDATE registry_sealleaf s SET leaf = c.leaf FROM registry_cancellation c"
        " WHERE s.kind = 'cancellation' AND s.record_id = c.id")  # fmt: skip
    sql("DELETE FROM registry_sealnode")
    sizes = sql("SELECT number, tree_size FROM registry_seal ORDER BY number")
    sql("SELECT registry_grow_tree(0, %s)", sizes[-1][1])
    sql("UPDATE registry_seal SET root = registry_tree_root(tree_size)")
    sql("UPDATE registry_seal s SET previous_root = b.root FROM registry_seal b"
        " WHERE b.number = s.number - 1")  # fmt: skip
    for seal in actions.Seal.objects.all():
        sql("UPDATE registry_sealsignature SET signature = %s WHERE seal_id = %s",
            SIGNER.sign(heads.signed_text(seal)), seal.number)  # fmt: skip


def test_a_log_cut_short_is_found(books: Path, superuser: None) -> None:
    """The newest head and all that it took in, gone as if they had never been."""
    with transaction.atomic():
        last = actions.Seal.objects.order_by("-number")[0]
        for kind in ("transaction", "issuance", "cancellation"):
            sql(f"DELETE FROM registry_{kind} WHERE xid >= %s", last.from_xid)
        sql("DELETE FROM registry_sealleaf WHERE seal_id = %s", last.number)
        sql("DELETE FROM registry_sealsignature WHERE seal_id = %s", last.number)
        sql("DELETE FROM registry_seal WHERE number = %s", last.number)
        faults = audit.audit(publishing.read(books), KEY).faults
        assert f"tree head {last.number} was published and is not in the database" in map(
            str, faults)  # fmt: skip
        transaction.set_rollback(True)


def test_a_foreign_heads_file_is_refused(books: Path) -> None:
    stranger = heads.public_bytes(Ed25519PrivateKey.generate())
    faults = audit.audit(publishing.read(books), stranger).faults
    assert "is not signed with the registry's key" in str(faults[0])


def test_the_file_grows_by_lines_and_mends_one_that_was_cut_short(
    books: Path, ledger: Ledger
) -> None:
    whole = books.read_bytes()
    books.write_bytes(whole[:-100])
    assert publishing.keep(str(books)) == 1
    assert books.read_bytes() == whole
    assert publishing.keep(str(books)) == 0
    assert b"".join(publishing.lines()) == whole


def test_heads_that_the_database_no_longer_has_are_not_written_over(
    books: Path, superuser: None
) -> None:
    before = books.read_bytes()
    with transaction.atomic():
        sql("UPDATE registry_seal SET root = previous_root WHERE number ="
            " (SELECT max(number) FROM registry_seal)")  # fmt: skip
        with pytest.raises(publishing.Rewritten):
            publishing.keep(str(books))
        transaction.set_rollback(True)
    assert books.read_bytes() == before


def test_the_command_reads_as_the_auditor_and_exits_1_with_every_fault(
    books: Path, ledger_db: str
) -> None:
    out = io.StringIO()
    call_command("audit_log", heads=str(books), key=KEY.hex(), stdout=out)
    assert out.getvalue().endswith("the log is whole.\n")
    pk = Cancellation.objects.order_by("id")[0].pk
    url = testing.address(os.environ["DATABASE_URL"], role="cdm_admin", database=ledger_db)
    with contextlib.closing(psycopg2.connect(url)) as server, server.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE registry_cancellation SET buyer = 666 WHERE id = %s", [pk])
        server.commit()
    out = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("audit_log", heads=str(books), stdout=out)
    assert stopped.value.code == 1
    assert f"cancellation {pk} was changed: it is not what was sealed" in out.getvalue()
