"""The report one section at a time: saved as it stands, or kept as it was typed.

A section is one of the 12 criteria with its indicators, or an extra. Whoever saves says which text
they had before them (`seen`, see `content.seen`); where it has changed since, nothing is
overwritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.uploads import kinds
from cdm_portal.values import Actor
from cobenefits import content, indicators, queries
from cobenefits.actions import drafting
from cobenefits.actions.drafting import Statement
from cobenefits.detail.models import DIGITS, PLACES
from cobenefits.models import Line, Report, Said, TypedBenefit
from projects.actions import file_document
from projects.doe import entries
from projects.models import Document, Project
from projects.participant.actions.autosave import MOST_TYPED, ChangedMeanwhile, Kept

LONGEST = {"text": 2000, "evidence": 300, "unit": 40}
CHANGED = (
    "Somebody saved this section after the page was opened. Nothing is overwritten: compare what "
    "is saved with what you typed."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one indicator, or to one question; in a draft, as far as it is written."""

    applicable: bool
    level: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    text: str = ""
    monitored: bool | None = None
    evidence: str = ""
    document_id: int | None = None


Tellings = Mapping[str, Told]


def save_section(
    *, actor: Actor, at: datetime, project_id: int, section: str, statement: Statement | None,
    told: Tellings, seen: str = "",
) -> Report:
    """Save one section of the draft and leave the others; no statement: the criterion has none.

    Raises Forbidden, NotNow as `keep` does, ChangedMeanwhile, Invalid by box (`level`, and
    `indicator_box` for each indicator).
    """
    with transaction.atomic():
        draft = drafting.draft(actor, at, project_id)
        asked = {each.key: each for each in queries.asked(section, at.date())}
        _check(draft.project, section, statement, told, asked)
        now = content.seen(content.of(queries.starting(draft.project), section))
        if seen and seen != now:
            raise ChangedMeanwhile(CHANGED, now)
        drafting.begin(draft, at)
        draft.lines.filter(criterion=section).delete()
        if statement is not None:
            drafting.line(draft, section, statement).save()
        draft.indicators.filter(section=section).delete()
        Said.objects.bulk_create(
            _said(draft, section, asked[key], one) for key, one in told.items()
        )
        _typed(draft.project, section, actor).delete()
        record(
            "cobenefits.keep", actor=actor, subject=draft, at=at,
            project=draft.project.reference,
            facts={"version": draft.version, "section": section},
        )
    return draft


def keep_typed(
    *, actor: Actor, at: datetime, project_id: int, section: str,
    typed: Mapping[str, Sequence[str]], seen: str, statement: Statement | None, told: Tellings,
    faults: Mapping[str, Sequence[str]],
) -> Kept:
    """Save the section if it can be used; else keep it as typed, beside what is saved.

    `statement` and `told` are the form's reading of `typed`, `faults` what the form found wrong.
    Raises Forbidden, NotNow, Invalid for what is too long to keep.
    """
    _check_size(typed)
    with transaction.atomic():
        draft = drafting.draft(actor, at, project_id)
        kept = Kept(seen, faults)
        if not faults:
            kept = _saved(actor, at, draft.project, section, statement, told, seen)
        if not kept.saved:
            _keep(actor, at, draft.project, section, typed, kept)
    return kept


def drop_typed(*, actor: Actor, at: datetime, project_id: int, section: str) -> Project:
    """Take the saved section instead of what the actor typed. Raises Forbidden, NotFound."""
    with transaction.atomic():
        case = drafting.spoken_for(actor, project_id)
        gone, _ = _typed(case, section, actor).delete()
        if gone:
            record(
                "cobenefits.drop_typed", actor=actor, subject=case, at=at,
                project=case.reference, facts={"section": section},
            )
    return case


def add_evidence(
    *, actor: Actor, at: datetime, project_id: int, title: str, filename: str, data: bytes
) -> Document:
    """File a document that indicators may name as evidence; public once a version names it.

    Raises Forbidden, NotNow, Invalid without a title, Unacceptable for the file.
    """
    most = parameters.number("upload_max_mb", at.date())
    media_type = kinds.media_type(filename, data, most_mb=most)
    name = entries.words("title", title, longest=200, what="what the file is")
    with transaction.atomic():
        case = drafting.draft(actor, at, project_id).project
        filed = file_document(
            actor=actor, at=at, project=case, kind=Document.Kind.BENEFIT, title=name,
            filename=filename, media_type=media_type, data=data,
        )
        record(
            "cobenefits.add_evidence", actor=actor, subject=filed, at=at,
            project=case.reference, facts={"sha256": filed.blob_id},
        )
    return filed


def _saved(
    actor: Actor, at: datetime, case: Project, section: str, statement: Statement | None,
    told: Tellings, seen: str,
) -> Kept:
    try:
        save_section(
            actor=actor, at=at, project_id=case.pk, section=section, statement=statement,
            told=told, seen=seen,
        )
    except ChangedMeanwhile as refusal:
        return Kept(seen, refusal.errors, changed=True)
    except Invalid as refusal:
        return Kept(seen, refusal.errors)
    return Kept(content.seen(content.of(queries.starting(case), section)))


def _keep(
    actor: Actor, at: datetime, case: Project, section: str,
    typed: Mapping[str, Sequence[str]], kept: Kept,
) -> None:
    row, _ = TypedBenefit.objects.update_or_create(
        project=case, section=section, person_id=actor.person,
        defaults={
            "typed": {box: list(texts) for box, texts in typed.items()}, "seen": kept.seen,
            "typed_at": at,
        },
    )
    record(
        "cobenefits.keep_typed", actor=actor, subject=row, at=at, project=case.reference,
        facts={"section": section},
    )


def _typed(case: Project, section: str, actor: Actor) -> QuerySet[TypedBenefit]:
    return TypedBenefit.objects.filter(project=case, section=section, person_id=actor.person)


def _said(draft: Report, section: str, asked: indicators.Indicator, told: Told) -> Said:
    return Said(
        report=draft, section=section, indicator=asked.key, label=asked.label,
        applicable=told.applicable, level=told.level, quantity=told.quantity,
        unit=told.unit.strip(), text=told.text.strip(), monitored=told.monitored,
        evidence=told.evidence.strip(), document_id=told.document_id,
    )


def _check_size(typed: Mapping[str, Sequence[str]]) -> None:
    texts = [text for each in typed.values() for text in each]
    if sum(map(len, texts)) > MOST_TYPED:
        raise Invalid.of("", f"A section holds at most {MOST_TYPED:,} characters in all.")
    if any("\0" in text for text in texts):
        raise Invalid.of("", "Remove the character that cannot be printed.")


def _check(
    case: Project, section: str, statement: Statement | None, told: Tellings,
    asked: Mapping[str, indicators.Indicator],
) -> None:
    errors: dict[str, list[str]] = {}
    if section not in indicators.SECTIONS:
        raise Invalid.of("", f"“{section}” is no section of the report.")
    if indicators.is_extra(section) and statement is not None:
        errors["level"] = ["This section has no level."]
    elif statement and statement.level and statement.level not in Line.Level.values:
        errors["level"] = ["Choose slight, moderate or high."]
    allowed = {document.pk for document in queries.evidence(case)}
    for key, one in told.items():
        if key not in asked:
            errors.setdefault("", []).append(f"“{key}” is not asked in this section.")
            continue
        errors |= {f"{key}_{box}": [said] for box, said in _faults(section, one, allowed)}
    if errors:
        raise Invalid(errors)


def _faults(section: str, told: Told, allowed: set[int]) -> list[tuple[str, str]]:
    """What is wrong with one indicator, by box."""
    found = []
    besides = (told.level, told.quantity is not None, told.unit, told.monitored is not None,
               told.evidence, told.document_id)
    if not told.applicable and any(besides):
        found.append(("applicable", "It does not apply: clear its other boxes, or choose yes."))
    if (told.level and told.level not in Said.Level.values) or (
        told.level and indicators.is_extra(section)
    ):
        found.append(("level", "Choose slight, moderate, high or n/a."))
    if told.quantity is not None and not told.unit.strip():
        found.append(("unit", "Give the unit of the quantity."))
    if told.quantity is not None and not _fits(told.quantity):
        found.append(("quantity", "Enter a number of at least 0 with at most 6 decimal places."))
    if told.document_id is not None and told.document_id not in allowed:
        found.append(("document", "Choose a document of this project."))
    for box, longest in LONGEST.items():
        if len(getattr(told, box)) > longest:
            found.append((box, f"At most {longest} characters."))
    return found


def _fits(quantity: Decimal) -> bool:
    if not quantity.is_finite() or quantity < 0:
        return False
    whole = quantity.adjusted() + 1
    exponent = quantity.normalize().as_tuple().exponent
    return whole <= DIGITS - PLACES and isinstance(exponent, int) and -exponent <= PLACES



