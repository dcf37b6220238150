"""The DOE's reports as PDF, made from what stands in the records: nothing is typed twice."""

from datetime import date, datetime
from typing import Any

from cdm_portal import formats, papers
from projects.doe import audited, queries
from projects.doe.models import Validation, Verification, VerificationRun
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant.papers import explained_at
from projects.revisions.models import Revision

ACTS = {
    "raise": "raised it", "answer": "answered", "ask_again": "asked again", "close": "closed it",
    "forward": "closed it and kept it as a forward action request",
}
"""What each turn of a finding did."""


def validation_report(
    validation: Validation, project: Project, *, positive: bool, conclusion: str, signer: str,
    at: datetime,
) -> bytes:
    """The validation report with its opinion: findings, comments and responses, conclusion."""
    data = _frame(project, at) | {
        "positive": positive,
        "signer": signer,
        "doe": validation.organisation.name,
        "version": project.design_version,
        "published": formats.moment(validation.published_at),
        "closed": formats.moment(validation.comments_close_at),
        "letter": formats.day(project.host_approved_at) if project.host_approved_at else "",
        "comments": [
            {
                "number": c.number, "name": c.name, "affiliation": c.affiliation,
                "day": formats.day(c.at), "text": c.text, "response": c.response,
            }
            for c in queries.comments_of(validation.project)
        ],
        "findings": findings(project, None),
        "conclusion": conclusion,
    }
    return papers.render("validation.typ", data)


def verification_report(
    verification: Verification,
    period: MonitoringPeriod,
    run: VerificationRun | None,
    *,
    certified: dict[str, int] | None,
    conclusion: str,
    signer: str,
    at: datetime,
) -> bytes:
    """The verification report; with `certified`, also the certification (domain, 2.5)."""
    data = _frame(period.project, at) | {
        "doe": verification.organisation.name,
        "signer": signer,
        "period": period.number,
        "first": formats.day(period.first_date),
        "last": formats.day(period.last_date),
        "version": period.report_version,
        "published": formats.moment(verification.published_at),
        "explained": explained_at(period),
        "claimed": formats.tonnes(period.claimed_tonnes or 0),
        "certified": None if certified is None else _amounts(certified),
        "total": None if certified is None else formats.tonnes(sum(certified.values())),
        "recalculation": recalculation_rows(run),
        "audit": audited.paper(verification, run),
        "findings": findings(period.project, period)
        + [_finding(f) for f in queries.closed_here(verification)],
        "conclusion": conclusion,
    }
    return papers.render("verification.typ", data)


def revision_report(
    revision: Revision, *, positive: bool, conclusion: str, signer: str, at: datetime
) -> bytes:
    """The validation report of a renewal or a post-registration change, with its opinion."""
    project = revision.project
    version = "" if revision.design_version is None else str(revision.design_version)
    return papers.render("ruling.typ", _frame(project, at) | {
        "title": "Validation report and opinion",
        "number": f"{project.name}, revision {revision.number}",
        "fictional": project.fictional,
        "rows": [
            ["Project activity", project.title],
            ["Asked for", revision.get_kind_display()],
            ["Design document", (version and f"Version {version}") or "As registered"],
            ["Applies from", formats.day(revision.effective_date)],
            ["Designated Operational Entity", revision.doe.name if revision.doe else ""],
            ["Signed by", signer],
            ["Opinion", "Positive" if positive else "Negative"],
        ],
        "sections": [
            {"heading": "What changes and why", "text": revision.reasons},
            {"heading": "Conclusion", "text": conclusion},
        ],
        "foot": "The rules on renewals and post-registration changes are unverified.",
    })


def findings(project: Project, period: MonitoringPeriod | None) -> list[dict[str, Any]]:
    """The findings of a case with their whole conversation."""
    raised = Finding.objects.filter(project=project, period=period).prefetch_related("messages")
    return [_finding(finding) for finding in raised]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "number": str(finding),
        "kind": finding.get_kind_display(),
        "subject": finding.subject,
        "section": finding.section.replace("_", " "),
        "passage": finding.passage,
        "state": finding.get_state_display(),
        "messages": [
            {
                "name": m.author_name, "organisation": m.organisation,
                "day": formats.day(m.at), "text": m.text, "act": ACTS.get(m.act, ""),
            }
            for m in finding.messages.all()
        ],
    }


def recalculation_rows(run: VerificationRun | None) -> list[list[str]]:
    """Result, the participants' figure, ours, the difference: one row for each compared figure."""
    rows = [] if run is None else run.result.get("compared", [])
    return [[row["result"], row["theirs"], row["ours"], row["difference"]] for row in rows]


def _amounts(certified: dict[str, int]) -> list[list[str]]:
    return [[key, formats.tonnes(amount)] for key, amount in sorted(certified.items())]


def _frame(project: Project, at: datetime) -> dict[str, Any]:
    day: date = at.date()
    return {
        "rules": project.get_rules_display(),
        "date": [day.year, day.month, day.day],
        "day": formats.day(day),
        "title": project.title,
        "project": project.name,
        "reference": project.reference,
        "owner": project.owner.name,
        "methodology": f"{project.methodology}, version {project.methodology_version}",
        "scope": project.sectoral_scope,
    }
