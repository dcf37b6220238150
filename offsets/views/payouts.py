"""The desk of what is due to sellers: one person records a transfer, another one confirms it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cdm_portal import clock, edges, keyset
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.refusals import Refused
from cdm_portal.values import Role, usd
from offsets import actions
from offsets import payouts as books
from offsets.models import Payout
from offsets.payout_forms import PayoutAsideForm, PayoutForm


@desk(Role.SECRETARIAT)
@require_safe
def payouts(request: HttpRequest) -> HttpResponse:
    """Whom money is due to, which transfers wait for a second person, which were decided."""

    def listed(name: str, rows: Any, order: str = "pk") -> keyset.Slice:
        return edges.listed(request, rows, (order,), name=f"{name}_after", size=keyset.SHORT)

    return render(request, "offsets/payouts.html", {
        "waiting": listed("waiting", books.proposed()),
        "sellers": listed("sellers", books.sellers()),
        "decided": listed("decided", books.decided(), "-pk"),
    })


@desk(Role.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def payout_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a transfer that was sent to a seller."""
    seller = books.seller(pk)
    due = [each for each in books.balances(pk) if each.open > 0]
    form = PayoutForm(request.POST or None, balances=due, initial={"sent_on": clock.today()})
    if form.is_valid():
        made = attempt(
            form, actions.propose_payout, actor=actor_of(request), at=clock.now(), seller_id=pk,
            amounts=form.amounts(), bank_reference=form.cleaned_data["bank_reference"],
            sent_on=form.cleaned_data["sent_on"],
        )
        if made is not None:
            messages.success(request, _("The payout is recorded; another person confirms it."))
            return redirect("offsets:payout", made.pk)
    total = sum((usd(each.open) for each in due), start=usd(0))
    return page(request, "offsets/payout_new.html", {
        "form": form, "seller": seller, "total": total, "due": due,
    })


@desk(Role.SECRETARIAT)
@require_safe
def payout(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer to a seller, for a second person to confirm."""
    return _payout(request, books.payout(pk), PayoutAsideForm())


@desk(Role.SECRETARIAT)
@require_POST
def payout_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """As a second person: the money left the account."""
    books.payout(pk)
    try:
        actions.confirm_payout(actor=actor_of(request), at=clock.now(), payout_id=pk)
        messages.success(request, _("The payout is booked."))
    except Refused as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.message)
    return redirect("offsets:payout", pk)


@desk(Role.SECRETARIAT)
@require_POST
def payout_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not sent like that: the money stays due."""
    found, form = books.payout(pk), PayoutAsideForm(request.POST)
    if form.is_valid():
        done = attempt(
            form, actions.refuse_payout, actor=actor_of(request), at=clock.now(), payout_id=pk,
            reason=form.cleaned_data["reason"],
        )
        if done is not None:
            messages.success(request, _("The payout is set aside; the money is due as before."))
            return redirect("offsets:payouts")
    return _payout(request, found, form)


def _payout(request: HttpRequest, found: Payout, form: PayoutAsideForm) -> HttpResponse:
    own = found.proposed_by_id == actor_of(request).person_id
    return page(request, "offsets/payout.html", {
        "payout": found, "form": form,
        "why": _("You sent this payout; another person confirms it.") if own else "",
    })
