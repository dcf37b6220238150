"""A long log: sealed in one go, proved by a path as long as the tree is high, audited in one pass.

Times are printed, not judged: `test --full -s` shows them at their full size.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Cancellation
from registry.transparency import actions, audit, panel, publishing, queries
from tests import sealing
from tests.registry.ledger import Ledger, sql

pytestmark = pytest.mark.usefixtures("ledger_db")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    print(f"{what}: {count} in {seconds:.3f} s, {count / seconds:,.0f}/s")


def sell(lot_id: int, number: int) -> None:
    """In pieces: every sale of one transaction leaves a version of the lot for the next to pass."""
    for begin in range(0, number, 200):
        sql("SELECT registry_cancel(%s, 1, 1, uuidv7(), uuidv7(), NULL, cdm_now())"
            " FROM generate_series(1, %s)", lot_id, min(200, number - begin))  # fmt: skip


def test_a_long_log_is_sealed_proved_and_audited(ledger: Ledger, full: bool) -> None:
    count = 100_000 if full else 2_000
    lot = ledger.lot(count * 2)
    sealing.seal(at=ledger.at, key=KEY)
    with timed("sales", count):
        sell(lot.pk, count)
    sealing.wait_for_writers()
    with timed("leaves sealed in one go", count), CaptureQueriesContext(connection) as asked:
        assert sealing.patiently(lambda: actions.seal(at=ledger.at, key=KEY)) == [2]
    assert len(asked) <= 8
    sell(lot.pk, 1)
    with timed("a seal of one leaf on top", 1):
        assert sealing.seal(at=ledger.at, key=KEY) == [3]
    newest = queries.latest()
    assert newest is not None and newest.tree_size > count

    rows = list(Cancellation.objects.order_by("id").values_list("pk", flat=True))
    for pk in (rows[0], rows[len(rows) // 3], rows[-1]):
        with CaptureQueriesContext(connection) as asked:
            proof = queries.proof_of("cancellation", pk)
        assert proof is not None and proof.root() == newest.root
        assert len(proof.path) <= (newest.tree_size - 1).bit_length()
        assert len(asked) == 4
    print(f"path of {len(proof.path)} hashes, {len(json.dumps(proof.as_json()))} bytes of JSON")
    with timed("proofs", 100):
        for pk in rows[:: len(rows) // 100][:100]:
            queries.proof_of("cancellation", pk)
    with CaptureQueriesContext(connection) as asked:
        assert panel.of("cancellation", rows[0], brief=True)["state"] == "checked"
    assert len(asked) == 4
    with timed("leaves audited", newest.tree_size):
        found = audit.audit(queries.heads_after(0))
    assert (found.faults, found.leaves) == ([], newest.tree_size)
    assert publishing.line(newest).endswith(b"}\n")
