"""National approval: asking for a letter, asking back, issuing, refusing, withdrawing it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from cdm_portal import papers
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.values import SYSTEM, Actor, Role
from projects import lifecycle
from projects import locks as landing
from projects.actions import file_document
from projects.dna import locks, queries, rubrics
from projects.dna.errors import (
    BothSides,
    CriteriaNotMet,
    LetterExists,
    NoAuthority,
    NotDeclared,
    NotSubmitted,
)
from projects.dna.models import Addition, Criterion, Letter, Question, Rubric, Score
from projects.models import Blob, Document, Project
from projects.participant import stating
from registry import actions as registry
from registry.governance import queries as governance

LONGEST_TEXT = 5000
DECLARATIONS = {
    "ratified": "Confirm that the Party has ratified the Kyoto Protocol: the letter must say so.",
    "voluntary": "Confirm that participation is voluntary: the letter must say so.",
    "sustainable_development":
        "Confirm the contribution to sustainable development: a host Party's letter must say so.",
}


def request_letter(
    *, actor: Actor, at: datetime, project_id: int, party_code: str = ""
) -> Letter:
    """Ask a Party's DNA for its letter of approval: the host Party's unless another is named.

    Raises NotFound for another's project, NotSubmitted before the design document is frozen or once
    the project has ended, Invalid for a Party without an entity in the project, NoAuthority when
    the Party has no DNA here, LetterExists when one is asked for or issued.
    """
    with transaction.atomic():
        project = landing.project(project_id)
        if not lifecycle.participant(project, actor):
            raise NotFound("There is no such project.")
        party = party_code or project.party_code
        _askable(project, party)
        letter = Letter.objects.create(
            project=project, party_code=party, host=party == project.party_code, requested_at=at
        )
        _record("dna.request_letter", letter, actor, at, party=party)
    return letter


def _askable(project: Project, party: str) -> None:
    if project.stage not in queries.ASKED_IN:
        raise NotSubmitted(
            "A letter is asked for once the design document is submitted, while the project lives."
        )
    if party not in queries.parties_to_ask(project):
        raise Invalid.of("party_code", "Ask the host Party, or a Party whose entities take part.")
    name = "the host Party" if party == project.party_code else queries.party_name(party)
    if queries.authority(party) is None:
        raise NoAuthority(f"No Designated National Authority of {name} works here yet.")
    if queries.live_letter(project, party) is not None:
        raise LetterExists(f"The letter of {name} is asked for or issued already.")


def set_criteria(*, actor: Actor, at: datetime, criteria: str) -> Rubric:
    """Write down the Party's criteria of sustainable development as a new version; empty ends them.

    Letters issued before keep the version that they were issued on. Raises Forbidden unless a DNA
    acts, Invalid at `criteria` with the line that cannot be read.
    """
    if actor.role != Role.DNA or not actor.party:
        raise Forbidden("A Party's authority writes its criteria.")
    given = rubrics.lines(criteria)
    with transaction.atomic():
        locks.series(actor.party, at.year)
        if not given and queries.rubric_of(actor.party) is None:
            raise Invalid.of("criteria", "Write at least one criterion.")
        last = Rubric.objects.filter(party_code=actor.party).order_by("-version").first()
        made = Rubric.objects.create(
            party_code=actor.party, version=last.version + 1 if last else 1, made_by=actor.name,
            made_at=at,
        )
        Criterion.objects.bulk_create(
            Criterion(rubric=made, number=number, group=line.group, name=line.name,
                      minimum=line.minimum, maximum=line.maximum)
            for number, line in enumerate(given, start=1)
        )
        record("dna.set_criteria", actor=actor, subject=made, at=at,
               facts={"party": actor.party, "version": made.version})
    return made


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
    organisation_ids: Iterable[int],
    sustainable_development: bool = False,
    scores: Mapping[int, int] | None = None,
) -> Letter:
    """Issue the letter: a numbered PDF, public from now on, or with its design document where
    the project is taken up again; validation waits for the host Party's.

    The declarations are required, the third of the host Party alone; the entities must be named in
    the design document, and be its own for another Party (domain, 2.2; unverified). The registry is
    told whom the letter authorises once the project is registered. `scores` are the points by the
    number of the criterion, where the host Party has criteria; they stay with the DNA. Raises
    NotFound, NotNow, NotDeclared, Invalid, CriteriaNotMet.
    """
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        letter.ratified, letter.voluntary = ratified, voluntary
        letter.sustainable_development = sustainable_development
        _declared(letter)
        lifecycle.ask(letter, "issue", actor)
        entities = _entities(letter, organisation_ids)
        _weigh(letter, scores or {})
        letter.number = _next_number(letter.party_code, at)
        letter.decided_at = letter.issued_at = at
        content = queries.letter_content(letter, entities)
        letter.sha256 = Blob.digest(_canonical(content))
        letter.document = _file(letter, content, actor, at)
        letter.issue()
        letter.save()
        letter.entities.set(entities)
        _authorise(letter, entities, at)
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

    Nothing new is forwarded to the entities that no other letter in force authorises.
    Raises NotFound, NotNow, Invalid.
    """
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        lifecycle.ask(letter, "withdraw", actor)
        letter.reason, letter.decided_at = _words("reason", reason), at
        letter.withdraw()
        letter.save(update_fields=["state", "reason", "decided_at"])
        _take_back(letter, at)
        _record("dna.withdraw_letter", letter, actor, at)
    return letter


def authorise_added(
    *, actor: Actor, at: datetime, letter_id: int, organisation_id: int
) -> Letter:
    """Authorise an entity that a change of participants would add, under a letter in force.

    The host Party authorises anybody, another Party its own entities. The registry is told when
    the secretariat processes the change. Raises NotFound, NotNow, Invalid.
    """
    with transaction.atomic():
        letter = _for_authority(letter_id, actor)
        if letter.state != Letter.State.ISSUED:
            raise lifecycle.NotNow(f"This letter is {letter.get_state_display().lower()}.")
        if organisation_id not in {each.pk for each in queries.to_authorise(letter)}:
            raise Invalid.of("organisation_id", "No change under way adds this entity.")
        Addition.objects.create(
            letter=letter, organisation_id=organisation_id, authorised_by=actor.name, at=at
        )
        _record("dna.authorise_added", letter, actor, at, organisation=organisation_id)
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
    needed = [name for name in DECLARATIONS if letter.host or name != "sustainable_development"]
    missing = {name: [DECLARATIONS[name]] for name in needed if not getattr(letter, name)}
    if letter.sustainable_development and not letter.host:
        missing["sustainable_development"] = ["This declaration is the host Party's alone."]
    if missing:
        raise NotDeclared(missing)


def _weigh(letter: Letter, scores: Mapping[int, int]) -> None:
    """Keep the points, when the host Party has criteria and the project meets them."""
    letter.rubric = queries.rubric_for(letter)
    if letter.rubric is None:
        return
    criteria = list(letter.rubric.criteria.all())
    rubrics.check(criteria, scores)
    low = rubrics.shortfalls(criteria, scores)
    if low:
        raise CriteriaNotMet(
            f"By your points the criteria are not met: {'; '.join(low)}. Refuse the letter instead."
        )
    Score.objects.bulk_create(
        Score(letter=letter, criterion=each, points=scores[each.pk]) for each in criteria
    )


def _entities(letter: Letter, organisation_ids: Iterable[int]) -> list[Organisation]:
    wanted = set(organisation_ids)
    found = list(queries.named_entities(letter).filter(pk__in=wanted))
    if not wanted:
        raise Invalid.of("organisation_ids", "Name at least one entity that you authorise.")
    if len(found) != len(wanted):
        raise Invalid.of(
            "organisation_ids",
            "Only entities named in the design document can be authorised."
            if letter.host else "Only entities of your own Party can be authorised.",
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
        media_type="application/pdf", data=papers.render("letter.typ", sheet),
        public=not stating.attempts_again(letter.project),
    )


def _authorise(letter: Letter, entities: Iterable[Organisation], at: datetime) -> None:
    project = letter.project
    project.participations.filter(organisation__in=entities).update(authorised_at=at)
    if letter.host:
        project.host_approved_at = at
        project.save(update_fields=["host_approved_at"])
    if project.number is None:
        return  # the Board's instruction tells the registry
    taking_part = set(project.participations.values_list("organisation_id", flat=True))
    for entity in (each for each in entities if each.pk in taking_part):
        registry.authorise(
            actor=SYSTEM, at=at, project_number=project.number, letter=str(letter),
            holder_id=entity.pk,
        )
    if not letter.host:
        registry.authorise(
            actor=SYSTEM, at=at, project_number=project.number, letter=str(letter),
            party_code=letter.party_code,
        )


def _take_back(letter: Letter, at: datetime) -> None:
    """What a letter gave ends with it, unless another letter in force gives it too."""
    project = letter.project
    kept = queries.still_authorised(project).values("pk")
    named = Q(organisation__in=letter.entities.all()) | Q(
        organisation__in=letter.additions.values("organisation")
    )
    lost = project.participations.filter(named).exclude(organisation__in=kept)
    holders = set(lost.values_list("organisation_id", flat=True))
    lost.update(authorised_at=None)
    if letter.host:
        project.host_approved_at = None
        project.save(update_fields=["host_approved_at"])
    for noted in governance.authorisations_of(project.number or ""):
        own = not letter.host and noted.party_id == letter.party_code
        if own or noted.holder_id in holders:
            registry.revoke(
                actor=SYSTEM, at=at, authorisation_id=noted.pk, reason=f"{letter} is withdrawn"
            )


def _record(verb: str, letter: Letter, actor: Actor, at: datetime, **facts: Any) -> None:
    record(
        verb, actor=actor, subject=letter, at=at, project=letter.project.reference,
        facts=facts or None,
    )
