"""Filing a document: the one write that every role of the works shares."""

from datetime import datetime
from pathlib import PurePosixPath

from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects.models import Blob, Document, MonitoringPeriod, Project
from projects.programmes.models import Component


def file_document(
    *,
    actor: Actor,
    at: datetime,
    project: Project,
    kind: str,
    title: str,
    filename: str,
    media_type: str,
    data: bytes,
    period: MonitoringPeriod | None = None,
    component: Component | None = None,
    version: int = 1,
    public: bool = False,
    part: str = "",
    confidential: bool = False,
) -> Document:
    """File a paper of a case with the SHA-256 of its bytes, inside the caller's transaction.

    The same bytes filed twice are kept once; a confidential file never becomes public. Raises
    Invalid for an empty file.
    """
    if not data:
        raise Invalid.of("file", "The file is empty.")
    digest = Blob.digest(data)
    blob, _ = Blob.objects.get_or_create(
        sha256=digest, defaults={"data": data, "size_bytes": len(data)}
    )
    return Document.objects.create(
        project=project,
        period=period,
        component=component,
        kind=kind,
        title=title[:200],
        filename=PurePosixPath(filename.replace("\\", "/")).name[-200:] or "document",
        media_type=media_type,
        version=version,
        blob=blob,
        public=public,
        part=part,
        confidential=confidential,
        filed_by_id=actor.organisation_id,
        filed_at=at,
    )
