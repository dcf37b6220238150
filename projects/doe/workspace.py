"""What the pages of a case show: tasks, the document with its highlights, findings, figures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse

from cdm_portal import formats
from projects.doe import audited, comparison, passages, queries, recalculation
from projects.doe.models import Validation, Verification, VerificationRun
from projects.doe.second.sizes import CannotRecalculate
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import changes, sheets
from projects.participant import sections as chapters
from projects.participant.models import DesignVersion

Item = dict[str, Any]
KINDS = {Finding.Kind.CAR: ("car", "bad"), Finding.Kind.CL: ("cl", "warn"),
         Finding.Kind.FAR: ("far", "plum")}
STATUS = {
    Finding.State.OPEN: "warn", Finding.State.ANSWERED: "info", Finding.State.CLOSED: "ok",
    Finding.State.FORWARDED: "plum",
}
SHOWN = {
    "open": ("Open", (Finding.State.OPEN, Finding.State.ANSWERED)),
    "closed": ("Closed", (Finding.State.CLOSED,)),
    "forward": ("Forward", (Finding.State.FORWARDED,)),
}


def address(
    project: Project, period: MonitoringPeriod | None, finding: Finding | None = None
) -> str:
    """Where the workspace of a case is, opened at a finding if one is given."""
    if period is None:
        page = reverse("doe:validation", args=[project.name])
    else:
        page = reverse("doe:verification", args=[project.name, period.number])
    return page if finding is None else f"{page}?finding={finding.pk}#thread"


# Findings


def finding_view(
    finding: Finding, organisation: str, places: Mapping[str, str] | None = None
) -> Item:
    """A finding with its conversation, as the component `finding` shows it."""
    asked = [m for m in finding.messages.all() if m.act in {"raise", "ask_again"}]
    return {
        "pk": finding.pk, "number": str(finding), "kind": KINDS[Finding.Kind(finding.kind)][0],
        "kind_label": finding.get_kind_display(), "title": finding.subject, "round": len(asked),
        "place": _place(finding, places or {}), "passage": finding.passage,
        "status": finding.get_state_display(),
        "status_kind": STATUS[Finding.State(finding.state)], "state": finding.state,
        "messages": [
            {
                "name": m.author_name, "role": m.author_role, "at": m.at, "text": m.text,
                "own": m.organisation == organisation,
                "files": [] if m.document is None else [{
                    "name": m.document.filename, "size": m.document.blob.size_bytes,
                    "url": reverse("document", args=[m.document.pk]),
                }],
            }
            for m in finding.messages.all()
        ],
    }


def _place(finding: Finding, places: Mapping[str, str]) -> str:
    where = places.get(finding.section, finding.section.replace("_", " "))
    if finding.period is not None:
        period = f"monitoring period {finding.period.number}"
        return f"{where} · {period}" if where else period.capitalize()
    return where


def mark(finding: Finding, url: str) -> Item:
    """How a finding is marked in the document."""
    kind, _ = KINDS[Finding.Kind(finding.kind)]
    return {"kind": kind, "number": str(finding), "url": f"{url}?finding={finding.pk}#thread"}


def tabs(findings: Sequence[Finding], shown: str, url: str) -> list[Item]:
    """The tabs above the findings, with how many each holds."""
    return [
        {
            "label": f"{label} {sum(1 for f in findings if f.state in states)}",
            "url": f"{url}?show={key}#thread", "current": key == shown,
        }
        for key, (label, states) in SHOWN.items()
    ]


def chosen(findings: Sequence[Finding], wanted: str, shown: str) -> tuple[Finding | None, str]:
    """The finding to show in the thread, and the tab that holds it."""
    for finding in findings:
        if str(finding.pk) == wanted:
            tab = next(k for k, (_, states) in SHOWN.items() if finding.state in states)
            return finding, tab
    tab = shown if shown in SHOWN else "open"
    return next((f for f in findings if f.state in SHOWN[tab][1]), None), tab


# The design document


def sheet(
    version: DesignVersion, before: DesignVersion | None, findings: Sequence[Finding], url: str
) -> list[Item]:
    """The sections of a design document: rows, marks of findings, and what changed."""
    parts = (
        changes.between(changes.frozen(before), changes.frozen(version)) if before
        else sheets.document(version.content)
    )
    rows = {part["key"]: part["rows"] for part in parts}
    anchored = {f.section: mark(f, url) for f in findings if not f.passage}
    return [
        {
            "key": section.key, "label": section.label,
            "marks": [mark(f, url) for f in findings if f.section == section.key],
            "rows": [
                passages.highlighted(row, [
                    (f.passage, mark(f, url)) for f in findings
                    if f.passage and f.section in {section.key, row["symbol"]}
                ]) | {"mark": anchored.get(row["symbol"]) if row["symbol"] else None}
                for row in rows.get(section.key, ())
            ],
        }
        for section in chapters.of(version.content)
    ]


# Tasks


def validation_tasks(
    project: Project, validation: Validation | None, findings: Sequence[Finding], at: datetime
) -> list[Item]:
    """The work of a validation with what is done and what waits."""
    name = project.name
    page = reverse("doe:validation", args=[name])
    sections = [_section_task(s.key, s.label, findings, page) for s in _sections(project)]
    if validation is None:
        begin = {"label": "Publish the design document", "status": "To do", "kind": "warn",
                 "url": page}
        return [{"title": "Before you start", "items": [begin]},
                {"title": "Project design", "items": sections}]
    return [
        {"title": "Project design", "items": sections},
        {"title": "Consultation", "items": [_comments_task(validation, at)]},
        {"title": "Opinion", "items": [_letter_task(project), _opinion_task(project, validation)]},
    ]


def _sections(project: Project) -> tuple[chapters.Section, ...]:
    version = project.design_versions.order_by("-number").first()
    return chapters.of(version.content if version else {})


def _section_task(key: str, label: str, findings: Sequence[Finding], page: str) -> Item:
    open_ones = [f for f in findings if f.section == key and f.state != Finding.State.CLOSED]
    item: Item = {"label": label, "url": f"{page}#s-{key}", "status": "", "kind": ""}
    for kind, (_, tag) in KINDS.items():
        if count := sum(1 for f in open_ones if f.kind == kind):
            return item | {"status": f"{count} {kind.value}", "kind": tag}
    return item


def _comments_task(validation: Validation, at: datetime) -> Item:
    received = queries.comments_of(validation.project).count()
    waiting = queries.unanswered(validation).count()
    url = reverse("doe:respond", args=[validation.project.name])
    if validation.takes_comments(at):
        status, kind = f"Open, {received}", "info"
    elif waiting:
        status, kind = f"{waiting} to answer", "warn"
    else:
        status, kind = f"Done, {received}", ""
    return {"label": "Public comments", "url": url, "status": status, "kind": kind}


def _letter_task(project: Project) -> Item:
    there = project.host_approved_at is not None
    return {"label": "Letter of approval", "status": "Received" if there else "Missing",
            "kind": "" if there else "warn"}


def _opinion_task(project: Project, validation: Validation) -> Item:
    is_open = queries.is_open(validation)
    return {
        "label": "Opinion", "url": reverse("doe:opinion", args=[project.name]) if is_open else "",
        "status": "To do" if is_open else validation.get_state_display(),
        "kind": "info" if is_open else "",
    }


def verification_tasks(
    period: MonitoringPeriod, verification: Verification, findings: Sequence[Finding]
) -> list[Item]:
    """The work of a verification with what is done and what waits."""
    page = reverse("doe:verification", args=[period.project.name, period.number])
    anchors = queries.anchors(period.project, period)
    sections = [_section_task(key, label, findings, page) for key, label in anchors]
    run = queries.last_run(verification)
    state = run.get_state_display() if run else "To do"
    differing = bool(run and run.differences)
    recalculation_item = {
        "label": "Independent recalculation", "url": f"{page}#recalculation",
        "status": f"{len(run.differences)} differ" if run and differing else state,
        "kind": "bad" if differing else "",
    }
    return [
        {"title": "Recalculation", "items": [
            recalculation_item, *audited.tasks(period, verification, run)
        ]},
        {"title": "Monitoring report", "items": sections},
        {"title": "Certification", "items": [_certification_task(period, verification)]},
    ]


def _certification_task(period: MonitoringPeriod, verification: Verification) -> Item:
    is_open = queries.is_open(verification)
    url = reverse("doe:certify", args=[period.project.name, period.number])
    return {
        "label": "Certify the amount", "url": url if is_open else "",
        "status": "To do" if is_open else verification.get_state_display(),
        "kind": "info" if is_open else "",
    }


def done_of(groups: Sequence[Item]) -> tuple[int, int]:
    """How many of the tasks need nothing more, and how many there are."""
    items = [item for group in groups for item in group["items"]]
    return sum(1 for item in items if not item["kind"]), len(items)


# Figures


def estimate_rows(project: Project) -> tuple[list[Item], str]:
    """The expected reductions, recalculated: rows, and why there are none."""
    try:
        years = queries.annual_recalculation(project)
    except CannotRecalculate as refusal:
        return [], str(refusal)
    if not years:
        return [], "The design document states no yearly estimate."
    first = years[0]
    rows = [
        comparison.step_figure(theirs, first.ours[path], ", first year")
        for path, theirs in comparison.by_path(first.theirs["steps"])
        if path in first.ours and path != "ER"
    ]
    tonnes = [
        comparison.figure(
            f"Reductions {year.label}", int(year.theirs["reductions"]),
            Fraction(recalculation.whole_tonnes(year.ours["ER"])), "t",
        )
        for year in years
    ]
    return [*rows, *tonnes], ""


def verdict(rows: Sequence[Item]) -> tuple[str, str]:
    """What a recalculation says in a few words, and whether well or ill."""
    differing = sum(1 for row in rows if not row["agrees"])
    if differing:
        return f"{differing} of {len(rows)} figures differ", "bad"
    return f"All {len(rows)} figures agree", "ok"


def job(run: VerificationRun, period: MonitoringPeriod) -> Item:
    """A recomputation as the component `progress` shows it."""
    args = [period.project.name, period.number]
    return {
        "state": run.state, "percent": run.percent, "message": run.message,
        "poll_url": reverse("doe:progress", args=args),
        "reload_url": reverse("doe:verification", args=args),
    }


def report_rows(content: Mapping[str, Any], names: Mapping[str, str]) -> list[Item]:
    """What a monitoring report claims: measured totals and tonnes by commitment period.

    `names` gives each parameter its name by symbol.
    """
    rows: list[Item] = [
        {"label": f"Claimed, commitment period {key}", "value": formats.tonnes(tonnes), "unit": "t"}
        for key, tonnes in content["claimed"].items()
    ]
    for share in content["shares"]:
        place = f"Commitment period {share['commitment_period']}"
        if len(content["shares"]) > len(content["claimed"]):
            days = (formats.day_short(date.fromisoformat(share[end])) for end in ("first", "last"))
            place += f", {' – '.join(days)}"
        for symbol, value in share["values"].items():
            rows.append({
                "label": names.get(symbol, symbol), "symbol": symbol,
                "value": formats.figure(value),
                "unit": share["units"][symbol],
                "source": f"{place}: {formats.tonnes(share['readings'][symbol])} readings, "
                f"{formats.tonnes(share['filled'][symbol])} missing",
            })
    return rows
