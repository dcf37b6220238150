"""Where an account stands: restricted or suspended by one person, lifted by two (measures); its
closure asked for by one, closed by another."""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.values import Actor, Role
from registry import access
from registry.governance.models import Closure
from registry.locks import call, retried
from registry.models import Account


@retried
def restrict_account(
    *, actor: Actor, at: datetime, account_id: int, standing: str, reason: str
) -> Account:
    """Restrict or suspend an account at once, or more than before; lifting it is a measure.

    `standing` is one of RESTRICTIONS. Waits for what is in flight. Raises NotPermitted,
    WrongStanding, WrongAccount (the registry's own), AccountClosed, UnknownAccount, Unusable.
    """
    access.only(actor, *access.EXECUTES)
    with transaction.atomic():
        call("registry_restrict", account_id, standing, access.person(actor), reason, at)
        account = Account.objects.get(pk=account_id)
        record("registry.restrict_account", actor=actor, subject=account, at=at,
               facts={"standing": standing, "reason": reason})  # fmt: skip
    return account


@retried
def ask_closure(*, actor: Actor, at: datetime, account_id: int, reason: str) -> Closure:
    """Ask for an account to be closed, as its holder's representative or as the registry.

    From now on it takes no units. Raises NotPermitted, UnknownAccount, AccountClosed, WrongAccount,
    WrongStanding (asked for already), Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.PARTICIPANT)
    access.disposes(actor, account_id)
    with transaction.atomic():
        pk = call(
            "registry_ask_closure", account_id, access.person(actor), _by_holder(actor), reason, at
        )
        closure = Closure.objects.get(pk=pk)
        record("registry.ask_closure", actor=actor, subject=closure.account, at=at,
               facts={"reason": reason})  # fmt: skip
    return closure


@retried
def withdraw_closure(*, actor: Actor, at: datetime, account_id: int) -> Closure:
    """Take back that a closure is asked for; the account stands where it stood before.

    The side that asked does it. Raises NotPermitted, UnknownAccount, WrongStanding (not asked for).
    """
    access.only(actor, *access.EXECUTES, Role.PARTICIPANT)
    access.disposes(actor, account_id)
    with transaction.atomic():
        pk = call(
            "registry_withdraw_closure", account_id, access.person(actor), _by_holder(actor), at
        )
        closure = Closure.objects.get(pk=pk)
        record("registry.withdraw_closure", actor=actor, subject=closure.account, at=at)
    return closure


@retried
def close_account(*, actor: Actor, at: datetime, account_id: int, reason: str) -> Account:
    """Close an empty account for good, as another person than asked for it.

    Raises NotPermitted, SamePerson, WrongStanding (nobody asked), NotEmpty, AccountClosed, Frozen,
    WrongAccount (the registry's own), UnknownAccount, Unusable.
    """
    access.only(actor, *access.EXECUTES)
    with transaction.atomic():
        call("registry_close_account", account_id, access.person(actor), reason, at)
        account = Account.objects.get(pk=account_id)
        record("registry.close_account", actor=actor, subject=account, at=at,
               facts={"reason": reason})  # fmt: skip
    return account


def _by_holder(actor: Actor) -> bool:
    return actor.role == Role.PARTICIPANT
