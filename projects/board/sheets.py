"""What the page of a request shows: facts of the case arranged for the components."""

from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import deadlines, formats, parameters
from cdm_portal.drawing import tracks
from cdm_portal.values import Actor, Role
from projects import access, lifecycle
from projects.board import bills, deliberation, inspection, queries
from projects.board.grounds import GROUNDS
from projects.board.models import Request
from projects.board.procedure import ENDED, State
from projects.dna import queries as dna
from projects.lifecycle import Stage
from projects.models import Document

Sheet = dict[str, Any]


def why_no_part(
    request: Request, actor: Actor, at: datetime, own: queries.OwnPart
) -> str:
    """Why a member or a DNA is not offered the form for a review; empty if it is not theirs."""
    if actor.role not in (Role.BOARD, Role.DNA):
        return ""
    if own.recused:
        return _("You have declared a conflict in this case and take no part in it.")
    if own.sides:
        return _("You have a part in this case for another organisation.")
    if request.state == State.PUBLISHED and request.window_closes_at:
        return _why_not_asked(own, over=at >= request.window_closes_at)
    if request.state in (State.PROPOSED, State.ASSESSED):
        return _why_no_vote(request, own)
    if request.published_at is None:
        return _("A review can be asked for once the request is published.")
    return _("The review window is over: %(state)s.") % {
        "state": request.get_state_display().lower()
    }


def _why_not_asked(own: queries.OwnPart, *, over: bool) -> str:
    if over:
        return _("The window closed at 24:00 UTC of its last day.")
    if own.silent:
        return _("Somebody else speaks for your seat in this case.")
    return _("You have asked for a review.") if own.asked else ""


def _why_no_vote(request: Request, own: queries.OwnPart) -> str:
    if own.silent:
        return _("Somebody else speaks for your seat in this case.")
    if request.state == State.ASSESSED and own.voted:
        return _("Your seat has voted.")
    return ""


def page(request: Request, actor: Actor, at: datetime, own: queries.OwnPart) -> Sheet:
    """Everything that the page of a request shows to an actor with this part in it."""
    stage = stage_of(request)
    prefetch_related_objects([request], "review_requests")
    return {
        "request_": request,
        "project": request.project,
        "period": request.period,
        "revision": request.revision,
        "stage_number": lifecycle.EIGHT.index(stage) + 1,
        "stage_label": stage.label,
        "party": dna.party_name(request.project.party_code),
        "ball": ball(request, at),
        "checks": inspection.checks(request, actor),
        "figures": inspection.figures(request),
        "window": window(request, at),
        "documents": documents(request, actor),
        "votes": votes(request, actor, at),
        "replies": deliberation.replies(request),
        "assessments": deliberation.assessments(request, actor),
        "proposal": deliberation.proposal(request),
        "objection": deliberation.objection(request, actor),
        "parties": parties(request),
        "members": members(request, actor, at),
        "asked": asked(request),
        "bill": bills.panel(queries.invoice_of(request, actor)),
        "instructions": request.instructions.select_related("line", "issuance"),
        "ruling": getattr(request, "ruling", None),
        "adaptation_percent": formats.figure(
            100 * parameters.value("adaptation_share", at.date())
        ),
        "why_no_part": why_no_part(request, actor, at, own),
    }


def stage_of(request: Request) -> Stage:
    """The stage in which a request is made; of what is revised, the monitoring of the project."""
    stages = {
        Request.Kind.REGISTRATION: Stage.REGISTRATION, Request.Kind.ISSUANCE: Stage.ISSUANCE,
    }
    return stages.get(Request.Kind(request.kind), Stage.MONITORING)


def holder(request: Request, at: datetime) -> str:
    """For whom or what the request waits; once it is over, how it ended."""
    if request.state == State.APPROVED and request.is_issuance:
        return _issuance_holder(request)
    return {
        State.FEE_DUE: _("The fee"),
        State.COMPLETENESS: _("The secretariat"),
        State.INFORMATION: _("The secretariat"),
        State.INCOMPLETE: _("The DOE"),
        State.PUBLISHED: _("The review window"),
        State.REVIEW_REQUESTED: _("The secretariat"),
        State.UNDER_REVIEW: _("Two assessments") if queries.may_be_assessed(request, at)
        else _("Replies of participant and DOE"),
        State.ASSESSED: _("The Board"),
        State.PROPOSED: _("The time for objections"),
        State.CORRECTIONS: _("The DOE"),
        State.CORRECTED: _("The secretariat"),
    }.get(State(request.state), request.get_state_display())


def ball(request: Request, at: datetime) -> list[Sheet]:
    """In whose court the request is, and until when."""
    waits = holder(request, at)
    over = request.state in ENDED and waits == request.get_state_display()
    term = _("Outcome") if over else _("Waiting for")
    items: list[Sheet] = [{"term": term, "value": waits, "hot": not over}]
    if request.state == State.PUBLISHED and request.window_closes_at:
        last = formats.day(deadlines.last_day(request.window_closes_at))
        count = f"{queries.members_asking(request)} of {queries.members_needed(at)} members"
        items.append({"term": _("Requests for review"), "value": count})
        items.append({"term": _("Window closes"), "value": f"{last}, 24:00 UTC"})
    elif found := due(request, at):
        term, closes = found
        last = formats.day(deadlines.last_day(closes))
        items.append({"term": term, "value": f"{last}, 24:00 UTC"})
    return items


def due(request: Request, at: datetime) -> tuple[str, datetime] | None:
    """What ends when, outside the review window: the first moment that is too late."""
    if request.state == State.ASSESSED and (closes := queries.decided_until(request)):
        return _("Decided at the latest on"), closes
    if request.state == State.FEE_DUE:
        return _fee_due(request, at)
    if request.state == State.UNDER_REVIEW and not queries.may_be_assessed(request, at):
        assert request.reply_due_at is not None  # else it may be assessed
        return _("Replies until"), request.reply_due_at
    if request.state == State.UNDER_REVIEW and request.assessment_due_at:
        return _("Assessments due"), request.assessment_due_at
    if request.state == State.PROPOSED and request.objection_closes_at:
        return _("Objections until"), request.objection_closes_at
    return (_("Check ends"), request.check_due_at) if request.check_due_at else None


def _fee_due(request: Request, at: datetime) -> tuple[str, datetime] | None:
    """Proof of payment while it can still be given, then the money; None without a last day."""
    invoice = getattr(request, "invoice", None)
    if invoice is None or invoice.proof_due_at is None or invoice.money_due_at is None:
        return None
    if invoice.proof_at is None and at < invoice.proof_due_at:
        return _("Proof of payment until"), invoice.proof_due_at
    term = _("Fee overdue since") if invoice.is_overdue(at) else _("Fee until")
    return term, invoice.money_due_at


def _issuance_holder(request: Request) -> str:
    instructions = list(request.instructions.select_related("line"))
    if not instructions:
        return _("The Board's instruction")
    if all(i.issuance_id for i in instructions):
        return _("Nobody: the CERs are issued")
    open_ = [i for i in instructions if i.issuance_id is None]
    if not all(queries.is_paid_for(i) for i in open_):
        return _("The payment of what is due")
    if all(i.line.released_at for i in open_):
        return _("The registry's job")
    return _("A second person's release")


def kind_tabs(current: str) -> list[Sheet]:
    """The tabs over the list of requests."""
    tabs = [("", _("All")), *((kind.value, _(kind.label)) for kind in Request.Kind)]
    return [
        {"label": label, "url": f"?kind={kind}" if kind else "?", "current": kind == current}
        for kind, label in tabs
    ]


# The window


def window(request: Request, at: datetime) -> Sheet | None:
    """The days of the review window, for the component `review_window`; None before it opens."""
    opened, closes = request.published_at, request.window_closes_at
    if opened is None or closes is None:
        return None
    total = deadlines.day_number(opened, closes) - 1
    day = deadlines.day_number(opened, at)
    flagged = {deadlines.day_number(opened, asked.at) for asked in request.review_requests.all()}
    open_ = request.state == State.PUBLISHED and at < closes
    return {
        "total": total,
        "days": tracks.window_days(total, min(day, total + 1), flagged),
        "left": max(0, total - day) if open_ else 0,
        "opened": opened,
        "closes": closes,
        "as_of": at,
        "marks": [
            *_asked_marks(request, opened), *_today_mark(at, open_=open_), _end_mark(request)
        ],
        "tag": "" if open_ else request.get_state_display(),
        "rule": _("A review starts if a Party involved asks for it, or %(n)s members of the Board. "
                  "Until then nobody needs to act. Days and numbers are unverified.")
        % {"n": queries.members_needed(at)},
        "rule_url": reverse("parameters"),
    }


def _asked_marks(request: Request, opened: datetime) -> list[Sheet]:
    return [
        {
            "icon": "flag",
            "text": _("Day %(day)s: request for review by %(name)s") % {
                "day": deadlines.day_number(opened, asked.at), "name": asked.name,
            },
        }
        for asked in request.review_requests.all()
    ]


def _today_mark(at: datetime, *, open_: bool) -> list[Sheet]:
    return [{"icon": "clock", "text": _("Today, %s") % formats.day(at)}] if open_ else []


def _end_mark(request: Request) -> Sheet:
    """What happens, or happened, at the end of the window by itself."""
    if request.state == State.PUBLISHED:
        if request.is_issuance:
            return {"icon": "arrow-right", "text": _("At the end: issuance granted by itself")}
        if not request.is_registration:
            return {"icon": "arrow-right", "text": _("At the end: approved by itself")}
        effective = inspection.day(request.complete_at)
        words = _("At the end: registered automatically, effective %s") % effective
        return {"icon": "arrow-right", "text": words}
    if request.state in ENDED:
        words = f"{request.get_state_display()}, {inspection.day(request.decided_at)}"
        return {"icon": "check" if request.state == State.APPROVED else "x", "text": words}
    return {"icon": "gavel", "text": request.get_state_display()}


# Papers, votes, people


def documents(request: Request, actor: Actor | None) -> list[Sheet]:
    """The papers of the case that the actor may read, newest version first."""
    kinds = {
        Document.Kind.ATTACHMENT: _("Participants"), Document.Kind.DESIGN: _("Participants"),
        Document.Kind.LETTER: _("National authority"), Document.Kind.VALIDATION: _("DOE"),
        Document.Kind.MONITORING: _("Participants"), Document.Kind.VERIFICATION: _("DOE"),
        Document.Kind.NOTE: _("Secretariat"), Document.Kind.REPLY: _("Reply to the review"),
        Document.Kind.RULING: _("Executive Board"),
    }
    found = access.documents(actor).filter(project=request.project, kind__in=kinds)
    own = found.filter(period=request.period) if request.period else found.filter(period=None)
    return [
        {
            "name": paper.title, "url": reverse("document", args=[paper.pk]),
            "from": kinds[Document.Kind(paper.kind)], "dated": paper.filed_at,
            "fingerprint": paper.blob_id, "size": paper.blob.size_bytes,
            "note": paper.note,
        }
        for paper in own.order_by("-id")
    ]


def votes(request: Request, actor: Actor, at: datetime) -> Sheet:
    """The rulings with what follows and the votes: while the Board votes for itself and auditors,
    afterwards for the secretariat too.
    """
    locked = deliberation.vote_locked(request)
    counts = queries.votes_by_ruling(request)
    ruling = getattr(request, "ruling", None)
    readers = {Role.BOARD, Role.AUDITOR} | ({Role.SECRETARIAT} if ruling else set())
    shown = not locked and actor.role in readers
    return {
        "rulings": [
            {
                "name": name, "follows": follows, "votes": counts[key] if shown else None,
                "carried": ruling is not None and ruling.outcome == key,
            }
            for key, (name, follows) in queries.rulings_for(request).items()
        ],
        "arithmetic": arithmetic(request, at),
        "locked": locked,
        "own": request.votes.filter(person_id=actor.person).first(),
        "single": list(request.votes.all()) if shown and actor.role == Role.BOARD else [],
    }


def arithmetic(request: Request, at: datetime) -> str:
    """The rule of the vote, counted out for this case."""
    board = queries.bench(request, at)
    count, seats = queries.tally(request, at, board), len(board.seats)
    silent = max(0, seats - count.eligible)
    words = _("The Board decides by consensus, else by %(majority)s of the members present and "
              "voting (unverified). Of %(all)s seats %(silent)s without a voice: with all "
              "%(eligible)s voting, %(needed)s votes carry.")
    return words % {
        "majority": queries.majority(at), "all": seats, "eligible": count.eligible,
        "needed": queries.needed_if_all_vote(count, at),
        "silent": _("none is") if not silent else _("%s is") % silent if silent == 1
        else _("%s are") % silent,
    }


def parties(request: Request) -> list[Sheet]:
    """The Parties involved, for the component `seats`."""
    asked_by = {asked.party_code for asked in request.review_requests.all()}
    host = request.project.party_code
    return [
        {
            "name": dna.party_name(code),
            "group": _("Host Party, through its DNA") if code == host else _("Through its DNA"),
            "state": _("Requested") if code in asked_by else _("No request"),
            "kind": "warn" if code in asked_by else "",
            "own": False,
        }
        for code in dna.parties_involved(request.project)
    ]


def members(request: Request, actor: Actor, at: datetime) -> Sheet:
    """The Board's seats: those with something to show first, the others folded."""
    rows = deliberation.seats(request, actor, at)
    shown = [row for row in rows if row["mine"] or row["kind"]]
    return {
        "shown": shown, "others": [row for row in rows if row not in shown],
        "needed": queries.members_needed(at), "asked": queries.members_asking(request),
    }


def asked(request: Request) -> list[Sheet]:
    """The requests for review, word for word."""
    words = GROUNDS[request.kind]
    return [
        {
            "name": each.name, "party": each.party_code, "at": each.at, "reasons": each.reasons,
            "grounds": ", ".join(words.get(code, code) for code in each.grounds),
        }
        for each in request.review_requests.all()
    ]
