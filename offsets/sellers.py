"""What a participant has on offer, and what it could offer besides: questions of its desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cdm_portal.values import Actor, Role
from offsets import offerable as stored
from offsets import payouts, stock
from offsets.models import CancelledEntry, Offer
from projects.models import Project
from registry.models import Block


@dataclass(frozen=True, slots=True)
class Offerable:
    """Units of a project and commitment period that its participant holds and has not offered."""

    project: Project
    account_id: int
    account_number: str
    commitment_period: int
    quantity: int


def offers_by(actor: Actor, at: datetime) -> QuerySet[Any]:
    """The acting participant's offers, newest first."""
    own = Offer.objects.filter(seller_id=actor.organisation_id or 0)
    return stock.with_tonnes(own, at).order_by("-pk")


def offerable(actor: Actor, project: Project | None = None) -> QuerySet[Block]:
    """What the acting participant could offer today, of all projects or of one: the first block of
    each kind of units, with `found`, how many there are. `told_offerable` names them.
    """
    none: QuerySet[Block] = Block.objects.none()
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        return none
    accounts = stored.holding_accounts(actor.organisation_id)
    if not accounts:
        return none
    firsts = stored.first_blocks(accounts, actor.organisation_id)
    if project is not None:
        firsts = firsts.filter(issuance__project_number=project.number)
    units = firsts.annotate(found=Subquery(stored.all_free()))
    return units.select_related("issuance", "account").order_by("account_id", "pk")


def told_offerable(firsts: Iterable[Block]) -> list[Offerable]:
    """What stands for each of some first blocks. One statement for their projects."""
    shown = list(firsts)
    numbers = {block.issuance.project_number for block in shown}
    projects = {each.number: each for each in Project.objects.filter(number__in=numbers)}
    return [
        Offerable(
            projects[block.issuance.project_number], block.account_id, block.account.number,
            block.issuance.applicable_cp, getattr(block, "found", 0),
        )
        for block in shown
    ]


# What was sold


def sales_of(actor: Actor) -> QuerySet[Any]:
    """What the acting participant earned, a row for each line of an order that was cancelled, with
    `shown_name` and `shown_reason` as the public record has them: empty where withheld.
    """
    public = CancelledEntry.objects.filter(cancellation=OuterRef("line__cancellation"))
    return payouts.earned_by(actor.organisation_id or 0).select_related(
        "order__certificate", "line__order__certificate", "line__offer__project",
        "line__cancellation",
    ).annotate(
        shown_name=Coalesce(Subquery(public.values("beneficiary")), Value("")),
        shown_reason=Coalesce(Subquery(public.values("reason")), Value("")),
    )
