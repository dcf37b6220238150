"""The record of a cancellation, its print, its check by anyone, and the public list."""

import secrets
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cdm_portal.drawing.qr import qr_svg
from cdm_portal.refusals import Forbidden
from offsets import codes, exports, proofs, queries
from offsets.certificates import facts
from offsets.forms import CancellationsForm
from offsets.models import Certificate, OrderLine
from offsets.views import shown
from offsets.views.buying import is_buyer

PAGE = 50


def _found(code: str) -> Certificate:
    try:
        found = queries.certificate(codes.parse(code))
    except codes.Mistyped as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _knows_name(request: HttpRequest, found: Certificate) -> bool:
    """Whether the name may be shown: it is public, or the buyer asks (browser or order's code)."""
    key = request.GET.get("order", "").encode()
    return (
        found.order.name_public
        or is_buyer(request, found.order)
        or secrets.compare_digest(key, found.order.code.encode())
    )


def _context(request: HttpRequest, found: Certificate, *, known: bool) -> dict[str, object]:
    lines = facts.lines(found)
    cancelled = list(queries.lines(found.order).filter(cancellation__isnull=False))
    return {
        "certificate": found,
        "code": codes.show(found.code),
        "order": found.order,
        "name": found.order.beneficiary_name if known else facts.WITHHELD,
        "reason": found.order.reason if known else "",
        "knows_name": known,
        "lines": [(line, shown.serial_url(line.serial)) for line in lines],
        "rules": facts.rules(lines),
        "is_demonstration": facts.is_demonstration(lines),
        "verdict": facts.verdict(found),
        "words": shown.tonnes_words(found.tonnes),
        "order_key": request.GET.get("order", ""),
        "proof": proofs.panel(cancelled, found.code),
    }


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as a page, which is the record; the PDF is a print of it."""
    found = _found(code)
    context = _context(request, found, known=_knows_name(request, found))
    context["url"] = queries.verify_url(found.code)
    context["drawn"] = {
        "kind": _("This certifies that"), "name": context["name"], "tonnes": found.tonnes,
        "reason": context["reason"], "qr": qr_svg(queries.verify_url(found.code)),
        "watermark": _("Sandbox: no money moved") if found.sandbox else "",
    }
    return render(request, "offsets/certificate.html", context)


@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The print. Says so when it has not been made yet, and to whom it is given."""
    found = _found(code)
    if not _knows_name(request, found):
        raise Forbidden(
            "The name on this certificate is withheld. Its owner opens the print from the order."
        )
    if found.pdf is None:
        context = _context(request, found, known=True)
        return render(request, "offsets/certificate_waiting.html", context)
    answer = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answer["ETag"] = f'"{found.sha256}"'
    return answer


@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Enter a code."""
    asked = request.GET.get("code", "").strip()
    if asked:
        return redirect("offsets:verify", asked[:40].replace("/", " "))
    return render(request, "offsets/verify_form.html", {"asked": ""})


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the ledger says now of the certificate with this code; a wrong code says what to try."""
    try:
        found = queries.certificate(codes.parse(code))
    except codes.Mistyped as error:
        context = {"asked": code[:40], "problem": str(error), "mistyped": True}
        return render(request, "offsets/verify_form.html", context, status=404)
    if found is None:
        context = {"asked": code[:40], "unknown": True}
        return render(request, "offsets/verify_form.html", context, status=404)
    public = found.order.name_public  # the same answer for everybody, the buyer included
    return render(request, "offsets/verify.html", _context(request, found, known=public))


@require_safe
def cancellations(request: HttpRequest) -> HttpResponse:
    """Every cancellation of the shop, newest first; names only where their owners chose so."""
    form = CancellationsForm(request.GET)
    rows = list(_asked_rows(form)[: PAGE + 1])
    context = {
        "form": form,
        "rows": [(row, shown.cancelled_serial(row)) for row in rows[:PAGE]],
        "next_before": rows[PAGE - 1].cancellation_id if len(rows) > PAGE else None,
        "total": queries.cancelled_total(),
        "filtered": bool(request.GET.get("beneficiary") or request.GET.get("project")),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "offsets/cancellations.html", context, status=status)


@require_safe
def cancellations_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as a file."""
    rows: Iterator[OrderLine] = _asked_rows(CancellationsForm(request.GET)).iterator(500)
    answer = StreamingHttpResponse(exports.csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="cancellations.csv"'
    return answer


def _asked_rows(form: CancellationsForm) -> QuerySet[OrderLine]:
    if not form.is_valid():
        return queries.cancelled_public().none()
    return queries.cancelled_public(
        beneficiary=form.cleaned_data["beneficiary"].strip(),
        project=form.cleaned_data["project"].strip(), before=form.cleaned_data["before"],
    )
