"""A certificate's JSON, taken offline with the verifier, proves every one of its lines."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse

from offsets.models import Certificate
from registry.models import Cancellation
from registry.transparency import heads
from registry.transparency.views import VERIFIER
from tests import sealing
from tests.offsets.conftest import Shop
from tests.registry.ledger import sql

pytestmark = pytest.mark.usefixtures("ledger_db")
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = heads.public_bytes(SIGNER).hex()


@pytest.fixture
def bought(shop: Shop) -> Certificate:
    """One certificate over two lots, not sealed yet."""
    shop.issue(500)
    return shop.buy(shop.offer(1490), 1400)


def seal(shop: Shop) -> None:
    sealing.seal(at=shop.at, key=SIGNER)


def verified(told: object, folder: Path) -> tuple[int, str]:
    shutil.copy(VERIFIER, folder / "verify.py")
    (folder / "certificate.json").write_text(json.dumps(told))
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "certificate.json", KEY],
        cwd=folder, capture_output=True, text=True, env={},
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def as_json(certificate: Certificate) -> Any:
    return Client().get(reverse("api:certificate", args=[certificate.code])).json()


def page(certificate: Certificate, name: str = "offsets:certificate") -> str:
    return Client().get(reverse(name, args=[certificate.code])).content.decode()


def test_every_line_of_the_certificate_holds_offline(
    shop: Shop, bought: Certificate, tmp_path: Path
) -> None:
    seal(shop)
    told = as_json(bought)
    assert [line["tonnes"] for line in told["lines"]] == ["1000", "400"]
    assert [line["serial"] for line in told["lines"]] == told["serials"]
    assert verified(told, tmp_path) == (0, "It holds.")
    told["lines"][1]["tonnes"] = "401"
    assert verified(told, tmp_path)[0] == 1


def test_the_proof_names_nobody(shop: Shop, bought: Certificate) -> None:
    seal(shop)
    said = json.dumps(as_json(bought)["lines"])
    for word in ("Amina", "Otieno", "amina@example.org", "family", "Ziwa Sun"):
        assert word not in said


def test_before_the_seal_it_says_so_and_ticks_nothing(shop: Shop, bought: Certificate) -> None:
    assert {line["cancellation"] for line in as_json(bought)["lines"]} == {None}
    for name in ("offsets:certificate", "offsets:verify"):
        said = page(bought, name)
        assert "Not sealed yet" in said
        assert "Checks out" not in said


def test_the_page_checks_the_proof_and_says_under_which_head(
    shop: Shop, bought: Certificate
) -> None:
    seal(shop)
    for name in ("offsets:certificate", "offsets:verify"):
        said = page(bought, name)
        assert "Checks out" in said
        assert "tree head #1" in said
        assert f"python3 verify.py certificate.json {KEY}" in said


def test_a_row_changed_after_the_seal_is_shown_and_not_hidden(
    shop: Shop, bought: Certificate, tmp_path: Path
) -> None:
    seal(shop)
    changed = Cancellation.objects.order_by("id")[0]
    sql("ALTER TABLE registry_cancellation DISABLE TRIGGER USER")
    sql("UPDATE registry_cancellation SET effective_at = effective_at - interval '1 day'"
        " WHERE id = %s", changed.pk)  # fmt: skip
    said = page(bought)
    assert "Does not check out" in said
    assert "is not the one that was sealed" in said
    assert verified(as_json(bought), tmp_path)[0] == 1


def test_the_public_pages_of_the_log_answer(shop: Shop, bought: Certificate) -> None:
    seal(shop)
    browser = Client()
    for name, arguments, words in (
        ("transparency:log", [], "Transparency log"),
        ("transparency:head", [1], "This is the newest tree head"),
        ("transparency:proof", ["cancellation", Cancellation.objects.all()[0].pk], "Checks out"),
        ("transparency:proof", ["transaction", 1], ""), ("transparency:integrity", [], "Integrity"),
    ):  # fmt: skip
        answer = browser.get(reverse(name, args=arguments))
        assert answer.status_code in ((200,) if words else (200, 404)), name
        assert words in answer.content.decode()
    script = browser.get(reverse("transparency:verifier"))
    assert script.content == VERIFIER.read_bytes()
    assert script["Content-Disposition"] == 'attachment; filename="verify.py"'
    kept = b"".join(browser.get(reverse("transparency:heads_file")).streaming_content)  # type: ignore[arg-type]
    assert heads.Head.from_json(json.loads(kept)).is_signed_by(bytes.fromhex(KEY))


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("first=1&second=2", 200, "Yes: tree head #2"), ("first=1", 200, "Yes: tree head #2"),
        ("first=2&second=1", 422, "swap them"), ("first=9", 422, "no signed tree head"),
        ("first=one", 422, "whole number"), ("first=", 422, "required"),
        ("first=" + "9" * 30, 422, "less than or equal"), ("second=1", 422, "required"),
        ("first=1&second=two", 422, "whole number"), ("before=1", 200, "None yet"),
        ("before=" + "9" * 30, 200, "#2"), ("before=x", 200, "#2"),
    ],
)
def test_comparing_heads_answers_or_says_what_is_wrong(
    query: str, status: int, words: str, shop: Shop, bought: Certificate
) -> None:
    seal(shop)
    shop.issue(10)
    seal(shop)
    answer = Client().get(f"{reverse('transparency:log')}?{query}")
    assert answer.status_code == status
    assert words in re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    "path",
    [
        "proofs/cancellation/999999/", "proofs/block/1/",
        "proofs/cancellation/" + "9" * 40 + "/", "tree-heads/99/", "tree-heads/0/",
        "tree-heads/" + "9" * 40 + "/", "tree-heads/2/continued-by/1/",
        "tree-heads/1/continued-by/99/", "tree-heads/-1/",
    ],
)
def test_what_is_not_in_the_log_is_404(path: str, shop: Shop, bought: Certificate) -> None:
    seal(shop)
    assert Client().get(f"/api/v1/{path}").status_code == 404


def test_heads_are_listed_by_cursor(shop: Shop, bought: Certificate) -> None:
    for _ in range(3):
        shop.issue(10)
        seal(shop)
    browser = Client()
    first = browser.get("/api/v1/tree-heads/?limit=2").json()
    rest = browser.get(f"/api/v1/tree-heads/?limit=2&cursor={first['next_cursor']}").json()
    assert [head["number"] for head in first["data"] + rest["data"]] == [3, 2, 1]
    assert rest["next_cursor"] is None
    assert browser.get("/api/v1/tree-heads/latest/").json() == first["data"][0]
