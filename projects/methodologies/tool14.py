"""TOOL14: emissions of an anaerobic digester: leaks, flare, electricity and fuel.

Built with the tool's share of the methane that leaks. What the digestate emits afterwards is not
built. Formulas and values: unverified, from general knowledge of the published tool.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import energy, gwp, terms, tool06, units
from projects.methodologies.base import (
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
    Version,
    constant,
    distinct,
)

CODE = "TOOL14"
UNVERIFIED_TOOL = "unverified, from general knowledge of the published tool"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED_TOOL}"


class Digester(StrEnum):
    """How the digester holds its gas."""

    TIGHT = "steel_or_lined_concrete"
    FLOATING = "floating_gas_holder"
    OTHER = "other"


class Gas(StrEnum):
    """How the methane produced is known."""

    MASS = "mass"
    VOLUME = "volume"


LEAKS = {
    digester: constant(
        "EF_CH4_default",
        written,
        units.SHARE,
        "Share of the methane that leaks from the digester",
        source("default emission factor"),
        validity=digester.value.replace("_", " "),
    )
    for digester, written in (
        (Digester.TIGHT, "0.028"),
        (Digester.FLOATING, "0.05"),
        (Digester.OTHER, "0.1"),
    )
}
SHARE_CH4 = constant(
    "f_CH4",
    "0.6",
    units.SHARE,
    "Share of methane in the biogas",
    source("default share of methane"),
)
DENSITY = constant(
    "rho_CH4",
    "0.00067",
    "t/m3",
    "Density of methane",
    source("density of methane at the conditions of the volume"),
    validity="volumes at 20 °C and 101.325 kPa; others bring their own",
)


@dataclass(frozen=True, slots=True)
class Digestion(Facts):
    """What is asked about a digester."""

    digester: Digester
    gas: Gas = Gas.MASS
    flared: bool = False
    flare: tool06.Flare = tool06.Flare.ENCLOSED
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    digestate_stored_without_air: bool = False
    commitment_period: int = 2


class Tool14(Tool[Digestion]):
    """PE_AD = PE_CH4 + PE_flare + PE_EC + PE_FC, in tCO2e."""

    code = CODE
    title = "Project and leakage emissions from anaerobic digesters"
    symbol = "PE_AD"
    unit = units.TCO2E
    versions = (
        Version.of("01.0.0", "2012-07-20", "2017-09-21", RECALLED),
        Version.of("02.0", "2017-09-22", None, RECALLED),
    )
    facts_type = Digestion
    facts = (
        Fact("digester", FactKind.CHOICE, "How the digester holds its gas", choices=Digester),
        Fact(
            "gas",
            FactKind.CHOICE,
            "How the methane produced is known",
            choices=Gas,
            required=False,
        ),
        Fact("flared", FactKind.FLAG, "Some of the gas is flared", required=False),
        Fact(
            "flare",
            FactKind.CHOICE,
            "Which flare, and whence its efficiency",
            choices=tool06.Flare,
            required=False,
        ),
        energy.ELECTRICITY,
        energy.FUELS,
        Fact(
            "digestate_stored_without_air",
            FactKind.FLAG,
            "What leaves the digester is kept without air",
            required=False,
        ),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (*LEAKS.values(), SHARE_CH4, DENSITY)

    def parameters(self, context: Digestion) -> tuple[Parameter, ...]:
        """The methane or biogas produced, the share that leaks, and what the other tools ask."""
        return distinct(
            (
                *(VOLUME if context.gas is Gas.VOLUME else MASS),
                LEAKS[context.digester].as_parameter(maximum=Decimal(1)),
                *(tool06.TOOL.parameters(_flaring(context)) if context.flared else ()),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
                gwp.parameter(context.commitment_period),
            )
        )

    def applicability(self, context: Digestion) -> tuple[Applicability, ...]:
        """That nothing is left out that emits."""
        stored = context.digestate_stored_without_air
        return (
            Applicability(
                "digestate",
                "What leaves the digester is not kept without air (not built here).",
                not stored,
                "it is kept without air, not built here" if stored else "it is not",
            ),
        )

    def work_out(self, context: Digestion, inputs: Inputs) -> tuple[Step, ...]:
        """Each of the emissions, then PE_AD in tCO2e."""
        flare = (
            [tool06.TOOL.nested(_flaring(context), inputs, part=Part.PROJECT)]
            if context.flared
            else []
        )
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return (
            terms.total(
                self.symbol,
                "Emissions of the digester",
                [_leaks(context, inputs), *flare, *used],
                part=Part.PROJECT,
                source=source("project emissions"),
            ),
        )


MONITORED = source("monitored data")
MASS = (
    Parameter(
        "Q_CH4",
        units.TONNE,
        "Methane produced in the digester",
        Kind.MONITORED,
        MONITORED,
        frequency="continuously",
    ),
)
VOLUME = (
    Parameter(
        "Q_biogas",
        "m3",
        "Biogas produced in the digester",
        Kind.MONITORED,
        MONITORED,
        frequency="continuously",
    ),
    SHARE_CH4.as_parameter(maximum=Decimal(1)),
    DENSITY.as_parameter(),
)


def _flaring(context: Digestion) -> tool06.Flaring:
    return tool06.Flaring(context.flare, commitment_period=context.commitment_period)


def _produced(inputs: Inputs) -> Step:
    return Step(
        symbol="Q_CH4",
        title="Methane produced in the digester",
        formula="Q_CH4 = Q_biogas × f_CH4 × rho_CH4",
        inputs=inputs.of("Q_biogas", "f_CH4", "rho_CH4"),
        value=inputs["Q_biogas"] * inputs["f_CH4"] * inputs["rho_CH4"],
        unit=units.TONNE,
        source=source("methane produced"),
        part=Part.PROJECT,
    )


def _leaks(context: Digestion, inputs: Inputs) -> Step:
    found = (_produced(inputs),) if context.gas is Gas.VOLUME else ()
    produced = found[0].as_input() if found else inputs.of("Q_CH4")[0]
    return Step(
        symbol="PE_CH4",
        title="Methane that leaks from the digester",
        formula="PE_CH4 = Q_CH4 × EF_CH4_default × GWP_CH4",
        inputs=(produced, *inputs.of("EF_CH4_default", "GWP_CH4")),
        value=produced.value * inputs["EF_CH4_default"] * inputs["GWP_CH4"],
        unit=units.TCO2E,
        source=source("emissions of methane"),
        part=Part.PROJECT,
        parts=found,
    )


TOOL = Tool14()
