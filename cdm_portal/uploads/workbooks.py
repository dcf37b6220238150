"""XLSX workbooks: passed when they hold values, formulas and pictures, and reach for nothing else.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from cdm_portal.uploads import markup, signatures, zips
from cdm_portal.uploads.errors import Unacceptable

MEGABYTE = 1_000_000
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_PARTS = 2_000
MAX_RATIO = 100

TYPES = "[Content_Types].xml"
NEEDED = {TYPES, "xl/workbook.xml"}
XML = (".xml", ".rels", ".vml")

NO_MACROS = "Workbooks with macros are not accepted. Save it as XLSX or CSV."
NO_OBJECTS = "Workbooks with embedded objects are not accepted."
NO_LINKS = (
    "The workbook links to other files or data sources. Break the links, keep the values and save "
    "it again."
)
NO_TYPES = "The workbook declares document types or entities; that is refused."
NO_ORDERS = "A formula of the workbook calls another program or address: "
BROKEN = "The workbook is damaged. Save it again, or as CSV."
NOT_ONE = "The file is not an XLSX workbook, or it is damaged."

WORDS = (
    (("vbaproject", "macroenabled", "macrosheet", "vbadata", "attachedtoolbars"), NO_MACROS),
    (("dialogsheet", "xl/activex", "activex", "oleobject", "xl/embeddings", "ctrlprop",
      "webextension", "customui", "package.attach"), NO_OBJECTS),
    (("externallink", "connections", "querytable", "attachedtemplate", "xl/model",
      "volatiledependencies"), NO_LINKS),
)
"""What parts, content types and relationships are called that a plain workbook does not have."""

FORMULAS = ("f", "definedName", "formula", "formula1", "formula2")
LITERAL = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'')
CALLS = re.compile(
    r"(?<![\w.])(?:_xl\w+\.)*(WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE|SQL\.REQUEST|DDE|"
    r"DDEAUTO|MSQUERY)\s*\(", re.IGNORECASE,
)
RUNS_ITSELF = re.compile(r"^(?:_xlnm\.)?auto_?(?:open|close|activate|deactivate)", re.IGNORECASE)
LINK_SCHEMES = {"http", "https", "mailto"}


def check(content: bytes) -> None:
    """Pass, or raise Unacceptable for what is not a plain XLSX workbook of bounded size.

    Every part is unpacked once, in pieces that are counted and not kept.
    """
    if content.startswith(signatures.OLE):
        raise Unacceptable(
            "The file is an old or password-protected workbook. Save it as XLSX without a password."
        )
    if not content.startswith(signatures.ZIP):
        raise Unacceptable("The file is named XLSX but is not an XLSX workbook.")
    try:
        parts = zips.index(content, most=MAX_PARTS)
        _check_index(parts, packed=len(content))
        begins = zips.data_of(content, parts)
        for part in parts:
            _check_part(part.name, zips.unpack(content, part, begins[part.name]))
    except zips.Hostile as fault:
        raise Unacceptable(str(fault)) from fault
    except zips.Damaged as fault:
        raise Unacceptable(NOT_ONE) from fault


def _check_index(parts: list[zips.Part], *, packed: int) -> None:
    names = [part.name for part in parts]
    if not set(names) >= NEEDED:
        raise Unacceptable("The file is an archive but not an XLSX workbook.")
    if len({name.lower() for name in names}) != len(names):
        raise Unacceptable("The workbook names a part twice.")
    for part in parts:
        _check_entry(part)
    unpacked = sum(part.unpacked for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise Unacceptable(
            f"The workbook unpacks to more than {MAX_UNPACKED_BYTES // MEGABYTE} MB."
        )
    if unpacked > MAX_RATIO * packed:
        raise Unacceptable(f"The workbook unpacks to more than {MAX_RATIO} times its size.")


def _check_entry(part: zips.Part) -> None:
    segments = part.name.split("/")
    if ".." in segments or part.name.startswith("/") or "\\" in part.name or ":" in part.name:
        raise Unacceptable("A part of the workbook is named to be written outside of it.")
    if "\0" in part.name or (part.external >> 28) == 0xA:  # the file type of a symbolic link
        raise Unacceptable("A part of the workbook is not a plain file.")
    if part.encrypted:
        raise Unacceptable("The workbook is encrypted. Save it without a password.")
    if part.method not in (zips.STORED, zips.DEFLATED):
        raise Unacceptable("The workbook is packed in a way that is not read here.")
    _refuse_words(part.name)


def _refuse_words(text: str) -> None:
    low = text.lower()
    for words, reason in WORDS:
        if any(word in low for word in words):
            raise Unacceptable(reason)


def _check_part(name: str, pieces: Iterator[bytes]) -> None:
    if name.lower().endswith(XML):
        _check_xml(name, pieces)
        return
    first = next(pieces, b"")
    for _ in pieces:  # unpacked to the end: only so are its size and sum proved
        continue
    if signatures.archive(first) or signatures.program(first):
        raise Unacceptable(NO_OBJECTS)


def _check_xml(name: str, pieces: Iterable[bytes]) -> None:
    reader = markup.Reader(
        starts=_relation if name.lower().endswith(".rels") else _element,
        texts=_formula, wanted=() if name == TYPES else FORMULAS,
    )
    try:
        reader.read(pieces)
    except markup.DocumentType:
        raise Unacceptable(NO_TYPES) from None
    except markup.Malformed as fault:
        raise Unacceptable(BROKEN) from fault


def _element(name: str, attributes: dict[str, str]) -> None:
    if name in ("Override", "Default"):
        _refuse_words(attributes.get("ContentType", ""))
    elif name == "definedName" and RUNS_ITSELF.match(attributes.get("name", "")):
        raise Unacceptable(NO_MACROS)
    elif name in ("ddeLink", "oleLink", "oleObject", "control"):
        raise Unacceptable(NO_OBJECTS)


def _relation(name: str, attributes: dict[str, str]) -> None:
    if name != "Relationship":
        return
    kind = attributes.get("Type", "")
    _refuse_words(kind.rpartition("/")[2])
    if attributes.get("TargetMode", "").lower() != "external":
        return
    scheme = urlsplit(attributes.get("Target", "")).scheme.lower()
    if not kind.lower().endswith("/hyperlink") or scheme not in LINK_SCHEMES:
        raise Unacceptable(NO_LINKS)


def _formula(_: str, text: str) -> None:
    """Refuse a formula that starts a program (`app|topic!item`) or asks an address."""
    bare = LITERAL.sub("", text)
    if "|" in bare or CALLS.search(bare):
        raise Unacceptable(f"{NO_ORDERS}“{text[:40]}”. Keep its value and save it again.")
