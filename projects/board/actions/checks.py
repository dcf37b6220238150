"""The secretariat's two checks: item by item, then passed or returned with public reasons."""

from datetime import datetime

from django.db import transaction

from cdm_portal import deadlines, papers, parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from projects import lifecycle
from projects.actions import file_document
from projects.board import checklist, queries, standing
from projects.board.checklist import Part
from projects.board.errors import NotChecked
from projects.board.models import Check, Request
from projects.board.record import record
from projects.lifecycle import NotNow
from projects.models import Document


def check_item(
    *, actor: Actor, at: datetime, request_id: int, code: str, met: bool, reason: str = ""
) -> Check:
    """Note whether an item of the running check is met; if not, why, which becomes public.

    Raises NotFound, Forbidden, NotNow outside this item's check, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        standing.secretariat_only(actor)
        item = checklist.item(request.kind, code)
        if item is None:
            raise Invalid.of("code", "There is no such item.")
        if queries.running_part(request) != item.part:
            raise NotNow(f"“{item.label}” belongs to the {item.part} check, which is not running.")
        said = reason.strip() if met else standing.words("reason", reason)
        check = Check.objects.get(request=request, version=request.version, code=code)
        check.met, check.reason = met, said
        check.checked_by, check.checked_at = actor.name, at
        check.save(update_fields=["met", "reason", "checked_by", "checked_at"])
        record("board.check_item", request, actor, at, code=code, met=met)
    return check


def conclude_completeness(*, actor: Actor, at: datetime, request_id: int) -> Request:
    """Pass the completeness check; the information and reporting check begins.

    Raises NotFound, NotNow, Forbidden, NotChecked while an item is open or not met.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "pass_completeness", actor)
        _all_met(request, Part.COMPLETENESS)
        request.pass_completeness()
        days = parameters.number("information_days", at.date())
        request.check_due_at = deadlines.due_at(at, days)
        request.save(update_fields=["state", "check_due_at"])
        record("board.conclude_completeness", request, actor, at)
    return request


def conclude_information(*, actor: Actor, at: datetime, request_id: int, note: str) -> Request:
    """Pass the second check and publish the request with a summary note: the window opens.

    Raises NotFound, NotNow, Forbidden, NotChecked, Invalid.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "publish", actor)
        _all_met(request, Part.INFORMATION)
        request.note = standing.words("note", note)
        request.published_at, request.check_due_at = at, None
        days = parameters.number(f"{request.kind}_review_days", at.date())
        request.window_closes_at = deadlines.due_at(at, days)
        request.publish()
        request.save()
        _file_note(request, actor, at)
        record(
            "board.publish", request, actor, at,
            closes_on=deadlines.last_day(request.window_closes_at).isoformat(),
        )
    return request


def return_incomplete(*, actor: Actor, at: datetime, request_id: int) -> Request:
    """Return the request to the DOE with the reasons of every item that is not met, publicly.

    Raises NotFound, NotNow, Forbidden, NotChecked when nothing is found wanting.
    """
    with transaction.atomic():
        request = standing.hold(request_id, actor)
        lifecycle.ask(request, "return_incomplete", actor)
        unmet = [line for line in queries.checked(request) if line.met is False]
        if not unmet:
            raise NotChecked("No item is marked as not met, so there is no reason to return it.")
        request.incomplete_reasons = "\n".join(f"{c.label}: {c.reason}" for c in unmet)
        request.return_incomplete()
        request.check_due_at = request.complete_at = None
        request.save()
        record(
            "board.return_incomplete", request, actor, at, reasons=request.incomplete_reasons
        )
    return request


def _all_met(request: Request, part: Part) -> None:
    lines = [line for line in queries.checked(request) if line.part == part]
    open_ = [line.label for line in lines if line.met is None]
    unmet = [line.label for line in lines if line.met is False]
    if open_:
        raise NotChecked(f"Not looked at yet: {'; '.join(open_)}.")
    if unmet:
        raise NotChecked(f"Not met: {'; '.join(unmet)}. The request goes back to the DOE.")


def _file_note(request: Request, actor: Actor, at: datetime) -> None:
    sheet = {
        "title": "Secretariat's summary note", "number": request.reference,
        "rules": request.project.get_rules_display(), "date": [at.year, at.month, at.day],
        "fictional": request.project.fictional,
        "rows": queries.paper_rows(request),
        "sections": [{"heading": "Note", "text": request.note}],
        "foot": "Items and day counts of the checks are unverified.",
    }
    file_document(
        actor=actor, at=at, project=request.project, period=request.period,
        kind=Document.Kind.NOTE, title=f"Secretariat's summary note, {request.reference}",
        filename=f"{request.reference}-note.pdf", media_type="application/pdf",
        data=papers.render("ruling.typ", sheet), version=request.version, public=True,
    )
