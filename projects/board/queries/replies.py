"""Replies to a review: whose they are, whether they are in, and when the assessments may begin."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

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


def awaited(actor: Actor, at: datetime) -> QuerySet[Request]:
    """The reviews to which the actor's side, the owner's or the DOE's, can still reply."""
    side = Reply.Side.DOE if actor.role == Role.DOE else Reply.Side.PARTICIPANT
    replied = Reply.objects.filter(request=OuterRef("pk"), side=side)
    return cases.visible(actor).filter(
        ~Exists(replied), state=State.UNDER_REVIEW, reply_due_at__gt=at
    )


def assessable(at: datetime) -> Q:
    """Of requests under review, those whose assessments may begin; as `may_be_assessed` says."""
    replies = [
        Exists(Reply.objects.filter(request=OuterRef("pk"), side=side)) for side in Reply.Side
    ]
    over = Q(reply_due_at=None) | Q(reply_due_at__lte=at)
    return over | Q(*replies)
