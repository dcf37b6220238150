"""The statement of an account: for its holder and the registry, page by page and as a file."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from cdm_portal.identity.access import actor_of, may
from cdm_portal.permissions import Right, Row
from cdm_portal.values import Actor
from registry import access, exports, queries
from registry.models import Account

FORMS = ("csv", "json")


@may((Row.BALANCE, Right.READ_ALL), (Row.ACCOUNT, Right.READ))
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Movements in and out, newest first; a page costs the same wherever it begins."""
    account = seen(actor_of(request), pk)
    before = request.GET.get("before", "")
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    rows = queries.statement(pk, place)
    context = {
        "account": account, "balance": queries.balance(pk), "rows": rows,
        "older": rows[-1].pk if len(rows) == queries.STATEMENT_PAGE else None,
        "newest": place is None,
    }  # fmt: skip
    return render(request, "registry/statement.html", context)


@may((Row.BALANCE, Right.READ_ALL), (Row.ACCOUNT, Right.READ))
def statement_export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The whole statement as a file."""
    account = seen(actor_of(request), pk)
    if form not in FORMS:
        raise Http404
    rows = exports.moved(queries.whole_statement(pk))
    return exports.answer(form, f"statement-{account.number}", exports.MOVED, rows)


def seen(actor: Actor, pk: int) -> Account:
    """An account that the actor may see. Raises Http404 for others and for none alike."""
    account = get_object_or_404(Account.objects.select_related("party"), pk=pk)
    if not access.sees(actor, account):
        raise Http404
    return account
