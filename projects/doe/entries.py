"""What people type and attach, checked once for every edge: texts and files."""

import mimetypes
import re
from datetime import date
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cdm_portal import parameters
from cdm_portal.refusals import Invalid
from projects.methodologies import tables

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BEGINNINGS = {
    ".pdf": b"%PDF-", ".xlsx": b"PK", ".docx": b"PK", ".zip": b"PK",
    ".png": b"\x89PNG", ".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".csv": b"", ".txt": b"",
}
"""The kinds of file that a finding may carry, and how each begins."""


def words(field: str, text: str, *, longest: int, what: str) -> str:
    """The text without outer blanks. Raises Invalid when it is empty, too long or not text."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise Invalid.of(field, f"Enter {what}.")
    if UNPRINTABLE.search(clean):
        raise Invalid.of(field, "The text contains characters that cannot be shown.")
    if len(clean) > longest:
        raise Invalid.of(field, f"At most {longest} characters; this has {len(clean)}.")
    return clean


def email(field: str, text: str) -> str:
    """An e-mail address. Raises Invalid."""
    clean = words(field, text, longest=254, what="your e-mail address")
    try:
        validate_email(clean)
    except ValidationError:
        raise Invalid.of(
            field, "Enter an e-mail address in the form name@example.org."
        ) from None
    return clean


def media_type(field: str, filename: str, data: bytes, on: date) -> str:
    """The media type of a file that may be attached.

    Raises Invalid for a kind that is not taken, a file that is not what its name says, an empty
    one, or one above the limit (parameter `upload_max_mb`).
    """
    ending = PurePosixPath(filename).suffix.lower()
    if ending not in BEGINNINGS:
        kinds = ", ".join(sorted(BEGINNINGS))
        raise Invalid.of(field, f"A file of this kind is not taken; attach one of {kinds}.")
    limit = parameters.number("upload_max_mb", on)
    if len(data) > limit * tables.MEGABYTE:
        raise Invalid.of(field, f"The file has more than {limit} MB.")
    if not data:
        raise Invalid.of(field, "The file is empty.")
    if not data.startswith(BEGINNINGS[ending]):
        raise Invalid.of(field, f"This is not a {ending} file, whatever its name says.")
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
