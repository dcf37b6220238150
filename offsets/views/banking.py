"""The desk of the bank account: statements come in, credits find their orders, money goes back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cdm_portal import clock, edges, keyset
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.refusals import Refused
from cdm_portal.values import Role
from offsets import actions
from offsets.banking import queries, sheets
from offsets.forms import MatchForm, RefundForm, SetAsideForm, StatementForm
from offsets.models import BankEntry, BankStatement

NAMED = 5
"""So many entries that were passed over are named."""


@desk(Role.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest) -> HttpResponse:
    """Import a statement, and see which credits and refunds wait for somebody."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = StatementForm(*sent)
    if form.is_valid():
        file = form.cleaned_data["file"]
        done = attempt(
            form, actions.import_statement, actor=actor_of(request), at=clock.now(),
            name=file.name, data=file.read(),
        )
        if done is not None:
            messages.success(request, _told(done))
            if done.passed:
                messages.warning(request, _passed(done.passed))
            return redirect("offsets:bank")
    return page(request, "offsets/bank.html", {"form": form} | _lists(request))


def _told(done: Any) -> str:
    if not done.fresh:
        return _("Every credit of this statement is kept already. Nothing was added.")
    kept = ngettext("%(n)s new credit is kept", "%(n)s new credits are kept", done.fresh)
    named = ngettext("%(n)s names an invoice", "%(n)s name an invoice", done.matched)
    return f"{kept % {'n': done.fresh}}; {named % {'n': done.matched}}."


def _passed(places: tuple[str, ...]) -> str:
    told = ngettext(
        "%(n)s entry is a debit or a reversal and was passed over (%(which)s). If it is none of "
        "the refunds below, settle it by hand.",
        "%(n)s entries are debits or reversals and were passed over (%(which)s). Settle by hand "
        "what is none of the refunds below.", len(places),
    )
    which = ", ".join(places[:NAMED]) + (" …" if len(places) > NAMED else "")
    return told % {"n": len(places), "which": which}


def _lists(request: HttpRequest) -> dict[str, Any]:
    def listed(name: str, rows: Any, order: str = "pk") -> keyset.Slice:
        return edges.listed(request, rows, (order,), name=f"{name}_after", size=keyset.SHORT)

    return {
        "account": queries.account(), "columns": sheets.COLUMNS, "needed": sheets.NEEDED,
        "matches": listed("matches", queries.proposed().select_related(
            "entry__payer", "attempt__order")),
        "credits": listed("credits", queries.unmatched().select_related("payer")),
        "refunds": listed("refunds", queries.refunds_open().select_related("attempt__order")),
        "statements": listed("statements", BankStatement.objects.all(), "-pk"),
    }


@desk(Role.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """One credit: who paid what with which words, and which invoice it pays."""
    entry = queries.entry(pk)
    form = MatchForm(request.POST or None)
    if form.is_valid():
        made = attempt(
            form, actions.propose_match, actor=actor_of(request), at=clock.now(), entry_id=pk,
            reference=form.cleaned_data["reference"],
        )
        if made is not None:
            messages.success(request, _("The match is proposed; another person confirms it."))
            return redirect("offsets:credit", pk)
    return _credit(request, entry, form=form)


def _credit(request: HttpRequest, entry: BankEntry, **forms: Any) -> HttpResponse:
    match = queries.live_match(entry)
    own = match is not None and match.proposed_by_id == actor_of(request).person_id
    context = {
        "entry": entry, "match": match, "form": MatchForm(), "aside_form": SetAsideForm(),
        "sums": queries.received(match.attempt) if match else None,
        "why": _("You proposed this match; another person confirms it.") if own else "",
        "earlier": entry.matches.filter(state="refused"),
    }
    return page(request, "offsets/credit.html", context | forms)


@desk(Role.SECRETARIAT)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """As a second person: the credit is this order's, and its money is booked."""
    return _act(
        request, actions.confirm_match, _("The match is confirmed and the money is booked."),
        match_id=pk,
    )


@desk(Role.SECRETARIAT)
@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """The credit is not this order's: it waits for another match."""
    form = SetAsideForm(request.POST)
    if form.is_valid():
        return _act(
            request, actions.refuse_match, _("The match is set aside."), match_id=pk,
            reason=form.cleaned_data["reason"],
        )
    return _credit(request, queries.entry_of_match(pk), aside_form=form)


@desk(Role.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Money due back: to whom it was sent, by one person, for another one to confirm."""
    found = queries.refund(pk)
    payers = queries.payers(found)
    form = RefundForm(request.POST or None, initial={
        "payee_name": payers[0].payer.name if payers else "",
        "payee_iban": payers[0].payer.iban if payers else "",
    })
    if form.is_valid():
        made = attempt(
            form, actions.propose_refund, actor=actor_of(request), at=clock.now(), refund_id=pk,
            **form.cleaned_data,
        )
        if made is not None:
            messages.success(request, _("It is noted as sent; another person confirms it."))
            return redirect("offsets:bank")
    own = found.proposed_by_id == actor_of(request).person_id
    return page(request, "offsets/refund.html", {
        "refund": found, "payers": payers, "form": form,
        "why": _("You sent this refund; another person confirms it.") if own else "",
    })


@desk(Role.SECRETARIAT)
@require_POST
def confirm_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """As a second person: the money left the account."""
    return _act(request, actions.confirm_refund, _("The refund is booked."), refund_id=pk)


@desk(Role.SECRETARIAT)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not sent like that: it is due as before."""
    return _act(request, actions.take_back_refund, _("The refund is due again."), refund_id=pk)


def _act(request: HttpRequest, verb: Callable[..., Any], done: str, **kwargs: Any) -> HttpResponse:
    try:
        verb(actor=actor_of(request), at=clock.now(), **kwargs)
        messages.success(request, done)
    except Refused as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, refusal.message)
    return redirect("offsets:bank")
