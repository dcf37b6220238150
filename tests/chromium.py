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
SHOTS = Path(os.environ.get("CDM_SHOTS", ".cdm/shots"))


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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=ARGS)
        yield browser
        browser.close()


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
    """Keeps a screenshot of the whole page as a test artefact."""

    def keep(page: Any, name: str) -> Path:
        SHOTS.mkdir(parents=True, exist_ok=True)
        target = SHOTS / f"{name}.png"
        page.screenshot(path=str(target), full_page=True)
        return target

    return keep
