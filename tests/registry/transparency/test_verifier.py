"""verify.py, run as everybody runs it: from a copy, alone, without this product around it."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.models import Cancellation, Transaction
from registry.transparency import heads, queries
from registry.transparency.views import VERIFIER
from tests import sealing
from tests.registry.ledger import Ledger

pytestmark = pytest.mark.usefixtures("ledger_db")
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = heads.public_bytes(SIGNER).hex()
FLIPS = 10_000


@pytest.fixture
def sealed(ledger: Ledger) -> Ledger:
    lot = ledger.lot(100)
    for number in range(1, 8):
        ledger.cancelled(lot, number)
        sealing.seal(at=ledger.at, key=SIGNER)
    return ledger


@pytest.fixture
def check(tmp_path: Path) -> Any:
    """Runs a copy of the verifier in a folder of its own; answers exit code and what it said."""
    shutil.copy(VERIFIER, tmp_path / "verify.py")

    def run(told: object, key: str = KEY) -> tuple[int, str]:
        (tmp_path / "told.json").write_text(json.dumps(told))
        done = subprocess.run(
            [sys.executable, "-I", "verify.py", "told.json", key],
            cwd=tmp_path, capture_output=True, text=True, env={},
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    return run


def certificate(*rows: Any) -> dict[str, Any]:
    lines = []
    for row in rows:
        proofs = queries.proofs_of([("cancellation", row.pk), ("issuance", row.lot.issuance_id)])
        lines.append({
            "serial": str(row.serial), "tonnes": str(row.quantity),
            "cancellation": proofs["cancellation", row.pk].as_json(),
            "issuance": proofs["issuance", row.lot.issuance_id].as_json(),
        })  # fmt: skip
    return {"tonnes": str(sum(row.quantity for row in rows)), "lines": lines}


def rows() -> list[Any]:
    return list(Cancellation.objects.filter(kind="c").order_by("id"))


def test_it_is_one_short_file_of_the_standard_library_and_cryptography() -> None:
    text = VERIFIER.read_text()
    assert text.count("\n") <= 100
    imported = {
        line.split()[1].split(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported - {"cryptography"} <= sys.stdlib_module_names
    for word in ("urllib", "socket", "http", "requests"):
        assert word not in text


def test_a_certificate_holds_offline(sealed: Ledger, check: Any) -> None:
    one, two, *_ = rows()
    assert check(certificate(one)) == (0, "It holds.")
    assert check(certificate(one, two)) == (0, "It holds.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.update(tonnes="4"), "tonnes do not add up"),
        (lambda told: told["lines"][0].update(serial="KE-5-1-2-2-2-0-95001"), "not KE-5-1-"),
        (lambda told: told["lines"][0].update(tonnes="2"), "not KE-5-1-"),
        (lambda told: told["lines"].append(told["lines"][0]), "named twice"),
        (lambda told: told["lines"].clear(), "named twice, or none"),
        (lambda told: told["lines"][0]["cancellation"].update(
            record=told["lines"][0]["cancellation"]["record"].replace('"c"', '"r"')),
         "is not what it says"),
        (lambda told: told["lines"][0]["cancellation"].update(index=0), "DOES NOT HOLD"),
        (lambda told: told["lines"][0]["cancellation"]["path"].pop(), "too short"),
        (lambda told: told["lines"][0]["cancellation"]["path"].append("00" * 32), "too long"),
        (lambda told: told["lines"][0]["cancellation"].update(
            told["lines"][0]["issuance"]), "DOES NOT HOLD"),
        (lambda told: told["lines"][0]["cancellation"]["head"].update(tree_size=99),
         "not signed with this key"),
        (lambda told: told["lines"][0]["cancellation"]["head"].update(at="2030-01-01T00:00:00Z"),
         "not signed with this key"),
    ],
)  # fmt: skip
def test_a_changed_certificate_does_not_hold(
    change: Any, said: str, sealed: Ledger, check: Any
) -> None:
    told = certificate(rows()[0])
    change(told)
    code, answer = check(told)
    assert code == 1
    assert said in answer or "Error" in answer


def test_another_key_or_a_forged_head_does_not_hold(sealed: Ledger, check: Any) -> None:
    told = certificate(rows()[0])
    stranger = Ed25519PrivateKey.generate()
    code, answer = check(told, heads.public_bytes(stranger).hex())
    assert (code, "names another key" in answer) == (1, True)
    for proof in (told["lines"][0]["cancellation"], told["lines"][0]["issuance"]):
        head = heads.Head.from_json(proof["head"])
        text = heads.signed_text(head)
        proof["head"]["public_key"] = heads.public_bytes(stranger).hex()
        proof["head"]["signature"] = stranger.sign(text).hex()
    assert check(told)[0] == 1


def test_a_row_that_is_not_for_everybody_is_proved_by_its_hash(sealed: Ledger, check: Any) -> None:
    proof = queries.proof_of("transaction", Transaction.objects.all()[0].pk)
    assert proof is not None
    told = proof.as_json()
    assert told["record"] is None
    assert check(told) == (0, "It holds.")


def test_every_head_continues_every_older_one(sealed: Ledger, check: Any) -> None:
    every = queries.heads_after(0)
    assert len(every) == 7
    module = loaded()
    for first in every:
        for second in every[first.number - 1 :]:
            told = queries.continuation(first, second).as_json()
            module.check_continuation(told, KEY)
            if first != second:
                with pytest.raises(SystemExit):
                    module.check_continuation(told | {"first": every[-1].as_json()}, KEY)
                with pytest.raises(SystemExit):
                    swapped = {"first": told["second"], "second": told["first"]}
                    module.check_continuation(told | swapped, KEY)
    assert check(queries.continuation(every[2], every[6]).as_json()) == (0, "It holds.")


def test_a_rewritten_log_does_not_continue_the_head_that_was_kept(
    sealed: Ledger, check: Any
) -> None:
    """Even signed by the true key: an insider with key and database cannot undo a kept head."""
    kept, newest = queries.head(3), queries.latest()
    assert kept is not None and newest is not None
    told = queries.continuation(kept, newest).as_json()
    root = bytes(31) + b"\x01"
    text = heads.signed_text(replace(newest, root=root))
    told["second"] |= {"root": root.hex(), "signature": SIGNER.sign(text).hex()}
    code, answer = check(told)
    assert (code, "rewritten between the two heads" in answer) == (1, True)


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verifier", VERIFIER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flipped(text: str, dice: random.Random) -> str:
    """One bit of the file, whatever it is part of."""
    data = bytearray(text.encode())
    place = dice.randrange(len(data))
    data[place] ^= 1 << dice.randrange(8)
    return data.decode("latin-1")


def test_no_flipped_bit_of_ten_thousand_is_accepted(sealed: Ledger) -> None:
    seed = 20261125
    dice, module = random.Random(seed), loaded()
    proofs = [queries.proof_of("cancellation", row.pk) for row in rows()]
    texts = [json.dumps(proof.as_json()) for proof in proofs if proof is not None]
    accepted = []
    for _ in range(FLIPS):
        text = dice.choice(texts)
        wrong = flipped(text, dice)
        try:
            module.check_proof(json.loads(wrong), KEY)
            accepted.append(wrong)
        except (SystemExit, ValueError, KeyError, TypeError, IndexError):
            continue
    assert accepted == [], f"seed {seed}: {accepted[:3]}"


def test_what_a_check_costs(sealed: Ledger, record_property: Any) -> None:
    module, proof = loaded(), queries.proof_of("cancellation", rows()[0].pk)
    assert proof is not None
    told = copy.deepcopy(proof.as_json())
    began = time.perf_counter()
    for _ in range(100):
        module.check_proof(told, KEY)
    record_property("microseconds", (time.perf_counter() - began) * 10_000)
    assert len(proof.path) == (proof.head.tree_size - 1).bit_length()
