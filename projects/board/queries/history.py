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
    "board.conclude_completeness": "Completeness check passed",
    "board.return_incomplete": "Returned as incomplete",
    "board.return_unpaid": "Returned: the fee was not paid in time",
    "board.resubmit": "Submitted again",
    "board.publish": "Request published; the review window opened",
    "board.request_review": "Review requested",
    "board.open_review": "Review opened",
    "board.reply": "Reply to the review",
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
"""Single votes and recusals are for the Board, fees for those who pay (domain, 4); rulings,
requests for review, replies and reasons are public.
"""


SAID = ("reasons", "note", "scope")
"""Which facts of an act are its words."""


def public_history(project: Project) -> list[dict[str, Any]]:
    """The public acts of Board, secretariat and DOE upon a project's requests, newest first, as the
    component `history` shows them, and in which order they were booked: {at, text, who, detail,
    url, request, order}.
    """
    found = project.requests.select_related("ruling").prefetch_related(
        "review_requests", "replies"
    )
    requests = {request.reference: request for request in found}
    entries = journal.of_project(project.reference).filter(verb__in=PUBLIC)
    return [_event(entry, requests) for entry in entries.order_by("-effective_at", "-id")]


def _event(entry: Entry, requests: dict[str, Request]) -> dict[str, Any]:
    request = requests.get(entry.facts.get("request", ""))
    shown = {
        "at": entry.effective_at,
        "text": f"{PUBLIC[entry.verb]} ({request.reference})" if request else PUBLIC[entry.verb],
        "who": entry.actor_organisation or entry.actor_name,
        "detail": next((entry.facts[key] for key in SAID if entry.facts.get(key)), ""),
        "url": "", "request": request.reference if request else "", "order": entry.pk,
    }
    if request is None:
        return shown
    if entry.verb == "board.request_review":
        shown |= _review(entry, request)
    elif entry.verb == "board.reply":
        shown |= _reply(entry, request)
    elif entry.verb == "board.rule" and hasattr(request, "ruling"):
        shown["detail"] = request.ruling.reasons
        shown["url"] = reverse("document", args=[request.ruling.document_id])
    elif entry.verb == "board.record_issuance":
        shown["detail"] = f"{entry.facts.get('issued_tonnes')} CERs"
    return shown


def _review(entry: Entry, request: Request) -> dict[str, Any]:
    asked = next(
        (a for a in request.review_requests.all() if a.person_id == entry.actor_person_id), None
    )
    if asked is None:
        return {}
    grounds = ", ".join(GROUNDS[request.kind][code] for code in asked.grounds)
    return {"who": asked.name, "detail": f"{grounds}. {asked.reasons}"}


def _reply(entry: Entry, request: Request) -> dict[str, Any]:
    made = next((r for r in request.replies.all() if r.side == entry.facts.get("side")), None)
    if made is None:
        return {}
    url = reverse("document", args=[made.document_id]) if made.document_id else ""
    return {"detail": made.text, "url": url}
