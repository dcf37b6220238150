"""The code on a certificate: typed by people from paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offsets import codes

FREE = st.text(alphabet=codes.ALPHABET, min_size=codes.FREE, max_size=codes.FREE)


@given(free=FREE)
def test_a_code_is_read_back_however_it_is_typed(free: str) -> None:
    code = free + codes.check_character(free)
    shown = codes.show(code)
    typed = [
        code, shown, shown.lower(), f"  {shown} ", " ".join(code),
        code.replace("0", "O").replace("1", "l"), code.replace("0", "o").replace("1", "I"),
    ]
    assert {codes.parse(text) for text in typed} == {code}


@given(free=FREE, place=st.integers(0, codes.FREE), other=st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_always_found(free: str, place: int, other: str) -> None:
    code = free + codes.check_character(free)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong == code:
        assert codes.parse(wrong) == code
        return
    with pytest.raises(codes.Mistyped, match="At least one character is wrong"):
        codes.parse(wrong)


def test_every_single_wrong_character_of_one_code_is_found() -> None:
    code = codes.new()
    wrong = {
        code[:place] + other + code[place + 1 :]
        for place in range(codes.LENGTH)
        for other in codes.ALPHABET
    } - {code}
    assert len(wrong) == 11 * 31
    for text in wrong:
        with pytest.raises(codes.Mistyped):
            codes.parse(text)


@given(free=FREE, first=st.integers(0, codes.FREE), second=st.integers(0, codes.FREE))
def test_two_swapped_characters_are_always_found(free: str, first: int, second: int) -> None:
    code = list(free + codes.check_character(free))
    swapped = code.copy()
    swapped[first], swapped[second] = swapped[second], swapped[first]
    if swapped != code:
        with pytest.raises(codes.Mistyped):
            codes.parse("".join(swapped))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "11 characters; this one has 0"),
        ("7QK2M9XD4", "11 characters; this one has 9"),
        ("7QK2-M9XD-4RU", "“U” is never part of a code"),
        ("7QK2/M9XD/4R0", "“/” is never part of a code"),
        ("７QK2M9XD4R0", "is never part of a code"),
    ],
)
def test_what_cannot_be_a_code_is_told_why(text: str, message: str) -> None:
    with pytest.raises(codes.Mistyped, match=message):
        codes.parse(text)


def test_codes_are_fresh() -> None:
    assert len({codes.new() for _ in range(500)}) == 500
