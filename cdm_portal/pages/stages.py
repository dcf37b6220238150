"""What is public of a project, stage by stage: the documents, and the decisions with their reasons.

Everything here is public by the domain's table (2.10); what a stage keeps to itself is not asked
for: no finding before its report, no reading, no fee, no single vote, no monitoring report before
its publication.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats
from projects.board.models import Instruction, Request
from projects.board.procedure import State
from projects.doe import queries as doe_queries
from projects.doe.models import Validation, Verification
from projects.lifecycle import EIGHT, Stage
from projects.models import Document, Project
from registry import queries as registry_queries

Row = dict[str, Any]
KIND = Document.Kind
BELONGS = {
    KIND.ATTACHMENT: Stage.DESIGN, KIND.DESIGN: Stage.DESIGN, KIND.LETTER: Stage.NATIONAL_APPROVAL,
    KIND.VALIDATION: Stage.VALIDATION, KIND.INCLUSION: Stage.VALIDATION,
    KIND.READINGS: Stage.MONITORING, KIND.MONITORING: Stage.MONITORING,
    KIND.VERIFICATION: Stage.VERIFICATION,
}
"""The stage of a paper by its kind; one of the Board's procedure belongs to what was requested, a
file of a finding to the report that it stands in.
"""


def stage_of(document: Document) -> Stage:
    """The stage to which a paper of a case belongs."""
    kind = Document.Kind(document.kind)
    if kind in BELONGS:
        return BELONGS[kind]
    if kind == KIND.FINDING:
        return Stage.VERIFICATION if document.period_id else Stage.VALIDATION
    return Stage.ISSUANCE if document.period_id else Stage.REGISTRATION


def groups(project: Project, papers: Iterable[tuple[Stage, Row]]) -> list[Row]:
    """The eight stages that have something to show: [{number, label, documents, decisions}].
    """
    decided = {
        Stage.VALIDATION: _validations(project),
        Stage.REGISTRATION: _requests(project, issuance=False),
        Stage.VERIFICATION: _verifications(project), Stage.ISSUANCE: _issuances(project),
        Stage.OFFSETTING: _cancelled(project),
    }
    filed: dict[Stage, list[Row]] = {}
    for stage, paper in papers:
        filed.setdefault(stage, []).append(paper)
    return [
        {
            "number": number, "label": stage.label, "documents": filed.get(stage, []),
            "decisions": decided.get(stage, []),
        }
        for number, stage in enumerate(EIGHT, start=1)
        if filed.get(stage) or decided.get(stage)
    ]


def _said(term: str, *sentences: str) -> Row:
    return {"term": term, "value": " ".join(each for each in sentences if each)}


def _validations(project: Project) -> list[Row]:
    return [
        _said(
            _("Validation by %s") % each.organisation.name,
            _on(each.get_state_display(), each.decided_at), each.conclusion,
        )
        for each in doe_queries.validations_of(project) if each.state != Validation.State.OPEN
    ]


def _verifications(project: Project) -> list[Row]:
    found = Verification.objects.filter(period__project=project).select_related(
        "period", "organisation"
    )
    return [
        _said(
            _("Monitoring period %s") % each.period.number,
            _on(f"{each.organisation.name}: {each.get_state_display()}", each.decided_at),
            _tonnes(each.period.certified_tonnes), each.conclusion,
        )
        for each in found.exclude(decided_at=None).order_by("period__number")
    ]


def _requests(project: Project, *, issuance: bool) -> list[Row]:
    """The requests for registration, renewal or change, or those for issuance, as they stand."""
    found = project.requests.filter(period__isnull=not issuance).select_related("ruling")
    return [
        _said(
            f"{each.reference}, {each.get_kind_display().lower()}",
            _on(each.get_state_display(), each.decided_at), *_reasons(each),
        )
        for each in found.order_by("pk")
    ]


def _reasons(request: Request) -> list[str]:
    """The public reasons of how a request stands."""
    if hasattr(request, "ruling"):
        return [f"{request.ruling.number}: {request.ruling.reasons}"]
    if request.state == State.INCOMPLETE:
        return [request.incomplete_reasons]
    return [request.end_reason or request.note]


def _issuances(project: Project) -> list[Row]:
    """The requests, and what the Board instructed: quantity, period and the serials issued."""
    lines = Instruction.objects.filter(request__project=project).select_related(
        "request", "issuance"
    )
    return _requests(project, issuance=True) + [
        _said(
            _("Instruction, %s") % each.request.reference,
            _("%(tonnes)s CERs of commitment period %(cp)s, instructed %(day)s.") % {
                "tonnes": formats.tonnes(each.quantity), "cp": each.commitment_period,
                "day": formats.day(each.at),
            },
            _("Issued: %s.") % each.issuance.serial if each.issuance else _("Not issued yet."),
        )
        for each in lines.order_by("pk")
    ]


def _cancelled(project: Project) -> list[Row]:
    total = registry_queries.cancelled_of_project(project.number) if project.number else 0
    if not total:
        return []
    url = f"{reverse('registry:cancellations')}?project={project.number}"
    said = _("%s CERs of this project are cancelled.") % formats.tonnes(total)
    return [_said(_("Cancellations"), said) | {"url": url}]


def _on(what: str, moment: datetime | None) -> str:
    return f"{what}, {formats.day(moment)}." if moment else f"{what}."


def _tonnes(amount: int | None) -> str:
    return "" if amount is None else _("Certified: %s t.") % formats.tonnes(amount)
