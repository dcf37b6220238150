"""Random cases of a methodology or tool from what the catalogue declares, and errors planted there.

A case is the JSON that a calculation is asked with; measured amounts stand in it as readings, some
of them missing. `claim` is the participant's side: gaps treated, then the engine.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from cdm_portal.refusals import Invalid
from projects.methodologies import catalogue, codec, totals, units
from projects.methodologies.base import Calculable, Parameter, Table
from projects.methodologies.calculation import Step
from projects.methodologies.facts import Fact, FactKind
from projects.methodologies.inputs import Kind, Treatment, check_inputs

Asked = dict[str, Any]
READ = ("MWh", "TJ", "t", "m3", "L")
"""Units of what is metered, and comes as readings."""
YEARS = range(2000, 2026)
USUAL = {"MD_reg": Decimal("0.1"), "Q_comp": Decimal(10) ** 6, "nd": Decimal(30)}
"""The most of what would otherwise be refused too often beside the other inputs of its case."""


@dataclass(frozen=True)
class Claim:
    """What the engine took and made: inputs in due units, steps by path, whole tonnes."""

    inputs: Mapping[str, Decimal]
    steps: Mapping[str, Decimal]
    tonnes: int | None


def claim(code: str, asked: Asked) -> Claim:
    """The engine's result. Raises Invalid for what it refuses."""
    plain = {**asked, "inputs": _treated(code, asked)}
    found = codec.from_json(code, plain)
    kind = found.calculable
    checked = check_inputs(
        kind.parameters(found.facts), found.inputs, tables=kind.tables(found.facts)
    )
    cells = {
        f"{table.symbol}.{column.symbol}[{row.label}]": row[column.symbol]
        for table in kind.tables(found.facts)
        for row in checked.rows(table.symbol)
        for column in table.columns
        if isinstance(column, Parameter)
    }
    result = found.result()
    return Claim(
        {**checked.values, **cells},
        dict(_paths(result.steps, "")),
        getattr(result, "reductions", None),
    )


def _paths(steps: Sequence[Step], above: str) -> Iterator[tuple[str, Decimal]]:
    for step in steps:
        yield from _paths(step.parts, f"{above}{step.symbol}/")
        yield above + step.symbol, step.value


def _treated(code: str, asked: Asked) -> dict[str, Any]:
    given = dict(asked["inputs"])
    if not any(isinstance(each, dict) and "readings" in each for each in given.values()):
        return given
    kind, facts = _kind(code, asked)
    for parameter in kind.parameters(facts):
        each = given.get(parameter.symbol)
        if isinstance(each, dict) and "readings" in each:
            there = [Decimal(value) for value in each["readings"] if value is not None]
            gaps = len(each["readings"]) - len(there)
            highest = max(there, default=Decimal(0))
            with units.arithmetic():
                total = sum(there, Decimal(0))
            value = totals.filled(parameter, total, len(there), gaps, highest)
            given[parameter.symbol] = {"value": str(value), "unit": each["unit"]}
    return given


def _kind(code: str, asked: Asked) -> tuple[Calculable[Any], Any]:
    kind = catalogue.get(code).in_version(asked["version"])
    return kind, codec.read_facts(kind.facts_type, kind.facts, asked["facts"])


def cases(code: str, random: Random) -> Iterator[tuple[Asked, Claim]]:
    """Cases that the methodology takes, without end; those it refuses are drawn again."""
    kind = catalogue.get(code)
    while True:
        asked = {
            "version": random.choice(kind.versions).version,
            "inputs": {},
            "facts": {
                fact.name: _fact(fact, random)
                for fact in kind.facts
                if fact.required or random.random() < 0.5
            },
        }
        _turn_flags(kind.in_version(asked["version"]), asked["facts"])
        try:
            used, facts = _kind(code, asked)
            used.require_applicable(facts)
            asked["inputs"] = _inputs(used, facts, random)
            yield asked, claim(code, asked)
        except Invalid:
            continue


def _turn_flags(kind: Calculable[Any], facts: dict[str, Any]) -> None:
    """Turn each flag that lets fewer conditions fail; else most that is drawn would be refused."""
    failed = _failed(kind, facts)
    for flag in (fact.name for fact in kind.facts if fact.kind is FactKind.FLAG):
        turned = {**facts, flag: not facts.get(flag, False)}
        if failed and (fewer := _failed(kind, turned)) < failed:
            facts[flag], failed = turned[flag], fewer


def _failed(kind: Calculable[Any], facts: Mapping[str, Any]) -> int:
    """How many conditions fail; none where the facts by themselves are refused."""
    try:
        known = codec.read_facts(kind.facts_type, kind.facts, facts)
    except Invalid:
        return 0
    return sum(not each.met for each in kind.applicability(known))


def _inputs(kind: Calculable[Any], facts: Any, random: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for parameter in kind.parameters(facts):
        if parameter.default is None or random.random() < 0.4:
            found[parameter.symbol] = _given(parameter, random)
    for weight, other in (("w_OM", "w_BM"), ("w_BM", "w_OM")):
        if weight in found:
            share = random.choice(("0", "0.2", "0.35", "1"))
            found |= {weight: share, other: str(1 - Decimal(share))}
    for table in kind.tables(facts):
        found[table.symbol] = _rows(table, random)
    owners = {"OM_fuels": ("plant", "OM_plants"), "BM_fuels": ("unit", "BM_units")}
    for symbol, (owner, table) in owners.items():
        for row in found.get(symbol, ()):
            row[owner] = random.choice(found[table])[owner]
    return found


def _fact(fact: Fact, random: Random) -> Any:
    match fact.kind:
        case FactKind.FLAG:
            return random.random() < 0.3
        case FactKind.CHOICE:
            return random.choice(fact.options)
        case FactKind.NAMES:
            return random.sample(["diesel", "coal", "gas"], random.randint(0, 2))
        case FactKind.DAY:
            return (date(1990, 1, 1) + timedelta(random.randint(0, 10_000))).isoformat()
        case FactKind.TEXT:
            return f"{fact.name} {random.randint(1, 99)}"
        case FactKind.WHOLE if fact.name == "year":
            return random.choice(YEARS)
        case FactKind.WHOLE:
            return random.randint(int(fact.minimum or 0), int(fact.maximum or 3))
    return str(_decimal(random, fact.maximum or Decimal(random.choice((1, 15, 60)))))


def _given(parameter: Parameter, random: Random) -> Any:
    others = units.units_like(parameter.unit)
    unit = random.choice(others) if random.random() < 0.4 else parameter.unit
    if parameter.kind is Kind.MONITORED and parameter.unit in READ and random.random() < 0.8:
        readings: list[str | None] = [
            _in(parameter, unit, random) for _ in range(random.randint(1, 4))
        ]
        readings += [None] * random.randint(0, 2)
        random.shuffle(readings)
        return {"readings": readings, "unit": unit}
    return {"value": _in(parameter, unit, random), "unit": unit}


def _in(parameter: Parameter, unit: str, random: Random) -> str:
    most = parameter.maximum or USUAL.get(parameter.symbol, Decimal(10) ** random.randint(0, 5))
    value = _decimal(random, most)
    if parameter.positive and value == 0:
        value = most / 2
    return units.plain(units.convert(value, parameter.unit, unit))


def _decimal(random: Random, most: Decimal) -> Decimal:
    if random.random() < 0.03:
        return Decimal(0)
    whole = Decimal(random.randint(0, 1_000_000)) / 1_000_000
    return whole * most


def _rows(table: Table, random: Random) -> list[dict[str, Any]]:
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for _ in range(random.randint(table.least_rows, 9)):
        row = {
            (each.symbol if isinstance(each, Parameter) else each.name): (
                _given_alone(each, random) if isinstance(each, Parameter) else _fact(each, random)
            )
            for each in table.columns
        }
        rows[tuple(row[name] for name in table.key)] = row
    return list(rows.values())


def _given_alone(parameter: Parameter, random: Random) -> Any:
    unit = random.choice(units.units_like(parameter.unit))
    return {"value": _in(parameter, unit, random), "unit": unit}


# Planted errors: each returns the wrong case, or None where it has no room


def _numbers(asked: Asked) -> list[dict[str, Any]]:
    """Everything in a case that is a number with its unit."""
    given = asked["inputs"].values()
    cells = [
        cell for each in given if isinstance(each, list) for row in each for cell in row.values()
    ]
    return [each for each in (*given, *cells) if isinstance(each, dict)]


def changed_reading(asked: Asked, random: Random, code: str) -> Asked | None:
    """One number is a tenth smaller than it was read."""
    wrong = copy.deepcopy(asked)
    each = random.choice(_numbers(wrong))
    if "readings" not in each:
        each["value"] = units.plain(Decimal(each["value"]) * Decimal("0.9"))
        return wrong
    place = random.randrange(len(each["readings"]))
    if each["readings"][place] is None:
        return None
    each["readings"][place] = units.plain(Decimal(each["readings"][place]) * Decimal("0.9"))
    return wrong


def wrong_unit(asked: Asked, random: Random, code: str) -> Asked | None:
    """One number is taken to be in another unit."""
    wrong = copy.deepcopy(asked)
    each = random.choice(_numbers(wrong))
    each["unit"] = random.choice(units.units_like(each["unit"]))
    return wrong


def skipped_gap(asked: Asked, random: Random, code: str) -> Asked | None:
    """A missing reading, for which the highest stands in, is left out; or a row is."""
    wrong = copy.deepcopy(asked)
    kind, facts = _kind(code, asked)
    highest = {p.symbol for p in kind.parameters(facts) if p.treatment is Treatment.HIGHEST}
    gaps = [
        each
        for symbol, each in wrong["inputs"].items()
        if symbol in highest and isinstance(each, dict) and None in each.get("readings", ())
    ]
    tables = [each for each in wrong["inputs"].values() if isinstance(each, list) and each]
    if gaps:
        random.choice(gaps)["readings"].remove(None)
    elif tables:
        rows = random.choice(tables)
        rows.pop(random.randrange(len(rows)))
    else:
        return None
    return wrong


def wrong_potential(asked: Asked, random: Random, code: str) -> Asked | None:
    """The global warming potential of another time is taken."""
    kind, facts = _kind(code, asked)
    named = [p.symbol for p in kind.parameters(facts) if p.symbol.startswith("GWP_")]
    if not named or any(symbol in asked["inputs"] for symbol in named):
        return None
    wrong = copy.deepcopy(asked)
    others = {1, 2, 3} - {asked["facts"].get("commitment_period", 2)}
    wrong["facts"]["commitment_period"] = random.choice(sorted(others))
    return wrong


def double_count(asked: Asked, random: Random, code: str) -> Asked | None:
    """One reading counts twice, or one row does under another key."""
    wrong = copy.deepcopy(asked)
    kind, facts = _kind(code, asked)
    read = [each["readings"] for each in _numbers(wrong) if "readings" in each]
    tables = [table for table in kind.tables(facts) if wrong["inputs"].get(table.symbol)]
    if read and (not tables or random.random() < 0.5):
        readings = random.choice(read)
        readings.append(random.choice(readings))
    elif tables:
        table = random.choice(tables)
        rows, name = wrong["inputs"][table.symbol], table.key[-1]
        twice = dict(random.choice(rows))
        twice[name] = twice[name] - 30 if isinstance(twice[name], int) else f"{twice[name]} b"
        rows.append(twice)
    else:
        return None
    return wrong


Plant = Callable[[Asked, Random, str], Asked | None]
PLANTS: tuple[Plant, ...] = (
    changed_reading,
    wrong_unit,
    skipped_gap,
    wrong_potential,
    double_count,
)


def planted(
    code: str, random: Random, plant: Plant
) -> Iterator[tuple[Asked, Claim, Claim]]:
    """The true case, its claim, and the claim with the error, without end.

    An error counts by what it does to the inputs that the engine took, the claimant's own: the
    second way is not asked. What the engine refuses by itself is drawn again.
    """
    for asked, true in cases(code, random):
        if not _numbers(asked):
            continue
        wrong = plant(asked, random, code)
        if wrong is None:
            continue
        try:
            mistaken = claim(code, wrong)
        except Invalid:
            continue
        if mistaken.inputs != true.inputs:
            yield asked, true, mistaken


def plants_of(code: str, random: Random) -> tuple[Plant, ...]:
    """The kinds of error that have room by what the methodology declares: a potential to mistake,
    meters or rows to leave out or count twice.
    """
    declared: set[Plant] = {changed_reading, wrong_unit}
    for asked, _ in islice(cases(code, random), 100):
        kind, facts = _kind(code, asked)
        given = kind.parameters(facts)
        metered = [p for p in given if p.kind is Kind.MONITORED and p.unit in READ]
        tables = kind.tables(facts)
        if tables or any(p.treatment is Treatment.HIGHEST for p in metered):
            declared.add(skipped_gap)
        if tables or metered:
            declared.add(double_count)
        if any(p.symbol.startswith("GWP_") for p in given):
            declared.add(wrong_potential)
    return tuple(plant for plant in PLANTS if plant in declared)
