"""What a certificate's owner does with it: a corrected name, a badge, a yearly statement."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cdm_portal import clock, papers, parameters
from cdm_portal.edges import attempt, page
from cdm_portal.identity.access import actor_of, actor_or_none, desk, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor, Role
from offsets import actions, personal, queries, statements
from offsets.certificates import badge as badges
from offsets.certificates import editions
from offsets.forms import ReissueForm
from offsets.models import DataLink, Order, Reissue
from offsets.values import GUEST
from offsets.views.certificates import found_or_404

HOUR = 3600


@may((Row.OFFER, Right.SEE), post=[(Row.PURCHASE, Right.CREATE)])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate under a corrected name, for whose desk the order is at; everybody else may
    have a link mailed to the order's address.
    """
    order = _cancelled(code)
    actor = actor_or_none(request) or GUEST
    if not personal.owns(actor, order):
        return _link(request, order, actor)
    form = ReissueForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = attempt(
            form, actions.reissue, actor=actor, at=clock.now(), order_id=order.pk,
            **form.cleaned_data,
        )
        if made is not None:
            return _made(request, made)
    return page(request, "offsets/reissue.html", _editions(order) | {"form": form})


def _link(request: HttpRequest, order: Order, actor: Actor) -> HttpResponse:
    """Have a link mailed; the answer tells nobody whether the order has an address."""
    if request.method == "POST":
        actions.ask_order_link(
            actor=actor, at=clock.now(), code=order.code, purpose=DataLink.Purpose.CORRECT
        )
        messages.success(request, _("If the order has an address, a link is on its way there now."))
        return redirect("offsets:reissue", order.code)
    return render(request, "offsets/reissue.html", _editions(order) | {"minutes": _minutes()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reissue_by_link(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The same for whoever opens the link that was mailed: it works once, and not for long."""
    key = personal.key_of(token)
    if key is None:
        raise Http404
    order, form = _cancelled(code), ReissueForm(request.POST or None)
    if not form.is_bound:
        link = personal.link_by_key(key, DataLink.Purpose.CORRECT, clock.now())
        if link.order_id != order.pk:
            raise Http404
    elif form.is_valid():
        made = attempt(
            form, actions.reissue_by_link, actor=actor_or_none(request) or GUEST, at=clock.now(),
            key=key, code=code, **form.cleaned_data,
        )
        if made is not None:
            return _made(request, made)
    return page(request, "offsets/reissue.html", _editions(order) | {"form": form, "linked": True})


def _cancelled(code: str) -> Order:
    order = queries.by_code(code)
    if order.state != Order.State.FULFILLED:
        raise Http404
    return order


def _made(request: HttpRequest, made: Reissue) -> HttpResponse:
    messages.success(request, _("The certificate is issued again, as %s.") % made.number)
    return redirect("offsets:reissue", made.certificate.order.code)


def _minutes() -> int:
    return parameters.number("data_link_minutes", clock.today())


def _editions(order: Order) -> dict[str, object]:
    return {
        "order": order, "editions": editions.all_of(order.certificate),
        "left": statements.reissues_left(order, clock.now()),
    }


@require_safe
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """The badge as a picture that any page may show."""
    answer = HttpResponse(badges.svg(badges.of(found_or_404(code))), content_type="image/svg+xml")
    answer["Cache-Control"] = f"public, max-age={HOUR}"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return answer


@require_safe
def badge_page(request: HttpRequest, code: str) -> HttpResponse:
    """The badge and what to copy to show it elsewhere."""
    found = found_or_404(code)
    drawn = badges.of(found)
    context = {
        "edition": found, "badge": drawn, "snippet": badges.snippet(drawn, found),
        "width": badges.WIDTH, "height": badges.HEIGHT,
    }
    return render(request, "offsets/badge.html", context)


@desk(*Role)
@never_cache
@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    """A signed-in person's years, by the name on the certificates of the orders at their desk."""
    context = {"years": statements.years(actor_of(request))}
    return render(request, "offsets/statements.html", context)


@desk(*Role)
@never_cache
@require_safe
def statement(request: HttpRequest, year: int, file_format: str) -> HttpResponse:
    """All cancellations of a year in one name, as a PDF or a CSV file."""
    told = statements.of(actor_of(request), year, request.GET.get("name", ""))
    if file_format not in ("pdf", "csv") or not told.rows:
        raise Http404
    if file_format == "csv":
        answer = HttpResponse(statements.csv_text(told), content_type="text/csv; charset=utf-8")
    else:
        paper = statements.paper(told, clock.now())
        pdf = papers.render("statement.typ", paper, standards=papers.CERTIFICATE)
        answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="cancellations-{year}.{file_format}"'
    return answer
