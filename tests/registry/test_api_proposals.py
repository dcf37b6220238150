"""Proposing by the API: with a key, which repeated answers the same; nothing happens twice."""

import json
from typing import Any

import pytest
from django.test import Client

from registry import queries
from registry.governance.models import Proposal
from tests.registry.ledger import Ledger, at_once

URL = "/api/v1/registry/proposals/"


@pytest.fixture
def body(cast: Any, ledger: Ledger) -> dict[str, Any]:
    """A cancellation of 100 of the 400 units that the participant holds."""
    ledger.issued(1000, 20)
    mine = ledger.account(cast.participant.organisation_id)
    ledger.forwarded(400, mine)
    return {"from_account": mine.number, "to_account": queries.voluntary_account().number,
            "project_number": "95001", "quantity": 100}  # fmt: skip


def post(client: Client, body: Any, key: str | None = "one") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(URL, json.dumps(body), content_type="application/json", headers=headers)


def test_a_repeated_key_answers_the_same_and_another_body_is_refused(
    client: Client, cast: Any, sign_in: Any, body: dict[str, Any], nothing_written: Any
) -> None:
    sign_in(client, cast.participant)
    first = post(client, body)
    assert (first.status_code, first.json()["quantity"]) == (201, "100")
    with nothing_written():
        again = post(client, body)
        assert (again.status_code, again.content) == (201, first.content)
        other = post(client, body | {"quantity": 101})
        assert (other.status_code, other.json()["check"]) == (422, "R702")
    assert post(client, body, "two").json()["id"] != first.json()["id"]
    shown = client.get(first["Location"]).json()
    assert (shown["state"], [step["state"] for step in shown["history"]]) == ("proposed", [0])
    sign_in(client, cast.rival_participant)
    assert client.get(first["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("changes", "key", "status", "check"),
    [
        ({}, None, 400, "R701"), ({}, "", 422, "R704"), ({}, "x" * 101, 422, "R704"),
        ({"quantity": 401}, "k", 409, "R302"), ({"to_account": "KE-230-2-2-99"}, "k", 422, "R113"),
        ({"to_account": "two"}, "k", 422, "R112"),
        ({"serials": "KE-5-A-2-2-0-95001"}, "k", 422, "R101"),
        ({"serials": "KE-5-1 9-2-2-0-95001"}, "k", 422, "R102"),
        ({"serials": "KE-5-9-1-2-2-0-95001"}, "k", 422, "R103"),
        ({"serials": "KE-5-1001-2-2-0-95001"}, "k", 409, "R122"),
        ({"serials": "KE-5-900-1001-2-2-0-95001"}, "k", 409, "R123"),
        ({"serials": "KE-5-1-2-2-0-95002"}, "k", 409, "R124"),
        ({"serials": "KE-5-401-2-2-0-95001"}, "k", 409, "R125"),
        ({"serials": "UG-5-1-2-2-0-95001"}, "k", 409, "R122"),
        ({"serials": "QQ-5-1-2-2-0-95001"}, "k", 404, "R121"),
    ],
)  # fmt: skip
def test_what_is_refused_names_its_check_and_leaves_nothing(
    changes: Any, key: Any, status: Any, check: Any, client: Client, cast: Any, sign_in: Any,
    body: dict[str, Any], nothing_written: Any,
) -> None:  # fmt: skip
    sign_in(client, cast.participant)
    with nothing_written():
        refused = post(client, body | changes, key)
    assert (refused.status_code, refused.json().get("check")) == (status, check), refused.json()


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"quantity": "many"}, {"quantity": 1.5}])
def test_a_body_of_the_wrong_shape_is_refused(
    wrong: Any, client: Client, cast: Any, sign_in: Any, body: dict[str, Any], nothing_written: Any
) -> None:
    sign_in(client, cast.participant)
    with nothing_written():
        assert post(client, body | wrong).status_code == 422


def test_named_units_are_the_ones_that_are_cancelled(
    client: Client, cast: Any, sign_in: Any, body: dict[str, Any], ledger: Ledger
) -> None:
    sign_in(client, cast.participant)
    asked = {k: v for k, v in body.items() if k.endswith("account")}
    made = post(client, asked | {"serials": "KE-5-51-60-2-2-0-95001"}).json()
    proposal = Proposal.objects.get(lo=51)
    assert (made["quantity"], proposal.lo, proposal.hi) == ("10", 51, 60)
    booking = ledger.approved(proposal)
    assert booking is not None
    assert client.get(made["url"]).json()["transaction"] == booking.reference
    assert [str(row.serial) for row in queries.cancellations()] == ["KE-5-51-60-2-2-0-95001"]


def test_a_forged_request_of_a_signed_in_browser_is_refused(
    cast: Any, sign_in: Any, body: dict[str, Any], nothing_written: Any
) -> None:
    browser = sign_in(Client(enforce_csrf_checks=True), cast.participant)
    with nothing_written():
        assert post(browser, body).status_code == 403


def test_one_key_sixteen_times_at_once_is_one_proposal(
    ledger_db: str, cast: Any, sign_in: Any, body: dict[str, Any]
) -> None:
    browsers = [sign_in(Client(), cast.participant) for _ in range(16)]
    answers = at_once(16, lambda n: post(browsers[n], body).status_code)
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Proposal.objects.filter(initiator=cast.participant.person_id).count() == 1
