"""One dispute about a payment: what happened, as evidence, and how it ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cdm_portal import clock
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_of, desk
from cdm_portal.refusals import Forbidden
from cdm_portal.values import Role
from offsets import actions, disputes, queries
from offsets.forms import DisputeForm
from offsets.views import shown


@desk(Role.SECRETARIAT, Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence; the secretariat closes it."""
    found, actor = disputes.dispute(pk), actor_of(request)
    if request.method == "POST" and actor.role != Role.SECRETARIAT:
        raise Forbidden("The secretariat closes disputes about payments.")
    form = DisputeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(
        form, actions.close_dispute, actor=actor, at=clock.now(), dispute_id=pk,
        note=form.cleaned_data["note"],
    ) is not None:
        messages.success(request, _("The dispute is closed."))
        return redirect("offsets:dispute", pk)
    order = found.attempt.order
    lines = list(queries.lines(order))
    return page(request, "offsets/dispute.html", {
        "found": found, "order": order, "form": form, "events": found.attempt.events.all(),
        "serials": [shown.cancelled_serial(line) for line in lines if line.cancellation_id],
        "certificate": getattr(order, "certificate", None),
        "may_close": actor.role == Role.SECRETARIAT and found.closed_at is None,
    })
