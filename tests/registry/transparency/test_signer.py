"""The signer as a process: its own queue, role and key; nobody else can do its work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from cdm_portal import celery
from cdm_portal.runtime import testing
from cdm_portal.runtime.places import Places
from registry.transparency import publishing, queries, signing, tasks
from registry.transparency.models import Seal
from tests import sealing, workers
from tests.registry.ledger import Ledger

SEAL = "registry.transparency.tasks.seal"


def until(question: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_signers_worker_seals_and_keeps_the_heads_and_no_other_worker_does(
    ledger_db: str, ledger: Ledger, tmp_path: Path
) -> None:
    key, kept = Places.at(tmp_path / "home").signing_key(), tmp_path / "heads.jsonl"
    ledger.lot(10)
    sealing.wait_for_writers()
    with workers.broker(tmp_path) as broker:
        ring = workers.bell(broker)
        with workers.worker(broker, ledger_db, tmp_path / "worker.log"):
            ring(SEAL)
            ring("registry.tasks.close_lots")
            until(lambda: "close_lots" in (tmp_path / "worker.log").read_text())
            time.sleep(1)
            assert Seal.objects.count() == 0
        url = testing.address(os.environ["DATABASE_URL"], role="cdm_signer", database=ledger_db)
        env = {
            "DATABASE_URL": url, "REDIS_URL": broker, "CDM_ENV": "test",
            "SIGNING_KEY_FILE": str(key), "HEADS_FILE": str(kept),
        }  # fmt: skip
        with testing.worker(env, log=tmp_path / "signer.log", queue="sealing"):
            until(lambda: kept.exists() and kept.read_text())
    newest = queries.latest()
    assert newest is not None
    assert publishing.read(kept) == [newest]
    assert newest.is_signed_by(signing.read_key(str(key)).public_key().public_bytes_raw())
    connections.close_all()


def test_no_other_worker_listens_to_the_signers_queue() -> None:
    assert celery.ROUTES[SEAL] == "sealing"
    assert "sealing" not in {queue.name for queue in celery.app.conf.task_queues}
    task, every = celery.TIMETABLE["seal"]
    assert (task, every <= 10) == (SEAL, True)


def test_a_process_without_the_key_does_not_seal(ledger_db: str, ledger: Ledger) -> None:
    ledger.lot(10)
    with override_settings(SIGNING_KEY_FILE=""), pytest.raises(signing.NoKey, match="not set"):
        tasks.seal()
    assert Seal.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("ab" * 32, 0o644, "read by everybody"), ("ab" * 31, 0o600, "64 hexadecimal digits"),
        ("not a key", 0o600, "64 hexadecimal digits"), ("", 0o600, "64 hexadecimal digits"),
    ],
)
def test_a_key_that_is_none_or_that_all_can_read_is_refused(
    text: str, mode: int, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(signing.NoKey, match=said):
        signing.read_key(str(file))
    with pytest.raises(signing.NoKey, match="cannot be read"):
        signing.read_key(str(tmp_path / "missing"))


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    here = Places.at(tmp_path)
    first = here.signing_key().read_text()
    assert here.signing_key().read_text() == first
    assert here.signing_key().stat().st_mode & 0o777 == 0o600
    assert signing.read_key(str(here.signing_key()))
