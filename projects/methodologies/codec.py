"""JSON in and out: `{"version": …, "facts": {…}, "inputs": {…}}` by the published names.

Unknown and missing names are refused by name, all at once. A number is a string or a JSON number
and is read exactly; it stands in the declared unit, or is `{"value": "…", "unit": "kWh"}`. A list
of objects fills a table. `on` is a day on which the version must be valid; `period`, the days of
the reductions as `{"from": …, "to": …}`, must lie in one commitment period. Read JSON text with
`loads`: an ordinary reader makes binary fractions of numbers, which are refused.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects.methodologies import catalogue, explaining, gwp, units, validity
from projects.methodologies.base import Calculable, Methodology, Tool, UnknownMethodology
from projects.methodologies.calculation import Calculation, Outcome, carry_over
from projects.methodologies.facts import F, Fact, Facts, Value, shown
from projects.methodologies.inputs import (
    Given,
    GivenRows,
    InputProblem,
    UnusableInputs,
    check_inputs,
)
from projects.methodologies.units import Quantity

NEEDED = ("version", "facts", "inputs")
OPTIONAL = ("on", "period", "year", "shortfall")
AMOUNT = {"value", "unit"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be calculated, before any input is read: it applies to these facts."""

    calculable: Calculable[Any]
    version: str
    facts: Facts
    period: Period | None


class Unreadable(Invalid):
    """What was sent is not the JSON that a calculation is asked with."""

    code = "unreadable_calculation"


@dataclass(frozen=True, slots=True)
class Asked:
    """A calculation that was asked for, its names checked."""

    calculable: Calculable[Any]
    version: str
    facts: Facts
    inputs: Mapping[str, Given | GivenRows]
    year: int | None = None
    shortfall: int = 0

    def result(self) -> Calculation | Outcome:
        """The result with its steps. Raises NotApplicable, UnusableInputs."""
        kind, inputs = self.calculable, self.inputs
        if isinstance(kind, Methodology):
            return kind.calculate(
                version=self.version, context=self.facts, inputs=inputs, year=self.year
            )
        if isinstance(kind, Tool):
            return kind.calculate(version=self.version, context=self.facts, inputs=inputs)
        raise TypeError(f"{kind.code} is neither a methodology nor a tool")

    def answer(self) -> dict[str, Any]:
        """The result, JSON-safe; a methodology's with what may be claimed and what is carried."""
        found = self.result()
        if isinstance(found, Outcome):
            return found.as_dict()
        carried = carry_over([found.reductions], shortfall=self.shortfall)
        return {
            **found.as_dict(),
            "claimable": carried.claimed[0],
            "shortfall": carried.shortfall,
        }

    def explained(self) -> list[str]:
        """The result as lines of text, with what earlier periods left of it."""
        found = self.result()
        lines = explaining.explain(found)
        if isinstance(found, Outcome) or not self.shortfall:
            return lines
        carried = carry_over([found.reductions], shortfall=self.shortfall)
        return [
            *lines,
            f"{self.shortfall} t of earlier periods are made good first: {carried.claimed[0]} t "
            f"may be claimed, {carried.shortfall} t are carried over.",
        ]


def loads(text: str | bytes) -> Any:
    """JSON text with exact numbers. Raises Unreadable, also for NaN and a name given twice."""
    try:
        found = json.loads(
            text, parse_float=_exact, parse_constant=_no_constant, object_pairs_hook=_once
        )
        json.dumps(found, ensure_ascii=False, default=str).encode()  # half a character is none
    except (ValueError, RecursionError) as fault:
        raise Unreadable.of("", f"This is not readable JSON: {fault}.") from fault
    return found


def _exact(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        raise ValueError("a number is beyond every plausible size") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{shown(twice)} is given twice")
    return found


def from_json(code: str, data: object) -> Asked:
    """The calculation asked for by an object as `loads` reads it.

    Raises UnknownMethodology, Unreadable, NotApplicable, UnusableInputs; each message is one line.
    """
    found = question(code, data)
    given = data if isinstance(data, Mapping) else {}
    inputs = _inputs(found.calculable, found.facts, given["inputs"])
    return Asked(
        found.calculable, found.version, found.facts, inputs,
        _whole(given, "year"), _whole(given, "shortfall") or 0,
    )


def question(code: str, data: object) -> Question:
    """The version, facts and period of such an object, its inputs not looked at yet.

    Conditions come before inputs: which inputs are asked for makes sense only where it applies.
    Raises UnknownMethodology, Unreadable, NotApplicable, UnusableInputs.
    """
    calculable = catalogue.get(code)
    if not isinstance(data, Mapping):
        raise Unreadable.of("", "Send an object with version, facts and inputs.")
    _refuse_names(data)
    version = _version(calculable, data)
    calculable = calculable.in_version(version)
    facts = read_facts(calculable.facts_type, calculable.facts, data["facts"])
    period = _period(data.get("period"), facts)
    calculable.require_applicable(facts)
    return Question(calculable, version, facts, period)


def _refuse_names(data: Mapping[str, object]) -> None:
    known = (*NEEDED, *OPTIONAL)
    problems = [
        InputProblem(shown(name).strip("'"), f"is not asked here; known are {', '.join(known)}")
        for name in data
        if name not in known
    ]
    problems += [InputProblem(name, "is missing") for name in NEEDED if name not in data]
    problems += [
        InputProblem(name, "is not an object of names and values")
        for name in ("facts", "inputs")
        if name in data and not isinstance(data[name], Mapping)
    ]
    if problems:
        raise UnusableInputs(problems)


def _version(calculable: Calculable[Any], data: Mapping[str, object]) -> str:
    chosen = calculable.version(str(data["version"]))
    if data.get("on") is None:
        return chosen.version
    day, chosen = _day("on", data["on"]), validity.version(calculable, chosen.version)
    if not chosen.valid_on(day):
        until = "" if chosen.valid_to is None else f" to {chosen.valid_to}"
        raise UnknownMethodology.of(
            "version",
            f"Version {chosen.version} of {calculable.code} was not valid on {day}: "
            f"from {chosen.valid_from}{until}.",
        )
    return chosen.version


def _day(name: str, given: object) -> date:
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        said = f"{shown(given)} is no day, written like 2020-12-31"
        raise UnusableInputs([InputProblem(name, said)]) from None


def _period(given: object, facts: Facts) -> Period | None:
    """The period, if one is given: it lies inside the commitment period of the facts."""
    if given is None:
        return None
    if not isinstance(given, Mapping) or set(given) != {"from", "to"}:
        raise UnusableInputs([InputProblem("period", 'is not {"from": "…", "to": "…"}')])
    first, last = _day("period.from", given["from"]), _day("period.to", given["to"])
    try:
        due = gwp.commitment_period(first, last)
    except ValueError as refusal:
        raise UnusableInputs([InputProblem("period", str(refusal))]) from None
    stated = getattr(facts, gwp.COMMITMENT_PERIOD.name, due)
    if stated != due:
        said = f"{first} to {last} lies in commitment period {due}, the facts say {stated}"
        raise UnusableInputs([InputProblem("period", said)])
    return Period(first, last)


def _whole(data: Mapping[str, object], name: str) -> int | None:
    given = data.get(name)
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise UnusableInputs([InputProblem(name, f"{shown(given)} is not a whole number from 0")])
    return given


def read_facts(
    facts_type: Callable[..., F], schema: Sequence[Fact], given: Mapping[str, object]
) -> F:
    """The facts by name. Raises UnusableInputs naming all that are unknown, missing or wrong."""
    known = {fact.name: fact for fact in schema}
    problems = [
        InputProblem(str(name), "is not a fact asked for here")
        for name in given
        if name not in known
    ]
    values: dict[str, Value] = {}
    for name, fact in known.items():
        try:
            if given.get(name) is not None:
                values[name] = fact.read(_given(given[name]))
            elif fact.required:
                raise ValueError(f"is missing ({fact.meaning})")
        except ValueError as refusal:
            problems.append(InputProblem(name, str(refusal)))
    if problems:
        raise UnusableInputs(problems)
    return facts_type(**values)


def _inputs(
    calculable: Calculable[Any], facts: Facts, given: Mapping[str, object]
) -> dict[str, Given | GivenRows]:
    found: dict[str, Given | GivenRows] = {}
    problems: list[InputProblem] = []
    for symbol, value in given.items():
        try:
            found[symbol] = (
                _rows(symbol, value, problems) if isinstance(value, list) else (_number(value))
            )
        except ValueError as refusal:
            problems.append(InputProblem(symbol, str(refusal)))
    told = {problem.symbol.partition("[")[0] for problem in problems}
    try:
        check_inputs(calculable.parameters(facts), found, tables=calculable.tables(facts))
    except UnusableInputs as refused:
        problems += [each for each in refused.problems if each.symbol not in told]
    if problems:
        raise UnusableInputs(problems)
    return found


def _number(value: object) -> Given:
    read = _given(value)
    return read if isinstance(read, Quantity) else units.as_decimal(read)


def _given(value: object) -> object:
    """An amount with its unit as a Quantity, anything else as it is. Raises ValueError."""
    if not isinstance(value, Mapping):
        return value
    if set(value) != AMOUNT or not isinstance(value["unit"], str):
        raise ValueError('is neither a number nor {"value": …, "unit": …}')
    return Quantity(units.as_decimal(value["value"]), value["unit"])


def _rows(
    symbol: str, rows: Sequence[object], problems: list[InputProblem]
) -> list[dict[str, object]]:
    found = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            problems.append(InputProblem(f"{symbol}[{number}]", "is not a row of named columns"))
            continue
        cells: dict[str, object] = {}
        for name, value in row.items():
            try:
                cells[name] = _given(value)
            except ValueError as refusal:
                problems.append(InputProblem(f"{symbol}[{number}].{name}", str(refusal)))
        found.append(cells)
    return found


def lines(refusal: Invalid) -> list[str]:
    """A refusal as lines for a person, each beginning with the name that it is about."""
    return [
        f"{name}: {message}" if name else message
        for name, messages in refusal.errors.items()
        for message in messages
    ]


def describe(calculable: Calculable[Any], context: Facts | None = None) -> dict[str, Any]:
    """The declaration, JSON-safe; with facts also what these facts ask for and decide."""
    said: dict[str, Any] = {
        "code": calculable.code,
        "title": calculable.title,
        "kind": "tool" if isinstance(calculable, Tool) else "methodology",
        "versions": [_version_row(each) for each in validity.versions(calculable)],
        "facts": [fact.as_dict() for fact in calculable.facts],
        "constants": [
            {
                "symbol": c.symbol,
                "value": units.plain(c.value),
                "unit": c.unit,
                "meaning": c.meaning,
                "source": c.source,
                "verified": c.verified,
                "validity": c.validity,
            }
            for c in calculable.constants
        ],
    }
    if context is None:
        return said
    return said | {
        "parameters": [each.as_dict() for each in calculable.parameters(context)],
        "tables": [each.as_dict() for each in calculable.tables(context)],
        "conditions": [
            {"code": each.code, "text": each.text, "met": each.met, "reason": each.reason}
            for each in calculable.applicability(context)
        ],
    }


def described(code: str, data: object) -> dict[str, Any]:
    """`describe` for the version and the facts of an object such as `from_json` takes.

    Inputs may be left out, and conditions may fail. Raises UnknownMethodology, Unreadable,
    UnusableInputs.
    """
    calculable = catalogue.get(code)
    if not isinstance(data, Mapping) or not isinstance(data.get("facts"), Mapping):
        raise Unreadable.of("", "Send an object with facts, itself an object.")
    if data.get("version") is not None:
        calculable = calculable.in_version(_version(calculable, data))
    return describe(calculable, read_facts(calculable.facts_type, calculable.facts, data["facts"]))


def _version_row(version: Any) -> dict[str, Any]:
    last, grace = version.valid_to, version.grace_to
    return {
        "version": version.version,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": None if last is None else last.isoformat(),
        "grace_to": None if grace is None else grace.isoformat(),
        "source": version.source,
        "verified": version.verified,
    }
