"""What is public of the reviews of a project's requests: who asked, the assessments once both are
filed, the decision that they propose, and the ruling; each with its reasons. Single votes are not.
"""

from collections.abc import Iterable
from typing import Any

from cdm_portal import deadlines
from projects.board.grounds import GROUNDS
from projects.board.models import Assessment, Reply, Request, ReviewRequest, Ruling
from projects.board.procedure import State
from projects.board.queries.cases import rulings_for
from projects.models import Project

Said = dict[str, Any]


def public_reviews(project: Project, one: Request | None = None) -> list[Said]:
    """The reviews of a project's requests, newest request first, or the review of one of them;
    empty where nobody asked.
    """
    found = project.requests.filter(review_requests__isnull=False).distinct()
    if one is not None:
        found = found.filter(pk=one.pk)
    found = found.select_related("ruling", "objection", "period").prefetch_related(
        "review_requests", "assessments", "replies__organisation"
    )
    return [_review(request) for request in found.order_by("-pk")]


def _review(request: Request) -> Said:
    assessments = published_assessments(request)
    return {
        "request": request.reference,
        "kind": request.kind,
        "period": request.period.number if request.period else None,
        "state": State(request.state).value,
        "state_name": State(request.state).label,
        "requests_for_review": [_asked(request, each) for each in request.review_requests.all()],
        "scope": request.review_scope,
        "replies_until": request.reply_due_at,
        "replies": [_replied(each) for each in request.replies.all()],
        "assessments": [_assessed(request, each) for each in assessments],
        "proposed_decision": _proposed(request, assessments),
        "ruling": _ruling(request, getattr(request, "ruling", None)),
    }


def published_assessments(request: Request) -> list[Assessment]:
    """Both assessments once both are filed; none before, whoever asks."""
    filed = list(request.assessments.all())
    return filed if len(filed) == len(Assessment.Side) else []


def ruling_name(request: Request, code: str) -> str:
    """A ruling in the words for this kind of request."""
    return rulings_for(request)[code][0]


def _asked(request: Request, asked: ReviewRequest) -> Said:
    words = GROUNDS[request.kind]
    return {
        "by": asked.name, "party": asked.party_code or None, "at": asked.at,
        "grounds": [words.get(code, code) for code in asked.grounds], "reasons": asked.reasons,
    }


def _replied(reply: Reply) -> Said:
    return {
        "by": reply.get_side_display(), "organisation": reply.organisation.name, "at": reply.at,
        "text": reply.text, "document_id": reply.document_id,
    }


def _assessed(request: Request, assessment: Assessment) -> Said:
    return {
        "by": assessment.get_side_display(), "at": assessment.at,
        "recommends": assessment.recommendation,
        "recommendation": ruling_name(request, assessment.recommendation),
        "reasons": assessment.reasons,
    }


def _proposed(request: Request, assessments: Iterable[Assessment]) -> Said | None:
    recommended = {each.recommendation for each in assessments}
    closes_at = request.objection_closes_at
    if closes_at is None or len(recommended) != 1:
        return None
    (outcome,) = recommended
    return {
        "outcome": outcome, "decision": ruling_name(request, outcome), "closes_at": closes_at,
        "last_day": deadlines.last_day(closes_at), "objected": hasattr(request, "objection"),
    }


def _ruling(request: Request, ruling: Ruling | None) -> Said | None:
    if ruling is None:
        return None
    return {
        "number": ruling.number, "outcome": ruling.outcome,
        "decision": ruling_name(request, ruling.outcome), "basis": ruling.basis,
        "basis_name": ruling.get_basis_display(), "reasons": ruling.reasons, "at": ruling.at,
        "document_id": ruling.document_id,
    }
