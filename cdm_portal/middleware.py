"""What stands between every address and its view: pages for refusals, public pages that are kept,
one snapshot to read, and how an answer leaves: compressed, and told to search engines or kept from
them.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import get_language

from cdm_portal import findable, kept, parameters
from cdm_portal.record import snapshot
from cdm_portal.refusals import Busy, NotFound, Refused
from projects.methodologies import validity

WAITED_IN_VAIN = {"55P03", "40P01", "40001"}
"""SQLSTATEs of a lock that was waited for too long, a deadlock and a race that was lost."""
BUSY = (
    "Many ask for the same thing at this moment, and it took too long. Try again in a moment; "
    "nothing is done twice."
)


def problem(title: str, status: int, code: str) -> JsonResponse:
    """A refusal of the API, before or beside its own handler."""
    return JsonResponse(
        {"title": title, "status": status, "code": code}, status=status,
        content_type="application/problem+json",
    )


class RefusalMiddleware:
    """404 tells nothing; every other refusal says its reason, as a page or as a problem (RFC 9457).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return self._unreadable(request)
        return self.get_response(request)

    @staticmethod
    def _unreadable(request: HttpRequest) -> HttpResponse:
        """No text of ours holds the character NUL, and PostgreSQL takes none: 400, not a fault."""
        if request.path.startswith("/api/"):
            return problem("The address holds a NUL character.", 400, "unreadable")
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a Refused, or a change that waited for others in vain; leave everything else to
        Django."""
        if _waited_in_vain(error) and request.method not in SAFE_METHODS:
            error = Busy(BUSY)
        if not isinstance(error, Refused):
            return None
        if request.path.startswith("/api/"):
            return problem(error.message, int(error.status), error.code)
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        context = {"refusal": error, "status": int(error.status)}
        return render(request, "errors/refused.html", context, status=error.status)


def _waited_in_vain(error: Exception) -> bool:
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return getattr(cause, "pgcode", None) in WAITED_IN_VAIN


SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Signing in keeps its own tables while it answers (rate limits, mail confirmations); the health
# page must answer without a database.
OUTSIDE_THE_SNAPSHOT = ("/accounts/", "/healthz")


class SnapshotMiddleware:
    """A page is read from one moment of the database, and reading it writes nothing.

    A page asks a dozen questions. Asked one after the other while somebody commits, they would show
    a project that is registered in its history and not yet in its tracker. So every safe request
    runs in one REPEATABLE READ, READ ONLY transaction (reliability: nothing half-done is visible).
    Inside an outer transaction, as in a test, the level cannot change any more; the ban on writing
    still holds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS or request.path.startswith(OUTSIDE_THE_SNAPSHOT):
            return self.get_response(request)
        with snapshot(), parameters.one_moment(), validity.one_moment():
            return self.get_response(request)


KEPT = {
    "home", "catalogue", "project", "methodologies", "how-it-works", "accessibility", "data",
    "privacy", "terms", "stage_times", "registry:overview", "registry:totals",
    "registry:issuances", "registry:cancellations", "offsets:cancellations",
}
"""Pages that say to every visitor the same, and nothing that is not in the database."""


class KeptMiddleware:
    """A visitor without a session gets a public page from memory while it is true (`kept`).

    Whoever has a session (signed in, a basket, an order, a wish), a message or a key is answered
    afresh, and nothing of it is kept; so is a browser that asks to have nothing kept
    (`Cache-Control: no-cache`). Stands after everything but the snapshot and the word to search
    engines, which is kept with the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = self._address(request)
        if not address:
            return self.get_response(request)
        page = kept.SHELF.find(address)
        if page is not None and page.is_true_at(kept.now()):
            return page.answer(request)
        request.kept_for = address  # type: ignore[attr-defined] # read below, by the same object
        response = self.get_response(request)
        read = getattr(request, "read_from", None)
        if read is not None and not request.session.modified:
            made = kept.page_of(response, read)
            if made is not None:
                kept.SHELF.keep(address, made)
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: dict[str, Any]
    ) -> None:
        """Inside the page's transaction: note what it is read from."""
        match = request.resolver_match
        if hasattr(request, "kept_for") and match is not None and match.view_name in KEPT:
            request.read_from = kept.read_from()  # type: ignore[attr-defined] # see __call__

    @staticmethod
    def _address(request: HttpRequest) -> str:
        """Under what a page for this visitor is kept; empty where it is answered afresh.

        Inside a transaction of somebody else, as in a test, one's own writes do not show in the
        snapshot.
        """
        own = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
        told = request.headers
        if request.method != "GET" or own or "Authorization" in told or connection.in_atomic_block:
            return ""
        path = request.get_full_path()
        if "no-cache" in told.get("Cache-Control", "") or len(path) > kept.LONGEST_ADDRESS:
            return ""
        where = f"{request.scheme}://{request.get_host()}"
        return f"{connection.settings_dict['NAME']} {get_language()} {where}{path}"


TEXTS = (
    "text/", "application/json", "application/problem+json", "application/xml",
    "application/javascript", "application/vnd.oai.openapi", "image/svg+xml",
)


class CompressionMiddleware(GZipMiddleware):
    """Text is sent compressed: a page takes a fifth of the time on a phone's line.

    Compressing over TLS tells the length of what is inside. Who can choose a part of a page and see
    how long its answer is may guess a secret in it, letter by letter (BREACH). So:

    - the token against forged requests is masked anew in every page (Django), and the session's
      cookie comes with no request that another site makes in the background (SameSite=Lax);
    - Django's compressor adds up to 100 random bytes, so that one length tells little;
    - an answer that nobody may store (`no-store`) holds a secret for its reader alone, such as the
      address of a calendar or the data of a person, and leaves as it is; so do the pages on which
      people sign in and set up their second factor;
    - style sheets and scripts are the same for everybody: WhiteNoise compressed them beforehand and
      answers before this. PDF and XLSX are compressed already; SVG is text.

    An ETag becomes a weak one, which If-None-Match compares as well (RFC 9110, 13.1.2).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress text for whoever takes it; `Vary` tells caches that it depends on that."""
        text = response.headers.get("Content-Type", "").startswith(TEXTS)
        secret = "no-store" in response.headers.get("Cache-Control", "")
        if secret or not text or request.path.startswith("/accounts/"):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer


class FindableMiddleware:
    """What search engines may not keep says so, files as well as pages (`findable`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        there = response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
        if not there or not findable.is_findable(request):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response
