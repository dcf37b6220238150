"""One box: it finds units by whatever names them, and says what is wrong with what does not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.demonstration.portfolio import Until
from offsets import codes
from offsets.models import Certificate, OrderLine
from registry.models import Cancellation, Issuance
from tests import questions
from tests.registry.ledger import Ledger
from tests.world import World


def search(client: Client, text: str) -> Any:
    """The page behind the box."""
    return client.get(reverse("search"), {"q": text})


@pytest.mark.parametrize(
    ("asked", "shows"),
    [
        ("KE-5-7-2-2-0-95001", "KE-5-7-2-2-0-95001"),
        (" ke-5-7-2-2-0-95001 ", "KE-5-7-2-2-0-95001"),
        ("KE-7", "KE-5-7-2-2-0-95001"), ("ke 1–17", "KE-5-1-17-2-2-0-95001"),
        ("ug-50", "UG-5-50-1-1-0-95002"), ("UG-5-50-1-1", "UG-5-50-1-1-0-95002"),
        ("KE-5-1-2-2-0-95001 to KE-5-12-2-2-0-95001", "KE-5-1-12-2-2-0-95001"),
    ],
)  # fmt: skip
def test_units_are_shown_at_once(asked: str, shows: str, client: Client, shop: Ledger) -> None:
    page = search(client, asked)
    assert page.status_code == 200
    assert str(page.context["life"].asked) == shows
    assert page["Content-Location"] == reverse("registry:serial", args=[shows])


def test_a_bare_serial_is_one_unit_in_each_party(client: Client, shop: Ledger) -> None:
    page = search(client, "7")
    assert [str(unit.serial) for unit in page.context["found"].units] == [
        "KE-5-7-2-2-0-95001", "UG-5-7-1-1-0-95002",
    ]  # fmt: skip
    assert "Units of 2 Parties" in page.content.decode()


def test_a_project_number_shows_where_its_units_are(client: Client, shop: Ledger) -> None:
    found = search(client, "95001").context["found"]
    assert {share.key: share.quantity for share in found.shares} == {
        "cancelled": 17, "offered": 283, "held": 300, "pending": 380, "share_of_proceeds": 20,
    }  # fmt: skip
    assert [str(row.serial) for row in found.issuances] == ["KE-5-1-1000-2-2-0-95001"]


def test_a_party_and_a_number_may_be_a_unit_or_a_project(client: Client, ledger: Ledger) -> None:
    ledger.issued(100, 0, project_number="7")
    found = search(client, "KE-7").context["found"]
    assert (str(found.number), found.project_number) == ("KE-5-7-2-2-0-7", "7")
    assert search(client, "KE-8").context["life"].asked.block.first == 8


def test_references_as_they_are_quoted(client: Client, shop: Ledger) -> None:
    gone = Cancellation.objects.order_by("pk")[1]
    assert search(client, gone.reference).context["life"].part.serial == gone.serial
    made = Issuance.objects.order_by("pk")[0]
    assert search(client, made.tx.reference).context["life"].asked == made.serial
    assert search(client, "CX-2024-03-04-999999").status_code == 404
    forward = made.tx.pk + 1
    assert search(client, f"TX-2024-03-04-{forward}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("xyz", "nobody who chose to be named"), ("KE-", "no number of the registry"),
        ("KE-1001", "end at serial 1000"), ("KE-5-1001-2-2-0-95001", "1001 was never issued"),
        ("KE-990-1010", "goes beyond what there is"), ("KE-5-20-10-2-2-0-95001", "runs backwards"),
        ("KE-5-7-2-2-0-95002", "is of project 95001, not of 95002"),
        ("KE-6-7", "is a CER"), ("KE-5-7-1-1-0-95001", "is of commitment period 2"),
        ("ZZ-7", "ZZ is not the code of a Party"), ("BR-7", "No unit of Brazil (BR)"),
        ("RO-4-1-1-1-0-1", "Unit type 4 is not of the Clean Development Mechanism"),
        ("1" + "0" * 30, "A serial has at most 15 digits"), ("0", "begin at 1"),
        ("77777", "No Party has issued serial 77777"), ("x" * 201, "longer than 200 characters"),
        ("KE-121-1001-2-14", "number of an account"), ("٣", "no number of the registry"),
        ("<script>alert(1)</script>", "no number of the registry"),
        ("' OR 1=1 --", "no number of the registry"), ("%", "no number of the registry"),
        ("95009", "No unit of a project 95009 has been issued either"),
    ],
)  # fmt: skip
def test_what_is_not_there_says_what_is_wrong(
    asked: str, says: str, client: Client, shop: Ledger
) -> None:
    page = search(client, asked)
    text = page.content.decode()
    assert page.status_code == 404
    assert says in page.context["found"].problem
    assert "Nothing was found." in text
    assert "<script>alert" not in text
    assert page.context["asked"] == asked.strip()[:200]  # what was typed stays in the box


def test_a_refusal_leads_to_what_was_probably_meant(client: Client, shop: Ledger) -> None:
    for asked, instead in (
        ("KE-20-10", "KE-10-20"), ("KE-990-1010", "KE-990-1000"),
        ("KE-5-7-2-2-0-95002", "KE-5-7-2-2-0-95001"),
    ):
        page = search(client, asked)
        assert page.context["found"].instead == instead
        assert search(client, instead).status_code == 200
        assert f"?q={instead}" in page.content.decode()


def test_a_block_over_two_issuances_lists_both(client: Client, ledger: Ledger) -> None:
    ledger.issued(100, 0)
    ledger.issued(100, 0)
    found = search(client, "KE-90-110").context["found"]
    assert [str(row.serial) for row in found.issuances] == [
        "KE-5-1-100-2-2-0-95001", "KE-5-101-200-2-2-0-95001",
    ]  # fmt: skip


def test_nul_is_refused(client: Client, shop: Ledger) -> None:
    assert client.get("/registry/blocks/?q=%00").status_code == 400
    assert client.get("/registry/blocks/?q=KE-%00").status_code == 400


def test_nothing_asked_says_what_can_be(client: Client, shop: Ledger) -> None:
    for text in ("", "   "):
        page = search(client, text)
        assert page.status_code == 200
        assert "Type what you have" in page.content.decode()


def test_certificates_and_names_lead_to_units_and_hidden_names_to_nothing(world: World) -> None:
    client = world.client(None)
    for certificate in Certificate.objects.order_by("pk"):
        (line,) = OrderLine.objects.filter(order_id=certificate.order_id)
        assert line.cancellation is not None
        for text in (certificate.code, codes.show(certificate.code).lower(), certificate.number):
            page = search(client, text)
            assert page.context["life"].part.serial == line.cancellation.serial, text
            shown = page.content.decode()
            assert certificate.number in shown
            assert ("Amina Otieno" in shown) == certificate.order.name_public
            assert "Hidden Buyer" not in shown
            assert ("name withheld" in shown) != certificate.order.name_public
    named = search(client, "amina")
    assert len(named.context["found"].lines) == 1
    assert search(client, "Hidden Buyer").status_code == 404
    mistyped = search(client, "7QK2-M9XD-4RY")
    assert mistyped.status_code == 404


def test_a_public_project_is_named(world: World) -> None:
    project = world.project(Until.OFFERED)
    page = search(world.client(None), project.number)
    assert project.title in page.content.decode()


@pytest.mark.parametrize("asked", ["KE-5-7-2-2-0-95001", "KE-7", "KE-400", "95001", "7", "Amina"])
def test_a_search_asks_at_most_eight_questions(asked: str, client: Client, shop: Ledger) -> None:
    with questions.at_most(8):
        search(client, asked)
