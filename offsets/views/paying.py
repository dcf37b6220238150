"""The sandbox's page and the door for payment providers' messages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cdm_portal import clock
from cdm_portal.refusals import Refused
from offsets import queries
from offsets.payments import bank, providers, webhooks
from offsets.payments import sandbox as sandbox_provider
from offsets.views import shown


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sandbox(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The built-in test page: choose how the payment ends."""
    providers.get("sandbox")
    payment = sandbox_provider.book(reference)
    order = queries.order_of_payment(reference)
    button = request.POST.get("button", "")
    if request.method == "POST" and button in bank.BUTTONS:
        bank.settle(at=clock.now(), reference=reference, button=button)
        return redirect("offsets:order", order.code)
    context = {"payment": payment, "order": order, "buttons": bank.BUTTONS.items(),
               "steps": shown.steps(2), "money": queries.attempt(reference).money}
    status = 422 if request.method == "POST" else 200
    return render(request, "offsets/sandbox.html", context, status=status)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> JsonResponse:
    """A provider's message. Refused unless its signature over the raw bytes holds."""
    try:
        fresh = webhooks.receive("sandbox", request.body, request.headers, clock.now())
    except Refused as refusal:
        return JsonResponse(
            {"code": refusal.code, "message": refusal.message}, status=refusal.status
        )
    return JsonResponse({"received": True, "repeated": not fresh})
