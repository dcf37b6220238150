"""Average times per stage: a public page, the same rows as files, and a project beside them."""

import csv
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_lazy as _

from cdm_portal import clock, edges
from cdm_portal.drawing import charts
from projects.board.queries import times
from projects.board.queries.times import StageTime
from projects.lifecycle import EIGHT
from projects.models import MonitoringPeriod, Project
from registry.models import Party

FIELDS = ("rules", "stage_number", "stage", "completed", "median_days", "ninth_decile_days",
          "definition")
LEGEND = [
    {"kind": "hatch", "label": _("Nine tenths of the cases within")},
    {"kind": "solid", "label": _("Half of the cases within")},
]


class TimesForm(forms.Form):
    """What the cases are narrowed by. Historic and demonstration cases are never counted together.
    """

    rules = forms.ChoiceField(label=_("Rules"), choices=Project.Rules.choices, required=False)
    host = forms.ChoiceField(label=_("Host Party"), required=False)
    type = forms.ChoiceField(label=_("Kind of project"), required=False)
    scale = forms.ChoiceField(label=_("Scale"), required=False)
    year = forms.TypedChoiceField(
        label=_("Completed in"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = times.choices()
        names = dict(Party.objects.filter(code__in=found["host"]).values_list("code", "name"))
        last = clock.now().year
        self._offer("host", [(code, names.get(code, code)) for code in found["host"]])
        for name, labels in (("type", Project.Sector), ("scale", Project.Scale)):
            self._offer(name, [(key, label) for key, label in labels.choices if key in found[name]])
        years = range(last, (found["first_year"] or [last])[0] - 1, -1)
        self._offer("year", [(str(year), str(year)) for year in years])

    def _offer(self, name: str, options: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", _("All")), *options]  # type: ignore[attr-defined] # a ChoiceField

    def asked(self) -> dict[str, Any]:
        """The filters for `times.stage_times`; nothing usable asked for is every case."""
        given = self.cleaned_data
        return {
            "rules": given.get("rules") or usual_rules(), "host": given.get("host", ""),
            "type": given.get("type", ""), "scale": given.get("scale", ""),
            "year": given.get("year") or 0,
        }


def usual_rules() -> str:
    """Under which rules cases are counted where nobody says: those of the installation."""
    demonstration = settings.CDM_DEMONSTRATION
    return (Project.Rules.DEMONSTRATION if demonstration else Project.Rules.HISTORIC).value


def stage_times(request: HttpRequest) -> HttpResponse:
    """How long each stage takes, with a chart, its table and what is counted."""
    form = TimesForm({"rules": usual_rules()} | request.GET.dict())
    rows = times.stage_times(**form.asked()) if form.is_valid() else []
    return edges.page(request, "pages/times.html", {
        "form": form, "rows": rows, "counted": sum(row.completed for row in rows),
        "chart": _chart(rows), "legend": LEGEND,
        "rules": dict(Project.Rules.choices).get(form.cleaned_data.get("rules", ""), ""),
    })


def _chart(rows: list[StageTime]) -> str:
    bars = [
        charts.Bar(
            label=f"Stage {EIGHT.index(row.stage) + 1}",
            estimated=None if row.ninth_decile_days is None else Decimal(row.ninth_decile_days),
            issued=None if row.median_days is None else Decimal(row.median_days),
        )
        for row in rows
    ]
    return charts.bars(bars, "days", "Days per stage: nine tenths, and half, of the cases within")


def row_of(row: StageTime, rules: str) -> dict[str, Any]:
    """A row of the files and of the API; days are None where no case completed the stage."""
    return {
        "rules": rules, "stage_number": EIGHT.index(row.stage) + 1, "stage": row.stage.value,
        "completed": row.completed, "median_days": row.median_days,
        "ninth_decile_days": row.ninth_decile_days, "definition": row.definition,
    }


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly the rows of the page, as CSV or JSON."""
    filters = TimesForm(request.GET)
    if not filters.is_valid() or form not in {"csv", "json"}:
        raise Http404
    asked = filters.asked()
    rows = [row_of(row, asked["rules"]) for row in times.stage_times(**asked)]
    if form == "json":
        return JsonResponse({"data": rows})
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="stage-times.csv"'
    writer = csv.DictWriter(response, FIELDS)
    writer.writeheader()
    writer.writerows(rows)
    return response


def beside(project: Project, period: MonitoringPeriod | None) -> list[dict[str, Any]]:
    """The days of one project for each stage that it completed, beside all cases of its rules."""
    own = times.own_days(project, period)
    return [
        {"label": row.stage.label, "days": own[row.stage], "median": row.median_days,
         "completed": row.completed}
        for row in times.stage_times(project.rules) if row.stage in own
    ]
