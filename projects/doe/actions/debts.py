"""A DOE's debt in CERs: opened with a decision of the Board, repaid by cancellations that name it.

The DOE acquires CERs of any project from a holder. The holder, or the registry at its request,
proposes their cancellation for the debt and a second person of the registry approves: the units go
from the seller to the account for excess issuance, since nothing moves between holding accounts.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from cdm_portal import deadlines, parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Refused
from cdm_portal.values import SYSTEM, Actor, Role
from projects.doe import locks, queries
from projects.doe.models import Debt, Repayment
from projects.models import MonitoringPeriod
from projects.programmes.models import Component
from registry import actions as registry
from registry import queries as registry_queries


def open_debt(
    *, actor: Actor, at: datetime, organisation_id: int, quantity: int,
    period: MonitoringPeriod | None = None, component: Component | None = None,
) -> Debt:
    """Open the debt that a decision of the Board makes: so many CERs, due at 24:00 UTC of the last
    day (parameter `excess_repayment_days`). Inside the caller's transaction, which decides; the
    database refuses a debt without a decision. Raises Forbidden for another role.
    """
    if actor.role != Role.BOARD:
        raise Forbidden("A debt follows from a decision of the Executive Board.")
    ground = Debt.Ground.INCLUSION if component else Debt.Ground.ISSUANCE
    project = component.programme if component else period and period.project
    days = parameters.number("excess_repayment_days", at.date())
    made: Debt = Debt.objects.create(
        doe_id=organisation_id, ground=ground, period=period, component=component,
        quantity=quantity, opened_at=at, due_at=deadlines.due_at(at, days),
    )
    record(
        "doe.open_debt", actor=actor, subject=made, at=at,
        project=project.reference if project else "",
        facts={"quantity": quantity, "ground": ground},
    )
    return made


def propose_repayment(
    *, actor: Actor, at: datetime, debt_id: int, from_account_id: int, **units: Any
) -> Repayment:
    """A holder who sold CERs to the DOE, or the registry, proposes their cancellation for a debt.

    `units` as `registry.actions.propose_forwarding` takes them; CERs alone, never more than the
    debt leaves open. Raises Forbidden, NotFound, Refused once it is repaid, Invalid at the units,
    and the registry's refusals.
    """
    if actor.role not in {Role.PARTICIPANT, Role.REGISTRY}:
        raise Forbidden("A holder of CERs, or the registry, proposes their cancellation.")
    with transaction.atomic():
        debt = locks.debt(debt_id)
        if reason := queries.why_no_repayment(debt):
            raise Refused(reason)
        made = registry.propose_forwarding(
            actor=actor, at=at, from_account_id=from_account_id, owed=True,
            to_account_id=registry_queries.excess_account().pk, **units,
        )
        queries.check_repayment(debt, made)
        named: Repayment = Repayment.objects.create(debt=debt, proposal=made, at=at)
        record(
            "doe.propose_repayment", actor=actor, subject=debt, at=at, project=made.project_number,
            facts={"proposal": made.pk, "quantity": made.quantity},
        )
    return named


def close_repaid(*, at: datetime) -> int:
    """Note every debt of which all is cancelled, each on its own; answers how many.

    What a DOE may do does not wait for this note: it counts the cancellations.
    """
    return sum(_close(pk, at) for pk in queries.debts_to_close())


def _close(debt_id: int, at: datetime) -> bool:
    with transaction.atomic():
        debt = locks.debt(debt_id)
        if debt.repaid_at is not None:
            return False  # another run was first
        debt.repaid_at = at
        debt.save(update_fields=["repaid_at"])
        record(
            "doe.repay_debt", actor=SYSTEM, subject=debt, at=at, facts={"quantity": debt.quantity}
        )
    return True
