"""The recomputation: finds what differs, survives its worker, is done once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden
from cdm_portal.values import SYSTEM
from projects import actions as filing
from projects.doe import actions, queries, tasks
from projects.doe.errors import CaseClosed
from projects.doe.models import Verification, VerificationRun
from projects.models import Document
from projects.participant import actions as participant
from projects.participant.models import MonitoringReport
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db

AT = on(2015, 1, 10)
State = VerificationRun.State


def rows_of(run: Any) -> Any:
    return {row["result"]: row for row in run.result["compared"]}


def test_publishing_the_report_queues_the_recomputation(cast: Cast) -> None:
    verification = story.verifying(cast)
    run = verification.runs.get()
    assert (run.state, run.report_version, run.percent) == (State.QUEUED, 1, 0)
    report = queries.report(verification.period)
    assert story.fresh(report.document).public
    assert not report.readings_file.document.public
    assert journal.of(verification).get().verb == "doe.open_verification"


def test_every_figure_of_an_honest_report_agrees(cast: Cast) -> None:
    _, run = story.recomputed(cast)
    assert (run.state, run.percent, run.message) == (State.DONE, 100, "All 13 figures agree.")
    rows = rows_of(run)
    assert rows["EG_export"]["ours"] == "6\u202f750.75 MWh"
    assert rows["Readings of EG_export"]["ours"] == "6"
    assert rows["Combined margin emission factor of the grid, EF_grid_CM"]["ours"] == (
        f"{story.GRID_FACTOR} tCO2/MWh"
    )
    assert rows["Claimed reductions"]["ours"] == "6\u202f075 t"
    assert run.result["claimed"] == {"2": story.CLAIM}
    assert story.fresh(run).verification.period.claimed_tonnes == story.CLAIM


def test_kilowatt_hours_and_diesel_come_to_the_same(cast: Cast) -> None:
    period = story.opened(cast, fuel=True)
    file = participant.upload_readings(
        actor=cast.participant, at=on(2015, 1, 6), period_id=period.pk, filename="y.csv",
        data=story.table(
            dict(zip(story.MONTHS, [f"{float(e) * 1000:.0f}" for e in story.EXPORTS], strict=True)),
            unit="kWh", fuel=True,
        ),
        resolution="month",
    )
    assert file.gaps == []
    participant.report_monitoring(actor=cast.participant, at=on(2015, 1, 7), period_id=period.pk)
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    actions.accept_engagement(
        actor=cast.other_doe, at=AT, engagement_id=engagement.pk, no_conflict=True,
    )
    verification = actions.open_verification(
        actor=cast.other_doe, at=AT, period_id=period.pk
    )
    run = actions.recompute(run_id=verification.runs.get().pk, at=AT)
    assert run.differences == []
    # 6 × 1000 kg × 43 MJ/kg × 74.1 tCO2/TJ = 19.1178 t, taken from 6,075.64… t
    fuel = rows_of(run)["Emissions from fossil fuel burnt by the project, PE_FF"]
    assert fuel["ours"] == "19.1178 tCO2e"
    assert run.result["claimed"] == {"2": 6_056}


def test_gaps_are_counted_by_the_database_and_agree(cast: Cast) -> None:
    exports = dict(zip(story.MONTHS[1:], story.EXPORTS[1:], strict=True))
    _, run = story.recomputed(cast, data=story.table(exports))
    assert run.differences == []
    assert rows_of(run)["Missing readings of EG_export"]["ours"] == "1"


def forged(cast: Cast, verification: Verification, change: Any) -> Any:
    """A further version of the report that says something else than its readings."""
    period = verification.period
    report = queries.report(period)
    content = change(report.content | {"shares": [dict(s) for s in report.content["shares"]]})
    with transaction.atomic():
        document = filing.file_document(
            actor=cast.participant, at=AT, project=period.project, period=period,
            kind=Document.Kind.MONITORING, title="Forged", filename="f.pdf",
            media_type="application/pdf", data=b"%PDF- forged",
        )
    MonitoringReport.objects.create(
        period=period, version=2, readings_file=report.readings_file, content=content,
        claimed=content["claimed"], sha256="0" * 64, document=document, reported_at=AT,
    )
    period.report_version = 2
    period.claimed_tonnes = sum(content["claimed"].values())
    period.save(update_fields=["report_version", "claimed_tonnes"])
    verification.runs.all().first().refresh_from_db()
    run = actions.request_recompute(actor=cast.other_doe, at=AT, period_id=period.pk)
    return actions.recompute(run_id=run.pk, at=AT)


def test_a_claim_above_the_readings_is_shown_with_both_figures(cast: Cast) -> None:
    verification, _ = story.recomputed(cast)
    run = forged(cast, verification, lambda c: c | {"claimed": {"2": story.CLAIM + 1}})
    assert run.message == "1 of 13 figures differ."
    assert run.differences == [{
        "result": "Claimed reductions", "theirs": "6\u202f076 t", "ours": "6\u202f075 t",
        "difference": "+1", "agrees": False,
    }]
    assert run.result["differences"] == [{
        "what": "Claimed reductions", "theirs": "6\u202f076 t", "ours": "6\u202f075 t",
        "from": "The steps agree: rounding, or what is made good for an earlier rise.",
        "tonnes": "+1",
    }]


def test_a_total_and_a_step_that_were_changed_are_shown(cast: Cast) -> None:
    verification, _ = story.recomputed(cast)

    def change(content: Any) -> Any:
        share = content["shares"][0]
        share["values"] = share["values"] | {"EG_export": "6750.7500000001"}
        steps = [dict(step) for step in share["calculation"]["steps"]]
        for step in steps:
            if step["symbol"] == "BE":
                step["value"] = "7000"
        share["calculation"] = share["calculation"] | {"steps": steps}
        return content

    run = forged(cast, verification, change)
    found = {row["result"]: row["difference"] for row in run.differences}
    assert found["EG_export"] == "+less than 0.000001"
    assert found["Baseline emissions, BE"].startswith("+")
    assert set(found) == {"EG_export", "Baseline emissions, BE"}
    assert [(row["what"], row["from"]) for row in run.result["differences"]] == [
        ("Baseline emissions, BE", "Arises in this step: what enters it agrees."),
        ("EG_export", "The rows of the file add up to another amount."),
    ]


def test_a_report_about_other_readings_stops_the_run_with_the_reason(cast: Cast) -> None:
    verification, _ = story.recomputed(cast)

    def change(content: Any) -> Any:
        return content | {"shares": [content["shares"][0] | {"commitment_period": 1}]}

    run = forged(cast, verification, change)
    assert run.state == State.FAILED
    assert run.message == "The report does not split the period as the readings do."


def test_the_task_takes_every_run_that_waits_and_does_it_once(cast: Cast) -> None:
    run = story.verifying(cast).runs.get()
    assert (tasks.recompute_waiting(), tasks.recompute_waiting()) == (1, 0)
    assert story.fresh(run).state == State.DONE
    assert journal.of(run).filter(verb="doe.finish_recompute").count() == 1


def test_a_finished_run_is_of_record(cast: Cast) -> None:
    _, run = story.recomputed(cast)
    with pytest.raises(DatabaseError, match="of record"), transaction.atomic():
        VerificationRun.objects.filter(pk=run.pk).update(result={})


def test_a_second_run_waits_for_the_first(cast: Cast, nothing_written: Nothing) -> None:
    verification = story.verifying(cast)
    given = {"at": AT, "period_id": verification.period_id}
    with nothing_written(), pytest.raises(CaseClosed, match="under way"):
        actions.request_recompute(actor=cast.other_doe, **given)
    actions.recompute(run_id=verification.runs.get().pk, at=AT)
    with nothing_written(), pytest.raises(Forbidden):
        actions.request_recompute(actor=cast.doe, **given)
    assert actions.request_recompute(actor=cast.other_doe, **given).state == State.QUEUED


def test_the_record_of_the_run_is_the_portals_own(cast: Cast) -> None:
    _, run = story.recomputed(cast)
    entry = journal.of(run).get()
    assert (entry.actor_role, entry.actor_name) == ("system", SYSTEM.name)
    assert entry.facts == {"period": 1, "differences": 0}
