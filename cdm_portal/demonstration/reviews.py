"""The reviews of the demonstration: asked for by one member, or by three and opened."""

from collections.abc import Callable
from datetime import datetime

from cdm_portal.demonstration.people import People
from cdm_portal.demonstration.portfolio import Until
from projects.board import actions
from projects.board.models import Request

ASKERS = {
    Until.REGISTRATION_WINDOW: ("board2",),
    Until.UNDER_REVIEW: ("board2", "board5", "board8"),
}


def ask(people: People, case: Request, until: Until, day: Callable[[int], datetime]) -> None:
    """Members ask for a review as far as the sketch goes; three of them start it, and the
    secretariat opens it: the two assessments then wait for their authors.
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
