"""A report one section at a time: indicators, extras, nothing lost, versions and their changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cdm_portal.refusals import Forbidden, Invalid
from cobenefits import actions, content, criteria, indicators, queries
from cobenefits.actions import Statement, Told
from cobenefits.models import Said, TypedBenefit
from projects.models import Document, Project
from projects.participant.actions.autosave import ChangedMeanwhile
from tests.cast import Cast
from tests.cobenefits import story
from tests.uploads.files import pdf

pytestmark = pytest.mark.django_db
JOBS = Statement("high", "in two workshops")
LONG = Told(applicable=True, level="high", quantity=Decimal("46.5"), unit="jobs", text="in upkeep")


@pytest.fixture
def project(cast: Cast, at: datetime) -> Project:
    return story.public(cast, at)


def save(cast: Cast, project: Project, at: datetime, section: str = "jobs", **besides: Any) -> Any:
    """One section, saved by the participant."""
    given: dict[str, Any] = {"statement": JOBS, "told": {"long_term": LONG}} | besides
    return actions.save_section(
        actor=cast.participant, at=at, project_id=project.pk, section=section, **given
    )


def test_a_section_is_saved_alone_and_a_version_keeps_all_of_it(
    cast: Cast, project: Project, at: datetime
) -> None:
    save(cast, project, at)
    save(cast, project, at, "air", statement=Statement("slight", "less smoke"), told={})
    assert story.said(project) == {"jobs", "air"}
    handed_in = actions.hand_in(actor=cast.participant, at=at, project_id=project.pk)
    first = actions.publish(
        actor=cast.secretariat, at=at, project_id=project.pk, turn=handed_in.turn
    )
    assert content.quantity(first.indicators.get()) == "46.5 jobs"
    save(cast, project, at + timedelta(days=1), "jobs", statement=Statement("slight", "one left"))
    second = queries.under_way(project)
    assert second is not None and story.said(project) == {"jobs", "air"}
    assert second.indicators.get().quantity == Decimal("46.5")
    changed = content.changes(first, second)
    assert {(each.box, each.before, each.after) for each in changed} == {
        ("Level", "High", "Slight"), ("In words", "in two workshops", "one left"),
    }
    assert first.lines.get(criterion="jobs").level == "high"


@pytest.mark.parametrize(
    ("besides", "box"),
    [
        ({"statement": Statement("enormous", "x")}, "level"),
        ({"told": {"fame": LONG}}, ""),
        ({"told": {"long_term": Told(applicable=True, quantity=Decimal(1))}}, "long_term_unit"),
        ({"told": {"long_term": Told(applicable=True, quantity=Decimal(-1), unit="t")}},
         "long_term_quantity"),
        ({"told": {"long_term": Told(applicable=True, quantity=Decimal("1e-7"), unit="t")}},
         "long_term_quantity"),
        ({"told": {"long_term": Told(applicable=True, level="enormous")}}, "long_term_level"),
        ({"told": {"long_term": Told(applicable=False, level="high")}}, "long_term_applicable"),
        ({"told": {"long_term": Told(applicable=True, document_id=10**9)}}, "long_term_document"),
        ({"section": "safeguards", "told": {}}, "level"),
    ],
)
def test_what_cannot_be_used_is_refused_by_the_field(
    besides: Any, box: str, cast: Cast, project: Project, at: datetime, nothing_written: Any
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refused:
        save(cast, project, at, **besides)
    assert set(refused.value.errors) == {box}


def test_an_indicator_that_applies_is_complete_before_it_is_handed_in(
    cast: Cast, project: Project, at: datetime
) -> None:
    own: dict[str, Any] = {"actor": cast.participant, "at": at, "project_id": project.pk}
    half = Told(applicable=True, text="in upkeep")
    save(cast, project, at, told={"long_term": half})
    save(cast, project, at, "air", statement=None, told={"sox": LONG})
    with pytest.raises(Invalid) as refused:
        actions.hand_in(**own)
    said = " ".join(refused.value.errors[""])
    assert "Jobs, Long-term jobs: choose a level" in said and "Air, SOx" in said


def test_what_somebody_else_saved_is_not_overwritten_and_nothing_typed_is_lost(
    cast: Cast, project: Project, at: datetime, client: Client, sign_in: Any
) -> None:
    empty = content.seen({})
    save(cast, project, at)
    with pytest.raises(ChangedMeanwhile):
        save(cast, project, at, seen=empty)
    page = f"/desk/cobenefits/{project.reference}/section/jobs/"
    sign_in(client, cast.participant)
    typed = {"level": "high", "text": "Mine.", "long_term_quantity": "many", "seen": empty}
    answer = client.post(f"{page}typed/", typed)
    assert answer.status_code == 422 and "kept" in answer.json()["message"]
    kept = client.get(page).content.decode()
    assert "many" in kept and "Mine." in kept
    answer = client.post(f"{page}typed/", typed | {"long_term_quantity": ""})
    assert answer.status_code == 409 and TypedBenefit.objects.count() == 1
    both = client.get(page).content.decode()
    assert "in two workshops" in both and "Mine." in both
    over = typed | {"long_term_quantity": "", "over": content.seen(
        content.of(queries.starting(project), "jobs")
    )}  # fmt: skip
    assert client.post(page, over).status_code == 302
    assert TypedBenefit.objects.count() == 0
    found = queries.under_way(project)
    assert found is not None and found.lines.get().text == "Mine."


def test_every_section_is_a_page_with_every_field_and_its_errors_beside_it(
    cast: Cast, project: Project, client: Client, sign_in: Any
) -> None:
    sign_in(client, cast.participant)
    for section in indicators.SECTIONS:
        page = f"/desk/cobenefits/{project.reference}/section/{section}/"
        assert client.get(page).status_code == 200
        first = next(each for each in indicators.SHIPPED if each.section == section)
        sent = {f"{first.key}_text": "Words alone.", "do": "save"}
        answer = client.post(page, sent)
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert "Words alone." in shown and "Say whether it applies" in shown
    assert client.get(page.replace(section, "fame")).status_code == 404


def test_evidence_is_public_with_the_version_that_names_it(
    cast: Cast, project: Project, at: datetime, client: Client, sign_in: Any
) -> None:
    sign_in(client, cast.participant)
    sent = {"title": "Payroll", "file": SimpleUploadedFile("payroll.pdf", pdf())}
    assert client.post(f"/desk/cobenefits/{project.reference}/evidence/", sent).status_code == 302
    filed = Document.objects.get(kind="benefit")
    told = {"long_term": Told(applicable=True, level="high", text="x", document_id=filed.pk)}
    save(cast, project, at, told=told)
    assert not Document.objects.get(pk=filed.pk).public
    story.published(cast, project, at, {"jobs": JOBS})
    assert Document.objects.get(pk=filed.pk).public
    shown = Client().get(f"/projects/{project.reference}/cobenefits/").content.decode()
    assert "Payroll" in shown and "Goals, by this portal" in shown


def test_a_section_is_saved_by_api(
    cast: Cast, project: Project, client: Client, sign_in: Any
) -> None:
    url = f"/api/v1/projects/{project.reference}/co-benefits/acts/save_section/"
    sign_in(client, cast.participant)
    sent = {"section": "jobs", "level": "high", "text": "Two shifts.",
            "long_term_applicable": "yes", "long_term_quantity": "46.5", "long_term_unit": "jobs"}
    answer = client.post(url, sent, content_type="application/json")
    assert answer.status_code == 200, answer.content
    (said,) = answer.json()["versions"][0]["indicators"]
    assert (said["quantity"], said["unit"], said["applicable"]) == ("46.5", "jobs", True)
    for wrong, box in ({"section": "fame"}, "section"), ({"level": "enormous"}, "level"):
        answer = client.post(url, sent | wrong, content_type="application/json")
        assert answer.status_code == 422 and box in answer.content.decode()


def test_the_list_of_indicators_is_kept_with_days_and_reports_keep_their_wording(
    cast: Cast, project: Project, at: datetime
) -> None:
    save(cast, project, at)
    day, later = at.date(), at.date() + timedelta(days=10)
    given: dict[str, Any] = {"actor": cast.secretariat, "at": at, "section": "jobs",
                             "source": "A decision"}  # fmt: skip
    word = given | {"unit": "", "verified": True}
    actions.enter_indicator(key="night", label="Night work", valid_from=later, **word)
    actions.enter_indicator(key="long_term", label="Lasting jobs", valid_from=day, **word)
    actions.end_indicator(key="income", valid_from=later, **given)
    assert {each.key for each in queries.asked("jobs", day)} == {
        "long_term", "short_term", "income"
    }
    now = {each.key: each for each in queries.asked("jobs", later)}
    assert set(now) == {"long_term", "short_term", "night"}
    assert (now["long_term"].label, now["long_term"].verified) == ("Lasting jobs", True)
    assert not now["short_term"].verified
    assert Said.objects.get().label == "Long-term jobs"
    with pytest.raises(Forbidden):
        actions.enter_indicator(
            key="x", label="x", valid_from=later, **word | {"actor": cast.participant}
        )
    with pytest.raises(Invalid):
        actions.enter_indicator(
            key="x", label="x", valid_from=day - timedelta(days=1), **word
        )


def test_the_shipped_list_has_every_criterion_of_the_domain() -> None:
    sections = {each.section for each in indicators.SHIPPED}
    assert sections == {*criteria.BY_KEY, "safeguards", "engagement"}
    assert sum(each.section in criteria.BY_KEY for each in indicators.SHIPPED) == 56
