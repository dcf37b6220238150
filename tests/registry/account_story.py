"""Requests for accounts, and accounts, brought to a state through the actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from registry import actions
from registry.models import Account
from registry.opening import evidence
from registry.opening.models import AccountRequest
from tests.cast import Cast
from tests.uploads.files import pdf

ASKED = actions.Asked(
    party_code="KE", account_name="Ziwa Sun, holding", registration_number="C.123/2009",
    address="Lake Road 1\nNakuru", signatory="Achieng Odhiambo", position="Director",
)
FILES = [actions.Upload(item.key, f"{item.key}.pdf", pdf()) for item in evidence.WITH_FILES]


def requested(cast: Cast, at: datetime, **changes: Any) -> AccountRequest:
    """The participant asks for an account with Kenya."""
    given = {"asked": ASKED, "people": [cast.participant.person], "files": FILES} | changes
    return actions.request_account(**{"actor": cast.participant, "at": at} | given)


def marked(cast: Cast, at: datetime, request: AccountRequest, mark: str, *items: str) -> None:
    """The registry marks items."""
    for item in items or tuple(evidence.BY_KEY):
        actions.mark_evidence(
            actor=cast.registry, at=at, request_id=request.pk, item=item, mark=mark, text="So."
        )


def asked_in(state: str, cast: Cast, at: datetime) -> AccountRequest:
    """A request in a state, by the names of test_account_table.py."""
    request = requested(cast, at)
    given: dict[str, Any] = {"at": at, "request_id": request.pk}
    if state == "withdrawn":
        return actions.withdraw_account_request(actor=cast.participant, **given)
    if state != "requested":
        actions.take_up_account_request(actor=cast.registry, **given)
    if state == "asked":
        marked(cast, at, request, "questioned", "status")
    elif state == "refused":
        actions.refuse_account_request(actor=cast.registry, reasons="Not proven.", **given)
    elif state not in {"requested", "kyc"}:
        marked(cast, at, request, "proven")
        if state != "proven":
            actions.conclude_evidence(actor=cast.registry, **given)
    return AccountRequest.objects.get(pk=request.pk)


def opened(cast: Cast, at: datetime) -> Account:
    """An account of the participant's, from its request."""
    request = asked_in("concluded", cast, at)
    return actions.open_requested_account(
        actor=cast.registry_second, at=at, request_id=request.pk
    )


def stood(state: str, cast: Cast, at: datetime, account: Account) -> Account:
    """An open account brought to where it is to stand."""
    given: dict[str, Any] = {"at": at, "account_id": account.pk, "reason": "A reason"}
    standing = {
        "restricted": "restricted", "partial": "suspended_partially", "suspended": "suspended",
        "lifting": "suspended", "closing_s": "suspended",
    }.get(state)
    if standing:
        actions.restrict_account(actor=cast.registry, standing=standing, **given)
    if state == "lifting":
        actions.propose_measure(actor=cast.registry, verb="lift", **given)
    if state in {"closing", "closing_s", "closed"}:
        actions.ask_closure(actor=cast.participant, **given)
    elif state == "closing_r":
        actions.ask_closure(actor=cast.registry, **given)
    if state == "closed":
        actions.close_account(actor=cast.registry, **given)
    return Account.objects.get(pk=account.pk)
