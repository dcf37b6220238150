"""The list of indicators, kept by the secretariat."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cdm_portal import clock, edges
from cdm_portal.identity.access import actor_of, may, why_not
from cdm_portal.permissions import Right, Row
from cobenefits import actions
from cobenefits.check_forms import EndForm, IndicatorForm
from cobenefits.models import IndicatorEntry
from cobenefits.views import shown

READS = (Row.PARAMETERS, Right.READ_ALL)
ENTERS = (Row.PARAMETERS, Right.UPDATE)


@may(READS, ENTERS, post=[ENTERS])
def indicators(request: HttpRequest) -> HttpResponse:
    """What is asked today, every entry of an administrator, and the forms for another one."""
    actor, at = actor_of(request), clock.now()
    did = request.POST.get("do", "") if request.method == "POST" else None
    begun = {key: request.GET.get(key, "") for key in ("section", "key", "label", "unit")}
    begun["valid_from"] = at.date().isoformat()
    form = IndicatorForm(request.POST if did is not None and did != "end" else None, initial=begun)
    end_form = EndForm(request.POST if did == "end" else None, initial=begun, auto_id="end_%s")
    acts: tuple[tuple[Form, Any], ...] = (
        (form, actions.enter_indicator), (end_form, actions.end_indicator),
    )
    for sent, action in acts:
        if sent.is_valid() and edges.attempt(
            sent, action, actor=actor, at=at, **sent.cleaned_data
        ) is not None:
            messages.success(request, "The entry is made; it counts from its day on.")
            return redirect("cobenefits:indicators")
    return edges.page(request, "cobenefits/indicators.html", {
        "form": form, "end_form": end_form, "sections": shown.asked_today(),
        "entries": IndicatorEntry.objects.order_by("-pk")[:100], "begun": begun,
        "may_enter": not why_not(request, ENTERS), "error_forms": [form, end_form],
    })
