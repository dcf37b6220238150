"""The two checks on the page: every item, what the portal knows about it, and the figures."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import formats, parameters
from cdm_portal.values import Actor, Role
from projects.board import queries
from projects.board.checklist import Part
from projects.board.models import Invoice, Request
from projects.models import Finding
from projects.participant import queries as participant

Sheet = dict[str, Any]


def checks(request: Request, actor: Actor) -> Sheet:
    """The checklist of both checks, for the component `tasks`."""
    lines = queries.checked(request)
    running = queries.running_part(request) if actor.role == Role.SECRETARIAT else None
    titles = {
        Part.COMPLETENESS: _("Completeness check, %(days)s days"),
        Part.INFORMATION: _("Information check, %(days)s days"),
    }
    day = (request.complete_at or request.submitted_at).date()
    fars = _forward_actions(request)
    groups = [
        {
            "title": titles[part] % {"days": parameters.number(f"{part}_days", day)},
            "items": [
                _line(request, line, fars, running=part == running)
                for line in lines if line.part == part
            ],
        }
        for part in Part
    ]
    looked_at = [line.checked_at for line in lines if line.checked_at]
    return {
        "groups": groups, "total": len(lines), "done": sum(line.met is True for line in lines),
        "last": max(looked_at) if looked_at else None,
    }


def _line(
    request: Request, line: queries.CheckLine, fars: list[str], *, running: bool
) -> Sheet:
    words = {True: _("Met"), False: _("Not met"), None: _("Open")}
    shown = {
        "label": line.label, "status": words[line.met],
        "kind": "bad" if line.met is False else "",
        "url": reverse("board:check", args=[request.reference, line.code]) if running else "",
    }
    if line.code == "forward" and fars:
        shown |= {"status": ", ".join(fars), "kind": "plum"}
    return shown


def finding(request: Request, code: str) -> Sheet:
    """What stands in the form of an item already looked at."""
    line = next(line for line in queries.checked(request) if line.code == code)
    if line.met is None:
        return {}
    return {"met": "yes" if line.met else "no", "reason": line.reason}


def next_item(request: Request) -> str:
    """The page of the next item of the running check that nobody looked at, else the request's."""
    part = queries.running_part(request)
    for line in queries.checked(request):
        if line.part == part and line.met is None:
            return reverse("board:check", args=[request.reference, line.code])
    return reverse("board:request", args=[request.reference])


def _forward_actions(request: Request) -> list[str]:
    kept = request.project.findings.filter(kind=Finding.Kind.FAR, period=request.period)
    return [str(finding) for finding in kept]


def evidence(request: Request, code: str) -> list[Sheet]:
    """What the portal itself knows about an item, beside what the secretariat reads."""
    project, period = request.project, request.period
    findings = project.findings.filter(period=period)
    open_ = [str(f) for f in findings if f.blocks]
    facts: dict[str, list[tuple[str, object]]] = {
        "design": [(_("Version in force"), project.design_version)],
        "letter": [(_("Issued"), day(project.host_approved_at))],
        "validation": [(_("Opinion"), project.opinion), (_("Given"), day(project.opinion_at))],
        "methodology": [
            (_("Methodology"), f"{project.methodology}, {project.methodology_version}")
        ],
        "findings": [(_("Open"), ", ".join(open_) or _("none"))],
        "forward": [(_("Forward actions"), ", ".join(_forward_actions(request)) or _("none"))],
        "fee": _fee_facts(request),
        "figures": [(row["term"], row["value"]) for row in figures(request)],
    }
    if period is not None:
        facts |= {
            "period": [(_("Period"), f"{day(period.first_date)} – {day(period.last_date)}")],
            "certified": [
                (_("Claimed"), f"{formats.tonnes(period.claimed_tonnes)} t"),
                (_("Certified"), f"{formats.tonnes(period.certified_tonnes)} t"),
            ],
            "verification": [(_("Certified"), day(period.certified_at))],
        }
    return [{"term": term, "value": value} for term, value in facts.get(code, [])]


def _fee_facts(request: Request) -> list[tuple[str, object]]:
    invoice = Invoice.objects.filter(request=request).first()
    if invoice is None:
        return []
    return [
        (_("Fee"), formats.usd(invoice.amount_usd)), (_("State"), invoice.get_state_display()),
    ]


def day(moment: date | None) -> str:
    """A day in words, a dash where there is none."""
    return formats.day(moment) if moment else "–"


def figures(request: Request) -> list[Sheet]:
    """The document's figure beside the engine's own."""
    project, period = request.project, request.period
    if period is None:
        version = participant.version_in_force(project)
        ours = version.calculation.get("annual_average") if version else None
        pairs = [(_("PDD"), project.estimated_annual_tonnes), (_("Our engine"), ours)]
        return [_tonnes(term, value, _("t a year")) for term, value in pairs]
    run = queries.last_run(period)
    rows = [
        _tonnes(_("Monitoring report"), period.claimed_tonnes, _("t")),
        _tonnes(_("Certified"), period.certified_tonnes, _("t")),
    ]
    if run is not None:
        agrees = _("agrees") if not run.differences else _("differs: see the report")
        rows.append({"term": _("Recalculation"), "value": agrees})
    return rows


def _tonnes(term: str, value: int | None, unit: str) -> Sheet:
    return {"term": term, "value": "–" if value is None else f"{formats.tonnes(value)} {unit}"}
