"""Stage 1: drafting the design document over many visits, freezing it, revising it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid, NotFound
from cdm_portal.uploads import kinds
from cdm_portal.values import Actor
from projects import access, lifecycle
from projects.actions import file_document
from projects.lifecycle import NotNow, Stage
from projects.models import Document, Project
from projects.participant import design, factors, locks, prior, queries, sections
from projects.participant.actions import freezing
from projects.participant.errors import Incomplete
from projects.participant.models import DesignDocument, DesignVersion

MOST_ATTACHMENTS = 50


def save_section(
    *, actor: Actor, at: datetime, project_id: int, section: str, values: Mapping[str, Any]
) -> DesignDocument:
    """Keep one section of the draft, which may be incomplete; `sections` names the boxes.

    Raises NotFound for another's project, NotNow when the document is closed, Invalid by box for
    what cannot be used, such as a methodology that does not fit the scale.
    """
    kept = sections.clean(section, values)
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        draft.content = {**draft.content, section: kept}
        if faults := _faults(case, section, draft.content, at):
            raise Invalid(faults)
        draft.updated_at = at
        draft.save(update_fields=["content", "updated_at"])
        if case.design_version is None and section == "general" and kept.get("title"):
            case.title = kept["title"]
            case.save(update_fields=["title"])
        record(
            "participant.save_section", actor=actor, subject=draft, at=at, project=case.reference,
            facts={"section": section},
        )
    return draft


def open_draft(project_id: int, actor: Actor) -> tuple[Project, DesignDocument]:
    """The actor's own project and its draft, locked, open to changes."""
    case, draft = locks.design_document(project_id)
    if not access.owns(actor, case):
        raise NotFound("There is no such project.")
    if locked := queries.why_locked(case):
        raise NotNow(locked)
    return case, draft


def _faults(
    case: Project, section: str, content: design.Content, at: datetime
) -> Mapping[str, list[str]]:
    """What in a section cannot stand beside the rest of the document."""
    if section == "participants":
        return _participant_faults(case, content)
    if section == "methodology":
        return design.methodology_faults(content, queries.days_valid(case, at))
    if section == "parameters":
        return (
            _unknown_parameters(content) | design.fixed_faults(content, complete=False)
            | factors.faults(case, content, queries.days_valid(case, at))
        )
    if section == "crediting":
        return design.crediting_faults(content, at.date())
    if section == "reductions":
        return design.expectation_faults(content)
    if section == "attachments":
        return _attachment_faults(case, content)
    if section == "eligibility" and not case.is_programme:
        return {"criteria": ["Only a programme of activities has eligibility criteria."]}
    return {}


def _participant_faults(case: Project, content: design.Content) -> Mapping[str, list[str]]:
    named = set(design.part(content, "participants").get("organisation_ids", []))
    known = set(queries.entities().filter(pk__in=named).values_list("pk", flat=True))
    if named - known:
        return {"organisation_ids": ["Choose organisations of the list."]}
    if case.owner_id not in named:
        return {"organisation_ids": [f"{case.owner} drafts this document and stays a participant."]}
    authorised = case.participations.filter(authorised_at__isnull=False).exclude(
        organisation__in=named
    )
    if gone := authorised.select_related("organisation").first():
        return {"organisation_ids": [
            f"{gone.organisation} is authorised by the letter of approval and stays a participant."
        ]}
    return {}


def _unknown_parameters(content: design.Content) -> dict[str, list[str]]:
    known = {parameter.symbol for parameter in design.fixed_parameters(content)}
    given = design.part(content, "parameters").get("fixed", {})
    if not known:
        missing = "Describe the project and choose its methodology first."
        return {"": [missing]} if given else {}
    return {
        f"{symbol}_value": [f"{symbol} is not fixed in the design under this methodology."]
        for symbol in given
        if symbol not in known
    }


def _attachment_faults(case: Project, content: design.Content) -> Mapping[str, list[str]]:
    named = design.part(content, "attachments").get("document_ids", [])
    filed = case.documents.filter(kind=Document.Kind.ATTACHMENT, pk__in=named).count()
    if filed != len(named):
        return {"document_ids": ["Choose files that were uploaded to this project."]}
    return {}


def attach(
    *, actor: Actor, at: datetime, project_id: int, title: str, filename: str, data: bytes,
    part: str = Document.Part.OTHER, confidential: bool = False,
) -> Document:
    """File an attachment and name it in the draft.

    A confidential one is never published; what supports the baseline, additionality or the
    environmental impacts cannot be one (domain, 2.9; unverified). Raises NotFound, NotNow, Invalid
    by box, Unacceptable for the file.
    """
    most = parameters.number("upload_max_mb", at.date())
    media_type = kinds.media_type(filename, data, most_mb=most)
    _check_part(part, confidential=confidential)
    name = sections.words("title", title, longest=200)
    if not name:
        raise Invalid.of("title", "Say what the file is.")
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        named = design.part(draft.content, "attachments").get("document_ids", [])
        if len(named) >= MOST_ATTACHMENTS:
            raise Invalid.of("file", f"A document has at most {MOST_ATTACHMENTS} attachments.")
        filed = file_document(
            actor=actor, at=at, project=case, kind=Document.Kind.ATTACHMENT, title=name,
            filename=filename, media_type=media_type, data=data, part=part,
            confidential=confidential,
        )
        _name_attachments(draft, [*named, filed.pk], at)
        record(
            "participant.attach", actor=actor, subject=filed, at=at, project=case.reference,
            facts={"sha256": filed.blob_id, "confidential": confidential},
        )
    return filed


def _check_part(part: str, *, confidential: bool) -> None:
    if part not in Document.Part.values:
        raise Invalid.of("part", "Choose what the file supports.")
    if confidential and part in Document.NEVER_CONFIDENTIAL:
        label = Document.Part(part).label.lower()
        raise Invalid.of("confidential", f"What supports the {label} cannot be confidential.")


def detach(*, actor: Actor, at: datetime, project_id: int, document_id: int) -> DesignDocument:
    """Take an attachment out of the draft; versions frozen with it keep it.

    Raises NotFound, NotNow.
    """
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        named = design.part(draft.content, "attachments").get("document_ids", [])
        if document_id not in named:
            raise NotFound("There is no such attachment.")
        _name_attachments(draft, [each for each in named if each != document_id], at)
        record(
            "participant.detach", actor=actor, subject=draft, at=at, project=case.reference,
            facts={"document": document_id},
        )
    return draft


def _name_attachments(draft: DesignDocument, documents: list[int], at: datetime) -> None:
    draft.content = {**draft.content, "attachments": {"document_ids": documents}}
    draft.updated_at = at
    draft.save(update_fields=["content", "updated_at"])


def submit_design(*, actor: Actor, at: datetime, project_id: int) -> DesignVersion:
    """Freeze the draft as a version with its calculation, hash and PDF.

    The first one moves the project to national approval; a later one revises the document while
    letter and validation run. Raises NotFound, NotNow (closed, or nothing changed), Incomplete.
    """
    with transaction.atomic():
        case, draft = open_draft(project_id, actor)
        if queries.revising(case):
            raise NotNow("The revised document is frozen when a DOE is asked to validate it.")
        days = queries.days_valid(case, at)
        lacking = factors.lacking(
            case, draft.content, days, prior.problems(case, draft.content, at, days)
        )
        if any(lacking.values()):
            raise Incomplete({key: words for key, words in lacking.items() if words})
        version = freezing.freeze(actor=actor, at=at, project=case, draft=draft)
        revised = case.stage != Stage.DESIGN
        if not revised:
            case.design_submitted_at = at
            lifecycle.ask(case, "submit_design", actor)
            case.submit_design()
        case.save()
        record(
            "participant.revise_design" if revised else "participant.submit_design",
            actor=actor, subject=version, at=at, project=case.reference,
            facts={"version": version.number, "sha256": version.sha256},
        )
    return version
