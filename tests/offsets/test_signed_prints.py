"""Certificates are printed once their rows are sealed, and by the signer alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, connections

from cdm_portal.journal.models import Entry
from cdm_portal.runtime import testing
from cdm_portal.runtime.places import Places
from offsets import actions
from offsets.certificates import examining
from offsets.models import Certificate, SignedPrint
from registry.transparency import verify
from tests import sealing, workers
from tests.offsets import prints
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")
PRINT = "offsets.tasks.make_certificates"


def as_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


def verified(record: Path, key: str) -> str:
    done = subprocess.run(
        [sys.executable, verify.__file__, str(record), key], capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_nothing_is_printed_before_it_is_sealed_and_only_the_signer_prints(
    shop: Shop, tmp_path: Path
) -> None:
    key = Ed25519PrivateKey.generate()
    sealing.seal(at=shop.at, key=key)  # what was issued, and not yet what is cancelled
    certificate = shop.buy(shop.offer(100), 17)
    assert actions.make_certificates(at=shop.at, key=prints.print_key()) == 0
    sealing.seal(at=shop.at, key=key)
    as_role("cdm_app")
    assert actions.make_certificates(at=shop.at, key=prints.print_key()) == 0
    as_role("cdm_signer")
    assert actions.make_certificates(at=shop.at, key=prints.print_key()) == 1
    for forbidden in ("UPDATE offsets_certificate SET tonnes = 1", "DELETE FROM journal_entry",
                      "UPDATE offsets_order SET note = ''"):
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(forbidden)
    as_role("NONE")
    certificate.refresh_from_db()
    pdf = bytes(certificate.pdf or b"")
    assert examining.examine(pdf).kind == examining.Kind.GENUINE
    assert re.search(r"tree head #\d+", prints.words_of(pdf, tmp_path))
    record = prints.attached(pdf, tmp_path)
    public = key.public_key().public_bytes_raw().hex()
    assert verified(record, public) == "It holds.\n"
    told = json.loads(record.read_text())
    told["tonnes"] = "18"
    record.write_text(json.dumps(told))
    assert "tonnes do not add up" in verified(record, public)


def test_the_signers_worker_prints_with_a_key_of_its_own_and_no_other_worker_does(
    shop: Shop, ledger_db: str, tmp_path: Path
) -> None:
    shop.buy(shop.offer(100), 17)
    here = Places.at(tmp_path / "home")
    sealing.seal(at=shop.at, key=Ed25519PrivateKey.generate())
    url = testing.address(os.environ["DATABASE_URL"], role="cdm_signer", database=ledger_db)
    with workers.broker(tmp_path) as broker:
        env = {"DATABASE_URL": url, "REDIS_URL": broker, "CDM_ENV": "test",
               "CERTIFICATE_KEY_FILE": str(here.certificate_key)}
        with testing.worker(env, log=tmp_path / "signer.log", queue="sealing"):
            workers.bell(broker)(PRINT)
            deadline = time.monotonic() + 60
            while not SignedPrint.objects.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
    made = Certificate.objects.get()
    assert examining.examine(bytes(made.pdf or b"")).kind == examining.Kind.GENUINE
    assert here.certificate_key.stat().st_mode & 0o777 == 0o600
    told = Entry.objects.get(verb="offsets.make_certificate")
    assert told.facts["sha256"] == made.sha256 == SignedPrint.objects.get().sha256
    connections.close_all()
