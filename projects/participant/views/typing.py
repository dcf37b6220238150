"""A section while somebody types: what the script posts, and both texts where two people type."""

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges, formats
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound, Refused
from projects import access
from projects.participant import actions, design, queries
from projects.participant.actions.autosave import Kept
from projects.participant.forms import SECTION_FORMS, DraftForm, both, section_form
from projects.participant.models import TypedSection
from projects.participant.sections import BY_KEY

DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)


@require_POST
@may((Row.DRAFT, Right.UPDATE))
def typed(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Save or keep what stands in the boxes now; the answer is a sentence for the page (JSON)."""
    actor, at = actor_of(request), clock.now()
    case = access.own_project(actor, reference)
    if section not in SECTION_FORMS:
        raise Http404
    content = queries.draft(case).content
    form = section_form(section, content, at.date(), request.POST)
    try:
        kept = actions.keep_typed(
            actor=actor, at=at, project_id=case.pk, section=section,
            typed={box: request.POST.getlist(box) for box in form.fields if box in request.POST},
            seen=seen(request, content, section), values=form.values() if form.is_valid() else {},
            faults=_faults(form),
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _told("unsaved", f"Not saved: {refusal.message}", refusal.status)
    return _answer(kept, form, at)


def _faults(form: DraftForm) -> dict[str, list[str]]:
    """What the form itself finds wrong, by box; the empty box is the section as a whole."""
    return {
        "" if box == "__all__" else box: [str(said) for said in words]
        for box, words in form.errors.items()
    }


def _answer(kept: Kept, form: DraftForm, at: datetime) -> JsonResponse:
    if kept.saved:
        return _told(
            "saved", f"Saved at {formats.clock_time(at)}.", HTTPStatus.OK, kept.seen
        )
    box, words = next(iter(kept.reasons.items()))
    label = f"{form.fields[box].label}: " if box in form.fields else ""
    state, status = (
        ("changed", HTTPStatus.CONFLICT) if kept.changed
        else ("kept", HTTPStatus.UNPROCESSABLE_ENTITY)
    )
    said = f"Not saved. {label}{words[0]} What you typed is kept."
    return _told(state, said, status, kept.seen)


def _told(state: str, message: str, status: int, seen: str = "") -> JsonResponse:
    return JsonResponse({"state": state, "message": message, "seen": seen}, status=status)


@require_POST
@may((Row.DRAFT, Right.UPDATE))
def drop_typed(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Take the saved text of a section instead of one's own."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    if section not in SECTION_FORMS:
        raise Http404
    actions.drop_typed(actor=actor, at=clock.now(), project_id=case.pk, section=section)
    messages.success(request, f"“{BY_KEY[section].label}” is shown as it is saved.")
    return redirect("participant:section", reference=case.name, section=section)


def seen(request: HttpRequest, content: design.Content, section: str) -> str:
    """Which saved text whoever posts has seen: both texts (`over`), else the one first shown."""
    said = request.POST.get("over") or request.POST.get("seen") or ""
    return said if DIGEST.fullmatch(said) else queries.seen(content, section)


def form_of(
    request: HttpRequest, section: str, content: design.Content, at: datetime,
    kept: TypedSection | None,
) -> DraftForm:
    """The form with what is sent now, else with what was typed and kept, else with what is saved.
    """
    if request.method == "POST":
        return section_form(section, content, at.date(), request.POST)
    if kept is None:
        return section_form(section, content, at.date())
    form = section_form(section, content, at.date(), _sent(kept.typed))
    if form.is_valid():
        for box, words in kept.reasons.items():
            for said in words:
                form.add_error(box if box in form.fields else None, said)
    return form


def _sent(typed: Mapping[str, list[str]]) -> QueryDict:
    sent = QueryDict(mutable=True)
    for box, texts in typed.items():
        sent.setlist(box, texts)
    return sent


def beside(
    request: HttpRequest, form: DraftForm, section: str, content: design.Content, at: datetime,
    kept: TypedSection | None,
) -> dict[str, Any]:
    """What the page says about saving: the text it rests on, and both texts if they part."""
    now = queries.seen(content, section)
    if request.method == "POST":
        was = seen(request, content, section)
    else:
        was = kept.seen if kept else now
    theirs = section_form(section, content, at.date())
    rows = both(form, theirs) if form.is_bound and was != now else []
    return {"seen": was if rows else now, "now": now, "both": rows, "kept": kept}


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page: 422 for what was sent and refused, 200 for what was kept and comes back."""
    if request.method == "POST":
        return edges.page(request, template, context)
    return render(request, template, context)
