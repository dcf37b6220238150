"""ACM0001: gas of a landfill, burnt in a flare or for energy.

Built: methane destroyed by a flare (TOOL06), for electricity and for heat, less what a baseline
would have destroyed, given as a quantity or as a share; energy displaced. Not built, and refused:
gas fed into a network or carried away, and a landfill managed for more gas. Formulas, values and
dates of versions: unverified, from general knowledge of the published methodology.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import energy, gwp, terms, tool06, units
from projects.methodologies.base import (
    UNVERIFIED,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Input,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Step,
    Treatment,
    Version,
    constant,
    distinct,
)

CODE = "ACM0001"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


OX_TOP = constant(
    "OX_top",
    "0.1",
    units.SHARE,
    "Share of the methane that the cover oxidises in the baseline",
    source("oxidation factor"),
)


class Capture(StrEnum):
    """What of the methane would have been destroyed without the project."""

    NONE = "none"
    QUANTITY = "quantity"
    SHARE = "share"  # the adjustment factor: a share of what the project destroys


@dataclass(frozen=True, slots=True)
class Landfill(Facts):
    """What is asked about a landfill and its gas."""

    flared: bool
    capture_before: Capture
    generated: bool = False
    heated: bool = False
    flare: tool06.Flare = tool06.Flare.ENCLOSED
    displaced: energy.Displaced = energy.Displaced.NONE
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    network: bool = False
    managed_for_gas: bool = False
    commitment_period: int = 2


class ACM0001(Methodology[Landfill]):
    """BE = ((1 − OX) · F_PJ − F_BL) · GWP + energy; PE from electricity and fuel; no leakage."""

    code = CODE
    title = "Flaring or use of landfill gas"
    scale = "large"
    sectoral_scopes = (1, 13)
    versions = (
        Version.of("15.0", "2013-11-08", "2019-05-31", RECALLED),
        Version.of("19.0", "2019-06-01", None, RECALLED),
    )
    facts_type = Landfill
    facts = (
        Fact("flared", FactKind.FLAG, "Gas is flared"),
        Fact(
            "capture_before",
            FactKind.CHOICE,
            "What would have been destroyed without the project",
            choices=Capture,
        ),
        Fact("generated", FactKind.FLAG, "Gas is burnt for electricity", required=False),
        Fact("heated", FactKind.FLAG, "Gas is burnt for heat", required=False),
        Fact(
            "flare",
            FactKind.CHOICE,
            "Which flare, and whence its efficiency",
            choices=tool06.Flare,
            required=False,
        ),
        energy.DISPLACED,
        energy.ELECTRICITY,
        energy.FUELS,
        Fact("network", FactKind.FLAG, "Gas is fed into a network or carried away", required=False),
        Fact(
            "managed_for_gas", FactKind.FLAG, "The landfill is managed for more gas", required=False
        ),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (OX_TOP,)

    def parameters(self, context: Landfill) -> tuple[Parameter, ...]:
        """Methane by its use, what the baseline destroyed, potentials and energy."""
        uses = ((context.generated, GENERATED), (context.heated, HEATED))
        return distinct(
            (
                *(_flare(context) if context.flared else ()),
                *(parameter for used, parameter in uses if used),
                *BEFORE[context.capture_before],
                OX_TOP.as_parameter(maximum=Decimal(1)),
                gwp.parameter(context.commitment_period),
                *energy.displaced_parameters(context.displaced),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
            )
        )

    def applicability(self, context: Landfill) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        used = context.flared or context.generated or context.heated
        return (
            Applicability(
                "use",
                "The gas is flared or burnt for electricity or heat.",
                used,
                "it is" if used else "no use of the gas is named",
            ),
            energy.made_from_gas(context.displaced, gas_used=context.generated or context.heated),
            Applicability(
                "network",
                "No gas is fed into a network or carried away (not built here).",
                not context.network,
                "gas leaves the site, not built here" if context.network else "none is",
            ),
            Applicability(
                "management",
                "The landfill is not managed so that it makes more gas.",
                not context.managed_for_gas,
                "it is managed for more gas" if context.managed_for_gas else "it is not",
            ),
        )

    def work_out(self, context: Landfill, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        displaced = energy.displaced_emissions(
            inputs, context.displaced, source=source("energy displaced")
        )
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return terms.ending(
            terms.baseline(
                [_methane(context, inputs), *displaced],
                source=source("baseline emissions"),
            ),
            terms.project(used, source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
        )


def _monitored(symbol: str, meaning: str) -> Parameter:
    return Parameter(
        symbol,
        units.TONNE,
        meaning,
        Kind.MONITORED,
        source("monitored data"),
        frequency="continuously",
        treatment=Treatment.ZERO,
    )


GENERATED = _monitored("F_CH4_EL", "Methane burnt for electricity")
HEATED = _monitored("F_CH4_HG", "Methane burnt for heat")
BEFORE: dict[Capture, tuple[Parameter, ...]] = {
    Capture.NONE: (),
    Capture.QUANTITY: (
        Parameter(
            "F_CH4_BL",
            units.TONNE,
            "Methane that would have been destroyed without the project",
            Kind.FIXED,
            source("methane destroyed in the baseline"),
        ),
    ),
    Capture.SHARE: (
        Parameter(
            "AF",
            units.SHARE,
            "Share of the methane that would have been destroyed without the project",
            Kind.FIXED,
            source("adjustment factor"),
            maximum=Decimal(1),
        ),
    ),
}


def _flare(context: Landfill) -> Iterator[Parameter]:
    """What TOOL06 asks for; methane that was not recorded is none, as here it is claimed for."""
    for each in tool06.TOOL.parameters(_flaring(context)):
        yield replace(each, treatment=Treatment.ZERO) if each.symbol == "F_CH4_RG" else each


def _flaring(context: Landfill) -> tool06.Flaring:
    return tool06.Flaring(context.flare, commitment_period=context.commitment_period)


def _flared(context: Landfill, inputs: Inputs) -> Step:
    emitted = tool06.TOOL.nested(_flaring(context), inputs)
    return Step(
        symbol="F_CH4_flared",
        title="Methane destroyed by the flare",
        formula="F_CH4_flared = F_CH4_RG − PE_flare / GWP_CH4",
        inputs=(*inputs.of("F_CH4_RG"), emitted.as_input(), *inputs.of("GWP_CH4")),
        value=inputs["F_CH4_RG"] - emitted.value / inputs["GWP_CH4"],
        unit=units.TONNE,
        source=source("methane destroyed by the flare"),
        parts=(emitted,),
    )


def _destroyed(context: Landfill, inputs: Inputs) -> Step:
    parts = (_flared(context, inputs),) if context.flared else ()
    found = (
        *(part.as_input() for part in parts),
        *(inputs.of("F_CH4_EL") if context.generated else ()),
        *(inputs.of("F_CH4_HG") if context.heated else ()),
    )
    return Step(
        symbol="F_CH4_PJ",
        title="Methane destroyed by the project",
        formula="F_CH4_PJ = " + " + ".join(each.symbol for each in found),
        inputs=found,
        value=sum((each.value for each in found), Decimal(0)),
        unit=units.TONNE,
        source=source("methane destroyed by the project"),
        parts=parts,
    )


def _before(context: Landfill, inputs: Inputs, destroyed: Step) -> tuple[Input, tuple[Step, ...]]:
    """F_CH4_BL, and the step that made it where it was not given."""
    if context.capture_before is Capture.QUANTITY:
        return inputs.of("F_CH4_BL")[0], ()
    share = context.capture_before is Capture.SHARE
    step = Step(
        symbol="F_CH4_BL",
        title="Methane that would have been destroyed without the project",
        formula="F_CH4_BL = AF × F_CH4_PJ" if share else "F_CH4_BL = 0",
        inputs=(*inputs.of("AF"), destroyed.as_input()) if share else (),
        value=inputs["AF"] * destroyed.value if share else Decimal(0),
        unit=units.TONNE,
        source=source("methane destroyed in the baseline"),
        note="" if share else "No gas was captured, and no rule demands it.",
    )
    return step.as_input(), (step,)


def _methane(context: Landfill, inputs: Inputs) -> Step:
    destroyed = _destroyed(context, inputs)
    before, made = _before(context, inputs, destroyed)
    counted = (1 - inputs["OX_top"]) * destroyed.value - before.value
    return Step(
        symbol="BE_CH4",
        title="Methane that the landfill would have emitted",
        formula="BE_CH4 = ((1 − OX_top) × F_CH4_PJ − F_CH4_BL) × GWP_CH4",
        inputs=(
            *inputs.of("OX_top"),
            destroyed.as_input(),
            before,
            *inputs.of("GWP_CH4"),
        ),
        value=counted * inputs["GWP_CH4"],
        unit=units.TCO2E,
        source=source("methane of the baseline"),
        parts=(destroyed, *made),
    )


METHODOLOGY = ACM0001()
