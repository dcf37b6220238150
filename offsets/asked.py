"""What a program sends, read strictly. Pure.

A number is a whole number of JSON or a text of ASCII digits: no fraction, exponent, sign,
underscore or digit of another script. A field that is not known is refused, a price sent along
among them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

WHOLE = re.compile(r"[1-9][0-9]{0,17}")
LARGEST = 10**18 - 1
OFFER = re.compile(r"off_([1-9][0-9]{0,17})")
CARD = re.compile(r"[0-9]{12,19}")
MOST_LINES = 20


@dataclass(slots=True)
class Reading:
    """An object of a body, read field by field; `errors` collects what cannot be used, by path."""

    given: Mapping[str, Any]
    path: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)

    def at(self, name: str) -> str:
        """The path of a field: `lines.0.tonnes`."""
        return f"{self.path}{name}"

    def wrong(self, name: str, said: str) -> None:
        """Note what is wrong with a field."""
        self.errors.setdefault(self.at(name), []).append(said)

    def only(self, known: Collection[str]) -> None:
        """Refuse what is not known. A card's number is never wanted, and is not said again."""
        for name in self.given:
            if name in known:
                continue
            if CARD.fullmatch(re.sub(r"[ -]", "", str(self.given[name]))):
                self.wrong(name[:40], "Never send the number of a card: no field takes one.")
            else:
                self.wrong(name[:40], "There is no such field here.")

    def whole(self, name: str, words: str, most: int = LARGEST) -> int | None:
        """A whole number from 1 to `most`, a number or a text of digits."""
        value = self.given.get(name)
        if value is None:
            self.wrong(name, f"Say {words}, as a whole number.")
            return None
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not WHOLE.fullmatch(text) or int(text) > most:
            self.wrong(name, f"Say {words} as a whole number from 1 to {most}, in digits alone.")
            return None
        return int(text)

    def text(self, name: str, *, required: str = "", longest: int = 300) -> str:
        """A text; empty if it is left out. `required` says what to send."""
        value = self.given.get(name, "")
        if not isinstance(value, str):
            self.wrong(name, "This is a text.")
            return ""
        if required and not value.strip():
            self.wrong(name, required)
        if len(value) > longest:
            self.wrong(name, f"Use at most {longest} characters.")
        if "\0" in value:
            self.wrong(name, "The character NUL cannot be kept.")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false if it is left out."""
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            self.wrong(name, "This is true or false.")
            return False
        return value

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """One of a few words."""
        value = self.given.get(name, default)
        if value not in choices:
            self.wrong(name, f"This is one of {', '.join(choices)}.")
            return default
        return str(value)

    def inner(self, name: str) -> "Reading":
        """An object in the object, with the same list of errors."""
        value = self.given.get(name, {})
        if not isinstance(value, dict):
            self.wrong(name, "This is an object.")
            value = {}
        return Reading(value, f"{self.at(name)}.", self.errors)

    def lines(self) -> "list[Reading]":
        """The objects of the list `lines`."""
        value = self.given.get("lines")
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_LINES:
            self.wrong("lines", f"This is a list of 1 to {MOST_LINES} lines.")
            return []
        found = []
        for number, each in enumerate(value):
            path = f"{self.at('lines')}.{number}"
            if isinstance(each, dict):
                found.append(Reading(each, f"{path}.", self.errors))
            else:
                self.errors[path] = ["This is an object."]
        return found

    def offer(self) -> int | None:
        """The offer that a line names, as off_12."""
        value = self.given.get("offer")
        found = OFFER.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self.wrong("offer", "Name an offer by its id, such as off_12.")
            return None
        return int(found[1])
