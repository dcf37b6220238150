"""What is alike wherever one person proposes and another person decides."""

from datetime import datetime
from typing import TypeVar

from cdm_portal.models import TwoPersons
from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.rulebook.errors import AlreadyDecided, SamePerson
from cdm_portal.values import Actor, Role

LONGEST_SOURCE = 300
LONGEST_REASON = 2000
DECIDERS = {Role.SECRETARIAT, Role.BOARD}
"""Who may be the second person."""
DECISION = ["state", "decider", "decider_name", "decided_at", "reason"]
"""The columns that a decision writes."""

P = TypeVar("P", bound=TwoPersons)


def person(actor: Actor, roles: set[Role], words: str) -> int:
    """The person who acts in one of these roles. Raises Forbidden, with the words."""
    if actor.role not in roles or actor.person_id is None:
        raise Forbidden(words)
    return actor.person_id


def waiting(found: P, what: str) -> P:
    """A row that still waits for its decision. Raises AlreadyDecided."""
    if found.state != TwoPersons.State.PROPOSED:
        raise AlreadyDecided(f"This {what} is decided: {found.get_state_display().lower()}.")
    return found


def same_person(found: TwoPersons, who: int | None, what: str) -> str:
    """Why somebody cannot be the second person; empty if they can."""
    if found.proposer == who:
        return f"You proposed this {what}; another person approves it."
    return ""


def second_person(found: TwoPersons, who: int, what: str) -> None:
    """Pass for another person than the one who proposed. Raises SamePerson."""
    if why := same_person(found, who, what):
        raise SamePerson(why)


def words(field: str, text: str, longest: int) -> str:
    """What was written in words, trimmed. Raises Invalid."""
    said = text.strip()
    if not said:
        raise Invalid.of(field, "Write it in words: this cannot stay empty.")
    if len(said) > longest:
        raise Invalid.of(field, f"At most {longest} characters; these are {len(said)}.")
    return said


def sign(found: TwoPersons, actor: Actor, who: int, at: datetime) -> None:
    """Write who decided and when; the caller saves DECISION."""
    found.decider, found.decider_name, found.decided_at = who, actor.name, at
