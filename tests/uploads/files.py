"""Files made by hand, byte by byte: whole ones, and the same with something wrong in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import openpyxl

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def pdf(*more: bytes, catalog: bytes = CATALOG, trailer: bytes = b"") -> bytes:
    """A whole one-page PDF with a table of references; `more` objects are numbered from 4."""
    made, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate([catalog, PAGES, PAGE, *more], start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, count = len(made), len(offsets) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % count
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (count, trailer)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, said: bytes = b"", *, packed: bool = True) -> bytes:
    """A stream object's body, deflated unless told otherwise."""
    kept = zlib.compress(data) if packed else data
    filtered = b"/Filter /FlateDecode " if packed else b""
    return b"<< /Length %d %s%s >>\nstream\n" % (len(kept), filtered, said) + kept + b"\nendstream"


def object_stream(*bodies: bytes, said: bytes = b"/Type /ObjStm") -> bytes:
    """An object stream that holds objects numbered from 20."""
    head, text = b"", b""
    for number, body in enumerate(bodies, start=20):
        head += b"%d %d " % (number, len(text))
        text += body + b" "
    told = said + b" /N %d /First %d" % (len(bodies), len(head))
    return stream(head + text, told)


def opening(action: bytes) -> bytes:
    """A PDF whose catalog names what happens on opening."""
    return pdf(catalog=CATALOG[:-2] + b"/OpenAction " + action + b" >>")


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2) -> bytes:
    """A grey PNG that says it has so many pixels; its data are those of four."""
    header = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\x80\x80" * 2)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """The bones of a JPEG: header, frame, scan, end."""
    frame = struct.pack(">HB2HB3B", 11, 8, height, width, 1, 1, 0x11, 0)
    scan = struct.pack(">H6B", 8, 1, 1, 0, 0, 63, 0)
    body = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0" + b"\xff\xc0" + frame + b"\xff\xda" + scan
    return b"\xff\xd8" + body + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"


def kml(inside: bytes = b"", *, before: bytes = b"") -> bytes:
    """A KML document with one place."""
    place = b"<Placemark><name>Plant</name><Point><coordinates>36.8,-1.3</coordinates></Point>"
    return (b'<?xml version="1.0" encoding="UTF-8"?>' + before
            + b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' + place + inside
            + b"</Placemark></Document></kml>")


def workbook(rows: list[list[object]] | None = None) -> bytes:
    """A workbook as openpyxl writes it, with a formula and a link to a web page."""
    book = openpyxl.Workbook()
    for row in rows or [["day", "MWh"], ["2026-01-01", 1.5], ["sum", "=SUM(B2:B2)"]]:
        book.active.append(row)
    book.active["D1"].hyperlink = "https://example.org/meter"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def part(content: bytes, name: str) -> bytes:
    """A part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def repacked(parts: Mapping[str, bytes | None], content: bytes | None = None) -> bytes:
    """A workbook with parts replaced, added or (None) left out."""
    content = workbook() if content is None else content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {each: archive.read(each) for each in archive.namelist() if each not in parts}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**kept, **parts}.items():
            if data is not None:
                archive.writestr(name, data)
    return target.getvalue()


def formula(text: str) -> bytes:
    """A workbook whose one formula is this (escaped as XML)."""
    made = part(workbook(), SHEET).replace(b"SUM(B2:B2)", text.encode())
    return repacked({SHEET: made})


def related(kind: str, target: str) -> bytes:
    """A workbook whose sheet has an external relationship of a kind."""
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId9" Type="{office}/{kind}" Target="{target}"'
    link += ' TargetMode="External"/>'
    made = part(workbook(), name).replace(b"</Relationships>", link.encode() + b"</Relationships>")
    return repacked({name: made})


def overlapping() -> bytes:
    """Two entries of the index that name the same bytes: each byte is unpacked twice."""
    content = bytearray(repacked({"xl/a.xml": b"<a/>", "xl/b.xml": b"<a/>"}))
    places = []
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        size = int.from_bytes(content[at + 28 : at + 30], "little")
        if content[at + 46 : at + 46 + size] in (b"xl/a.xml", b"xl/b.xml"):
            places.append(at)
        at = content.find(b"PK\x01\x02", at + 4)
    first, second = places
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def quoted_overlap() -> bytes:
    """A part whose stored bytes are another part's header and data: one inside the other."""
    inner = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = inner.compress(b" " * 1_000_000) + inner.flush()
    name = b"xl/junk2.bin"
    crc = zlib.crc32(b" " * 1_000_000)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(packed), 1_000_000,
                        len(name), 0) + name
    content = bytearray(repacked({"xl/junk1.bin": None}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        kept = {each: archive.read(each) for each in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for each, data in kept.items():
            archive.writestr(each, data)
        archive.writestr("xl/junk1.bin", local + packed)
    content = bytearray(target.getvalue())
    inside = content.index(local)
    end = content.rindex(b"PK\5\6")
    count, size, start = struct.unpack_from("<H2L", content, end + 10)
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(packed), 1_000_000,
                        len(name), 0, 0, 0, 0, 0, inside) + name
    content[end:end] = entry
    struct.pack_into("<2H2L", content, end + len(entry) + 8, count + 1, count + 1,
                     size + len(entry), start)
    return bytes(content)
