"""The stop of the whole registry, the authorisations it knows, and the list of its checks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from registry import access, actions, checks
from registry.forms import AuthorisationForm, ReasonForm
from registry.governance import queries as governance
from registry.governance.models import Authorisation, Measure
from registry.models import Transaction


def checks_page(request: HttpRequest) -> HttpResponse:
    """Every check of the registry with its code, for everybody."""
    context = {"groups": checks.grouped(), "count": len(checks.ALL)}
    return render(request, "registry/checks.html", context)


@may((Row.ACCOUNT, Right.EXECUTE))
def stop(request: HttpRequest) -> HttpResponse:
    """Stop every move, alone and at once; or propose to let the registry move again."""
    actor, stopped = actor_of(request), governance.stopped()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": actor, "at": clock.now(), "reason": form.cleaned_data["reason"]}
        made: Measure | Transaction | None
        if stopped:
            made = edges.attempt(form, actions.propose_measure, verb="resume", **given)
            said, target = _("Proposed. A second person lets it move again."), "registry:desk"
        else:
            made = edges.attempt(form, actions.stop, **given)
            said, target = _("The registry is stopped. Nothing moves."), "registry:stop"
        if made is not None:
            messages.success(request, said)
            return redirect(target)
    waits = Measure.objects.filter(verb="resume", state=Measure.State.PROPOSED).first()
    context = {"form": form, "stopped": stopped, "waits": waits}
    return edges.page(request, "registry/stop.html", context)


@may((Row.INSTRUCTION, Right.PREPARE), (Row.ISSUANCE, Right.EXECUTE))
def authorisations(request: HttpRequest) -> HttpResponse:
    """The letters that the registry knows of, and a form to note another one."""
    actor = actor_of(request)
    form = AuthorisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = edges.attempt(
            form, actions.authorise, actor=actor, at=clock.now(), **form.asked()
        )
        if made is not None:
            messages.success(request, _("Noted: project %s.") % made.project_number)
            return redirect("registry:authorisations")
    shown = edges.listed(request, governance.authorisations(), ("-pk",))
    context = {"form": form, "page": shown, "rows": governance.named(shown.rows),
               "executes": actor.role in access.EXECUTES}  # fmt: skip
    return edges.page(request, "registry/authorisations.html", context)


@may((Row.ISSUANCE, Right.EXECUTE))
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End an authorisation, with a reason."""
    shown = get_object_or_404(Authorisation, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = edges.attempt(
            form, actions.revoke, actor=actor_of(request), at=clock.now(), authorisation_id=pk,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("Ended. Nothing of the project goes there any more."))
            return redirect("registry:authorisations")
    return edges.page(request, "registry/revoke.html", {"form": form, "authorisation": shown})
