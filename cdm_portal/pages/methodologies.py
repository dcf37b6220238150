"""The methodologies and tools that are calculated here, publicly, with what nobody verified."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal.identity.access import may
from cdm_portal.permissions import Right, Row
from projects.methodologies import catalogue
from projects.methodologies.base import Calculable, Fact, FactKind, UnknownMethodology

ANSWERS = {
    FactKind.CHOICE: "a choice", FactKind.NUMBER: "a number", FactKind.WHOLE: "a whole number",
    FactKind.FLAG: "yes or no", FactKind.DAY: "a day", FactKind.TEXT: "one line of text",
    FactKind.NAMES: "names",
}


@may((Row.PARAMETERS, Right.SEE))
def methodologies(request: HttpRequest) -> HttpResponse:
    """The list, and the codes of what is not built."""
    return render(request, "pages/methodologies.html", {
        "groups": [
            {"kind": "methodologies", "built": [_row(m) for m in catalogue.methodologies()]},
            {"kind": "tools", "built": [_row(tool) for tool in catalogue.tools()]},
        ],
        "not_built": ", ".join(catalogue.not_built()),
    })


@may((Row.PARAMETERS, Right.SEE))
def methodology(request: HttpRequest, code: str) -> HttpResponse:
    """One, with its versions, the questions that it asks first, and its constants."""
    try:
        found = catalogue.get(code)
    except UnknownMethodology:
        raise Http404 from None
    return render(request, "pages/methodology.html", {
        "about": found, "versions": found.versions[::-1],
        "facts": [{"fact": fact, "answer": _answer(fact)} for fact in found.facts],
        "constants": found.constants,
    })


def _answer(fact: Fact) -> str:
    """What an answer looks like, in words."""
    if fact.options:
        return ", ".join(fact.options)
    return f"{ANSWERS[fact.kind]}, {fact.unit}" if fact.unit else ANSWERS[fact.kind]


def _row(calculable: Calculable[Any]) -> dict[str, Any]:
    newest = calculable.versions[-1]
    return {
        "code": calculable.code, "title": calculable.title,
        "versions": ", ".join(version.version for version in calculable.versions),
        "verified": newest.verified,
    }
