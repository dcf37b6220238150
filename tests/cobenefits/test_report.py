"""Co-benefits: report, amend, withdraw; voluntary, by the project's participant alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.refusals import Forbidden, Invalid
from cobenefits import actions, queries
from cobenefits.actions import Statement
from cobenefits.models import Report
from projects.lifecycle import NotNow
from projects.models import Project
from projects.participant import actions as participant_actions
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
JOBS = {"jobs": Statement("high", "in two workshops", "46 jobs")}


@pytest.fixture
def project(cast: Cast, at: datetime) -> Project:
    return participant_actions.start_design(
        actor=cast.participant, at=at, title="A solar park", party_code="KE",
        rules=Project.Rules.DEMONSTRATION,
    )


def test_a_report_an_amendment_and_a_withdrawal_keep_every_version(
    cast: Cast, project: Project, at: datetime
) -> None:
    by = {"actor": cast.participant, "project_id": project.pk}
    actions.report(at=at, statements=JOBS, **by)
    actions.report(at=at + timedelta(days=1), statements={
        **JOBS, "air": Statement("slight", "less smoke"),
    }, **by)
    assert queries.reported([project.pk]) == {project.pk: {"jobs", "air"}}
    actions.withdraw(at=at + timedelta(days=2), reason="Measured anew.", **by)
    assert queries.reported([project.pk]) == {}
    assert queries.standing(project) is None
    assert [r.version for r in Report.objects.order_by("version")] == [1, 2]


@pytest.mark.parametrize("name", ["rival_participant", "dna", "doe", "secretariat", "auditor"])
def test_nobody_else_reports_for_the_participant(
    name: str, cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(Forbidden):
        actions.report(
            actor=getattr(cast, name), at=at, project_id=project.pk, statements=JOBS
        )


@pytest.mark.parametrize(
    "statements",
    [{}, {"fame": Statement("high", "x")}, {"jobs": Statement("enormous", "x")},
     {"jobs": Statement("high", "  ")}],
)
def test_an_unusable_report_is_refused(
    statements: Any, cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(Invalid):
        actions.report(
            actor=cast.participant, at=at, project_id=project.pk, statements=statements
        )


def test_withdrawing_needs_a_report_and_a_reason(
    cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    by = {"actor": cast.participant, "at": at, "project_id": project.pk}
    with nothing_written(), pytest.raises(NotNow):
        actions.withdraw(reason="x", **by)
    actions.report(statements=JOBS, **by)
    with nothing_written(), pytest.raises(Invalid):
        actions.withdraw(reason=" ", **by)


def test_the_form_keeps_what_was_typed(
    cast: Cast, project: Project, client: Client, sign_in: Any, nothing_written: Any
) -> None:
    sign_in(client, cast.participant)
    url = f"/desk/cobenefits/{project.reference}/"
    with nothing_written():
        answer = client.post(url, {"jobs_text": "Words without a level"})
    assert answer.status_code == 422
    assert b"Words without a level" in answer.content
    assert b"Choose a level" in answer.content


def test_the_page_publishes_a_report(
    cast: Cast, project: Project, client: Client, sign_in: Any
) -> None:
    sign_in(client, cast.participant)
    url = f"/desk/cobenefits/{project.reference}/"
    answer = client.post(url, {"jobs_level": "high", "jobs_text": "In two workshops"})
    assert answer.status_code == 302
    assert Report.objects.get().lines.get().criterion == "jobs"


def test_the_history_of_a_project_tells_what_happened_last_first(
    cast: Cast, at: datetime, client: Client
) -> None:
    """Whatever was booked first: a day before the registration is told before it."""
    case = factories.walk(cast, Until.REGISTERED, at).project
    assert case.registered_at is not None
    before = case.registered_at - timedelta(days=1)
    actions.report(actor=cast.participant, at=before, project_id=case.pk, statements=JOBS)
    events = client.get(f"/projects/{case.name}/").context["events"]
    told = [event["text"].partition(" (")[0] for event in events]
    assert told.index("Registered") < told.index("Co-benefits reported")
    days = [event["at"] for event in events]
    assert days == sorted(days, reverse=True)


def test_a_rival_does_not_know_of_the_page(
    cast: Cast, project: Project, client: Client, sign_in: Any
) -> None:
    sign_in(client, cast.rival_participant)
    assert client.get(f"/desk/cobenefits/{project.reference}/").status_code == 404
