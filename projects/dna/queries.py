"""Questions about letters of approval, for the DNA, the participant and the roles above."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from cdm_portal import formats
from cdm_portal.identity.models import Membership, Organisation
from cdm_portal.queues import Facts, Line
from cdm_portal.refusals import NotFound
from cdm_portal.values import Actor, Role
from projects import access
from projects.dna.models import Letter, Question, Rubric, Score
from projects.lifecycle import Stage
from projects.models import Document, Project
from projects.participant import queries as participant
from projects.participant import sheets, speaking, stating
from projects.participant.communication.models import StatementParticipant
from projects.participant.models import DesignVersion
from registry.models import Party

ASKED_IN = (
    Stage.NATIONAL_APPROVAL, Stage.VALIDATION, Stage.REGISTRATION, Stage.MONITORING,
)
"""From the submitted design document on, while the project lives (domain, 3.2)."""

LIVE = (Letter.State.REQUESTED, Letter.State.CLARIFICATION, Letter.State.ISSUED)


def party_name(code: str) -> str:
    """A Party's name, or its code when it is not in the register."""
    return Party.objects.filter(code=code).values_list("name", flat=True).first() or code


def authority(party_code: str) -> Organisation | None:
    """The Party's Designated National Authority, if registered here."""
    return Organisation.objects.filter(
        kind=Organisation.Kind.DNA, party_code=party_code
    ).first()


def live_letter(project: Project, party_code: str) -> Letter | None:
    """The Party's letter that is asked for or issued; refused and withdrawn ones are past."""
    return project.letters.filter(party_code=party_code, state__in=LIVE).first()


def letters_known(
    actor: Actor | None, *, project: str = "", party: str = "", state: str = ""
) -> QuerySet[Letter]:
    """The letters that an actor may read: everybody the issued ones of public projects and those
    withdrawn since; a participant and a DNA their own in every state; an auditor all.
    """
    given = Q(state__in=[Letter.State.ISSUED, Letter.State.WITHDRAWN])
    known = given & Q(project__in=access.visible(actor).values("pk"))
    if actor is not None and actor.role == Role.AUDITOR:
        known = ~Q(pk__in=[])
    elif actor is not None and actor.role == Role.DNA:
        known |= Q(party_code=actor.party)
    elif actor is not None and actor.role == Role.PARTICIPANT:
        known |= Q(project__owner_id=actor.office)
    named = Q(project__reference=project) | Q(project__number=project) if project else Q()
    found: QuerySet[Letter] = Letter.objects.filter(known, named)
    for column, value in (("party_code", party), ("state", state)):
        found = found.filter(**{column: value}) if value else found
    return found.select_related("project", "document").prefetch_related("entities")


def rubric_of(party_code: str) -> Rubric | None:
    """The Party's criteria in force: its last version, unless that one is empty."""
    last = Rubric.objects.filter(party_code=party_code).order_by("-version").first()
    return last if last is not None and last.criteria.exists() else None


def rubric_for(letter: Letter) -> Rubric | None:
    """The criteria that the letter is issued on, or was: the host Party's own, if it has any."""
    if not letter.host:
        return None
    return letter.rubric if letter.issued_at is not None else rubric_of(letter.party_code)


def scores_of(letter: Letter) -> list[Score]:
    """The points given, for the DNA of the letter alone."""
    return list(letter.scores.select_related("criterion"))


def open_questions(project: Project) -> list[Question]:
    """What Parties have asked the participant and wait to be answered, the first one first."""
    asked = Question.objects.filter(letter__project=project, answered_at=None)
    return list(asked.select_related("letter").order_by("id"))


def parties_to_ask(project: Project) -> list[str]:
    """The Parties whose letters concern a project: the host, then those of its other entities."""
    codes = [*_to_take_part(project).exclude(party_code="").values_list("party_code", flat=True)]
    return [project.party_code, *sorted(set(codes) - {project.party_code})]


def _to_take_part(project: Project) -> QuerySet[Organisation]:
    """The participants, and the entities that a change under way would add."""
    joining = speaking.to_be_added(project).values("pk")
    return Organisation.objects.filter(
        Q(participations__project=project) | Q(pk__in=joining)
    ).distinct()


def named_entities(letter: Letter) -> QuerySet[Organisation]:
    """Whom a letter may authorise: the host Party anybody named, another Party its own entities."""
    named = _to_take_part(letter.project).order_by("id")
    return named if letter.host else named.filter(party_code=letter.party_code)


def still_authorised(project: Project) -> QuerySet[Organisation]:
    """The entities that a letter in force names."""
    standing = Letter.objects.filter(project=project, state=Letter.State.ISSUED)
    return Organisation.objects.filter(
        Q(authorised_by__in=standing) | Q(added_by__letter__in=standing)
    ).distinct()


def authorising(project: Project) -> dict[int, str]:
    """By entity, the letter in force that authorises it."""
    standing = project.letters.filter(state=Letter.State.ISSUED).order_by("pk")
    return {
        entity: str(letter) for letter in standing
        for entity in [*letter.entities.values_list("pk", flat=True),
                       *letter.additions.values_list("organisation_id", flat=True)]
    }


def to_authorise(letter: Letter) -> list[Organisation]:
    """The entities that a change under way would add and that this letter may authorise."""
    if letter.state != Letter.State.ISSUED:
        return []
    joining = speaking.to_be_added(letter.project)
    own = joining if letter.host else joining.filter(party_code=letter.party_code)
    return list(own.exclude(pk__in=still_authorised(letter.project).values("pk")).order_by("pk"))


def letters_of_registries(project: Project) -> QuerySet[Letter]:
    """Letters in force of Parties other than the host: they open the Party's own registry."""
    return project.letters.filter(state=Letter.State.ISSUED, host=False)


def withdrawals(project: Project) -> dict[int, str]:
    """The public notice of each letter that was taken back, by the number of its document."""
    return {
        letter.document_id or 0: f"Withdrawn {formats.day(letter.decided_at)}: {letter.reason}"
        for letter in project.letters.filter(state=Letter.State.WITHDRAWN)
        if letter.decided_at is not None
    }


def parties_involved(project: Project) -> list[str]:
    """The host Party, and every Party whose letter stands (domain, 2.2): codes, the host first."""
    others = project.letters.filter(state=Letter.State.ISSUED).values_list("party_code", flat=True)
    return [project.party_code, *sorted(set(others) - {project.party_code})]


def acts_for_participant(actor: Actor, project: Project) -> bool:
    """Whether the person behind the actor also holds a role with the project's participants."""
    sides = project.participations.values("organisation_id")
    return Membership.objects.filter(
        person_id=actor.person, organisation_id__in=sides, role=Role.PARTICIPANT
    ).exists()


def letters_of(party_code: str) -> QuerySet[Letter]:
    """The letters that a Party has been asked for, newest first."""
    return (
        Letter.objects.filter(party_code=party_code)
        .select_related("project", "project__owner", "document", "document__blob")
        .order_by("-id")
    )


def letter_for(actor: Actor, pk: int) -> Letter:
    """A letter of the actor's own Party. Raises NotFound for any other."""
    found = letters_of(actor.party).filter(pk=pk).first() if actor.party else None
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def design(project: Project) -> DesignVersion | None:
    """The version of the design document that is in force."""
    return DesignVersion.objects.filter(project=project, number=project.design_version or 0).first()


def may_ask(project: Project, party_code: str) -> bool:
    """Whether the participant can ask a Party for its letter now."""
    return (
        project.stage in ASKED_IN
        and authority(party_code) is not None
        and live_letter(project, party_code) is None
    )


def asked_parties(project: Project) -> list[dict[str, Any]]:
    """Every Party to ask with its authority, its letters (newest first) and what is open."""
    letters = list(
        project.letters.select_related("document", "document__blob")
        .prefetch_related("entities", "questions").order_by("-id")
    )
    return [
        {
            "code": code, "name": party_name(code), "host": code == project.party_code,
            "authority": authority(code), "may_ask": may_ask(project, code),
            "annex_i": Party.objects.filter(code=code, annex_i=True).exists(),
            "letters": [each for each in letters if each.party_code == code],
            "entities": [each.organisation.name for each in project.participations.filter(
                organisation__party_code=code).select_related("organisation")],
        }
        for code in parties_to_ask(project)
    ]


def project_of_question(pk: int) -> Project:
    """The project that a question is about. Raises NotFound."""
    found = Project.objects.filter(letters__questions=pk).first()
    if found is None:
        raise NotFound("There is no such question.")
    return found


def design_sections(project: Project) -> list[dict[str, Any]]:
    """The frozen design document as sections of rows, in the words of the participant's form."""
    version = design(project)
    return sheets.document(version.content) if version else []


def design_attachments(project: Project) -> list[Document]:
    """The files of the design document, the confidential ones too: it was sent to this Party."""
    version = design(project)
    return participant.attachments_of(version) if version else []


def letter_content(letter: Letter, entities: Iterable[Organisation]) -> dict[str, Any]:
    """What the letter says, as JSON: the page, the PDF and the fingerprint all come from this."""
    project, version = stating.stated(letter.project), design(letter.project)
    host = authority(letter.party_code)
    return {
        "number": letter.number or "",
        "party": party_name(letter.party_code),
        "party_code": letter.party_code,
        "authority": host.name if host else "",
        "project": project.reference,
        "title": project.title,
        "design_version": project.design_version,
        "design_sha256": version.sha256 if version else "",
        "host": letter.host,
        "ratified": letter.ratified,
        "voluntary": letter.voluntary,
        "sustainable_development": letter.sustainable_development,
        "entities": sorted(entity.name for entity in entities),
        "issued_on": f"{letter.issued_at:%Y-%m-%d}" if letter.issued_at else "",
    }


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """What waits for a DNA (letters) or for a participant (a letter to ask for, a question)."""
    del at  # nothing about a letter waits until a moment
    if actor.role == Role.DNA:
        asked = letters_of(actor.party).filter(state=Letter.State.REQUESTED)
        yield Line(
            "dna.asked", asked, lambda letter, _: _decide(letter),
            related=("project", "project__owner"),
        )
        yield from _joining(actor)
    if actor.role == Role.PARTICIPANT:
        asking = Letter.objects.filter(
            project__owner_id=actor.organisation_id, state=Letter.State.CLARIFICATION
        )
        yield Line(
            "dna.question", asking, lambda letter, _: _answer(letter), related=("project",)
        )
        live = Letter.objects.filter(project=OuterRef("pk"), host=True, state__in=LIVE)
        unasked = Project.objects.filter(
            ~Exists(live), owner_id=actor.organisation_id, host_approved_at=None,
            stage__in=(Stage.NATIONAL_APPROVAL, Stage.VALIDATION),
        )
        yield Line("dna.unasked", unasked, lambda project, _: _ask(project))


def _item(project: Project, url: str, **words: Any) -> dict[str, Any]:
    return {
        "title": project.title, "url": url, "reference": project.name, "project": "",
        "stage": 2, "stage_label": Stage.NATIONAL_APPROVAL.label, "until": None,
        "tag": project.get_rules_display() if project.is_demonstration else "", "tag_kind": "",
        "action_url": url, "why_not": "",
    } | words


def _joining(actor: Actor) -> Iterator[Line]:
    """Letters of entities that a change under way would add and that no letter authorises yet."""
    for host in (True, False):
        adding = _added(host=host)
        yield Line(
            "dna.joining_host" if host else "dna.joining",
            letters_of(actor.party).filter(Exists(adding), state=Letter.State.ISSUED, host=host),
            _authorise, related=("project",),
            facts={"names": ArraySubquery(adding.order_by("pk").values("organisation__name"))},
        )


def _added(*, host: bool) -> QuerySet[StatementParticipant]:
    before = StatementParticipant.objects.filter(
        statement=OuterRef("statement__base"), organisation=OuterRef("organisation")
    )
    standing = Letter.objects.filter(
        Q(entities=OuterRef("organisation")) | Q(additions__organisation=OuterRef("organisation")),
        project=OuterRef("statement__project"), state=Letter.State.ISSUED,
    )
    found = StatementParticipant.objects.filter(
        ~Exists(before), ~Exists(standing), statement__project=OuterRef("project"),
        statement__state__in=speaking.PENDING, statement__base__isnull=False,
    )
    own = {} if host else {"organisation__party_code": OuterRef("party_code")}
    return found.filter(**own)


def _authorise(letter: Letter, facts: Facts) -> dict[str, Any]:
    return _item(
        letter.project, reverse("dna:letter", args=[letter.pk]), waiting_for="Your decision",
        what=f"To take part, not authorised: {', '.join(facts['names'])}.",
        action_label="Look at the letter",
    )


def _decide(letter: Letter) -> dict[str, Any]:
    return _item(
        letter.project, reverse("dna:letter", args=[letter.pk]),
        what=f"{letter.project.owner.name} asks for a letter of approval.",
        waiting_for="Your decision", action_label="Decide on the letter",
    )


def _answer(letter: Letter) -> dict[str, Any]:
    return _item(
        letter.project, reverse("dna:request", args=[letter.project.reference]),
        what="The national authority has a question about the design document.",
        waiting_for="Your answer", action_label="Answer the question",
    )


def _ask(project: Project) -> dict[str, Any]:
    return _item(
        project, reverse("dna:request", args=[project.reference]),
        what="The host Party has not been asked for its letter of approval.",
        waiting_for="Your request", action_label="Ask for the letter",
    )
