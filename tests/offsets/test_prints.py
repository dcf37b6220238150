"""Signed prints, what a PDF is told to be, corrected names, badges and statements."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cdm_portal import clock
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from offsets import actions, codes, queries, statements
from offsets.certificates import editions, examining, facts, keys, paper, signing
from offsets.errors import LinkEnded, NotConfirmed, NotTheOwner, OrderNotOpen, TooManyReissues
from offsets.models import Certificate, DataLink, Order, Reissue, SignedPrint
from offsets.values import GUEST
from tests.offsets import prints
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")
Kind = examining.Kind
CONTENT_TYPE = bytes.fromhex("06092A864886F70D010903")
"""The object identifier of the first attribute that is signed, as DER."""


def printed(shop: Shop, **details: object) -> Certificate:
    certificate = shop.buy(shop.offer(100), 17, **details)
    prints.print_all(shop.at)
    certificate.refresh_from_db()
    return certificate


def file_of(certificate: Certificate) -> bytes:
    assert certificate.pdf is not None
    return bytes(certificate.pdf)


def test_each_project_is_one_line_with_every_range_of_its_serials(
    shop: Shop, tmp_path: Path, client: Client
) -> None:
    other = prints.another_project(shop)
    shop.issue(50)
    certificate = prints.of_two_projects(shop, shop.offer(1040), other.offer(100), 1010, 5)
    prints.print_all(shop.at)
    certificate.refresh_from_db()
    cooking, power = facts.lines(certificate)
    assert [(line.tonnes, len(line.parts)) for line in (cooking, power)] == [(1010, 2), (5, 1)]
    parts = [part for line in (cooking, power) for part in line.parts]
    text = prints.words_of(file_of(certificate), tmp_path)
    page = client.get(f"/certificates/{certificate.code}/").content.decode()
    for part in parts:
        assert str(part.serial) in text and part.reference in text
        assert str(part.serial) in page and part.reference in page
    assert text.count("Ziwa Nne improved cookstoves programme") == 1
    told = json.loads(prints.attached(file_of(certificate), tmp_path).read_text())
    assert [line["project"] for line in told["lines"]] == ["99204", "99204", "99205"]
    assert {line["serial"] for line in told["lines"]} == {str(part.serial) for part in parts}
    assert {"cancellation", "issuance", "sha256"} <= told["lines"][0].keys()
    assert "Amina" not in json.dumps(told) and "flights" not in json.dumps(told)


def test_the_signature_holds_and_no_flipped_byte_is_accepted(shop: Shop, full: bool) -> None:
    certificate = printed(shop)
    pdf = file_of(certificate)
    found = examining.examine(pdf)
    assert (found.kind, found.edition) == (Kind.GENUINE, editions.first(certificate))
    assert "Offset Ledger" in found.signer
    chosen = random.Random(certificate.number)
    for _ in range(1000 if full else 40):
        place = chosen.randrange(len(pdf))
        flipped = bytearray(pdf)
        flipped[place] ^= 1 << chosen.randrange(8)
        assert examining.examine(bytes(flipped)).kind == Kind.ALTERED, place
        read = signing.read(bytes(flipped))  # what anybody else's check of the signature says
        assert read is None or not read.holds, place
    longer = signing.read(pdf + b"\n% more")
    assert longer is None or not longer.holds


def test_what_a_signature_leaves_unsigned_stands_as_it_was_made(shop: Shop) -> None:
    """Its frame: lengths, versions, the names of the digest and of the signer."""
    pdf = file_of(printed(shop))
    certificate = prints.print_key().der
    begins = pdf.index(b"/Contents <") + len(b"/Contents <")
    der = bytes.fromhex(pdf[begins : pdf.index(b">", begins)].decode())
    first, signed = der.index(certificate), der.index(CONTENT_TYPE)
    frame = [*range(2 * first), *range(2 * (first + len(certificate)), 2 * signed)]
    assert len(frame) > 300
    for digit in (-1, *frame):  # the bracket before it, too
        changed = bytearray(pdf)
        place = begins + digit
        changed[place] = ord("%X" % (int(pdf[place : place + 1], 16) ^ 1)) if digit >= 0 else 0
        read = signing.read(bytes(changed))
        assert read is None or not read.holds, digit


def test_a_signature_of_another_key_is_not_ours(shop: Shop) -> None:
    certificate = printed(shop)
    unsigned = paper.print_certificate(editions.first(certificate))
    stranger = keys.read(keys.own(shop.at, "Offset Ledger"))
    forged = signing.sign(unsigned, stranger, shop.at)
    read = signing.read(forged)
    assert read is not None and read.holds and read.der == stranger.der
    assert examining.examine(forged).kind == Kind.ALTERED
    assert examining.examine(unsigned).kind == Kind.ALTERED


def test_what_the_ledger_does_not_confirm_is_not_printed(shop: Shop) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    certificate.tonnes = 170
    with pytest.raises(NotConfirmed):
        actions.make_certificate(
            at=shop.at, edition=editions.first(certificate), key=prints.print_key()
        )


FILES: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "ours": (lambda pdf: pdf, 200, "Signed by us and unchanged"),
    "altered": (lambda pdf: pdf.replace(b"%%EOF", b"%%EOD", 1), 200, "Altered"),
    "cut off": (lambda pdf: pdf[:-500], 200, "Altered"),
    "grown": (lambda pdf: pdf + b"\n", 200, "Altered"),
    "another's": (lambda pdf: b"%PDF-1.7\nhello\n%%EOF", 200, "Not ours"),
    "no pdf": (lambda pdf: b"\x00\xffMZ" * 99, 200, "Not ours"),
    "empty": (lambda pdf: b"", 200, "Not ours"),
    "too large": (lambda pdf: b"x" * 5_000_001, 422, "more than 5 MB"),
}


def test_any_file_is_told_what_it_is(shop: Shop, client: Client) -> None:
    pdf = file_of(printed(shop))
    for name, (made, status, words) in FILES.items():
        file = SimpleUploadedFile("certificate.pdf", made(pdf), "application/pdf")
        answer = client.post("/v/file/", {"file": file})
        assert (answer.status_code, words in answer.content.decode()) == (status, True), name
        tells = "genuine: 17 tonnes" in answer.content.decode()
        assert tells == (words in {"Signed by us and unchanged", "Altered"}), name
    assert client.post("/v/file/").status_code == 422
    assert client.get("/v/file/")["Location"] == "/v/"


def test_a_genuine_file_does_not_give_away_a_withheld_name(shop: Shop, client: Client) -> None:
    pdf = file_of(printed(shop, public=False))
    body = client.post("/v/file/", {"file": SimpleUploadedFile("c.pdf", pdf)}).content.decode()
    assert "Signed by us and unchanged" in body and "name withheld" in body
    assert "Amina" not in body


NAMES = (
    "أمينة عبد الرحمن الفارسي", "李文华与王小明环保科技有限公司", "Александра Ёлкина-Щербакова",
    "Climate Club 🌍🌱", "Łódź & Söhne <b>", "W" * 200, ("Long Name " * 20).strip(),
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_scripts_are_printed_as_they_are(
    shop: Shop, tmp_path: Path, client: Client, name: str
) -> None:
    certificate = printed(shop, name=name)
    text = prints.words_of(file_of(certificate), tmp_path)
    assert paper.IN_FULL not in text
    if not name.startswith("أ"):  # pdftotext gives Arabic in the order of its glyphs
        squeezed = "".join(text.replace("\u200b", "").split())
        assert "".join(name.split()) in squeezed
    page = client.get(f"/certificates/{certificate.code}/").content.decode()
    assert "<b>" not in page.split("cert-name")[1].split("</p>")[0]


def test_a_corrected_name_is_a_second_certificate_beside_the_first(
    shop: Shop, client: Client, tmp_path: Path
) -> None:
    certificate = printed(shop, name="Amina Otiano")
    order = certificate.order
    shop.at = clock.now()
    url = linked(client, order, "correct")
    booked = facts.lines(certificate)
    assert "Correct the name" in client.get(f"/orders/{order.code}/").content.decode()
    for name, why, said in (("Amina\u202e", "Misspelt", "invisible characters"),
                            ("Amina Otieno", "", "Say what was wrong")):
        wrong = client.post(url, {"name": name, "why": why})
        assert wrong.status_code == 422 and said in wrong.content.decode()
        assert name in wrong.content.decode()
    sent = client.post(url, {"name": "Amina Otieno", "why": "Misspelt"})
    assert sent["Location"] == f"/orders/{order.code}/correct/"
    again = Reissue.objects.get()
    prints.print_all(shop.at)
    again.refresh_from_db()
    assert (again.number, again.name) == (f"{certificate.number}-2", "Amina Otieno")
    old = client.get(f"/v/{certificate.code}").content.decode()
    assert "Genuine: 17 tonnes" in old and again.number in old and "Replaced" in old
    assert "Amina Otiano" in old and "Amina Otieno" not in old
    new = client.get(f"/v/{codes.show(again.code)}").content.decode()
    assert f"replaces certificate {certificate.number}" in new and "Amina Otieno" in new
    text = prints.words_of(bytes(again.pdf or b""), tmp_path)
    assert f"Replaces certificate {certificate.number}" in text and again.number in text
    assert examining.examine(bytes(again.pdf or b"")).kind == Kind.GENUINE
    assert examining.examine(file_of(certificate)).kind == Kind.GENUINE
    assert facts.lines(certificate) == booked and facts.verdict(certificate).genuine
    assert queries.certificate_facts(again.code)["name"] == "Amina Otieno"


def linked(client: Client, order: Order, purpose: str) -> str:
    """The address in the mail that somebody who knows the code asks for."""
    asked = {"correct": f"/orders/{order.code}/correct/", "data": "/desk/orders/"}[purpose]
    client.post(asked, {"code": order.code})
    actions.send_data_links(at=clock.now())
    found = re.search(r"http://[^/\s]+(/\S+)", mail.outbox[-1].body)
    assert found and mail.outbox[-1].to == [order.email]
    return found[1]


def test_who_knows_the_code_alone_corrects_nothing_and_learns_of_no_address(
    shop: Shop, sign_in: Callable[[Client, Actor], Client]
) -> None:
    shop.at = clock.now()
    offer = shop.offer(100)
    order, erased = shop.buy(offer, 17).order, shop.buy(offer, 1).order
    actions.erase_orders(actor=GUEST, at=shop.at, orders=[erased.pk])
    rival, told = shop.cast.rival_participant, []
    for code in (order.code, order.code, erased.code):
        sent = {"name": "Somebody Else", "why": "Because"}
        answer = sign_in(Client(), rival).post(f"/orders/{code}/correct/", sent, follow=True)
        told.append(re.findall(r"If the order has[^<]*", answer.content.decode()))
    assert told[0] and told == [told[0]] * 3
    assert DataLink.objects.count() == 1, "one mail, however often it is asked for"
    for actor in (GUEST, rival):
        with pytest.raises(NotTheOwner):
            actions.reissue(actor=actor, at=shop.at, order_id=order.pk, name="X", why="Misspelt")
    assert not Reissue.objects.exists()


def test_a_link_corrects_once_in_time_and_only_its_own_order(shop: Shop, client: Client) -> None:
    shop.at = clock.now()
    offer = shop.offer(100)
    order, other = shop.buy(offer, 17).order, shop.buy(offer, 1, email="o@example.org").order
    url = linked(client, order, "correct")
    link = DataLink.objects.get()
    given: dict[str, Any] = {"actor": GUEST, "key": link.key.hex, "name": "Amina O.", "why": "Typo"}
    for late, code in ((timedelta(), order.code), (timedelta(), other.code)):
        at = link.expires_at + late if code == order.code else shop.at
        with pytest.raises(LinkEnded):
            actions.reissue_by_link(at=at, code=code, **given)
    assert client.get(url.replace(order.code, other.code)).status_code == 404
    assert client.get(url[:-2] + "x/").status_code == 404
    assert client.get(linked(client, other, "correct")).status_code == 200
    just = link.expires_at - timedelta(seconds=1)
    actions.reissue_by_link(at=just, code=order.code, **given)
    again = client.post(url, {"name": "Amina the Third", "why": "Typo"})
    assert again.status_code == 422 and "Amina the Third" in again.content.decode()
    assert "was used already" in again.content.decode() and client.get(url).status_code == 404
    assert Reissue.objects.get().name == "Amina O."


def test_a_name_is_corrected_so_often_and_no_more(shop: Shop) -> None:
    certificate = shop.buy(shop.offer(100), 17)

    def correct(name: str) -> Reissue:
        return prints.correct(shop, certificate.order, name)

    with pytest.raises(Invalid, match="already"):
        correct("Amina Otieno")
    assert [correct(f"Name {n}").number[-2:] for n in "abc"] == ["-2", "-3", "-4"]
    with pytest.raises(TooManyReissues):
        correct("Name d")
    pending = shop.pending(shop.offer(10), 1)
    with pytest.raises(OrderNotOpen):
        prints.correct(shop, pending.order, "X")


def test_the_badge_is_a_picture_without_script_or_name(shop: Shop, client: Client) -> None:
    certificate = shop.buy(shop.offer(100), 17, public=False)
    code = codes.show(certificate.code)
    answer = client.get(f"/certificates/{certificate.code}/badge.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    svg = answer.content.decode()
    title, description = (ET.fromstring(svg).find(f"{{*}}{name}") for name in ("title", "desc"))
    assert title is not None and title.text == "17 tonnes CO₂e cancelled in 2024"
    assert description is not None and code in str(description.text)
    assert f"/v/{code}" in svg and "<script" not in svg and "style" not in svg
    page = client.get(f"/certificates/{certificate.code}/badge/").content.decode()
    assert "&lt;img src=&quot;" in page and f"/certificates/{code}/badge.svg" in page
    assert "Amina" not in svg + page
    assert client.get("/certificates/nonsense/badge.svg").status_code == 404


def test_a_year_in_one_name_adds_up_as_a_table_and_as_a_paper(
    shop: Shop, sign_in: Callable[[Client, Actor], Client], tmp_path: Path
) -> None:
    shop.at = clock.now()
    offer, name = shop.offer(100), "Ziwa & Söhne 环保"
    mine = [shop.buy(offer, n, name=name, on_behalf=True) for n in (17, 4)]
    shop.buy(offer, 9, name=name, on_behalf=True, email="another@example.org")
    client = sign_in(Client(), shop.cast.buyer)
    url = linked(client, mine[0].order, "data")
    assert "No orders yet" in client.get("/desk/statements/").content.decode()
    assert client.post(f"{url}claim/")["Location"] == "/desk/orders/"
    assert client.post("/desk/orders/", {"code": "ord_0"})["Location"] == "/desk/orders/"
    assert client.post("/desk/orders/", {"code": ""}).status_code == 422
    assert "21" in client.get("/desk/statements/").content.decode()
    year = mine[0].issued_at.year
    url = f"/desk/statements/cancellations-{year}"
    table = client.get(f"{url}.csv", {"name": name})
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [(row["tonnes"], row["certificate"]) for row in rows] == [
        ("17", mine[0].number), ("4", mine[1].number)]
    pdf = client.get(f"{url}.pdf", {"name": name})
    assert pdf["Content-Type"] == "application/pdf"
    text = prints.words_of(pdf.content, tmp_path)
    assert name in text and "21 tonnes" in text and rows[0]["serial_numbers"] in text
    for other in (client.get(f"{url}.pdf", {"name": "Somebody"}),
                  sign_in(Client(), shop.cast.participant).get(f"{url}.csv", {"name": name})):
        assert other.status_code == 404
    assert statements.of(shop.cast.buyer, year, name).tonnes == 21


def test_what_is_erased_still_verifies_with_the_name_withheld(shop: Shop, client: Client) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    again = prints.correct(shop, certificate.order, "Amina O.")
    prints.print_all(shop.at)
    again.refresh_from_db()
    kept = bytes(again.pdf or b"")
    Reissue.objects.update(name="", why="", pdf=None)
    body = client.post("/v/file/", {"file": SimpleUploadedFile("c.pdf", kept)}).content.decode()
    assert "Signed by us and unchanged" in body and "name withheld" in body
    assert "Amina O." not in body
    digest = hashlib.sha256(kept).hexdigest()
    assert SignedPrint.objects.filter(sha256=digest).exists()


def test_the_key_is_made_once_and_read_by_its_owner_alone(
    settings: Any, tmp_path: Path
) -> None:
    at = clock.now()
    with pytest.raises(keys.NoKey, match="signs no prints"):
        keys.load(at)
    settings.CERTIFICATE_KEY_FILE = str(tmp_path / "key.p12")
    first = keys.load(at)
    assert keys.load(at + timedelta(days=1)) == first
    assert (tmp_path / "key.p12").stat().st_mode & 0o777 == 0o600
    (tmp_path / "key.p12").chmod(0o644)
    with pytest.raises(keys.NoKey, match="read by everybody"):
        keys.load(at)
    held = pkcs12.load_key_and_certificates(first.p12, None)
    file = tmp_path / "organisation.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(
        b"ours", held[0], held[1], None, BestAvailableEncryption(b"secret")  # type: ignore[arg-type]
    ))
    file.chmod(0o600)
    settings.CERTIFICATE_P12_FILE, settings.CERTIFICATE_PASSPHRASE = str(file), "secret"
    assert keys.load(at).fingerprint == first.fingerprint
    settings.CERTIFICATE_PASSPHRASE = "wrong"
    with pytest.raises(keys.NoKey, match="not its passphrase"):
        keys.load(at)
