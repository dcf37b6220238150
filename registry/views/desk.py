"""The desk of the registry administrator: what waits for a second person, and the books."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cdm_portal import clock, edges, keyset
from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from registry import access, actions, queries
from registry.governance import queries as governance
from registry.models import InstructionLine
from registry.views.proposals import pending

SHOWN = 20


@may(
    (Row.INSTRUCTION, Right.PREPARE), (Row.ISSUANCE, Right.EXECUTE), (Row.ISSUANCE, Right.READ_ALL)
)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for a second person; accounts; the last bookings; whether the books balance."""
    actor = actor_of(request)
    context = {
        **edges.waiting(request, queries.queue(actor, clock.now())),
        "accounts": edges.listed(
            request, access.visible(actor), ("pk",), name="accounts_after", size=keyset.SHORT
        ),
        "bookings": queries.bookings()[:20],
        "to_issue": edges.listed(
            request, queries.lines_to_issue(), ("pk",), name="issue_after", size=keyset.SHORT
        ),
        "executes": actor.role in access.EXECUTES,
        **pending(request),
        "stopped": governance.stopped(),
        "delayed": edges.listed(
            request, governance.proposals_delayed(), ("execute_after", "pk"),
            name="delayed_after", size=keyset.SHORT,
        ),
        "administers": actor.role in access.ADMINISTRATION,
        "proposals": governance.proposals()[:SHOWN],
        "measures": governance.measures()[:SHOWN],
    }
    return render(request, "registry/desk.html", context)


@may((Row.INSTRUCTION, Right.PREPARE), (Row.ISSUANCE, Right.EXECUTE))
@require_POST
def reconcile(request: HttpRequest) -> HttpResponse:
    """Check the books now."""
    found = actions.reconcile(at=clock.now())
    if found.ok:
        messages.success(request, _("The books balance: %d checks.") % found.checks)
    else:
        messages.error(request, _("%d checks found something wrong.") % len(found.problems))
    return redirect("registry:desk")


@may((Row.INSTRUCTION, Right.PREPARE), (Row.ISSUANCE, Right.EXECUTE))
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of an instruction: look at it, and release it as a second person."""
    line = get_object_or_404(InstructionLine.objects.select_related("party"), pk=pk)
    if request.method == "POST":
        actions.release_instruction(actor=actor_of(request), at=clock.now(), line_id=pk)
        messages.success(request, _("Released. The units are being issued."))
        return redirect("registry:desk")
    context = {
        "line": line,
        "own": line.initiator == access.person(actor_of(request)),
        "issuance": queries.issuance_of(line.pk),
        "sha256": bytes(line.sha256).hex(),
        "way": [(step, "") for step in governance.way(line.key)],
    }
    return render(request, "registry/release.html", context)
