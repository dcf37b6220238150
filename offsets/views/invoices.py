"""The invoice of an order, for whoever has its address: how to pay, the paper, how it stands."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cdm_portal import clock
from offsets import invoices, queries
from offsets.errors import UnknownPayment
from offsets.models import PaymentAttempt
from offsets.views import shown


def _asked(reference: UUID) -> PaymentAttempt:
    """An invoice; a payment of another kind is none. Raises UnknownPayment."""
    found = queries.attempt(reference)
    if not found.by_transfer:
        raise UnknownPayment("There is no such invoice.")
    return found


@never_cache
@require_safe
def invoice(request: HttpRequest, reference: UUID) -> HttpResponse:
    """How to pay an order by transfer, and how much of it has come in."""
    found = _asked(reference)
    lines = list(queries.lines(found.order))
    context = invoices.page(found, clock.now())
    return render(request, "offsets/invoice.html", context | {
        "lines": shown.order_lines(lines), "steps": shown.steps(2),
        "demonstration_rules": shown.rules_of(lines),
    })


@never_cache
@require_safe
def state(request: HttpRequest, reference: UUID) -> HttpResponse:
    """How it stands, as the part of its page that asks again by itself."""
    context = invoices.standing(_asked(reference), clock.now())
    return render(request, "offsets/invoice_state.html", context)


@never_cache
@require_safe
def pdf(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The invoice as a paper, as long as the order costs what it says."""
    found = _asked(reference)
    if found.money != found.order.money:
        raise UnknownPayment("The price has changed since; this invoice does not hold any more.")
    answer = HttpResponse(invoices.paper(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{invoices.number(found)}.pdf"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
