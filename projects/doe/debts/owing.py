"""How much of a debt is repaid, and why a DOE that owes can do nothing that counts."""

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from projects.doe.debts.models import Debt, Repayment
from registry.governance.models import Proposal


def _units(*states: str) -> Any:
    """The units of a debt's proposals in these states."""
    named = Repayment.objects.filter(debt=OuterRef("pk"), proposal__state__in=states)
    total = named.order_by().values("debt").annotate(total=Sum("proposal__quantity"))
    units = Cast(Subquery(total.values("total")), BigIntegerField())
    return Coalesce(units, 0, output_field=BigIntegerField())


def facts() -> dict[str, Any]:
    """Of rows of debts: what is cancelled for them, and what is proposed and not cancelled yet."""
    return {"cancelled": _units(Proposal.State.EXECUTED), "proposed": _units(*Proposal.OPEN)}


def counted() -> QuerySet[Any]:
    """Every debt with `cancelled` and `proposed` units, newest first."""
    found: QuerySet[Any] = Debt.objects.annotate(**facts())
    return found.select_related("doe", "period__project", "component__programme")


def unpaid() -> QuerySet[Any]:
    """The debts of which something is not cancelled yet, whether or not that is noted."""
    return counted().filter(repaid_at=None, cancelled__lt=F("quantity"))


def numbers(organisation: str) -> QuerySet[Any, int]:
    """As a subquery: the keys of what a DOE owes, of rows that know it by this path."""
    found = unpaid().filter(doe=OuterRef(organisation)).order_by("pk")
    return found.values_list("pk", flat=True)


def owed_by(organisation_id: int) -> list[int]:
    """The keys of the debts that a DOE has not repaid, oldest first."""
    found = unpaid().filter(doe_id=organisation_id).order_by("pk")
    return list(found.values_list("pk", flat=True))


def reason(debts: list[int]) -> str:
    """Why a DOE with these debts is refused, and where it repays them; empty without any."""
    if not debts:
        return ""
    named = ", ".join(f"XD-{pk:05} ({reverse('doe-public:debt', args=[pk])})" for pk in debts)
    return f"it owes CERs and has to cancel them first: {named}."
