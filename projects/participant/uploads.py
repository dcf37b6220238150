"""Files that participants and DOEs upload: what may come in, told by its bytes and not its name.

Nothing is scanned for viruses here; every upload is served as a download only (decisions, 24).
"""

from pathlib import PurePosixPath

from cdm_portal.refusals import Invalid
from projects.methodologies import tables

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": XLSX,
    ".csv": "text/csv",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
BEGINNINGS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
ACCEPT = ",".join(MEDIA_TYPES)
KINDS = "PDF, XLSX, CSV, PNG or JPEG"


def ending(filename: str) -> str:
    """The lower-case ending of a file's name, with its dot."""
    return PurePosixPath(filename.replace("\\", "/")).suffix.lower()


def size_fault(size: int, most_mb: int) -> str | None:
    """Why a file is too large, or None. Asked before anything is read into memory."""
    if size <= most_mb * tables.MEGABYTE:
        return None
    return (
        f"The file has {size / tables.MEGABYTE:,.1f} MB; at most {most_mb} MB are accepted. "
        "Upload it in parts."
    )


def media_type(filename: str, data: bytes) -> str:
    """The media type of an upload whose bytes are what its name says.

    Raises Invalid for another kind of file, or one that is not what it is called.
    """
    kind = ending(filename)
    if kind not in MEDIA_TYPES:
        raise Invalid.of("file", f"“{kind or filename}” files are not accepted. Upload {KINDS}.")
    if not data:
        raise Invalid.of("file", "The file is empty.")
    if kind == ".xlsx":
        tables.check_workbook(data)
    elif kind == ".csv":
        _check_text(data)
    elif not data.startswith(BEGINNINGS[kind]):
        raise Invalid.of("file", f"The file is named {kind[1:].upper()} but is not one.")
    return MEDIA_TYPES[kind]


def _check_text(data: bytes) -> None:
    if b"\0" in data or data.startswith((*BEGINNINGS.values(), tables.ZIP_MAGIC)):
        raise Invalid.of("file", "The file is named CSV but is not a text file.")
