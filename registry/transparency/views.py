"""The sealed log for people: heads, how one continues another, proofs; and whether the books agree.
"""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cdm_portal import clock
from registry import reconciling
from registry.models import Reconciliation
from registry.transparency import heads, panel, publishing, queries
from registry.transparency.forms import CompareForm
from registry.transparency.records import BY_KIND

PAGE, RUNS = 25, 10
VERIFIER = Path(__file__).with_name("verify.py")


@require_safe
def integrity(request: HttpRequest) -> HttpResponse:
    """What the last reconciliation found, check by check, and the last tree head, with times."""
    runs = list(Reconciliation.objects.all()[:RUNS])
    last = runs[0] if runs else None
    broken = {problem["code"]: problem for problem in last.problems} if last else {}
    context = {
        "last": last, "runs": runs, "head": queries.latest(), "backlog": queries.backlog(),
        "late": queries.is_late(clock.now()),
        "checks": [
            {"code": check.code, "title": check.title, "broken": broken.get(check.code)}
            for check in reconciling.CHECKS
        ],
    }  # fmt: skip
    return render(request, "transparency/integrity.html", context)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The newest head, the keys, every head, and the question whether one continues another."""
    before = request.GET.get("before", "")
    seals = queries.signed_seals()
    if before.isdecimal() and len(before) < 19:
        seals = seals.filter(number__lt=int(before))
    shown = list(seals[: PAGE + 1])
    asked = {"first", "second"} & request.GET.keys()
    form = CompareForm(request.GET if asked else None)
    compared = form.compared() if asked and form.is_valid() else None
    context = {
        "newest": queries.latest(), "keys": queries.keys(), "backlog": queries.backlog(),
        "late": queries.is_late(clock.now()), "form": form, "compared": compared,
        "heads": [*map(heads.head_of, shown[:PAGE])],
        "older": shown[PAGE - 1].number if len(shown) > PAGE else None, "first_page": not before,
    }  # fmt: skip
    status = 422 if asked and compared is None else 200
    return render(request, "transparency/log.html", context, status=status)


@require_safe
def head(request: HttpRequest, number: int) -> HttpResponse:
    """One head: what was signed, and that the newest one continues it."""
    found, newest = queries.head(number), queries.latest()
    if found is None or newest is None:
        raise Http404
    context = {
        "head": found, "newest": newest, "genuine": found.is_signed_by(found.public_key),
        "continuation": queries.continuation(found, newest),
        "signed": heads.signed_text(found).decode(),
    }  # fmt: skip
    return render(request, "transparency/head.html", context)


@require_safe
def proof(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The proof of one row of record; 404 for what is not in the log."""
    names = {
        "transaction": _("Transaction"), "issuance": _("Issuance"),
        "cancellation": _("Cancellation"),
    }  # fmt: skip
    found = queries.proof_of(kind, pk) if kind in BY_KIND else None
    if found is None:
        raise Http404
    context = {
        "proof": panel.shown(found), "name": names[kind], "pk": pk, "record": found.disclosed(),
    }  # fmt: skip
    return render(request, "transparency/proof.html", context)


@require_safe
def heads_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every signed head, one JSON line each, to be kept where this registry cannot reach it."""
    answer = StreamingHttpResponse(publishing.lines(), content_type="application/jsonl")
    answer["Content-Disposition"] = 'attachment; filename="heads.jsonl"'
    return answer


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The verifier, to be read and run at home."""
    answer = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer
