"""Stop everything alone and at once; change who may move what by two persons."""

from datetime import datetime, timedelta

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.values import Actor, Role
from registry import access
from registry.governance.models import Measure
from registry.locks import call, retried
from registry.models import Account, Transaction


@retried
def stop(*, actor: Actor, at: datetime, reason: str) -> Transaction:
    """Stop every move of the registry from this moment on; to let it move again is a measure.

    Raises NotPermitted, AlreadyDecided (stopped already), Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.SYSTEM)
    with transaction.atomic():
        pk = call("registry_halt", access.person(actor), reason, at)
        booking = Transaction.objects.get(pk=pk)
        record("registry.stop", actor=actor, subject=booking, at=at, facts={"reason": reason})
    return booking


@retried
def propose_measure(
    *,
    actor: Actor,
    at: datetime,
    verb: str,
    reason: str,
    account_id: int | None = None,
    block_id: int | None = None,
    trusted_id: int | None = None,
) -> Measure:
    """Propose to trust an account, or no longer, to lift a freeze, or to let the registry move.

    A holder proposes for its own account and its trusted accounts alone. Raises NotPermitted,
    AlreadyWaiting, AlreadyDecided, AccountClosed, WrongAccount, UnknownAccount, Unusable.
    """
    lists = verb in (Measure.Verb.TRUST, Measure.Verb.DISTRUST)
    access.only(actor, *access.EXECUTES, *((Role.PARTICIPANT,) if lists else ()))
    if account_id is not None:
        access.disposes(actor, account_id)
    with transaction.atomic():
        pk = call(
            "registry_propose_measure", verb, account_id, block_id, trusted_id, reason,
            access.person(actor), at,
        )  # fmt: skip
        measure = Measure.objects.get(pk=pk)
        record("registry.propose_measure", actor=actor, subject=measure, at=at,
               facts={"verb": verb, "reason": reason})  # fmt: skip
    return measure


@retried
def approve_measure(
    *, actor: Actor, at: datetime, measure_id: int, seen_sha256: str | None = None
) -> Transaction:
    """Execute a measure, as a second person. New trust counts when its delay is over.

    Raises NotPermitted, SamePerson, HashMismatch, AlreadyDecided, UnknownProposal, and what
    `propose_measure` raises where things changed meanwhile.
    """
    access.only(actor, *access.EXECUTES)
    seen = bytes.fromhex(seen_sha256) if seen_sha256 else None
    delay = timedelta(hours=parameters.number("trusted_delay_hours", at.date()))
    with transaction.atomic():
        pk, new = call(
            "registry_approve_measure", measure_id, access.person(actor), seen, delay, at
        )
        booking = Transaction.objects.get(pk=pk)
        if new:
            lifted = booking.verb == Measure.Verb.LIFT  # told to the holder, as the restriction was
            subject = Account.objects.get(pk=booking.facts["account"]) if lifted else booking
            record(f"registry.{booking.verb}", actor=actor, subject=subject, at=at,
                   facts={"measure": measure_id})  # fmt: skip
    return booking


@retried
def reject_measure(*, actor: Actor, at: datetime, measure_id: int, reason: str) -> Measure:
    """Decide that a measure is not executed; who proposed it may withdraw it like this.

    Raises NotPermitted, AlreadyDecided, UnknownProposal, Unusable.
    """
    access.only(actor, *access.EXECUTES)
    with transaction.atomic():
        call("registry_reject_measure", measure_id, access.person(actor), reason, at)
        measure = Measure.objects.get(pk=measure_id)
        record("registry.reject_measure", actor=actor, subject=measure, at=at,
               facts={"reason": reason})  # fmt: skip
    return measure
