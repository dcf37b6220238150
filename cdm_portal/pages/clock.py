"""The visible control that moves a demonstration's time forward by whole days."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cdm_portal import clock, record

STEPS = {"1": 1, "7": 7, "30": 30}


@login_required
@require_POST
def advance(request: HttpRequest) -> HttpResponse:
    """Advance by 1, 7 or 30 days. Outside demonstration mode there is no such page."""
    if not clock.is_demonstration():
        raise Http404
    days = STEPS.get(request.POST.get("days", ""))
    if days is None:
        messages.error(request, "The clock moves by 1, 7 or 30 days.")
    else:
        moment = record.advance_clock(days=days)
        messages.success(request, f"The portal's time is now {moment:%-d %B %Y}.")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "desk")
