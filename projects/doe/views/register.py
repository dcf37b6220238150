"""The secretariat keeps the register of accreditations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.values import Role
from projects.doe import actions, forms, queries

CHANGES = {
    "suspend": actions.suspend_accreditation,
    "reinstate": actions.reinstate_accreditation,
    "withdraw": actions.withdraw_accreditation,
}


@desk(Role.SECRETARIAT)
def accreditations(request: HttpRequest) -> HttpResponse:
    """Every accreditation, and the form for a new one."""
    at = clock.now()
    form = forms.AccreditForm(request.POST or None, on=at.date())
    if form.is_valid():
        given = form.cleaned_data
        made = edges.attempt(
            form, actions.accredit, actor=actor_of(request), at=at,
            organisation_id=given["organisation"].pk, scopes=given["scopes"],
            functions=given["functions"], valid_from=given["valid_from"],
            valid_to=given["valid_to"],
        )
        if made is not None:
            messages.success(request, _("The accreditation is entered."))
            return redirect("doe:accreditations")
    return _page(request, form=form, reason_form=forms.ReasonForm())


@desk(Role.SECRETARIAT)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend, reinstate or withdraw one accreditation, with a reason."""
    form = forms.ReasonForm(request.POST)
    action = CHANGES.get(request.POST.get("change", ""))
    if form.is_valid() and action is not None and edges.attempt(
        form, action, actor=actor_of(request), at=clock.now(), accreditation_id=pk,
        reason=form.cleaned_data["reason"],
    ) is not None:
        messages.success(request, _("The accreditation is changed."))
        return redirect("doe:accreditations")
    blank = forms.AccreditForm(on=clock.today())
    return _page(request, form=blank, reason_form=form, wanted=pk)


def _page(
    request: HttpRequest, *, form: forms.AccreditForm, reason_form: forms.ReasonForm,
    wanted: int = 0,
) -> HttpResponse:
    return edges.page(request, "doe/accreditations.html", {
        "form": form, "reason_form": reason_form, "wanted": wanted,
        "accreditations": queries.accreditations(),
    })
