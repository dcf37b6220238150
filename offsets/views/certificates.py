"""The record of a cancellation, and its print."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cdm_portal.drawing.qr import qr_svg
from cdm_portal.refusals import Forbidden
from offsets import codes, names, proofs, queries
from offsets.certificates import editions, facts
from offsets.certificates.editions import Edition
from offsets.models import Order, OrderLine
from offsets.views import shown
from offsets.views.buying import is_buyer


def found_or_404(code: str) -> Edition:
    """The edition of a code. Raises Http404."""
    try:
        found = editions.by_code(codes.parse(code))
    except codes.Mistyped as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _knows_name(request: HttpRequest, found: Order) -> bool:
    """Whether the name may be shown: it is public, or the buyer asks (browser or order's code)."""
    key = request.GET.get("order", "").encode()
    if found.erased_at is not None:
        return False
    return (
        found.name_public
        or is_buyer(request, found)
        or secrets.compare_digest(key, found.code.encode())
    )


def _name_stands(found: Edition, cancelled: list[OrderLine]) -> bool | None:
    """The ledger has the name as it was first given: of a corrected one it can say nothing."""
    return None if found.reissue else names.stands(found.certificate.order, cancelled)


def context_of(request: HttpRequest, found: Edition, *, known: bool) -> dict[str, object]:
    """What the page of a certificate and that of its check show; the name only if it is `known`."""
    certificate, order = found.certificate, found.certificate.order
    lines = facts.lines(certificate)
    cancelled = [part.line for line in lines for part in line.parts]
    return {
        "certificate": certificate, "edition": found, "order": order,
        "code": codes.show(found.code),
        "name": (found.name or facts.WITHHELD) if known else facts.WITHHELD,
        "reason": order.reason if known else "",
        "knows_name": known,
        "name_stands": _name_stands(found, cancelled) if known else None,
        "lines": [
            (line, [(part, shown.serial_url(part.serial)) for part in line.parts])
            for line in lines
        ],
        "rules": facts.rules(lines),
        "is_demonstration": facts.is_demonstration(lines),
        "verdict": facts.verdict(certificate),
        "words": shown.tonnes_words(certificate.tonnes),
        "order_key": request.GET.get("order", ""),
        "proof": proofs.panel(cancelled, found.code),
    }


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as a page, which is the record; the PDF is a print of it."""
    found = found_or_404(code)
    context = context_of(request, found, known=_knows_name(request, found.certificate.order))
    context["url"] = queries.verify_url(found.code)
    context["drawn"] = {
        "kind": _("This certifies that"), "name": context["name"],
        "tonnes": found.certificate.tonnes,
        "reason": context["reason"], "qr": qr_svg(queries.verify_url(found.code)),
        "watermark": _("Sandbox: no money moved") if found.certificate.sandbox else "",
    }
    return render(request, "offsets/certificate.html", context)


@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The print. Says so when it has not been made yet, and to whom it is given."""
    found = found_or_404(code)
    if not _knows_name(request, found.certificate.order):
        raise Forbidden(
            "The name on this certificate is withheld. Its owner opens the print from the order."
        )
    if found.row.pdf is None:
        context = context_of(request, found, known=True)
        return render(request, "offsets/certificate_waiting.html", context)
    answer = HttpResponse(bytes(found.row.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answer["ETag"] = f'"{found.row.sha256}"'
    return answer
