"""PDF papers: passed when they are whole, are nothing else besides, and do nothing when opened.

No PDF is rendered here. The names of a PDF's dictionaries tell what it can do; they stand in the
file itself, perhaps written with `#` escapes, or packed in object streams. Both are looked through.
An object stream that cannot be looked through is a reason to refuse.
"""

import re
import zlib
from collections.abc import Iterator

from cdm_portal.uploads import signatures
from cdm_portal.uploads.errors import Unacceptable

MEGABYTE = 1_000_000
MAX_UNPACKED_BYTES = 64 * MEGABYTE
MAX_OPENINGS = 20
MAX_STREAMS = 100_000
MAX_ESCAPED = 100_000
TAIL = 2_048
CHUNK = 64 * 1024
SNIFF = 256

PROMISES = {
    b"JavaScript": "It contains scripts.",
    b"Launch": "It starts another program.",
    b"EmbeddedFile": "It carries other files inside.",
    b"EmbeddedFiles": "It carries other files inside.",
    b"XFA": "It is an XFA form, which can run scripts.",
    b"Encrypt": "It is encrypted, so nobody can see what it does. Save it without a password.",
    b"RichMedia": "It contains multimedia.",
    b"Rendition": "It contains multimedia.",
    b"Movie": "It contains multimedia.",
    b"Sound": "It contains multimedia.",
    b"SubmitForm": "It sends what is typed to an address.",
    b"ImportData": "It reads other files.",
    b"GoToR": "It opens other files.",
    b"GoToE": "It carries other files inside.",
}
AGAIN = " Print it to PDF and upload that."

REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
ENDS = rb"(?!" + REGULAR + rb")"
PROMISE = re.compile(rb"/(" + b"|".join(sorted(PROMISES)) + rb")" + ENDS)
ESCAPED = re.compile(
    rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%#]{0,40}#[0-9A-Fa-f]{2}" + REGULAR + rb"{0,127})"
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
HEADER = re.compile(rb"%PDF-[12]\.[0-9][\r\n\t %]")
RENDERED = re.compile(
    rb"<(!doctype|html|script|svg|iframe|body|\?php)[\s>]", re.IGNORECASE
)
STREAM = re.compile(rb"(?<!end)stream[ \t]*\r?\n?")
PACKS = re.compile(
    rb"/ObjStm" + ENDS
    + rb"|/First[\s\x00]*\d[^>]{0,120}?/N[\s\x00]*\d"
    + rb"|/N[\s\x00]*\d[^>]{0,120}?/First[\s\x00]*\d"
)
OBJECTS = re.compile(
    rb"(?:[\s\x00]|%[^\r\n]*[\r\n])*(?:\d+[\s\x00]+\d+[\s\x00]+)+"
    rb"(?:(?:\d+[\s\x00]+)?(?:[<\[(/%]|true|false|null|\d*$)|[+.-])"
    rb"|[\s\x00]*%"
)
"""How an object stream begins: pairs of numbers, then an object, or with a comment. A page's
content goes on with an operator instead."""

OPENING = re.compile(rb"/OpenAction" + ENDS + rb"[\s\x00]*")
REFERENCE = re.compile(rb"(\d{1,10})[\s\x00]+\d{1,5}[\s\x00]+R")
GOTO = re.compile(rb"/S[\s\x00]*/GoTo" + ENDS)
OTHER_ACT = re.compile(rb"/(?:Next|URI|Named|Thread|Hide|SetOCGState|ResetForm|Trans)" + ENDS)


def check(data: bytes) -> None:
    """Pass, or raise Unacceptable for a PDF that is torn, is something else too, or can act."""
    if not HEADER.match(data):
        raise Unacceptable("The PDF does not begin as one; bytes before or in its first line.")
    _check_end(data)
    _check_tail(data)
    packed = list(_object_streams(data))
    for text in (data, *packed):
        _check_names(text)
    _check_opening([data, *packed])


def _check_end(data: bytes) -> None:
    end = data[-TAIL:].rstrip(b"\r\n\t \x00")
    if not end.endswith(b"%%EOF") or b"startxref" not in end:
        cut = b"%%EOF" not in end
        raise Unacceptable(
            "The PDF is cut off: its end is missing." if cut
            else "Bytes follow the end of the PDF: it may be another kind of file as well."
        )


def _check_tail(data: bytes) -> None:
    """Another reader than a PDF's must not find its own kind of file in here."""
    if b"PK\x05\x06" in data[-65_600:] and b"PK\x01\x02" in data:
        raise Unacceptable("The PDF is an archive as well.")
    if RENDERED.search(data[:1024]) or RENDERED.search(data[-TAIL:]):
        raise Unacceptable("The PDF is a web page as well.")
    if signatures.program(data[1:]):
        raise Unacceptable("The PDF is a program as well.")


def _unescaped(name: bytes) -> bytes:
    return ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name)


def _escaped_names(text: bytes) -> Iterator[bytes]:
    for count, found in enumerate(ESCAPED.finditer(text)):
        if count > MAX_ESCAPED:
            raise _too_long()
        yield _unescaped(found[1])


def _too_long() -> Unacceptable:
    return Unacceptable(f"The PDF has too many parts to be looked through.{AGAIN}")


def _check_names(text: bytes) -> None:
    plain = PROMISE.search(text)
    name = plain[1] if plain else next(
        (each for each in _escaped_names(text) if each in PROMISES), None
    )
    if name is not None:
        raise Unacceptable(f"This PDF is not accepted. {PROMISES[name]}{AGAIN}")


def _object_streams(data: bytes) -> Iterator[bytes]:
    """What the object streams unpack to. Raises Unacceptable for one that cannot be read."""
    view, left, before = memoryview(data), MAX_UNPACKED_BYTES, 0
    for count, found in enumerate(STREAM.finditer(data)):
        if count > MAX_STREAMS:
            raise _too_long()
        said = data[before : found.start()]
        before = found.end()
        packs = PACKS.search(said) is not None or b"ObjStm" in _escaped_names(said)
        begins = _first_bytes(view[before : before + 4_096])
        holds = OBJECTS.match(begins if begins is not None else data[before : before + SNIFF])
        if packs and not holds:
            raise Unacceptable(
                f"The PDF packs its objects in a way that is not read here.{AGAIN}"
            )
        if begins is not None and holds:
            text = _inflated(view[before:], left)
            left -= len(text)
            yield text


def _first_bytes(packed: memoryview) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(packed, SNIFF) or None
    except zlib.error:
        return None


def _inflated(packed: memoryview, most: int) -> bytes:
    stream, made, position = zlib.decompressobj(), bytearray(), 0
    pending = b""
    try:
        while not stream.eof and (pending or position < len(packed)):
            if not pending:
                pending = bytes(packed[position : position + CHUNK])
                position += CHUNK
            made += stream.decompress(pending, CHUNK)
            pending = stream.unconsumed_tail
            if len(made) > most:
                raise Unacceptable(
                    f"The PDF's objects unpack to more than {MAX_UNPACKED_BYTES // MEGABYTE} MB."
                )
    except zlib.error:
        return bytes(made)  # a reader would stop here as well
    return bytes(made)


def _check_opening(texts: list[bytes]) -> None:
    """What happens on opening may be going to a page of this paper, and nothing else."""
    seen = 0
    for text in texts:
        for escaped in _escaped_names(text):
            if escaped == b"OpenAction":
                raise _acts()
        for found in OPENING.finditer(text):
            seen += 1
            if seen > MAX_OPENINGS or not _goes_to_a_page(text[found.end() :][:1_000], texts):
                raise _acts()


def _acts() -> Unacceptable:
    return Unacceptable(f"This PDF is not accepted. It does something when it is opened.{AGAIN}")


def _goes_to_a_page(said: bytes, texts: list[bytes]) -> bool:
    reference = REFERENCE.match(said)
    if reference is None:
        return _is_a_place(said)
    defined = [each for text in texts for each in _definitions(text, reference[1])]
    return bool(defined) and all(_is_a_place(each) for each in defined)


def _is_a_place(said: bytes) -> bool:
    if said[:1] == b"[" or said[:4] == b"null":
        return True
    return said[:2] == b"<<" and bool(GOTO.search(said)) and not OTHER_ACT.search(
        said[: said.find(b"endobj")] if b"endobj" in said else said
    )


def _definitions(text: bytes, number: bytes) -> Iterator[bytes]:
    """Every object of that number: in the file itself, or in the index of an object stream."""
    for found in re.finditer(rb"(?<!\d)" + number + rb"[\s\x00]+\d+[\s\x00]+obj[\s\x00]*", text):
        yield text[found.end() : found.end() + 1_000]
    head = re.match(rb"(?:[\s\x00]*\d+[\s\x00]+\d+)+[\s\x00]*", text)
    if head is None:
        return
    numbers = head[0].replace(b"\0", b" ").split()
    for key, offset in zip(numbers[::2], numbers[1::2], strict=False):
        if key == number and len(offset) < 12:
            yield text[head.end() + int(offset) :][:1_000].lstrip()
