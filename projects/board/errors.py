"""Named refusals of Board and secretariat, with stable codes."""

from cdm_portal.refusals import Forbidden, Invalid, Refused


class AlreadyRequested(Refused):
    """A request for the same is under way or granted."""

    code = "already_requested"


class WrongAmount(Invalid):
    """What was paid is not what is due."""

    code = "wrong_amount"


class WrongCurrency(Invalid):
    """The invoice is in another currency."""

    code = "wrong_currency"


class ReferenceUsed(Invalid):
    """This payment was recorded before."""

    code = "reference_used"


class AlreadyRecorded(Refused):
    """A payment waits for a second person."""

    code = "already_recorded"


class SamePerson(Forbidden):
    """Two persons are needed, and this is the first one again."""

    code = "same_person"


class NotPaid(Refused):
    """What is due has not been received, so nothing is issued."""

    code = "not_paid"


class NotAwaited(Refused):
    """No money is awaited for this request."""

    code = "not_awaited"


class NotChecked(Refused):
    """Items of the check are not looked at yet, or not met."""

    code = "not_checked"


class WindowClosed(Refused):
    """The review window is over."""

    code = "window_closed"


class AlreadyAsked(Refused):
    """A review was asked for this seat before."""

    code = "already_asked"


class AlreadyVoted(Refused):
    """This seat has voted; votes are of record."""

    code = "already_voted"


class MeetingBegun(Refused):
    """The meeting has begun or is cancelled, so that it stays as it is."""

    code = "meeting_begun"


class AlreadyReplied(Refused):
    """This side has replied to the review; replies are of record."""

    code = "already_replied"


class AlreadyAssessed(Refused):
    """This side, or this person, has assessed the request before."""

    code = "already_assessed"


class AlreadyAbsent(Refused):
    """This member takes no part in the case already."""

    code = "already_absent"


class AlreadyRecused(Refused):
    """This member declared a conflict before."""

    code = "already_recused"


class Recused(Forbidden):
    """Who declared a conflict takes no part."""

    code = "recused"


class SeatSpoken(Forbidden):
    """Somebody else speaks for the seat in this case: the member, or the alternate."""

    code = "seat_spoken"


class ChairRules(Forbidden):
    """The ruling is published by who presides over the Board in this case."""

    code = "chair_rules"


class TakesSides(Forbidden):
    """The same natural person has a part in the case on another side."""

    code = "takes_sides"


class NotCarried(Refused):
    """No ruling has the votes that it needs."""

    code = "not_carried"


class AlreadyInstructed(Refused):
    """The Board has instructed this issuance."""

    code = "already_instructed"


class NothingToIssue(Refused):
    """There is no amount that could be issued under the rules of the case."""

    code = "nothing_to_issue"


class TooLate(Refused):
    """The time in which a renewal can be requested is over."""

    code = "too_late"
