"""What somebody could do on a page of the desk, and why not where it cannot be done now.

The verbs decide; this says beforehand what they would say, so that no button leads to a refusal
that could have been told.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal.values import Actor, Role
from registry import access
from registry.governance import queries as governance
from registry.governance.models import Measure, Proposal
from registry.governance.standing import Standing
from registry.models import Account

OWN = 1000
"""Accounts with a lower id are the registry's own."""


@dataclass(frozen=True, slots=True)
class Act:
    """A button: where it leads, and why it cannot be pressed now (empty if it can)."""

    label: str
    url: str
    why_not: str = ""
    icon: str = ""


def of_account(actor: Actor, account: Account, balance: int) -> list[Act]:
    """What may be done with an account by somebody who sees it."""
    if actor.role in access.EXECUTES:
        return [*_moves(actor, account, balance), *_care(account, balance)]
    return list(_moves(actor, account, balance)) if access.holds(actor, account) else []


def _moves(actor: Actor, account: Account, balance: int) -> Iterator[Act]:
    if account.terminal or account.external or account.kind == Account.Kind.SOURCE:
        return
    why = _standstill(account) or _not_for(actor, account)
    empty = "" if balance else _("The account holds no units.")
    for label, name, icon in (
        (_("Cancel units"), "account_cancel", ""),
        (_("Transfer abroad"), "account_transfer", ""),
    ):
        held = name == "account_transfer" and account.standing == Standing.RESTRICTED
        bound = _("The account is restricted.") if held else ""
        yield Act(label, _url(name, account.pk), why or bound or empty, icon)
    if account.pk > OWN:
        yield Act(_("Trusted accounts"), _url("account_trusted", account.pk))
        yield _closure(actor, account)


def _closure(actor: Actor, account: Account) -> Act:
    """The closure is asked for, and taken back by the side that asked."""
    asked = governance.closure_of(account.pk)
    closed = _("The account is closed.") if account.closed_at else _not_for(actor, account)
    label = _("Take the closure back") if asked else _("Ask to close it")
    theirs = ""
    if asked is not None and asked.by_holder != (actor.role == Role.PARTICIPANT):
        theirs = _("Who asked for the closure takes it back.")
    return Act(label, _url("account_closure", account.pk), closed or theirs)


def _standstill(account: Account) -> str:
    if account.closed_at is not None:
        return _("The account is closed.")
    if account.frozen:
        return _("The account is frozen.")
    if account.standing in (Standing.SUSPENDED, Standing.SUSPENDED_PARTIALLY):
        return _("The account is suspended.")
    return _("The registry is stopped.") if governance.stopped() else ""


def _not_for(actor: Actor, account: Account) -> str:
    if account.adaptation_fund:
        return _("The Adaptation Fund’s account gives nothing.")
    if actor.role == Role.PARTICIPANT and not access.represents(actor, account.pk):
        return _("Only a representative of the account acts for it.")
    return ""


def _care(account: Account, balance: int) -> Iterator[Act]:
    """What the registry's administrators do with an account."""
    if account.kind == Account.Kind.SOURCE:
        return
    closed = _("The account is closed.") if account.closed_at else ""
    own = _("The registry’s own accounts stay as they are.") if account.pk < OWN else ""
    if account.holder_id is not None:
        yield Act(_("Representatives"), _url("account_representatives", account.pk))
    freeze = _("Lift the freeze") if account.frozen else _("Freeze")
    waits = Measure.objects.filter(verb="unfreeze", account=account, state="proposed").exists()
    lifting = _("Lifting it waits for a second person.") if waits else ""
    yield Act(freeze, _url("freeze", account.pk), closed or lifting, "lock")
    yield from _restriction(account, own or closed)
    if not account.external and account.standing != Standing.CLOSURE_PENDING:
        return
    frozen = _("A frozen account is not closed.") if account.frozen else ""
    full = _("It still holds units.") if balance else ""
    waiting = _("A proposal for it is still open.") if _open(account) else ""
    why = own or closed or frozen or full or waiting
    yield Act(_("Close the account"), _url("account_close", account.pk), why)


def _restriction(account: Account, why: str) -> Iterator[Act]:
    """One person restricts, or restricts more; two lift it."""
    if account.external:
        return
    pending = account.standing == Standing.CLOSURE_PENDING
    why = why or (_("Its closure is asked for.") if pending else "")
    if account.standing != Standing.SUSPENDED:
        yield Act(_("Restrict or suspend"), _url("account_restrict", account.pk), why)
    if account.restricted:
        waits = Measure.objects.filter(verb="lift", account=account, state="proposed").exists()
        lifting = _("Lifting it waits for a second person.") if waits else ""
        yield Act(_("Lift what restricts it"), _url("account_lift", account.pk), why or lifting)


def _open(account: Account) -> bool:
    return governance.open_proposals(account.pk).exists()


def why_not_approve(actor: Actor, waiting: Proposal | Measure) -> str:
    """Why this actor does not approve what waits; empty if it may."""
    if actor.role not in access.EXECUTES:
        return _("A registry administrator approves it.")
    if waiting.initiator == access.person(actor):
        return _("You proposed it: a second person approves it. You may still withdraw it.")
    stops = not isinstance(waiting, Measure) and governance.stopped() is not None
    return _("The registry is stopped; nothing is executed.") if stops else ""


def _url(name: str, pk: int) -> str:
    return reverse(f"registry:{name}", args=[pk])
