"""The terms in which every methodology ends: sums, nothing, ceilings, and ER = BE − PE − LE.

Only whole tonnes are rounded, downwards, and only once: in `base.Methodology.calculate`, from the
step that `reductions` builds.
"""

from collections.abc import Sequence
from decimal import Decimal

from projects.methodologies import units
from projects.methodologies.calculation import Input, Part, Step

ZERO = Decimal(0)


def total(symbol: str, title: str, terms: Sequence[Step], *, part: Part, source: str) -> Step:
    """The sum of steps in tCO2e, each of them a part of it; nothing at all is zero."""
    return Step(
        symbol=symbol,
        title=title,
        formula=f"{symbol} = " + (" + ".join(term.symbol for term in terms) or "0"),
        inputs=tuple(term.as_input() for term in terms),
        value=sum((term.value for term in terms), ZERO),
        unit=units.TCO2E,
        source=source,
        part=part,
        parts=tuple(terms),
    )


def baseline(terms: Sequence[Step], *, source: str) -> Step:
    """BE: the sum of its terms."""
    return total("BE", "Baseline emissions", terms, part=Part.BASELINE, source=source)


def project(terms: Sequence[Step], *, source: str) -> Step:
    """PE: the sum of its terms."""
    return total("PE", "Project emissions", terms, part=Part.PROJECT, source=source)


def leakage(terms: Sequence[Step], *, source: str) -> Step:
    """LE: the sum of its terms."""
    return total("LE", "Leakage", terms, part=Part.LEAKAGE, source=source)


def ceiling(
    symbol: str, title: str, formula: str, inputs: Sequence[Input], value: Decimal, *, source: str
) -> Step:
    """A quantity in tCO2e above which no reductions are claimed.

    Methane destroyed less the energy for it, or the limit of a small-scale type.
    """
    return Step(symbol, title, formula, tuple(inputs), value, units.TCO2E, source, Part.REDUCTIONS)


def reductions(
    baseline: Step, project: Step, leakage: Step, *, source: str, ceilings: Sequence[Step] = ()
) -> Step:
    """ER = BE − PE − LE, or the least of that and every ceiling; below zero it stays as it is."""
    difference = f"{baseline.symbol} − {project.symbol} − {leakage.symbol}"
    value = baseline.value - project.value - leakage.value
    least = min((each.value for each in ceilings), default=value)
    among = ", ".join((difference, *(each.symbol for each in ceilings)))
    held = least < value
    note = "Rounded down to whole tonnes once, after this step."
    if held:
        said = next(each for each in ceilings if each.value == least)
        note = f"Held to {said.symbol}, {said.title.lower()}. {note}"
    return Step(
        symbol="ER",
        title="Emission reductions",
        formula=f"ER = min({among})" if ceilings else f"ER = {difference}",
        inputs=tuple(each.as_input() for each in (baseline, project, leakage, *ceilings)),
        value=min(value, least),
        unit=units.TCO2E,
        source=source,
        part=Part.REDUCTIONS,
        note=note,
        parts=tuple(ceilings),
    )


def ending(
    baseline: Step, project: Step, leakage: Step, *, source: str, ceilings: Sequence[Step] = ()
) -> tuple[Step, ...]:
    """What every `work_out` of a methodology returns: BE, PE, LE and ER, their parts below them."""
    final = reductions(baseline, project, leakage, source=source, ceilings=ceilings)
    return (baseline, project, leakage, final)
