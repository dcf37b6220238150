"""How the tonnes of a frozen monitoring report were made: steps, inputs, and where each is from.

Everything is read from the frozen report and from the frozen design document that it rests on;
what other inputs would come to is in `varied`. Nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cdm_portal import parameters as rules
from cdm_portal.drawing import formulas
from cdm_portal.refusals import Refused
from cdm_portal.values import Period
from projects.methodologies import units
from projects.methodologies.base import Calculation, Kind, Parameter, Part, Step, together
from projects.methodologies.calculation import walk
from projects.participant import dated, design
from projects.participant.models import DesignVersion, MonitoringReport

Row = dict[str, Any]
PARTS = (Part.BASELINE, Part.PROJECT, Part.LEAKAGE, Part.REDUCTIONS)
PART_LABELS = {
    Part.BASELINE: "Baseline emissions",
    Part.PROJECT: "Project emissions",
    Part.LEAKAGE: "Leakage emissions",
    Part.REDUCTIONS: "Emission reductions",
}
GASES = {"GWP_CH4": "gwp_ch4", "GWP_N2O": "gwp_n2o", "GWP_SF6": "gwp_sf6", "GWP_HFC23": "gwp_hfc23"}


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a monitoring period in one commitment period and under one set of potentials,
    with its frozen calculation; `potentials` is None where none enters.
    """

    commitment_period: int
    period: Period
    values: Mapping[str, str]
    units: Mapping[str, str]
    readings: Mapping[str, int]
    filled: Mapping[str, int]
    calculation: Calculation
    potentials: int | None

    @property
    def number(self) -> int:
        """What tells it from the other shares: its set of potentials, or its commitment period."""
        return self.potentials or self.commitment_period


@dataclass(frozen=True, slots=True)
class Ground:
    """A report with what it rests on: `parameters` are those of the methodology, by symbol; none
    where the version is not built here any more.
    """

    report: MonitoringReport
    version: DesignVersion
    shares: tuple[Share, ...]
    parameters: Mapping[str, Parameter]

    @property
    def content(self) -> Mapping[str, Any]:
        """The frozen report."""
        found: Mapping[str, Any] = self.report.content
        return found


def ground(report: MonitoringReport) -> Ground:
    """Read a frozen report. Asks for the design document's version, and nothing else."""
    content = report.content
    version = DesignVersion.objects.select_related("project").get(
        project_id=report.period.project_id, number=content["design_version"]
    )
    methodology = design.methodology_of(version.content)
    context = design.facts_of(version.content)
    known: dict[str, Parameter] = {}
    if methodology and context:
        try:
            kind = methodology.in_version(content["methodology"]["version"])
            known = {each.symbol: each for each in kind.parameters(context)}
        except Refused:
            known = {}
    return Ground(report, version, tuple(_share(row) for row in content["shares"]), known)


def _share(row: Mapping[str, Any]) -> Share:
    return Share(
        commitment_period=row["commitment_period"],
        period=Period(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])),
        values=row["values"],
        units=row["units"],
        readings=row["readings"],
        filled=row["filled"],
        calculation=Calculation.from_dict(row["calculation"]),
        potentials=row.get("potentials"),
    )


# The steps, and where their inputs come from


def parts(found: Ground, share: Share) -> list[Row]:
    """The steps of a share under the term of ER = BE − PE − LE to which each belongs."""
    steps = share.calculation.steps
    made = {each.symbol for each in walk(steps)}
    return [
        {
            "key": part.value,
            "label": PART_LABELS[part],
            "steps": [_step(found, share, each, made) for each in steps if each.part is part],
        }
        for part in PARTS
        if any(each.part is part for each in steps)
    ]


def anchor(share: Share, symbol: str) -> str:
    """The place of a step on the page."""
    return f"step-{share.number}-{symbol}"


def _step(found: Ground, share: Share, step: Step, made: set[str], deep: str = "") -> Row:
    below = f"{deep}{step.symbol}-"
    return {
        "anchor": anchor(share, deep + step.symbol),
        "symbol": formulas.symbol(step.symbol),
        "name": step.symbol,
        "title": step.title,
        "formula": formulas.mathml(step.formula),
        "written": step.formula,
        "value": step.value,
        "unit": step.unit,
        "source": step.source,
        "note": step.note,
        "verified": step.verified,
        "tool": step.tool,
        "inputs": [_input(found, share, each, made, step) for each in step.inputs],
        "parts": [_step(found, share, each, made, below) for each in step.parts],
    }


def _input(found: Ground, share: Share, given: Any, made: set[str], step: Step) -> Row:
    parameter = found.parameters.get(given.symbol)
    return {
        "symbol": formulas.symbol(given.symbol),
        "name": given.symbol,
        "value": given.value,
        "unit": given.unit,
        "meaning": parameter.meaning if parameter else "",
        **origin(found, share, given.symbol, made - {step.symbol}),
    }


def origin(found: Ground, share: Share, symbol: str, made: set[str]) -> Row:
    """Where a value comes from: the file of readings, the design document, another step, a rule or
    a default of the methodology. `from` in words, `url` where it can be followed.
    """
    case, number = found.version.project.name, found.report.period.number
    if symbol in surveyed(found):
        return {"kind": "monitored", "from": _("survey"), "url": "#surveys"}
    if symbol in share.values:
        return {
            "kind": "monitored",
            "from": _("readings"),
            "url": reverse("tonne_readings", args=[case, number, symbol]),
        }
    if symbol in found.content["fixed"]:
        row = found.content["fixed"][symbol]
        page = reverse(
            "participant-public:design_version", args=[case, found.content["design_version"]]
        )
        said = _("design document, version %(n)s") % {"n": found.content["design_version"]}
        return {
            "kind": "fixed",
            "from": said,
            "url": f"{page}#s-parameters",
            "source": row.get("source", ""),
        }
    if stated := _cell(found, symbol):
        return stated
    if symbol in made:
        return {"kind": "step", "from": _("step above"), "url": f"#{_made_at(share, symbol)}"}
    return _ruled(found, share, symbol)


def _cell(found: Ground, symbol: str) -> Row | None:
    """Where the number of a row is from, which goes by `column[label]`; None for another symbol."""
    column = symbol.partition("[")[0]
    for table in found.content.get("tables", ()) if column != symbol else ():
        if column in {each["name"] for each in table["columns"]}:
            return {
                "kind": "rows",
                "from": _("row of the table %(name)s") % {"name": table["symbol"]},
                "url": f"#table-{table['symbol']}",
            }
    return None


def surveyed(found: Ground) -> set[str]:
    """What a survey gave, and no meter."""
    return {row["symbol"] for row in found.content.get("surveys", ())}


def _made_at(share: Share, symbol: str) -> str:
    return next(
        (place for place, name in _places(share, share.calculation.steps) if name == symbol), ""
    )


def _places(share: Share, steps: Sequence[Step], deep: str = "") -> list[tuple[str, str]]:
    here = [(anchor(share, deep + each.symbol), each.symbol) for each in steps]
    return here + [
        place for each in steps for place in _places(share, each.parts, f"{deep}{each.symbol}-")
    ]


def _ruled(found: Ground, share: Share, symbol: str) -> Row:
    """A value that nobody of the project chose: dated by the rules, or the methodology's own."""
    parameter = found.parameters.get(symbol)
    if symbol in GASES or (parameter and parameter.kind is Kind.DATED):
        said = _("rule for reductions %(reach)s") % {"reach": dated.reach(share.number)}
        return {
            "kind": "dated",
            "from": said,
            "url": reverse("parameters"),
            "source": parameter.source if parameter else "",
        }
    if parameter is not None:
        return {
            "kind": "default",
            "from": _("default of the methodology"),
            "url": "",
            "source": parameter.source,
        }
    return {"kind": "constant", "from": _("the step's own source"), "url": ""}


def monitored(found: Ground, share: Share) -> list[Row]:
    """What was measured: its sum or mean, how many readings, how many stand in for missing ones."""
    case, number = found.version.project.name, found.report.period.number
    return [
        {
            "symbol": formulas.symbol(name),
            "name": name,
            "value": value,
            "unit": share.units[name],
            "readings": share.readings[name],
            "filled": share.filled[name],
            "meaning": found.parameters[name].meaning if name in found.parameters else "",
            "url": "#surveys" if name in surveyed(found)
            else reverse("tonne_readings", args=[case, number, name]),
        }
        for name, value in share.values.items()
    ]


def methodology(found: Ground) -> Row:
    """The methodology's version with the days on which a design could take it up: the rule of date
    that chose it; and the warming potentials used, with the rule of date that chose those.
    """
    chosen = found.content["methodology"]
    built = design.methodology_of(found.version.content)
    row: Row = {
        "code": chosen["code"],
        "version": chosen["version"],
        "title": built.title if built else "",
        "submitted": found.version.submitted_at,
    }
    if built:
        try:
            version = built.version(chosen["version"])
        except Refused:
            return row
        row |= {
            "valid_from": version.valid_from,
            "valid_to": version.valid_to,
            "source": version.source,
            "verified": version.verified,
        }
    return row


def potentials(found: Ground) -> list[Row]:
    """The warming potentials that entered, by share, each with its rule and days."""
    rows = []
    for share in found.shares:
        used = {each.symbol: each for step in walk(share.calculation.steps) for each in step.inputs}
        for symbol, name in GASES.items():
            if symbol in used:
                rule = rules.shipped(name, rules.DAY_WITHIN[share.number])
                rows.append(
                    {
                        "symbol": formulas.symbol(symbol),
                        "value": used[symbol].value,
                        "unit": used[symbol].unit,
                        "period": share.period,
                        "valid_from": rule.valid_from,
                        "valid_to": rule.valid_to,
                        "source": rule.source,
                        "verified": rule.verified,
                    }
                )
    return rows


def rounding(found: Ground, share: Share) -> Row:
    """How the claim comes from a share: those of one commitment period are added up before the one
    rounding. `others`: how many there are beside it; `last`: the sum stands with this one.
    """
    parts = [each for each in found.shares if each.commitment_period == share.commitment_period]
    exact, whole = together([each.calculation for each in parts])
    return {
        "others": len(parts) - 1, "last": share is parts[-1], "exact": exact, "whole": whole,
        "claimed": found.content["claimed"][str(share.commitment_period)],
    }


# The estimate beside, and the sums


def estimated(version: DesignVersion, days: Period) -> Decimal:
    """The ex-ante estimate for some days, in tonnes: each year of the design document by the share
    of its days; no more than two decimals are kept.
    """
    with units.arithmetic():
        total = Decimal(0)
        for row in version.calculation["years"]:
            year = Period(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
            first, last = max(year.first, days.first), min(year.last, days.last)
            if first <= last:
                inside = Decimal(Period(first, last).days)
                total += Decimal(row["calculation"]["reductions"]) * inside / Decimal(year.days)
        return total.quantize(Decimal("0.01"))


def amounts(found: Ground) -> dict[str, Decimal]:
    """Baseline, project, leakage and reductions over all commitment periods, in exact tCO2e."""
    names = ("baseline", "project", "leakage", "reductions_exact")
    with units.arithmetic():
        return {
            name: sum((getattr(each.calculation, name) for each in found.shares), Decimal(0))
            for name in names
        }
