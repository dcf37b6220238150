"""axe-core over every page of every route, as somebody who may read it, without a server.

The browser's requests are answered by Django's test client, so that the pages are those of the
world. Every page is seen in one of four ways, phone or desktop, light or dark, in turn; with
`--full` in all four.
"""

from __future__ import annotations

import contextvars
from typing import Any

import pytest
from django.test import Client

from tests import axe
from tests.architecture.access_rows import answers, row
from tests.architecture.access_table import ACCESS
from tests.architecture.addresses import OTHERS, Addresses
from tests.architecture.test_every_page import reader, readers
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

HOST = "http://portal.test"
WAYS = [(390, "light"), (1440, "dark"), (390, "dark"), (1440, "light")]
NO_PAGE = {
    "api_docs", "schema", "healthz", "cover", "cover_wide", "robots", "sitemap", "sitemap_index",
}
"""No page of ours: Swagger's own, files, and the health page without a database."""


class Window:
    """A browser window whose requests a test client answers.

    Playwright calls back in a context of its own, which has its own connection to the database and
    knows no session of this test; so the client answers in the context of the test.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.client = Client()
        self.context = contextvars.copy_context()
        self.asked: dict[str, Any] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.page.route("**/*", self._answer)

    def shows_a_page(self, path: str) -> bool:
        """Whether the address answers with a page, and not with a file or a part of a page."""
        answer = self.client.get(path, follow=True)
        self.asked = {path: answer}
        return not answer.streaming and b"<html" in answer.content[:2000]

    def _answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(HOST)
        if path in self.files:  # the browser keeps no file that it is handed in this way
            route.fulfill(**self.files[path])
            return
        answer = self.asked.pop(path, None) or self.context.run(
            self.client.get, path, follow=True
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = {name: value for name, value in answer.items() if name != "Content-Length"}
        told = {"status": answer.status_code, "headers": headers, "body": body}
        if path.startswith("/static/"):
            self.files[path] = told
        route.fulfill(**told)

    def faults(self, path: str, way: tuple[int, str]) -> list[str]:
        """What axe finds there, seen that way, and whether the page is wider than its window."""
        width, scheme = way
        axe.turn(self.page, width, scheme)
        return [f"{path} {width} {scheme}: {each}" for each in axe.faults(self.page)]


def pages(world: World) -> dict[str, str]:
    """The routes that show a page to somebody, each with its path."""
    found = {}
    for route, path in Addresses(world).paths().items():
        ours = not route.startswith((*OTHERS, "api:")) and route not in NO_PAGE
        if ours and "200" in answers(ACCESS[row(route)][0]).values():
            found[route] = path
    return found


def test_no_page_of_any_route_has_a_violation(
    world: World, browser_page: Any, full: bool
) -> None:
    window, browsers = Window(browser_page()), readers(world)
    found = []
    for turn, (route, path) in enumerate(sorted(pages(world).items())):
        window.client = browsers.get(reader(route), browsers["participant"])
        if not window.shows_a_page(path):
            continue
        window.page.goto(HOST + path)
        for way in WAYS if full else WAYS[turn % 4:turn % 4 + 1]:
            found += [f"{route} {fault}" for fault in window.faults(path, way)]
    assert "\n".join(found) == ""
