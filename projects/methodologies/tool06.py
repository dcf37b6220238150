"""TOOL06: methane that a flare does not destroy.

Built for the default efficiencies of open and enclosed flares and for an efficiency that was
measured; gas sent to a flare that did not run as it must counts as not destroyed at all. Formula
and defaults: unverified, from general knowledge of the published tool.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import gwp, units
from projects.methodologies.base import (
    Aggregation,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Parameter,
    Part,
    Step,
    Tool,
    Treatment,
    Version,
    constant,
)

CODE = "TOOL06"
UNVERIFIED_TOOL = "unverified, from general knowledge of the published tool"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED_TOOL}"


ETA_OPEN = constant(
    "eta_flare",
    "0.5",
    units.SHARE,
    "Efficiency of an open flare",
    source("default efficiency"),
    validity="open flares, while the flame is detected",
)
ETA_ENCLOSED = constant(
    "eta_flare",
    "0.9",
    units.SHARE,
    "Efficiency of an enclosed flare",
    source("default efficiency"),
    validity="enclosed flares, while they run to the maker's specification",
)
DENSITY = constant(
    "rho_CH4",
    "0.00067",
    "t/m3",
    "Density of methane",
    source("density of methane at the conditions of the volume"),
    validity="volumes at 20 °C and 101.325 kPa; others bring their own",
)


class Flare(StrEnum):
    """Which flare, and where its efficiency is from."""

    OPEN = "open"
    ENCLOSED = "enclosed"
    ENCLOSED_MEASURED = "enclosed_measured"


class Gas(StrEnum):
    """How the methane sent to the flare is known."""

    MASS = "mass"
    VOLUME = "volume"  # of the gas, with the share of methane in it


@dataclass(frozen=True, slots=True)
class Flaring(Facts):
    """What is asked about a flare."""

    flare: Flare
    gas: Gas = Gas.MASS
    low_height: bool = False
    commitment_period: int = 2


class Tool06(Tool[Flaring]):
    """PE_flare = GWP · (F_off + (F_RG − F_off) · (1 − η)), in tCO2e."""

    code = CODE
    title = "Project emissions from flaring"
    symbol = "PE_flare"
    unit = units.TCO2E
    versions = (
        Version.of("01", "2006-12-15", "2012-07-19", RECALLED),
        Version.of("02.0", "2012-07-20", "2019-11-27", RECALLED),
        Version.of("03.0", "2019-11-28", "2021-11-07", RECALLED),
        Version.of("04.0", "2021-11-08", None, RECALLED),
    )
    facts_type = Flaring
    facts = (
        Fact("flare", FactKind.CHOICE, "Which flare, and whence its efficiency", choices=Flare),
        Fact(
            "gas",
            FactKind.CHOICE,
            "How the methane sent to the flare is known",
            choices=Gas,
            required=False,
        ),
        Fact("low_height", FactKind.FLAG, "It is an enclosed flare of low height", required=False),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (ETA_OPEN, ETA_ENCLOSED, DENSITY)

    def parameters(self, context: Flaring) -> tuple[Parameter, ...]:
        """The methane or the gas sent, the part sent while the flare failed, and potentials."""
        return (
            *(MASS if context.gas is Gas.MASS else VOLUME),
            *([MEASURED] if context.flare is Flare.ENCLOSED_MEASURED else []),
            gwp.parameter(context.commitment_period),
        )

    def applicability(self, context: Flaring) -> tuple[Applicability, ...]:
        """That the flare is of a kind whose efficiency is built here."""
        return (
            Applicability(
                "height",
                "It is no flare of low height, whose efficiency is reduced (not built here).",
                not context.low_height,
                "it is of low height, not built here" if context.low_height else "it is not",
            ),
        )

    def work_out(self, context: Flaring, inputs: Inputs) -> tuple[Step, ...]:
        """The methane sent (t), the methane not destroyed (t), PE_flare in tCO2e."""
        found = (_methane(inputs),) if context.gas is Gas.VOLUME else ()
        sent = found[0].as_input() if found else inputs.of("F_CH4_RG")[0]
        failed = inputs["x_off"]
        efficiency = {Flare.OPEN: ETA_OPEN, Flare.ENCLOSED: ETA_ENCLOSED}.get(context.flare)
        destroyed = inputs["eta_flare"] if efficiency is None else efficiency.value
        eta = inputs.of("eta_flare") if efficiency is None else (efficiency.as_input(),)
        left = Step(
            symbol="F_CH4_left",
            title="Methane that the flare does not destroy",
            formula="F_CH4_left = F_CH4_RG × (1 − (1 − x_off) × eta_flare)",
            inputs=(sent, *inputs.of("x_off"), *eta),
            value=sent.value * (1 - (1 - failed) * destroyed),
            unit=units.TONNE,
            source=source("efficiency of the flare"),
            part=Part.PROJECT,
            note="While the flare fails its efficiency is nothing." if failed else "",
            parts=found,
        )
        return (
            Step(
                symbol=self.symbol,
                title="Emissions of the methane that the flare does not destroy",
                formula="PE_flare = F_CH4_left × GWP_CH4",
                inputs=(left.as_input(), *inputs.of("GWP_CH4")),
                value=left.value * inputs["GWP_CH4"],
                unit=self.unit,
                source=source("emissions from flaring"),
                part=Part.PROJECT,
                parts=(left,),
            ),
        )


MONITORED = source("monitored data")
FAILED = Parameter(
    "x_off",
    units.SHARE,
    "Share of the methane that was sent while the flare did not run as it must",
    Kind.MONITORED,
    MONITORED,
    maximum=Decimal(1),
    frequency="every minute",
    aggregation=Aggregation.MEAN,
)
MASS = (
    Parameter(
        "F_CH4_RG",
        units.TONNE,
        "Methane sent to the flare",
        Kind.MONITORED,
        MONITORED,
        frequency="every minute",
    ),
    FAILED,
)
VOLUME = (
    Parameter(
        "V_RG", "m3", "Gas sent to the flare", Kind.MONITORED, MONITORED, frequency="every minute"
    ),
    Parameter(
        "v_CH4",
        units.SHARE,
        "Share of methane in the gas",
        Kind.MONITORED,
        MONITORED,
        maximum=Decimal(1),
        frequency="continuously",
        aggregation=Aggregation.MEAN,
    ),
    DENSITY.as_parameter(),
    FAILED,
)
MEASURED = Parameter(
    "eta_flare",
    units.SHARE,
    "Efficiency of the flare as it was measured",
    Kind.MONITORED,
    source("measured efficiency"),
    maximum=Decimal(1),
    frequency="every half year",
    aggregation=Aggregation.MEAN,
    treatment=Treatment.ZERO,
)


def _methane(inputs: Inputs) -> Step:
    return Step(
        symbol="F_CH4_RG",
        title="Methane sent to the flare",
        formula="F_CH4_RG = V_RG × v_CH4 × rho_CH4",
        inputs=inputs.of("V_RG", "v_CH4", "rho_CH4"),
        value=inputs["V_RG"] * inputs["v_CH4"] * inputs["rho_CH4"],
        unit=units.TONNE,
        source=source("methane in the gas"),
        part=Part.PROJECT,
    )


TOOL = Tool06()
