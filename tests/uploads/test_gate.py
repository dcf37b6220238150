"""The gate for files from outside: the hostile corpus is refused with its reason, the rest passes.

Nothing here is timed: what a file costs is counted, in bytes unpacked and bytes held.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdm_portal.uploads import kinds, markup, names, pdfs, serving, workbooks, zips
from cdm_portal.uploads.errors import Unacceptable
from tests.uploads.corpus import FORMULAS, HOSTILE, LEGITIMATE, MEGABYTE
from tests.uploads.files import SHEET, kml, object_stream, pdf, png, repacked, workbook

LIMIT = 20
HELD = 12 * MEGABYTE
"""What the gate may hold besides the file: pieces, an index, one text of an element."""


REACHING = {
    "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "open",
}
reached: list[str] = []
watching = [False]


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if watching[0] and event in REACHING and not str(arguments[0]).endswith((".py", ".pyc")):
        reached.append(f"{event} {arguments[0]}")


sys.addaudithook(_heard)


def asked(name: str, data: bytes) -> str:
    """The gate's answer; it opens no connection and no file, and starts no program meanwhile."""
    watching[0] = True
    try:
        return kinds.media_type(name, data, most_mb=LIMIT)
    finally:
        watching[0] = False
        assert reached == []


def test_the_watch_over_the_gate_hears() -> None:
    watching[0] = True
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", 9))
    Path("/dev/null").read_bytes()
    watching[0] = False
    assert {each.split()[0] for each in reached} >= {"socket.connect", "open"}
    reached.clear()


def test_every_hostile_file_is_refused_with_its_reason() -> None:
    wrong = []
    for what, name, make, words in HOSTILE:
        try:
            asked(name, make())
            wrong.append(f"{what}: taken")
        except Unacceptable as refusal:
            if words not in refusal.reason or refusal.errors != {"file": [refusal.reason]}:
                wrong.append(f"{what}: {refusal.reason}")
    print(f"\nhostile files refused: {len(HOSTILE)}; legitimate files taken: {len(LEGITIMATE)}")
    assert wrong == []
    assert len(HOSTILE) == len({what for what, *_ in HOSTILE}) >= 40


def test_every_file_in_order_passes() -> None:
    taken = {what: asked(name, make()) for what, name, make, _ in LEGITIMATE}
    assert taken == {what: media_type for what, _, _, media_type in LEGITIMATE}


def test_what_a_spreadsheet_would_run_is_kept_as_it_came() -> None:
    assert asked("cells.csv", FORMULAS) == "text/csv"


def test_the_reason_stands_beside_the_box_it_came_from() -> None:
    with pytest.raises(Unacceptable) as refused:
        kinds.media_type("a.exe", b"MZ", most_mb=LIMIT, field="evidence")
    assert list(refused.value.errors) == ["evidence"]


def test_a_file_above_the_limit_is_not_looked_into() -> None:
    with pytest.raises(Unacceptable, match=r"20\.0 MB; at most 20 MB|at most 20 MB"):
        asked("a.exe", bytes(20 * MEGABYTE + 1))


def bombs() -> dict[str, tuple[str, bytes]]:
    """Small files that unpack to a lot, or make a careless reader hold a lot."""
    tag = b"<worksheet a='" + b"x" * 60 * MEGABYTE + b"'/>"
    text = b"<worksheet><f>" + b"x" * 60 * MEGABYTE + b"</f></worksheet>"
    noise = os.urandom(700_000)  # so that the whole stays below a hundred times its size
    return {
        "a tag": ("a.xlsx", repacked({SHEET: tag, "xl/media/n.png": noise})),
        "a formula": ("a.xlsx", repacked({SHEET: text, "xl/media/n.png": noise})),
        "zeros": ("a.xlsx", repacked({"xl/junk.bin": bytes(100 * MEGABYTE)})),
        "a comment": ("a.kml", kml(b"<!--" + b"x" * 15 * MEGABYTE + b"-->")),
        "a text": ("a.kml", kml(b"<description>" + b"x" * 15 * MEGABYTE + b"</description>")),
        "a picture": ("a.png", png(50_000, 50_000)),
    }


def test_no_bomb_makes_the_gate_hold_more_than_a_few_megabytes() -> None:
    held = {}
    for what, (name, data) in bombs().items():
        tracemalloc.start()
        with pytest.raises(Unacceptable):
            asked(name, data)
        held[what] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    print("\n" + "; ".join(f"{what} {peak / MEGABYTE:.1f} MB" for what, peak in held.items()))
    assert {what: peak for what, peak in held.items() if peak > HELD} == {}


def test_what_the_index_states_is_refused_before_a_byte_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unpacked: list[int] = []
    ours = zips.unpack

    def counted(*given: object) -> Iterator[bytes]:
        for piece in ours(*given):  # type: ignore[arg-type]
            unpacked.append(len(piece))
            yield piece

    monkeypatch.setattr(zips, "unpack", counted)
    with pytest.raises(Unacceptable, match="100 times"):
        workbooks.check(repacked({"xl/junk.bin": bytes(30 * MEGABYTE)}))
    assert unpacked == []
    workbooks.check(workbook())
    assert 0 < sum(unpacked) < MEGABYTE


def test_a_part_is_unpacked_in_pieces_and_no_further_than_stated() -> None:
    content = repacked({"xl/junk.bin": bytes(MEGABYTE)})
    (part,) = [each for each in zips.index(content, most=99) if each.name == "xl/junk.bin"]
    begins = zips.data_of(content, zips.index(content, most=99))[part.name]
    assert max(map(len, zips.unpack(content, part, begins))) <= zips.CHUNK
    short = zips.Part(part.name, part.flags, part.method, part.crc, part.packed, 10, part.offset, 0)
    with pytest.raises(zips.Hostile):
        next(zips.unpack(content, short, begins))


def test_the_objects_of_a_pdf_are_unpacked_up_to_one_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs, "MAX_UNPACKED_BYTES", 3_000_000)
    packed = [object_stream(b"<< /A (" + b" " * MEGABYTE + b") >>") for _ in range(2)]
    assert asked("a.pdf", pdf(*packed)) == "application/pdf"
    with pytest.raises(Unacceptable, match="unpack to more than"):
        asked("a.pdf", pdf(*packed, *packed))


def test_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_ELEMENTS", 100)
    with pytest.raises(Unacceptable):
        asked("a.kml", kml(b"<x/>" * 200))


@pytest.mark.parametrize(("stored", "served"), [
    ("permit.pdf", "permit.pdf"), ("../../x.pdf", "x.pdf"), ("c:\\a\\b.pdf", "b.pdf"),
    ("a\u202efdp.exe", "a_fdp.exe_.pdf"), ("con.pdf", "_con.pdf"), ("a\r\nX: y.pdf", "a__X_ y.pdf"),
    ('a"; filename=x.exe', "a__ filename=x.exe_.pdf"), ("x" * 300, "x" * 120 + ".pdf"),
    ("", "document.pdf"), (" . ", "document.pdf"),
])  # fmt: skip
def test_a_name_leaves_harmless_whatever_was_stored(stored: str, served: str) -> None:
    assert names.harmless(stored, ".pdf") == served


def test_a_download_names_the_file_in_both_forms() -> None:
    assert serving.disposition("Gutachten für Łódź.pdf", "application/pdf") == (
        'attachment; filename="Gutachten f_r __d_.pdf"; '
        "filename*=UTF-8''Gutachten%20f%C3%BCr%20%C5%81%C3%B3d%C5%BA.pdf"
    )


def test_an_unknown_media_type_leaves_as_bytes() -> None:
    given = serving.headers("x.html", "text/html", private=True)
    assert given["Content-Type"] == "application/octet-stream"
    assert given["Content-Disposition"].startswith('attachment; filename="x.html_"')
