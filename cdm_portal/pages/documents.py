"""Downloading a document: only by who may see it, never shown inline but as a PDF of our own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from cdm_portal.identity import access as identity_access
from projects import access
from projects.models import Document

OWN_PAPERS = {
    Document.Kind.DESIGN, Document.Kind.LETTER, Document.Kind.VALIDATION, Document.Kind.MONITORING,
    Document.Kind.VERIFICATION, Document.Kind.RULING,
}


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a document. What was uploaded is not scanned and comes as a download only."""
    found = Document.objects.select_related("blob", "project", "period").filter(pk=pk).first()
    if found is None or not access.sees_document(identity_access.actor_or_none(request), found):
        raise Http404
    inline = found.kind in OWN_PAPERS and found.media_type == "application/pdf"
    response = HttpResponse(bytes(found.blob.data), content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, found.filename) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["ETag"] = f'"{found.blob_id}"'
    response["Cache-Control"] = "private, max-age=86400"
    return response
