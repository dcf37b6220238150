"""A buyer's own data: asking for a link, seeing and taking along, claiming, erasing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cdm_portal import clock, edges, parameters
from cdm_portal.identity import queries as identity_queries
from cdm_portal.identity.access import actor_or_none
from cdm_portal.identity.models import User
from cdm_portal.refusals import Refused
from offsets import actions, personal, personal_files
from offsets.forms import AddressForm, OrderCodeForm
from offsets.models import DataLink, Order
from offsets.values import GUEST


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """Ask for a link to the data about one's orders; the answer tells nobody whether there are any.
    """
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.ask_data_link(
            actor=actor_or_none(request) or GUEST, at=clock.now(), email=form.cleaned_data["email"]
        )
        messages.success(request, _(
            "If orders carry this address, a link to them is on its way there now."
        ))
        return redirect("offsets:my_data")
    return edges.page(request, "offsets/my_data.html", {"form": form} | kept(clock.today()))


def kept(on: date) -> dict[str, object]:
    """What pages say about how long things are kept."""
    row = parameters.get("money_records_years", on)
    return {
        "minutes": parameters.number("data_link_minutes", on), "years": row.value,
        "years_verified": row.verified,
        "unpaid_days": parameters.number("abandoned_order_days", on),
        "basket_days": parameters.number("basket_days", on),
    }


def _link(token: str) -> DataLink:
    key = personal.key_of(token)
    if key is None:
        raise Http404
    return personal.link_by_key(key, DataLink.Purpose.DATA, clock.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_orders(request: HttpRequest, token: str) -> HttpResponse:
    """The orders of the address to which a link was mailed; a POST erases what is personal."""
    link = _link(token)
    orders = list(personal.of_address(link.order.email))
    if request.method == "POST":
        return erased(request, orders, redirect("offsets:my_orders", token))
    return render(request, "offsets/my_orders.html", {
        "orders": shown(orders), "barred": personal.barred(orders), "token": token,
        "until": link.expires_at, "may_claim": request.user.is_authenticated,
    } | kept(clock.today()))


def shown(orders: list[Order]) -> list[dict[str, Any]]:
    """Orders with all that is kept about each, for tables."""
    return [{"order": order, "told": told}
            for order, told in zip(orders, personal.told(orders), strict=True)]  # fmt: skip


def erased(request: HttpRequest, orders: list[Order], back: HttpResponse) -> HttpResponse:
    """Erase those orders that can be erased now, and say so or why not."""
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box to confirm: what is erased cannot be restored."))
        return back
    barred = {order.pk for order, _why in personal.barred(orders)}
    at_rest = [order.pk for order in orders if order.pk not in barred]
    try:
        count = actions.erase_orders(
            actor=actor_or_none(request) or GUEST, at=clock.now(),
            orders=at_rest or [order.pk for order in orders],
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, _("Erased: the personal data of %(n)s orders.") % {"n": count})
    return redirect("offsets:my_data") if not barred else back


@never_cache
@require_safe
def my_orders_export(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """The same as a file, JSON or PDF."""
    orders = list(personal.of_address(_link(token).order.email))
    return personal_files.answer(form, {"orders": personal.told(orders)}, clock.now())


@login_required
@require_POST
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Put the orders of a mailed link at one's own desk: opening it proved the address."""
    link = _link(token)
    orders = personal.of_address(link.order.email).values_list("pk", flat=True)
    actor = actor_or_none(request) or GUEST
    actions.claim_orders(actor=actor, at=clock.now(), orders=orders, proved=link.order.email)
    return redirect("offsets:desk_orders")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk_orders(request: HttpRequest) -> HttpResponse:
    """The orders at one's own desk; a POST brings those of one's verified addresses there, or has a
    link mailed to the address of an order whose code one knows.
    """
    asked = request.method == "POST" and "code" in request.POST
    form = OrderCodeForm(
        request.POST if asked else None, initial={"code": request.GET.get("order", "")}
    )
    if asked and form.is_valid():
        return _mailed(request, form.cleaned_data["code"])
    if request.method == "POST" and not asked:
        return _brought(request)
    user = _user(request)
    orders = list(personal.of_person(user.person_id))
    return edges.page(request, "offsets/desk_orders.html", {
        "orders": shown(orders), "verified": identity_queries.verified_addresses(user),
        "email": user.email, "form": form,
    })


def _mailed(request: HttpRequest, code: str) -> HttpResponse:
    actions.ask_order_link(
        actor=actor_or_none(request) or GUEST, at=clock.now(), code=code,
        purpose=DataLink.Purpose.DATA,
    )
    messages.success(request, _(
        "If there is such an order, a link is on its way to its address now. Open it while you are "
        "signed in."
    ))
    return redirect("offsets:desk_orders")


def _brought(request: HttpRequest) -> HttpResponse:
    for address in identity_queries.verified_addresses(_user(request)):
        found = personal.of_address(address).values_list("pk", flat=True)
        actions.claim_orders(
            actor=actor_or_none(request) or GUEST, at=clock.now(), orders=found, proved=address
        )
    return redirect("offsets:desk_orders")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
