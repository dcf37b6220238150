"""Downloading a document: only by who may see it, and only ever as a file to be saved."""

from django.http import Http404, HttpRequest, HttpResponse

from cdm_portal.identity import access as identity_access
from cdm_portal.identity.access import may
from cdm_portal.permissions import Right, Row
from cdm_portal.uploads import serving
from projects import access
from projects.models import Document


@may((Row.PUBLISHED, Right.SEE), (Row.DRAFT, Right.READ), (Row.MONITORING, Right.READ))
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a document as a download. What was uploaded is not scanned for viruses."""
    found = Document.objects.select_related("blob", "project", "period").filter(pk=pk).first()
    if found is None or not access.sees_document(identity_access.actor_or_none(request), found):
        raise Http404
    response = HttpResponse(
        bytes(found.blob.data),
        headers=serving.headers(found.filename, found.media_type, private=not found.public),
    )
    response["ETag"] = f'"{found.blob_id}"'
    return response
