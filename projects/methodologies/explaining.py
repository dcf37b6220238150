"""A result as lines of text: every formula, input, unit, source and the one rounding."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from projects.methodologies import units
from projects.methodologies.calculation import Calculation, Outcome, Step

INDENT = "  "


def explain(result: Calculation | Outcome) -> list[str]:
    """The lines of a calculation; parts stand below the step that they made."""
    if isinstance(result, Outcome):
        end = f"{result.symbol} = {_amount(result.value, result.unit)}, not rounded"
        return [f"{result.tool}, version {result.version}", *_tree(result.steps, ""), end]
    end = (
        f"ER = {_amount(result.reductions_exact, units.TCO2E)}; "
        f"rounded down once: {result.reductions} t"
    )
    carried = [f"A shortfall of {result.shortfall} t is carried over."] if result.shortfall else []
    head = f"{result.methodology}, version {result.version}"
    return [head, *_tree(result.steps, ""), end, *carried]


def _tree(steps: Sequence[Step], indent: str) -> Iterator[str]:
    for step in steps:
        yield from _lines(step, indent)


def _lines(step: Step, indent: str) -> Iterator[str]:
    deeper = indent + INDENT
    yield f"{indent}{step.title} [{step.part.value}]"
    yield f"{deeper}{step.formula}"
    for each in step.inputs:
        yield f"{deeper}{INDENT}{each.symbol} = {_amount(each.value, each.unit)}"
    yield f"{deeper}{step.symbol} = {_amount(step.value, step.unit)}"
    yield f"{deeper}source: {step.source}"
    if step.note:
        yield f"{deeper}note: {step.note}"
    if step.tool:
        yield f"{deeper}from {step.tool}"
    yield from _tree(step.parts, deeper)


def _amount(value: Decimal, unit: str) -> str:
    shown = units.plain(value)
    return shown if unit == units.SHARE else f"{shown} {unit}"
