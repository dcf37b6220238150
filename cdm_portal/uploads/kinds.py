"""The gate: which kinds of file come in, and the one question that every upload is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from cdm_portal.uploads import images, names, pdfs, signatures, texts, workbooks
from cdm_portal.uploads.errors import Unacceptable

MEGABYTE = 1_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KML = "application/vnd.google-earth.kml+xml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is called, given out, begun and looked through."""

    label: str
    media_type: str
    check: Callable[[bytes], None]
    magic: bytes = b""


JPEG = Kind("JPEG", "image/jpeg", images.check_jpeg, signatures.JPEG)
KINDS = {
    ".pdf": Kind("PDF", "application/pdf", pdfs.check, signatures.PDF),
    ".xlsx": Kind("XLSX", XLSX, workbooks.check),
    ".csv": Kind("CSV", "text/csv", texts.check_csv),
    ".png": Kind("PNG", "image/png", images.check_png, signatures.PNG),
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".kml": Kind("KML", KML, texts.check_kml),
}
ACCEPT = ",".join(KINDS)
LABELS = "PDF, XLSX, CSV, PNG, JPEG or KML"
INSTEAD = {
    ".kmz": "KMZ is an archive and is not accepted. Save it as KML.",
    ".xlsm": workbooks.NO_MACROS, ".xlsb": workbooks.NO_MACROS, ".xltm": workbooks.NO_MACROS,
    ".xls": "Workbooks of the old kind are not accepted. Save it as XLSX or CSV.",
    ".docx": "Text documents are not accepted. Print it to PDF and upload that.",
    ".doc": "Text documents are not accepted. Print it to PDF and upload that.",
}
"""What is refused by its ending with a way out."""


def size_fault(size: int, most_mb: int) -> str | None:
    """Why a file is too large, or None. Asked before anything is read into memory."""
    if size <= most_mb * MEGABYTE:
        return None
    return (
        f"The file has {size / MEGABYTE:,.1f} MB; at most {most_mb} MB are accepted. "
        "Upload it in parts."
    )


def media_type(filename: str, data: bytes, *, most_mb: int, field: str = "file") -> str:
    """The media type of an upload whose bytes are what its name says, and harmless.

    `most_mb` is the largest size in megabytes (parameter `upload_max_mb`). Raises Unacceptable with
    the reason beside `field`. The time is linear in what the file unpacks to, which is bounded.
    """
    try:
        return _asked(filename, data, most_mb)
    except Unacceptable as refusal:
        if field == "file":
            raise
        raise Unacceptable(refusal.reason, field=field) from refusal


def _asked(filename: str, data: bytes, most_mb: int) -> str:
    if fault := size_fault(len(data), most_mb):
        raise Unacceptable(fault)
    names.check(filename)
    suffix = names.ending(filename)
    kind = KINDS.get(suffix)
    if kind is None:
        other = f"“{suffix or filename}” files are not accepted. Upload {LABELS}."
        raise Unacceptable(INSTEAD.get(suffix, other))
    if not data.strip(b"\0\r\n\t "):
        raise Unacceptable("The file is empty.")
    if not data.startswith(kind.magic):
        what = signatures.told(data)
        said = f": it is {what}." if what else "."
        raise Unacceptable(f"The file is named {kind.label} but is not one{said}")
    kind.check(data)
    return kind.media_type
