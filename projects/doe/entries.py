"""What people type and attach, checked once for every edge: texts and files."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cdm_portal import parameters
from cdm_portal.refusals import Invalid
from cdm_portal.uploads import kinds

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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

    Raises Unacceptable for a kind that is not taken, a file that is not what its name says or could
    do harm, an empty one, or one above the limit (parameter `upload_max_mb`).
    """
    most = parameters.number("upload_max_mb", on)
    return kinds.media_type(filename, data, most_mb=most, field=field)
