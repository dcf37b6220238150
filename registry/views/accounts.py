"""Accounts: opened and closed by the registry, read by their holder; units leave by proposal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cdm_portal import clock, edges, keyset
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor, Role
from registry import access, actions, acts, queries
from registry.forms import AccountForm, CancelForm, ReasonForm, TransferForm, UnitsForm
from registry.governance import queries as governance
from registry.models import Account
from registry.views.statements import seen


@may((Row.BALANCE, Right.READ_ALL), (Row.ACCOUNT, Right.READ))
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that the actor may see."""
    shown = edges.listed(request, access.visible(actor_of(request)), ("pk",))
    return render(request, "registry/accounts.html", {"accounts": shown})


@may((Row.ACCOUNT, Right.EXECUTE))
def account_new(request: HttpRequest) -> HttpResponse:
    """Open an account, here or in a simulated national registry."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = edges.attempt(
            form, actions.open_account, actor=actor_of(request), at=clock.now(), **form.asked()
        )
        if made is not None:
            messages.success(request, _("Account %s is open.") % made.number)
            return redirect("registry:account", made.pk)
    return edges.page(request, "registry/account_new.html", {"form": form})


@may((Row.BALANCE, Right.READ_ALL), (Row.ACCOUNT, Right.READ))
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Holdings, what waits and the newest of the statement, for the holder and the registry."""
    actor = actor_of(request)
    shown, balance = seen(actor, pk), queries.balance(pk)
    rows = queries.statement(pk)
    firsts = edges.listed(
        request, queries.first_blocks(pk), queries.FIRST, name="held_after", size=keyset.SHORT
    )
    context = {
        "account": shown, "balance": balance, "firsts": firsts,
        "holdings": queries.holdings(pk, firsts.rows) if firsts.rows else [],
        "rows": rows, "acts": acts.of_account(actor, shown, balance),
        "closure": governance.closure_of(pk),
        "open": governance.open_proposals(pk), "trusted": governance.trusted_by(pk),
        "representatives": governance.representatives(pk), "now": clock.now(),
        "blocks": governance.blocks_in(pk) if actor.role in access.EXECUTES else [],
    }  # fmt: skip
    return render(request, "registry/account.html", context)


@may((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE))
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to cancel units of an account outside the shop; a second person decides."""
    actor = actor_of(request)
    shown = _giving(actor, pk)
    form = CancelForm(
        request.POST or None, initial=request.GET.dict(), by_holder=actor.role == Role.PARTICIPANT
    )
    if request.method == "POST" and form.is_valid():
        made = _proposed(form, actor, pk, form.to_account_id)
        if made is not None:
            messages.success(request, _("Proposed. A second person decides."))
            return redirect("registry:account", pk)
    return edges.page(request, "registry/account_cancel.html", {"form": form, "account": shown})


@may((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE))
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to transfer units to an account of a national registry."""
    actor = actor_of(request)
    shown = _giving(actor, pk)
    form = TransferForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        made = _proposed(form, actor, pk, form.cleaned_data["to_account"].pk)
        if made is not None:
            messages.success(request, _("Proposed. A second person decides."))
            return redirect("registry:account", pk)
    context = {"form": form, "account": shown, "trusted": governance.trusted_by(pk)}
    return edges.page(request, "registry/account_transfer.html", context)


@may((Row.ACCOUNT, Right.EXECUTE))
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an empty account for good."""
    shown = get_object_or_404(Account, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = edges.attempt(
            form, actions.close_account, actor=actor_of(request), at=clock.now(), account_id=pk,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("Account %s is closed.") % done.number)
            return redirect("registry:account", pk)
    return edges.page(request, "registry/account_close.html", {"form": form, "account": shown})


def _proposed(form: UnitsForm, actor: Actor, pk: int, to_account_id: int) -> Any:
    return edges.attempt(
        form, actions.propose_forwarding, actor=actor, at=clock.now(), from_account_id=pk,
        to_account_id=to_account_id, **form.asked(),
    )  # fmt: skip


def _giving(actor: Actor, pk: int) -> Account:
    """An account of which the actor might propose to take units. Raises Http404 for any other."""
    account = seen(actor, pk)
    never = account.terminal or account.adaptation_fund or account.external
    if never or account.kind == Account.Kind.SOURCE:
        raise Http404
    if actor.role not in access.EXECUTES and not access.holds(actor, account):
        raise Http404
    return account
