"""A real Chromium for the browser tests: Debian's, found on the PATH (runtime, 13)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
PATIENCE_MS = 30_000
"""How long a test waits for what a page should show. Pressing a button returns before the next
page has come, so nothing is asserted of the page at once: `expect` looks until it is there.
"""
SHOTS = os.environ.get("CDM_SHOTS", "")
"""The folder for pictures of pages; without one none are taken. No test looks at them, people do;
and the picture of a long page takes as long as all that is tested on it.
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, one for the session. Absent: skipped, or failed where it is required."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        message = "no Chromium on the PATH: browser tests need the package chromium"
        if os.environ.get("CDM_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=ARGS)
        yield browser
        browser.close()


def moves(page: Any) -> Any:
    """What is pressed within leads to another page, which has come at the end."""
    return page.expect_navigation(wait_until="domcontentloaded")


@pytest.fixture
def browser_page(chromium: Any) -> Iterator[Any]:
    """Makes pages: `browser_page(width=1440, dark=False)`; closes them at the end."""
    contexts = []

    def make(*, width: int = 1440, dark: bool = False, script: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script, reduced_motion="reduce",
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def shot() -> Any:
    """Keeps a screenshot of the whole page where `CDM_SHOTS` names a folder for them."""

    def keep(page: Any, name: str) -> Path:
        target = Path(SHOTS) / f"{name}.png"
        if SHOTS:
            target.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(target), full_page=True)
        return target

    return keep
