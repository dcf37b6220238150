"""The report one section at a time, saved while somebody types; files that it names as evidence."""

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
from cobenefits import actions, content, criteria, indicators, queries
from cobenefits.check_forms import EvidenceForm
from cobenefits.models import TypedBenefit
from cobenefits.section_form import SectionForm, section_form
from cobenefits.views import shown
from projects import access
from projects.models import Project
from projects.participant.actions.autosave import Kept
from projects.participant.views.typing import DIGEST

WRITES = ((Row.CO_BENEFIT, Right.CREATE), (Row.CO_BENEFIT, Right.AMEND))


@may(*WRITES)
def section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """One criterion with its indicators, or an extra section: typed, saved, kept incomplete."""
    actor, at = actor_of(request), clock.now()
    project = _own(request, reference, section)
    kept = queries.typed(project, section, actor)
    form = _form(request, project, section, kept)
    if request.method == "POST" and form.is_valid() and edges.attempt(
        form, actions.save_section, actor=actor, at=at, project_id=project.pk, section=section,
        statement=form.statement(), told=form.told(), seen=_seen(request, project, section),
    ) is not None:
        messages.success(request, f"“{indicators.label(section)}” is saved.")
        return redirect("cobenefits:section", reference=project.name, section=section)
    context = shown.frame(request, project, section) | _beside(request, project, section, kept)
    context |= {"form": form, "kept": kept}
    if request.method == "POST":
        return edges.page(request, "cobenefits/section.html", context)
    return render(request, "cobenefits/section.html", context)


@require_POST
@may(*WRITES)
def typed(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Save or keep what stands in the boxes now; the answer is a sentence for the page (JSON)."""
    project = _own(request, reference, section)
    form = _form(request, project, section, None)
    valid = form.is_valid()
    try:
        kept = actions.keep_typed(
            actor=actor_of(request), at=clock.now(), project_id=project.pk, section=section,
            typed={box: request.POST.getlist(box) for box in form.fields if box in request.POST},
            seen=_seen(request, project, section),
            statement=form.statement() if valid else None, told=form.told() if valid else {},
            faults={box: [str(each) for each in said] for box, said in form.errors.items()},
        )
    except NotFound:
        raise
    except Refused as refusal:
        return _told("unsaved", f"Not saved: {refusal.message}", refusal.status)
    return _answer(kept, form)


@require_POST
@may(*WRITES)
def drop_typed(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Take the saved text of a section instead of one's own."""
    project = _own(request, reference, section)
    actions.drop_typed(
        actor=actor_of(request), at=clock.now(), project_id=project.pk, section=section
    )
    messages.success(request, f"“{indicators.label(section)}” is shown as it is saved.")
    return redirect("cobenefits:section", reference=project.name, section=section)


@may(*WRITES)
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """The files that indicators may name; one more is filed."""
    actor, at = actor_of(request), clock.now()
    project = access.own_project(actor, reference)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EvidenceForm(*sent, on=at.date())
    if form.is_valid():
        file = form.cleaned_data["file"]
        if edges.attempt(
            form, actions.add_evidence, actor=actor, at=at, project_id=project.pk,
            title=form.cleaned_data["title"], filename=file.name, data=file.read(),
        ):
            messages.success(request, f"“{file.name}” is filed; name it where it is evidence.")
            return redirect("cobenefits:evidence", reference=project.name)
    return edges.page(request, "cobenefits/evidence.html", shown.frame(request, project) | {
        "form": form, "documents": queries.evidence(project),
    })


def _own(request: HttpRequest, reference: str, section: str) -> Project:
    project = access.own_project(actor_of(request), reference)
    if section not in indicators.SECTIONS:
        raise Http404
    return project


def _form(
    request: HttpRequest, project: Project, section: str, kept: TypedBenefit | None
) -> SectionForm:
    """The form with what is sent, else with what was typed and kept, else with what is saved."""
    sent: Any = request.POST if request.method == "POST" else None
    if sent is None and kept is not None:
        sent = QueryDict(mutable=True)
        for box, texts in kept.typed.items():
            sent.setlist(box, texts)
    return section_form(project, section, clock.now(), sent)


def _now(project: Project, section: str) -> str:
    return content.seen(content.of(queries.starting(project), section))


def _seen(request: HttpRequest, project: Project, section: str) -> str:
    """Which saved text whoever posts had before them."""
    said = request.POST.get("over") or request.POST.get("seen") or ""
    return said if DIGEST.fullmatch(said) else _now(project, section)


def _beside(
    request: HttpRequest, project: Project, section: str, kept: TypedBenefit | None
) -> dict[str, Any]:
    """What the page says about saving, and what is saved where it is not what was seen."""
    now = _now(project, section)
    was = _seen(request, project, section) if request.method == "POST" else (
        kept.seen if kept else now
    )
    saved = content.of(queries.starting(project), section) if was != now else {}
    return {
        "section": section, "label": indicators.label(section), "seen": was, "now": now,
        "saved": saved, "changed": was != now, "extra": indicators.is_extra(section),
        "criterion": criteria.BY_KEY.get(section),
        "about": next((e.text for e in indicators.EXTRAS if e.key == section), ""),
    }


def _answer(kept: Kept, form: SectionForm) -> JsonResponse:
    if kept.saved:
        at = formats.clock_time(clock.now())
        return _told("saved", f"Saved at {at}.", HTTPStatus.OK, kept.seen)
    box, words = next(iter(kept.reasons.items()))
    label = f"{form.fields[box].label}: " if box in form.fields else ""
    state, status = (
        ("changed", HTTPStatus.CONFLICT) if kept.changed
        else ("kept", HTTPStatus.UNPROCESSABLE_ENTITY)
    )
    return _told(state, f"Not saved. {label}{words[0]} What you typed is kept.", status, kept.seen)


def _told(state: str, message: str, status: int, seen: str = "") -> JsonResponse:
    return JsonResponse({"state": state, "message": message, "seen": seen}, status=status)
