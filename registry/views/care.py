"""Who acts for an account, whom it trusts, and what of it is frozen."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity import queries as identity
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor, Role
from registry import access, actions
from registry.forms import ReasonForm, RepresentativeForm, TrustForm
from registry.governance import queries as governance
from registry.models import Account, Block
from registry.views.statements import seen


@may((Row.ACCOUNT, Right.EXECUTE))
def representatives(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and recall the representatives of an account: at most three."""
    shown = get_object_or_404(Account, pk=pk, holder_id__isnull=False)
    actor, now = actor_of(request), clock.now()
    if _recalled(request, actor, now):
        return redirect("registry:account_representatives", pk)
    form = RepresentativeForm(request.POST or None, people=_members(shown, now))
    if request.method == "POST" and form.is_valid():
        named = edges.attempt(
            form, actions.name_representative, actor=actor, at=now, account_id=pk,
            person_id=form.cleaned_data["person"],
        )  # fmt: skip
        if named is not None:
            messages.success(request, _("Named, on seat %d of three.") % named.seat)
            return redirect("registry:account_representatives", pk)
    context = {"form": form, "account": shown, "seated": governance.representatives(pk)}
    return edges.page(request, "registry/account_representatives.html", context)


def _members(account: Account, at: datetime) -> list[tuple[int, str]]:
    """Who of the holder's organisation could represent the account."""
    members = identity.people_in(account.holder_id or 0, Role.PARTICIPANT, at.date())
    return [(member.person_id, member.person.name) for member in members]


def _recalled(request: HttpRequest, actor: Actor, at: datetime) -> bool:
    """Whether the request recalled somebody."""
    chosen = request.POST.get("recall", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        return False
    actions.recall_representative(actor=actor, at=at, representative_id=int(chosen))
    messages.success(request, _("Recalled. The seat is free."))
    return True


@may((Row.FORWARDING, Right.CREATE), (Row.FORWARDING, Right.EXECUTE))
def trusted(request: HttpRequest, pk: int) -> HttpResponse:
    """The trusted accounts of an account; a change waits for a second person."""
    actor, now = actor_of(request), clock.now()
    shown = _own(actor, pk)
    form = TrustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["trusted"]
        listed = governance.trusted_by(pk).filter(trusted=chosen).exists()
        made = edges.attempt(
            form, actions.propose_measure, actor=actor, at=now, account_id=pk,
            verb="distrust" if listed else "trust", trusted_id=chosen.pk,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Proposed. A second person decides."))
            return redirect("registry:account_trusted", pk)
    context = {"form": form, "account": shown, "trusted": governance.trusted_by(pk), "now": now}
    return edges.page(request, "registry/account_trusted.html", context)


def _own(actor: Actor, pk: int) -> Account:
    account = seen(actor, pk)
    mine = actor.role in access.EXECUTES or access.holds(actor, account)
    if not mine or account.external or account.pk < 1000:
        raise Http404
    return account


@may((Row.ACCOUNT, Right.EXECUTE))
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze an account, or propose to lift its freeze."""
    shown = get_object_or_404(Account, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _set(request, form, shown):
        return redirect("registry:account", pk)
    context = {"form": form, "object": shown, "back": reverse("registry:account", args=[pk])}
    return edges.page(request, "registry/freeze.html", context)


@may((Row.ACCOUNT, Right.EXECUTE))
def block_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze a block, or propose to lift its freeze. Parts of a split inherit it."""
    shown = get_object_or_404(Block.objects.select_related("issuance", "account"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _set(request, form, shown):
        return redirect("registry:account", shown.account_id)
    back = reverse("registry:account", args=[shown.account_id])
    context = {"form": form, "object": shown, "back": back}
    return edges.page(request, "registry/freeze.html", context)


def _set(request: HttpRequest, form: ReasonForm, what: Account | Block) -> bool:
    """Freeze what moves; propose to lift what is frozen. Whether it was done."""
    actor, now, reason = actor_of(request), clock.now(), form.cleaned_data["reason"]
    target = {"account_id" if isinstance(what, Account) else "block_id": what.pk}
    if what.frozen:
        proposed = edges.attempt(
            form, actions.propose_measure, actor=actor, at=now, verb="unfreeze", reason=reason,
            **target,
        )  # fmt: skip
        if proposed is not None:
            messages.success(request, _("Proposed. A second person lifts the freeze."))
        return proposed is not None
    done = edges.attempt(form, actions.freeze, actor=actor, at=now, reason=reason, **target)
    if done is not None:
        messages.success(request, _("Frozen: transaction %s.") % done.reference)
    return done is not None
