"""The replies of the project participant and of the DOE to a review (domain, 2.4 and 3.3)."""

from datetime import datetime

from django.db import transaction

from cdm_portal import deadlines, parameters
from cdm_portal.values import Actor
from projects.actions import file_document
from projects.board import queries, standing
from projects.board.errors import AlreadyReplied, WindowClosed
from projects.board.models import Reply, Request
from projects.board.procedure import State
from projects.board.record import record
from projects.doe import entries
from projects.lifecycle import NotNow
from projects.models import Document


def reply(
    *, actor: Actor, at: datetime, request_id: int, text: str, filename: str | None = None,
    data: bytes | None = None,
) -> Reply:
    """The participant, or the DOE that made the request, replies to the review: once, in time and
    publicly, with a file if there is one. The second reply lets the assessments begin at once.

    Raises NotFound, Forbidden, TakesSides, NotNow outside the review, WindowClosed, AlreadyReplied,
    Invalid, Unacceptable for a file that is not taken.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        person_id, side = standing.replying(request, actor)
        _in_time(request, at)
        if request.replies.filter(side=side).exists():
            raise AlreadyReplied("Your side has replied already; replies are of record.")
        said = standing.words("text", text)
        document = _file(request, actor, at, filename or "", data) if data is not None else None
        made = Reply.objects.create(
            request=request, side=side, organisation_id=actor.office, person_id=person_id,
            name=actor.name, text=said, document=document, at=at,
        )
        if queries.both_replied(request):
            request.assessment_due_at = assessed_until(at)
            request.save(update_fields=["assessment_due_at"])
        record("board.reply", request, actor, at, side=side, file=filename or "")
    return made


def assessed_until(begun_at: datetime) -> datetime:
    """When both assessments are due, of a review in which they may begin at a moment."""
    return deadlines.due_at(begun_at, parameters.number("assessment_days", begun_at.date()))


def _in_time(request: Request, at: datetime) -> None:
    if request.state != State.UNDER_REVIEW:
        raise NotNow("Replies are made once the review is open, until it is assessed.")
    if request.reply_due_at is None or not deadlines.in_time(at, request.reply_due_at):
        raise WindowClosed("The time for replies ended at 24:00 UTC of its last day.")


def _file(
    request: Request, actor: Actor, at: datetime, filename: str, data: bytes
) -> Document:
    return file_document(
        actor=actor, at=at, project=request.project, period=request.period,
        kind=Document.Kind.REPLY, title=f"{request.reference}, reply: {filename}",
        filename=filename, data=data, public=True,
        media_type=entries.media_type("file", filename, data, at.date()),
    )
