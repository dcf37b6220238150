"""The pages on which two persons change a rule parameter."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cdm_portal import clock, edges
from cdm_portal import parameters as rules
from cdm_portal.identity.access import actor_of, may
from cdm_portal.models import RuleChange
from cdm_portal.pages.parameters import written
from cdm_portal.permissions import Right, Row
from cdm_portal.rulebook import actions, forms, queries
from cdm_portal.values import Actor, Role


@may(
    (Row.PARAMETERS, Right.READ_ALL), (Row.PARAMETERS, Right.UPDATE),
    (Row.PARAMETERS, Right.APPROVE),
)
def changes(request: HttpRequest) -> HttpResponse:
    """Every change, and the parameters of which one could be proposed."""
    actor = actor_of(request)
    today = clock.now().date()
    page = Paginator(queries.changes(), 50).get_page(request.GET.get("page"))
    amendable = [row for row in rules.TABLE if row.name in rules.AMENDABLE]
    now = rules.together([row.name for row in amendable], today)
    return edges.page(request, "rulebook/changes.html", {
        "page": page, "rows": [(each, queries.base(each.name)) for each in page],
        "may_propose": actor.role == Role.SECRETARIAT,
        "amendable": [(row, written(now[row.name].value)) for row in amendable],
    })


@may((Row.PARAMETERS, Right.UPDATE))
def propose(request: HttpRequest, name: str) -> HttpResponse:
    """Propose another value of a parameter."""
    actor, at = actor_of(request), clock.now()
    row = queries.base(name)
    form = forms.ChangeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = edges.attempt(
            form, actions.propose_change, actor=actor, at=at, name=name, **form.cleaned_data
        )
        if made is not None:
            messages.success(request, _("The change is proposed; another person approves it."))
            return redirect("rule_change", pk=made.pk)
    return edges.page(request, "rulebook/propose.html", {
        "form": form, "row": row, "now": rules.get(name, at.date()),
        "value": written(rules.get(name, at.date()).value),
    })


@may(
    (Row.PARAMETERS, Right.READ_ALL),
    post=[(Row.PARAMETERS, Right.UPDATE), (Row.PARAMETERS, Right.APPROVE)],
)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: approve it as a second person, or reject it."""
    actor, at = actor_of(request), clock.now()
    found = queries.change(pk)
    form = forms.DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = _decide(form, actor, pk)
        if made is not None:
            messages.success(request, _("The change is %s.") % made.get_state_display().lower())
            return redirect("rule_change", pk=pk)
    return edges.page(request, "rulebook/change.html", {
        "form": form, "change": found, "row": queries.base(found.name),
        "value": written(rules.get(found.name, at.date()).value),
        "why_not": queries.why_not_approve(found, actor, at),
        "may_decide": actor.role in queries.DECIDERS and found.state == found.State.PROPOSED,
    })


def _decide(form: forms.DecisionForm, actor: Actor, pk: int) -> RuleChange | None:
    at, data = clock.now(), form.cleaned_data
    if data["decision"] == "approve":
        return edges.attempt(form, actions.approve_change, actor=actor, at=at, change_id=pk)
    return edges.attempt(
        form, actions.reject_change, actor=actor, at=at, change_id=pk, reason=data["reason"]
    )
