"""The reviews of the demonstration: asked for by one member, or by three and opened."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cdm_portal.demonstration.people import People
from cdm_portal.demonstration.portfolio import Until
from projects.board import actions, queries
from projects.board.models import Request

FIRST_MEETING = 901
"""Numbers of meetings that are fictional, clear of the published ones."""

ASKERS = {
    Until.REGISTRATION_WINDOW: ("board2",),
    Until.UNDER_REVIEW: ("board2", "board5", "board8"),
}


def ask(people: People, case: Request, until: Until, day: Callable[[int], datetime]) -> None:
    """Members ask for a review as far as the sketch goes; three of them start it, and the
    secretariat opens it: the replies, and then the two assessments, wait for their authors.
    """
    for number, name in enumerate(ASKERS.get(until, ())):
        actions.request_review(
            actor=people.actor(name), at=day(126 + 3 * number), request_id=case.pk,
            grounds=["additionality"],
            reasons="The common practice analysis leaves out two plants of last year.",
        )
    if until == Until.UNDER_REVIEW:
        actions.open_review(
            actor=people.actor("secretariat"), at=day(134), request_id=case.pk,
            scope="Common practice: whether the two plants change the finding.",
        )


def plan_meetings(people: People, at: datetime) -> None:
    """The secretariat plans a year of meetings of the Board, unless the calendar has some."""
    if queries.calendar():
        return
    for number in range(6):
        first = at.date() + timedelta(days=20 + 60 * number)
        actions.plan_meeting(
            actor=people.actor("secretariat"), at=at, number=FIRST_MEETING + number, place="Bonn",
            first_date=first, last_date=first + timedelta(days=3),
        )
