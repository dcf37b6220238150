"""Stage 1: drafting the design document over many visits, freezing it, revising it, withdrawing."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from cdm_portal import parameters
from cdm_portal.identity.models import Organisation
from cdm_portal.journal.record import record
from cdm_portal.refusals import Forbidden, Invalid, NotFound
from cdm_portal.uploads import kinds
from cdm_portal.values import Actor, Role
from projects import access, lifecycle
from projects import locks as landing
from projects.actions import file_document
from projects.lifecycle import NotNow, Stage
from projects.methodologies.base import Parameter
from projects.models import Document, Participation, Project
from projects.participant import design, locks, papers, queries, sections
from projects.participant.models import DesignDocument, DesignVersion

MOST_ATTACHMENTS = 50


class Incomplete(Invalid):
    """The document cannot be frozen yet; `lacking` says what, by section."""

    code = "incomplete"

    def __init__(self, lacking: Mapping[str, list[str]]) -> None:
        self.lacking = dict(lacking)
        super().__init__({
            "": [f"{sections.BY_KEY[key].label}: {said}"
                 for key, words in lacking.items() for said in words]
        })


def start_design(
    *, actor: Actor, at: datetime, title: str, party_code: str, rules: str, fictional: bool = False
) -> Project:
    """Begin a design document: a project with a reference of its own, known to its owner alone.

    Raises Forbidden for another role; Invalid without a title, or for a Party that cannot host:
    only Parties not included in Annex I do (unverified, from general knowledge).
    """
    if actor.role != Role.PARTICIPANT or actor.organisation_id is None:
        raise Forbidden("A project participant begins a design document.")
    named = sections.words("title", title, longest=200)
    _check_start(named, party_code, rules)
    with transaction.atomic():
        owner = Organisation.objects.get(pk=actor.organisation_id)
        pk = _next_key()
        case: Project = Project.objects.create(
            pk=pk, reference=f"PDD-{pk:05d}", rules=rules, owner=owner, party_code=party_code,
            fictional=fictional or owner.fictional, title=named, created_at=at,
        )
        Participation.objects.create(project=case, organisation=owner)
        content = {
            "general": {"title": named}, "participants": {"organisation_ids": [owner.pk]},
        }
        DesignDocument.objects.create(project=case, content=content, updated_at=at)
        record("participant.start_design", actor=actor, subject=case, at=at, project=case.reference)
    return case


def _check_start(title: str, party_code: str, rules: str) -> None:
    errors: dict[str, list[str]] = {}
    host = queries.party(party_code)
    if not title:
        errors["title"] = ["Give the project a title."]
    if host is None:
        errors["party_code"] = ["Choose the host Party of the list."]
    elif host.annex_i:
        errors["party_code"] = [f"{host.name} is included in Annex I and cannot host a project."]
    if rules not in Project.Rules.values:
        errors["rules"] = ["Choose historic or demonstration rules."]
    if errors:
        raise Invalid(errors)


def _next_key() -> int:
    """The key of the next project, taken first because the reference carries it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Project._meta.db_table]
        )
        key: int = cursor.fetchone()[0]
    return key


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
        return design.methodology_faults(content, design.days_valid(case, at))
    if section == "parameters":
        return _unknown_parameters(content) | design.fixed_faults(content, complete=False)
    if section == "crediting":
        return design.crediting_faults(content, at.date())
    if section == "reductions":
        return design.expectation_faults(content)
    if section == "attachments":
        return _attachment_faults(case, content)
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
        lacking = design.problems(draft.content, days=design.days_valid(case, at))
        if any(lacking.values()):
            raise Incomplete({key: words for key, words in lacking.items() if words})
        version = _freeze(actor, at, case, draft)
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


def _freeze(actor: Actor, at: datetime, case: Project, draft: DesignDocument) -> DesignVersion:
    content = _frozen_content(case, draft.content)
    worked = design.calculation(design.estimates(draft.content))
    sha256 = design.digest({"content": content, "calculation": worked})
    before = queries.latest_version(case)
    if before is not None and before.sha256 == sha256:
        raise NotNow(f"Nothing has changed since version {before.number}.")
    number = before.number + 1 if before else 1
    _copy_facts(case, content, worked, number)
    _name_participants(case, content["participants"]["organisation_ids"])
    host = queries.party(case.party_code)
    paper = papers.design_document(
        case, number=number, content=content, calculation=worked, sha256=sha256,
        party=host.name if host else case.party_code, at=at,
    )
    document = file_document(
        actor=actor, at=at, project=case, kind=Document.Kind.DESIGN,
        title=f"Project design document, version {number}",
        filename=f"{case.reference}-design-v{number}.pdf", media_type="application/pdf",
        data=paper, version=number, public=case.validation_began_at is not None,
    )
    if document.public:
        queries.attachments_to_publish(content).update(public=True)
    return DesignVersion.objects.create(
        project=case, number=number, content=content, calculation=worked, sha256=sha256,
        document=document, submitted_at=at,
    )


def _frozen_content(case: Project, content: design.Content) -> dict[str, Any]:
    """The draft with everything that it refers to written out."""
    named = design.part(content, "participants")["organisation_ids"]
    files = queries.attachments(case, content)
    given = design.part(content, "parameters").get("fixed", {})
    return {
        **{section.key: design.part(content, section.key) for section in sections.SECTIONS},
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


def _copy_facts(
    case: Project, content: Mapping[str, Any], worked: Mapping[str, Any], number: int
) -> None:
    """What the document says, onto the project (saved by the caller)."""
    general, place, rules = content["general"], content["location"], content["methodology"]
    methodology, crediting = design.methodology_of(content), design.crediting_of(content)
    case.title, case.summary = general["title"], general["summary"]
    case.sector, case.scale = general["sector"], rules["scale"]
    case.sectoral_scope = methodology.sectoral_scopes[0] if methodology else None
    case.methodology = methodology.code if methodology else ""
    case.methodology_version = rules["version"]
    case.location = place["location"]
    case.latitude, case.longitude = Decimal(place["latitude"]), Decimal(place["longitude"])
    case.crediting_kind = content["crediting"]["kind"]
    case.crediting_first_date = crediting.first if crediting else None
    case.crediting_last_date = crediting.last if crediting else None
    case.estimated_annual_tonnes = worked["annual_average"]
    case.design_version = number


def _name_participants(case: Project, organisations: list[int]) -> None:
    case.participations.exclude(organisation__in=organisations).delete()
    named = set(case.participations.values_list("organisation_id", flat=True))
    Participation.objects.bulk_create(
        Participation(project=case, organisation_id=pk) for pk in organisations if pk not in named
    )


def withdraw(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Project:
    """End the project before registration. Raises NotFound, NotNow, Invalid without a reason."""
    said = sections.words("reason", reason, longest=500)
    with transaction.atomic():
        case = landing.project(project_id)
        if not access.owns(actor, case):
            raise NotFound("There is no such project.")
        lifecycle.ask(case, "withdraw", actor)
        if not said:
            raise Invalid.of("reason", "Say why the project is withdrawn.")
        case.withdraw()
        case.ended_at = at
        case.save(update_fields=["stage", "ended_at"])
        record(
            "participant.withdraw", actor=actor, subject=case, at=at, project=case.reference,
            facts={"reason": said},
        )
    return case
