"""What a methodology asks of a project: the form made of its facts, and what is kept of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from projects.methodologies import catalogue
from projects.methodologies.base import Context, Fact, FactKind, Methodology
from projects.participant import actions, design, facts, queries, sections, sheets
from projects.participant.forms import section_form
from projects.participant.forms.drafts import DraftForm
from tests.cast import Cast
from tests.projects.participant.designs import filled, started

DAY = date(2026, 1, 1)
GENERAL = {"title": "X", "sector": "wind", "installed_mw": "10"}
EVERY = pytest.mark.parametrize("methodology", catalogue.all(), ids=lambda each: each.code)


def answer(fact: Fact) -> Any:
    """An answer that is not the default, as it is kept."""
    return {
        FactKind.CHOICE: fact.options[-1] if fact.options else "",
        FactKind.NUMBER: "0.5", FactKind.WHOLE: 2, FactKind.FLAG: True,
        FactKind.DAY: "2020-02-29", FactKind.TEXT: "words", FactKind.NAMES: ["diesel", "gas"],
    }[fact.kind]


def posted(form: DraftForm, **more: str) -> QueryDict:
    """What a browser sends of the form as it stands."""
    sent = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", False):
            sent[name] = str(value)
    sent.update(more)
    return sent


@EVERY
def test_the_form_made_of_the_facts_gives_back_what_is_kept(
    methodology: Methodology[Any], cast: Cast
) -> None:
    asked = facts.asked(methodology)
    kept = sections.clean("methodology", {
        "code": methodology.code, "version": methodology.versions[-1].version,
        "scale": methodology.scale, "additionality": "Barriers.",
        **{fact.name: answer(fact) for fact in asked},
    })
    assert {name: kept[name] for name in kept if name in {f.name for f in asked}} == {
        fact.name: answer(fact) for fact in asked
    }
    content = {"general": GENERAL, "methodology": kept}
    form = section_form("methodology", content, DAY)
    assert [each.name for each in form.questions()] == [fact.name for fact in asked]  # type: ignore[attr-defined]
    sent = section_form(
        "methodology", content, DAY, posted(form, asked_by=methodology.code)
    )
    assert sent.is_valid(), sent.errors
    assert sections.clean("methodology", sent.values()) == kept
    found = design.facts_of(content)
    assert isinstance(found, methodology.facts_type)
    for fact in asked:
        stated = fact.read(answer(fact))
        assert getattr(found, fact.name) == stated
    rows = next(each["rows"] for each in sheets.document(content) if each["key"] == "methodology")
    assert len(rows) == len(kept)
    lacking = design.problems({"methodology": {"code": methodology.code}}, days=[DAY])
    said = [f"Answer the question “{fact.meaning}”." for fact in asked if fact.required]
    assert [each for each in lacking["methodology"] if "question" in each] == said


def test_a_methodology_chosen_anew_is_not_answered_by_boxes_never_shown(
    cast: Cast, at: datetime
) -> None:
    """A tick that could not be set is no answer “no”; a tick taken away is one."""
    content = {"general": GENERAL, "methodology": {"code": "AMS-III.AV"}}
    sent = QueryDict(mutable=True)
    sent.update({"code": "AMS-I.D", "version": "18.0", "scale": "small", "asked_by": "AMS-III.AV"})
    form = section_form("methodology", content, DAY, sent)
    assert form.is_valid()
    assert "grid_connected" not in form.values()
    sent["asked_by"] = "AMS-I.D"
    form = section_form("methodology", content, DAY, sent)
    assert form.is_valid()
    assert form.values()["grid_connected"] is False


def test_what_was_kept_before_reads_as_before(cast: Cast) -> None:
    """A draft from before the questions came from the methodology; the old plant can be stated."""
    content = {
        "general": {"sector": "reservoir", "installed_mw": "12.5"},
        "methodology": {
            "code": "ACM0002", "version": "22.0", "activity": "replacement",
            "grid_connected": True, "grid_factor": "published", "reservoir_area_km2": "1.2",
            "fuels": ["diesel"], "equipment_transferred": False,
        },
    }
    found = design.facts_of(content)
    assert isinstance(found, Context)
    assert (found.technology, str(found.capacity_mw)) == ("hydro", "12.5")
    assert (str(found.reservoir_area_km2), found.fuels) == ("1.2", ("diesel",))
    assert not found.old_plant_would_last
    content["methodology"] |= {"old_plant_would_last": True}
    found = design.facts_of(content)
    assert isinstance(found, Context)
    assert found.old_plant_would_last


def test_a_page_asks_the_questions_of_the_methodology_chosen(
    cast: Cast, sign_in: Any
) -> None:
    case = filled(cast)
    page = reverse("participant:section", args=[case.name, "methodology"])
    client = sign_in(Client(), cast.participant)
    assert "would have run to the end of the period" in client.get(page).content.decode()
    answered = client.post(page, {
        "code": "AMS-III.AV", "version": "05.0", "scale": "small", "asked_by": "AMS-I.D",
        "quality_met": "True", "additionality": "None pays.",
    })
    assert answered.status_code == 302
    shown = client.get(page).content.decode()
    assert "Answer the question “A public network already supplies safe drinking water”." in shown
    assert "What AMS-III.AV asks of the project" in shown
    assert queries.draft(case).content["methodology"]["quality_met"] is True


def test_a_capacity_is_asked_only_where_the_methodology_asks_for_one(cast: Cast) -> None:
    case = started(cast)
    said = "The installed capacity is missing."
    for code, lacks in (("AMS-III.AV", False), ("ACM0002", True)):
        content = {**queries.draft(case).content, "methodology": {"code": code}}
        assert (said in design.problems(content, days=[DAY])["general"]) is lacks


def test_an_answer_that_cannot_be_is_told_beside_its_box(cast: Cast) -> None:
    case = started(cast)
    with pytest.raises(sections.Invalid) as refused:
        actions.save_section(
            actor=cast.participant, at=queries.draft(case).updated_at, project_id=case.pk,
            section="methodology",
            values={"code": "ACM0002", "reservoir_area_km2": "-1", "flared": "True"},
        )
    assert dict(refused.value.errors) == {
        "reservoir_area_km2": [
            "Enter another number: -1 km2 is out of range: at least 0 km2."
        ],
        "flared": ["The section has no box “flared”."],
    }
