"""How readings become one value: what is a share or a ratio is averaged, what is an amount added.

The contexts of each methodology and tool are drawn from every answer to their questions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from typing import Any

from projects.methodologies import catalogue, readings, totals, units
from projects.methodologies.base import Aggregation, Calculable, Kind, Parameter, Treatment
from projects.methodologies.facts import Fact, FactKind
from projects.methodologies.tool06 import Flare, Flaring, Gas

ANSWERS: dict[FactKind, list[Any]] = {
    FactKind.FLAG: [False, True], FactKind.NAMES: [(), ("diesel",)], FactKind.WHOLE: [1, 2],
    FactKind.NUMBER: [D(1), D(20)], FactKind.DAY: [date(2013, 1, 1)], FactKind.TEXT: ["x"],
}
STOCKS = {"person"}
"""Units of what is there and does not flow: their number is averaged as well."""
DRAWN = 60


def monitored() -> Iterator[tuple[str, Parameter]]:
    chance = random.Random(0)
    for each in (*catalogue.methodologies(), *catalogue.tools()):
        for version in dict.fromkeys(known.version for known in each.versions):
            kind = each.in_version(version)
            for _ in range(DRAWN):
                for parameter in kind.parameters(_context(kind, chance)):
                    if parameter.kind is Kind.MONITORED:
                        yield each.code, parameter


def _context(kind: Calculable[Any], chance: random.Random) -> Any:
    def answer(fact: Fact) -> Any:
        return chance.choice(list(fact.choices) if fact.choices else ANSWERS[fact.kind])

    return kind.facts_type(**{fact.name: answer(fact) for fact in kind.facts})


def test_shares_and_ratios_are_averaged_and_amounts_are_added() -> None:
    found = {(code, each.symbol): each for code, each in monitored()}
    wrong = {
        key: each.aggregation for key, each in found.items()
        if (each.unit == units.SHARE or "/" in each.unit or each.unit in STOCKS)
        is not (each.aggregation is Aggregation.MEAN)
    }
    assert not wrong
    means = {symbol for (_, symbol), each in found.items() if each.aggregation is Aggregation.MEAN}
    assert means >= {"v_CH4", "x_off", "eta_flare", "w_CH4", "f", "COD_RO", "NCV_RDF"}


def test_two_minutes_of_methane_at_a_half_are_a_half_and_no_reading_is_no_efficiency() -> None:
    """v_CH4 of 0.4 and 0.6 is 0.5, not 1; a flare without a reading of its efficiency burns
    nothing then: (0.9 + 0) / 2.
    """
    facts = Flaring(Flare.ENCLOSED_MEASURED, Gas.VOLUME)
    asked = {each.symbol: each for each in catalogue.get("TOOL06").parameters(facts)}
    share, efficiency = (readings.Column.of(asked[name]) for name in ("v_CH4", "eta_flare"))
    assert totals.filled(share, D("1.0"), 2, 0, D("0.6")) == D("0.5")
    assert efficiency.treatment is Treatment.ZERO
    assert totals.filled(efficiency, D("0.9"), 1, 1, D("0.9")) == D("0.45")
