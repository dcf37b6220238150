"""The public page of a project, stage by stage: its documents, decisions and reasons; and nothing
that a stage keeps to itself.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal import formats
from cdm_portal.demonstration.portfolio import Until
from projects.board.models import Instruction
from projects.lifecycle import EIGHT
from projects.models import Document, Project
from tests.world import World, as_if

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    """The words with single spaces."""
    return " ".join(text.split())


def told(project: Project) -> dict[str, str]:
    """What a stranger reads of each stage among the documents and decisions."""
    page = Client().get(reverse("project", args=[project.name])).content.decode()
    section = page.partition('id="documents"')[2].partition("</section>")[0]
    parts = re.split(r'<h3 class="h3 mt5">\d ([^<]+)</h3>', section)
    names, bodies = parts[1::2], parts[2::2]
    return {
        name: plain(unescape(re.sub(r"<[^>]+>", " ", body)))
        for name, body in zip(names, bodies, strict=True)
    }


def test_every_stage_shows_its_documents_decisions_and_reasons(world: World) -> None:
    project = world.project(Until.OFFERED)
    stages = told(project)
    assert list(stages) == [stage.label for stage in EIGHT]
    validation = project.validations.get()
    period = project.periods.get()
    line = Instruction.objects.get(request__project=project)
    request = project.requests.get(kind="registration")
    for label, words in (
        ("Project design", "Project design document, version 1"),
        ("National approval", "Letter of approval"),
        ("Validation", f"{validation.organisation.name}: Positive opinion"),
        ("Validation", validation.conclusion),
        ("Registration", f"{request.reference}, registration: Granted"),
        ("Registration", request.note),
        ("Monitoring", "Monitoring report, period 1"),
        ("Verification", f"Certified: {formats.tonnes(period.certified_tonnes)} t."),
        ("Verification", period.verification.conclusion),
        ("CER issuance", f"Issued: {line.issuance.serial}."),
        ("Offsetting", "5 CERs of this project are cancelled."),
    ):
        assert plain(words) in stages[label], (label, words, stages[label])


def test_what_a_stage_keeps_to_itself_is_not_there(world: World) -> None:
    reported = world.project(Until.REPORTED)
    period = reported.periods.get()
    claim = formats.tonnes(period.claimed_tonnes)
    page = Client().get(reverse("project", args=[reported.name])).content.decode()
    assert claim not in page and "Monitoring report, period" not in page
    with as_if():
        Document.objects.filter(period=period, kind="monitoring").update(public=True)
        assert "Monitoring report, period 1" in told(reported)["Monitoring"]
    findings = world.project(Until.FINDINGS_OPEN)
    subjects = [finding.subject for finding in findings.findings.all()]
    page = Client().get(reverse("project", args=[findings.name])).content.decode()
    assert subjects and not [each for each in subjects if each in page]
