"""Freezing a draft: a version with its calculation, hash and PDF, and what it says of a project."""

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cdm_portal.values import Actor
from projects.actions import file_document
from projects.lifecycle import NotNow, Stage
from projects.methodologies.base import Parameter
from projects.models import Document, Participation, Project
from projects.participant import design, papers, queries, rows, sections, stating
from projects.participant.models import DesignDocument, DesignVersion


def freeze(
    *, actor: Actor, at: datetime, project: Project, draft: DesignDocument
) -> DesignVersion:
    """Freeze the draft before registration, and copy what it says onto the project, which the
    caller saves; in another attempt after a rejection the project, which is public, states it from
    its publication on. Inside the caller's transaction. Raises NotNow when nothing has changed.
    """
    published = project.stage == Stage.VALIDATION
    stated = copy.copy(project) if stating.attempts_again(project) else project
    version = _version(actor, at, project, stated, draft, public=published)
    project.design_version = version.number
    _name_participants(project, version.content["participants"]["organisation_ids"])
    return version


def freeze_revision(
    *, actor: Actor, at: datetime, project: Project, draft: DesignDocument
) -> DesignVersion:
    """Freeze the draft of a revision: the project stays as it is registered, and the version is not
    public yet. Inside the caller's transaction. Raises NotNow when nothing has changed.
    """
    return _version(actor, at, project, copy.copy(project), draft, public=False)


def says_the_same(version: DesignVersion, draft: DesignDocument) -> bool:
    """Whether the draft would freeze to the very version that there is."""
    return _next(version.project, draft, version.number, version.submitted_at).sha256 == (
        version.sha256
    )


def _version(
    actor: Actor, at: datetime, case: Project, stated: Project, draft: DesignDocument, *,
    public: bool,
) -> DesignVersion:
    """The next version; `stated` is the project that says what the document says."""
    before = queries.latest_version(case)
    version = _next(case, draft, before.number + 1 if before else 1, at)
    if before is not None and before.sha256 == version.sha256:
        raise NotNow(f"Nothing has changed since version {before.number}.")
    stating.copy_facts(stated, version)
    host = queries.party(case.party_code)
    paper = papers.design_document(
        stated, number=version.number, content=version.content, calculation=version.calculation,
        sha256=version.sha256, party=host.name if host else case.party_code, at=at,
    )
    version.document = file_document(
        actor=actor, at=at, project=case, kind=Document.Kind.DESIGN,
        title=f"Project design document, version {version.number}",
        filename=f"{case.reference}-design-v{version.number}.pdf", media_type="application/pdf",
        data=paper, version=version.number, public=public,
    )
    if public:
        queries.attachments_to_publish(version.content).update(public=True)
    version.save()
    return version


def _next(case: Project, draft: DesignDocument, number: int, at: datetime) -> DesignVersion:
    """The draft worked out, as a version that is not kept yet."""
    content = _frozen_content(case, draft.content)
    worked = design.calculation(design.estimates(draft.content))
    return DesignVersion(
        project=case, number=number, content=content, calculation=worked, submitted_at=at,
        sha256=design.digest({"content": content, "calculation": worked}),
    )


def _frozen_content(case: Project, content: design.Content) -> dict[str, Any]:
    """The draft with everything that it refers to written out."""
    named = design.part(content, "participants")["organisation_ids"]
    files = queries.attachments(case, content)
    given = design.part(content, "parameters").get("fixed", {})
    renewed, indexed = design.crediting_number(content), design.tables(content)
    return {
        **({"crediting_number": renewed} if renewed > 1 else {}),
        **{section.key: design.part(content, section.key) for section in sections.of(content)},
        "reference": case.reference,
        "rules": case.rules,
        "party_code": case.party_code,
        "participants": {
            "organisation_ids": named,
            "names": list(queries.entities().filter(pk__in=named).values_list("name", flat=True)),
        },
        "attachments": {
            "document_ids": [file.pk for file in files],
            "documents": [_attachment_line(file) for file in files],
        },
        "fixed": [_fixed_row(each, given.get(each.symbol, {}))
                  for each in design.fixed_parameters(content)],
        "plan": [
            {"symbol": each.symbol, "meaning": each.meaning, "unit": each.unit,
             "frequency": each.frequency, "source": each.source, "treatment": each.treatment.value}
            for each in design.monitored_parameters(content)
        ],
        **({"tables": [rows.described(each) for each in indexed]} if indexed else {}),
    }


def _attachment_line(file: Document) -> str:
    """How the design document, which is published, names an attachment."""
    if file.confidential:
        return "Confidential attachment, not published"
    return f"{file.title} ({file.filename}, SHA-256 {file.blob_id})"


def _fixed_row(parameter: Parameter, row: Mapping[str, str]) -> dict[str, str]:
    default = "" if parameter.default is None else f"{parameter.default:f}"
    return {
        "symbol": parameter.symbol,
        "meaning": parameter.meaning,
        "value": row.get("value", default),
        "unit": row.get("unit") or parameter.unit,
        "source": row.get("source") or parameter.source,
    }


def _name_participants(case: Project, organisations: list[int]) -> None:
    case.participations.exclude(organisation__in=organisations).delete()
    named = set(case.participations.values_list("organisation_id", flat=True))
    Participation.objects.bulk_create(
        Participation(project=case, organisation_id=pk) for pk in organisations if pk not in named
    )
