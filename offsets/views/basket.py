"""The basket: put in, look, change, take out, go to the checkout. A page each, without script."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cdm_portal import clock, formats
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_or_none, may, why_not
from cdm_portal.permissions import Right, Row
from cdm_portal.rulebook import queries as rulebook
from offsets import actions, baskets, queries
from offsets.basket_forms import AddForm, BasketForm
from offsets.models import BasketItem, Offer, Order
from offsets.values import GUEST, Ask
from offsets.views import shown
from offsets.views.browser import BUYER, buyer_of, first_quantity, remember, wanted_tonnes


@may((Row.OFFER, Right.SEE), post=[(Row.PURCHASE, Right.CREATE)])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put tonnes of one offer into the basket, or the whole tonnes that an amount buys."""
    sent = request.POST if request.method == "POST" else None
    offer = _asked_offer(request)
    form = AddForm(sent, initial={"quantity": first_quantity(request)})
    if sent is not None and form.is_valid():
        made = attempt(
            form, actions.put_in_basket, actor=actor_or_none(request) or GUEST, at=clock.now(),
            buyer=request.session.setdefault(BUYER, uuid4().hex), offer_id=offer.pk,
            ask=form.ask(), key=form.key(),
        )
        if made is not None:
            _tell(request, made, offer)
            return redirect("offsets:basket")
    context = {
        "form": form, "offer": offer, "country": queries.country(offer.project),
        "order_key": uuid4(), "steps": shown.steps(1),
        "barred": why_not(request, (Row.PURCHASE, Right.CREATE)),
    }
    return page(request, "offsets/basket_add.html", context)


def _asked_offer(request: HttpRequest) -> Offer:
    asked = (request.POST if request.method == "POST" else request.GET).get("offer", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    return queries.offer_with_tonnes(int(asked), clock.now())


@may((Row.OFFER, Right.SEE), post=[(Row.PURCHASE, Right.CREATE)])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """The lines at present prices; changes them, takes one out, or begins one order with all."""
    sent = request.POST if request.method == "POST" else None
    form = BasketForm(sent, basket=baskets.items_of(buyer_of(request)))
    if sent is not None and "remove" in sent:
        return _remove(request, form, sent["remove"])
    answer = None
    if sent is not None and form.is_valid():
        changed = _change(request, form, form.asks())
        answer = None if changed is None else _go_on(request, form, changed)
    return answer or page(request, "offsets/basket.html", _context(request, form))


def _change(
    request: HttpRequest, form: BasketForm, asks: dict[int, Ask], without: int | None = None
) -> list[BasketItem] | None:
    if not asks and without is None:
        return []
    return attempt(
        form, actions.change_basket, actor=actor_or_none(request) or GUEST, at=clock.now(),
        buyer=buyer_of(request), asks=asks, without=without,
    )


def _go_on(
    request: HttpRequest, form: BasketForm, changed: list[BasketItem]
) -> HttpResponse | None:
    """After the changes: stay, or begin the order. None when the form has something to say."""
    by_money = [item for item in changed if item.amount is not None]
    for item in by_money:
        _tell(request, item, item.offer)
    if "go" not in request.POST or by_money:
        return redirect("offsets:basket")
    for pk in form.unseen():
        form.add_error(f"quantity_{pk}", _(
            "This came into the basket after you opened the page. Look at it, then go on."
        ))
    if form.errors:
        return None
    made = _order(request, form)
    return None if made is None else redirect("offsets:order", made.code)


def _order(request: HttpRequest, form: BasketForm) -> Order | None:
    with rulebook.moment() as at:
        made = attempt(
            form, actions.order_items, actor=actor_or_none(request) or GUEST, at=at,
            items=form.items(), order_key=form.key() or uuid4(), buyer=buyer_of(request),
            anonymous=actor_or_none(request) is None, from_basket=True,
        )
    if made is not None:
        remember(request, made)
    return made


def _remove(request: HttpRequest, form: BasketForm, asked: str) -> HttpResponse:
    """Take a line out; what was typed in the others is kept when it can be."""
    gone = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    kept = {pk: ask for pk, ask in form.asks().items() if pk != gone} if form.is_valid() else {}
    took = _change(request, form, kept, gone)
    if took is None:
        return page(request, "offsets/basket.html", _context(request, form))
    messages.info(request, _("Taken out of your basket."))
    return redirect("offsets:basket")


def _context(request: HttpRequest, form: BasketForm) -> dict[str, Any]:
    anonymous, buyer = actor_or_none(request) is None, buyer_of(request)
    read = baskets.read(baskets.items_of(buyer), buyer, clock.now(), anonymous=anonymous)
    return {
        "form": form, "basket": read, "steps": shown.steps(1), "order_key": uuid4(),
        "rows": [
            shown.basket_row(line, form, anonymous=anonymous)
            for line in read.lines if line.offer.pk in form.there
        ],
        "covers": shown.covers(read.tonnes, wanted_tonnes(request)),
        "tonnes_words": shown.tonnes_words(read.tonnes),
        "demonstration_rules": any(line.offer.project.is_demonstration for line in read.lines),
        "open_order": queries.open_order(buyer) if read.lines else None,
        "barred": why_not(request, (Row.PURCHASE, Right.CREATE)),
    }


def _tell(request: HttpRequest, item: BasketItem, offer: Offer) -> None:
    title, count = offer.project.title, shown.tonnes_words(item.quantity)
    if item.amount is None:
        messages.success(request, ngettext(
            "%(count)s of %(title)s is in your basket.",
            "%(count)s of %(title)s are in your basket.", item.quantity,
        ) % {"count": count, "title": title})
        return
    bought, over = shown.money_words(item.amount, offer.price)
    messages.success(request, _(
        "%(bought)s of %(title)s at %(price)s a tonne. %(over)s"
    ) % {"bought": bought, "title": title, "price": formats.usd(offer.price), "over": over})
