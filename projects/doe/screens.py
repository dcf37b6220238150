"""The pages of a case, put together: what a validation, verification or proceeding shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse

from cdm_portal import formats
from cdm_portal.values import Actor, Role
from projects.doe import actions, audited, forms, queries, standing, workspace
from projects.doe.models import Proceeding, Validation, Verification
from projects.doe.standing import Act
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import changes, sheets, stating
from projects.participant import queries as designs
from projects.participant.instruments import content as instruments
from projects.participant.instruments import happened, pictured
from projects.participant.series import content as series
from projects.participant.surveys import content as surveyed

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """The one act of a role in a proceeding: its form, its button, and what is said afterwards."""

    form: type[Form]
    action: Callable[..., Proceeding]
    title: str
    button: str
    done: str


TURNS: dict[Role, Turn] = {
    Role.SECRETARIAT: Turn(
        forms.PrepareForm, actions.prepare_proceeding, "Prepare it for the Board",
        "Put it before the Board", "It is before the Board.",
    ),
    Role.DOE: Turn(
        forms.HearingForm, actions.answer_proceeding, "Answer", "Send the answer",
        "The Board reads your answer.",
    ),
    Role.BOARD: Turn(
        forms.DecideForm, actions.decide_proceeding, "Decide", "Publish the decision",
        "The decision is public.",
    ),
}


def proceeding(found: Proceeding, actor: Actor, at: datetime) -> Context:
    """One proceeding: what is known of it, and why the actor cannot act on it now, if so."""
    turn = TURNS.get(actor.role)
    mine = actor.role != Role.DOE or actor.organisation_id == found.organisation_id
    return {
        "found": found, "turn": turn if mine and not found.is_decided else None,
        "why": _why_no_turn(found, actor, at),
        "functions": found.function_names, "scopes": found.scope_names,
    }


def _why_no_turn(found: Proceeding, actor: Actor, at: datetime) -> str:
    if actor.role == Role.SECRETARIAT:
        waits = found.state != Proceeding.State.ASKED
        return f"Nothing to prepare: {found.get_state_display().lower()}." if waits else ""
    if actor.role == Role.DOE:
        return queries.why_no_answer(found, at)
    if actor.role == Role.BOARD and actor.person_id == found.prepared_by_id:
        return "Who prepared it does not decide it."
    return " ".join(queries.decision_obstacles(found, at))


def validation(
    project: Project, actor: Actor, at: datetime, *, wanted: str, shown: str, against: str = ""
) -> Context:
    """The workspace of a validation; `wanted` is the finding asked for, `shown` the tab.

    The document is compared with version `against`, by itself with the one that the DOE published.
    """
    case = queries.validation_of(project)
    found = list(queries.findings(project, None))
    url = reverse("doe:validation", args=[project.name])
    version = queries.design_version(project)
    before = changes.chosen(
        version, designs.versions(project), against,
        since=case.published_version or 0 if case else 0,
    )
    project = stating.stated(project)
    rows, missing = workspace.estimate_rows(project)
    places = dict(queries.anchors(project, None))
    return {
        "project": project, "case": case,
        "is_open": case is not None and queries.is_open(case),
        "version": version, "before": before,
        "published": case.published_version if case else None,
        "others": [each for each in designs.versions(project) if each.number != version.number],
        "attachments": designs.attachments_of(version),
        "sections": workspace.sheet(version, before, found, url),
        "rows": rows, "missing": missing, "verdict": workspace.verdict(rows) if rows else None,
        "obstacles": queries.opinion_obstacles(project, case, at, positive=True) if case else [],
        "standing": standing.notes(project, at.date()),
        "why_not_publish": [] if case else standing.why_no_act(
            Act.PUBLISH_DESIGN, project, at.date()
        ),
        "ball": _validation_ball(project, case, found, at),
        **_tasks(workspace.validation_tasks(project, case, found, at)),
        **_thread(found, actor, places, url, wanted, shown),
    }


def verification(
    period: MonitoringPeriod, actor: Actor, at: datetime, *, wanted: str, shown: str
) -> Context:
    """The workspace of a verification."""
    project, case = period.project, queries.verification_of(period)
    report = queries.report(period)
    own = list(queries.findings(project, period))
    heritage = queries.inherited(period) if case is not None else []
    url = reverse("doe:verification", args=[project.name, period.number])
    sections = queries.anchors(project, period)
    places = dict(sections) | dict(queries.anchors(project, None))
    run = queries.last_run(case) if case else None
    names = queries.parameter_names(queries.design_of(report))
    rows = run.result.get("compared", []) if run else []
    return {
        "project": project, "period": period, "case": case, "report": report,
        "is_open": case is not None and queries.is_open(case),
        "sections": _report_sections(sections, own, url),
        "claim": workspace.report_rows(report.content, names),
        "gaps": sheets.gaps(report.content["gaps"]),
        "treated": series.treated(report.content.get("treated", [])),
        "calibrations": instruments.calibrations(project),
        "corrections": instruments.shown(report.content.get("corrections", [])),
        "surveys": surveyed.shown(report.content.get("surveys", [])),
        "events": happened.shown(report.content.get("events", [])),
        "lanes": pictured.frozen(report.content), "lanes_legend": pictured.LEGEND,
        "run": run, "job": run and workspace.job(run, period), "rows": rows,
        "verdict": workspace.verdict(rows) if rows else None,
        "stale": bool(run and run.report_version != period.report_version),
        **audited.panels(period, case, run),
        "obstacles": (
            queries.certification_obstacles(period, at.date()) if case else []
        ),
        "standing": standing.notes(project, at.date(), period=period),
        "why_not_publish": standing.why_no_act(
            Act.PUBLISH_REPORT, project, at.date(), period=period
        ),
        "ball": _verification_ball(period, case, own),
        **_tasks(workspace.verification_tasks(period, case, own) if case else []),
        **_thread([*own, *heritage], actor, places, url, wanted, shown),
    }


def _tasks(groups: list[workspace.Item]) -> Context:
    done, total = workspace.done_of(groups)
    return {"groups": groups, "done": done, "total": total}


def _thread(
    found: Sequence[Finding], actor: Actor, places: dict[str, str], url: str, wanted: str,
    shown: str,
) -> Context:
    current, tab = workspace.chosen(found, wanted, shown)
    return {
        "tabs": workspace.tabs(found, tab, url), "current": current,
        "listed": [
            {"label": f"{f}. {f.subject}", "url": f"{url}?finding={f.pk}#thread",
             "current": f == current}
            for f in found if f.state in workspace.SHOWN[tab][1]
        ],
        "finding": current and workspace.finding_view(current, actor.organisation, places),
    }


def _report_sections(
    sections: Sequence[tuple[str, str]], found: Sequence[Finding], url: str
) -> list[workspace.Item]:
    return [
        {"key": key, "label": label,
         "marks": [workspace.mark(f, url) for f in found if f.section == key]}
        for key, label in sections
    ]


def _holder(found: Sequence[Finding], project: Project) -> str:
    if any(f.state == Finding.State.OPEN for f in found):
        return f"{project.owner.name} (findings)"
    return "You (auditor)"


def _validation_ball(
    project: Project, case: Validation | None, found: Sequence[Finding], at: datetime
) -> list[workspace.Item]:
    items: list[workspace.Item] = [
        {"term": "Waiting for", "value": _holder(found, project), "hot": True}
    ]
    if case is None:
        return items
    closed = at >= case.comments_close_at
    received = queries.comments_of(project).count()
    items.append({
        "term": "Public comments closed" if closed else "Public comments open until",
        "value": f"{received} received" if closed else formats.day(queries.last_day(case)),
    })
    return items


def _verification_ball(
    period: MonitoringPeriod, case: Verification | None, found: Sequence[Finding]
) -> list[workspace.Item]:
    claimed = formats.tonnes(period.claimed_tonnes or 0)
    items: list[workspace.Item] = [
        {"term": "Waiting for", "value": _holder(found, period.project), "hot": True},
        {"term": "Claimed", "value": f"{claimed} t"},
    ]
    if case is not None:
        items.append({"term": "Published", "value": formats.day(case.published_at)})
    return items
