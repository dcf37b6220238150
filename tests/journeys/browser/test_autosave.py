"""A section saved while it is typed, in Chromium: no button, no loss, the keyboard alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from cdm_portal.values import Actor
from projects.participant.models import DesignDocument, TypedSection
from tests.axe import violations
from tests.cast import Cast
from tests.projects.participant.designs import filled

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]
STATUS = "[data-autosave-status]"


@pytest.fixture
def page(
    browser_page: Any, live_server: Any, cast: Cast, client: Client,
    sign_in: Callable[[Client, Actor], Client],
) -> Any:
    """The participant's browser, already signed in."""
    cookie = sign_in(client, cast.participant).cookies[settings.SESSION_COOKIE_NAME].value
    made = browser_page(width=390)
    made.context.add_cookies([{
        "name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url,
    }])
    return made


def test_text_is_saved_while_it_is_typed_and_comes_back(
    page: Any, live_server: Any, cast: Cast, shot: Any
) -> None:
    case = filled(cast)
    page.goto(f"{live_server.url}/desk/projects/{case.reference}/design/location/")
    expect(page.locator(STATUS)).to_have_text("What you type is saved shortly after you stop.")
    page.get_by_label("Place").fill("Naivasha")
    page.locator(STATUS).filter(has_text="Saved at ").wait_for()
    assert DesignDocument.objects.get().content["location"]["location"] == "Naivasha"
    latitude = page.get_by_label("Latitude")
    latitude.fill("-0,7")
    page.locator(STATUS).filter(has_text="Not saved. Latitude: Enter a number").wait_for()
    assert DesignDocument.objects.get().content["location"]["latitude"] == "-0.30310"
    page.goto("about:blank")
    page.goto(f"{live_server.url}/desk/projects/{case.reference}/design/location/")
    expect(page.get_by_label("Latitude")).to_have_value("-0,7")
    assert violations(page) == []
    shot(page, "autosave-kept")
    page.get_by_label("Latitude").fill("-0.7")
    page.get_by_label("Latitude").press("Enter")
    page.get_by_text("“Location” is saved.").wait_for()
    assert DesignDocument.objects.get().content["location"]["latitude"] == "-0.70000"
    assert not TypedSection.objects.exists()


def test_what_was_typed_last_is_kept_when_the_page_is_left(
    page: Any, live_server: Any, cast: Cast
) -> None:
    case = filled(cast)
    page.goto(f"{live_server.url}/desk/projects/{case.reference}/design/location/")
    page.get_by_label("Place").fill("Left in a hurry")
    page.goto("about:blank")
    deadline = time.monotonic() + 20
    while DesignDocument.objects.get().content["location"]["location"] != "Left in a hurry":
        assert time.monotonic() < deadline
        time.sleep(0.1)
