"""Serial blocks, serial numbers and account numbers, against the published vectors."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.serials import (
    LARGEST_SERIAL,
    SerialBlock,
    SerialNumber,
    Unreadable,
    account_number,
    check_digits,
    is_account_number,
)
from tests.registry.ledger import sql

blocks = st.tuples(st.integers(1, 10**12), st.integers(1, 10**9)).map(
    lambda pair: SerialBlock.starting_at(*pair)
)


@pytest.mark.parametrize(
    ("code", "kind", "number", "digits", "whole"),
    [
        ("GB", 100, 12345, 10, "GB-100-12345-2-10"),
        ("UK", 100, 12345, 14, "UK-100-12345-2-14"),
        ("GB", 100, 1023, 69, "GB-100-1023-2-69"),
        ("GB", 230, 5, 12, "GB-230-5-2-12"),
        ("IN", 110, 1001, 79, "IN-110-1001-2-79"),
    ],
)
def test_check_digits_are_those_of_the_vectors(
    code: Any, kind: Any, number: Any, digits: Any, whole: Any
) -> None:
    assert check_digits(code, kind, number, 2) == digits
    assert account_number(code, kind, number, 2) == whole
    assert is_account_number(whole)


@given(number=st.integers(1, 99_999_999), at=st.integers(0, 40), by=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: Any, at: Any, by: Any) -> None:
    whole = account_number("KE", 121, number, 2)
    places = [i for i, sign in enumerate(whole) if sign.isdigit()]
    place = places[at % len(places)]
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert is_account_number(whole)
    assert not is_account_number(wrong)


def test_python_and_the_database_number_accounts_alike(db: None) -> None:
    for code, kind, number in [
        ("KE", 121, 1003),
        ("IN", 100, 99999999),
        ("ZW", 120, 1),
        (None, 230, 2),
    ]:
        ((made,),) = sql("SELECT registry_account_number(%s, %s, %s)", code, kind, number)
        assert made == account_number(code or "XC", kind, number, 2)


def test_fifty_taken_from_the_left_leave_the_rest() -> None:
    block = SerialBlock(1001, 26000)
    taken, kept = block.take(50)
    assert block.quantity == 25_000
    assert (taken, taken.quantity) == (SerialBlock(1001, 1050), 50)
    assert (kept, kept.quantity) == (SerialBlock(1051, 26000), 24_950)


def test_one_thousand_split_at_250_is_249_and_751() -> None:
    left, right = SerialBlock(1, 1000).split_at(250)
    assert (left, right) == (SerialBlock(1, 249), SerialBlock(250, 1000))
    assert left.quantity + right.quantity == 1000


@given(block=blocks, data=st.data())
def test_taking_loses_nothing_and_makes_nothing(block: Any, data: Any) -> None:
    quantity = data.draw(st.integers(1, block.quantity))
    taken, kept = block.take(quantity)
    assert taken.quantity == quantity
    assert taken.first == block.first
    if kept is None:
        assert taken == block
    else:
        assert kept.follows(taken)
        assert not kept.overlaps(taken)
        assert kept.last == block.last
        assert kept.quantity + taken.quantity == block.quantity


@given(block=blocks, data=st.data())
def test_taking_from_the_end_mirrors_it(block: Any, data: Any) -> None:
    quantity = data.draw(st.integers(1, block.quantity))
    taken, kept = block.take_last(quantity)
    assert taken.quantity == quantity
    assert taken.last == block.last
    if kept is not None:
        assert taken.follows(kept)
        assert kept.quantity + taken.quantity == block.quantity


@given(one=blocks, other=blocks)
def test_overlap_is_symmetric_and_means_a_common_serial(one: Any, other: Any) -> None:
    common = max(one.first, other.first) <= min(one.last, other.last)
    assert one.overlaps(other) == other.overlaps(one) == common
    assert not (one.overlaps(other) and (one.follows(other) or other.follows(one)))


@pytest.mark.parametrize(
    ("first", "last"),
    [(0, 5), (-1, 5), (5, 4), (1, LARGEST_SERIAL + 1), (1.0, 2), ("1", 2), (True, 2)],
)
def test_what_is_no_block_cannot_be_made(first: Any, last: Any) -> None:
    with pytest.raises(ValueError):
        SerialBlock(first, last)


@pytest.mark.parametrize("quantity", [0, -1, 26])
def test_more_or_less_than_there_is_cannot_be_taken(quantity: Any) -> None:
    with pytest.raises(ValueError):
        SerialBlock(1, 25).take(quantity)


@pytest.mark.parametrize("serial", [1, 26, 0])
def test_a_split_at_an_end_is_none(serial: Any) -> None:
    with pytest.raises(ValueError):
        SerialBlock(1, 25).split_at(serial)


def test_a_serial_knows_its_place() -> None:
    assert SerialBlock(104402001, 104402012).position(104402007) == 7


@pytest.mark.parametrize(
    "text",
    [
        "IN-5-1001-2-2-0-3335",
        "IN-5-1001-1050-2-2-0-3335",
        "CN-5-661227866-1-1-0-3052",
        "CN-5-1001-2-2-0-12",
        "BR-6-1-5-1-1-1-BR-2569",
        "RO-4-3319283423-3319454772-1-2-0-RO-1000080",
    ],
)
def test_a_number_prints_as_it_was_read(text: Any) -> None:
    assert str(SerialNumber.parse(text)) == text


def test_leading_zeros_spaces_and_small_letters_are_understood() -> None:
    number = SerialNumber.parse("  in-05-0001001-2-2-00-3335 ")
    assert str(number) == "IN-5-1001-2-2-0-3335"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("", "R106"), ("IN", "R106"), ("IN-5", "R106"), ("1001", "R106"),
        ("IND-5-1001-2-2-0-3335", "R106"), ("IN-5-1001-2-2-x-3335", "R106"),
        ("IN-5-A-2-2-0-3335", "R101"), ("IN-5-1001-1O50-2-2-0-3335", "R101"),
        ("IN-5-١٠٠١-2-2-0-3335", "R101"), ("IN-5--2-2-0-3335", "R101"),
        ("IN 5 1001 2 2 0 3335", "R102"), ("IN-5-1001 1050-2-2-0-3335", "R102"),
        ("IN-5-1050-1001-2-2-0-3335", "R103"), ("IN-5-0-2-2-0-3335", "R104"),
        ("IN-5-9999999999999999-2-2-0-3335", "R105"), ("IN-9-1001-2-2-0-3335", "R107"),
        ("IN-CER-1001-2-2-0-3335", "R107"), ("IN-5-1001-7-2-0-3335", "R108"),
        ("IN-5-1001-22-2-0-3335", "R108"), ("IN-5-1001-2-2-0-", "R109"),
        ("IN-5-1001-2-2-0-12345678", "R109"),
        ("IN-5-1-2-2-0-7 to KE-5-9-2-2-0-7", "R110"),
        ("IN-5-1-2-2-0-7 to IN-5-9-2-2-0-8", "R111"),
        ("IN-5-9-2-2-0-7 to IN-5-1-2-2-0-7", "R103"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_number_is_named(text: Any, check: Any) -> None:
    with pytest.raises(Unreadable) as refusal:
        SerialNumber.parse(text)
    assert refusal.value.check == check
    assert str(refusal.value).endswith(f"({check})")


def test_both_ends_as_the_reports_print_them_are_one_block() -> None:
    read = SerialNumber.parse("IN-5-1001-2-2-0-3335 to IN-5-26000-2-2-0-3335")
    assert (str(read), read.quantity) == ("IN-5-1001-26000-2-2-0-3335", 25_000)


@given(
    block=blocks,
    unit_type=st.sampled_from([5, 6, 7]),
    original=st.integers(1, 3),
    lulucf=st.integers(0, 7),
    number=st.integers(1, 9_999_999),
    party=st.sampled_from(["", "BR-"]),
)
def test_every_number_survives_printing_and_reading(
    block: Any, unit_type: Any, original: Any, lulucf: Any, number: Any, party: Any
) -> None:
    serial = SerialNumber("BR", unit_type, block, original, original, lulucf, f"{party}{number}")
    assert SerialNumber.parse(str(serial)) == serial
