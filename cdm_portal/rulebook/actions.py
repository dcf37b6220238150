"""Proposing a change of a rule parameter, approving it as a second person, turning it down."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from cdm_portal.journal.record import record
from cdm_portal.models import RuleChange
from cdm_portal.refusals import Invalid
from cdm_portal.rulebook import deciding, locks, queries, typed
from cdm_portal.rulebook.errors import AlreadyProposed, TooLate
from cdm_portal.values import Actor, Role

WAITS = "A change of this parameter waits for a second person already."


def propose_change(
    *, actor: Actor, at: datetime, name: str, value: str, valid_from: date, source: str,
    verified: bool,
) -> RuleChange:
    """The secretariat proposes another value of a parameter, from today or a later day on.

    `verified` says that the proposer compared the cited text. Raises NotFound, Forbidden,
    AlreadyProposed, Invalid.
    """
    with transaction.atomic():
        person = deciding.person(actor, {Role.SECRETARIAT}, "The secretariat proposes changes.")
        row = queries.base(name)
        given = typed.new_value(row, value)
        if valid_from < at.date():
            raise Invalid.of("valid_from", "A rule is not changed backwards: today or later.")
        _not_taken(name, valid_from)
        change = RuleChange(
            name=name, value=str(given), valid_from=valid_from,
            source=deciding.words("source", source, deciding.LONGEST_SOURCE), verified=verified,
            proposer=person, proposer_name=actor.name, proposed_at=at,
        )
        try:
            with transaction.atomic():
                change.save()
        except IntegrityError:  # proposed by somebody else since the look
            raise AlreadyProposed(WAITS) from None
        _record("rulebook.propose_change", change, actor, at)
    return change


def approve_change(*, actor: Actor, at: datetime, change_id: int) -> RuleChange:
    """Another person, of the Board or the secretariat, approves: it holds from its first day on.

    Raises NotFound, Forbidden, SamePerson, AlreadyDecided, TooLate, Invalid.
    """
    with transaction.atomic():
        person = deciding.person(actor, queries.DECIDERS, "The Board or the secretariat approves.")
        change = _waiting(change_id)
        deciding.second_person(change, person, "change")
        if change.valid_from < at.date():
            raise TooLate("Its first day has passed: nothing changes backwards. Propose it anew.")
        _not_taken(change.name, change.valid_from, but=change.pk)
        change.approve()
        deciding.sign(change, actor, person, at)
        change.save(update_fields=deciding.DECISION)
        _record("rulebook.approve_change", change, actor, at)
    return change


def reject_change(*, actor: Actor, at: datetime, change_id: int, reason: str) -> RuleChange:
    """Turn a change down with a reason, or take one's own back.

    Raises NotFound, Forbidden, AlreadyDecided, Invalid.
    """
    with transaction.atomic():
        person = deciding.person(actor, queries.DECIDERS, "The Board or the secretariat decides.")
        change = _waiting(change_id)
        change.reason = deciding.words("reason", reason, deciding.LONGEST_REASON)
        change.reject()
        deciding.sign(change, actor, person, at)
        change.save(update_fields=deciding.DECISION)
        _record("rulebook.reject_change", change, actor, at)
    return change


def _waiting(change_id: int) -> RuleChange:
    return deciding.waiting(locks.change(change_id), "change")


def _not_taken(name: str, valid_from: date, *, but: int = 0) -> None:
    others = RuleChange.objects.filter(name=name).exclude(pk=but)
    if others.filter(state=RuleChange.State.PROPOSED).exists():
        raise AlreadyProposed(WAITS)
    if others.filter(state=RuleChange.State.APPROVED, valid_from=valid_from).exists():
        raise Invalid.of("valid_from", "A change from this very day on is approved already.")


def _record(verb: str, change: RuleChange, actor: Actor, at: datetime) -> None:
    facts: dict[str, Any] = {
        "name": change.name, "value": change.value, "valid_from": change.valid_from.isoformat(),
        "verified": change.verified,
    }
    record(verb, actor=actor, subject=change, at=at, facts=facts)
