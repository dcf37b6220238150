"""A faulty file of readings in Chromium: sent, shown row by row, treated, and then it counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cdm_portal.values import Actor
from projects.participant import tasks
from projects.participant.models import ReadingsFile
from tests.cast import Cast
from tests.journeys.browser.test_axe import violations
from tests.projects.participant.designs import csv, hourly, opened, registered

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]


def test_a_faulty_file_is_sent_shown_row_by_row_and_treated(
    browser_page: Any, live_server: Any, cast: Cast, client: Client,
    sign_in: Callable[[Client, Actor], Client], shot: Any,
) -> None:
    case = registered(cast)
    period, _ = opened(cast, case)
    rows = hourly(period.first_date, period.last_date)
    rows[7] = rows[7].replace(",2,", ",=B6*1.5,")
    rows[9] = rows[9].replace(",2,", ",1500 kWh,")
    rows.append(rows[20].replace(",2,", ",3,"))
    cookie = sign_in(client, cast.participant).cookies[settings.SESSION_COOKIE_NAME].value
    wide, narrow = browser_page(), browser_page(width=390, dark=True)
    for page in (wide, narrow):
        page.context.add_cookies([{
            "name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url,
        }])
    address = f"{live_server.url}/desk/projects/{case.reference}/periods/1/"
    wide.goto(address)
    wide.set_input_files("input[type=file]", {
        "name": "january.csv", "mimeType": "text/csv", "buffer": csv(rows),
    })
    wide.get_by_label("Keep a faulty table").check()
    shot(wide, "readings-form")
    wide.get_by_role("button", name="Upload").click()
    wide.get_by_text("Waiting to start").first.wait_for()
    shot(wide, "readings-waiting")
    assert tasks.import_waiting() == 1
    wide.get_by_role("link", name="Show what came of it").click()
    wide.get_by_role("heading", name="is a formula, not a value").wait_for()
    narrow.goto(address)
    for page, name in ((wide, "readings-faults"), (narrow, "readings-faults-narrow")):
        assert violations(page) == []
        shot(page, name)
    wide.get_by_label("Why the readings are faulty").fill("The logger was set up anew.")
    wide.get_by_label("Why the readings are faulty").press("Enter")
    wide.get_by_text("Waiting to start").first.wait_for()
    assert tasks.import_waiting() == 1
    wide.goto(address)
    wide.get_by_text("Faults and their treatment").click()
    wide.get_by_text("Convert each from its own unit").wait_for()
    assert violations(wide) == []
    shot(wide, "readings-treated")
    assert ReadingsFile.objects.get(period=period).reading_count == 2 * 31 * 24 - 1
