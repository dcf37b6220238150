"""Buying: how many tonnes, whose emissions, waiting, done. Works without script and account."""

from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cdm_portal import clock, formats
from cdm_portal.drawing.qr import qr_svg
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_or_none, may, why_not
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Forbidden, NotFound, Refused
from cdm_portal.rulebook import queries as rulebook
from offsets import actions, pricing, queries
from offsets.forms import CheckoutForm, OrderForm
from offsets.models import Offer, Order
from offsets.payments import providers
from offsets.values import GUEST
from offsets.views import shown
from offsets.views.browser import BUYER, buyer_of, first_quantity, remember

State = Order.State
GONE_ON = {State.PAID, State.FULFILLED, State.REFUND_DUE, State.REFUNDED}


def is_buyer(request: HttpRequest, order: Order) -> bool:
    """Whether the order was begun in this browser."""
    return bool(order.buyer_key) and order.buyer_key == buyer_of(request)


@may((Row.OFFER, Right.SEE), post=[(Row.PURCHASE, Right.CREATE)])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest) -> HttpResponse:
    """How many tonnes of one offer: holds them and goes to the checkout."""
    sent = request.POST if request.method == "POST" else None
    typed = request.GET.get("quantity", "") or first_quantity(request)
    form = OrderForm(sent, initial={"quantity": typed})
    if sent is not None and form.is_valid():
        buyer = request.session.get(BUYER) or request.session.setdefault(BUYER, uuid4().hex)
        asked = form.cleaned_data
        with rulebook.moment() as at:
            made = attempt(
                form, actions.start_order, at=at, offer_id=asked["offer"], buyer=buyer,
                quantity=asked["quantity"], order_key=form.key() or uuid4(),
                anonymous=actor_or_none(request) is None, price_version=asked["price_version"],
            )
        if made is not None:
            remember(request, made)
            return redirect("offsets:order", made.code)
    return page(request, "offsets/order_new.html", _asking(request, form))


def _asking(request: HttpRequest, form: OrderForm) -> dict[str, object]:
    offer = _asked_offer(request)
    return {
        "form": form, "offer": offer, "country": queries.country(offer.project),
        "order_key": uuid4(), "steps": shown.steps(1),
        "barred": why_not(request, (Row.PURCHASE, Right.CREATE)),
        "cap": {} if actor_or_none(request) else queries.guests_part(offer, clock.now()),
    }


def _asked_offer(request: HttpRequest) -> Offer:
    asked = (request.POST if request.method == "POST" else request.GET).get("offer", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    return queries.offer_with_tonnes(int(asked), clock.now())


@may((Row.OFFER, Right.SEE), post=[(Row.PURCHASE, Right.CREATE)])
@never_cache
@shown.leads_to_payment
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, code: str) -> HttpResponse:
    """An order by its code: the checkout while it is open here, else how it stands."""
    found = queries.by_code(code)
    if request.method == "POST":
        return _pay(request, found)
    if _waits_for_its_buyer(found) and is_buyer(request, found):
        return _checkout(request, found, CheckoutForm(initial=_typed_before(found)))
    return render(request, "offsets/order.html", _standing(request, found))


def _pay(request: HttpRequest, found: Order) -> HttpResponse:
    if not is_buyer(request, found):
        raise Forbidden("An order is paid in the browser that began it.")
    if found.state in GONE_ON:
        messages.info(request, _("This order has gone on already; nothing was paid a second time."))
        return redirect("offsets:order", found.code)
    if "hold" in request.POST:
        _hold_again(request, found)
        typed = CheckoutForm(initial=request.POST.dict())
        return _checkout(request, queries.by_code(found.code), typed)
    form = CheckoutForm(request.POST)
    if form.is_valid():
        begun = attempt(
            form, actions.check_out, actor=actor_or_none(request) or GUEST, at=clock.now(),
            order_id=found.pk, **form.details(),
        )
        if begun is not None:
            return redirect(begun.page_url)
    return _checkout(request, queries.by_code(found.code), form)


def _typed_before(found: Order) -> dict[str, object]:
    return {
        "whose": "organisation" if found.on_behalf else "mine", "name": found.beneficiary_name,
        "email": found.email, "reference": found.reference, "reason": found.reason,
        "public": found.name_public,
    }


def _checkout(request: HttpRequest, found: Order, form: CheckoutForm) -> HttpResponse:
    lines = list(queries.lines(found))
    bill = pricing.bill((line.unit_price, line.quantity) for line in lines)
    at = clock.now()
    typed = form.data if form.is_bound else form.initial
    context = {
        "order": found, "form": form, "bill": bill, "lines": shown.order_lines(lines),
        "providers": providers.available(), "steps": shown.steps(2),
        "other": _other_order(request, found),
        "held_seconds": max(0, int((found.held_until - at).total_seconds())),
        "tonnes_words": shown.tonnes_words(found.quantity),
        "over": found.held_until <= at or found.state == State.EXPIRED,
        "demonstration_rules": shown.rules_of(lines),
        "pay_label": _("Pay %(total)s and cancel %(count)s") % {
            "total": formats.money(bill.total), "count": shown.tonnes_words(found.quantity),
        },
        "preview": {
            "name": typed.get("name") or _("Your name"), "tonnes": found.quantity,
            "reason": typed.get("reason", ""), "serials": [shown.next_serials(x) for x in lines],
            "qr": qr_svg(f"{settings.SITE_URL}/v/"), "watermark": _("Preview"),
        },
    }
    return page(request, "offsets/checkout.html", context)


def _other_order(request: HttpRequest, found: Order) -> Order | None:
    """The order that took this one's place in the browser, if one did."""
    if found.state != State.EXPIRED:
        return None
    return queries.open_order(buyer_of(request))


def _standing(request: HttpRequest, found: Order) -> dict[str, object]:
    lines = list(queries.lines(found))
    mine = is_buyer(request, found)
    return {
        "order": found, "lines": shown.order_lines(lines), "mine": mine,
        "other": _other_order(request, found) if mine else None,
        "state": str(found.state), "certificate": getattr(found, "certificate", None),
        "payment_url": _payment_url(found) if mine else "",
        "steps": shown.steps(4 if found.state == State.FULFILLED else 3),
        "demonstration_rules": shown.rules_of(lines),
        "sandbox": queries.tried_in_sandbox(found),
        "waits": found.state in {State.PAYMENT_PENDING, State.PAID},
    }


def _waits_for_its_buyer(found: Order) -> bool:
    """At the checkout, or cut off before there was a page to pay on: the same button goes on."""
    if found.state == State.PAYMENT_PENDING:
        return not _payment_url(found)
    return found.state in {State.CHECKOUT, State.FAILED}


def _payment_url(found: Order) -> str:
    return queries.open_attempt(found).page_url if found.state == State.PAYMENT_PENDING else ""


@may((Row.OFFER, Right.SEE))
@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """How an order stands, as the part of its page that asks again by itself."""
    found = queries.by_code(code)
    return render(request, "offsets/order_state.html", _standing(request, found))


@may((Row.PURCHASE, Right.CREATE))
@require_POST
def hold_again(request: HttpRequest, code: str) -> HttpResponse:
    """Hold the units of an order that ran out of time once more."""
    found = queries.by_code(code)
    if not is_buyer(request, found):
        raise Forbidden("The units are held again in the browser that began the order.")
    _hold_again(request, found)
    return redirect("offsets:order", code)


def _hold_again(request: HttpRequest, found: Order) -> None:
    before: Decimal = found.total
    try:
        again = actions.hold_again(
            actor=actor_or_none(request) or GUEST, at=clock.now(), order_id=found.pk
        )
    except (NotFound, Forbidden):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if again.total != before:
        messages.warning(request, _("The price has changed; look at the new total."))


@may((Row.PURCHASE, Right.CREATE))
@require_POST
def go_back(request: HttpRequest, code: str) -> HttpResponse:
    """Give the units free and go back to the basket, or to the project without one."""
    found = queries.by_code(code)
    if not is_buyer(request, found):
        raise Forbidden("An order is given up in the browser that began it.")
    project = queries.first_project(found)
    actions.cancel_order(at=clock.now(), order_id=found.pk)
    messages.info(request, _("The order was given up. Nothing was paid and nothing cancelled."))
    if found.basket_items.exists():
        return redirect("offsets:basket")
    return redirect("project", project.name)
