"""CSV tables and KML places: text that stays text."""

import codecs
import re

from cdm_portal.uploads import markup, signatures
from cdm_portal.uploads.errors import Unacceptable

PLACES_ONLY = frozenset(["NetworkLink", "NetworkLinkControl", "script", "Update"])
REACHING = re.compile(r"^\s*(?:file|javascript|data|vbscript|smb|ftp)\s*:|^\s*\\\\", re.IGNORECASE)
ACTIVE = re.compile(r"<\s*(?:script|iframe|object|embed|form)\b|javascript\s*:", re.IGNORECASE)
NO_TYPES = "The KML declares document types or entities; that is refused."
HEARD = ("href", "description", "text", "styleUrl")


def check_csv(data: bytes) -> None:
    """Pass, or raise Unacceptable for what is not a text of values.

    A cell that a spreadsheet would take for a formula is kept as it came; exports guard it.
    """
    what = signatures.told(data)
    if what:
        raise Unacceptable(f"The file is named CSV but is not a text file of values: it is {what}.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unacceptable("The file is in UTF-16. Save it as CSV in UTF-8.")
    if b"\0" in data:
        raise Unacceptable("The file is named CSV but is not a text file: it holds binary data.")


def check_kml(data: bytes) -> None:
    """Pass, or raise Unacceptable for what is not a plain KML document of places and shapes."""
    if signatures.archive(data):
        raise Unacceptable("KMZ is an archive and is not accepted. Save it as KML.")
    kind = signatures.told(data)
    if kind:
        raise Unacceptable(f"The file is named KML but is not one: it is {kind}.")
    try:
        markup.Reader(starts=_Places().start, texts=_text, wanted=HEARD).read(markup.pieces(data))
    except markup.DocumentType:
        raise Unacceptable(NO_TYPES) from None
    except markup.Malformed as fault:
        raise Unacceptable("The KML is damaged: it is not well-formed XML.") from fault


class _Places:
    """Hears the elements of a KML document; the first one says whether it is one."""

    def __init__(self) -> None:
        self._begun = False

    def start(self, name: str, _: dict[str, str]) -> None:
        if not self._begun and name != "kml":
            raise Unacceptable("The file is named KML but is not one.")
        self._begun = True
        if name in PLACES_ONLY:
            raise Unacceptable(f"The KML fetches from elsewhere ({name}). Save the places alone.")


def _text(name: str, text: str) -> None:
    if name in ("href", "styleUrl") and REACHING.match(text):
        raise Unacceptable("The KML points at a file or a script. Save the places alone.")
    if ACTIVE.search(text):
        raise Unacceptable("A description in the KML holds a script or a form. Take it out.")
