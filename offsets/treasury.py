"""What every act on the bank account asks first: who acts, and why something is set aside."""

from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor, Role

LONGEST_REASON = 300


def keeper(actor: Actor) -> int:
    """The person of the secretariat who acts. Raises Forbidden for everybody else."""
    if actor.role != Role.SECRETARIAT or actor.person_id is None:
        raise Forbidden("The secretariat keeps the bank account.")
    return actor.person_id


def why(reason: str) -> str:
    """A reason for setting something aside, its spaces evened. Raises Invalid for none, or one of
    more than LONGEST_REASON characters.
    """
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise Invalid.of("reason", f"Say why, in at most {LONGEST_REASON} characters.")
    return said
