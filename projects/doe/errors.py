"""Named refusals of a DOE's work, with stable codes."""

from collections.abc import Sequence

from cdm_portal.refusals import Forbidden, Invalid, Refused


class NotAccredited(Invalid):
    """The DOE cannot take this on: no accreditation for the scope, suspended, not independent."""

    code = "not_accredited"

    @classmethod
    def because(cls, organisation: str, reasons: Sequence[str]) -> "NotAccredited":
        """A refusal beside the choice of the DOE, with every reason."""
        return cls({"organisation": [f"{organisation}: {reason}" for reason in reasons]})


class AlreadyEngaged(Refused):
    """A DOE is engaged, or has been asked and has not answered."""

    code = "already_engaged"


class BothSides(Forbidden):
    """One natural person would act as participant and as DOE of one project."""

    code = "both_sides"


class WindowClosed(Refused):
    """Comments are taken in the window only."""

    code = "window_closed"


class CaseClosed(Refused):
    """The validation or verification is over, or has not begun."""

    code = "case_closed"


class NotYet(Refused):
    """Something has to be done first; `reasons` names all of it."""

    code = "not_yet"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(reasons))


class FindingMoved(Refused):
    """The finding is not where this act would find it: the other side has the ball."""

    code = "finding_moved"


class SamePerson(Forbidden):
    """The person who prepared a proceeding, or who belongs to the entity, would decide it."""

    code = "same_person"


class NotInStanding(Refused):
    """The DOE's accreditation does not allow this act on this day."""

    code = "not_in_standing"
