"""What pages and papers show of an audit: checks, differences, the sample, and the picture."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal.drawing import charts
from projects.doe import queries
from projects.doe.audit import sampling, settling
from projects.doe.audit.settling import Said
from projects.doe.models import Verification, VerificationRun
from projects.models import MonitoringPeriod

Item = dict[str, Any]
LEGEND = [
    {"kind": "hatch", "label": "Estimated in the design document"},
    {"kind": "solid", "label": "Certified"},
    {"kind": "dashed", "label": "Claimed, not yet certified"},
]
MOST_BARS = 12
"""How many periods are drawn: the last ones; the table has them all."""
STATES = {True: ("ok", "Met"), False: ("bad", "Not met"), None: ("info", "Not concluded")}


def panels(
    period: MonitoringPeriod, case: Verification | None, run: VerificationRun | None
) -> Item:
    """What the workspace shows below the recalculation; nothing before a run is done."""
    if case is None or run is None or run.state != VerificationRun.State.DONE:
        return {}
    said = queries.said(case, run)
    return {
        "checks": checks(period, run, said, is_open=queries.is_open(case)),
        "differing": run.result.get("differences", []), "sampled": counts(run, said),
        **picture(run.result.get("achieved", [])),
    }


def checks(
    period: MonitoringPeriod, run: VerificationRun, said: Said, *, is_open: bool
) -> list[Item]:
    """Every check as it stands now, with the reason given for it or where to give one."""
    rows = settling.checks_now(run.result, said)
    if is_open and rows:
        now = queries.forward_check(period).as_row()
        rows = [each | now if each["code"] == "forward" else each for each in rows]
    args = [period.project.name, period.number]
    return [
        each | {
            "kind": STATES[each["met"]][0], "label": STATES[each["met"]][1],
            "url": reverse("doe:explain", args=[*args, each["code"]])
            if is_open and each["met"] is False and each["demand"] == "asks" else "",
        }
        for each in rows
    ]


def counts(run: VerificationRun, said: Said) -> Item:
    """How many records are in the sample, checked, and found to differ; empty without one."""
    sample = run.result.get("sample")
    if not sample:
        return {}
    total = len(sample["records"])
    return {
        "total": total, "checked": total - len(said.unchecked(sample)),
        "differing": len(said.differing(sample)), "words": sample["words"],
        "sources": sample["sources"],
        "seed": sample["seed"], "sha256": sample["sha256"], "kept_at": sample["kept_at"],
    }


def sample_rows(run: VerificationRun, said: Said) -> list[Item]:
    """The sampled records with their reasons and what was said of them."""
    return [
        each | {"reasons": sampling.named(each["why"]), "word": said.records.get(each["key"])}
        for each in run.result.get("sample", {}).get("records", [])
    ]


def picture(achieved: Sequence[Mapping[str, Any]]) -> Item:
    """Estimated against achieved by period: the chart and the rows of its table."""
    if not achieved:
        return {}
    rows = [
        dict(each) | {
            "estimated": Decimal(each["estimated"]),
            "first": date.fromisoformat(each["first"]), "last": date.fromisoformat(each["last"]),
        }
        for each in achieved
    ]
    bars = [
        charts.Bar(
            str(each["number"]), max(each["estimated"], Decimal(0)), _whole(each["certified"]),
            Decimal(each["claimed"]),
        )
        for each in rows[-MOST_BARS:]
    ]
    title = _("Estimated against achieved reductions by monitoring period")
    return {"achieved": rows, "bars": charts.bars(bars, "tCO2e", title), "legend": LEGEND}


def _whole(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def tasks(
    period: MonitoringPeriod, case: Verification, run: VerificationRun | None
) -> list[Item]:
    """The tasks that a recomputation leaves to the DOE."""
    if run is None or run.state != VerificationRun.State.DONE or "sample" not in run.result:
        return []
    said = queries.said(case, run)
    args = [period.project.name, period.number]
    left = len(said.unchecked(run.result["sample"]))
    open_checks = [
        each for each in checks(period, run, said, is_open=queries.is_open(case))
        if each["met"] is False and each["demand"] != "limits" and each["word"] is None
    ]
    return [
        {"label": "Sampled records", "url": reverse("doe:sample", args=args),
         "status": f"{left} to check" if left else "Done", "kind": "warn" if left else ""},
        {"label": "Checks", "url": f"{reverse('doe:verification', args=args)}#checks",
         "status": f"{len(open_checks)} open" if open_checks else "Done",
         "kind": "bad" if open_checks else ""},
    ]


def paper(case: Verification, run: VerificationRun | None) -> Item:
    """What the verification report says of the audit."""
    if run is None or "sample" not in run.result:
        return {"checks": [], "differences": [], "sample": None}
    said = queries.said(case, run)
    return {
        "checks": [
            {"title": each["title"], "label": each["label"], "said": each["said"],
             "rule": each["rule"], "why": each["word"].text if each["word"] else ""}
            for each in checks(case.period, run, said, is_open=queries.is_open(case))
        ],
        "differences": [
            [each["what"], each["theirs"], each["ours"], each["tonnes"], each["from"]]
            for each in run.result["differences"]
        ],
        "sample": counts(run, said) | {
            "rows": [
                [str(each["row"]), each["symbol"], each["at"],
                 f"{each['value']} {each['unit']}".strip(), _outcome(each["word"])]
                for each in sample_rows(run, said)
            ],
        },
    }


def _outcome(word: Any) -> str:
    if word is None:
        return "not checked"
    return f"differs: {word.text}" if word.text else "agrees"


def told(found: Sequence[Verification]) -> dict[int, Item | None]:
    """What the public is told of the audits of verifications, by key: None until one is over.

    Figures are text. Asks for the runs and observations of all of them in two statements.
    """
    done = VerificationRun.objects.filter(state=VerificationRun.State.DONE).order_by("pk")
    prefetch_related_objects(found, Prefetch("runs", done), "observations")
    return {each.pk: _told(each) for each in found}


def _told(case: Verification) -> Item | None:
    run = next(iter(reversed(case.runs.all())), None)
    if case.decided_at is None or run is None or "sample" not in run.result:
        return None
    said = Said.of(
        case.observations.all(), upload=run.result["sample"]["upload"], report=run.report_version
    )
    sampled = counts(run, said)
    return {
        "figures": len(run.result["compared"]), "differing": len(run.differences),
        "recalculated": {key: str(tonnes) for key, tonnes in run.result["claimed"].items()},
        "seed": sampled["seed"], "sampled": sampled["total"], "checked": sampled["checked"],
        "records_differing": sampled["differing"],
        "checks": [
            {
                "code": each["code"], "title": each["title"], "met": each["met"],
                "said": each["said"], "reason": each["word"].text if each["word"] else None,
            }
            for each in settling.checks_now(run.result, said)
        ],
    }
