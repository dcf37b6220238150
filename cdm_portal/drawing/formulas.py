"""Formulas of the house's notation as MathML, without a script, and in words for a screen reader.

The notation is that of `projects.methodologies`: symbols with what follows `_` as subscript, the
signs + − × · ÷ / ^ = and Σ, parentheses, functions such as `min(a, b)`, raised digits such as 10³.
× and ÷ bind from left to right, Σ takes the rest of its term. A text that is no formula is shown
word for word.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONG = 44
"""From so many characters on a formula may be wider than a phone: its box is reached by keyboard.
"""
DEEPEST = 40
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:[.,]\d+)?)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)"
    r"|(?P<name>(?!Σ)[^\W\d_][^\W_]*(?:_[^\W_]+)*)|(?P<sign>[-+−×·*÷/^=(),Σ]))"
)
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")
GREEK = {
    "alpha": "α",
    "beta": "β",
    "eta": "η",
    "phi": "φ",
    "rho": "ρ",
    "lambda": "λ",
    "sigma": "σ",
}
SAME = {"-": "−", "*": "×", "·": "×", "÷": "/"}
SAID = {"+": "plus", "−": "minus", "×": "times", "/": "divided by", "=": "equals"}


class NoFormula(ValueError):
    """The text is not of this notation."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a formula: its MathML, its words, and what it looks like without its brackets."""

    mathml: str
    words: str
    bare: str = ""

    @property
    def inside(self) -> str:
        """Its MathML, without brackets that a fraction or an exponent makes superfluous."""
        return self.bare or self.mathml


def mathml(text: str) -> SafeString:
    """The `<math>` element of a formula; `text` itself where it is none."""
    try:
        piece = _Reader(text).whole()
    except NoFormula:
        return mark_safe(f'<span class="formula">{escape(text)}</span>')  # noqa: S308 - escaped
    reach = ' tabindex="0"' if len(text) >= LONG else ""
    return mark_safe(  # noqa: S308 - every text in it was escaped when it was read
        f'<span class="formula"{reach} role="math" aria-label="{escape(piece.words)}">'
        f'<math display="inline" alttext="{escape(text)}" aria-hidden="true">'
        f"<mrow>{piece.mathml}</mrow></math></span>"
    )


def spoken(text: str) -> str:
    """The formula in words: "BE equals EG sub PJ times EF"; `text` itself where it is none."""
    try:
        return _Reader(text).whole().words
    except NoFormula:
        return text


def symbol(name: str) -> SafeString:
    """A single symbol as MathML, with its subscript."""
    return mathml(name)


class _Reader:
    """Reads a formula once, from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Piece:
        """The formula to its end. Raises NoFormula."""
        found = self._row(self._sum, "=")
        if self.at < len(self.tokens):
            raise NoFormula
        return found

    def _next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def _take(self, *signs: str) -> str:
        kind, text = self._next()
        if kind == "sign" and text in signs:
            self.at += 1
            return text
        return ""

    def _row(self, part: Callable[[], Piece], *signs: str) -> Piece:
        """Parts with one of the signs between them."""
        found = part()
        while sign := self._take(*signs):
            more = part()
            found = Piece(
                f"{found.mathml}<mo>{sign}</mo>{more.mathml}",
                f"{found.words} {SAID[sign]} {more.words}",
            )
        return found

    def _sum(self) -> Piece:
        return self._row(self._term, "+", "−")

    def _term(self) -> Piece:
        """A product; what stands before ÷ goes above the line, the factors before it stay."""
        before, last = [], self._factor()
        while sign := self._take("×", "/"):
            more = self._factor()
            if sign == "×":
                before.append(last)
                last = more
            else:
                last = Piece(
                    f"<mfrac><mrow>{last.inside}</mrow><mrow>{more.inside}</mrow></mfrac>",
                    f"{last.words} divided by {more.words}",
                )
        pieces = [*before, last]
        if len(pieces) == 1:
            return last
        return Piece(
            "<mo>×</mo>".join(each.mathml for each in pieces),
            " times ".join(each.words for each in pieces),
        )

    def _factor(self) -> Piece:
        if self._take("−"):
            more = self._factor()
            return Piece(f"<mo>−</mo>{more.mathml}", f"minus {more.words}")
        found = self._base()
        kind, text = self._next()
        if kind == "raised":
            self.at += 1
            digits = text.translate(RAISED)
            return _power(found, Piece(f"<mn>{digits}</mn>", digits))
        return _power(found, self._factor()) if self._take("^") else found

    def _base(self) -> Piece:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoFormula
        try:
            return self._single()
        finally:
            self.depth -= 1

    def _single(self) -> Piece:
        kind, text = self._next()
        self.at += 1
        if kind == "number":
            return Piece(f"<mn>{text}</mn>", text)
        if kind == "name":
            return self._call(text) if self._take("(") else _name(text)
        if text == "(":
            inside = self._sum()
            self._close()
            return Piece(_bracketed(inside.mathml), f"open {inside.words} close", inside.mathml)
        if text == "Σ":
            summed = self._term()
            return Piece(f"<mo>∑</mo>{summed.mathml}", f"the sum of {summed.words}")
        raise NoFormula

    def _call(self, function: str) -> Piece:
        parts = [self._sum()]
        while self._take(","):
            parts.append(self._sum())
        self._close()
        among = "<mo>,</mo>".join(each.mathml for each in parts)
        return Piece(
            f"<mi>{escape(function)}</mi>{_bracketed(among)}",
            f"{function} of {' and '.join(each.words for each in parts)}",
        )

    def _close(self) -> None:
        if not self._take(")"):
            raise NoFormula


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        matched = TOKEN.match(text, at)
        if matched is None or matched.lastgroup is None:
            raise NoFormula
        kind = matched.lastgroup
        said = matched[kind]
        found.append((kind, SAME.get(said, said)))
        at = matched.end()
    return found


def _bracketed(inside: str) -> str:
    return f'<mrow><mo fence="true">(</mo>{inside}<mo fence="true">)</mo></mrow>'


def _power(base: Piece, exponent: Piece) -> Piece:
    return Piece(
        f"<msup><mrow>{base.mathml}</mrow><mrow>{exponent.inside}</mrow></msup>",
        f"{base.words} to the power of {exponent.words}",
    )


def _name(text: str) -> Piece:
    head, *below = text.split("_")
    shown = f'<mi mathvariant="normal">{escape(GREEK.get(head, head))}</mi>'
    if not below:
        return Piece(shown, head)
    under = escape(", ".join(GREEK.get(each, each) for each in below))
    return Piece(f"<msub>{shown}<mtext>{under}</mtext></msub>", f"{head} sub {' '.join(below)}")
