"""Guards of the pages. What you may not know of is 404 (decisions, 18)."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from cdm_portal import permissions
from cdm_portal.identity.models import Membership
from cdm_portal.permissions import VISITOR, Exercise
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Actor, Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def may(
    *exercises: Exercise, post: Sequence[Exercise] = ()
) -> Callable[[View[P]], View[P]]:
    """Let those see a page who hold one of these rights in the permission matrix, and those send
    its form who hold one of `post` (if left out, the same).

    Who may not know of the page gets 404, a stranger is asked to sign in. Who sees it and may not
    send its form gets 403 with the reason (decisions, 18). What everybody may do needs no sign-in.
    """
    writers = permissions.roles(*(post or exercises))
    readers = permissions.roles(*exercises, *post)

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            actor = actor_or_none(request)
            role = actor.role if actor else VISITOR
            if not {VISITOR, role} & readers:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise Http404
            if request.method == "POST" and role not in writers:
                raise Forbidden(_not_yours(actor, (post or exercises)[0]))
            return view(request, *args, **kwargs)

        guarded.desk_roles = readers  # type: ignore[attr-defined] # read by the tests
        guarded.exercises = {  # type: ignore[attr-defined] # read by the page of the matrix
            "GET": exercises, "POST": tuple(post or exercises),
        }
        return guarded

    return guard


def why_not(request: HttpRequest, exercise: Exercise) -> str:
    """Why the permission matrix keeps who is here from an act; empty if it does not."""
    actor = actor_or_none(request)
    allowed = (actor.role if actor else VISITOR) in permissions.roles(exercise)
    return "" if allowed else _not_yours(actor, exercise)


def _not_yours(actor: Actor | None, exercise: Exercise) -> str:
    row, right = exercise
    who = actor.role.label if actor else "A visitor"
    return f"{who}: the permission matrix gives your role no right here ({row}: {right})."


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
