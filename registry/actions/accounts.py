"""Accounts: opened, represented, frozen. Where they stand, and their end, is in standing.py."""

from datetime import datetime

from django.db import transaction

from cdm_portal.identity import queries as identity
from cdm_portal.journal.record import record
from cdm_portal.values import Actor, Role
from registry import access
from registry.errors import refusal
from registry.governance.models import Representative
from registry.locks import call, retried
from registry.models import Account, Block, Transaction


@retried
def open_account(
    *,
    actor: Actor,
    at: datetime,
    kind: int,
    party_code: str | None,
    holder_id: int | None,
    name: str,
    external: bool = False,
) -> Account:
    """Open a holding account (100, 120, 121) with a Party for a holder; its number is made here.

    `external` ones belong to the simulated national registry of the Party (100, 121, 230, 300) and
    need no holder. Raises NotPermitted, WrongAccount, AccountExists, UnknownParty, Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.SYSTEM)
    with transaction.atomic():
        pk = call(
            "registry_open_account", kind, party_code, holder_id, name, access.person(actor), at,
            external,
        )  # fmt: skip
        account = Account.objects.get(pk=pk)
        record(
            "registry.open_account", actor=actor, subject=account, at=at,
            facts={"number": account.number},
        )  # fmt: skip
    return account


@retried
def name_representative(
    *, actor: Actor, at: datetime, account_id: int, person_id: int
) -> Representative:
    """Name a person of the holder's organisation who acts for its account: at most three.

    Raises NotPermitted, NotAMember, TooManyRepresentatives, AccountExists (named already),
    AccountClosed, WrongAccount, UnknownAccount.
    """
    access.only(actor, *access.EXECUTES)
    account = Account.objects.filter(pk=account_id).first()
    members = identity.people_in(account.holder_id, Role.PARTICIPANT, at.date()) if (
        account is not None and account.holder_id is not None
    ) else None  # fmt: skip
    if members is not None and not members.filter(person_id=person_id).exists():
        raise refusal("R214", field="person")
    with transaction.atomic():
        pk = call("registry_represent", account_id, person_id, access.person(actor), at)
        named = Representative.objects.get(pk=pk)
        record("registry.represent", actor=actor, subject=named, at=at,
               facts={"account": account_id, "seat": named.seat})  # fmt: skip
    return named


@retried
def recall_representative(
    *, actor: Actor, at: datetime, representative_id: int
) -> Representative:
    """Recall a representative; the seat is free again. Raises NotPermitted, UnknownRepresentative.
    """
    access.only(actor, *access.EXECUTES)
    with transaction.atomic():
        call("registry_recall", representative_id, access.person(actor), at)
        recalled = Representative.objects.get(pk=representative_id)
        record("registry.recall", actor=actor, subject=recalled, at=at,
               facts={"account": recalled.account_id, "seat": recalled.seat})  # fmt: skip
    return recalled


@retried
def freeze(
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    account_id: int | None = None,
    block_id: int | None = None,
) -> Transaction:
    """Freeze an account or a block: from now on nothing of it moves, is offered or is cancelled.

    Waits for what is in flight. Lifting it is a measure of two persons. Raises NotPermitted, Frozen
    (already), UnknownAccount, AccountClosed, Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.SYSTEM)
    with transaction.atomic():
        pk = call("registry_freeze", account_id, block_id, access.person(actor), reason, at)
        booking = Transaction.objects.get(pk=pk)
        subject: Account | Block = (
            Account.objects.get(pk=account_id)
            if account_id is not None
            else Block.objects.get(pk=block_id or 0)
        )
        record("registry.freeze", actor=actor, subject=subject, at=at, facts={"reason": reason})
    return booking
