"""What stands between every address and its view: one snapshot to read, and pages for refusals."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from cdm_portal import parameters
from cdm_portal.record import snapshot
from cdm_portal.refusals import NotFound, Refused


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
        """Answer a Refused; leave everything else to Django."""
        if not isinstance(error, Refused):
            return None
        if request.path.startswith("/api/"):
            return problem(error.message, int(error.status), error.code)
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        context = {"refusal": error, "status": int(error.status)}
        return render(request, "errors/refused.html", context, status=error.status)


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
        with snapshot(), parameters.one_moment():
            return self.get_response(request)
