"""The transcription of the permission matrix, read by the tests in their own way.

Nothing here asks the portal's table: the words of a cell are read into rights once more, so that a
cell changed in the portal alone is found, by its words and by its rights.
"""

from __future__ import annotations

import re
from pathlib import Path

COLUMNS = (
    "Public", "Buyer", "PP", "FP(a)", "FP(b)", "FP(c)", "DNA host", "DNA other", "DOE",
    "Secretariat", "RIT", "EB member", "EB Chair", "CMP", "Registry admin", "Auditor",
)
MEMBERS = {
    "Public": ("anonymous", "superuser"), "Buyer": ("buyer",), "PP": ("participant", "rival"),
    "FP(a)": ("participant", "rival"), "FP(b)": ("participant", "rival"),
    "FP(c)": ("participant", "rival"), "DNA host": ("dna", "foreign"),
    "DNA other": ("dna", "foreign"), "DOE": ("doe", "verifier", "stranger"),
    "Secretariat": ("secretariat",), "RIT": ("rit",), "EB member": ("board",),
    "EB Chair": ("board",), "CMP": (), "Registry admin": ("registry",), "Auditor": ("auditor",),
}
"""Who of the cast stands in a column: the superuser holds no role, so is nobody."""

DEPARTURES: dict[tuple[str, str], frozenset[str]] = {
    ("Monitoring data", "Public"): frozenset({"see"}),
    ("Buy, get certificate", "Public"): frozenset({"create"}),
    ("Buy, get certificate", "Registry admin"): frozenset(),
    ("SD co-benefit report", "DOE"): frozenset({"check"}),
    **{
        (row, column): frozenset({"read all"})
        for row in ("Validation findings (CAR/CL/FAR)", "Monitoring data")
        for column in ("RIT", "EB member", "EB Chair")
    },
}
"""Where the portal decided otherwise: a visitor buys by the order's code (decisions, 9); a registry
administrator begins no buyer's order (rule 4 of the separation of duties); the Team and the Board
read a case's findings and data from its request on; a DOE that is asked checks a co-benefit
report."""

LETTERS = {
    "R": "read all", "C": "create", "U": "update", "A": "approve or decide", "X": "execute",
}
WORDS = {
    "request": "request", "answer": "answer", "close": "close", "amend": "amend", "pay": "pay",
    "consent": "consent", "comment only": "comment", "moderate": "moderate", "checks": "check",
    "appraise": "appraise", "assess": "assess", "vote": "vote", "prepare": "prepare",
    "propose": "propose", "guidance": "guide", "designate": "designate",
    "publishes": "publish", "publish": "publish",
}
WHOLE = {
    "withdraw via DOE": {"request"}, "own holding account": {"create"}, "own": {"read"},
    "project": {"read"}, "Party totals": {"see"}, "aggregate only": {"see"},
}
READING = {"see", "read", "read all"}


def transcribed() -> dict[str, dict[str, str]]:
    """The words of every cell, by object and column."""
    text = (Path(__file__).parent / "permission_matrix.md").read_text()
    lines = [line.strip("|\n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    heads, *rows = [[part.strip() for part in line] for line in lines]
    assert tuple(heads[1:]) == COLUMNS
    return {
        row[0]: {column: said.strip("*") for column, said in zip(COLUMNS, row[1:], strict=True)}
        for row in rows
    }


def rights(said: str, public: str) -> set[str]:
    """The rights that the words of a cell give; `public` is what the row says of the public."""
    if said in WHOLE:
        return WHOLE[said]
    words = re.sub(r"\((?!publishes).*?\)|\[.*?\]", "", said)
    found = {right for letter, right in LETTERS.items() if re.search(rf"\b{letter}\b", words)}
    found |= {right for word, right in WORDS.items() if re.search(rf"\b{word}\b", words)}
    found |= {"withdraw"} if re.search(r"\bwithdraw\b", words) else set()
    if re.match(r"r\b", words):
        found.add("see" if public == "r" else "read")
    return found


def granted() -> dict[tuple[str, str], set[str]]:
    """The rights of every cell, the portal's decided departures included."""
    found = {}
    for row, cells in transcribed().items():
        for column, said in cells.items():
            read = rights(said, cells["Public"])
            found[row, column] = set(DEPARTURES.get((row, column), read))
    return found


def holds(cell: set[str], right: str) -> bool:
    """Whether a cell answers a question: who has a part in an object reads it."""
    if right == "see":
        return bool(cell)
    if right == "read":
        return bool(cell - {"see"})
    return right in cell


def members(cells: dict[tuple[str, str], set[str]], row: str, right: str) -> set[str]:
    """The members of the cast whose column holds a right; what the public sees, everybody sees."""
    found = {
        name for column in COLUMNS if holds(cells[row, column], right) for name in MEMBERS[column]
    }
    everybody = {name for names in MEMBERS.values() for name in names}
    return everybody if right == "see" and "anonymous" in found else found
