"""The pages of a national authority, and the participant's page for asking it."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from projects import access
from projects.dna import actions, forms, queries, rubrics
from projects.dna.models import Letter
from projects.models import Project
from projects.participant import stating


@may((Row.LETTER, Right.APPROVE))
def desk_page(request: HttpRequest) -> HttpResponse:
    """The letters that the Party has been asked for."""
    actor = actor_of(request)
    return edges.page(request, "dna/desk.html", {
        **edges.waiting(request, queries.queue(actor, clock.now())),
        "party": queries.party_name(actor.party),
        "page": edges.listed(
            request, queries.letters_of(actor.party), ("-pk",), name="letters_after"
        ),
    })


@may((Row.LETTER, Right.APPROVE))
def criteria(request: HttpRequest) -> HttpResponse:
    """The Party's criteria of sustainable development: read and written by its authority alone."""
    actor = actor_of(request)
    rubric = queries.rubric_of(actor.party)
    text = rubrics.written(rubric.criteria.all()) if rubric else ""
    sent = request.POST if request.method == "POST" else None
    form = forms.CriteriaForm(sent, initial={"criteria": text})
    if form.is_valid():
        made = edges.attempt(
            form, actions.set_criteria, actor=actor, at=clock.now(), **form.cleaned_data
        )
        if made is not None:
            messages.success(request, _("Version %s of the criteria is in force.") % made.version)
            return redirect("dna:criteria")
    context = {"form": form, "rubric": rubric, "party": queries.party_name(actor.party)}
    return edges.page(request, "dna/criteria.html", context)


@may((Row.LETTER, Right.APPROVE))
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: the design document, and the decision."""
    return _letter_page(request, queries.letter_for(actor_of(request), pk))


def _letter_page(request: HttpRequest, found: Letter, **bound: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "letter": found,
        "project": stating.stated(found.project),
        "design": queries.design(found.project),
        "sections": queries.design_sections(found.project),
        "attachments": queries.design_attachments(found.project),
        "participations": found.project.participations.select_related("organisation"),
        "questions": found.questions.all(),
        "party": queries.party_name(found.party_code),
        "issue_form": forms.IssueForm(letter=found),
        "scores": queries.scores_of(found),
        "joining": queries.to_authorise(found),
        "joined": found.additions.select_related("organisation"),
        "reason_form": forms.ReasonForm(),
        "text_form": forms.TextForm(),
    }
    return edges.page(request, "dna/letter.html", context | bound)


def _decide(
    request: HttpRequest, pk: int, name: str, form: django_forms.Form,
    action: Callable[..., object], done: str,
) -> HttpResponse:
    """Do one act upon a letter; a refusal stands beside its field on the same page."""
    actor = actor_of(request)
    found = queries.letter_for(actor, pk)
    if form.is_valid():
        given = form.given() if isinstance(form, forms.IssueForm) else form.cleaned_data
        values = {"actor": actor, "at": clock.now(), "letter_id": pk, **given}
        if edges.attempt(form, action, **values) is not None:
            messages.success(request, done)
            return redirect("dna:letter", pk=pk)
    found.refresh_from_db()
    return _letter_page(request, found, **{name: form})


@may((Row.LETTER, Right.APPROVE))
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the letter of approval."""
    found = queries.letter_for(actor_of(request), pk)
    form = forms.IssueForm(request.POST, letter=found)
    done = _("The letter of approval is issued.")
    return _decide(request, pk, "issue_form", form, actions.issue_letter, done)


@may((Row.LETTER, Right.APPROVE))
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse the letter with a reason."""
    form = forms.ReasonForm(request.POST)
    done = _("The letter is refused; the participant reads your reason.")
    return _decide(request, pk, "reason_form", form, actions.refuse_letter, done)


@may((Row.LETTER, Right.APPROVE))
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an issued letter with a reason."""
    form = forms.ReasonForm(request.POST)
    done = _("The letter is withdrawn, publicly.")
    return _decide(request, pk, "reason_form", form, actions.withdraw_letter, done)


@may((Row.LETTER, Right.APPROVE))
@require_POST
def authorise_added(request: HttpRequest, pk: int, entity: int) -> HttpResponse:
    """Authorise an entity that a change of participants would add."""
    actor = actor_of(request)
    queries.letter_for(actor, pk)
    actions.authorise_added(actor=actor, at=clock.now(), letter_id=pk, organisation_id=entity)
    messages.success(request, _("The entity is authorised under this letter."))
    return redirect("dna:letter", pk=pk)


@may((Row.LETTER, Right.APPROVE))
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the participant something before deciding."""
    form = forms.TextForm(request.POST)
    done = _("Your question is with the participant.")
    return _decide(request, pk, "text_form", form, actions.ask_question, done)


@may((Row.LETTER, Right.REQUEST))
def request_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the Parties for their letters, and follow what becomes of them."""
    actor = actor_of(request)
    project = access.own_project(actor, reference)
    form = forms.AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = edges.attempt(
            form, actions.request_letter, actor=actor, at=clock.now(), project_id=project.pk,
            party_code=form.cleaned_data["party_code"],
        )
        if made is not None:
            messages.success(request, _("The letter of approval is asked for."))
            return redirect("dna:request", reference=reference)
    return _request_page(request, project, form=form)


def _answer_form(pk: int, data: Any = None) -> forms.TextForm:
    """The box for an answer; several Parties may have asked, so each has a name of its own."""
    return forms.TextForm(data, label=_("Your answer"), auto_id=f"id_{pk}_%s")


def _request_page(
    request: HttpRequest, project: Project, *, answering: int = 0,
    answer_form: forms.TextForm | None = None, **bound: Any,
) -> HttpResponse:
    """The page; a refused answer stands at its question, or on top when that one is not open."""
    waiting = queries.open_questions(project)
    context: dict[str, Any] = {
        "project": project,
        "parties": queries.asked_parties(project),
        "asked": [
            (each, queries.party_name(each.letter.party_code),
             answer_form if answer_form and each.pk == answering else _answer_form(each.pk))
            for each in waiting
        ],
        "late_form": answer_form if answering not in {each.pk for each in waiting} else None,
        "answer_form": answer_form,
        "form": forms.AskForm(),
    }
    return edges.page(request, "dna/request.html", context | bound)


@may((Row.LETTER, Right.REQUEST))
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the national authority's question."""
    actor = actor_of(request)
    project = queries.project_of_question(pk)
    access.own_project(actor, project.reference)
    form = _answer_form(pk, request.POST)
    if form.is_valid():
        values = {"actor": actor, "at": clock.now(), "question_id": pk, **form.cleaned_data}
        if edges.attempt(form, actions.answer_question, **values) is not None:
            messages.success(request, _("Your answer is with the national authority."))
            return redirect("dna:request", reference=project.reference)
    return _request_page(request, project, answering=pk, answer_form=form)
