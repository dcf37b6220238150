"""What every edge does alike: call one action and put a refusal next to its cause."""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal import keyset, queues
from cdm_portal.queues import Item, Line
from cdm_portal.refusals import Forbidden, NotFound, Refused

P = ParamSpec("P")
R = TypeVar("R")


def attempt(
    form: BaseForm, action: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
) -> R | None:
    """Call an action; a refusal becomes errors of the form and the answer None.

    What one may not know of or do at all (NotFound, Forbidden) is not the form's matter and passes.
    """
    try:
        return action(*args, **kwargs)
    except (NotFound, Forbidden):
        raise
    except Refused as refusal:
        for field, messages in refusal.errors.items():
            for message in messages:
                form.add_error(field if field in form.fields else None, message)
        return None


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page; with an invalid bound form in it, the status is 422."""
    forms = [value for value in context.values() if isinstance(value, BaseForm)]
    wrong = any(form.is_bound and not form.is_valid() for form in forms)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, template, context, status=status)


def waiting(request: HttpRequest, lines: Iterable[Line | Item]) -> dict[str, Any]:
    """The page of a queue that the address names, for the components `queue` and `queue_pages`."""
    found = queues.page(lines, after=request.GET.get("after", ""))
    return {"items": found.items, "queue": found}


def listed(
    request: HttpRequest, rows: QuerySet[Any], order: Sequence[str], *, name: str = "after",
    size: int = keyset.SIZE, apart: bool = False,
) -> keyset.Slice:
    """The page of a list that the address names, for the component `keyset_pages`.

    `name` tells the lists of a page apart; going on in one leaves the others where they are.
    """
    query = request.GET.copy()
    found = keyset.page(rows, order, after=str(query.pop(name, [""])[-1]), size=size, apart=apart)
    found.first_url = f"?{query.urlencode()}"
    if found.after:
        query[name] = found.after
        found.next_url = f"?{query.urlencode()}"
    return found
