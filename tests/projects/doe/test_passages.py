"""Findings about a passage: only words that stand there, marked where they stand, in the report."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.doe import actions, papers, passages
from projects.doe.models import Validation
from projects.models import Finding, Project
from projects.participant.changes import Piece
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story
from tests.projects.doe.story import Nothing

pytestmark = pytest.mark.django_db
CAR = {"kind": "car", "number": "CAR 01", "url": "#thread"}
CL = {"kind": "cl", "number": "CL 01", "url": "#thread"}


def shown(row: dict[str, Any], *quotes: tuple[str, dict[str, str]]) -> str:
    """A row as plain marks: [words|number]."""
    found = passages.highlighted({"value": "", "unit": "", "source": ""} | row, quotes)
    said = ""
    for piece in found.get("pieces", ()):
        text = f"-{piece['text']}-" if piece["kind"] == "del" else piece["text"]
        ends = f"|{piece['mark']['number']}" if piece.get("last") else ""
        said += f"[{text}{ends}]" if piece.get("mark") else text
    return said


def test_a_passage_is_marked_where_it_stands_over_changes_and_line_ends() -> None:
    row = {"value": "The panels are fixed\nto posts."}
    assert shown(row, ("are fixed to", CAR)) == "The panels [are fixed\nto|CAR 01] posts."
    assert shown(row, ("glued", CAR)) == ""
    both = (("posts.", CL), ("The panels", CAR), ("panels are", CL))
    assert shown(row, *both) == "[The panels|CAR 01] are fixed\nto [posts.|CL 01]"
    pieces = [Piece("same", "IRR is "), Piece("del", "9 "), Piece("ins", "8 "), Piece("same", "%")]
    changed = {"value": "IRR is 8 %", "state": "changed", "pieces": pieces, "sources": []}
    assert shown(changed, ("is 8 %", CAR)) == "IRR [is ]-9 -[8 ][%|CAR 01]"
    gone = {"value": "9", "state": "removed", "pieces": [Piece("del", "9")], "sources": []}
    assert passages.highlighted({"unit": "", "source": ""} | gone, [("9", CAR)])["pieces"] == (
        gone["pieces"]
    )


def technology(project: Project) -> str:
    """Some words of the design document's description."""
    content = project.design_versions.get(number=project.design_version).content
    return " ".join(content["general"]["technology"].split()[:3])


def raised(cast: Cast, project: Project, **changes: Any) -> Finding:
    given = {
        "kind": "CAR", "subject": "Which panels", "section": "general", "text": "Name the maker.",
        "passage": technology(project),
    } | changes
    return actions.raise_finding(
        actor=cast.doe, at=on(2013, 5, 10), project_id=project.pk, **given
    )


@pytest.mark.parametrize(
    "changes", [{"passage": "words of nobody"}, {"section": "location"}, {"passage": "x" * 501}]
)
def test_only_words_of_the_section_are_a_passage(
    cast: Cast, nothing_written: Nothing, changes: dict[str, str]
) -> None:
    project = story.published(cast)
    with nothing_written(), pytest.raises(Invalid) as refusal:
        raised(cast, project, **changes)
    assert list(refusal.value.errors) == ["passage"]


def test_a_passage_without_a_section_is_refused_by_the_database(cast: Cast) -> None:
    finding = raised(cast, story.published(cast))
    with pytest.raises(IntegrityError, match="passage_stands_in_a_section"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(section="")


def test_the_workspace_marks_the_words_with_the_number_and_the_thread_quotes_them(
    cast: Cast, client: Client, sign_in: Callable[[Client, Actor], Client]
) -> None:
    project = story.published(cast)
    desk = sign_in(client, cast.doe)
    words = technology(project)
    page = reverse("doe:raise", args=[project.name])
    opened = desk.get(page, {"section": "general", "passage": words}).content.decode()
    assert f'value="{words}"' in opened
    answer = desk.post(page, {
        "kind": "CL", "section": "general", "passage": "no such words", "subject": "Panels",
        "text": "Which?",
    })
    assert answer.status_code == 422
    assert "These words do not stand in this section as it is now." in answer.content.decode()
    finding = raised(cast, project)
    found = desk.get(reverse("doe:validation", args=[project.name])).content.decode()
    told = re.sub(r"\s+", " ", found)
    link = f'<a href="{reverse("doe:validation", args=[project.name])}?finding={finding.pk}#thread"'
    assert f'<mark class="car">{words}{link}>CAR 01</a></mark>' in told
    assert f"<q dir=\"auto\">{words}</q>" in told


def test_the_report_holds_every_round_and_how_it_ended(cast: Cast, tmp_path: Path) -> None:
    project = story.published(cast)
    finding = story.answered(cast, raised(cast, project))
    given = {"actor": cast.doe, "at": on(2013, 5, 13), "finding_id": finding.pk}
    actions.ask_again(reason="The maker is missing.", **given)
    story.answered(cast, finding)
    actions.close_finding(reason="The maker is named.", **given)
    report = tmp_path / "report.pdf"
    report.write_bytes(papers.validation_report(
        Validation.objects.get(), story.fresh(project), positive=True, conclusion="Fine.",
        signer=cast.doe.name, at=on(2013, 7, 1),
    ))
    said = subprocess.run(
        ["pdftotext", "-raw", str(report), "-"], capture_output=True, text=True, check=True
    ).stdout
    words = re.sub(r"\s+", " ", said)
    assert f"Passage: “{technology(project)}”" in words
    turns = [words.index(turn) for turn in (
        "raised it", "Name the maker.", "answered", "asked again", "The maker is missing.",
        "closed it", "The maker is named.",
    )]
    assert turns == sorted(turns)
