"""Named refusals of the rulebook, with stable codes."""

from cdm_portal.refusals import Forbidden, Refused


class SamePerson(Forbidden):
    """Two persons are needed, and this is the first one again."""

    code = "same_person"


class AlreadyDecided(Refused):
    """The change is approved or rejected."""

    code = "already_decided"


class AlreadyProposed(Refused):
    """Another change of this parameter waits."""

    code = "already_proposed"


class TooLate(Refused):
    """The first day of the change has passed."""

    code = "too_late"
