"""What a monitoring report would come to with other inputs: computed purely from its own."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cdm_portal.refusals import Refused
from projects.methodologies import units
from projects.methodologies.base import Kind, Quantity
from projects.methodologies.calculation import walk
from projects.methodologies.sensitivity import Change, sensitivity
from projects.participant import design, facts
from projects.participant.explained import Ground


def moved(found: Ground) -> Sequence[Change] | None:
    """What ten per cent of each input moves, over all commitment periods. None where the report's
    result does not come out again: then nothing can be said of its inputs.
    """
    content = found.version.content
    built, context = design.methodology_of(content), design.facts_of(content)
    if built is None or context is None:
        return None
    fixed = _settled(found, design.fixed_inputs(content))
    given = {each["symbol"]: each["rows"] for each in found.content.get("tables", ())}
    crediting = design.crediting_of(content)

    def recalculated(symbol: str, factor: Decimal) -> Decimal:
        total = Decimal(0)
        for share in found.shares:
            measured = {name: Decimal(value) for name, value in share.values.items()}
            total += built.ex_post(
                version=found.content["methodology"]["version"],
                context=facts.on(
                    context, commitment_period=share.number,
                    year=facts.year_of(crediting, share.period.first),
                ),
                fixed={
                    name: _times(value, factor if name == symbol else Decimal(1))
                    for name, value in fixed.items()
                },
                monitored=given | {
                    name: value * factor if name == symbol else value
                    for name, value in measured.items()
                },
            ).reductions_exact
        return total

    names = dict.fromkeys([*fixed, *(name for share in found.shares for name in share.values)])
    with units.arithmetic():
        frozen = sum((each.calculation.reductions_exact for each in found.shares), Decimal(0))
        try:
            if recalculated("", Decimal(1)) != frozen:
                return None
        except Refused:
            return None
        return sensitivity(names, recalculated)


def _settled(found: Ground, given: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """What the design fixed, and the defaults that entered where it fixed nothing."""
    used = {
        each.symbol for share in found.shares for step in walk(share.calculation.steps)
        for each in step.inputs
    }
    defaults = {
        symbol: Quantity(each.default, each.unit) for symbol, each in found.parameters.items()
        if each.kind is Kind.FIXED and each.default is not None and symbol in used
    }
    return {**defaults, **given}


def _times(value: Quantity, factor: Decimal) -> Quantity:
    return Quantity(value.value * factor, value.unit)
