"""A long series at the DOE: its faults and their treatment in view, its sums made once more."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from projects.doe import actions as doe
from projects.doe.audit import sampling
from projects.participant import actions as participant
from projects.participant.models import ReadingsImport
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.participant.designs import csv, hourly

pytestmark = pytest.mark.django_db
HOURS = 184 * 24


def test_the_doe_sees_each_fault_with_its_treatment_and_recalculates_the_series(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    period = story.opened(cast)
    rows = hourly(period.first_date, period.last_date, export="2000.125", unit="kWh")
    rows[12] = rows[12].replace("2000.125", "1.5 MWh")
    act = {"actor": cast.participant, "at": on(2015, 1, 6)}
    made = participant.send_series(
        period_id=period.pk, filename="a.csv", data=csv(rows), resolution="hour", **act
    )
    made = _worked(made)
    participant.treat_faults(
        import_id=made.pk, choices={each["key"]: "convert" for each in made.faults},
        reason="Typed by hand <once>.", **act,
    )
    assert _worked(made).state == "done"
    participant.report_monitoring(actor=cast.participant, at=on(2015, 1, 7), period_id=period.pk)
    engagement = story.offered(cast, period.project, cast.other_doe, period, on(2015, 1, 8))
    doe.accept_engagement(
        actor=cast.other_doe, at=on(2015, 1, 9), engagement_id=engagement.pk, no_conflict=True
    )
    case = doe.open_verification(actor=cast.other_doe, at=on(2015, 1, 10), period_id=period.pk)
    run = doe.recompute(run_id=case.runs.get().pk, at=on(2015, 1, 10))
    assert (run.state, run.differences) == ("done", [])
    assert len(run.result["compared"]) > len(run.result["sums"]) > 1
    records = {each["key"]: each for each in run.result["sample"]["records"]}
    numbers = sampling.draw(run.result["sample"]["seed"], 2 * HOURS, 68)
    assert {key for key, each in records.items() if "drawn" in each["why"]} == {
        f"{(n - 1) % HOURS + 2}:{'EG_export' if n <= HOURS else 'EG_import'}" for n in numbers
    }
    assert "largest" in records["2:EG_export"]["why"]
    assert [key for key, each in records.items() if "treated" in each["why"]] == ["13:EG_export"]
    desk: Client = sign_in(client, cast.other_doe)
    page = desk.get(reverse("doe:verification", args=[period.project.name, 1])).content.decode()
    for said in ("has a unit of its own", "1.5 MWh", "Convert each from its own unit",
                 "Typed by hand &lt;once&gt;."):
        assert said in page


def _worked(made: ReadingsImport) -> ReadingsImport:
    lease, at = uuid.uuid4(), on(2015, 1, 6)
    assert participant.take_import(at=at, import_id=made.pk, lease=lease)
    return participant.import_series(at=at, import_id=made.pk, lease=lease)
