"""The guard of what programs do with a key: who acts, and within which scope."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from offsets.keys import Holder
from offsets.program_errors import KeyUnknown, OutOfScope

PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(), "title": serializers.CharField(),
        "status": serializers.IntegerField(), "detail": serializers.CharField(),
        "code": serializers.CharField(help_text="Stable, for programs."),
        "instance": serializers.CharField(),
        "errors": serializers.DictField(
            child=serializers.ListField(child=serializers.CharField()), required=False,
            help_text="By field, such as lines.0.tonnes.",
        ),
    },
)


def problems(**said: str) -> dict[Any, OpenApiResponse]:
    """The refusals of a method in the schema: `s409="…"` says when it answers 409."""
    return {
        (int(status[1:]), "application/problem+json"): OpenApiResponse(PROBLEM, words)
        for status, words in (said | KEY_REFUSED).items()
    }


KEY_REFUSED = {
    "s401": "No key, or one that has run out or was revoked.",
    "s429": "More requests of this key than it may make in a minute; see Retry-After.",
}


class KeyAuthentication(BaseAuthentication):
    """A key in the header; the session of a browser counts for nothing here."""

    def authenticate(self, request: Request) -> tuple[None, Holder] | None:
        """Whom the middleware found (offsets.middleware)."""
        found: Holder | None = getattr(request._request, "holder", None)
        return None if found is None else (None, found)

    def authenticate_header(self, request: Request) -> str:
        """What a request without a key is told to show."""
        return "Bearer"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema says it."""

    target_class = KeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ol_test_… or ol_live_…"}


class WithKey(BasePermission):
    """Lets a key through. Raises KeyUnknown without one."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether to let through."""
        if request.method not in view.allowed_methods:
            return True  # answered as such (405)
        return bool(holder(request))


def holder(request: Request, *, order: bool = False) -> Holder:
    """Who acts. Raises KeyUnknown, OutOfScope for an order by a key that may only read."""
    found = request.auth
    if not isinstance(found, Holder):
        raise KeyUnknown("Show a key as “Authorization: Bearer ol_test_…”.")
    if order and not found.may_order:
        raise OutOfScope("This key may read, not order: make one with the scope “order”.")
    return found


def known(request: Request) -> Holder | None:
    """Who acts, where a key is not needed."""
    return request.auth if isinstance(request.auth, Holder) else None
