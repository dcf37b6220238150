"""What anybody can see and do: comment on a design document, read the register of DOEs."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import may, why_not
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import NotFound
from projects import queries as landing
from projects.doe import actions, forms, queries
from projects.doe.models import Validation
from projects.participant import queries as designs


@may((Row.PUBLISHED, Right.SEE), post=[(Row.COMMENT, Right.CREATE)])
def comments(request: HttpRequest, reference: str) -> HttpResponse:
    """The public comments on a design document, and the form while the window is open."""
    case, at = _published(reference), clock.now()
    closed = queries.why_no_comment(case, at)
    barred = why_not(request, (Row.COMMENT, Right.CREATE))
    form = forms.CommentForm(request.POST if request.method == "POST" and not closed else None)
    if form.is_valid() and edges.attempt(
        form, actions.comment, at=at, project_id=case.project_id, **form.cleaned_data
    ) is not None:
        messages.success(request, _("Your comment is published. Thank you."))
        return redirect("doe-public:comments", reference=reference)
    context = {
        "project": case.project, "case": case, "form": form,
        "comments": queries.comments_of(case.project),
        "closed": closed, "barred": closed or barred, "last_day": queries.last_day(case), "at": at,
        "validations": queries.validations_of(case.project),
        "versions": designs.versions(case.project, public=True),
        "papers": queries.design_papers(case.project).filter(public=True).select_related("blob"),
    }
    if closed and request.method == "POST":
        return render(request, "doe/comments.html", context, status=HTTPStatus.CONFLICT)
    return edges.page(request, "doe/comments.html", context)


def _published(reference: str) -> Validation:
    """The validation whose design document is public. Raises NotFound."""
    case = queries.validations_of(landing.by_name(reference)).last()
    if case is None:
        raise NotFound("There is no published design document.")
    return case


@may((Row.ACCREDITATION, Right.SEE))
def entity(request: HttpRequest, pk: int) -> HttpResponse:
    """One DOE: what it may do, its terms, and every decision about it with its reasons."""
    at = clock.now()
    entry = queries.entity(pk, at.date())
    return edges.page(request, "doe/entity.html", {
        "entry": entry, "at": at,
        "rows": queries.accreditations().filter(organisation=entry.organisation),
        "decided": queries.proceedings(None).filter(organisation=entry.organisation),
        "history": queries.history(entry.organisation),
        "debts": queries.debts_of(entry.organisation.pk),
    })


@may((Row.ACCREDITATION, Right.SEE))
def directory(request: HttpRequest) -> HttpResponse:
    """The DOEs and what each is accredited for today."""
    at = clock.now()
    page = edges.listed(request, queries.registered(), ("name", "pk"))
    context = {"page": page, "listed": queries.directory(at.date(), page), "at": at}
    return edges.page(request, "doe/directory.html", context)
