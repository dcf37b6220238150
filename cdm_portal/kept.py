"""Public pages kept in a web process until anything at all has changed.

`pg_current_snapshot()` says which transactions a reader of the database sees. While it says the
same, every row is the same, whoever writes and by whatever way; when the next writing transaction
ends, it says something else. So a page that was read from a snapshot is true for as long as that
snapshot is the newest, and one short question stands for all of the page's own. No writer has to
think of it, nothing is swept, and another process or a restart has merely nothing kept yet.

What moves without a writer is time: a page is kept for LONGEST at most, never into the next day
and never past the moment at which held units are free again.

Kept are the words that everybody gets alike. A form's token and its key are made anew for each
visitor (`ANEW`): they are cut out of what is kept.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

LONGEST = timedelta(seconds=10)
MOST_BYTES, LARGEST_PAGE, LONGEST_ADDRESS = 32_000_000, 1_000_000, 500
"""Of a process: all that is kept, one page, and the address that it is found by."""

NOW = "SELECT pg_current_snapshot()::text || pg_postmaster_start_time(), cdm_now()"
LAPSE = "(SELECT min(expires_at) FROM registry_hold WHERE expires_at > cdm_now())"
READ_FROM = f"{NOW}, {LAPSE}"
ANEW = re.compile(rb'name="(csrfmiddlewaretoken|order_key)" value="([^"]{20,80})"')


@dataclass(frozen=True, slots=True)
class Moment:
    """A snapshot of the database, and the portal's time when it was taken."""

    version: str
    at: datetime
    until: datetime
    """When time alone may have changed what is shown; only known where a page was read."""


def now() -> Moment:
    """The newest snapshot. One statement, which reads no table but the clock."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        version, at = cursor.fetchone()
    return Moment(version, at, at)


def read_from() -> Moment:
    """The snapshot that a page is read from: asked inside its transaction."""
    with connection.cursor() as cursor:
        cursor.execute(READ_FROM)
        version, at, lapse = cursor.fetchone()
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [at + LONGEST, midnight + timedelta(days=1), *([lapse] if lapse else [])]
    return Moment(version, at, min(ends))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as everybody gets it: its pieces, and between them the names of what is made anew."""

    read: Moment
    headers: Mapping[str, str]
    pieces: list[bytes]
    gaps: list[bytes]

    def is_true_at(self, newest: Moment) -> bool:
        """Whether it would be the same, read now."""
        return newest.version == self.read.version and self.read.at <= newest.at < self.read.until

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for one visitor, with a token and keys of its own."""
        token = get_token(request).encode() if b"csrfmiddlewaretoken" in self.gaps else b""
        told = [self.pieces[0]]
        for name, piece in zip(self.gaps, self.pieces[1:], strict=True):
            told += (token if name == b"csrfmiddlewaretoken" else str(uuid4()).encode(), piece)
        response = HttpResponse(b"".join(told), headers=dict(self.headers))
        patch_vary_headers(response, ["Cookie"])
        return response

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(map(len, self.pieces)) + 64 * len(self.gaps)


def page_of(response: HttpResponseBase, read: Moment) -> Page | None:
    """What of an answer can be kept; None for what is not a whole page for everybody."""
    if not isinstance(response, HttpResponse) or response.status_code != 200 or response.cookies:
        return None
    if response.has_header("Cache-Control") or hasattr(response, "_csp_update"):
        return None
    if not response.headers["Content-Type"].startswith("text/html"):
        return None
    pieces, gaps, secrets, end = [], [], [], 0
    for found in ANEW.finditer(response.content):
        pieces.append(response.content[end : found.start(2)])
        gaps.append(found[1])
        secrets.append(found[2])
        end = found.end(2)
    pieces.append(response.content[end:])
    if any(secret in piece for secret in set(secrets) for piece in pieces):
        return None  # it stands elsewhere too, where nobody would make it anew
    return Page(read, dict(response.headers), pieces, gaps)


class Shelf:
    """The pages of a process by address, the longest unasked taken off first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock, self._bytes, self._most = Lock(), 0, most_bytes

    def find(self, address: str) -> Page | None:
        """What is kept under an address, true or not."""
        with self._lock:
            found = self._pages.get(address)
            if found is not None:
                self._pages.move_to_end(address)
            return found

    def keep(self, address: str, page: Page) -> None:
        """Keep a page in the place of what was there."""
        if page.size > LARGEST_PAGE:
            return
        with self._lock:
            if (before := self._pages.pop(address, None)) is not None:
                self._bytes -= before.size
            self._pages[address] = page
            self._bytes += page.size
            while self._bytes > self._most:
                self._bytes -= self._pages.popitem(last=False)[1].size


SHELF = Shelf()
