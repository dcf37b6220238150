"""What an entry of the journal is about: the record, its project and period, and where it is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from cdm_portal.journal.models import Entry
from cdm_portal.models import RuleChange
from cdm_portal.values import Role
from cobenefits.machine import OPEN_CHECKS
from cobenefits.models import Check as BenefitCheck
from cobenefits.models import Report as BenefitReport
from offsets.models import OfferConsent, Payout
from projects.board.models import (
    Deregistration,
    Exclusion,
    Inquiry,
    Meeting,
    Payment,
    Request,
    Withdrawal,
)
from projects.dna.models import Letter, Question
from projects.doe import workspace
from projects.doe.models import (
    Comment,
    Debt,
    Engagement,
    Proceeding,
    Validation,
    Verification,
    VerificationRun,
)
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant.communication.models import ForwardingRequest, Statement
from projects.participant.models import PriorNotice
from projects.programmes.models import Component
from projects.reference import queries as reference
from projects.reference.models import GridFactor, VersionDates
from projects.revisions.models import Revision
from registry.models import Account
from registry.opening.models import AccountRequest

RECORDS: dict[str, type[Model]] = {
    model._meta.label_lower: model
    for model in (
        Project, MonitoringPeriod, Finding, Letter, Question, Engagement, Validation, Comment,
        Verification, VerificationRun, Proceeding, Request, Payment, RuleChange, Statement,
        ForwardingRequest, PriorNotice, Revision, Component, Exclusion, Withdrawal,
        Deregistration, Meeting, Inquiry, Debt, OfferConsent, BenefitReport, BenefitCheck,
        AccountRequest, Account, GridFactor, VersionDates, Payout,
    )
}
"""The kinds of record that entries of the told verbs are about."""


@dataclass(frozen=True, slots=True)
class Case:
    """A record with what the audiences and the words need of it; None where it has none."""

    record: Any
    project: Project | None
    period: MonitoringPeriod | None

    @property
    def title(self) -> str:
        """What the case is called in a list of notices."""
        if self.project is None:
            return str(self.record)
        number = f", monitoring period {self.period.number}" if self.period else ""
        return f"{self.project.title} ({self.project.name}){number}"


def case_of(entry: Entry) -> Case | None:
    """The case that an entry belongs to; None when its record is of no told kind."""
    model = RECORDS.get(entry.subject_type)
    record: Any = model and model._default_manager.filter(pk=entry.subject_id).first()
    if record is None:
        return None
    inner = _inner(record)
    if isinstance(record, MonitoringPeriod):
        return Case(record, record.project, record)
    if isinstance(record, Project):
        return Case(record, record, None)
    return Case(inner, _project_of(inner), _period_of(inner))


def _inner(record: Any) -> Any:
    """The record whose audience is told: a payment is about its request, a question its letter."""
    if isinstance(record, Payment):
        return record.invoice.request
    if isinstance(record, Question):
        return record.letter
    if isinstance(record, Comment):
        return record.validation
    if isinstance(record, VerificationRun):
        return record.verification
    if isinstance(record, Exclusion):
        return record.component
    return record


def _project_of(record: Any) -> Project | None:
    if isinstance(record, Component):
        return record.programme
    period = _period_of(record)
    return getattr(record, "project", None) or (period.project if period else None)


def _period_of(record: Any) -> MonitoringPeriod | None:
    found = getattr(record, "period", None)  # of a component, its days
    return found if isinstance(found, MonitoringPeriod) else None


def address(case: Case, role: Role) -> str:
    """The page on which somebody in a role reads the case, or acts on it."""
    found = _ADDRESSES.get(type(case.record))
    own = found(case.record, role) if found else None
    if own is not None:
        return own
    if case.project is not None and role == Role.DOE:
        return workspace.address(case.project, case.period)
    return reverse("project", args=[case.project.name]) if case.project else reverse("desk")


def _letter(letter: Letter, role: Role) -> str | None:
    return reverse("dna:letter", args=[letter.pk]) if role == Role.DNA else None


def _engagement(engagement: Engagement, role: Role) -> str | None:
    return reverse("doe:engagement", args=[engagement.pk]) if role == Role.DOE else None


def _finding(finding: Finding, role: Role) -> str | None:
    if role == Role.DOE:
        return workspace.address(finding.project, finding.period, finding)
    return reverse("doe:findings", args=[finding.project.name]) + f"#finding-{finding.pk}"


def _benefits(report: BenefitReport, role: Role) -> str:
    pages = {
        Role.PARTICIPANT: "report", Role.SECRETARIAT: "publication", Role.DNA: "comment",
    }
    return reverse(f"cobenefits:{pages.get(role, 'public')}", args=[report.project.name])


def _benefit_check(check: BenefitCheck, role: Role) -> str:
    pages = {Role.PARTICIPANT: "ask"} | (
        {Role.DOE: "check"} if check.state in OPEN_CHECKS else {}
    )
    return reverse(f"cobenefits:{pages.get(role, 'public')}", args=[check.project.name])


def _reference(record: GridFactor | VersionDates, role: Role) -> str:
    return reverse("reference_entry", args=[reference.kind_of(record), record.pk])


_ADDRESSES: dict[type[Model], Callable[[Any, Role], str | None]] = {
    Letter: _letter,
    Engagement: _engagement,
    Finding: _finding,
    Request: lambda record, role: reverse("board:request", args=[record.reference]),
    Revision: lambda record, role: (
        reverse("doe:revision", args=[record.project.name, record.number])
        if role == Role.DOE else None
    ),
    Component: lambda record, role: (
        reverse("doe:component", args=[record.pk]) if role == Role.DOE else None
    ),
    Statement: lambda record, role: (
        reverse("participant:communication", args=[record.project.name])
        if role == Role.PARTICIPANT else None
    ),
    OfferConsent: lambda record, role: (
        reverse("offsets:consent", args=[record.pk]) if role == Role.PARTICIPANT else None
    ),
    Payout: lambda record, role: reverse("offsets:sales"),
    Debt: lambda record, role: reverse("doe-public:debt", args=[record.pk]),
    Inquiry: lambda record, role: (
        reverse("board:inquiry", args=[record.pk])
        if role in {Role.BOARD, Role.SECRETARIAT, Role.DOE} else None
    ),
    BenefitReport: _benefits,
    BenefitCheck: _benefit_check,
    Proceeding: lambda record, role: reverse("doe:proceeding", args=[record.pk]),
    AccountRequest: lambda record, role: reverse("registry:account_request", args=[record.pk]),
    Account: lambda record, role: reverse("registry:account", args=[record.pk]),
    RuleChange: lambda record, role: reverse("rule_change", args=[record.pk]),
    GridFactor: _reference,
    VersionDates: _reference,
}
