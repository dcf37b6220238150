"""Transactions that need two persons: proposed by one, approved, rejected or aborted by another."""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Refused
from cdm_portal.values import SYSTEM, Actor, Role
from registry import access
from registry.errors import refusal
from registry.governance.models import Proposal
from registry.locks import call, retried
from registry.models import Account, Transaction
from registry.serials import SerialNumber

logger = logging.getLogger(__name__)

SWEEP = 100
"""How many proposals a housekeeping run takes at once."""

NOT_THE_HOLDERS = (Account.Kind.EXCESS, Account.Kind.MANDATORY, Account.Kind.ADMINISTRATIVE)


@retried
def propose_forwarding(
    *,
    actor: Actor,
    at: datetime,
    project_number: str,
    from_account_id: int,
    to_account_id: int,
    quantity: int,
    commitment_period: int | None = None,
    unit_type: int = 5,
    serials: SerialNumber | None = None,
    key: UUID | None = None,
    mandated: bool = False,
    owed: bool = False,
) -> Proposal:
    """Propose to forward units (10), to transfer them to a national registry (3) or to cancel them
    (4). They are reserved at once; nothing moves before a second person approves.

    `serials` names the very units; without it the lowest free ones of the project are taken. The
    same key with the same content answers the same proposal. A holder asks for units of the pending
    account only with the `mandated` request of the project's focal points, which the works keep
    and check (projects.participant), and cancels for excess issuance only what is `owed` by a DOE,
    whose debts the works keep too (projects.doe). Raises NotPermitted, NotAuthorised,
    NotEnoughUnits, TooManyBlocks, WrongAccount, TerminalAccount, Expired, Unissued, OnOffer,
    Reserved, Frozen, Stopped, AccountClosed, KeyReused, StillRunning, UnknownAccount, Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.PARTICIPANT)
    _ask_holder(actor, from_account_id, to_account_id, mandated=mandated, owed=owed)
    named: tuple[str | None, int | None, int | None] = (None, None, None)
    if serials is not None:
        named = (serials.party, serials.block.first, serials.block.last)
        project_number, quantity = serials.project_number, serials.quantity
        commitment_period, unit_type = serials.applicable_cp, serials.unit_type
    with transaction.atomic():
        pk, new = call(
            "registry_propose", project_number, from_account_id, to_account_id, quantity,
            commitment_period, unit_type, *named, access.person(actor), key or uuid4(), at,
        )  # fmt: skip
        proposal = Proposal.objects.get(pk=pk)
        if new:
            record(
                "registry.propose", actor=actor, subject=proposal, at=at, project=project_number,
                facts={"verb": proposal.verb, "quantity": quantity, "to_account": to_account_id},
            )  # fmt: skip
    return proposal


def _ask_holder(
    actor: Actor, from_account_id: int, to_account_id: int, *, mandated: bool, owed: bool
) -> None:
    """What a holder, unlike the registry, may not propose."""
    if actor.role != Role.PARTICIPANT:
        return
    kinds = dict(
        Account.objects.filter(pk__in=(from_account_id, to_account_id)).values_list("pk", "kind")
    )
    if kinds.get(from_account_id) != Account.Kind.PENDING:
        access.disposes(actor, from_account_id)
    elif not mandated:
        raise refusal("R323")
    into = kinds.get(to_account_id)
    if into in NOT_THE_HOLDERS and not (owed and into == Account.Kind.EXCESS):
        raise refusal("R310", field="to_account")


@retried
def approve_proposal(
    *, actor: Actor, at: datetime, proposal_id: int, seen_sha256: str | None = None
) -> Transaction | None:
    """Approve a proposal, as a second person: its hash is compared, then its units move at once.

    None where they do not move now: a transfer to an account that is not trusted waits for its
    delay, and the journal of postings or the acquiring registry may say no; the proposal tells
    which. `seen_sha256` is the hash that the approver's page showed. Raises NotPermitted,
    SamePerson, HashMismatch, AlreadyDecided, NotAuthorised, Frozen, Stopped, AccountClosed,
    UnknownProposal.
    """
    if actor.role not in access.EXECUTES:
        raise refusal("R421")
    seen = bytes.fromhex(seen_sha256) if seen_sha256 else None
    delay = timedelta(hours=parameters.number("trusted_delay_hours", at.date()))
    with transaction.atomic():
        pk, new = call("registry_approve", proposal_id, access.person(actor), seen, delay, at)
        return _outcome(actor, at, proposal_id, pk, new=new)


def _outcome(
    actor: Actor, at: datetime, proposal_id: int, pk: int | None, *, new: bool
) -> Transaction | None:
    """Record what became of a proposal, and answer its transaction if it has one."""
    proposal = Proposal.objects.get(pk=proposal_id)
    booking = None if pk is None else Transaction.objects.get(pk=pk)
    if new:
        verb = proposal.verb if booking else f"{proposal.verb}_{proposal.state}"
        record(
            f"registry.{verb}", actor=actor, subject=booking or proposal, at=at,
            project=proposal.project_number,
            facts={"proposal": proposal_id, "quantity": proposal.quantity},
        )  # fmt: skip
    return booking


@retried
def execute_proposal(*, actor: Actor, at: datetime, proposal_id: int) -> Transaction | None:
    """Execute an approved proposal whose delay is over; None where it ended without a movement.

    Raises NotPermitted, NotDue, NotReleased, NotAuthorised, Frozen, Stopped, AccountClosed,
    UnknownProposal.
    """
    access.only(actor, *access.EXECUTES, Role.SYSTEM)
    with transaction.atomic():
        before = Proposal.objects.filter(pk=proposal_id, state=Proposal.State.EXECUTED).exists()
        pk = call("registry_execute", proposal_id, at)
        return _outcome(actor, at, proposal_id, pk, new=not before)


def execute_due(*, at: datetime) -> int:
    """Execute every approved proposal whose delay is over, each on its own; answers how many ended.

    What is frozen, stopped or no longer authorised waits, and lapses in the end.
    """
    due = Proposal.objects.filter(state=Proposal.State.APPROVED, execute_after__lte=at)
    ended = 0
    for pk in due.values_list("pk", flat=True)[:SWEEP]:
        try:
            execute_proposal(actor=SYSTEM, at=at, proposal_id=pk)
        except Refused as refused:
            logger.warning("proposal %s waits: %s", pk, refused.message)
        else:
            ended += 1
    return ended


@retried
def lapse_proposals(*, at: datetime) -> int:
    """Cancel what was approved and not finished in time; answers how many."""
    wait = timedelta(hours=parameters.number("transaction_hours", at.date()))
    return int(call("registry_lapse_proposals", wait, SWEEP, at))


@retried
def reject_proposal(*, actor: Actor, at: datetime, proposal_id: int, reason: str) -> Proposal:
    """Decide that a proposal is not executed, or abort it while it waits for its delay; the person
    who proposed it may withdraw it like this. Its units are free again.

    Raises NotPermitted, AlreadyDecided, UnknownProposal, Unusable.
    """
    access.only(actor, *access.EXECUTES, Role.PARTICIPANT)
    with transaction.atomic():
        call("registry_reject", proposal_id, access.person(actor), reason, at)
        proposal = Proposal.objects.get(pk=proposal_id)
        if actor.role == Role.PARTICIPANT and proposal.initiator != actor.person_id:
            raise refusal("R408")
        record(
            "registry.reject", actor=actor, subject=proposal, at=at,
            project=proposal.project_number,
        )  # fmt: skip
    return proposal
