"""A design document reads alike for everybody: the form's words on every page and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.values import Actor
from projects.dna.models import Letter
from projects.models import Project
from projects.participant import labels, papers, sections, sheets
from projects.participant.forms.sections import SECTION_FORMS, section_form
from projects.participant.models import DesignVersion
from tests.cast import Cast
from tests.projects.participant.designs import in_validation

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, Actor], Client]

WORDS = (
    "Installed capacity", "Place", "Standard time", "UTC+00:00", "What is done to the plant",
    "Combined margin, computed here (TOOL07)", "The plant supplies electricity to a grid",
    "Small scale", "Renewable", "1 January 2025",
    "EF_BM, Build margin emission factor of the grid",
    "EG_export, Electricity delivered to the grid by the project, year 1", "15\u202f580",
)
RAW = (
    "Offset from UTC", "2025-01-01", "combined_margin", ">15580", ">yes<", ">True<",
)


@pytest.fixture
def case(cast: Cast) -> Project:
    return in_validation(cast, methodology={
        "grid_connected": True, "activity": "greenfield", "grid_factor": "combined_margin",
    })


def page_of(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_participant_dna_and_doe_read_the_words_of_the_form(
    cast: Cast, case: Project, sign_in: SignIn
) -> None:
    pages = [
        page_of(sign_in(Client(), cast.participant), "participant:version", case.name, 1),
        page_of(sign_in(Client(), cast.dna), "dna:letter", Letter.objects.get().pk),
        page_of(sign_in(Client(), cast.doe), "doe:validation", case.name),
    ]
    for page in pages:
        assert [each for each in WORDS if each not in page] == []
        assert [each for each in RAW if each in page] == []
        for unit in ("degrees", "years", "MWh"):
            assert unit in page


def test_every_box_of_the_form_has_the_shared_label(case: Project) -> None:
    content = DesignVersion.objects.get(project=case).content
    for section in SECTION_FORMS:
        form = section_form(section, content, date(2024, 3, 4))
        for box in sheets.BOXES[section]:
            if box in form.fields:
                assert form.fields[box].label == labels.BOXES[box]
                unit = form.fields[box].widget.attrs.get("data-unit", "")
                assert unit == labels.UNITS.get(box, "")
    asked = section_form("methodology", content, date(2024, 3, 4))
    facts = {fact.name: fact for fact in sections.facts_asked(content["methodology"])}
    assert facts.keys() <= asked.fields.keys()
    assert all(asked.fields[name].label == labels.fact(fact) for name, fact in facts.items())
    choices = asked.fields["activity"]
    assert dict(choices.choices) == labels.CHOICES["activity"]  # type: ignore[attr-defined]


def test_every_box_that_can_be_kept_has_a_label() -> None:
    assert {box for boxes in sheets.BOXES.values() for box in boxes} - {"document_ids"} <= set(
        labels.BOXES
    )


def test_the_paper_has_the_same_words(case: Project) -> None:
    content = DesignVersion.objects.get(project=case).content
    boxes = papers.short_boxes(content)
    assert ["Installed capacity", "10 MW"] in boxes["general"]
    assert ["Standard time", "UTC+00:00"] in boxes["location"]
    assert ["The plant supplies electricity to a grid", "Yes"] in boxes["methodology"]
    assert "Additionality" not in dict(boxes["methodology"])
