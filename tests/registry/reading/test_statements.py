"""The statement of an account: its holder's and the registry's, whole and in pages."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import queries
from registry.models import Account
from tests.cast import Cast
from tests.registry.ledger import Ledger

STEPS = 60


@pytest.fixture
def moved(ledger: Ledger, cast: Cast) -> Account:
    """An account with more movements than a page has lines."""
    account = ledger.account(cast.participant.organisation_id)
    ledger.issued(1000, 0)
    for _ in range(STEPS):
        ledger.forwarded(2, account)
    return account


def test_pages_go_on_and_lose_no_line(
    client: Client, cast: Cast, sign_in: Any, moved: Account
) -> None:
    sign_in(client, cast.participant)
    url: str | None = reverse("registry:statement", args=[moved.pk])
    seen: list[int] = []
    while url:
        page = client.get(url)
        assert page.status_code == 200
        seen += [row.lo for row in page.context["rows"]]
        older = page.context["older"]
        url = f"{reverse('registry:statement', args=[moved.pk])}?before={older}" if older else None
    assert seen == list(range(2 * STEPS - 1, 0, -2))
    for nonsense in ("x", "-1", "9" * 30, "1.5", "٣"):
        answer = client.get(reverse("registry:statement", args=[moved.pk]), {"before": nonsense})
        assert answer.status_code == 200


def test_files_hold_the_whole_statement(
    client: Client, cast: Cast, sign_in: Any, moved: Account
) -> None:
    sign_in(client, cast.participant)
    answer = client.get(reverse("registry:statement_export", args=[moved.pk, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == STEPS
    assert {line["to_account"] for line in lines} == {moved.number}
    assert sum(int(line["units"]) for line in lines) == queries.balance(moved.pk)
    told = client.get(reverse("registry:statement_export", args=[moved.pk, "json"]))
    assert len(json.loads(b"".join(told.streaming_content))["data"]) == STEPS
    wrong = client.get(reverse("registry:statement_export", args=[moved.pk, "exe"]))
    assert wrong.status_code == 404


def test_nobody_else_learns_that_the_account_exists(
    client: Client, cast: Cast, sign_in: Any, moved: Account
) -> None:
    urls = [
        reverse("registry:statement", args=[moved.pk]),
        reverse("registry:statement_export", args=[moved.pk, "csv"]),
        reverse("api:statement", args=[moved.pk]),
    ]  # fmt: skip
    assert [client.get(url).status_code for url in urls] == [302, 302, 403]
    assert client.get(reverse("api:statement", args=[999_999])).status_code == 403
    for actor in (cast.rival_participant, cast.buyer, cast.doe, cast.dna):
        sign_in(client, actor)
        assert [client.get(url).status_code for url in urls] == [404, 404, 404], actor
    for actor in (cast.registry, cast.secretariat, cast.auditor, cast.board[0]):
        sign_in(client, actor)
        assert [client.get(url).status_code for url in urls] == [200, 200, 200], actor


def test_programs_walk_a_statement_by_cursor(
    client: Client, cast: Cast, sign_in: Any, moved: Account
) -> None:
    sign_in(client, cast.participant)
    url, seen, cursor = reverse("api:statement", args=[moved.pk]), [], ""
    while True:
        query = {"limit": "25"} | ({"cursor": cursor} if cursor else {})
        body = client.get(url, query).json()
        seen += [line["serial"] for line in body["data"]]
        if body["next_cursor"] is None:
            break
        cursor = body["next_cursor"]
    assert len(seen) == len(set(seen)) == STEPS
    assert client.get(url, {"cursor": "x"}).status_code == 422
    assert client.get(reverse("api:statement", args=[10**30])).status_code == 404


def test_a_page_asks_the_same_wherever_it_begins(moved: Account) -> None:
    (first, *_), counts = queries.statement(moved.pk), []
    for before in (None, first.pk, first.pk - 40):
        with CaptureQueriesContext(connection) as questions:
            queries.statement(moved.pk, before, 10)
        counts.append(len(questions))
        assert not [q for q in questions.captured_queries if "OFFSET" in q["sql"]]
    assert counts == [2, 2, 2]
