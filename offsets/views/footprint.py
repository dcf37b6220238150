"""The footprint calculator: whose and where, the questions, the result with its link.

Nothing is stored: the answers stand in the address, with the day whose figures were used.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cdm_portal import clock, edges, formats
from offsets.footprint import calculating, factors, questions, saying
from offsets.footprint.calculating import Footprint
from offsets.footprint.questions import Sheet, Who
from offsets.footprint_form import FootprintForm, WhoForm, day
from offsets.forms import LARGEST
from offsets.views import shown_footprint

WANTED = "wanted_tonnes"
"""Where the session remembers how many tonnes somebody wants to offset: what a basket offers."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Whose footprint, and where."""
    chosen = "who" in request.GET or "country" in request.GET
    form = WhoForm(request.GET if chosen else None)
    if chosen and form.is_valid():
        url = reverse("offsets:footprint_questions", args=[form.cleaned_data["who"]])
        return redirect(f"{url}?country={form.cleaned_data['country']}")
    return edges.page(request, "offsets/footprint_start.html", {"form": form})


def _sheet(request: HttpRequest, who: str) -> Sheet | None:
    """What is asked, by the figures of the day that the link names; None for no country or day.

    Raises Http404 for another kind of footprint.
    """
    if who not in list(Who):
        raise Http404
    country, on = request.GET.get("country", ""), day(request.GET.get("on", ""), clock.today())
    if country not in factors.countries() or on is None:
        return None
    return questions.sheet(Who(who), country, factors.load().edition(on))


@require_safe
def ask(request: HttpRequest, who: str) -> HttpResponse:
    """The questions, with the country's figures in them; answers of a link are filled in again."""
    sheet = _sheet(request, who)
    if sheet is None:
        return redirect(f"{reverse('offsets:footprint')}?who={who}")
    typed = {each.name: request.GET[each.name] for each in sheet.asked if each.name in request.GET}
    form = FootprintForm(sheet, typed=typed)
    return render(request, "offsets/footprint_questions.html", _asking(sheet, form))


def result(request: HttpRequest, who: str) -> HttpResponse:
    """The result; posted to, it remembers the tonnes and leads to the projects."""
    sheet = _sheet(request, who)
    if sheet is None:
        return redirect(f"{reverse('offsets:footprint')}?who={who}")
    form = FootprintForm(sheet, request.GET)
    if not form.is_valid():
        return edges.page(request, "offsets/footprint_questions.html", _asking(sheet, form))
    found = calculating.calculate(sheet, form.answers())
    if request.method == "POST" and found.tonnes:
        request.session[WANTED] = min(found.tonnes, LARGEST)
        return redirect("catalogue")
    words = saying.query(sheet, form.answers())
    return render(request, "offsets/footprint_result.html", _telling(request, found, words))


def _asking(sheet: Sheet, form: FootprintForm) -> dict[str, Any]:
    return {
        "form": form, "sheet": sheet, "country": factors.countries()[sheet.country],
        "event": sheet.who is Who.EVENT, "who": sheet.who.value,
    }


def _telling(request: HttpRequest, found: Footprint, words: str) -> dict[str, Any]:
    here = reverse("offsets:footprint_result", args=[found.sheet.who.value])
    ask_url = reverse("offsets:footprint_questions", args=[found.sheet.who.value])
    wanted = min(found.tonnes, LARGEST)
    return shown_footprint.told(found) | {
        "country": factors.countries()[found.sheet.country], "who": found.sheet.who.value,
        "link": request.build_absolute_uri(f"{here}?{words}"), "here": f"{here}?{words}",
        "change_url": f"{ask_url}?{words}", "wanted": wanted, "most": LARGEST,
        "offset_label": _("Offset %(n)s tonnes") % {"n": formats.tonnes(wanted)}
        if wanted != 1 else _("Offset 1 tonne"),
    }
