"""What DOEs owe in CERs: public lists, one debt, what is left of it, what waits."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import deadlines, formats
from cdm_portal.queues import Facts, Line
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects.doe.debts import owing
from projects.doe.models import Debt, Repayment
from registry import knowing
from registry.governance.models import Proposal
from registry.models import Account
from registry.serials import CER


def debts_of(organisation_id: int | None = None) -> QuerySet[Any]:
    """Every debt, or those of one DOE, newest first, with `cancelled` and `proposed` units."""
    found = owing.counted()
    return found if organisation_id is None else found.filter(doe_id=organisation_id)


def in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Of rows of `debts_of`, those that are "open", or "repaid"."""
    if state == "open":
        return rows.filter(cancelled__lt=F("quantity"))
    return rows.filter(cancelled__gte=F("quantity"))


def debt(pk: int) -> Debt:
    """One debt, as `debts_of` answers it. Raises NotFound."""
    found: Debt | None = owing.counted().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such debt.")
    return found


def debts_to_close() -> list[int]:
    """The debts of which all is cancelled and which are not noted as repaid."""
    done = owing.counted().filter(repaid_at=None, cancelled__gte=F("quantity"))
    return list(done.order_by("pk").values_list("pk", flat=True))


def repayments(found: Debt) -> QuerySet[Repayment]:
    """The cancellations that name a debt, in their order."""
    rows: QuerySet[Repayment] = found.repayments.select_related(
        "proposal__tx", "proposal__from_account"
    )
    return rows.order_by("pk")


def is_open_debt(found: Debt) -> bool:
    """Whether something of a debt is not cancelled yet."""
    return _cancelled(found) < found.quantity


def left_open(found: Debt) -> int:
    """The units that can still be proposed for a debt."""
    live = _units(found, Proposal.State.EXECUTED, *Proposal.OPEN)
    return max(found.quantity - live, 0)


def _cancelled(found: Debt) -> int:
    return _units(found, Proposal.State.EXECUTED)


def _units(found: Debt, *states: str) -> int:
    rows = found.repayments.filter(proposal__state__in=states)
    return sum(rows.values_list("proposal__quantity", flat=True))


def why_no_repayment(found: Debt) -> str:
    """Why nothing can be proposed for a debt now; empty when something can."""
    if found.repaid_at is not None or not is_open_debt(found):
        return f"Debt {found.name} is repaid."
    if left_open(found) == 0:
        return f"All of debt {found.name} is proposed for cancellation already."
    return ""


def check_repayment(found: Debt, proposal: Proposal) -> None:
    """Pass when a cancellation can count for a debt that is locked. Raises Invalid at the units."""
    if proposal.unit_type != CER:  # one that does not expire
        raise Invalid.of("type", "Only CERs repay a debt, not units that expire.")
    most = left_open(found)
    if proposal.quantity > most:
        raise Invalid.of(
            "quantity", f"At most {formats.grouped(most)} CERs are left open of debt {found.name}."
        )


def accounts_of(actor: Actor) -> QuerySet[Account]:
    """The accounts out of which the actor may propose a repayment: a holder's own; the registry
    those of every holder.
    """
    found = Account.objects.filter(
        kind__in=knowing.HELD, external=False, adaptation_fund=False, closed_at=None
    )
    if actor.role != Role.REGISTRY:
        found = found.filter(holder_id=actor.office)
    return found.order_by("id")


# What waits


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """A DOE's own debts until they are due; for secretariat, Board and registry those that are
    late.
    """
    rows = Debt.objects.filter(repaid_at=None)
    if actor.role == Role.DOE:
        yield Line(
            "doe.debt", rows.filter(doe_id=actor.office), lambda each, told: _own(each, told, at),
            related=("doe",), until="due_at", facts=owing.facts(),
        )
    if actor.role in {Role.SECRETARIAT, Role.BOARD, Role.REGISTRY}:
        yield Line(
            "doe.debt_late", rows.filter(due_at__lte=at),
            _late, related=("doe",), until="due_at", facts=owing.facts(),
        )


def _own(found: Debt, told: Facts, at: datetime) -> dict[str, Any] | None:
    late = _("Its time is over. ") if found.is_late(at) else ""
    said = late + _("Acquire CERs and have them cancelled: %(left)s of %(all)s are missing.")
    return _item(found, told, said, waiting_for="You (auditor)", action_label=_("Repay it"))


def _late(found: Debt, told: Facts) -> dict[str, Any] | None:
    said = _("Not repaid in time: %(left)s of %(all)s CERs are missing.")
    return _item(found, told, said, waiting_for=found.doe.name, action_label=_("Look at it"))


def _item(found: Debt, told: Facts, said: str, /, **more: Any) -> dict[str, Any] | None:
    left = found.quantity - told["cancelled"]
    if left <= 0:
        return None  # cancelled; the note of it follows
    url = reverse("doe-public:debt", args=[found.pk])
    return {
        "title": found.doe.name, "url": url, "reference": found.name,
        "project": found.get_ground_display(), "stage": 0, "stage_label": "",
        "until": deadlines.last_moment(found.due_at), "tag": "", "tag_kind": "",
        "action_url": url, "why_not": "",
        "what": said % {"left": formats.grouped(left), "all": formats.grouped(found.quantity)},
        **more,
    }
