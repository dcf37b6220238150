"""The guard of `/api/v1/`: who may call a method, taken from the permission matrix."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from cdm_portal import permissions
from cdm_portal.permissions import VISITOR, Exercise
from cdm_portal.refusals import Forbidden, NotFound
from cdm_portal.values import Actor


def actor_of(request: Request) -> Actor | None:
    """Who is signed in on this browser, in the role that they act in."""
    return getattr(request._request, "actor", None)


def acting(request: Request) -> Actor:
    """Who acts. Raises Forbidden for somebody who has not signed in, or holds no role."""
    _ = request.user  # the session is read, and forgery refused, when somebody asks who it is
    actor = actor_of(request)
    if actor is None:
        raise Forbidden("Sign in, in the role that you act in.")
    return actor


class Permitted(BasePermission):
    """Lets those through who hold one of `exercises`; what everybody may do needs no sign-in.

    A stranger is told to sign in (403). Another role may not know of a row (404), and is told that
    it may not send (403). A method that the address does not have is answered as such (405).
    """

    exercises: tuple[Exercise, ...] = ()
    posts: tuple[Exercise, ...] = ()
    """What a POST exercises, if that is something else."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether to let through. Raises Forbidden, NotFound."""
        cells = self.posts if request.method == "POST" and self.posts else self.exercises
        allowed = permissions.roles(*cells)
        if VISITOR in allowed or request.method not in view.allowed_methods:
            return True
        actor = acting(request)
        if actor.role in allowed:
            return True
        if request.method == "GET":
            raise NotFound("There is nothing at this address.")
        row, right = cells[0]
        raise Forbidden(f"{actor.role.label}: your role may not do this ({row}: {right}).")


def permitted(*exercises: Exercise, post: tuple[Exercise, ...] = ()) -> type[Permitted]:
    """The guard of those who hold one of these rights, or one of `post` for a POST."""
    return type("PermittedHere", (Permitted,), {"exercises": exercises, "posts": post})
