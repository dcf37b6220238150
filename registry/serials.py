"""Serial numbers and account numbers of the registry: parse, print, split, check. Pure.

`SerialBlock` is the only place in Python that counts serials: both its ends belong to it, and
nobody else adds or subtracts one. The database counts for itself (registry/sql); the tests compare
the two.
"""

import re
from dataclasses import dataclass

LARGEST_SERIAL = 10**15 - 1
"""Serials have at most 15 digits (unverified, from the Kyoto data exchange sizes)."""

OWN_CODE = "XC"
"""Two letters in the numbers of the registry's own accounts.

The format wants a two-letter registry code and no source at hand gives one for the CDM registry.
ISO 3166-1 leaves XA to XZ to its users, so XC can never be taken for a Party (CD, the obvious
guess, is the Democratic Republic of the Congo, a host Party).
"""


@dataclass(frozen=True, slots=True, order=True)
class SerialBlock:
    """Consecutive serials from `first` to `last`, both included; never empty.

    Raises ValueError for anything else, so that a block that exists is right.
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        for end in (self.first, self.last):
            if isinstance(end, bool) or not isinstance(end, int):
                raise ValueError(f"a serial is a whole number, not {end!r}")
        if not 1 <= self.first <= self.last <= LARGEST_SERIAL:
            raise ValueError(f"{self.first} to {self.last} is not a block of serials")

    @classmethod
    def starting_at(cls, first: int, quantity: int) -> "SerialBlock":
        """The block of `quantity` units that begins at `first`."""
        return cls(first, first + quantity - 1)

    @property
    def quantity(self) -> int:
        """How many units it has, at least one."""
        return self.last - self.first + 1

    def contains(self, other: "int | SerialBlock") -> bool:
        """Whether a serial, or every serial of another block, lies inside."""
        if isinstance(other, SerialBlock):
            return self.first <= other.first and other.last <= self.last
        return self.first <= other <= self.last

    def overlaps(self, other: "SerialBlock") -> bool:
        """Whether the two share a serial."""
        return self.first <= other.last and other.first <= self.last

    def follows(self, other: "SerialBlock") -> bool:
        """Whether it begins with the serial after the other's last: no gap, no overlap."""
        return self.first == other.last + 1

    def position(self, serial: int) -> int:
        """Which of its units a serial is, counted from 1. Raises ValueError if it is not inside."""
        if not self.contains(serial):
            raise ValueError(f"{serial} is not in {self}")
        return serial - self.first + 1

    def split_at(self, serial: int) -> "tuple[SerialBlock, SerialBlock]":
        """Two blocks, of which the second begins at `serial`. Raises ValueError if one is empty."""
        if not self.first < serial <= self.last:
            raise ValueError(f"{self} cannot be split at {serial}")
        return SerialBlock(self.first, serial - 1), SerialBlock(serial, self.last)

    def take(self, quantity: int) -> "tuple[SerialBlock, SerialBlock | None]":
        """The lowest `quantity` units and what is left, if anything. Raises ValueError if fewer."""
        if not 1 <= quantity <= self.quantity:
            raise ValueError(f"{self} does not have {quantity} units")
        if quantity == self.quantity:
            return self, None
        return self.split_at(self.first + quantity)

    def take_last(self, quantity: int) -> "tuple[SerialBlock, SerialBlock | None]":
        """The highest `quantity` units (the share of proceeds) and what is left, if anything."""
        if quantity == self.quantity:
            return self, None
        kept, taken = self.split_at(self.last - quantity + 1)
        return taken, kept

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


UNIT_TYPES = {5: "CER", 6: "tCER", 7: "lCER"}
CER = next(code for code, name in UNIT_TYPES.items() if name == "CER")
"""Unit types that the CDM registry issues."""

PROJECT_NUMBER = re.compile(r"(?:[A-Z]{2}-)?[0-9]{1,7}")
"""A CDM reference number, or the Party's code and one (`BR-2569` occurs in published reports)."""

_SERIAL = re.compile(
    r"(?P<party>[A-Z]{2})-(?P<unit_type>[0-9]{1,2})-(?P<first>[0-9]{1,15})-(?:(?P<last>[0-9]{1,15})-)?"
    r"(?P<original_cp>[0-9])-(?P<applicable_cp>[0-9])-(?P<lulucf>[0-9]{1,3})-"
    rf"(?P<project_number>{PROJECT_NUMBER.pattern})"
)


@dataclass(frozen=True, slots=True)
class SerialNumber:
    """A unit, or a block of units alike but for their serials, with all that the number says.

    Printed `KE-5-1001-2-2-0-3335` for one unit and `KE-5-1001-1050-2-2-0-3335` for a block: the
    parts joined by hyphens, leading zeros not shown (layout unverified; elements from the data
    exchange standards).
    """

    party: str
    unit_type: int
    block: SerialBlock
    original_cp: int
    applicable_cp: int
    lulucf: int
    project_number: str

    def __str__(self) -> str:
        block = self.block
        serials = str(block.first) if block.quantity == 1 else str(block)
        return (
            f"{self.party}-{self.unit_type}-{serials}-{self.original_cp}-{self.applicable_cp}"
            f"-{self.lulucf}-{self.project_number}"
        )

    @property
    def quantity(self) -> int:
        """How many units the number names."""
        return self.block.quantity

    @property
    def unit(self) -> str:
        """CER, tCER or lCER."""
        return UNIT_TYPES.get(self.unit_type, "unit")

    @property
    def first(self) -> "SerialNumber":
        """The number of its first unit alone."""
        return self.narrowed(SerialBlock(self.block.first, self.block.first))

    @property
    def last(self) -> "SerialNumber":
        """The number of its last unit alone."""
        return self.narrowed(SerialBlock(self.block.last, self.block.last))

    def narrowed(self, block: SerialBlock) -> "SerialNumber":
        """The same kind of units, other serials."""
        return SerialNumber(
            self.party, self.unit_type, block, self.original_cp, self.applicable_cp,
            self.lulucf, self.project_number,
        )  # fmt: skip

    @classmethod
    def parse(cls, text: str) -> "SerialNumber":
        """Read a printed number, of one unit or of a block, or both ends of one joined by `to`.

        Raises Unreadable, with a sentence for a person and the code of a check, if it is none.
        """
        shown = text.strip().upper()
        if " TO " in shown:
            first, _, last = shown.partition(" TO ")
            return cls._spanning(cls.parse(first), cls.parse(last))
        match = _SERIAL.fullmatch(shown)
        if match is None:
            raise _unreadable(shown)
        if not 1 <= int(match["unit_type"]) <= 7:
            raise Unreadable("R107", f"There is no unit type {match['unit_type']}.")
        if max(match["original_cp"], match["applicable_cp"]) > "3":
            raise Unreadable("R108", "A commitment period is 0 to 3.")
        return cls(
            match["party"], int(match["unit_type"]), _block(match["first"], match["last"]),
            int(match["original_cp"]), int(match["applicable_cp"]), int(match["lulucf"]),
            match["project_number"],
        )  # fmt: skip

    @classmethod
    def _spanning(cls, start: "SerialNumber", end: "SerialNumber") -> "SerialNumber":
        if start.party != end.party:
            raise Unreadable("R110", f"{start} is of {start.party}, {end} is of {end.party}.")
        if end.narrowed(start.block) != start:
            raise Unreadable("R111", f"{start} and {end} differ in more than their serials.")
        return start.narrowed(_block(str(start.block.first), str(end.block.last)))


class Unreadable(ValueError):
    """A text that is no number; `check` is the code of the rule that it breaks."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(f"{message} ({check})")
        self.check = check
        self.said = message


EXAMPLES = "One looks like KE-5-1001-2-2-0-3335, a block like KE-5-1001-1050-2-2-0-3335."


def _block(first: str, last: str | None) -> SerialBlock:
    start, end = int(first), int(last or first)
    if start < 1:
        raise Unreadable("R104", "Serials begin at 1.")
    if end < start:
        raise Unreadable("R103", f"The block ends at {end}, before it begins at {start}.")
    return SerialBlock(start, end)


def _unreadable(shown: str) -> Unreadable:
    """What is wrong with a text that is not a serial number: the first mistake in it."""
    if re.search(r"\s", shown):
        return Unreadable("R102", f"A serial number has no spaces inside. {EXAMPLES}")
    parts = shown.split("-")
    own = 2 if len(parts) > 2 and re.fullmatch("[A-Z]{2}", parts[-2]) else 1
    project, rest = "-".join(parts[-own:]), parts[1:-own]
    if len(rest) not in (5, 6) or re.fullmatch("[A-Z]{2}", parts[0]) is None:
        return Unreadable("R106", f"This is not a serial number. {EXAMPLES}")
    return _wrong_serial(rest[1:-3]) or _wrong_kind(rest, project)


def _wrong_serial(serials: list[str]) -> Unreadable | None:
    for part in serials:
        if re.fullmatch("[0-9]+", part) is None:
            return Unreadable("R101", f"{part!r} is no serial: serials are written in digits.")
        if len(part) > 15:
            return Unreadable("R105", f"{part} has {len(part)} digits; a serial has at most 15.")
    return None


def _wrong_kind(rest: list[str], project: str) -> Unreadable:
    if re.fullmatch("[0-9]{1,2}", rest[0]) is None:
        return Unreadable("R107", f"{rest[0]!r} is no unit type.")
    if any(re.fullmatch("[0-9]", period) is None for period in rest[-3:-1]):
        return Unreadable("R108", "A commitment period is one digit.")
    if PROJECT_NUMBER.fullmatch(project) is None:
        return Unreadable("R109", f"{project!r} is no project number.")
    return Unreadable("R106", f"{rest[-1]!r} is no LULUCF code. {EXAMPLES}")


def check_digits(code: str, kind: int, number: int, period: int) -> int:
    """Two check digits over an account number: 98 − (N mod 97), ISO 7064 MOD 97-10.

    N is the number, the letters as 10 to 35, the three digits of the kind, the two of the period,
    and two zeros. Raises ValueError if the code is not two letters.
    """
    return 98 - _as_number(code, kind, number, period, "00") % 97


def account_number(code: str, kind: int, number: int, period: int) -> str:
    """`CC-TTT-N-P-DD`, as printed."""
    digits = check_digits(code, kind, number, period)
    return f"{code}-{kind:03}-{number}-{period}-{digits:02}"


def read_account_number(text: str) -> int:
    """The account that a printed number names: the number inside it, if its check digits are right.

    Raises Unreadable.
    """
    match = re.fullmatch(
        r"([A-Z]{2})-([0-9]{3})-([0-9]{1,8})-([0-9])-([0-9]{1,2})", text.strip().upper()
    )
    if match is None:
        raise Unreadable("R112", f"{text!r} is no account number. One looks like KE-121-1001-2-14.")
    code, kind, number, period, digits = match.groups()
    whole = _as_number(code, int(kind), int(number), int(period), f"{int(digits):02}")
    if whole % 97 != 1:
        raise Unreadable("R113", f"The check digits of {text} are wrong: is every digit right?")
    return int(number)


def is_account_number(text: str) -> bool:
    """Whether the text is an account number with the right check digits."""
    try:
        read_account_number(text)
    except Unreadable:
        return False
    return True


def _as_number(code: str, kind: int, number: int, period: int, digits: str) -> int:
    if re.fullmatch("[A-Z]{2}", code) is None:
        raise ValueError(f"a registry code is two letters, not {code!r}")
    letters = "".join(str(ord(letter) - ord("A") + 10) for letter in code)
    return int(f"{number}{letters}{kind:03}{period:02}{digits}")
