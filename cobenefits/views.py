"""The participant's page for its co-benefit report, and the public page with all versions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity import access as identity_access
from cdm_portal.identity.access import actor_of, actor_or_none, may
from cdm_portal.permissions import Right, Row
from cobenefits import actions, queries
from cobenefits.forms import ReportForm, WithdrawForm, initial
from projects import access


@may((Row.CO_BENEFIT, Right.CREATE))
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """Report or amend."""
    project = access.own_project(actor_of(request), reference)
    standing = queries.standing(project)
    form = ReportForm(request.POST or None, initial=initial(standing))
    if request.method == "POST" and form.is_valid():
        made = edges.attempt(
            form, actions.report, actor=actor_of(request), at=clock.now(),
            project_id=project.pk, statements=form.statements(),
        )
        if made:
            messages.success(request, f"Version {made.version} of the report is public.")
            return redirect("cobenefits:report", reference=project.name)
    context = {"project": project, "form": form, "standing": standing,
               "withdraw_form": WithdrawForm(auto_id="withdraw_%s")}
    return edges.page(request, "cobenefits/report.html", context)


@require_POST
@may((Row.CO_BENEFIT, Right.WITHDRAW))
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw the standing report."""
    project = access.own_project(identity_access.actor_of(request), reference)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid() and edges.attempt(
        form, actions.withdraw, actor=actor_of(request), at=clock.now(),
        project_id=project.pk, reason=form.cleaned_data["reason"],
    ) is not None:
        messages.success(request, "The report is withdrawn. Its versions stay on record.")
        return redirect("cobenefits:report", reference=project.name)
    standing = queries.standing(project)
    context = {"project": project, "form": ReportForm(initial=initial(standing)),
               "standing": standing, "withdraw_form": form}
    return edges.page(request, "cobenefits/report.html", context)


@may((Row.CO_BENEFIT, Right.SEE))
def public(request: HttpRequest, reference: str) -> HttpResponse:
    """Every version of a project's report, newest first."""
    project = access.project(actor_or_none(request), reference)
    reports = project.cobenefit_reports.prefetch_related("lines").order_by("-version")
    return render(request, "cobenefits/public.html", {"project": project, "reports": reports})
