"""What changed between two versions of a design document: section by section, field by field.

Texts are compared word by word, everything else as a whole; parameters, figures by year and files
are rows of their own, so that a table is compared row by row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from projects.participant import sheets
from projects.participant.models import DesignVersion
from projects.participant.sections import SECTIONS

MOST_WORDS = 2_000
"""Beyond this many words in one of two texts, they are compared line by line."""

WORDS = re.compile(r"\S+\s*|\s+")
LINES = re.compile(r"[^\n]*\n|[^\n]+")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `kind` is "same", "ins" (only in the later) or "del" (in the earlier)."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The later text with what was put in and what was taken out, in reading order."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = LINES.findall(before), LINES.findall(after)
    return list(_pieces(old, new))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, low, high, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(new[start:end]))
            continue
        if low < high:
            yield Piece("del", "".join(old[low:high]))
        if start < end:
            yield Piece("ins", "".join(new[start:end]))


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Two frozen documents ({content, calculation}) compared: {key, label, changed, rows}.

    A row is that of `sheets.document` with `state` ("same", "changed", "added", "removed") and
    `pieces` of its value and of its source; a removed row stands where it stood.
    """
    was, now = _sections(before), _sections(after)
    labels = {section.key: section.label for section in SECTIONS} | {
        "calculation": "Reductions by year"
    }
    found = []
    for key, label in labels.items():
        rows = list(_rows(was.get(key, []), now.get(key, [])))
        changed = sum(1 for row in rows if row["state"] != "same")
        found.append({"key": key, "label": label, "changed": changed, "rows": rows})
    return found


def _sections(frozen: Mapping[str, Any]) -> dict[str, list[Row]]:
    content = frozen["content"]
    found = {each["key"]: each["rows"] for each in sheets.document(content)}
    return found | {
        "attachments": sheets.file_rows(content),
        "calculation": sheets.year_rows(frozen["calculation"]),
    }


def _name(row: Row) -> str:
    """What makes a row the same row in two versions: its field, parameter, year or file."""
    return str(row.get("name") or row["symbol"] or row["label"])


def _rows(was: Sequence[Row], now: Sequence[Row]) -> Iterator[Row]:
    """The rows of both in one order, those taken out after the row that they followed."""
    old, new = {_name(row): row for row in was}, {_name(row): row for row in now}
    order = SequenceMatcher(None, list(old), list(new), autojunk=False)
    for _, low, high, start, end in order.get_opcodes():
        for name in list(old)[low:high]:
            if name not in new:
                yield _compared(old[name], None)
        for name in list(new)[start:end]:
            yield _compared(old.get(name), new[name])


def _compared(was: Row | None, now: Row | None) -> Row:
    row = now or was or {}
    old, new = (_said(each) if each else "" for each in (was, now))
    sources = [each["source"] if each else "" for each in (was, now)]
    if was is None or now is None:
        state = "added" if was is None else "removed"
    else:
        state = "same" if old == new and sources[0] == sources[1] else "changed"
    return row | {
        "state": state, "pieces": pieces(old, new), "sources": pieces(*sources),
    }


def _said(row: Row) -> str:
    return f"{row['value']} {row['unit']}".strip()


def chosen(
    version: DesignVersion, others: Sequence[DesignVersion], wanted: str, *, since: int = 0
) -> DesignVersion | None:
    """The version to compare with: the one asked for by number, else `since`, else the one before.

    None where there is none, or where "none" is asked for.
    """
    known = {str(each.number): each for each in others if each.number != version.number}
    if wanted == "none":
        return None
    if wanted in known:
        return known[wanted]
    earlier = [each for each in known.values() if each.number < version.number]
    return known.get(str(since)) or max(earlier, key=lambda each: each.number, default=None)


def shown(
    version: DesignVersion, others: Sequence[DesignVersion], wanted: str, *, since: int = 0
) -> Row:
    """A version for its page, as changed from another: sections, what is compared, the choices."""
    before = chosen(version, others, wanted, since=since)
    parts = between(frozen(before), frozen(version)) if before else [
        each | {"changed": 0} for each in sheets.document(version.content)
    ]
    return {
        "before": before,
        "sections": [each for each in parts if each["rows"] and each["key"] != "calculation"],
        "figures": next((each for each in parts if each["key"] == "calculation"), None),
        "changed": [each for each in parts if each["changed"]],
        "others": [each for each in others if each.number != version.number],
    }


def frozen(version: DesignVersion) -> dict[str, Any]:
    """The two parts of a frozen version that are compared."""
    return {"content": version.content, "calculation": version.calculation}
