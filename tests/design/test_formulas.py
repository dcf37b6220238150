"""Formulas as MathML: what is written is what is read, in signs and in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from cdm_portal.drawing import formulas

DECAY = "C_food = Σ W × e^(−k_food × (y − x)) × DOC_food × (1 − e^(−k_food))"
"""As TOOL04 writes it, with every sign of the notation but the fraction."""


def drawn(text: str) -> ElementTree.Element:
    """The element, which has to be well formed."""
    return ElementTree.fromstring(formulas.mathml(text))


def seen(text: str) -> str:
    return "".join(drawn(text).itertext())


def test_subscripts_stand_below_and_the_words_are_those_of_the_formula() -> None:
    box = drawn("EG_PJ = EG_export − EG_import")
    below = [each.text for each in box.iter("mtext")]
    assert below == ["PJ", "export", "import"]
    assert box.get("role") == "math"
    assert box.get("aria-label") == "EG sub PJ equals EG sub export minus EG sub import"


def test_only_the_factor_before_the_stroke_is_above_the_line() -> None:
    (fraction,) = drawn("BE = GWP × M_N2O / M_N2 × (E_D + E_ID)").iter("mfrac")
    over, under = ("".join(part.itertext()) for part in fraction)
    assert (over, under) == ("MN2O", "MN2")


def test_brackets_around_a_whole_numerator_are_the_line_itself() -> None:
    (fraction,) = drawn("PD = (Cap_PJ − Cap_BL) ÷ (A_PJ − A_BL)").iter("mfrac")
    assert ["".join(part.itertext()) for part in fraction] == ["CapPJ−CapBL", "APJ−ABL"]


def test_a_sum_with_exponents_is_read_whole() -> None:
    assert seen(DECAY) == "Cfood=∑W×e−kfood×(y−x)×DOCfood×(1−e−kfood)"
    assert len(list(drawn(DECAY).iter("msup"))) == 2
    assert "the sum of W times e to the power of open minus k sub food" in formulas.spoken(DECAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("QPW_c = min(QPW, q_max × N)", "QPW sub c equals min of QPW and q sub max times N"),
        ("X = E / 10³", "X equals E divided by 10 to the power of 3"),
        ("eta = a / b / c", "eta equals a divided by b divided by c"),
    ],
)
def test_functions_powers_and_chains_are_said(text: str, said: str) -> None:
    assert formulas.spoken(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "EF_grid_CM as published",
        "a +",
        "(a",
        "a ? b",
        "",
        "<script>alert(1)</script>",
        "(" * 500 + "a" + ")" * 500,
        "=",
    ],
)
def test_what_is_no_formula_is_shown_word_for_word_and_harmless(text: str) -> None:
    assert seen(text) == text
    assert "<script" not in formulas.mathml(text)
    assert formulas.spoken(text) == text


def test_long_formulas_are_reached_by_keyboard() -> None:
    assert 'tabindex="0"' in formulas.mathml(DECAY)
    assert "tabindex" not in formulas.mathml("LE = 0")
    assert not re.search(r"<script|style=|on\w+=", formulas.mathml(DECAY))
