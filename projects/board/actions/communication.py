"""The secretariat processes, or returns, a change that the focal points of scope (b) signed."""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects.dna import queries as letters
from projects.doe.errors import NotYet
from projects.participant import actions as participant
from projects.participant import locks
from projects.participant.communication.models import Statement


def process_change(*, actor: Actor, at: datetime, statement_id: int) -> Statement:
    """Bring a signed change into force: its focal points speak, its participants take part.

    An added participant needs a letter of approval in force that authorises it (domain, 2.2).
    Raises NotYet with what is missing, NotNow, Forbidden, NotFound.
    """
    with transaction.atomic():
        found = _signed(actor, statement_id)
        lifecycle.ask(found, "process", actor)
        authorised = letters.authorising(found.project)
        missing = [each for each in found.added() if each.pk not in authorised]
        if missing:
            raise NotYet([
                f"No letter of approval in force authorises {each}: the authority of its Party "
                "issues one first." for each in missing
            ])
        participant.bring_in(actor=actor, at=at, statement=found, letters=authorised)
        _record("board.process_change", actor, at, found)
    return found


def return_change(*, actor: Actor, at: datetime, statement_id: int, answer: str) -> Statement:
    """Return a signed change with a reason; what is in force stays. Raises as `process_change`, and
    Invalid at `answer`.
    """
    said = answer.strip()
    if not said:
        raise Invalid.of("answer", "Say why it is returned.")
    with transaction.atomic():
        found = _signed(actor, statement_id)
        lifecycle.ask(found, "give_back", actor)
        found.give_back()
        found.answer, found.decided_at = said, at
        found.save(update_fields=["state", "answer", "decided_at"])
        _record("board.return_change", actor, at, found)
    return found


def _signed(actor: Actor, statement_id: int) -> Statement:
    """The statement, locked, for the secretariat. Others do not learn of it."""
    if actor.role != Role.SECRETARIAT:
        raise Forbidden("The secretariat processes changes of participants and focal points.")
    found = locks.statement(statement_id)
    if found.base_id is None:
        raise NotFound("There is no such change.")
    return found


def _record(verb: str, actor: Actor, at: datetime, found: Statement) -> None:
    record(
        verb, actor=actor, subject=found, at=at, project=found.project.reference,
        facts={"number": found.number},
    )
