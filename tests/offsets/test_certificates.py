"""The certificate on paper and on the verify page."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from offsets import actions, codes, queries
from offsets.certificates import editions, facts, paper
from offsets.models import Certificate
from tests.offsets import prints
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance", "money_balances")


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


def printed(shop: Shop, **details: object) -> Certificate:
    certificate = shop.buy(shop.offer(100), 17, **details)
    assert prints.print_all(shop.at) == 1
    found = queries.certificate(certificate.code)
    assert found is not None
    return found


def test_the_print_says_who_what_where_and_how_to_check(shop: Shop, tmp_path: Path) -> None:
    certificate = printed(shop)
    assert certificate.pdf is not None
    assert certificate.sha256 == hashlib.sha256(bytes(certificate.pdf)).hexdigest()
    text = text_of(bytes(certificate.pdf), tmp_path)
    [line] = facts.lines(certificate)
    [part] = line.parts
    for expected in (
        certificate.number, codes.show(certificate.code), "Amina Otieno", "17", "tonnes",
        "Our family’s flights and home energy, 2026", "KE-5-1-17-2-2-0-99204", part.reference,
        "Ziwa Nne improved cookstoves programme", "Kenya · project 99204",
        "4 March 2024, 09:00 UTC", "Demonstration rules", "Sandbox: no money moved",
        "not operated or endorsed by the UNFCCC",
    ):
        assert expected in text, f"{expected!r} is not on the certificate:\n{text}"


def test_the_same_data_gives_the_same_bytes(shop: Shop) -> None:
    certificate = printed(shop)
    again = paper.print_certificate(editions.first(certificate))
    assert hashlib.sha256(again).hexdigest() == certificate.prints.get().unsigned_sha256


def test_the_print_is_made_once(shop: Shop) -> None:
    certificate = printed(shop)
    edition, key = editions.first(certificate), prints.print_key()
    with pytest.raises(Exception, match="only its print is added, once"):
        actions.make_certificate(at=shop.at, edition=edition, key=key)


def test_the_print_carries_its_record_and_is_pdf_a(shop: Shop) -> None:
    pdf = bytes(printed(shop).pdf or b"")
    assert re.search(rb"<pdfaid:part>3</pdfaid:part>", pdf)
    assert re.search(rb"<pdfaid:conformance>A</pdfaid:conformance>", pdf)
    assert b"record.json" in pdf and b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_a_name_that_no_font_has_is_kept_in_the_registry(shop: Shop, tmp_path: Path) -> None:
    certificate = printed(shop, name="አማን")
    text = text_of(bytes(certificate.pdf or b""), tmp_path)
    assert paper.IN_FULL in text
    assert certificate.order.beneficiary_name == "አማን"


def test_names_and_reasons_are_data_and_never_source(shop: Shop, tmp_path: Path) -> None:
    name = '#panic("x") *bold* $x$ \\ <b>'
    reason = '#image("/etc/passwd")'
    text = text_of(bytes(printed(shop, name=name, reason=reason).pdf or b""), tmp_path)
    assert name in text and reason in text


def test_many_lines_go_on_a_second_page(shop: Shop, tmp_path: Path) -> None:
    data = paper.paper_data(editions.first(printed(shop)))
    data["lines"] = data["lines"] * 30
    text = text_of(paper.compile_paper(data), tmp_path)
    assert text.count("KE-5-1-17-2-2-0-99204") == 30
    assert text.count("\f") >= 3


def test_the_verify_page_tells_what_the_ledger_says(shop: Shop, client: Client) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    for typed in (codes.show(certificate.code), certificate.code.lower()):
        page = client.get(f"/v/{typed}")
        assert page.status_code == 200
        body = page.content.decode()
        assert "Genuine: 17 tonnes, cancelled 4 March 2024" in body
        assert "Amina Otieno" in body and "KE-5-1-17-2-2-0-99204" in body
        assert "Demonstration rules" in body and "Sandbox" in body


def test_a_withheld_name_and_its_reason_stay_withheld(shop: Shop, client: Client) -> None:
    certificate = shop.buy(shop.offer(100), 17, public=False)
    prints.print_all(shop.at)
    code, order = codes.show(certificate.code), certificate.order.code
    for url in (f"/v/{code}", f"/certificates/{code}/", "/cancellations/", "/cancellations.csv",
                f"/orders/{order}/"):
        answer = client.get(url)
        text = b"".join(answer).decode()  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert "Amina" not in text and "flights" not in text, url
        if "orders" not in url:
            assert "name withheld" in text, url
    assert client.get(f"/certificates/{code}.pdf").status_code == 403
    assert client.get(f"/certificates/{code}.pdf?order=ord_0").status_code == 403
    pdf = client.get(f"/certificates/{code}.pdf?order={order}")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert "Amina Otieno" in client.get(f"/certificates/{code}/?order={order}").content.decode()


def test_a_public_certificate_is_open_to_all(shop: Shop, client: Client) -> None:
    certificate = shop.buy(shop.offer(100), 17)
    waiting = client.get(f"/certificates/{certificate.code}.pdf")
    assert "The print is being made" in waiting.content.decode()
    prints.print_all(shop.at)
    pdf = client.get(f"/certificates/{certificate.code}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == f'inline; filename="{certificate.number}.pdf"'
    page = client.get(f"/certificates/{certificate.code}/").content.decode()
    assert "Amina Otieno" in page and "KE-5-1-17-2-2-0-99204" in page


def test_a_mistyped_code_and_an_unknown_one_are_told_apart(shop: Shop, client: Client) -> None:
    code = shop.buy(shop.offer(100), 17).code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    answer = client.get(f"/v/{wrong}")
    assert answer.status_code == 404
    assert "At least one character is wrong" in answer.content.decode()
    free = "0000000000"
    answer = client.get(f"/v/{free}{codes.check_character(free)}")
    assert answer.status_code == 404
    assert "No certificate has this code" in answer.content.decode()
    assert client.get("/certificates/nonsense/").status_code == 404
    assert client.get("/certificates/nonsense.pdf").status_code == 404


def test_the_form_goes_to_the_code(client: Client) -> None:
    answer = client.get("/v/", {"code": " 7qk2-m9xd-4r0 "})
    assert (answer.status_code, answer["Location"]) == (302, "/v/7qk2-m9xd-4r0")
    assert client.get("/v/").status_code == 200
    assert client.get("/v/", {"code": "a/../b"}, follow=True).status_code == 404


def test_a_certificate_that_the_ledger_contradicts_is_not_confirmed(
    shop: Shop, client: Client
) -> None:
    """An insider raised the tonnes with the trigger off: the page asks the ledger, not the row."""
    certificate = shop.buy(shop.offer(100), 17)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE offsets_certificate DISABLE TRIGGER of_record")
        cursor.execute("UPDATE offsets_certificate SET tonnes = 170")
        body = client.get(f"/v/{certificate.code}").content.decode()
        cursor.execute("UPDATE offsets_certificate SET tonnes = 17")
        cursor.execute("ALTER TABLE offsets_certificate ENABLE TRIGGER of_record")
    assert "Not confirmed" in body and "Genuine" not in body


def test_programs_read_the_certificate_too(shop: Shop) -> None:
    certificate = shop.buy(shop.offer(100), 17, public=False)
    read = SimpleNamespace(**queries.certificate_facts(codes.show(certificate.code)))
    assert (read.number, read.tonnes, read.name, read.reason) == (
        certificate.number, "17", None, None)
    assert read.serials == ["KE-5-1-17-2-2-0-99204"]
    assert read.url.endswith(f"/v/{codes.show(certificate.code)}")
