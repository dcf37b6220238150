"""Guards of the pages. What you may not know of is 404 (decisions, 18)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from cdm_portal.identity.models import Membership
from cdm_portal.values import Actor, Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def desk(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Let only these roles see a page: others get 404, strangers are asked to sign in."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if actor_of(request).role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.desk_roles = frozenset(roles)  # type: ignore[attr-defined] # read by the tests
        return guarded

    return guard


def actor_or_none(request: HttpRequest) -> Actor | None:
    """Who acts in this request, if anybody in a role."""
    return cast("Actor | None", getattr(request, "actor", None))


def memberships_of(request: HttpRequest) -> list[Membership]:
    """The roles that the person of this request holds today, the present one among them."""
    return cast("list[Membership]", getattr(request, "memberships", []))


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request. Raises Http404 for somebody without a role."""
    actor = actor_or_none(request)
    if actor is None:
        raise Http404
    return actor
