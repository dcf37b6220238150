"""Replies to a review: whose they are, whether they are in, and when the assessments may begin."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cdm_portal import deadlines
from cdm_portal.values import Actor, Role
from projects import access
from projects.board.models import Reply, Request
from projects.board.procedure import State
from projects.board.queries import cases


def side_replying(request: Request, actor: Actor) -> str:
    """For which side an actor replies to a review; empty for everybody else."""
    if actor.role == Role.DOE and actor.organisation_id == request.submitted_by_id:
        return Reply.Side.DOE
    if access.may_speak_for_project_matters(actor, request.project):
        return Reply.Side.PARTICIPANT
    return ""


def may_reply(request: Request, actor: Actor, at: datetime) -> bool:
    """Whether the actor's side can reply now, and has not."""
    side, due = side_replying(request, actor), request.reply_due_at
    if not side or request.state != State.UNDER_REVIEW or due is None or at >= due:
        return False
    return not request.replies.filter(side=side).exists()


def both_replied(request: Request) -> bool:
    """Whether participant and DOE have both replied."""
    return request.replies.count() == len(Reply.Side)


def may_be_assessed(request: Request, at: datetime) -> bool:
    """Whether the assessments may begin: the time for replies is over, or both are in."""
    due = request.reply_due_at
    return due is None or not deadlines.in_time(at, due) or both_replied(request)


def awaited(actor: Actor, at: datetime) -> Iterator[tuple[Request, dict[str, Any]]]:
    """The reviews to which the actor's side can still reply, with the words of the desk."""
    open_ = cases.visible(actor).filter(state=State.UNDER_REVIEW, reply_due_at__gt=at)
    side = Reply.Side.DOE if actor.role == Role.DOE else Reply.Side.PARTICIPANT
    for request in open_.exclude(replies__side=side).order_by("pk"):
        assert request.reply_due_at is not None  # as asked for
        if side_replying(request, actor):
            yield request, {
                "what": "A review is open: you may reply to it, publicly.",
                "waiting_for": "Your reply", "action_label": "Reply to the review",
                "until": deadlines.last_moment(request.reply_due_at),
            }
