"""A Party's criteria of sustainable development: written down, scored, and nobody else's affair."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from cdm_portal.refusals import Forbidden, Invalid
from cdm_portal.values import Actor
from projects.dna import actions, queries, rubrics
from projects.dna.errors import CriteriaNotMet
from projects.dna.models import Letter, Rubric, Score
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board.story import fresh, letter_asked

pytestmark = pytest.mark.django_db
Nothing = Callable[[], AbstractContextManager[None]]
SignIn = Callable[[Client, Actor], Client]
DAY = on(2013, 5, 2)

INVENTED = """Environment | Air | -3 | 3
Environment | Water | -3 | 3

Society | Jobs | -3 | 3
Society | Health | 0 | 2"""


def written(cast: Cast, text: str = INVENTED, actor: Actor | None = None) -> Rubric:
    return actions.set_criteria(actor=actor or cast.dna, at=DAY, criteria=text)


def points(rubric: Rubric, *given: int) -> dict[int, int]:
    return dict(zip([each.pk for each in rubric.criteria.all()], given, strict=True))


def approve(cast: Cast, letter: Letter, **changed: Any) -> Letter:
    return actions.issue_letter(
        actor=cast.dna, at=DAY, letter_id=letter.pk, ratified=True, voluntary=True,
        sustainable_development=True, organisation_ids=[cast.participant.office], **changed,
    )


def test_criteria_are_written_as_lines_and_kept_in_versions(
    cast: Cast, nothing_written: Nothing
) -> None:
    first = written(cast)
    assert rubrics.written(first.criteria.all()) == INVENTED.replace("\n\n", "\n")
    second = written(cast, "Society | Jobs | -1 | 1")
    assert (first.version, second.version) == (1, 2)
    assert queries.rubric_of("KE") == second
    assert queries.rubric_of("NG") is None
    assert written(cast, " ").version == 3
    assert queries.rubric_of("KE") is None
    with nothing_written(), pytest.raises(Forbidden):
        written(cast, actor=cast.participant)
    for text, said in (
        ("", "at least one"), ("Jobs | 1 | 2", "Line 1"), ("\nA | B | x | 2", "Line 2"),
        ("A | B | 2 | 2", "below the maximum"), ("A | B | -3 | 0", "above 0"),
        ("A | B | 0 | 1\nA | B | 0 | 2", "twice"), (f"{'g' * 81} | B | 0 | 1", "too long"),
        ("\n".join(f"A | {n} | 0 | 1" for n in range(101)), "At most 100"),
    ):
        with nothing_written(), pytest.raises(Invalid, match=said) as refused:
            written(cast, text)
        assert list(refused.value.errors) == ["criteria"]


def test_a_letter_needs_every_total_to_be_positive(cast: Cast, nothing_written: Nothing) -> None:
    rubric, letter = written(cast), letter_asked(cast)
    boxes = [rubrics.box(each) for each in rubric.criteria.all()]
    for scores, wrong in (
        (None, boxes), (points(rubric, 4, 1, 1, 1), boxes[:1]), (points(rubric, 1, -4, 1, -1),
                                                                 [boxes[1], boxes[3]]),
    ):
        with nothing_written(), pytest.raises(Invalid) as refused:
            approve(cast, letter, scores=scores)
        assert list(refused.value.errors) == wrong
    for scores, said in (
        ((3, 3, 0, 0), "“Society” has 0 points"), ((1, -2, 3, 2), "“Environment” has -1 points"),
        ((-1, 0, 0, 0), "the whole has -1 points"),
    ):
        with nothing_written(), pytest.raises(CriteriaNotMet, match=said):
            approve(cast, letter, scores=points(rubric, *scores))
    made = approve(cast, letter, scores=points(rubric, 3, -2, 0, 1))
    assert (made.state, made.rubric) == ("issued", rubric)
    assert [each.points for each in queries.scores_of(made)] == [3, -2, 0, 1]
    written(cast, "Society | Jobs | -1 | 1")
    assert queries.rubric_for(fresh(letter)) == rubric


def test_a_party_without_criteria_gives_no_points(cast: Cast) -> None:
    letter = approve(cast, letter_asked(cast))
    assert letter.rubric is None
    assert not Score.objects.exists()


def test_the_database_keeps_criteria_and_points(cast: Cast) -> None:
    rubric, letter = written(cast), letter_asked(cast)
    approve(cast, letter, scores=points(rubric, 3, -2, 0, 1))
    for statement in (
        "UPDATE dna_score SET points = 3", "DELETE FROM dna_score", "DELETE FROM dna_rubric",
        "UPDATE dna_criterion SET maximum = 9", "UPDATE dna_letter SET rubric_id = NULL",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    other = letter_asked(cast)
    with pytest.raises(IntegrityError, match="bounds"), transaction.atomic():
        Score.objects.create(letter=other, criterion=rubric.criteria.all()[0], points=4)


def test_the_authority_writes_and_scores_on_its_pages_and_nobody_else_reads_it(
    cast: Cast, sign_in: SignIn, nothing_written: Nothing
) -> None:
    letter, page = letter_asked(cast), reverse("dna:criteria")
    desk = sign_in(Client(), cast.dna)
    desk.get(page)
    with nothing_written():
        answer = desk.post(page, {"criteria": "Air | x"})
    assert answer.status_code == 422
    assert "Line 1: write group" in answer.content.decode()
    assert "Air | x" in answer.content.decode()
    assert desk.post(page, {"criteria": INVENTED}).status_code == 302
    assert "Environment | Air | -3 | 3" in desk.get(page).content.decode()
    assert INVENTED[:11] not in sign_in(Client(), cast.foreign_dna).get(page).content.decode()
    rubric = Rubric.objects.get()
    boxes = [rubrics.box(each) for each in rubric.criteria.all()]
    ticks = {"ratified": "on", "voluntary": "on", "sustainable_development": "on",
             "organisation_ids": [cast.participant.office]}
    issue = reverse("dna:issue", args=[letter.pk])
    for given, said in (((9, 0, 0, 0), boxes[0]), ((0, 0, 1, 0), "“Environment” has 0 points")):
        with nothing_written():
            answer = desk.post(issue, ticks | dict(zip(boxes, given, strict=True)))
        assert answer.status_code == 422
        assert said in answer.content.decode()
    answer = desk.post(issue, ticks | dict(zip(boxes, (3, -2, 0, 1), strict=True)))
    assert answer.status_code == 302
    assert "Only your authority sees them" in desk.get(
        reverse("dna:letter", args=[letter.pk])
    ).content.decode()
    theirs = sign_in(Client(), cast.participant).get(
        reverse("dna:request", args=[letter.project.reference])
    ).content.decode()
    assert "own criteria met" in theirs
    assert "Environment: Air" not in theirs
    paper = fresh(letter).document
    assert paper is not None
    assert b"Environment: Air" not in bytes(paper.blob.data)
