"""Drafting, freezing, revising and withdrawing a design document."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cdm_portal import queues
from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.lifecycle import NotNow, Stage
from projects.models import Document, Project
from projects.participant import actions, design, queries
from projects.participant import waiting as desk
from projects.participant.models import DesignDocument, DesignVersion
from tests.cast import Cast
from tests.projects.participant.designs import AT, filled, in_validation, started, submitted
from tests.uploads.files import pdf

Unchanged = Callable[[], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db


def errors(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return dict(refused.value.errors)


def save(
    cast: Cast, case: Project, section: str, values: dict[str, Any], at: datetime = AT
) -> DesignDocument:
    return actions.save_section(
        actor=cast.participant, at=at, project_id=case.pk, section=section, values=values
    )


def test_a_project_begins_with_a_title_a_host_and_a_reference(cast: Cast) -> None:
    case = started(cast)
    assert case.reference == f"PDD-{case.pk:05d}"
    assert (case.stage, case.party_code, case.owner_id) == (
        "design", "KE", cast.participant.organisation_id,
    )
    assert list(journal.of_project(case.reference).values_list("verb", flat=True)) == [
        "participant.start_design"
    ]


def test_a_party_of_annex_i_cannot_host(cast: Cast, nothing_written: Unchanged) -> None:
    with nothing_written(), pytest.raises(Invalid) as refused:
        actions.start_design(
            actor=cast.participant, at=AT, title="X", party_code="DE", rules="demonstration"
        )
    assert errors(refused) == {
        "party_code": ["Germany is included in Annex I and cannot host a project."]
    }


def test_only_a_participant_begins_a_design(cast: Cast, nothing_written: Unchanged) -> None:
    with nothing_written(), pytest.raises(Forbidden):
        actions.start_design(
            actor=cast.dna, at=AT, title="X", party_code="KE", rules="demonstration"
        )


def test_a_draft_keeps_an_incomplete_section(cast: Cast) -> None:
    case = started(cast)
    draft = save(cast, case, "general", {"title": "Half", "installed_mw": "10.50"})
    assert draft.content["general"] == {"title": "Half", "installed_mw": "10.50"}
    assert Project.objects.get(pk=case.pk).title == "Half"


@pytest.mark.parametrize(
    ("section", "values", "box", "message"),
    [
        ("general", {"installed_mw": "ten"}, "installed_mw", "Enter a number: 'ten' is not a"),
        ("general", {"installed_mw": "1,5"}, "installed_mw", "comma"),
        ("general", {"installed_mw": "-1"}, "installed_mw", "outside"),
        ("general", {"installed_mw": "9" * 100}, "installed_mw", "at most 60 characters"),
        ("general", {"sector": "coal"}, "sector", "Choose one of the list."),
        ("general", {"title": "x" * 201}, "title", "at most 200 characters"),
        ("general", {"title": "a\0b"}, "title", "cannot be printed"),
        ("general", {"colour": "blue"}, "colour", "no box"),
        ("location", {"latitude": "91"}, "latitude", "outside"),
        ("location", {"utc_offset": "CET"}, "utc_offset", "like +03:00"),
        ("crediting", {"first_date": "31/12/2024"}, "first_date", "Enter a date like"),
        ("crediting", {"years": "1.5"}, "years", "whole number"),
        ("crediting", {"years": "0"}, "years", "whole number"),
        ("crediting", {"kind": "renewable", "years": 8}, "years", "at most 7 years"),
        ("crediting", {"kind": "fixed", "years": 11}, "years", "at most 10 years"),
        ("participants", {"organisation_ids": ["x"]}, "organisation_ids", "of the list"),
        ("attachments", {"document_ids": [1]}, "document_ids", "uploaded to this project"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_box(
    cast: Cast,
    nothing_written: Unchanged,
    section: str,
    values: dict[str, Any],
    box: str,
    message: str,
) -> None:
    case = started(cast)
    with nothing_written(), pytest.raises(Invalid) as refused:
        save(cast, case, section, values)
    assert message in errors(refused)[box][0]


def test_an_unknown_section_is_refused(cast: Cast) -> None:
    case = started(cast)
    with pytest.raises(Invalid):
        save(cast, case, "poetry", {})


def test_a_small_scale_methodology_is_refused_above_15_mw(
    cast: Cast, nothing_written: Unchanged
) -> None:
    case = started(cast)
    save(cast, case, "general", {"sector": "solar", "installed_mw": "55"})
    with nothing_written(), pytest.raises(Invalid) as refused:
        save(cast, case, "methodology", {"code": "AMS-I.D", "version": "18.0", "scale": "large"})
    assert errors(refused) == {
        "scale": ["AMS-I.D is a small-scale methodology and cannot be used for a large-scale "
                  "project."],
        "code": ["AMS-I.D does not apply: 55 MW is above the 15 MW of small scale: use a "
                 "large-scale methodology (ACM0002)."],
    }


def test_a_version_must_be_valid_on_the_day(cast: Cast) -> None:
    case = started(cast)
    with pytest.raises(Invalid) as refused:
        save(cast, case, "methodology", {"code": "AMS-I.D", "version": "17.0", "scale": "small"})
    assert errors(refused) == {
        "version": ["Version 17.0 of AMS-I.D was not valid on 4 March 2024. Valid then: 18.0."]
    }


def test_a_kind_of_project_without_a_calculation_is_told(cast: Cast) -> None:
    case = started(cast)
    save(cast, case, "general", {"sector": "landfill", "installed_mw": "5"})
    with pytest.raises(Invalid) as refused:
        save(cast, case, "methodology", {"code": "ACM0002"})
    assert errors(refused) == {
        "code": [
            "ACM0002 does not apply: it is for electricity, and the project is described as "
            "landfill gas."
        ]
    }


def test_kwh_where_mwh_is_due_is_told_beside_the_year(cast: Cast) -> None:
    case = filled(cast)
    with pytest.raises(Invalid) as refused:
        save(cast, case, "reductions", {"years": {"2": {"EG_export": "15580000"}}})
    assert errors(refused) == {
        "y2_EG_export": ["Year 2: 15580000 MWh of EG_export is more than 10 MW deliver in a year "
                         "(87840 MWh). Is it in kWh?"]
    }


def test_a_unit_of_another_dimension_is_told_beside_the_parameter(cast: Cast) -> None:
    case = filled(cast)
    with pytest.raises(Invalid) as refused:
        save(cast, case, "parameters", {"fixed": {"EF_OM": {"value": "1", "unit": "MW"}}})
    assert list(errors(refused)) == ["EF_OM_unit"]


def test_the_owner_stays_a_participant(cast: Cast) -> None:
    case = started(cast)
    rival = cast.rival_participant.organisation_id
    with pytest.raises(Invalid) as refused:
        save(cast, case, "participants", {"organisation_ids": [rival]})
    assert "stays a participant" in errors(refused)["organisation_ids"][0]
    dna = cast.dna.organisation_id
    with pytest.raises(Invalid):
        save(cast, case, "participants", {"organisation_ids": [case.owner_id, dna]})


def test_the_registered_tonnes_of_project_9851_come_out(cast: Cast) -> None:
    case, version = submitted(cast)
    assert version.calculation["annual_average"] == 14023
    assert version.calculation["total"] == 7 * 14023
    exact = {y["calculation"]["reductions_exact"] for y in version.calculation["years"]}
    assert {Decimal(each) for each in exact} == {Decimal("14023.1685")}
    assert case.estimated_annual_tonnes == 14023
    assert case.stage == Stage.NATIONAL_APPROVAL
    assert (case.methodology, case.methodology_version, case.scale) == ("AMS-I.D", "18.0", "small")
    assert (case.crediting_first_date, case.crediting_last_date) == (
        date(2025, 1, 1), date(2031, 12, 31),
    )


def test_a_frozen_version_carries_its_hash_and_a_pdf(cast: Cast) -> None:
    _, version = submitted(cast)
    record = {"content": version.content, "calculation": version.calculation}
    version.refresh_from_db()
    again = {"content": version.content, "calculation": version.calculation}
    assert version.sha256 == design.digest(record) == design.digest(again)
    assert version.document.kind == Document.Kind.DESIGN
    assert bytes(version.document.blob.data).startswith(b"%PDF-")
    assert version.document.public is False
    assert version.content["fixed"][1]["symbol"] == "EF_BM"
    assert [row["symbol"] for row in version.content["plan"]] == ["EG_export", "EG_import"]


def test_submitting_tells_what_is_missing_by_section(
    cast: Cast, nothing_written: Unchanged
) -> None:
    case = started(cast)
    with nothing_written(), pytest.raises(actions.Incomplete) as refused:
        actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)
    assert set(refused.value.lacking) == {
        "general", "location", "methodology", "parameters", "crediting", "reductions",
        "consultation",
    }
    assert "Location: The latitude is missing." in errors(refused)[""]


def test_a_parameter_without_a_source_is_missing(cast: Cast) -> None:
    case = filled(cast, parameters={"fixed": {
        "EF_OM": {"value": "1", "unit": "tCO2/MWh"}, "EF_BM": {"source": "a list"},
    }})
    with pytest.raises(actions.Incomplete) as refused:
        actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)
    assert refused.value.lacking == {"parameters": [
        "EF_OM: say where the value is from.",
        "EF_BM is missing: Build margin emission factor of the grid.",
    ]}


def test_a_rival_finds_no_project(cast: Cast, nothing_written: Unchanged) -> None:
    case = filled(cast)
    calls = [
        lambda who: actions.save_section(
            actor=who, at=AT, project_id=case.pk, section="general", values={}
        ),
        lambda who: actions.submit_design(actor=who, at=AT, project_id=case.pk),
        lambda who: actions.withdraw(actor=who, at=AT, project_id=case.pk, reason="mine"),
        lambda who: actions.attach(
            actor=who, at=AT, project_id=case.pk, title="x", filename="x.csv", data=b"a,b"
        ),
    ]
    for call in calls:
        for who in (cast.rival_participant, cast.dna, cast.doe, cast.secretariat):
            with nothing_written(), pytest.raises(NotFound):
                call(who)


def test_a_revision_is_a_new_version_and_keeps_the_old(cast: Cast) -> None:
    case = in_validation(cast)
    with pytest.raises(NotNow, match="Nothing has changed since version 1"):
        actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)
    values = DesignDocument.objects.get(project=case).content["general"]
    save(cast, case, "general", values | {"summary": "Said more clearly."})
    second = actions.submit_design(actor=cast.participant, at=AT, project_id=case.pk)
    case.refresh_from_db(fields=["design_version", "summary"])
    assert (second.number, case.design_version, case.summary) == (2, 2, "Said more clearly.")
    assert second.document.public is True
    assert DesignVersion.objects.get(project=case, number=1).content["general"]["summary"] == (
        "Sun instead of oil."
    )


def test_a_version_that_expires_while_validation_runs_may_stay(cast: Cast) -> None:
    case = in_validation(cast)
    values = DesignDocument.objects.get(project=case).content["general"]
    later = AT + timedelta(days=900)
    save(cast, case, "general", values | {"summary": "Later."}, at=later)
    assert actions.submit_design(
        actor=cast.participant, at=later, project_id=case.pk
    ).number == 2


def test_a_withdrawn_project_is_closed(cast: Cast, nothing_written: Unchanged) -> None:
    case, _ = submitted(cast)
    with nothing_written(), pytest.raises(Invalid):
        actions.withdraw(actor=cast.participant, at=AT, project_id=case.pk, reason=" ")
    ended = actions.withdraw(
        actor=cast.participant, at=AT, project_id=case.pk, reason="No grid connection."
    )
    assert (ended.stage, ended.ended_at) == (Stage.WITHDRAWN, AT)
    with nothing_written(), pytest.raises(NotNow, match="The project has ended: withdrawn"):
        save(cast, case, "general", {})


def test_attachments_are_told_by_their_bytes(cast: Cast, nothing_written: Unchanged) -> None:
    case = started(cast)
    for name, data, said in [
        ("a.pdf", b"not one", "named PDF but is not one"),
        ("a.png", b"%PDF-1.7", "named PNG but is not one"),
        ("a.xlsx", b"PK\x03\x04junk", "not an XLSX"),
        ("a.csv", b"%PDF-1.7", "not a text file"),
        ("a.exe", b"MZ", "not accepted"),
        ("a.pdf", b"", "empty"),
    ]:
        with nothing_written(), pytest.raises(Invalid) as refused:
            actions.attach(
                actor=cast.participant, at=AT, project_id=case.pk, title="X", filename=name,
                data=data,
            )
        assert said in errors(refused)["file"][0], name


def test_an_attachment_is_filed_named_and_taken_out_again(cast: Cast) -> None:
    case = started(cast)
    filed = actions.attach(
        actor=cast.participant, at=AT, project_id=case.pk, title="Permit", filename="permit.pdf",
        data=pdf(),
    )
    draft = queries.draft(case)
    assert draft.content["attachments"] == {"document_ids": [filed.pk]}
    actions.detach(actor=cast.participant, at=AT, project_id=case.pk, document_id=filed.pk)
    assert queries.draft(case).content["attachments"] == {"document_ids": []}
    assert Document.objects.filter(pk=filed.pk).exists()
    with pytest.raises(NotFound):
        actions.detach(actor=cast.participant, at=AT, project_id=case.pk, document_id=filed.pk)


@pytest.mark.parametrize("statement", [
    "UPDATE participant_designversion SET sha256 = ''",
    "DELETE FROM participant_designversion",
    "TRUNCATE participant_designversion CASCADE",
])
def test_a_frozen_version_cannot_be_changed_in_the_database(cast: Cast, statement: str) -> None:
    submitted(cast)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_what_waits_is_told_to_its_owner_alone(cast: Cast) -> None:
    case = started(cast)
    waiting = queues.items(desk.queue(cast.participant, AT))
    assert [item["title"] for item in waiting] == [case.title]
    assert waiting[0]["what"] == "Design document: 2 of 9 sections are complete."
    assert queues.items(desk.queue(cast.rival_participant, AT)) == []
    assert queues.items(desk.queue(cast.dna, AT)) == []
