"""What DOEs owe in CERs: read by everybody; a holder or the registry proposes what repays it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, actor_or_none, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor, Role
from projects.doe import actions, queries
from registry.forms import NamedAccount, UnitsForm
from registry.models import Account


class RepayForm(UnitsForm):
    """Which CERs of which account are to be cancelled for a debt."""

    from_account = NamedAccount(
        label=gettext_lazy("From account"), queryset=Account.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose an account.")},
        help_text=gettext_lazy("The account that holds the CERs which the DOE has acquired."),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("Cancelled units never come back. There is no reversal."),
        error_messages={"required": gettext_lazy("Tick that you have read this.")},
    )
    field_order = ("from_account", "project", "period", "quantity", "serials", "understood")

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["type"]
        self.fields["from_account"].queryset = queries.accounts_of(actor)  # type: ignore[attr-defined] # a model choice

    def asked(self) -> dict[str, Any]:
        """As `propose_repayment` takes it."""
        self.cleaned_data.setdefault("type", queries.CER)
        account: Account = self.cleaned_data["from_account"]
        return super().asked() | {"from_account_id": account.pk}


@may((Row.ACCREDITATION, Right.SEE))
def debts(request: HttpRequest) -> HttpResponse:
    """Every debt of every DOE, newest first, with what is left of it."""
    return edges.page(request, "doe/debts.html", {"debts": queries.debts_of(), "at": clock.now()})


@may((Row.ACCREDITATION, Right.SEE))
def debt(request: HttpRequest, pk: int) -> HttpResponse:
    """One debt: its ground, its clock, the cancellations that repaid it, and how to repay it."""
    found, actor = queries.debt(pk), actor_or_none(request)
    return edges.page(request, "doe/debt.html", {
        "found": found, "at": clock.now(), "late": found.is_late(clock.now()),
        "left": max(found.quantity - found.cancelled, 0),  # type: ignore[attr-defined] # annotated
        "repayments": queries.repayments(found),
        "own": actor is not None and actor.organisation_id == found.doe_id,
        "proposes": actor is not None and actor.role in {Role.PARTICIPANT, Role.REGISTRY},
        "executes": actor is not None and actor.role == Role.REGISTRY,
        "why_not": queries.why_no_repayment(found),
    })


@may((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE))
def repay(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to cancel CERs for a debt; a second person of the registry decides."""
    found, actor = queries.debt(pk), actor_of(request)
    form = RepayForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        made = edges.attempt(
            form, actions.propose_repayment, actor=actor, at=clock.now(), debt_id=pk,
            **form.asked(),
        )
        if made is not None:
            messages.success(request, _("Proposed. A second person decides."))
            return redirect("registry:proposal", made.proposal_id)
    return edges.page(request, "doe/repay.html", {
        "form": form, "found": found, "why_not": queries.why_no_repayment(found),
        "left": queries.left_open(found),
    })
