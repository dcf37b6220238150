"""Who may do what with a request for an account, and when: the one table of its acts.

The actions ask it, and the pages say beforehand what it would answer.
"""

from dataclasses import dataclass

from cdm_portal.values import Actor, Role
from registry.errors import NotPermitted, OutOfTurn, Refused, SamePerson, UnknownRequest
from registry.opening.models import AccountRequest, EvidenceItem

READS = (Role.REGISTRY, Role.AUDITOR)
"""Read every request (permission matrix, "Accounts: status, freeze"); a holder reads its own."""

State, Mark = AccountRequest.State, EvidenceItem.Mark


@dataclass(frozen=True, slots=True)
class Act:
    """An act: who does it, in which states, and what is said in any other."""

    role: Role
    states: tuple[str, ...]
    else_: str
    concluded: bool | None = None
    """Whether the evidence must be, or must not be, concluded; None: either."""


LIVE = (State.REQUESTED, State.KYC)
NOT_LIVE = "The request is decided."
NOT_KYC = "The evidence is looked at once the request is taken up, until it is decided."
ACTS: dict[str, Act] = {
    "take_up": Act(Role.REGISTRY, (State.REQUESTED,), "The request was taken up before."),
    "mark": Act(Role.REGISTRY, (State.KYC,), NOT_KYC),
    "conclude": Act(Role.REGISTRY, (State.KYC,), NOT_KYC, concluded=False),
    "open": Act(Role.REGISTRY, (State.KYC,), NOT_KYC, concluded=True),
    "refuse": Act(Role.REGISTRY, (State.KYC,), NOT_KYC),
    "add": Act(Role.PARTICIPANT, LIVE, NOT_LIVE, concluded=False),
    "answer": Act(Role.PARTICIPANT, (State.KYC,), NOT_KYC, concluded=False),
    "withdraw": Act(Role.PARTICIPANT, LIVE, NOT_LIVE),
}


def sees(actor: Actor | None, request: AccountRequest) -> bool:
    """Whether somebody may know of a request and its files: its holder, the registry, auditors."""
    if actor is None:
        return False
    own = actor.role == Role.PARTICIPANT and actor.organisation_id == request.holder_id
    return own or actor.role in READS


def refused(request: AccountRequest, actor: Actor, name: str) -> Refused | None:
    """Why somebody may not do an act now; None where they may."""
    act = ACTS[name]
    if not sees(actor, request):
        return UnknownRequest("There is no such request.")
    if actor.role != act.role:
        return NotPermitted(f"{actor.role.label}: this is the {act.role.label.lower()}’s act.")
    if request.state not in act.states:
        return OutOfTurn(act.else_)
    if act.concluded is False and request.is_concluded:
        return OutOfTurn("The evidence is concluded; a second administrator opens the account.")
    if act.concluded and not request.is_concluded:
        return OutOfTurn("The evidence is not concluded.")
    if name == "open" and request.concluded_by_id == actor.person:
        return SamePerson(
            "You concluded the evidence: another administrator opens the account."
        )
    return None


def ask(request: AccountRequest, actor: Actor, name: str) -> None:
    """Raise the refusal, if there is one."""
    if (refusal := refused(request, actor, name)) is not None:
        raise refusal


def may_mark(mark: str, wanted: str) -> bool:
    """Whether the registry may mark an item so: proven, or questioned, what is not so already."""
    return wanted in (Mark.PROVEN, Mark.QUESTIONED) and wanted != mark
