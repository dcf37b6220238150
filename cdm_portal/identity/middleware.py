"""Who acts in a request: with a second factor where one is due, in which role, read afresh."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect

from cdm_portal import clock
from cdm_portal.identity import queries, second_factor
from cdm_portal.identity.models import Membership, User
from cdm_portal.values import Actor

CHOSEN = "membership"


class ActorMiddleware:
    """Sets `request.actor`. A role that ended yesterday is gone today (reliability, A10)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        held = self._held(request)
        request.memberships = held  # type: ignore[attr-defined] # see access.memberships_of
        request.actor = self._actor(request, held)  # type: ignore[attr-defined] # see access.actor_of
        return self.get_response(request)

    @staticmethod
    def _held(request: HttpRequest) -> list[Membership]:
        if not isinstance(request.user, User):
            return []
        return list(queries.memberships(request.user.person_id, clock.today()))

    @staticmethod
    def _actor(request: HttpRequest, held: list[Membership]) -> Actor | None:
        chosen = request.session.get(CHOSEN) if held else None
        for membership in held:
            if membership.pk == chosen:
                return queries.actor(membership)
        return queries.actor(held[0]) if held else None


ENROLMENT = "/accounts/2fa/totp/activate/"
OPEN = (
    ENROLMENT, "/accounts/reauthenticate/", "/accounts/logout/", "/accounts/login/", "/healthz",
)
REFUSAL = "A second factor is needed: sign in on the portal's pages and set it up."


class SecondFactorMiddleware:
    """In production nobody but a buyer acts on a password alone (decisions, 24).

    Who holds any other role, or may see the admin, and has no second factor is led from every page
    to the enrolment. A session that began before it, by password alone, counts for nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through, lead to the enrolment, or end a session that never used its factor."""
        user = request.user
        if not (settings.SECOND_FACTOR_COMPULSORY and isinstance(user, User)):
            return self.get_response(request)
        if not second_factor.needs_one(user, clock.today()):
            return self.get_response(request)
        if second_factor.enrolled(user):
            return self._with_factor(request, user)
        if request.path in OPEN:
            return self._enrolling(request, user)
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"title": REFUSAL, "status": 403, "code": "second_factor"}, status=403,
                content_type="application/problem+json",
            )
        return redirect(ENROLMENT)

    def _with_factor(self, request: HttpRequest, user: User) -> HttpResponseBase:
        if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
            return self.get_response(request)
        logout(request)
        return redirect(settings.LOGIN_URL)

    def _enrolling(self, request: HttpRequest, user: User) -> HttpResponseBase:
        """Whoever has just proved the new factor has used it in this very session."""
        response = self.get_response(request)
        if request.path == ENROLMENT and request.method == "POST" and second_factor.enrolled(user):
            record_authentication(request, user, method="mfa", type="totp")
        return response
