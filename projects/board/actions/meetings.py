"""The secretariat keeps the calendar of the Board's meetings."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from cdm_portal.journal.record import record as journal
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.board import locks, standing
from projects.board.errors import MeetingBegun
from projects.board.models import Meeting


def plan_meeting(
    *, actor: Actor, at: datetime, number: int, first_date: date, last_date: date, place: str
) -> Meeting:
    """Put a meeting of the Board into the calendar, from its first to its last day.

    Raises Forbidden, Invalid for a number that is taken, days that run backward or are taken.
    """
    standing.secretariat_only(actor)
    if Meeting.objects.filter(number=number).exists():
        raise Invalid.of("number", f"EB {number} is in the calendar already.")
    made = Meeting(number=number)
    return _keep(made, actor, at, first_date, last_date, place, "board.plan_meeting")


def move_meeting(
    *, actor: Actor, at: datetime, meeting_id: int, first_date: date, last_date: date, place: str
) -> Meeting:
    """Move a meeting to other days or another place, before it begins.

    Raises NotFound, Forbidden, MeetingBegun, Invalid.
    """
    standing.secretariat_only(actor)
    with transaction.atomic():
        found = _to_come(meeting_id, at)
        return _keep(found, actor, at, first_date, last_date, place, "board.move_meeting")


def cancel_meeting(*, actor: Actor, at: datetime, meeting_id: int, reason: str) -> Meeting:
    """Cancel a meeting before it begins; the reason is public.

    Raises NotFound, Forbidden, MeetingBegun, Invalid.
    """
    standing.secretariat_only(actor)
    with transaction.atomic():
        found = _to_come(meeting_id, at)
        found.cancelled_at, found.cancel_reason = at, standing.words("reason", reason)
        found.save(update_fields=["cancelled_at", "cancel_reason"])
        _record("board.cancel_meeting", found, actor, at)
    return found


def _to_come(meeting_id: int, at: datetime) -> Meeting:
    found = locks.meeting(meeting_id)
    if found.cancelled_at is not None:
        raise MeetingBegun(f"{found} is cancelled.")
    if found.first_date <= at.date():
        raise MeetingBegun(f"{found} has begun; its days stay as they are.")
    return found


def _keep(
    meeting: Meeting, actor: Actor, at: datetime, first: date, last: date, place: str, verb: str
) -> Meeting:
    if last < first:
        raise Invalid.of("last_date", "The last day is before the first.")
    if first <= at.date():
        raise Invalid.of("first_date", "A meeting is planned for days to come.")
    meeting.first_date, meeting.last_date = first, last
    meeting.place = standing.words("place", place)
    try:
        with transaction.atomic():
            meeting.save()
            _record(verb, meeting, actor, at)
    except IntegrityError as error:
        if "one_meeting_at_a_time" not in str(error):
            raise
        raise Invalid.of("first_date", "Another meeting is planned for these days.") from error
    return meeting


def _record(verb: str, meeting: Meeting, actor: Actor, at: datetime) -> None:
    journal(verb, actor=actor, subject=meeting, at=at, facts={
        "meeting": str(meeting), "first_date": meeting.first_date.isoformat(),
        "last_date": meeting.last_date.isoformat(), "place": meeting.place,
        "reason": meeting.cancel_reason,
    })
