"""A key that a program shows: asked and counted before the snapshot, in which nothing is written.

Whatever of the API is asked with a key that is not valid now is refused, what is public too.
"""

import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from cdm_portal import clock
from cdm_portal.refusals import Refused
from offsets import actions
from offsets.program_errors import KeyUnknown

API = "/api/v1/"
SCHEME = "Bearer "


class KeyMiddleware:
    """Sets `request.holder` to who acts with the key of `Authorization: Bearer …`, else to None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        shown = request.headers.get("Authorization")
        request.holder = None  # type: ignore[attr-defined] # read by pages.api_keyed
        if shown is not None and request.path.startswith(API):
            try:
                request.holder = self._holder(shown)  # type: ignore[attr-defined]
            except Refused as refusal:
                return refused(request, refusal)
        return self.get_response(request)

    @staticmethod
    def _holder(shown: str) -> object:
        if not shown.startswith(SCHEME):
            raise KeyUnknown("Show a key as “Authorization: Bearer ol_test_…”.")
        return actions.use_key(at=clock.now(), token=shown.removeprefix(SCHEME).strip())


def refused(request: HttpRequest, refusal: Refused) -> JsonResponse:
    """The refusal as a problem (RFC 9457), before the API's own handler."""
    body = {
        "type": "about:blank", "title": refusal.code.replace("_", " ").capitalize(),
        "status": int(refusal.status), "detail": refusal.message, "code": refusal.code,
        "instance": request.path,
    }
    headers = dict(getattr(refusal, "headers", {}))
    if wait := getattr(refusal, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return JsonResponse(
        body, status=refusal.status, headers=headers, content_type="application/problem+json"
    )
