"""Named refusals of the national approval, with stable codes."""

from cdm_portal.refusals import Forbidden, Invalid, Refused


class NoAuthority(Refused):
    """No DNA of the host Party is registered here, so there is nobody to ask."""

    code = "no_authority"


class LetterExists(Refused):
    """A letter of this Party is asked for or issued already."""

    code = "letter_exists"


class NotSubmitted(Refused):
    """There is no frozen design document for the national authority to judge."""

    code = "not_submitted"


class NotDeclared(Invalid):
    """One of the three declarations is missing: each is named at its own box."""

    code = "not_declared"


class CriteriaNotMet(Refused):
    """By the authority's own points the project does not meet the Party's criteria."""

    code = "criteria_not_met"


class BothSides(Forbidden):
    """One natural person would act for the participant and for the authority of one project."""

    code = "both_sides"
