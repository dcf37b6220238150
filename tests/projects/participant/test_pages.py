"""The participant's pages: what is typed is kept, refusals stand by their box, rivals see 404."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cdm_portal.values import Actor
from projects.models import MonitoringPeriod, Project
from projects.participant import actions, queries, tasks
from projects.participant.forms import AttachmentForm, ReadingsForm
from projects.participant.models import DesignVersion, MonitoringReport, ReadingsFile
from projects.participant.sections import SECTIONS
from tests.cast import Cast
from tests.projects.participant.designs import (
    csv,
    filled,
    hourly,
    in_validation,
    opened,
    registered,
    started,
    submitted,
    uploaded,
)
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]


@pytest.fixture
def desk(client: Client, cast: Cast, sign_in: SignIn) -> Client:
    """The participant's browser."""
    return sign_in(client, cast.participant)


def url(name: str, *args: object) -> str:
    return reverse(f"participant:{name}", args=args)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_project_is_started_from_the_page(desk: Client) -> None:
    answer = desk.post(url("new"), {"title": "Ziwa wind park", "party_code": "KE"})
    case = Project.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("design", case.reference))


def test_a_refused_start_keeps_what_was_typed(desk: Client) -> None:
    answer = desk.post(url("new"), {"title": "Ziwa wind park", "party_code": "DE"})
    assert answer.status_code == 422
    assert 'value="Ziwa wind park"' in text(answer)
    assert Project.objects.count() == 0


@pytest.mark.parametrize("section", [section.key for section in SECTIONS])
def test_every_section_has_its_page_empty_and_filled(
    desk: Client, cast: Cast, section: str
) -> None:
    for case in (started(cast), filled(cast)):
        answer = desk.get(url("section", case.reference, section))
        assert answer.status_code == 200
        assert "Demonstration rules" in text(answer)


def test_a_section_is_saved_and_shown_again(desk: Client, cast: Cast) -> None:
    case = started(cast)
    page = url("section", case.reference, "general")
    answer = desk.post(page, {"title": "Ziwa", "installed_mw": "10"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = text(desk.get(page))
    assert 'value="10"' in shown
    assert "Choose the kind of project." in shown


def test_a_wrong_methodology_for_the_scale_is_named_beside_the_box(
    desk: Client, cast: Cast
) -> None:
    case = filled(cast, general={"installed_mw": "14"})
    actions.save_section(
        actor=cast.participant, at=queries.draft(case).updated_at, project_id=case.pk,
        section="general", values=queries.draft(case).content["general"] | {"installed_mw": "55"},
    )
    answer = desk.post(url("section", case.reference, "methodology"), {
        "code": "AMS-I.D", "version": "18.0", "scale": "small", "activity": "greenfield",
        "grid_factor": "combined_margin", "grid_connected": "on",
        "additionality": "Barriers, in my own words.",
    })
    assert answer.status_code == 422
    assert "55 MW is above the 15 MW of small scale" in str(answer.context["form"].errors["code"])
    assert "Barriers, in my own words." in text(answer)


def test_a_faulty_parameter_keeps_every_value_typed(desk: Client, cast: Cast) -> None:
    case = filled(cast)
    answer = desk.post(url("section", case.reference, "parameters"), {
        "EF_OM_value": "1,0021", "EF_OM_unit": "tCO2/MWh", "EF_OM_source": "my source",
        "EF_BM_value": "0.594", "EF_BM_unit": "tCO2/MWh", "EF_BM_source": "",
    })
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["EF_OM_value"]
    shown = text(answer)
    assert 'value="1,0021"' in shown
    assert 'value="my source"' in shown


def test_the_estimate_is_shown_step_by_step(desk: Client, cast: Cast) -> None:
    case = filled(cast)
    shown = text(desk.get(url("section", case.reference, "reductions")))
    assert "BE = EG_PJ × EF_grid_CM" in shown
    assert "14 023 t a year on average" in shown


def test_submitting_an_incomplete_draft_lists_what_is_missing(desk: Client, cast: Cast) -> None:
    case = started(cast)
    answer = desk.post(url("submit", case.reference))
    assert answer.status_code == 422
    assert "Location: The latitude is missing." in text(answer)
    assert DesignVersion.objects.count() == 0


def test_submitting_freezes_a_version_that_can_be_read(desk: Client, cast: Cast) -> None:
    case = filled(cast)
    answer = desk.post(url("submit", case.reference), follow=True)
    version = DesignVersion.objects.get(project=case)
    assert answer.redirect_chain == [(url("version", case.reference, 1), 302)]
    assert version.sha256 in text(answer)


def test_an_attachment_is_uploaded_and_taken_out(desk: Client, cast: Cast) -> None:
    case = started(cast)
    page = url("attachments", case.reference)
    file = SimpleUploadedFile("permit.pdf", pdf())
    assert desk.post(page, {"title": "Permit", "part": "other", "file": file}).status_code == 302
    (filed,) = queries.attachments(case, queries.draft(case).content)
    assert "not scanned" in text(desk.get(page))
    assert desk.post(url("detach", case.reference, filed.pk)).status_code == 302
    assert queries.attachments(case, queries.draft(case).content) == []


class Huge(SimpleUploadedFile):
    """A file that says it has 200 MB and cannot be read at all."""

    def __init__(self, name: str) -> None:
        super().__init__(name, b"x")
        self.size = 200_000_000

    def read(self, *args: Any) -> bytes:
        raise AssertionError("a file that is too large was read")

    chunks = read  # type: ignore[assignment]


def test_a_file_too_large_is_refused_without_being_read(at: datetime) -> None:
    day, named = at.date(), {"title": "X", "part": "other"}
    attached = AttachmentForm(named, {"file": Huge("x.pdf")}, on=day)
    read = ReadingsForm({"resolution": "hour"}, {"file": Huge("x.csv")}, on=day)
    for form, most in ((attached, 20), (read, 100)):
        said = f"The file has 200.0 MB; at most {most} MB are accepted. Upload it in parts."
        assert form.errors == {"file": [said]}


def test_every_page_of_a_project_opens_at_its_stage(desk: Client, cast: Cast) -> None:
    for case in (started(cast), submitted(cast)[0], in_validation(cast)):
        for name in ("project", "design", "withdraw"):
            assert desk.get(url(name, case.reference)).status_code == 200
    assert desk.get(url("projects")).status_code == 200


def test_withdrawing_needs_a_reason(desk: Client, cast: Cast) -> None:
    case = started(cast)
    page = url("withdraw", case.reference)
    assert desk.post(page, {"reason": ""}).status_code == 422
    assert desk.post(page, {"reason": "No grid."}).status_code == 302
    assert Project.objects.get(pk=case.pk).stage == "withdrawn"


def _monitored(cast: Cast) -> tuple[Project, MonitoringPeriod]:
    case = registered(cast)
    period, _ = opened(cast, case)
    return case, period


def test_a_period_overlapping_another_is_told_beside_the_first_day(
    desk: Client, cast: Cast
) -> None:
    case, period = _monitored(cast)
    answer = desk.post(url("new_period", case.name), {
        "first": str(period.last_date), "last": "2026-12-31",
    })
    assert answer.status_code == 422
    assert "overlaps" in str(answer.context["form"].errors["first"])
    assert str(period.last_date) in text(answer)
    assert desk.post(url("new_period", case.name), {"first": "x", "last": ""}).status_code == 422


def test_readings_travel_from_the_template_to_the_frozen_report(desk: Client, cast: Cast) -> None:
    case, period = _monitored(cast)
    template = desk.get(url("template", case.name, 1, "hour"))
    rows = template.getvalue().decode().splitlines()
    assert rows[0] == "timestamp,EG_export [MWh],EG_import [MWh]"
    assert len(rows) == 1 + 31 * 24
    table = csv([rows[0], *(row.replace(",,", ",2,0") for row in rows[1:])])
    answer = desk.post(url("period", case.name, 1), {
        "resolution": "hour", "file": SimpleUploadedFile("january.csv", table),
    })
    assert answer.status_code == 302
    assert "841" in text(desk.get(url("report", case.name, 1)))
    assert desk.post(url("report", case.name, 1)).status_code == 302
    assert MonitoringReport.objects.get(period=period).claimed == {"2": 841}
    for name in ("period", "report"):
        assert desk.get(url(name, case.name, 1)).status_code == 200
    assert desk.get(url("project", case.name)).status_code == 200


def test_a_faulty_table_is_shown_row_by_row(desk: Client, cast: Cast) -> None:
    case, period = _monitored(cast)
    rows = hourly(period.first_date, period.last_date)
    rows[7] = rows[7].replace(",2,", ",two,")
    answer = desk.post(url("period", case.name, 1), {
        "resolution": "hour", "file": SimpleUploadedFile("january.csv", csv(rows)),
    })
    assert answer.status_code == 422
    assert [each.row for each in answer.context["problems"]] == [8]
    assert "&#x27;two&#x27; is not a number" in text(answer)
    assert ReadingsFile.objects.count() == 0


def test_a_faulty_table_is_kept_treated_on_the_page_and_then_counts(
    desk: Client, cast: Cast
) -> None:
    case, period = _monitored(cast)
    rows = hourly(period.first_date, period.last_date)
    rows[7] = rows[7].replace(",2,", ",<b>two</b>,")
    page = url("period", case.name, 1)
    answer = desk.post(page, {
        "resolution": "hour", "treat": "on", "file": SimpleUploadedFile("january.csv", csv(rows)),
    })
    assert answer.status_code == 302
    assert "Waiting to start" in text(desk.get(page))
    polled = desk.get(url("import_progress", case.name, 1))
    assert 'value="0"' in text(polled)
    assert tasks.import_waiting() == 1
    shown = text(desk.get(page))
    assert "is not a number" in shown
    assert "&lt;b&gt;two&lt;/b&gt;" in shown
    assert "Show what came of it" in text(desk.get(url("import_progress", case.name, 1)))
    treat = url("import_treat", case.name, 1)
    assert desk.post(treat, {"choice-0": "keep", "reason": ""}).status_code == 422
    answer = desk.post(treat, {"choice-0": "leave_out", "reason": "The <logger> failed."})
    assert answer.status_code == 302
    assert tasks.import_waiting() == 1
    shown = text(desk.get(page))
    assert "The &lt;logger&gt; failed." in shown
    assert "1 gap waits to be accepted" in shown
    assert ReadingsFile.objects.get(period=period).reading_count == 2 * 31 * 24 - 1


def test_columns_are_told_on_the_page(desk: Client, cast: Cast) -> None:
    case, period = _monitored(cast)
    rows = hourly(period.first_date, period.last_date)
    rows[0] = "timestamp,Einspeisung,EG_import [MWh]"
    desk.post(url("period", case.name, 1), {
        "resolution": "hour", "treat": "on", "file": SimpleUploadedFile("january.csv", csv(rows)),
    })
    assert tasks.import_waiting() == 1
    shown = text(desk.get(url("period", case.name, 1)))
    assert "EG_export [MWh]&#x27; is missing" in shown
    columns = url("import_columns", case.name, 1)
    assert desk.post(columns, {}).status_code == 422
    answer = desk.post(columns, {"column-0": "timestamp", "column-1": "EG_export [MWh]",
                                 "column-2": "EG_import [MWh]"})
    assert answer.status_code == 302
    assert tasks.import_waiting() == 1
    assert ReadingsFile.objects.get(period=period).reading_count == 2 * 31 * 24


@pytest.mark.parametrize(("name", "data"), [
    ("a.xlsx", b"not a workbook"), ("a.csv", b"PK\x03\x04"), ("a.csv", b""), ("a.exe", b"MZ"),
])
def test_a_file_that_is_no_table_is_an_error_of_the_form(
    desk: Client, cast: Cast, name: str, data: bytes
) -> None:
    case, _ = _monitored(cast)
    answer = desk.post(url("period", case.name, 1), {
        "resolution": "hour", "file": SimpleUploadedFile(name, data),
    })
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


def test_gaps_are_accepted_on_the_page(desk: Client, cast: Cast) -> None:
    case = registered(cast)
    period, after = opened(cast, case)
    rows = hourly(period.first_date, period.last_date)
    del rows[5]
    file = uploaded(cast, period, after, rows)
    page = url("gaps", case.name, 1)
    keys = [gap["key"] for gap in file.gaps]
    assert desk.post(url("report", case.name, 1)).status_code == 409
    assert desk.post(page, {"keys": keys, "reason": ""}).status_code == 422
    assert desk.post(page, {"keys": ["x"], "reason": "y"}).status_code == 422
    assert desk.post(page, {"keys": keys, "reason": "Logger."}).status_code == 302
    assert queries.open_gaps(file) == []


PAGES = [
    ("project", ()), ("design", ()), ("withdraw", ()), ("attachments", ()),
    ("section", ("general",)), ("new_period", ()), ("version", (1,)), ("period", (1,)),
    ("report", (1,)), ("template", (1, "hour")),
]


@pytest.mark.parametrize("who", ["rival_participant", "dna", "doe", "secretariat", "auditor"])
def test_what_is_not_ones_own_is_404(client: Client, cast: Cast, sign_in: SignIn, who: str) -> None:
    case, _ = _monitored(cast)
    sign_in(client, getattr(cast, who))
    for name, more in PAGES:
        assert client.get(url(name, case.name, *more)).status_code == 404, name


def test_a_stranger_is_asked_to_sign_in(client: Client, cast: Cast) -> None:
    case = started(cast)
    for name, more in PAGES:
        answer = client.get(url(name, case.reference, *more))
        assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)


def test_what_does_not_exist_is_404(desk: Client, cast: Cast) -> None:
    case = started(cast)
    for name, more in (("section", ("poetry",)), ("version", (9,)), ("period", (9,))):
        assert desk.get(url(name, case.reference, *more)).status_code == 404
    assert desk.get(url("project", "PDD-99999")).status_code == 404
