"""How a file from outside leaves the portal: saved, never shown, and never taken for a page."""

from urllib.parse import quote

from cdm_portal.uploads import names

SUFFIXES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "text/csv": ".csv",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.google-earth.kml+xml": ".kml",
}
UNKNOWN = "application/octet-stream"
ATTRIBUTE = "!#$&+-.^_`|~"
"""What may stand unescaped in an extended value (RFC 8187), besides letters and digits."""


def disposition(filename: str, media_type: str) -> str:
    """`Content-Disposition` in both forms of RFC 6266: plain for old clients, UTF-8 for others."""
    name = names.harmless(filename, SUFFIXES.get(media_type, ""))
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=ATTRIBUTE)}"


def content_type(media_type: str) -> str:
    """The media type that a file is given out under: one of the list, or plain bytes."""
    return media_type if media_type in SUFFIXES else UNKNOWN


def headers(filename: str, media_type: str, *, private: bool) -> dict[str, str]:
    """Every header of a download. A private file is kept by no cache; ranges are not served."""
    return {
        "Content-Type": content_type(media_type),
        "Content-Disposition": disposition(filename, media_type),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "none",
        "Cache-Control": "private, no-store" if private else "private, max-age=86400",
    }
