"""The sandbox's page and the door for payment providers' messages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cdm_portal import clock
from cdm_portal.identity.access import actor_or_none, may
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden, Refused
from offsets import actions, queries
from offsets.payments import bank, providers, webhooks
from offsets.payments import sandbox as sandbox_provider
from offsets.values import GUEST
from offsets.views import shown
from offsets.views.buying import is_buyer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sandbox(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The built-in test page: choose how the payment ends."""
    providers.known("sandbox")
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


@may((Row.PURCHASE, Right.CREATE))
@require_POST
def pay_otherwise(request: HttpRequest, code: str) -> HttpResponse:
    """Back from a payment page without having paid, to choose again how to pay."""
    found = queries.by_code(code)
    if not is_buyer(request, found):
        raise Forbidden("An order is paid in the browser that began it.")
    actions.pay_otherwise(
        actor=actor_or_none(request) or GUEST, at=clock.now(), order_id=found.pk
    )
    return redirect("offsets:order", code)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> JsonResponse:
    """A provider's message. Refused unless its signature over the raw bytes holds."""
    try:
        fresh = webhooks.receive(provider, request.body, request.headers, clock.now())
    except Refused as refusal:
        return JsonResponse(
            {"code": refusal.code, "message": refusal.message}, status=refusal.status
        )
    return JsonResponse({"received": True, "repeated": not fresh})
