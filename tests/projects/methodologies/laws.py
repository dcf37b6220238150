"""The laws that every methodology keeps, for whatever case is given to them.

A `Case` is one calculation that works. What it names as `activity` makes the baseline, what it
names as `used` makes project emissions or leakage; both may be scaled. A name with a point is the
column of a table, in all of its rows.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, NamedTuple

from projects.methodologies import catalogue, codec, units
from projects.methodologies.base import Calculation, Facts, Methodology, Parameter, Quantity
from projects.methodologies.calculation import walk
from projects.methodologies.explaining import explain

NOISE = Decimal("1e-20")


class Case(NamedTuple):
    """One calculation, with the inputs that may be scaled."""

    code: str
    version: str
    facts: Facts
    inputs: Mapping[str, Any]
    activity: tuple[str, ...]
    used: tuple[str, ...] = ()

    @property
    def methodology(self) -> Methodology[Any]:
        found = catalogue.get(self.code)
        assert isinstance(found, Methodology)
        return found

    def worked(self, inputs: Mapping[str, Any] | None = None) -> Calculation:
        return self.methodology.calculate(
            version=self.version, context=self.facts, inputs=inputs or self.inputs
        )


def scaled(inputs: Mapping[str, Any], names: tuple[str, ...], factor: Decimal) -> dict[str, Any]:
    """The inputs with those named multiplied."""
    found = dict(inputs)
    for name in names:
        symbol, _, column = name.partition(".")
        if column:
            found[symbol] = [{**row, column: row[column] * factor} for row in found[symbol]]
        else:
            found[symbol] = found[symbol] * factor
    return found


def in_other_units(case: Case, inputs: Mapping[str, Any], pick: int) -> dict[str, Any]:
    """The same inputs, each in another unit where there is one; `pick` chooses among them."""
    kind = case.methodology.in_version(case.version)
    known = {each.symbol: each for each in kind.parameters(case.facts)}
    tables = {each.symbol: each for each in kind.tables(case.facts)}
    found: dict[str, Any] = {}
    for symbol, given in inputs.items():
        if symbol in known:
            found[symbol] = _elsewhere(known[symbol].unit, given, pick)
            continue
        columns = {c.symbol: c for c in tables[symbol].columns if isinstance(c, Parameter)}
        found[symbol] = [
            {
                name: _elsewhere(columns[name].unit, cell, pick) if name in columns else cell
                for name, cell in row.items()
            }
            for row in given
        ]
    return found


def _elsewhere(unit: str, given: Any, pick: int) -> Any:
    like = units.units_like(unit)
    other = like[pick % len(like)]
    return Quantity(units.convert(units.as_decimal(given), unit, other), other)


def more_is_never_less(case: Case, one: Decimal, other: Decimal) -> None:
    """More activity, with the same use, never means fewer reductions."""
    low, high = (scaled(case.inputs, case.activity, factor) for factor in sorted((one, other)))

    assert case.worked(low).reductions_exact <= case.worked(high).reductions_exact + NOISE


def nothing_makes_nothing(case: Case) -> None:
    """No activity and no use: no baseline and no reductions."""
    result = case.worked(scaled(case.inputs, (*case.activity, *case.used), Decimal(0)))

    assert (result.baseline, result.project, result.leakage) == (0, 0, 0)
    assert result.reductions_exact == 0


def never_above_the_baseline(case: Case, activity: Decimal, used: Decimal) -> None:
    """Nor less than a tonne above what is claimed: rounded down, once."""
    given = scaled(scaled(case.inputs, case.activity, activity), case.used, used)
    result = case.worked(given)

    assert result.reductions_exact <= result.baseline
    left = result.baseline - result.project - result.leakage
    assert result.reductions_exact <= left + NOISE
    assert -NOISE <= result.reductions_exact - result.reductions < 1


def units_make_no_difference(case: Case, factor: Decimal, pick: int) -> None:
    """The same amounts in other units are the same tonnes."""
    given = scaled(case.inputs, (*case.activity, *case.used), factor)
    here = case.worked(given)
    there = case.worked(in_other_units(case, given, pick))

    assert abs(here.reductions_exact - there.reductions_exact) < NOISE
    assert here.reductions == there.reductions


def json_makes_no_difference(case: Case) -> None:
    """Asked for in JSON, answered in JSON and read back: the same, and every step explained."""
    sent = {"version": case.version, "facts": asdict(case.facts), "inputs": case.inputs}
    found = codec.from_json(case.code, codec.loads(json.dumps(sent, default=str))).result()

    assert isinstance(found, Calculation)
    assert found == case.worked()
    assert Calculation.from_dict(json.loads(json.dumps(found.as_dict()))) == found
    assert all("unverified" in step.source for step in walk(found.steps))
    assert explain(found)
