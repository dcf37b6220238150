"""The methodologies and tools that are calculated here, publicly, with what nobody verified."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request
from rest_framework.views import APIView

from cdm_portal import edges
from cdm_portal.identity.access import may
from cdm_portal.pages import trying
from cdm_portal.pages.api_calculations import Pace
from cdm_portal.permissions import Right, Row
from projects.methodologies import catalogue, validity
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
    """One, with its versions, questions and constants, and a calculation to try.

    What is sent is calculated and answered at once; nothing of it is kept.
    """
    try:
        found = catalogue.get(code)
    except UnknownMethodology:
        raise Http404 from None
    sent = request.POST if request.method == "POST" else None
    late = sent is not None and not Pace().allow_request(Request(request), APIView())
    trial = trying.Trial(found, None if late else sent)
    context = {
        "about": found, "versions": validity.versions(found)[::-1],
        "facts": [{"fact": fact, "answer": _answer(fact)} for fact in found.facts],
        "constants": found.constants, "trial": trial, "late": late,
        "questions": trial.questions, "inputs": trial.inputs,
    }
    response = edges.page(request, "pages/methodology.html", context)
    if late:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    return response


def _answer(fact: Fact) -> str:
    """What an answer looks like, in words."""
    if fact.options:
        return ", ".join(fact.options)
    return f"{ANSWERS[fact.kind]}, {fact.unit}" if fact.unit else ANSWERS[fact.kind]


def _row(calculable: Calculable[Any]) -> dict[str, Any]:
    versions = validity.versions(calculable)
    return {
        "code": calculable.code, "title": calculable.title,
        "versions": ", ".join(version.version for version in versions),
        "verified": versions[-1].verified,
    }
