"""The design document as a task list: one page for each section, each saved on its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.drawing import world
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid, Refused
from projects import access
from projects.models import Project
from projects.participant import actions, changes, design, factors, queries, sections, sheets
from projects.participant.forms import AttachmentForm
from projects.participant.sections import BY_KEY
from projects.participant.views import typing


@may((Row.DRAFT, Right.UPDATE))
def design_document(request: HttpRequest, reference: str) -> HttpResponse:
    """The task list of the design document, and what stands in the way of submitting it."""
    case = access.own_project(actor_of(request), reference)
    return render(request, "participant/design.html", _frame(case))


@may((Row.DRAFT, Right.UPDATE))
def section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """One section of the draft: typed, saved, kept although incomplete."""
    actor, at = actor_of(request), clock.now()
    case = access.own_project(actor, reference)
    content = queries.draft(case).content
    if section not in {each.key for each in sections.of(content)}:
        raise Http404
    kept = queries.typed(case, section, actor)
    form = typing.form_of(request, section, content, at, kept)
    if request.method == "POST" and form.is_valid() and edges.attempt(
        form, actions.save_seen, actor=actor, at=at, project_id=case.pk, section=section,
        values=form.values(), seen=typing.seen(request, content, section),
    ) is not None:
        messages.success(request, f"“{BY_KEY[section].label}” is saved.")
        return redirect("participant:section", reference=case.name, section=section)
    context = _frame(case, section) | {"form": form} | _beside(case, section, content)
    context |= typing.beside(request, form, section, content, at, kept)
    return typing.answer(request, f"participant/section_{_template(section)}.html", context)


@may((Row.DRAFT, Right.UPDATE))
def attachments(request: HttpRequest, reference: str) -> HttpResponse:
    """The attachments of the draft: upload one more, or take one out."""
    actor, at = actor_of(request), clock.now()
    case = access.own_project(actor, reference)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachmentForm(*sent, on=at.date())
    if form.is_valid():
        file = form.cleaned_data["file"]
        if edges.attempt(
            form, actions.attach, actor=actor, at=at, project_id=case.pk,
            title=form.cleaned_data["title"], filename=file.name, data=file.read(),
            part=form.cleaned_data["part"], confidential=form.cleaned_data["confidential"],
        ):
            messages.success(request, f"“{file.name}” is attached.")
            return redirect("participant:attachments", reference=case.name)
    context = _frame(case, "attachments") | {"form": form}
    return edges.page(request, "participant/section_attachments.html", context)


@require_POST
@may((Row.DRAFT, Right.UPDATE))
def detach(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take an attachment out of the draft."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    actions.detach(actor=actor, at=clock.now(), project_id=case.pk, document_id=pk)
    messages.success(request, "The file is taken out of the draft.")
    return redirect("participant:attachments", reference=case.name)


@require_POST
@may((Row.DRAFT, Right.UPDATE))
def take_factor(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Fill in a published grid factor; one that does not hold is refused in a line."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    try:
        actions.take_factor(actor=actor, at=clock.now(), project_id=case.pk, number=number)
        messages.success(request, f"Grid factor {number} is filled in, with its source.")
    except Invalid as refusal:
        messages.error(request, refusal.message)
    return redirect("participant:section", reference=case.name, section="parameters")


@require_POST
@may((Row.DRAFT, Right.UPDATE))
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Freeze the draft as a version; what is missing is told section by section."""
    actor = actor_of(request)
    case = access.own_project(actor, reference)
    try:
        version = actions.submit_design(actor=actor, at=clock.now(), project_id=case.pk)
    except Refused as refusal:
        context = _frame(case) | {"refusal": refusal}
        return render(request, "participant/design.html", context, status=refusal.status)
    messages.success(request, f"Version {version.number} is frozen and submitted.")
    return redirect("participant:version", reference=case.name, number=version.number)


@may((Row.DRAFT, Right.UPDATE))
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A frozen version: what it says, what was calculated, its hash and its PDF."""
    case = access.own_project(actor_of(request), reference)
    frozen = queries.version(case, number)
    context = {
        "project": case,
        "version": frozen,
        **changes.shown(frozen, queries.versions(case), request.GET.get("against", "")),
        "years": sheets.years(frozen.calculation),
        "steps": sheets.steps(frozen.calculation["years"][0]["calculation"]),
        "place": _place(frozen.content),
    }
    return render(request, "participant/version.html", context)


def _template(section: str) -> str:
    """Sections whose boxes are laid out by hand; the others share a page."""
    own = {"location", "methodology", "parameters", "reductions"}
    return section if section in own else "plain"


def _frame(case: Project, current: str = "") -> dict[str, Any]:
    """What every page of the design document shows: the task list and whether it is open."""
    draft = queries.draft(case)
    items = queries.tasks(case, draft.content, clock.now())
    return {
        "project": case,
        "draft": draft,
        "host": queries.party(case.party_code),
        "tasks": [{"title": "", "items": [{**each, "current": each["key"] == current}
                                          for each in items]}],
        "items": items,
        "done": queries.done(items),
        "total": len(items),
        "section": BY_KEY.get(current),
        "lacking": next((each["lacking"] for each in items if each["key"] == current), []),
        "locked": queries.why_locked(case),
        "revision": queries.revising(case),
        "latest": queries.latest_version(case),
        "unsaved": [(BY_KEY[each.section].label, each) for each in queries.typed_sections(case)],
        "attachments": queries.attachments(case, draft.content),
    }


def _beside(case: Project, section: str, content: design.Content) -> dict[str, Any]:
    """What a section shows beside its form."""
    if section == "location":
        return {"place": _place(content)}
    if section == "methodology":
        return {"choices": queries.choices_of_methodology(content, clock.today())}
    if section == "parameters":
        days = queries.days_valid(case, clock.now())
        return {
            "plan": design.monitored_parameters(content), "tables": design.tables(content),
            "taken": factors.taken(content), "factors": factors.choices(case, content, days),
        }
    if section == "reductions":
        return sheets.expectation(content)
    return {}


def _place(content: design.Content) -> list[world.Place]:
    place = design.part(content, "location")
    if "latitude" not in place or "longitude" not in place:
        return []
    return world.points([{
        "latitude": place["latitude"], "longitude": place["longitude"],
        "label": place.get("location", ""), "count": 2,
    }])
