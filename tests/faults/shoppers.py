"""Visitors who buy over HTTP, and go on buying while parts of the portal die under them."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from uuid import uuid4

PATIENCE = 600.0
"""Seconds in which a visitor tries again what was not answered."""
NOTHING = ("sold out", "All are sold", "tonnes are left of this offer")
"""How a visitor reads that there is not as much as they want."""
EMAIL = "zerlina@quastel.example"
"""Of everybody: it may be left nowhere but on the orders."""
NOT_NOW = (0.1, 1.5)
"""Seconds before the next try, at first and at most."""
ENDS = {"Cancelled for good": "cancelled", "the money was given back": "refunded"}
"""What an order's page says to its buyer in the end."""
OVER = ('id="over">', "The time to pay is over</h2>")
"""How the checkout, and the page of an order that ran out of time, say that nothing is held."""


class Down(Exception):
    """No answer, or one that says that the portal cannot answer now."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was answered, after all redirections."""

    status: int
    path: str
    text: str


class Browser:
    """Cookies and forms, no script."""

    def __init__(self, port: int) -> None:
        self.home = f"http://127.0.0.1:{port}"
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str) -> Page:
        """Look at a page. Raises Down."""
        return self._asked(urllib.request.Request(self.home + path))

    def post(self, path: str, values: Mapping[str, str]) -> Page:
        """Send a form. Raises Down."""
        token = next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")
        sent = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token}).encode()
        return self._asked(urllib.request.Request(self.home + path, sent))

    def _asked(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=20) as answer:
                return _page(answer.status, answer.url, answer.read())
        except urllib.error.HTTPError as refused:
            if refused.code >= 500:
                raise Down(refused.code) from refused
            return _page(refused.code, refused.url, refused.read())
        except (OSError, http.client.HTTPException) as fault:
            raise Down(str(fault)) from fault


def _page(status: int, url: str, body: bytes) -> Page:
    return Page(status, urllib.parse.urlsplit(url).path, body.decode("utf-8", "replace"))


@dataclass
class Shopper:
    """One visitor who wants some tonnes of an offer: `said` tells how it ended."""

    port: int
    offer: int
    price_version: int
    tonnes: int
    name: str
    key: str = field(default_factory=lambda: str(uuid4()))
    order: str = ""
    said: str = ""
    unanswered: int = 0
    faults: int = 0
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.port)

    @property
    def code(self) -> str:
        """The code of their order; empty without one."""
        return self.order.split("/")[2] if self.order else ""

    def buy(self, *, button: str = "pay") -> str:
        """Order, pay, wait for the cancellation, from wherever they stand: `cancelled`, `refunded`,
        `none left`, `waits` (on the payment page, with the button `later`) or `gave up`.
        """
        self.said, deadline = "", time.monotonic() + PATIENCE
        pause, most = NOT_NOW
        while not self.said and time.monotonic() < deadline:
            try:
                self.said = self._next(button)
            except Down as down:
                self.unanswered += 1
                self.faults += down.args == (500,)
            if not self.said:
                time.sleep(pause)
                pause = min(pause * 1.3, most)
        self.said = self.said or "gave up"
        return self.said

    def _next(self, button: str) -> str:
        """One step further, from wherever the order stands."""
        if not self.order:
            return self._begin()
        page = self.browser.get(self.order)
        if told := next((said for words, said in ENDS.items() if words in page.text), ""):
            return told
        if any(words in page.text for words in OVER):
            return self._hold_again()
        if "agreed_total" in page.text:
            page = self.browser.post(self.order, {
                "agreed_total": _value(page.text, "agreed_total"), "provider": "sandbox",
                "whose": "mine", "name": self.name, "email": EMAIL, "reason": "",
                "reference": "",
            })
        elif way := re.search(r'href="(/pay/sandbox/[0-9a-f-]+/)"', page.text):
            page = self.browser.get(way[1])
        if page.path.startswith("/pay/sandbox/"):
            self.browser.post(page.path, {"button": button})
            return "waits" if button == "later" else ""
        return ""

    def _begin(self) -> str:
        if not any(True for _cookie in self.browser.cookies):
            self.browser.get(f"/orders/new/?offer={self.offer}&quantity={self.tonnes}")
        page = self.browser.post("/orders/new/", {
            "offer": str(self.offer), "price_version": str(self.price_version),
            "order_key": self.key, "quantity": str(self.tonnes),
        })
        if page.path != "/orders/new/":
            self.order = page.path
        elif any(said in page.text for said in NOTHING):
            return "none left"
        return ""

    def _hold_again(self) -> str:
        """Ask for the units anew; whoever is told that they are gone gives the order up."""
        page = self.browser.post(f"{self.order}hold/", {})
        if not any(said in page.text for said in NOTHING):
            return ""
        self.browser.post(f"{self.order}back/", {})
        return "none left"


def _value(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]
