"""Where an account stands: restricted, suspended, lifted, its closure asked for and taken back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor
from registry import access, actions, queries
from registry.forms import ReasonForm, RestrictForm, TakeBackForm
from registry.governance import queries as governance
from registry.models import Account
from registry.views.statements import seen


@may((Row.ACCOUNT, Right.EXECUTE))
def restrict(request: HttpRequest, pk: int) -> HttpResponse:
    """Restrict or suspend an account at once."""
    shown = get_object_or_404(Account, pk=pk)
    form = RestrictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = edges.attempt(
            form, actions.restrict_account, actor=actor_of(request), at=clock.now(),
            account_id=pk, **form.cleaned_data,
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("Account %(number)s: %(status)s.") % {
                "number": done.number, "status": done.get_standing_display().lower()})
            return redirect("registry:account", pk)
    return edges.page(request, "registry/account_restrict.html", {"form": form, "account": shown})


@may((Row.ACCOUNT, Right.EXECUTE))
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to lift what restricts an account; a second person decides."""
    shown = get_object_or_404(Account, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = edges.attempt(
            form, actions.propose_measure, actor=actor_of(request), at=clock.now(), verb="lift",
            account_id=pk, reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Proposed. A second person lifts it."))
            return redirect("registry:account", pk)
    return edges.page(request, "registry/account_lift.html", {"form": form, "account": shown})


@may((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE))
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for an account to be closed, or take it back, as its holder or as the registry."""
    actor, now = actor_of(request), clock.now()
    shown = _own(actor, pk)
    asked = governance.closure_of(pk)
    back = request.POST.get("do") == "withdraw"
    form = (TakeBackForm if back else ReasonForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"actor": actor, "at": now, "account_id": pk}
        done: Any = (
            edges.attempt(form, actions.withdraw_closure, **given) if back else
            edges.attempt(form, actions.ask_closure, reason=form.cleaned_data["reason"], **given)
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("Taken back.") if back else _(
                "Asked for. Another person closes the account once it is empty."))
            return redirect("registry:account", pk)
    context = {"form": form, "account": shown, "asked": asked, "balance": queries.balance(pk)}
    return edges.page(request, "registry/account_closure.html", context)


def _own(actor: Actor, pk: int) -> Account:
    account = seen(actor, pk)
    mine = actor.role in access.EXECUTES or access.holds(actor, account)
    if not mine or account.external or account.pk < 1000:
        raise Http404
    return account

