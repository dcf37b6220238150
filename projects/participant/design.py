"""What a design document says: its facts for the engine, what it still lacks, what it expects.

Reads the content that `sections` cleaned. Nothing here is stored; the same functions serve the
draft on its pages and the moment in which it is frozen.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from decimal import Decimal
from typing import Any

from cdm_portal import parameters
from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects.methodologies import catalogue, periods, units
from projects.methodologies.base import (
    Activity,
    Calculation,
    Context,
    GridFactor,
    Methodology,
    Parameter,
    Quantity,
    Technology,
    UnknownMethodology,
)
from projects.methodologies.units import UnitError
from projects.models import Project
from projects.participant import sections
from projects.participant.sections import NEEDED

Content = Mapping[str, Any]
Faults = dict[str, list[str]]

HOURS_OF_A_YEAR = 8784
LIMIT_OF = {"fixed": "fixed_crediting_years", "renewable": "renewable_crediting_years"}


TECHNOLOGY_OF = {
    Project.Sector.SOLAR.value: Technology.SOLAR,
    Project.Sector.WIND.value: Technology.WIND,
    Project.Sector.HYDRO.value: Technology.HYDRO,
    Project.Sector.RESERVOIR.value: Technology.HYDRO,
    Project.Sector.GEOTHERMAL.value: Technology.GEOTHERMAL,
    Project.Sector.TIDAL.value: Technology.TIDAL,
    Project.Sector.BIOMASS.value: Technology.BIOMASS,
}
"""What the catalogue calls a project, in the methodologies' words."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One year of crediting with its calculation."""

    number: int
    period: Period
    calculation: Calculation


def part(content: Content, section: str) -> dict[str, Any]:
    """The values of one section, empty when it was never saved."""
    return dict(content.get(section) or {})


def canonical(record: Any) -> bytes:
    """JSON with sorted keys and no spaces: the bytes under a hash."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest(record: Any) -> str:
    """The SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(record)).hexdigest()


def crediting_number(content: Content) -> int:
    """Which crediting period the document is for: 1, or more after a renewal."""
    return int(content.get("crediting_number", 1))


def context_of(content: Content, *, commitment_period: int = 2) -> Context | None:
    """The facts that the methodologies ask for; None while the description lacks them.

    None too for a kind of project for which no methodology is built here.
    """
    general, rules = part(content, "general"), part(content, "methodology")
    sector, capacity = general.get("sector"), general.get("installed_mw")
    if capacity is None or sector not in TECHNOLOGY_OF:
        return None
    area = rules.get("reservoir_area_km2")
    return Context(
        technology=TECHNOLOGY_OF[sector],
        capacity_mw=Decimal(capacity),
        activity=Activity(rules.get("activity", Activity.GREENFIELD)),
        grid_connected=rules.get("grid_connected", True),
        commitment_period=commitment_period,
        grid_factor=GridFactor(rules.get("grid_factor", GridFactor.COMBINED_MARGIN)),
        reservoir_area_km2=None if area is None else Decimal(area),
        fuels=tuple(rules.get("fuels", ())),
        equipment_transferred=rules.get("equipment_transferred", False),
        crediting_period=crediting_number(content),
    )


def methodology_of(content: Content) -> Methodology[Context] | None:
    """The methodology chosen, if it is one of the catalogue."""
    code = part(content, "methodology").get("code")
    try:
        return catalogue.for_design(code) if code else None
    except UnknownMethodology:
        return None


def zone_of(content: Content) -> timezone:
    """The project's standard time as a fixed offset from UTC."""
    written = part(content, "location").get("utc_offset", "+00:00")
    hours, minutes = int(written[1:3]), int(written[4:6])
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def crediting_of(content: Content) -> Period | None:
    """The crediting period, once its first day and its years are stated."""
    stated = part(content, "crediting")
    if "first_date" not in stated or "years" not in stated:
        return None
    first = date.fromisoformat(stated["first_date"])
    return Period(first, periods.years_later(first, stated["years"]) - timedelta(days=1))


# The methodology and its parameters


def methodology_faults(content: Content, days: Sequence[date]) -> Faults:
    """Why the choice of methodology cannot stand, by box. `days`: on one of them it must be valid.
    """
    chosen = part(content, "methodology")
    code, version, scale = (chosen.get(name) for name in ("code", "version", "scale"))
    if not code:
        return {}
    try:
        methodology = catalogue.for_design(code)
    except UnknownMethodology as unknown:
        return {"code": [unknown.message]}
    faults: Faults = {}
    if version and (fault := _version_fault(methodology, version, days)):
        faults["version"] = [fault]
    if scale and scale != methodology.scale:
        faults["scale"] = [
            f"{methodology.code} is a {methodology.scale}-scale methodology and cannot be used for "
            f"a {scale}-scale project."
        ]
    if reasons := unmet(methodology, content):
        faults["code"] = [f"{methodology.code} does not apply: {reason}." for reason in reasons]
    return faults


def unmet(methodology: Methodology[Context], content: Content) -> list[str]:
    """Why a methodology does not apply to the project described; empty if it does or may."""
    sector = part(content, "general").get("sector")
    if sector and sector not in TECHNOLOGY_OF:
        label = Project.Sector(sector).label.lower()
        return [f"no calculation for {label} is built here"]
    context = context_of(content)
    if context is None:
        return []
    return [each.reason for each in methodology.applicability(context) if not each.met]


def _version_fault(
    methodology: Methodology[Context], version: str, days: Sequence[date]
) -> str | None:
    if any(catalogue.version_valid_on(methodology.code, version, day) for day in days):
        return None
    day = days[0]
    valid = [v.version for v in catalogue.valid_versions(methodology.code, day)]
    instead = f"Valid then: {', '.join(valid)}." if valid else "None known here was valid then."
    return (
        f"Version {version} of {methodology.code} was not valid on {day:%-d %B %Y}. {instead}"
    )


def fixed_parameters(content: Content) -> tuple[Parameter, ...]:
    """What the design has to fix; empty until methodology and description are there."""
    methodology, context = methodology_of(content), context_of(content)
    return methodology.fixed(context) if methodology and context else ()


def monitored_parameters(content: Content) -> tuple[Parameter, ...]:
    """What has to be measured: the monitoring plan."""
    methodology, context = methodology_of(content), context_of(content)
    return methodology.monitored(context) if methodology and context else ()


def fixed_faults(content: Content, *, complete: bool) -> Faults:
    """What is wrong with the values fixed, by box; with `complete` also what is missing."""
    given = part(content, "parameters").get("fixed", {})
    faults: Faults = {}
    for parameter in fixed_parameters(content):
        row, symbol = given.get(parameter.symbol, {}), parameter.symbol
        if "value" not in row:
            if complete and parameter.default is None:
                faults[f"{symbol}_value"] = [f"{symbol} is missing: {parameter.meaning}."]
            continue
        for box, fault in _row_faults(parameter, row).items():
            faults[f"{symbol}_{box}"] = [f"{symbol}: {fault}"]
        if complete and not row.get("source"):
            faults[f"{symbol}_source"] = [f"{symbol}: say where the value is from."]
    return faults


def _row_faults(parameter: Parameter, row: Mapping[str, str]) -> dict[str, str]:
    try:
        value = _quantity(parameter, row).in_unit(parameter.unit)
    except UnitError as fault:
        return {"unit": f"{fault}."}
    problem = parameter.problem_with(value)
    return {"value": f"{problem}."} if problem else {}


def _quantity(parameter: Parameter, row: Mapping[str, str]) -> Quantity:
    return Quantity(Decimal(row["value"]), row.get("unit") or parameter.unit)


def fixed_inputs(content: Content) -> dict[str, Quantity]:
    """The values fixed, with the units in which they were given; defaults left to the engine."""
    given = part(content, "parameters").get("fixed", {})
    return {
        each.symbol: _quantity(each, given[each.symbol])
        for each in fixed_parameters(content)
        if "value" in given.get(each.symbol, {})
    }


# The crediting period and what is expected in it


def crediting_faults(content: Content, on: date) -> Faults:
    """Whether the crediting period is longer than its kind allows on that day."""
    stated = part(content, "crediting")
    if "kind" not in stated or "years" not in stated:
        return {}
    if stated["kind"] == "fixed" and "eligibility" in content:
        return {"kind": ["The period of a programme is renewed: choose a renewable one."]}
    longest = parameters.number(LIMIT_OF[stated["kind"]], on)
    if stated["years"] <= longest:
        return {}
    return {"years": [f"A {stated['kind']} crediting period lasts at most {longest} years."]}


def years_of(content: Content) -> list[Period]:
    """The years of the crediting period, from anniversary to anniversary."""
    crediting = crediting_of(content)
    return list(periods.crediting_years(crediting)) if crediting else []


def expected(content: Content) -> list[dict[str, str]]:
    """What is expected in each year; a blank takes the figure of the year before."""
    given = part(content, "reductions").get("years", {})
    rows: list[dict[str, str]] = []
    for number, _ in enumerate(years_of(content), start=1):
        rows.append({**(rows[-1] if rows else {}), **given.get(str(number), {})})
    return rows


def estimates(content: Content) -> tuple[Estimate, ...]:
    """The reductions of every year, computed. Raises Invalid, by box `y<year>_<symbol>`.

    Empty while the sections that it rests on are not there.
    """
    methodology, context = methodology_of(content), context_of(content)
    version = part(content, "methodology").get("version")
    if methodology is None or context is None or not version:
        return ()
    symbols = {parameter.symbol for parameter in methodology.monitored(context)}
    rows = [
        {symbol: value for symbol, value in row.items() if symbol in symbols}
        for row in expected(content)
    ]
    if not any(rows):
        return ()
    return tuple(
        _estimate(content, methodology, version, number, year, row)
        for number, (year, row) in enumerate(zip(years_of(content), rows, strict=True), start=1)
    )


def _estimate(
    content: Content, methodology: Methodology[Context], version: str, number: int, year: Period,
    row: Mapping[str, str],
) -> Estimate:
    border = periods.LAST_DAY_OF_FIRST_COMMITMENT_PERIOD
    context = context_of(content, commitment_period=1 if year.first <= border else 2)
    if context is None:
        raise Invalid.of("", "The description lacks the installed capacity.")
    try:
        found = methodology.ex_ante(
            version=version, context=context, inputs={**fixed_inputs(content), **row}, year=number
        )
    except Invalid as refusal:
        raise Invalid(
            {f"y{number}_{symbol}": [f"Year {number}: {symbol} {message}." for message in messages]
             for symbol, messages in refusal.errors.items()}
        ) from refusal
    return Estimate(number, year, found)


def expectation_faults(content: Content) -> Faults:
    """What cannot be in the figures expected, by box: unknown symbols, sizes out of range."""
    known = {each.symbol: each for each in monitored_parameters(content)}
    faults: Faults = {}
    for year, row in part(content, "reductions").get("years", {}).items():
        for symbol, written in row.items():
            if problem := _expectation_fault(content, known, symbol, Decimal(written)):
                faults[f"y{year}_{symbol}"] = [f"Year {year}: {problem}"]
    return faults


def _expectation_fault(
    content: Content, known: Mapping[str, Parameter], symbol: str, value: Decimal
) -> str | None:
    if not known:
        return None
    if symbol not in known:
        return f"{symbol} is not monitored under this methodology."
    if problem := known[symbol].problem_with(value):
        return f"{symbol}: {problem}."
    capacity = Decimal(part(content, "general")["installed_mw"])
    most = capacity * HOURS_OF_A_YEAR
    if known[symbol].unit != units.MWH or value <= most:
        return None
    return (
        f"{units.plain(value)} MWh of {symbol} is more than {units.plain(capacity)} MW deliver "
        f"in a year ({units.plain(most)} MWh). Is it in kWh?"
    )


def calculation(found: Sequence[Estimate]) -> dict[str, Any]:
    """The estimates as they are frozen: every year with its steps, total and yearly average."""
    total = sum(each.calculation.reductions for each in found)
    return {
        "years": [
            {
                "number": each.number,
                "first": each.period.first.isoformat(),
                "last": each.period.last.isoformat(),
                "calculation": each.calculation.as_dict(),
            }
            for each in found
        ],
        "total": total,
        "annual_average": total // len(found) if found else 0,
    }


# Complete or not


def problems(content: Content, *, days: Sequence[date]) -> dict[str, list[str]]:
    """What each section still lacks before the document can be frozen; empty lists are done."""
    found = {each.key: _missing(content, each.key) for each in sections.of(content)}
    found["methodology"] += _flat(methodology_faults(content, days))
    found["parameters"] += _flat(fixed_faults(content, complete=True))
    found["crediting"] += _flat(crediting_faults(content, days[0]))
    if not found["methodology"] and not found["parameters"] and not found["crediting"]:
        found["reductions"] += _reductions_problems(content)
    return found


def _missing(content: Content, section: str) -> list[str]:
    given = part(content, section)
    return [said for box, said in NEEDED[section].items() if not given.get(box)]


def _reductions_problems(content: Content) -> list[str]:
    faults = expectation_faults(content)
    try:
        estimates(content)
    except Invalid as refusal:
        faults = faults or refusal.errors
    return _flat(faults)


def _flat(faults: Mapping[str, Sequence[str]]) -> list[str]:
    return [message for messages in faults.values() for message in messages]
