"""Passages of a document that findings are about: where they stand, between what has changed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from projects.participant.changes import Piece

Row = dict[str, Any]
Mark = Mapping[str, str]
Span = tuple[int, int, Mark]


def highlighted(row: Row, quotes: Sequence[tuple[str, Mark]]) -> Row:
    """A row of a sheet with `pieces` of which those of a quoted passage carry its `mark`.

    What was deleted since the other version stands between, unmarked. A passage that has gone from
    the text is marked at its section alone.
    """
    pieces = row.get("pieces") or [Piece("same", _said(row))]
    text = "".join(piece.text for piece in pieces if piece.kind != "del")
    spans = _spans(text, quotes)
    if not spans or row.get("state") == "removed":
        return row
    return row | {
        "pieces": list(_cut(pieces, spans)), "quoted": True,
        "sources": row.get("sources") or [Piece("same", row["source"])],
    }


def _said(row: Row) -> str:
    return f"{row['value']} {row['unit']}".strip()


def _spans(text: str, quotes: Sequence[tuple[str, Mark]]) -> list[Span]:
    """Where each passage first stands, in order; of two that overlap, the first has its place."""
    found: list[Span] = []
    for passage, mark in quotes:
        pattern = r"\s+".join(re.escape(word) for word in passage.split())
        if place := re.search(pattern, text):
            found.append((place.start(), place.end(), mark))
    found.sort(key=lambda span: span[:2])
    kept: list[Span] = []
    for span in found:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _cut(pieces: Sequence[Piece], spans: Sequence[Span]) -> Iterator[Row]:
    """The pieces, cut where a passage begins and ends; `last` says where its number stands."""
    at = 0
    edges = sorted({edge for low, high, _ in spans for edge in (low, high)})
    for piece in pieces:
        if piece.kind == "del":
            yield {"kind": piece.kind, "text": piece.text}
            continue
        end = at + len(piece.text)
        cuts = [at, *(edge for edge in edges if at < edge < end), end]
        for low, high in pairwise(cuts):
            held = next((span for span in spans if span[0] <= low < span[1]), None)
            yield {
                "kind": piece.kind, "text": piece.text[low - at:high - at],
                "mark": held[2] if held else None, "last": bool(held and high == held[1]),
            }
        at = end
