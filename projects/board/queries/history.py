"""What the public may read of the requests of a project, in order."""

from typing import Any

from django.urls import reverse

from cdm_portal.journal import queries as journal
from cdm_portal.journal.models import Entry
from projects.board.grounds import GROUNDS
from projects.board.models import Request
from projects.models import Project

PUBLIC = {
    "board.request_registration": "Registration requested",
    "board.request_issuance": "Issuance requested",
    "board.request_revision": "Revision of the registered design document requested",
    "board.confirm_payment": "Payment received",
    "board.conclude_completeness": "Completeness check passed",
    "board.return_incomplete": "Returned as incomplete",
    "board.resubmit": "Submitted again",
    "board.publish": "Published; the review window opened",
    "board.request_review": "Review requested",
    "board.open_review": "Review opened",
    "board.conclude_assessments": "Assessed by the secretariat and the expert",
    "board.propose": "Decision proposed; the time for objections began",
    "board.object": "A member objected; the Board votes",
    "board.rule": "Ruling of the Executive Board",
    "board.return_corrections": "Corrections returned",
    "board.accept_corrections": "Corrections accepted",
    "board.register": "Registered",
    "board.grant_issuance": "Issuance granted",
    "board.renew": "Crediting period renewed",
    "board.approve_change": "Post-registration change approved",
    "board.reject": "Rejected",
    "board.withdraw_request": "Request withdrawn",
    "board.lapse_request": "Request ended with the case",
    "board.instruct_issuance": "Issuance instructed",
    "board.record_issuance": "CERs issued",
}
"""Single votes and recusals are for the Board; rulings, requests for review and reasons are public.
"""


def public_history(project: Project) -> list[dict[str, Any]]:
    """The public acts of Board, secretariat and DOE upon a project's requests, newest first, as the
    component `history` shows them: {at, text, who, detail, url}.
    """
    requests = {r.reference: r for r in project.requests.select_related("ruling")}
    entries = journal.of_project(project.reference).filter(verb__in=PUBLIC)
    return [_event(entry, requests) for entry in entries]


def _event(entry: Entry, requests: dict[str, Request]) -> dict[str, Any]:
    request = requests.get(entry.facts.get("request", ""))
    shown = {
        "at": entry.effective_at,
        "text": f"{PUBLIC[entry.verb]} ({request.reference})" if request else PUBLIC[entry.verb],
        "who": entry.actor_organisation or entry.actor_name,
        "detail": entry.facts.get("reasons") or entry.facts.get("note") or "",
        "url": "",
    }
    if request is None:
        return shown
    if entry.verb == "board.request_review":
        shown |= _review(entry, request)
    elif entry.verb == "board.rule" and hasattr(request, "ruling"):
        shown["detail"] = request.ruling.reasons
        shown["url"] = reverse("document", args=[request.ruling.document_id])
    elif entry.verb == "board.record_issuance":
        shown["detail"] = f"{entry.facts.get('issued_tonnes')} CERs"
    return shown


def _review(entry: Entry, request: Request) -> dict[str, Any]:
    asked = request.review_requests.filter(person_id=entry.actor_person_id or 0).first()
    if asked is None:
        return {}
    grounds = ", ".join(GROUNDS[request.kind][code] for code in asked.grounds)
    return {"who": asked.name, "detail": f"{grounds}. {asked.reasons}"}
