"""Pages of text: how it works, accessibility, data and methods, privacy, terms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdm_portal import clock, parameters
from offsets.views.privacy import kept
from projects.lifecycle import EIGHT
from projects.methodologies import catalogue, validity


def how_it_works(request: HttpRequest) -> HttpResponse:
    """The eight stages and who acts in each."""
    today = clock.today()
    return render(request, "pages/how_it_works.html", {
        "stages": EIGHT,
        "days": parameters.number("registration_review_days", today),
        "members": parameters.number("review_members", today),
    })


def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use the portal, and whom to tell when it fails."""
    return render(request, "pages/accessibility.html")


def data(request: HttpRequest) -> HttpResponse:
    """Where the figures come from and what was not verified."""
    return render(request, "pages/data.html", {"methodologies": [
        {"code": each.code, "title": each.title, "versions": validity.versions(each)}
        for each in catalogue.all()
    ]})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, and how long."""
    return render(request, "pages/privacy.html", kept(clock.today()))


def terms(request: HttpRequest) -> HttpResponse:
    """Terms of paying and cancelling, and how to complain."""
    return render(request, "pages/terms.html")


def api_docs(request: HttpRequest) -> HttpResponse:
    """The API's documentation, drawn from its schema by files of our own."""
    return render(request, "pages/api_docs.html")
