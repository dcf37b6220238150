"""Stage 2: the letter of approval, its questions, its refusals, and what an issued letter is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from cdm_portal import edges, queues
from cdm_portal.journal import queries as journal
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from projects.dna import actions, queries
from projects.dna.errors import LetterExists, NotDeclared, NotSubmitted
from projects.dna.models import Letter
from projects.lifecycle import NotNow
from projects.models import Document, Project
from projects.participant import actions as participant
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.board.story import designed, fresh, letter_asked

pytestmark = pytest.mark.django_db
Nothing = Callable[[], contextlib.AbstractContextManager[None]]
DECIDED = on(2013, 5, 2)


def issue(cast: Cast, letter: Letter, **changed: object) -> Letter:
    """All three declarations for the participant, unless changed."""
    values = {
        "actor": cast.dna, "at": DECIDED, "letter_id": letter.pk, "ratified": True,
        "voluntary": True, "sustainable_development": True,
        "organisation_ids": [cast.participant.organisation_id],
    }
    return actions.issue_letter(**{**values, **changed})


def test_the_participant_asks_and_the_letter_waits_for_the_host_party(cast: Cast) -> None:
    letter = letter_asked(cast)
    assert (letter.state, letter.party_code) == ("requested", "KE")
    items = queues.items(queries.queue(cast.dna, DECIDED))
    assert [item["reference"] for item in items] == [letter.project.reference]
    assert queues.items(queries.queue(cast.foreign_dna, DECIDED)) == []


def test_an_issued_letter_is_numbered_hashed_filed_and_public(cast: Cast) -> None:
    letter = issue(cast, letter_asked(cast))
    assert (letter.state, letter.number) == ("issued", "LoA-KE-2013-0001")
    content = queries.letter_content(letter, letter.entities.all())
    assert letter.sha256 == actions.Blob.digest(actions._canonical(content))
    document = Document.objects.get(pk=letter.document_id)
    assert (document.kind, document.public, document.filename) == (
        "letter", True, "LoA-KE-2013-0001.pdf",
    )
    assert bytes(document.blob.data).startswith(b"%PDF-1.7")
    project = fresh(letter.project)
    assert project.host_approved_at == DECIDED
    assert [p.authorised_at for p in project.participations.all()] == [DECIDED]
    entry = journal.of(letter).filter(verb="dna.issue_letter").get()
    assert entry.facts == {"number": letter.number, "sha256": letter.sha256}


def test_letters_of_a_party_are_numbered_without_gap(cast: Cast) -> None:
    first = issue(cast, letter_asked(cast))
    second = actions.request_letter(
        actor=cast.participant, at=DECIDED, project_id=designed(cast).pk
    )
    assert issue(cast, second).number == "LoA-KE-2013-0002"
    assert first.number == "LoA-KE-2013-0001"


@pytest.mark.parametrize("missing", ["ratified", "voluntary", "sustainable_development"])
def test_each_of_the_three_declarations_is_required(
    cast: Cast, nothing_written: Nothing, missing: str
) -> None:
    letter = letter_asked(cast)
    with nothing_written(), pytest.raises(NotDeclared) as refused:
        issue(cast, letter, **{missing: False})
    assert list(refused.value.errors) == [missing]


def test_the_letter_of_another_party_does_not_exist(cast: Cast, nothing_written: Nothing) -> None:
    letter = letter_asked(cast)
    with nothing_written(), pytest.raises(NotFound):
        issue(cast, letter, actor=cast.foreign_dna)
    with pytest.raises(NotFound):
        queries.letter_for(cast.foreign_dna, letter.pk)


def test_only_entities_of_the_design_document_are_authorised(
    cast: Cast, nothing_written: Nothing
) -> None:
    letter = letter_asked(cast)
    with nothing_written(), pytest.raises(Invalid) as refused:
        issue(cast, letter, organisation_ids=[cast.rival_participant.organisation_id])
    assert list(refused.value.errors) == ["organisation_ids"]
    with nothing_written(), pytest.raises(Invalid):
        issue(cast, letter, organisation_ids=[])


def test_who_also_acts_for_the_participant_cannot_decide(
    cast: Cast, nothing_written: Nothing
) -> None:
    letter = letter_asked(cast)
    from cdm_portal.identity import actions as identity
    from cdm_portal.values import SYSTEM, Role

    identity.grant_role(
        actor=SYSTEM, at=DECIDED, person_id=cast.dna.person_id or 0, role=Role.PARTICIPANT,
        organisation_id=cast.participant.organisation_id or 0, valid_from=DECIDED.date(),
    )
    with nothing_written(), pytest.raises(Forbidden):
        issue(cast, letter)


def test_a_letter_is_not_asked_for_before_the_design_is_frozen(
    cast: Cast, nothing_written: Nothing
) -> None:
    draft = participant.start_design(
        actor=cast.participant, at=on(2013, 2, 1), title="Draft", party_code="KE",
        rules=Project.Rules.HISTORIC,
    )
    with nothing_written(), pytest.raises(NotSubmitted):
        actions.request_letter(actor=cast.participant, at=DECIDED, project_id=draft.pk)


def test_a_rival_cannot_ask_for_anothers_letter(cast: Cast, nothing_written: Nothing) -> None:
    project = designed(cast)
    with nothing_written(), pytest.raises(NotFound):
        actions.request_letter(actor=cast.rival_participant, at=DECIDED, project_id=project.pk)


def test_a_letter_is_asked_for_once(cast: Cast, nothing_written: Nothing) -> None:
    letter = letter_asked(cast)
    with nothing_written(), pytest.raises(LetterExists):
        actions.request_letter(actor=cast.participant, at=DECIDED, project_id=letter.project_id)


def test_a_question_stops_the_decision_until_it_is_answered(
    cast: Cast, nothing_written: Nothing
) -> None:
    letter = letter_asked(cast)
    question = actions.ask_question(
        actor=cast.dna, at=DECIDED, letter_id=letter.pk, text="Who owns the land?"
    )
    with nothing_written(), pytest.raises(NotNow):
        issue(cast, letter)
    with nothing_written(), pytest.raises(NotFound):
        actions.answer_question(
            actor=cast.rival_participant, at=DECIDED, question_id=question.pk, text="We do."
        )
    waiting = queues.items(queries.queue(cast.participant, DECIDED))
    assert [item["waiting_for"] for item in waiting] == ["Your answer"]
    actions.answer_question(
        actor=cast.participant, at=DECIDED, question_id=question.pk, text="The county."
    )
    assert issue(cast, letter).state == "issued"
    with nothing_written(), pytest.raises(NotNow):
        actions.answer_question(
            actor=cast.participant, at=DECIDED, question_id=question.pk, text="Again."
        )


def test_a_refusal_has_a_reason_and_the_participant_may_ask_again(
    cast: Cast, nothing_written: Nothing
) -> None:
    letter = letter_asked(cast)
    with nothing_written(), pytest.raises(Invalid):
        actions.refuse_letter(actor=cast.dna, at=DECIDED, letter_id=letter.pk, reason="  ")
    actions.refuse_letter(
        actor=cast.dna, at=DECIDED, letter_id=letter.pk, reason="No permit for the water."
    )
    assert fresh(letter.project).host_approved_at is None
    again = actions.request_letter(
        actor=cast.participant, at=DECIDED, project_id=letter.project_id
    )
    assert issue(cast, again).number == "LoA-KE-2013-0001"


def test_a_withdrawn_letter_takes_the_approval_back(cast: Cast, nothing_written: Nothing) -> None:
    letter = letter_asked(cast)
    with nothing_written(), pytest.raises(NotNow):
        actions.withdraw_letter(actor=cast.dna, at=DECIDED, letter_id=letter.pk, reason="Why not.")
    issue(cast, letter)
    actions.withdraw_letter(
        actor=cast.dna, at=DECIDED, letter_id=letter.pk, reason="The permit was forged."
    )
    project = fresh(letter.project)
    assert project.host_approved_at is None
    assert [p.authorised_at for p in project.participations.all()] == [None]
    assert fresh(letter).number == "LoA-KE-2013-0001"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dna_letter SET number = 'LoA-KE-2013-9999'",
        "UPDATE dna_letter SET voluntary = false",
        "DELETE FROM dna_letter_entities; DELETE FROM dna_letter",
    ],
)
def test_the_database_keeps_an_issued_letter_as_it_was_written(cast: Cast, statement: str) -> None:
    issue(cast, letter_asked(cast))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_two_live_letters_of_one_party_are_refused_by_the_constraint(cast: Cast) -> None:
    letter = letter_asked(cast)
    with pytest.raises(DatabaseError, match="one_live_letter_per_party"), transaction.atomic():
        Letter.objects.create(project=letter.project, party_code="KE", requested_at=DECIDED)


def test_the_edge_helper_puts_each_missing_declaration_at_its_box(cast: Cast) -> None:
    from projects.dna.forms import IssueForm

    letter = letter_asked(cast)
    form = IssueForm({"organisation_ids": [cast.participant.organisation_id]}, letter=letter)
    assert form.is_valid()
    values = {"actor": cast.dna, "at": DECIDED, "letter_id": letter.pk, **form.cleaned_data}
    assert edges.attempt(form, actions.issue_letter, **values) is None
    assert set(form.errors) == {"ratified", "voluntary", "sustainable_development"}
