"""The focal points of scope (a) ask the registry to forward CERs of the pending account.

Sole or shared, one signature does; joint, all sign. Then the request is a proposal in the registry,
with the last signer as its initiator, and a second person approves it there (domain, 2.6 and 4).
"""

from datetime import datetime

from django.db import transaction

from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, NotFound
from cdm_portal.values import Actor
from projects import lifecycle
from projects import locks as landing
from projects.participant import locks, speaking
from projects.participant.actions.communication import NotOpen
from projects.participant.communication.models import ForwardingRequest, Signature
from registry import actions as registry
from registry import queries as registry_queries


def request_forwarding(
    *,
    actor: Actor,
    at: datetime,
    project_id: int,
    to_account_id: int,
    quantity: int,
    commitment_period: int,
) -> ForwardingRequest:
    """Ask for a forwarding and sign it; it goes to the registry at once unless others must sign.

    Raises NotOpen, Forbidden with who speaks, NotFound, and the refusals of
    `registry.actions.propose_forwarding`.
    """
    with transaction.atomic():
        project = landing.project(project_id)
        if not speaking.concerned(actor).filter(pk=project.pk).exists():
            raise NotFound("There is no such project.")
        if project.number is None:
            raise NotOpen(speaking.why_not_forward(actor, project, at))
        reason, statement = speaking.why_not_forward(actor, project, at), speaking.in_force(project)
        if reason or statement is None:
            raise Forbidden(reason)
        asked = ForwardingRequest.objects.create(
            project=project, statement=statement, to_account_id=to_account_id,
            quantity=quantity, commitment_period=commitment_period, proposed_by_id=actor.office,
            proposer_name=actor.name, proposed_at=at,
        )
        _record("participant.request_forwarding", actor, at, asked)
        _sign(actor, at, asked)
    return asked


def sign_forwarding(*, actor: Actor, at: datetime, request_id: int) -> ForwardingRequest:
    """Sign a request of a joint scope; the last signature takes it to the registry.

    Raises NotOpen, Forbidden, NotFound, and the registry's refusals.
    """
    with transaction.atomic():
        asked = locks.forwarding(request_id)
        if not speaking.concerned(actor).filter(pk=asked.project_id).exists():
            raise NotFound("There is no such request.")
        if reason := speaking.why_not_sign_forwarding(actor, asked, at):
            if speaking.may_sign(actor, asked.project, "a", at):
                raise NotOpen(reason)
            raise Forbidden(reason)
        _sign(actor, at, asked)
    return asked


def _sign(actor: Actor, at: datetime, asked: ForwardingRequest) -> None:
    Signature.objects.create(
        forwarding=asked, organisation_id=actor.office, person_id=actor.person, name=actor.name,
        at=at,
    )
    if not asked.unsigned():
        lifecycle.ask(asked, "propose", actor)
        asked.proposal = registry.propose_forwarding(
            actor=actor, at=at, project_number=asked.project.number or "",
            from_account_id=registry_queries.pending_account().pk,
            to_account_id=asked.to_account_id, quantity=asked.quantity,
            commitment_period=asked.commitment_period, key=asked.key, mandated=True,
        )
        asked.propose()
        asked.decided_at = at
        asked.save(update_fields=["state", "proposal", "decided_at"])
    _record("participant.sign_forwarding", actor, at, asked)


def withdraw_forwarding(*, actor: Actor, at: datetime, request_id: int) -> ForwardingRequest:
    """The entity that asked takes its request back while signatures are missing.

    Raises NotNow, Forbidden, NotFound.
    """
    with transaction.atomic():
        asked = locks.forwarding(request_id)
        if not speaking.concerned(actor).filter(pk=asked.project_id).exists():
            raise NotFound("There is no such request.")
        lifecycle.ask(asked, "withdraw", actor)
        asked.withdraw()
        asked.decided_at = at
        asked.save(update_fields=["state", "decided_at"])
        _record("participant.withdraw_forwarding", actor, at, asked)
    return asked


def _record(verb: str, actor: Actor, at: datetime, asked: ForwardingRequest) -> None:
    record(
        verb, actor=actor, subject=asked, at=at, project=asked.project.reference,
        facts={"quantity": asked.quantity, "to_account": asked.to_account_id,
               "state": asked.state},
    )
