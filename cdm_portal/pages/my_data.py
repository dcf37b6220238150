"""Everything that is kept about whoever is signed in: seen, taken along, erased.

It is gathered from people, notices, the journal and the shop, so the page is on the roof.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cdm_portal import clock
from cdm_portal.identity import actions as identity_actions
from cdm_portal.identity import queries as identity_queries
from cdm_portal.identity.access import actor_or_none
from cdm_portal.identity.models import User
from cdm_portal.journal.models import Entry
from cdm_portal.notices import queries as notices
from cdm_portal.refusals import Refused
from offsets import actions as offsets_actions
from offsets import personal, personal_files
from offsets.models import Order
from offsets.values import GUEST
from offsets.views.privacy import kept

MOST = 1000
"""Acts and notices that a file has of each, the newest."""


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _orders(user: User) -> list[Order]:
    """The orders at the desk, and those of addresses that the person has shown to be theirs."""
    found = {order.pk: order for order in personal.of_person(user.person_id)}
    for address in identity_queries.verified_addresses(user):
        found |= {order.pk: order for order in personal.of_address(address)}
    return [found[pk] for pk in sorted(found, reverse=True)]


def gathered(user: User) -> dict[str, Any]:
    """All that is kept, by where it is kept."""
    acts = Entry.objects.filter(actor_person_id=user.person_id).order_by("-id")[:MOST]
    return {
        "person": identity_queries.told(user.person), "orders": personal.told(_orders(user)),
        "notices": notices.told_to(user.person_id, MOST),
        "acts": [{"act": each.verb, "at": each.at.isoformat(), "project": each.project}
                 for each in acts],
    }  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept about oneself; a POST erases it, as far as it is not of record."""
    user = _user(request)
    if request.method == "POST":
        return _erase(request, user)
    orders = _orders(user)
    return render(request, "pages/my_data.html", {
        "kept": gathered(user), "barred": personal.barred(orders),
        "buys_only": identity_queries.buys_only(user.person),
    } | kept(clock.today()))


def _erase(request: HttpRequest, user: User) -> HttpResponse:
    """Orders first: while money is under way nothing is erased, the account neither."""
    actor, at = actor_or_none(request) or GUEST, clock.now()
    orders = [order.pk for order in _orders(user) if order.erased_at is None]
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box to confirm: what is erased cannot be restored."))
        return redirect("my_data")
    try:
        if orders:
            offsets_actions.erase_orders(actor=actor, at=at, orders=orders)
        if identity_queries.buys_only(user.person):
            identity_actions.erase_person(actor=actor, at=at, person_id=user.person_id)
            logout(request)
            return redirect("offsets:my_data")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("my_data")
    messages.success(request, _("Erased: the personal data of %(n)s orders.") % {"n": len(orders)})
    return redirect("my_data")


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a file, JSON or PDF."""
    return personal_files.answer(form, gathered(_user(request)), clock.now())
