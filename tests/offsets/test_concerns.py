"""Known concerns of a project: each that the records hold is on its page, and leads to where it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from projects.board import actions as board
from projects.dna import actions as dna
from projects.dna.models import Letter
from projects.models import Project
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board import story

pytestmark = pytest.mark.django_db
NONE = "None is recorded: no review"


def rejected(cast: Cast) -> tuple[Project, str, str]:
    request = story.rejected(cast)
    return request.project, "Request rejected", request.reference


def reviewed(cast: Cast) -> tuple[Project, str, str]:
    request = story.review_opened(cast)
    return request.project, "Review asked", request.reference


def deregistered(cast: Cast) -> tuple[Project, str, str]:
    project = story.registered(cast)
    board.ask_deregistration(
        actor=cast.participant, at=on(2015, 12, 10), project_id=project.pk, reason="It moves."
    )
    return project, "Deregistration", "It moves."


def withdrawn(cast: Cast) -> tuple[Project, str, str]:
    project = story.published(cast).project
    story.withdrawn(cast, project, on(2013, 11, 5))
    return project, "Withdrawal", "The contract has ended."


def without_letter(cast: Cast) -> tuple[Project, str, str]:
    project = story.validated(cast)
    dna.withdraw_letter(
        actor=cast.dna, at=on(2013, 9, 2), letter_id=Letter.objects.get().pk, reason="Forged."
    )
    return project, "Letter withdrawn", "Forged."


@pytest.mark.parametrize("happen", [rejected, reviewed, deregistered, withdrawn, without_letter])
def test_what_the_records_hold_against_a_project_is_told_before_paying(
    cast: Cast, happen: Callable[[Cast], tuple[Project, str, str]]
) -> None:
    project, term, told = happen(cast)
    body = Client().get(reverse("project", args=[project.name])).content.decode()
    panel = body[body.index("Known concerns"):body.index("</ul>", body.index("Known concerns"))]
    assert NONE not in body and f"<b>{term}:</b>" in panel and told in panel
    for anchor in re.findall(r'href="#([\w-]+)"', panel):
        assert f'id="{anchor}"' in body, f"{anchor} is nowhere on the page"


def test_a_registered_project_without_any_says_so(cast: Cast) -> None:
    project = story.registered(cast)
    body = Client().get(reverse("project", args=[project.name])).content.decode()
    assert NONE in body
