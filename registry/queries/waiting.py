"""What waits in the registry for a person: lines to release, proposals to decide."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from cdm_portal.queues import Line
from cdm_portal.values import Actor, Role
from registry.governance.models import Measure
from registry.governance.queries import measures_waiting
from registry.models import InstructionLine, Issuance, Proposal
from registry.opening import queries as opening


def lines_to_release() -> QuerySet[InstructionLine]:
    """Lines of instructions that wait for a second person, oldest first."""
    return InstructionLine.objects.filter(releaser=None).select_related("party")


def lines_to_issue() -> QuerySet[InstructionLine]:
    """Released lines that were not issued yet, oldest first: the queue of the issuing job."""
    issued = Issuance.objects.filter(line_id=OuterRef("pk"))
    return InstructionLine.objects.exclude(releaser=None).exclude(Exists(issued))


def proposals_waiting() -> QuerySet[Proposal]:
    """Proposals that wait for a second person, oldest first."""
    return Proposal.objects.filter(state=Proposal.State.PROPOSED).select_related(
        "from_account", "to_account"
    )


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """What waits for this actor in the registry."""
    yield from opening.queue(actor, at)
    if actor.role not in (Role.REGISTRY, Role.SECRETARIAT):
        return
    yield Line("registry.line", lines_to_release(), lambda each, _: _release(actor, each))
    if actor.role == Role.REGISTRY:
        yield Line("registry.proposal", proposals_waiting(), lambda each, _: _sign(actor, each))
        yield Line("registry.measure", measures_waiting(), lambda each, _: _measure(actor, each))


def _release(actor: Actor, line: InstructionLine) -> dict[str, Any]:
    return _item(
        actor, line.initiator, f"Release the issuance of {line.quantity:,} units",
        reverse("registry:release", args=[line.pk]), line.reference, line.project_number,
    )


def _sign(actor: Actor, proposal: Proposal) -> dict[str, Any]:
    return _item(
        actor, proposal.initiator,
        f"Second signature: {VERBS[proposal.verb]} {proposal.quantity:,} units",
        reverse("registry:proposal", args=[proposal.pk]), f"Proposal {proposal.pk}",
        proposal.project_number,
    )


def _measure(actor: Actor, measure: Measure) -> dict[str, Any]:
    return _item(
        actor, measure.initiator, f"Second signature: {measure.get_verb_display().lower()}",
        reverse("registry:measure", args=[measure.pk]), f"Measure {measure.pk}", "",
    )


VERBS = {"forward": "forward", "transfer": "transfer", "cancel": "cancel"}


def _item(
    actor: Actor, initiator: int, title: str, url: str, reference: str, project_number: str
) -> dict[str, Any]:
    own = initiator == (actor.person_id or 0)
    return {
        "title": title, "url": url, "reference": reference,
        "what": f"Project {project_number}" if project_number else "The registry",
        "stage": 7, "stage_label": "CER issuance", "waiting_for": "A second person",
        "action_label": "" if own else "Look and decide", "action_url": url,
        "why_not": "You asked for it: a second person decides." if own else "",
    }  # fmt: skip
