"""The rule parameters, publicly: every number of the rules with its source."""

from datetime import date
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal import clock, formats
from cdm_portal import parameters as rules
from cdm_portal.identity.access import may
from cdm_portal.permissions import Right, Row
from cdm_portal.rulebook import queries


@may((Row.PARAMETERS, Right.SEE))
def parameters(request: HttpRequest) -> HttpResponse:
    """The whole table with its history; what was not compared with the published text says so."""
    rows = [{"row": row, "value": written(row.value)} for row in queries.history()]
    context = {"rows": rows, "today": clock.now().date()}
    return render(request, "pages/parameters.html", context)


def written(value: rules.Value) -> str:
    """A value as pages show it: a day in words, a share as a fraction, thousands parted."""
    if isinstance(value, date):
        return formats.day(value)
    return str(value) if isinstance(value, Fraction) else formats.figure(value)
