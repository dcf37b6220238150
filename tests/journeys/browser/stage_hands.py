"""Everybody's browser in the journey: signing in, filling forms, pressing buttons."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.chromium import moves


@dataclass
class Stage:
    """A portal at an address, and one browser page for each member of the cast."""

    base: str
    make_page: Callable[[], Any]
    sign_ins: Mapping[str, tuple[str, str]]
    shot: Callable[[Any, str], Any] | None = None
    pages: dict[str, Hands] = field(default_factory=dict)
    taken: int = 0

    def as_(self, who: str) -> Hands:
        """The page of somebody, signed in by the form the first time; "guest" never signs in."""
        if who not in self.pages:
            page = self.make_page()
            page.set_default_timeout(20_000)
            hands = Hands(self, page, who)
            self.pages[who] = hands
            if who != "guest":
                email, password = self.sign_ins[who]
                hands.go("/accounts/login/")
                hands.fill({"login": email, "password": password})
                hands.press("Sign in", scope="main")
        return self.pages[who]


@dataclass
class Hands:
    """What a person does with one page."""

    stage: Stage
    page: Any
    who: str

    def go(self, path: str) -> Hands:
        """Open an address of the portal; it must be there."""
        answer = self.page.goto(self.stage.base + path)
        assert answer.status == 200, f"{self.who} {path}: {answer.status}"
        return self

    def fill(self, values: Mapping[str, str | bool | list[str]], scope: str = "main") -> Hands:
        """Fill the controls of these names, whatever they are."""
        for name, value in values.items():
            controls = self.page.locator(
                f'{scope} :is([name="{name}"], [name$="-{name}"]):not([type="hidden"])'
            )
            assert controls.count(), f"{self.who} finds no “{name}” on {self.page.url}"
            first = controls.first
            tag = first.evaluate("e => e.tagName + ':' + (e.type || '')").lower()
            if tag.endswith(":radio"):
                self.page.locator(f'{scope} [name="{name}"][value="{value}"]').first.check()
            elif tag.endswith(":checkbox"):
                self._tick(scope, name, value)
            elif tag.startswith("select"):
                first.select_option(str(value))
            else:
                first.fill(str(value))
        return self

    def _tick(self, scope: str, name: str, value: str | bool | list[str]) -> None:
        if isinstance(value, list):
            for each in value:
                self.page.locator(f'{scope} [name="{name}"][value="{each}"]').first.check()
        else:
            self.page.locator(f'{scope} [name="{name}"]').first.check()

    def press(self, text: str, scope: str = "main", status: int = 200) -> Hands:
        """Press the button or follow the link of this text; the next page must be there."""
        target = self.page.locator(f"{scope} :is(button, a.btn, input[type=submit])").filter(
            has_text=text
        )
        assert target.count(), f"{self.who} sees no “{text}” on {self.page.url}: {self.buttons()}"
        with self.page.expect_navigation(wait_until="domcontentloaded") as moved:
            target.first.click()
        answer = moved.value
        assert answer.status == status, f"{self.who} pressed {text}: {answer.status}\n{self.text()}"
        return self

    def follow(self, link: Any) -> Hands:
        """Go where this link leads; the page has come at the end."""
        with moves(self.page):
            link.click()
        return self

    def submit(self, action: str = "", *, button: str = "", status: int = 200) -> Hands:
        """Send the form of the main part whose address ends so, by its (named) button."""
        form = f'main form[action$="{action}"]' if action else "main form"
        named = f'[value="{button}"]' if button else ":not([formaction])"
        target = self.page.locator(f"{form} :is(button, input[type=submit]){named}:visible")
        assert target.count(), f"{self.who} finds no form {action} on {self.page.url}"
        with self.page.expect_navigation(wait_until="domcontentloaded") as moved:
            target.last.click()
        answer = moved.value
        assert answer.status == status, f"{self.who} {action}: {answer.status}\n{self.text()}"
        return self

    def waits_for(self, word: str, *, seconds: int = 90) -> Hands:
        """Reloads until a word stands on the page: what a job of the worker brings."""
        deadline = time.monotonic() + seconds
        while word not in " ".join(self.text().split()):
            assert time.monotonic() < deadline, f"never “{word}”:\n{self.text()}"
            time.sleep(0.5)
            self.page.reload()
        return self

    def buttons(self) -> list[str]:
        """What can be pressed on the page."""
        return [
            " ".join(t.split())
            for t in self.page.locator("main :is(button, a.btn)").all_inner_texts()
        ]

    def text(self) -> str:
        """The words of the page's main part."""
        return str(self.page.locator("main").inner_text())

    def sees(self, *words: str) -> Hands:
        """Each of these words stands on the page."""
        shown = " ".join(self.text().split())
        for word in words:
            assert word in shown, f"{self.who} does not see “{word}” on {self.page.url}:\n{shown}"
        return self

    def keep(self, name: str) -> Hands:
        """A screenshot of the whole page, numbered in the order of the story."""
        self.stage.taken += 1
        if self.stage.shot:
            self.stage.shot(self.page, f"journey-{self.stage.taken:02}-{name}")
        return self
