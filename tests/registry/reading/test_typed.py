"""What people type when they look for units: read generously, refused with what is wrong."""

import pytest

from registry import typed
from registry.serials import SerialBlock
from registry.typed import Misread, Typed

ONE = SerialBlock(7, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KE-5-7-2-2-0-95001", Typed(ONE, "KE", 5, (2, 2), "95001")),
        (" ke-5-7-2-2-0-95001 ", Typed(ONE, "KE", 5, (2, 2), "95001")),
        ("KE 5 7 2 2 0 95001", Typed(ONE, "KE", 5, (2, 2), "95001")),
        ("KE–5–7–2–2–0–95001", Typed(ONE, "KE", 5, (2, 2), "95001")),
        ("KE-5-7-1-1-0-BR-2569", Typed(ONE, "KE", 5, (1, 1), "BR-2569")),
        ("KE-5-1-50-2-2-0-7", Typed(SerialBlock(1, 50), "KE", 5, (2, 2), "7")),
        ("KE-5-50-2-2-0-7", Typed(SerialBlock(50, 50), "KE", 5, (2, 2), "7")),
        ("KE-5-0007-2-2-0-95001", Typed(ONE, "KE", 5, (2, 2), "95001")),
        ("KE-5-7-2-2-0", Typed(ONE, "KE", 5, (2, 2))),
        ("KE-5-7-2-2", Typed(ONE, "KE", 5, (2, 2))),
        ("KE-5-1001-1050-2-2", Typed(SerialBlock(1001, 1050), "KE", 5, (2, 2))),
        ("KE-5-1-2-2-0-7 to KE-5-50-2-2-0-7", Typed(SerialBlock(1, 50), "KE", 5, (2, 2), "7")),
        ("KE-5-1-2-2-0-7 - KE-5-50-2-2-0-7", Typed(SerialBlock(1, 50), "KE", 5, (2, 2), "7")),
        ("KE-7", Typed(ONE, "KE")), ("ke 7", Typed(ONE, "KE")), ("KE7", Typed(ONE, "KE")),
        ("KE-5-1001", Typed(SerialBlock(1001, 1001), "KE", 5)),
        ("KE-5-1001-1050", Typed(SerialBlock(1001, 1050), "KE", 5)),
        ("KE-1001-1050", Typed(SerialBlock(1001, 1050), "KE")),
        ("1001 - 2210", Typed(SerialBlock(1001, 2210))), ("7", Typed(ONE)),
        ("104 402 007", Typed(SerialBlock(104402007, 104402007))),
        ("1,001", Typed(SerialBlock(1001, 1001))),
        ("999999999999999", Typed(SerialBlock(10**15 - 1, 10**15 - 1))),
    ],
)  # fmt: skip
def test_serials_are_read_as_people_write_them(text: str, expected: Typed) -> None:
    assert typed.serials(text) == expected


@pytest.mark.parametrize(
    ("text", "says", "instead"),
    [
        ("KE-5-1050-1001-2-2-0-3335", "1050 to 1001 runs backwards", "KE-1001-1050"),
        ("1050-1001", "1050 to 1001 runs backwards", "1001-1050"),
        ("KE-0", "begin at 1", ""), ("1" + "0" * 30, "at most 15 digits", ""),
        ("KE-5-" + "9" * 16 + "-2-2-0-7", "at most 15 digits", ""),
        ("RO-4-1-2-2-2-0-1", "Unit type 4", ""), ("KE-9-1-2-2-0-7", "Unit type 9", ""),
        ("KE-5-1-2-2-0-7 to UG-5-50-2-2-0-7", "different Parties", "KE-5-1-2-2-0-7"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_says_why_and_what_was_meant(
    text: str, says: str, instead: str
) -> None:
    with pytest.raises(Misread, match=says) as refusal:
        typed.serials(text)
    assert refusal.value.instead == instead


@pytest.mark.parametrize(
    "text", ["", "x", "Amina Otieno", "KE", "KE-", "-", "7-", "<b>7</b>", "٣", "½", "1.5", "1e3",
             "7QK2-M9XD-4RX", "' OR 1=1 --", "KEN-7"],
)  # fmt: skip
def test_other_texts_are_no_serials(text: str) -> None:
    assert typed.serials(text) is None
