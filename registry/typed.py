"""What people type when they look for units: whole numbers, parts of them, with or without spaces.

Pure. Read generously, but never silently: what cannot be meant is refused with what is wrong and,
where it can be told, with what was probably meant.
"""

import re
from dataclasses import dataclass

from registry.serials import LARGEST_SERIAL, PROJECT_NUMBER, UNIT_TYPES, SerialBlock

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−―", "-"))
GAP = re.compile(r"(?<=[0-9])[ ,\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
"""Between thousands, as figures are written."""

HEAD = (
    r"(?P<party>[A-Z]{2})-(?P<unit_type>[0-9]{1,2})-(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))??"
    r"-(?P<original_cp>[0-9])-(?P<applicable_cp>[0-9])"
)
WHOLE = re.compile(rf"{HEAD}-[0-9]{{1,3}}-(?P<project>{PROJECT_NUMBER.pattern})")
HALF = re.compile(rf"{HEAD}(?:-[0-9]{{1,3}})?")
"""The number without its last parts. A whole number is tried first: `KE-5-50-2-2-0-7` has one
serial, not fifty to two."""

SHORT = re.compile(
    r"(?:(?P<party>[A-Z]{2})-?)?(?:(?<=-)(?P<unit_type>[5-7])-(?=[0-9]))?"
    r"(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?"
)
BOTH_ENDS = re.compile(
    r"(?P<one>[A-Z]{2}-[0-9A-Z-]+) (?:(?:TO|UNTIL|-) )?(?P<two>[A-Z]{2}-[0-9A-Z-]+)"
)
REFERENCE = re.compile(r"(?P<kind>TX|CX)-[0-9]{4}-[0-9]{2}-[0-9]{2}-(?P<pk>[0-9]{1,18})")
ACCOUNT = re.compile(r"[A-Z]{2}-[0-9]{3}-[0-9]{1,8}-[0-9]-[0-9]{1,2}")


class Misread(ValueError):
    """It looks like serials but cannot be any; `instead` is what was probably meant."""

    def __init__(self, message: str, instead: str = "") -> None:
        super().__init__(message)
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Typed:
    """Serials as they were typed; what was not typed is empty. `project` only of whole numbers."""

    block: SerialBlock
    party: str = ""
    unit_type: int | None = None
    periods: tuple[int, int] | None = None
    project: str = ""


def plain(text: str) -> str:
    """The text in capitals, with plain hyphens, single spaces and no gaps between thousands."""
    return GAP.sub("", " ".join(text.translate(DASHES).upper().split()))


def serials(text: str) -> Typed | None:
    """The serials that a text names; None if it is no such text. Raises Misread."""
    asked = plain(text)
    if (both := BOTH_ENDS.fullmatch(asked)) is not None:
        return _from_to(both["one"], both["two"])
    joined = re.sub(r"[ -]+", "-", asked)
    match = WHOLE.fullmatch(joined) or HALF.fullmatch(joined) or SHORT.fullmatch(joined)
    return None if match is None else _typed(match.groupdict())


def _from_to(one: str, two: str) -> Typed | None:
    """`KE-5-1-2-2-0-7 to KE-5-50-2-2-0-7`: how the public reports print a block."""
    ends = serials(one), serials(two)
    if ends[0] is None or ends[1] is None:
        return None
    first, last = ends[0], ends[1]
    if (first.party, first.unit_type, first.project) != (last.party, last.unit_type, last.project):
        raise Misread("The two numbers are of different Parties, types or projects: that is no "
                      "block. Look for each of them alone.", one)  # fmt: skip
    block = _block(first.block.first, last.block.last, first.party)
    return Typed(block, first.party, first.unit_type, first.periods, first.project)


def _typed(said: dict[str, str | None]) -> Typed:
    party, project = said["party"] or "", said.get("project") or ""
    unit_type = int(said["unit_type"]) if said["unit_type"] else None
    if unit_type is not None and unit_type not in UNIT_TYPES:
        raise Misread(
            f"Unit type {unit_type} is not of the Clean Development Mechanism: 5 is a CER, 6 a "
            "tCER, 7 an lCER. Other units are in other registries."
        )
    for end in (said["first"], said["last"]):
        if end is not None and len(end.lstrip("0")) > len(str(LARGEST_SERIAL)):
            raise Misread(f"A serial has at most 15 digits; “{end[:20]}…” has {len(end)}.")
    first = int(said["first"] or 0)
    block = _block(first, int(said["last"] or first), party)
    cps = (said.get("original_cp"), said.get("applicable_cp"))
    periods = (int(cps[0]), int(cps[1])) if cps[0] and cps[1] else None
    return Typed(block, party, unit_type, periods, project)


def _block(first: int, last: int, party: str) -> SerialBlock:
    if first < 1:
        raise Misread("The serials of every Party begin at 1.")
    if last < first:
        head = f"{party}-" if party else ""
        raise Misread(
            f"{first} to {last} runs backwards: a block begins with its lowest serial.",
            f"{head}{last}-{first}",
        )
    return SerialBlock(first, last)
