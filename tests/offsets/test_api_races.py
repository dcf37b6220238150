"""Programs that repeat themselves at the same moment, on real connections."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import time
from collections import Counter
from typing import Any

import pytest

from cdm_portal import clock, parameters
from cdm_portal.pages.api_start import CALLS
from offsets import actions, queries
from offsets.models import ApiOrder, Certificate, Order
from registry.models import Cancellation
from tests.offsets.conftest import Shop
from tests.offsets.programs import Program
from tests.registry.ledger import at_once

pytestmark = pytest.mark.usefixtures("transactional_db", "books_balance", "money_balances")


def test_one_key_sent_sixty_four_times_is_one_order(shop: Shop) -> None:
    """By keys of one organisation, each repeated while the first request runs, as it is told to."""
    shop.at = clock.now()
    offer, programs = shop.offer(100), [Program(shop) for _ in range(64)]
    seen: Counter[int] = Counter()

    def send(number: int) -> tuple[int, bytes, bool]:
        while True:
            answer = programs[number].order(offer, 3, sandbox="pay")
            seen[answer.status_code] += 1
            if answer.status_code != 409:
                return answer.status_code, answer.content, "Idempotent-Replayed" in answer
            assert (answer.json()["code"], answer["Retry-After"]) == ("still_running", "1")
            time.sleep(0.3)

    results = at_once(64, send)
    assert {(status, body) for status, body, _again in results} == {  # type: ignore[misc]
        (201, ApiOrder.objects.get().answer.encode())
    }
    assert [again for _status, _body, again in results].count(False) == 1  # type: ignore[misc]
    assert set(seen) <= {201, 409}
    assert Order.objects.count() == Certificate.objects.count() == 1
    assert Cancellation.objects.filter(kind="c").count() == 1
    assert queries.unsold(offer) == 97


def test_of_sixty_four_bodies_under_one_key_one_is_ordered(shop: Shop) -> None:
    shop.at = clock.now()
    offer, program = shop.offer(500), Program(shop)
    results = at_once(64, lambda number: program.order(offer, 1 + number % 8).status_code)
    found = Counter(results)
    assert set(found) <= {201, 409, 422}, found
    order = Order.objects.get()
    assert queries.held(offer, clock.now()) == order.quantity


def test_two_hundred_requests_of_a_key_are_no_more_than_it_may(shop: Shop) -> None:
    shop.at = clock.now()
    program, at = Program(shop), clock.now()
    most = parameters.number("api_requests_per_minute", at.date())

    def ask(number: int) -> bool:
        return bool(actions.use_key(at=at, token=program.token))

    results = [r for _ in range(4) for r in at_once(50, ask)]
    assert Counter(type(r).__name__ for r in results) == {
        "bool": most, "TooManyRequests": 200 - most
    }


def value(answer: Any, takes: tuple[str, ...]) -> str:
    """What the next call needs: the place in the answer that the page names."""
    for step in takes:
        answer = answer[int(step)] if step.isdecimal() else answer[step]
    return str(answer)


def test_the_four_calls_of_the_page_end_in_a_certificate(
    shop: Shop, live_server: Any, settings: Any, client: Any
) -> None:
    """Word for word as they are shown, in a shell, against a server that runs."""
    settings.SITE_URL = live_server.url
    shop.at = clock.now()
    shop.offer(100)
    page = client.get("/api/").content.decode()
    shown = re.findall(r'<code data-call="\d">(.*?)</code>', page, re.DOTALL)
    assert len(shown) == len(CALLS) == 4
    shell, answer = os.environ | {"KEY": Program(shop).token}, {}
    for call, typed in zip(CALLS, shown, strict=True):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", html.unescape(typed)], env=shell,
            capture_output=True, text=True, timeout=60,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        if call.takes:
            assert f'data-takes="{call.name}">{".".join(call.takes)}<' in page
            shell[call.name] = value(answer, call.takes)
    certificate = Certificate.objects.get()
    assert (answer["number"], answer["tonnes"]) == (certificate.number, "2")
    assert (answer["name"], answer["sandbox"]) == ("Amina Otieno", True)
