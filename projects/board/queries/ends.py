"""Questions about how projects end: what stands in the way, what waits, what is public."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q
from django.urls import reverse

from cdm_portal import formats, queues
from cdm_portal.identity.models import Membership, Organisation
from cdm_portal.queues import Facts, Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import access
from projects.board.models import Deregistration, Request, Withdrawal
from projects.board.procedure import DECIDING, State
from projects.lifecycle import EIGHT, SIDE_ENDS, Stage
from projects.models import Project

Item = dict[str, Any]
DECIDED_NOW = {"kind": Request.Kind.REGISTRATION, "state__in": DECIDING}
"""The requests for registration that are under final decision."""
PUBLISHED = (Stage.VALIDATION, Stage.REGISTRATION)
READERS = (Role.PARTICIPANT, Role.BOARD, Role.SECRETARIAT, Role.AUDITOR)
"""Who reads a request for deregistration on its page; its reasons are on the project's for all."""


def why_no_withdrawal(project: Project) -> str:
    """Why a published project cannot be withdrawn through its DOE now; empty if it can."""
    if project.stage in SIDE_ENDS:
        return f"The project has ended: {project.get_stage_display().lower()}."
    if project.stage == Stage.MONITORING:
        return "A registered project is not withdrawn; it can be deregistered."
    if project.stage not in PUBLISHED:
        return "Before the design document is published the participants withdraw alone."
    return _at_decision(project.requests.filter(**DECIDED_NOW).first())


def _at_decision(deciding: Request | None) -> str:
    if deciding is None:
        return ""
    state = State(deciding.state).label.lower()
    return (
        f"{deciding.reference} is under final decision ({state}): the project can no longer be "
        "withdrawn."
    )


def why_no_deregistration(project: Project) -> str:
    """Why a project cannot be deregistered now; empty if it can."""
    if project.stage == Stage.MONITORING:
        return ""
    if project.stage in SIDE_ENDS:
        return f"The project has ended: {project.get_stage_display().lower()}."
    return "Only a registered project is deregistered."


def why_not_again(project: Project) -> str:
    """Why a project cannot be taken up again as a new version; empty if it can."""
    return "" if project.stage == Stage.REJECTED else "Only a rejected project is taken up again."


def withdrawal(project: Project) -> Withdrawal | None:
    """The withdrawal that is asked for, or else the last one."""
    return project.withdrawals.select_related("filed_by").first()


def deregistration(project: Project) -> Deregistration | None:
    """The deregistration that is asked for, or else the last one."""
    return project.deregistrations.select_related("decided_by").first()


def project_of_doe(actor: Actor, reference: str) -> Project:
    """A visible project that the actor's DOE validates or validated. Raises NotFound."""
    found = access.project(actor, reference)
    if found.validator_id != actor.organisation_id:
        raise NotFound("There is no such project.")
    return found


def takes_sides(actor: Actor, project: Project) -> bool:
    """Whether the person behind the actor belongs or belonged to a participant or the DOE of a
    project, or to its host Party's DNA (domain, 4, rule 1).
    """
    sides = {project.owner_id, project.validator_id}
    sides |= set(project.participations.values_list("organisation_id", flat=True))
    sides |= set(project.periods.values_list("verifier_id", flat=True))
    involved = Q(organisation__in=sides - {None}) | Q(
        organisation__kind=Organisation.Kind.DNA, organisation__party_code=project.party_code
    )
    held = Membership.objects.filter(involved, person_id=actor.person)
    return held.exclude(organisation_id=actor.office).exists()


def rulings_before(project: Project) -> list[dict[str, Any]]:
    """The rejections of earlier requests for registration of a project, last first."""
    found = project.requests.filter(
        kind=Request.Kind.REGISTRATION, state=State.REJECTED, ruling__isnull=False
    ).select_related("ruling")
    return [
        {
            "request": each.reference, "number": each.ruling.number, "at": each.ruling.at,
            "reasons": each.ruling.reasons,
            "url": reverse("document", args=[each.ruling.document_id]),
        }
        for each in found.order_by("-pk")
    ]


def public_ends(project: Project) -> list[dict[str, str]]:
    """The withdrawal filed, and what was asked and decided about deregistration, as rows of a list
    of terms.
    """
    rows = [
        {"term": "Withdrawal",
         "value": f"Filed by {each.filed_by} on {_day(each.decided_at)}. Reason: {each.reason} "
                  f"The DOE: {each.statement}"}
        for each in project.withdrawals.filter(state=Withdrawal.State.FILED)
        .select_related("filed_by")
    ]
    return rows + [
        {"term": "Deregistration", "value": _told(each)} for each in project.deregistrations.all()
    ]


def _told(each: Deregistration) -> str:
    asked = f"Asked for on {_day(each.asked_at)}. Reason: {each.reason}"
    if each.decided_at is None:
        return f"{asked} The Executive Board has not decided yet."
    outcome = each.get_state_display().lower()
    return f"{asked} The Executive Board, on {_day(each.decided_at)}: {outcome}. {each.decision}"


def _day(moment: datetime | None) -> str:
    return formats.day(moment.date()) if moment else ""


# What waits


def queue(actor: Actor) -> Iterator[Line]:
    """Withdrawals for the DOE to file, deregistrations for the Board to decide."""
    if actor.role == Role.DOE:
        deciding = Request.objects.filter(project=OuterRef("project"), **DECIDED_NOW)
        yield Line(
            "board.withdrawal",
            Withdrawal.objects.filter(
                state=Withdrawal.State.ASKED, project__validator_id=actor.organisation_id,
                project__stage__in=PUBLISHED,
            ),
            _withdrawal_item, related=("project",),
            facts={"deciding": queues.rows(deciding.order_by("pk")[:1], "reference", "state")},
        )
    if actor.role == Role.BOARD:
        yield Line(
            "board.deregistration",
            Deregistration.objects.filter(state=Deregistration.State.ASKED),
            lambda each, _: _item(
                each.project, "board:deregistration", Stage.MONITORING,
                what="The participants ask for deregistration.", action_label="Decide",
            ),
            related=("project",),
        )


def _withdrawal_item(each: Withdrawal, facts: Facts) -> Item:
    deciding = queues.revive(Request, facts["deciding"])
    return _item(
        each.project, "board:withdrawal", Stage(each.project.stage),
        what="The participants ask you to withdraw the project.", action_label="File it",
        why_not=_at_decision(deciding[0] if deciding else None),
    )


def _item(project: Project, name: str, stage: Stage, **words: Any) -> Item:
    url = reverse(name, args=[project.reference])
    return {
        "title": project.title, "project": "", "reference": project.name, "url": url,
        "action_url": url, "stage": EIGHT.index(stage) + 1, "stage_label": stage.label,
        "until": None, "why_not": "", "waiting_for": "You",
        "tag": project.get_rules_display() if project.is_demonstration else "", "tag_kind": "plum",
    } | words
