"""Stage 1, while somebody types: a section is saved as it stands, or kept as it was typed.

Whoever saves says which text they had before them (`seen`, see `queries.seen`). Where the saved
section has changed since, nothing is overwritten: the second person is told who was first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from cdm_portal import formats
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, Refused
from cdm_portal.values import Actor
from projects.models import Project
from projects.participant import design, queries, sections
from projects.participant.actions.design import open_draft, save_section
from projects.participant.models import DesignDocument, TypedSection

MOST_TYPED = 100_000
"""Characters of one section: ten of its longest texts."""

Typed = Mapping[str, Sequence[str]]
Reasons = Mapping[str, Sequence[str]]


class ChangedMeanwhile(Refused):
    """Somebody else saved the section after it was opened; `seen` is the digest of their text."""

    code = "changed_meanwhile"

    def __init__(self, message: str, seen: str) -> None:
        super().__init__(message)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of what was typed: saved, or kept with the reasons why it is not saved."""

    seen: str
    reasons: Reasons = field(default_factory=dict)
    changed: bool = False

    @property
    def saved(self) -> bool:
        """Whether the section itself holds it now."""
        return not self.reasons


def save_seen(
    *, actor: Actor, at: datetime, project_id: int, section: str, values: Mapping[str, Any],
    seen: str,
) -> DesignDocument:
    """Save a section over the text that the actor has seen, and drop what they typed before.

    Raises ChangedMeanwhile if another text is saved by now, and what `save_section` raises.
    """
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        _ask_seen(case, draft, section, values, seen, actor)
        saved = save_section(
            actor=actor, at=at, project_id=project_id, section=section, values=values
        )
        _typed(case, section, actor).delete()
    return saved


def keep_typed(
    *, actor: Actor, at: datetime, project_id: int, section: str, typed: Typed, seen: str,
    values: Mapping[str, Any], faults: Reasons,
) -> Kept:
    """Save what was typed if it can be used; else keep it as typed, beside the section.

    `values` is the form's reading of `typed`, `faults` what the form itself found wrong. The saved
    section never loses its last usable values. Raises NotFound, NotNow, Invalid for what is too
    long to keep.
    """
    _check_size(typed)
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        kept = _saved(actor, at, case, draft, section, values, seen) if not faults else Kept(
            seen, faults
        )
        if not kept.saved:
            _keep(actor, at, case, section, typed, kept)
    return kept


def _saved(
    actor: Actor, at: datetime, case: Project, draft: DesignDocument, section: str,
    values: Mapping[str, Any], seen: str,
) -> Kept:
    """Save the section, unless it says so already; or say why not."""
    try:
        if sections.clean(section, values) == design.part(draft.content, section):
            _typed(case, section, actor).delete()
            return Kept(queries.seen(draft.content, section))
        saved = save_seen(
            actor=actor, at=at, project_id=case.pk, section=section, values=values, seen=seen
        )
    except Invalid as refusal:
        return Kept(seen, refusal.errors)
    except ChangedMeanwhile as refusal:
        return Kept(seen, refusal.errors, changed=True)
    return Kept(queries.seen(saved.content, section))


def _keep(
    actor: Actor, at: datetime, case: Project, section: str, typed: Typed, kept: Kept
) -> None:
    """Keep the text beside the section; the same text twice is one act."""
    there = _typed(case, section, actor).first()
    wanted = {"typed": {box: list(texts) for box, texts in typed.items()}, "seen": kept.seen,
              "reasons": {box: list(words) for box, words in kept.reasons.items()}}
    if there and {name: getattr(there, name) for name in wanted} == wanted:
        return
    row, _ = TypedSection.objects.update_or_create(
        project=case, section=section, person_id=actor.person,
        defaults=wanted | {"typed_at": at},
    )
    record(
        "participant.keep_typed", actor=actor, subject=row, at=at, project=case.reference,
        facts={"section": section},
    )


def drop_typed(*, actor: Actor, at: datetime, project_id: int, section: str) -> Project:
    """Take the saved section instead of what the actor typed. Raises NotFound, NotNow."""
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        gone, _ = _typed(case, section, actor).delete()
        if gone:
            record(
                "participant.drop_typed", actor=actor, subject=draft, at=at,
                project=case.reference, facts={"section": section},
            )
    return case


def _typed(case: Project, section: str, actor: Actor) -> Any:
    return TypedSection.objects.filter(project=case, section=section, person_id=actor.person)


def _ask_seen(
    case: Project, draft: DesignDocument, section: str, values: Mapping[str, Any], seen: str,
    actor: Actor,
) -> None:
    now = queries.seen(draft.content, section)
    if seen == now or sections.clean(section, values) == design.part(draft.content, section):
        return
    by, when = queries.last_saved(draft, section)
    who = "You" if by and by.actor_person_id == actor.person_id else by.actor_name if by else ""
    where = " in another window" if who == "You" else ""
    raise ChangedMeanwhile(
        f"{who or 'Somebody'} saved “{sections.BY_KEY[section].label}” at "
        f"{formats.clock_time(when)}{where}, after this page was opened. Nothing is overwritten: "
        "compare both texts.", now,
    )


def _check_size(typed: Typed) -> None:
    longest = sum(len(text) for texts in typed.values() for text in texts)
    if longest > MOST_TYPED:
        raise Invalid.of("", f"A section holds at most {MOST_TYPED:,} characters in all.")
    if any("\0" in text for texts in typed.values() for text in texts):
        raise Invalid.of("", "Remove the character that cannot be printed.")
