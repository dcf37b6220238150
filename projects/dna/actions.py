"""National approval: asking for a letter, asking back, issuing, refusing, withdrawing it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from cdm_portal import papers
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.values import Actor, Role
from projects import lifecycle
from projects import locks as landing
from projects.actions import file_document
from projects.dna import locks, queries
from projects.dna.errors import BothSides, LetterExists, NoAuthority, NotDeclared, NotSubmitted
from projects.dna.models import Letter, Question
from projects.lifecycle import Stage
from projects.models import Blob, Document, Project

ASKED_IN = {Stage.NATIONAL_APPROVAL, Stage.VALIDATION}
LONGEST_TEXT = 5000
DECLARATIONS = {
    "ratified": "Confirm that the Party has ratified the Kyoto Protocol: the letter must say so.",
    "voluntary": "Confirm that participation is voluntary: the letter must say so.",
    "sustainable_development":
        "Confirm the contribution to sustainable development: a host Party's letter must say so.",
}


def request_letter(*, actor: Actor, at: datetime, project_id: int) -> Letter:
    """Ask the host Party's DNA for its letter of approval.

    Raises NotFound for another's project, NotSubmitted before the design document is frozen,
    NoAuthority when the Party has no DNA here, LetterExists when one is asked for or issued.
    """
    with transaction.atomic():
        project = landing.project(project_id)
        if not lifecycle.participant(project, actor):
            raise NotFound("There is no such project.")
        if project.stage not in ASKED_IN:
            raise NotSubmitted(
                "A letter is asked for once the design document is submitted, until registration."
            )
        if queries.authority(project.party_code) is None:
            raise NoAuthority("No Designated National Authority of the host Party works here yet.")
        if queries.live_letter(project, project.party_code) is not None:
            raise LetterExists("The host Party's letter is asked for or issued already.")
        letter = Letter.objects.create(
            project=project, party_code=project.party_code, requested_at=at
        )
        record("dna.request_letter", actor=actor, subject=letter, at=at, project=project.reference)
    return letter


def ask_question(*, actor: Actor, at: datetime, letter_id: int, text: str) -> Question:
    """The DNA asks the participant before it decides. Raises NotFound, NotNow, Invalid."""
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        lifecycle.ask(letter, "ask_back", actor)
        question = Question.objects.create(
            letter=letter, text=_words("text", text), asked_at=at, asked_by=actor.name
        )
        letter.ask_back()
        letter.save(update_fields=["state"])
        _record("dna.ask_question", letter, actor, at, question=question.pk)
    return question


def answer_question(*, actor: Actor, at: datetime, question_id: int, text: str) -> Question:
    """The participant answers, and the letter waits for the DNA again.

    Raises NotFound, NotNow, Invalid.
    """
    with transaction.atomic():
        letter_id = Question.objects.filter(pk=question_id).values_list("letter", flat=True).first()
        letter = locks.letter(letter_id or 0)
        if not lifecycle.participant(letter.project, actor):
            raise NotFound("There is no such question.")
        lifecycle.ask(letter, "answer", actor)
        question = locks.question(question_id)
        if question.answered_at is not None:
            raise Invalid.of("text", "This question is answered already.")
        question.answer, question.answered_at = _words("text", text), at
        question.answered_by = actor.name
        question.save(update_fields=["answer", "answered_at", "answered_by"])
        letter.answer()
        letter.save(update_fields=["state"])
        _record("dna.answer_question", letter, actor, at, question=question.pk)
    return question


def issue_letter(
    *,
    actor: Actor,
    at: datetime,
    letter_id: int,
    ratified: bool,
    voluntary: bool,
    sustainable_development: bool,
    organisation_ids: Iterable[int],
) -> Letter:
    """Issue the letter: a numbered PDF, public from now on, and the fact that validation waits for.

    All three declarations are required, and the entities must be named in the design document
    (domain, 2.2; unverified). Raises NotFound, NotNow, NotDeclared, Invalid.
    """
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        letter.ratified, letter.voluntary = ratified, voluntary
        letter.sustainable_development = sustainable_development
        _declared(letter)
        lifecycle.ask(letter, "issue", actor)
        entities = _entities(letter.project, organisation_ids)
        letter.number = _next_number(letter.party_code, at)
        letter.decided_at = letter.issued_at = at
        content = queries.letter_content(letter, entities)
        letter.sha256 = Blob.digest(_canonical(content))
        letter.document = _file(letter, content, actor, at)
        letter.issue()
        letter.save()
        letter.entities.set(entities)
        _authorise(letter.project, entities, at)
        _record("dna.issue_letter", letter, actor, at, number=letter.number, sha256=letter.sha256)
    return letter


def refuse_letter(*, actor: Actor, at: datetime, letter_id: int, reason: str) -> Letter:
    """Refuse with a reason; the participant may ask again. Raises NotFound, NotNow, Invalid."""
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        lifecycle.ask(letter, "refuse", actor)
        letter.reason, letter.decided_at = _words("reason", reason), at
        letter.refuse()
        letter.save(update_fields=["state", "reason", "decided_at"])
        _record("dna.refuse_letter", letter, actor, at)
    return letter


def withdraw_letter(*, actor: Actor, at: datetime, letter_id: int, reason: str) -> Letter:
    """Take an issued letter back, publicly. A registered project is not deregistered by it.

    Raises NotFound, NotNow, Invalid.
    """
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        lifecycle.ask(letter, "withdraw", actor)
        letter.reason, letter.decided_at = _words("reason", reason), at
        letter.withdraw()
        letter.save(update_fields=["state", "reason", "decided_at"])
        _authorise(letter.project, letter.entities.all(), None)
        _record("dna.withdraw_letter", letter, actor, at)
    return letter


def _for_authority(letter_id: int, actor: Actor) -> Letter:
    """The letter, locked, for the DNA of its Party; for anybody else there is none."""
    letter = locks.letter(letter_id)
    if actor.role != Role.DNA or actor.party != letter.party_code:
        raise NotFound("There is no such letter.")
    if queries.acts_for_participant(actor, letter.project):
        raise BothSides("You also act for the participant of this project, so you cannot decide.")
    return letter


def _words(field: str, text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid.of(field, "Write it in words: this cannot stay empty.")
    if len(words) > LONGEST_TEXT:
        raise Invalid.of(field, f"At most {LONGEST_TEXT} characters; these are {len(words)}.")
    return words


def _declared(letter: Letter) -> None:
    missing = {name: [why] for name, why in DECLARATIONS.items() if not getattr(letter, name)}
    if missing:
        raise NotDeclared(missing)


def _entities(project: Project, organisation_ids: Iterable[int]) -> list[Organisation]:
    wanted = set(organisation_ids)
    found = list(Organisation.objects.filter(participations__project=project, pk__in=wanted))
    if not wanted:
        raise Invalid.of("organisation_ids", "Name at least one entity that you authorise.")
    if len(found) != len(wanted):
        raise Invalid.of(
            "organisation_ids", "Only entities named in the design document can be authorised."
        )
    return found


def _next_number(party_code: str, at: datetime) -> str:
    series = locks.series(party_code, at.year)
    series.last += 1
    series.save(update_fields=["last"])
    return str(series)


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _file(letter: Letter, content: dict[str, Any], actor: Actor, at: datetime) -> Document:
    sheet = content | {
        "sha256": letter.sha256,
        "rules": letter.project.get_rules_display(),
        "fictional": letter.project.fictional,
        "date": [at.year, at.month, at.day],
    }
    return file_document(
        actor=actor, at=at, project=letter.project, kind=Document.Kind.LETTER,
        title=f"Letter of approval, {content['party']}", filename=f"{letter.number}.pdf",
        media_type="application/pdf", data=papers.render("letter.typ", sheet), public=True,
    )


def _authorise(project: Project, entities: Iterable[Organisation], at: datetime | None) -> None:
    project.participations.filter(organisation__in=entities).update(authorised_at=at)
    project.host_approved_at = at
    project.save(update_fields=["host_approved_at"])


def _record(verb: str, letter: Letter, actor: Actor, at: datetime, **facts: Any) -> None:
    record(
        verb, actor=actor, subject=letter, at=at, project=letter.project.reference,
        facts=facts or None,
    )
