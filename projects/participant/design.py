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
from projects.methodologies import catalogue, gwp, periods, units
from projects.methodologies.base import (
    Applicability,
    Calculation,
    Facts,
    Methodology,
    Parameter,
    Quantity,
    Table,
    UnknownMethodology,
)
from projects.methodologies.units import UnitError
from projects.models import Project
from projects.participant import facts, rows, sections
from projects.participant.sections import NEEDED

Content = Mapping[str, Any]
Faults = dict[str, list[str]]

HOURS_OF_A_YEAR = 8784
LIMIT_OF = {"fixed": "fixed_crediting_years", "renewable": "renewable_crediting_years"}


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


def methodology_of(content: Content) -> Methodology[Any] | None:
    """What calculates the version chosen of the methodology chosen, if the catalogue has it."""
    chosen = part(content, "methodology")
    try:
        found = catalogue.for_design(chosen["code"]) if chosen.get("code") else None
    except UnknownMethodology:
        return None
    return facts.in_version(found, str(chosen.get("version", ""))) if found else None


def facts_of(content: Content, *, commitment_period: int = 2, year: int = 1) -> Facts | None:
    """The facts that the methodology chosen asks for; None while one is missing."""
    methodology = methodology_of(content)
    if methodology is None:
        return None
    return facts.of(content, methodology, commitment_period=commitment_period, year=year)


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


def unmet(methodology: Methodology[Any], content: Content) -> list[str]:
    """Why a methodology does not apply to the project described; empty if it does or may."""
    sector = part(content, "general").get("sector")
    electric = facts.asks_for(methodology, facts.TECHNOLOGY)
    if electric and sector and sector not in facts.TECHNOLOGY_OF:
        label = Project.Sector(sector).label.lower()
        return [f"it is for electricity, and the project is described as {label}"]
    return [each.reason for each in conditions(methodology, content) if not each.met]


def conditions(methodology: Methodology[Any], content: Content) -> tuple[Applicability, ...]:
    """The conditions with what the project described answers; none while facts are missing."""
    found = facts.of(content, methodology)
    return methodology.applicability(found) if found else ()


def _version_fault(
    methodology: Methodology[Any], version: str, days: Sequence[date]
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
    methodology, known = methodology_of(content), facts_of(content)
    return methodology.fixed(known) if methodology and known else ()


def monitored_parameters(content: Content) -> tuple[Parameter, ...]:
    """What has to be measured: the monitoring plan."""
    methodology, known = methodology_of(content), facts_of(content)
    return methodology.monitored(known) if methodology and known else ()


def tables(content: Content) -> tuple[Table, ...]:
    """The tables whose rows are stated for every year expected, and in every period."""
    methodology, known = methodology_of(content), facts_of(content)
    return methodology.tables(known) if methodology and known else ()


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


def expected(content: Content) -> list[dict[str, Any]]:
    """What is expected in each year; a blank takes the figure of the year before."""
    given = part(content, "reductions").get("years", {})
    found: list[dict[str, Any]] = []
    for number, _ in enumerate(years_of(content), start=1):
        found.append({**(found[-1] if found else {}), **given.get(str(number), {})})
    return found


def estimates(content: Content) -> tuple[Estimate, ...]:
    """The reductions of every year, computed. Raises Invalid, by box `y<year>_<symbol>`.

    Empty while the sections that it rests on are not there.
    """
    methodology, known = methodology_of(content), facts_of(content)
    version = part(content, "methodology").get("version")
    if methodology is None or known is None or not version:
        return ()
    symbols = {each.symbol for each in methodology.monitored(known)}
    symbols |= {each.symbol for each in methodology.tables(known)}
    given = [
        {symbol: value for symbol, value in row.items() if symbol in symbols}
        for row in expected(content)
    ]
    if not any(given):
        return ()
    return tuple(
        _estimate(content, methodology, version, number, year, row)
        for number, (year, row) in enumerate(zip(years_of(content), given, strict=True), start=1)
    )


def _estimate(
    content: Content, methodology: Methodology[Any], version: str, number: int, year: Period,
    row: Mapping[str, Any],
) -> Estimate:
    """One year; it has the potentials of its first day, also where others begin within it."""
    context = facts.of(
        content, methodology, commitment_period=gwp.set_on(year.first), year=year.first.year
    )
    if context is None:
        raise Invalid.of("", "The section on the methodology lacks an answer.")
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
    indexed = {each.symbol: each for each in tables(content)}
    faults: Faults = {}
    for year, row in part(content, "reductions").get("years", {}).items():
        for symbol, written in row.items():
            if symbol in indexed and isinstance(written, list):
                said = rows.faults(indexed[symbol], written)
            else:
                problem = _expectation_fault(content, known, symbol, written)
                said = [problem] if problem else []
            if said:
                faults[f"y{year}_{symbol}"] = [f"Year {year}: {each}" for each in said]
    return faults


def _expectation_fault(
    content: Content, known: Mapping[str, Parameter], symbol: str, written: Any
) -> str | None:
    stated = facts_of(content)
    if stated is None:
        return None
    if symbol not in known or isinstance(written, list):
        return f"{symbol} is not monitored under this methodology."
    value = Decimal(written)
    if problem := known[symbol].problem_with(value):
        return f"{symbol}: {problem}."
    capacity = facts.capacity(stated)
    if capacity is None or known[symbol].unit != units.MWH:
        return None
    most = capacity * HOURS_OF_A_YEAR
    if value <= most:
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
    given, chosen = part(content, section), methodology_of(content)
    lacking = [said for box, said in NEEDED[section].items() if not given.get(box)]
    if chosen is None:
        return lacking
    if section == "methodology":
        lacking += facts.missing(content, chosen)
    box = facts.DESCRIBED[facts.CAPACITY]
    if section == "general" and not given.get(box) and facts.asks_for(chosen, facts.CAPACITY):
        lacking.append("The installed capacity is missing.")
    return lacking


def _reductions_problems(content: Content) -> list[str]:
    faults = expectation_faults(content)
    try:
        estimates(content)
    except Invalid as refusal:
        faults = faults or refusal.errors
    return _flat(faults)


def _flat(faults: Mapping[str, Sequence[str]]) -> list[str]:
    return [message for messages in faults.values() for message in messages]
