"""What sellers earned, what of it was sent to them, and what is still due, project by project."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from cdm_portal.identity.models import Organisation
from cdm_portal.queues import Item, Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from offsets.banking.desk import BLANK
from offsets.models import MoneyEntry, Payout, PayoutPart
from projects.lifecycle import Stage

NOTHING, CENT = Decimal("0.00"), Decimal("0.01")
DOLLARS = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Balance:
    """A project of a seller: sales, tonnes, and US dollars earned, sent, and waiting for a second
    person. `last` is when the last sale came.
    """

    project_id: int
    title: str
    number: str
    sales: int
    tonnes: int
    earned: Decimal
    last: datetime
    paid: Decimal
    waiting: Decimal

    @property
    def due(self) -> Decimal:
        """What was earned and not sent."""
        return self.earned - self.paid

    @property
    def average(self) -> Decimal:
        """US dollars a tonne, to the cent."""
        return (self.earned / self.tonnes).quantize(CENT)

    @property
    def open(self) -> Decimal:
        """What another payout may take: due, and not waiting in one already."""
        return self.due - self.waiting


def earned_by(seller_id: int) -> QuerySet[MoneyEntry]:
    """What a seller earned: an entry for each line of an order that was cancelled."""
    return MoneyEntry.objects.filter(
        credit=MoneyEntry.Account.PARTICIPANT, participant_id=seller_id
    )


def balances(seller_id: int) -> list[Balance]:
    """By project, the most earned first. Two statements."""
    project = "line__offer__project"
    earned: Any = earned_by(seller_id).order_by().values(
        project_id=F(project), title=F(f"{project}__title"), number=F(f"{project}__number"),
    ).annotate(
        sales=Count("pk"), tonnes=Sum("line__quantity"), earned=Sum("amount"), last=Max("at"),
    )  # fmt: skip
    sent = _sent(seller_id)
    found = [
        Balance(
            **row, paid=sent.get((row["project_id"], "paid"), NOTHING),
            waiting=sent.get((row["project_id"], "proposed"), NOTHING),
        )
        for row in earned
    ]
    return sorted(found, key=lambda each: (-each.earned, each.title))


def _sent(seller_id: int) -> dict[tuple[int, str], Decimal]:
    parts = (
        PayoutPart.objects.filter(payout__seller=seller_id).exclude(payout__state="refused")
        .order_by().values_list("project_id", "payout__state").annotate(Sum("amount"))
    )
    return {(project, state): amount for project, state, amount in parts}


def payouts_to(seller_id: int) -> QuerySet[Payout]:
    """What was sent to a seller and found by two persons, newest first."""
    return (
        Payout.objects.filter(seller=seller_id, state=Payout.State.PAID)
        .prefetch_related("parts__project").order_by("-pk")
    )


def parts_to(seller_id: int) -> QuerySet[PayoutPart]:
    """The same, project by project, for a table."""
    return PayoutPart.objects.filter(
        payout__seller=seller_id, payout__state=Payout.State.PAID
    ).select_related("payout", "project").order_by("pk")


def proposed() -> QuerySet[Payout]:
    """What waits for a second person."""
    return Payout.objects.filter(state=Payout.State.PROPOSED).select_related("seller")


def decided() -> QuerySet[Payout]:
    """What was decided, newest first."""
    found = Payout.objects.exclude(state=Payout.State.PROPOSED)
    return found.select_related("seller").order_by("-pk")


def sellers() -> QuerySet[Organisation]:
    """Sellers to whom something is due, with `earned`, `paid` and `due` in US dollars."""
    own = MoneyEntry.objects.filter(participant=OuterRef("pk")).order_by().values("participant")

    def total(**where: str) -> Coalesce:
        return Coalesce(
            Subquery(own.filter(**where).values(n=Sum("amount"))), Value(NOTHING),
            output_field=DOLLARS,
        )

    return (
        Organisation.objects.filter(Exists(own.filter(credit="participant")))
        .annotate(earned=total(credit="participant"), paid=total(debit="participant"))
        .annotate(due=F("earned") - F("paid")).filter(due__gt=0)
    )


def seller(pk: int) -> Organisation:
    """Who sold something once. Raises NotFound."""
    found = Organisation.objects.filter(pk=pk).filter(Exists(earned_by(pk))).first()
    if found is None:
        raise NotFound("Nobody with this number has sold anything.")
    return found


def payout(pk: int) -> Payout:
    """A payout with its parts. Raises NotFound."""
    found = (
        Payout.objects.select_related("seller").prefetch_related("parts__project")
        .filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such payout.")
    return found


def queue(actor: Actor) -> Iterator[Line]:
    """Payouts that wait for a second person of the secretariat."""
    if actor.role == Role.SECRETARIAT:
        yield Line(
            "offsets.payout", proposed(), lambda each, _told: _item(each, actor),
            related=("seller",),
        )


def _item(payout: Payout, actor: Actor) -> Item:
    url = reverse("offsets:payout", args=[payout.pk])
    own = payout.proposed_by_id == actor.person_id
    return BLANK | {
        "title": _("%(amount)s to %(seller)s") % {
            "amount": formats.money(payout.money), "seller": payout.seller.name},
        "url": url, "action_url": url, "stage_label": Stage.OFFSETTING.label,
        "what": _("%(who)s has sent it.") % {"who": payout.proposed_name},
        "waiting_for": _("Another person") if own else _("You"),
        "action_label": _("Confirm the payout"),
        "why_not": _("You sent this payout; another person confirms it.") if own else "",
    }
