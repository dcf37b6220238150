"""Choosing in which of one's roles to act."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cdm_portal import clock
from cdm_portal.identity import queries
from cdm_portal.identity.middleware import CHOSEN
from cdm_portal.identity.models import User


@login_required
@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles from now on."""
    wanted = request.POST.get("membership", "")
    if not isinstance(request.user, User):
        raise Http404
    held = {str(m.pk): m.pk for m in queries.memberships(request.user.person_id, clock.today())}
    if wanted not in held:
        raise Http404
    request.session[CHOSEN] = held[wanted]
    return redirect("desk")
