"""What was typed, read strictly: ASCII digits and a point, nothing that could be misunderstood."""

import re
from collections.abc import Mapping
from decimal import Decimal

from offsets.footprint.questions import Asked, Kind, Sheet

NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
LONG = re.compile(r"[0-9]{10,}(\.[0-9]*)?")
NEGATIVE = re.compile(r"[-\u2212][0-9.,]+")
WHOLE = re.compile(r"[0-9]{1,7}")
MOST_PEOPLE = 1_000_000
LONGEST = 40

Answer = Decimal | str
Answers = Mapping[str, Answer]


class Unreadable(ValueError):
    """What was typed cannot be used; the text says what to type."""


def answer(asked: Asked, typed: str) -> Answer | None:
    """One answer; None for an empty one. Raises Unreadable."""
    text = typed.strip()
    if not text:
        return None
    if asked.question.kind is Kind.CHOICE:
        return _choice(asked, text)
    if asked.question.kind is Kind.COUNT:
        return _count(text)
    return _amount(text)


def _choice(asked: Asked, text: str) -> str:
    values = [value for value, _words, _factor in asked.options]
    if text not in values:
        raise Unreadable(f"Choose one of: {', '.join(values)}.")
    return text


def _count(text: str) -> Decimal:
    if not WHOLE.fullmatch(text):
        raise Unreadable("Enter a whole number with the digits 0 to 9, like 4.")
    number = int(text)
    if not 1 <= number <= MOST_PEOPLE:
        raise Unreadable("Enter a whole number from 1 to 1000000.")
    return Decimal(number)


def _amount(text: str) -> Decimal:
    if NUMBER.fullmatch(text):
        return Decimal(text)
    if len(text) <= LONGEST and NEGATIVE.fullmatch(text):
        raise Unreadable("Enter 0 or more.")
    if LONG.fullmatch(text):
        raise Unreadable("Enter less than 1000000000.")
    if "," in text:
        raise Unreadable(
            "Write decimals behind a point and thousands without a comma, like 1200.5."
        )
    raise Unreadable("Enter a number with the digits 0 to 9, like 1200 or 12.5.")


def read(sheet: Sheet, typed: Mapping[str, str]) -> tuple[dict[str, Answer], dict[str, str]]:
    """All answers, and what is wrong with the others, both by the question's name."""
    answers: dict[str, Answer] = {}
    errors: dict[str, str] = {}
    for each in sheet.asked:
        try:
            found = answer(each, typed.get(each.name, ""))
        except Unreadable as fault:
            errors[each.name] = str(fault)
            continue
        if found is not None:
            answers[each.name] = found
    return answers, errors
