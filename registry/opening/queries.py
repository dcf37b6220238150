"""Questions about requests for accounts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from cdm_portal.identity import queries as identity
from cdm_portal.identity.models import Membership
from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from registry.governance.models import Closure
from registry.opening import machine
from registry.opening.models import AccountRequest, EvidenceFile, EvidenceItem

State = AccountRequest.State


def requests(actor: Actor) -> QuerySet[AccountRequest]:
    """The requests that somebody may know of, newest first."""
    rows = AccountRequest.objects.select_related("holder", "party", "account").order_by("-id")
    if actor.role in machine.READS:
        return rows
    return rows.filter(holder_id=actor.office) if actor.role == Role.PARTICIPANT else rows.none()


def request(actor: Actor, pk: int) -> AccountRequest | None:
    """One of them, with all that its page shows; the files without their bytes."""
    files = EvidenceFile.objects.defer("data").select_related("filed_by")
    items = EvidenceItem.objects.prefetch_related(Prefetch("files", files), "words__said_by")
    return (
        requests(actor)
        .select_related("requested_by", "taken_up_by", "concluded_by", "decided_by")
        .prefetch_related(Prefetch("items", items), "representatives__person")
        .filter(pk=pk).first()
    )  # fmt: skip


def file(actor: Actor, pk: int) -> EvidenceFile | None:
    """A file of the evidence that somebody may read, with its bytes."""
    found = EvidenceFile.objects.select_related("item__request").filter(pk=pk).first()
    return found if found is not None and machine.sees(actor, found.item.request) else None


def candidates(organisation_id: int, at: datetime) -> list[Membership]:
    """Who of an organisation could represent its account: whoever acts for it as a participant and
    administers no registry (domain, 4, rule 4: unverified)."""
    day = at.date()
    members = identity.people_in(organisation_id, Role.PARTICIPANT, day)
    return [
        member for member in members.order_by("person__name", "id")
        if not identity.memberships(member.person_id, day).filter(
            role=Role.REGISTRY.value
        ).exists()
    ]  # fmt: skip


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """What waits of requests and of closures: for the registry, and for whoever asked."""
    del at  # nothing of this waits until a moment
    rows = AccountRequest.objects.all()
    if actor.role == Role.REGISTRY:
        yield _line("registry.account_requested", rows.filter(state=State.REQUESTED), actor)
        yield _line("registry.account_kyc", rows.filter(state=State.KYC), actor)
        yield Line(
            "registry.closure", Closure.objects.filter(outcome=""),
            lambda each, _: _closing(actor, each), related=("account",),
        )  # fmt: skip
    elif actor.role == Role.PARTICIPANT:
        questioned = EvidenceItem.objects.filter(request=OuterRef("pk"), mark="questioned")
        asked = rows.filter(
            Exists(questioned), holder_id=actor.office, state=State.KYC, concluded_at=None
        )
        yield _line("registry.account_questioned", asked, actor)


def _line(kind: str, rows: QuerySet[AccountRequest], actor: Actor) -> Line:
    return Line(kind, rows, lambda each, _: _item(actor, each), related=("holder", "party"))


def _item(actor: Actor, each: AccountRequest) -> dict[str, Any]:
    url = reverse("registry:account_request", args=[each.pk])
    own = each.is_concluded and each.concluded_by_id == actor.person
    if actor.role == Role.PARTICIPANT:
        title, label = "Answer about the evidence for a holding account", "Answer"
    elif each.state == State.REQUESTED:
        title, label = "Take up a request for a holding account", "Look at it"
    elif each.is_concluded:
        title, label = "Open a holding account as second person", "Look and decide"
    else:
        title, label = "Look at the evidence for a holding account", "Go on"
    return _row(
        title, url, each.reference, f"{each.holder.name}, with {each.party.name}", label,
        "You concluded the evidence: another administrator opens the account." if own else "",
    )


def _closing(actor: Actor, each: Closure) -> dict[str, Any]:
    url = reverse("registry:account_close", args=[each.account_id])
    own = each.asked_by == actor.person
    return _row(
        "Close a holding account as second person", url, each.account.number,
        each.account.name, "Look and decide",
        "You asked for it: a second person closes it." if own else "",
    )


def _row(
    title: str, url: str, reference: str, what: str, label: str, why_not: str
) -> dict[str, Any]:
    return {
        "title": title, "url": url, "reference": reference, "what": what,
        "stage": 7, "stage_label": "CER issuance", "waiting_for": "",
        "action_label": "" if why_not else label, "action_url": url, "why_not": why_not,
    }  # fmt: skip



