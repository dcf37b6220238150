"""Checking a certificate, by anyone: by its code, its QR code's address, or its PDF."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cdm_portal.edges import page
from offsets import codes
from offsets.certificates import editions, examining
from offsets.forms import VerifyFileForm
from offsets.views.certificates import context_of


@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Enter a code, or choose a PDF."""
    asked = request.GET.get("code", "").strip()
    if asked:
        return redirect("offsets:verify", asked[:40].replace("/", " "))
    return render(
        request, "offsets/verify_form.html", {"asked": "", "file_form": VerifyFileForm()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether a PDF was signed here and is unchanged, and what is true of it now."""
    if request.method != "POST":
        return redirect("offsets:verify_form")
    form = VerifyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, "offsets/verify_form.html", {"asked": "", "file_form": form})
    found = examining.examine(form.cleaned_data["file"].read())
    context: dict[str, object] = {"found": found, "kind": str(found.kind)}
    if found.edition is not None:
        public = found.edition.certificate.order.name_public
        context |= context_of(request, found.edition, known=public)
    return render(request, "offsets/verify_file.html", context)


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the ledger says now of the certificate with this code; a wrong code says what to try."""
    context: dict[str, object] = {"asked": code[:40], "file_form": VerifyFileForm()}
    try:
        found = editions.by_code(codes.parse(code))
    except codes.Mistyped as error:
        context |= {"problem": str(error), "mistyped": True}
        return render(request, "offsets/verify_form.html", context, status=HTTPStatus.NOT_FOUND)
    if found is None:
        context |= {"unknown": True}
        return render(request, "offsets/verify_form.html", context, status=HTTPStatus.NOT_FOUND)
    public = found.certificate.order.name_public  # the same answer for everybody
    return render(request, "offsets/verify.html", context_of(request, found, known=public))
