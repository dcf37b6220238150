"""Of units in somebody's account everybody learns that they are held, and nothing else (E12)."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry import actions, queries
from registry.models import Account
from tests.cast import Cast
from tests.registry.ledger import Ledger


@pytest.fixture
def held(ledger: Ledger, cast: Cast) -> Account:
    """Units 1 to 600 forwarded in two steps to one account: 1 to 100 on offer, 40 of them sold."""
    account = ledger.account(cast.participant.organisation_id)
    ledger.issued(1000, 20)
    ledger.forwarded(450, account)
    ledger.forwarded(150, account)
    (lot,) = actions.earmark(
        actor=cast.participant, at=ledger.at, account_id=account.pk, project_number="95001",
        quantity=100, commitment_period=2,
    )
    ledger.cancelled(lot, 40)
    return account


def page(client: Client, number: str) -> Any:
    """The page of some units."""
    answer = client.get(reverse("registry:serial", args=[number]))
    assert answer.status_code == 200
    return answer


HELD, ALL = "KE-5-500-2-2-0-95001", "KE-5-1-1000-2-2-0-95001"
BOUNDS = ("101–450", "451–600", "101-450", "451-600", "1–450", "601")


def test_a_held_unit_tells_neither_account_nor_block_nor_way(client: Client, held: Account) -> None:
    shown = page(client, HELD)
    life, text = shown.context["life"], shown.content.decode()
    assert (life.part.key, str(life.part.serial)) == ("held", HELD)
    assert [step.what for step in life.movements] == ["Issued"]
    assert held.name not in text
    assert held.number not in text
    assert "Forwarded" not in text
    for bound in ("451", "450", "600"):
        assert bound not in text, bound
    assert shown.context["family"].adds_up


def test_several_states_are_listed_and_what_is_held_is_one_figure(
    client: Client, held: Account
) -> None:
    shown = page(client, ALL)
    assert [(line.key, line.quantity, line.words) for line in shown.context["lines"]] == [
        ("cancelled", 40, "KE-5-1-40-2-2-0-95001"), ("offered", 60, "KE-5-41-100-2-2-0-95001"),
        ("pending", 380, "KE-5-601-980-2-2-0-95001"),
        ("share_of_proceeds", 20, "KE-5-981-1000-2-2-0-95001"),
        ("held", 500, "serial numbers known to the holder"),
    ]  # fmt: skip
    assert held.number not in shown.content.decode()


def test_a_cancelled_unit_tells_its_way_but_not_which_others_came_along(
    client: Client, held: Account
) -> None:
    shown = page(client, "KE-5-7-2-2-0-95001")
    text = shown.content.decode()
    assert [step.what for step in shown.context["life"].movements] == [
        "Issued", "Forwarded", "Offered", "Cancelled, voluntary",
    ]  # fmt: skip
    assert held.name in text  # an attestation names who held what is cancelled
    assert "1–450" not in text
    assert shown.context["family"].adds_up
    assert sum(shown.context["family"].ends) == 1000


def test_the_holder_and_who_reads_every_balance_see_all(
    client: Client, cast: Cast, sign_in: Any, held: Account
) -> None:
    for actor in (
        cast.participant, cast.registry, cast.secretariat, cast.auditor, cast.board[0],
    ):
        sign_in(client, actor)
        life = page(client, HELD).context["life"]
        assert str(life.part.serial) == "KE-5-451-600-2-2-0-95001", actor
        assert [step.what for step in life.movements] == ["Issued", "Forwarded"]
    for actor in (cast.rival_participant, cast.buyer, cast.doe, cast.rit, cast.dna):
        sign_in(client, actor)
        assert str(page(client, HELD).context["life"].part.serial) == HELD, actor


def test_a_projects_blocks_hide_what_is_held(client: Client, held: Account) -> None:
    lines = queries.blocks_of_project("95001")
    assert [(line.key, line.quantity) for line in lines if line.serial is None] == [("held", 500)]
    assert sum(line.quantity for line in lines) == 1000
    assert held.number not in client.get(reverse("search"), {"q": "95001"}).content.decode()


def test_programs_learn_no_more_than_people(
    client: Client, cast: Cast, sign_in: Any, held: Account
) -> None:
    def answers() -> str:
        urls = [
            reverse("api:units", args=[HELD]), reverse("api:units", args=[ALL]),
            reverse("api:blocks"), reverse("api:transactions"), reverse("api:issuances"),
            reverse("api:cancellations"),
        ]  # fmt: skip
        return json.dumps([client.get(url).json() for url in urls])

    told = answers()
    for secret in (held.number, held.name, "KE-5-101-450", "KE-5-451-600", "KE-5-1-450"):
        assert secret not in told, secret
    sign_in(client, cast.rival_participant)
    assert answers() == told
    sign_in(client, cast.participant)
    assert held.number in answers()
    assert "KE-5-451-600-2-2-0-95001" in answers()
