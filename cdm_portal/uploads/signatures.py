"""What the first bytes of a file say it is, whatever it is called."""

import re

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

PROGRAMS = (
    (b"\x7fELF", "a Linux program"),
    (b"\xfe\xed\xfa\xce", "a macOS program"), (b"\xfe\xed\xfa\xcf", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"), (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java or macOS program"), (b"\x00asm", "a WebAssembly program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"), (b"#!", "a script"),
    (b"<?php", "a script"),
)
ARCHIVES = (
    (ZIP, "an archive"), (b"PK\x05\x06", "an archive"), (b"PK\x07\x08", "an archive"),
    (b"Rar!\x1a", "an archive"), (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\x1f\x8b", "an archive"), (b"BZh", "an archive"), (b"\xfd7zXZ\x00", "an archive"),
    (b"MSCF", "an archive"), (OLE, "an old Office document"), (b"{\\rtf", "a text document"),
)
PAPERS = ((PDF, "a PDF"), (PNG, "a PNG image"), (JPEG, "a JPEG image"), (b"GIF8", "a GIF image"))
MARKUP = (
    (re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|title|meta|a\s|h1)", re.I),
     "an HTML page"),
    (re.compile(rb"<(!doctype\s+svg|svg)", re.I), "an SVG drawing"),
)
BLANK = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?xml[^>]{0,200}\?>|<!--.{0,1000}?-->)*", re.S)


def program(data: bytes) -> str:
    """Which kind of program or script the bytes begin like; empty for none."""
    if data.startswith(b"MZ") and b"\0" in data[:1024]:
        return "a Windows program"
    return next((what for magic, what in PROGRAMS if data.startswith(magic)), "")


def markup(data: bytes) -> str:
    """Which markup that a browser renders the bytes begin with; empty for none."""
    head = data[:4096]
    blank = BLANK.match(head)
    rest = head[blank.end() :] if blank else head
    return next((what for pattern, what in MARKUP if pattern.match(rest)), "")


def archive(data: bytes) -> str:
    """Which container the bytes begin like; empty for none."""
    return next((what for magic, what in ARCHIVES if data.startswith(magic)), "")


def told(data: bytes) -> str:
    """The bytes in words ("an HTML page"); empty when they begin like nothing known here."""
    paper = next((what for magic, what in PAPERS if data.startswith(magic)), "")
    return program(data) or markup(data) or archive(data) or paper
