"""TOOL13: emissions of composting: methane, nitrous oxide, run-off, electricity and fuel.

Built with the tool's own emission factors or measured ones. Compost that decays without air
afterwards is not built. Formulas and values: unverified, from general knowledge of the published
tool; carbon that decays in run-off: as AMS-III.H counts waste water.
"""

from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import energy, gwp, terms, units
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
    Version,
    constant,
    distinct,
)
from projects.methodologies.gwp import Gas

CODE = "TOOL13"
UNVERIFIED_TOOL = "unverified, from general knowledge of the published tool"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED_TOOL}"


EF_CH4 = constant(
    "EF_CH4",
    "0.002",
    "tCH4/t",
    "Methane of a tonne of waste composted, wet",
    source("default emission factor"),
)
EF_N2O = constant(
    "EF_N2O",
    "0.0002",
    "tN2O/t",
    "Nitrous oxide of a tonne of waste composted, wet",
    source("default emission factor"),
)
B_O = constant(
    "B_o",
    "0.25",
    "tCH4/t",
    "Most methane of a tonne of chemical oxygen demand",
    source("run-off waste water"),
)
PHI_RO = constant(
    "phi_RO",
    "1.12",
    units.SHARE,
    "Correction for the uncertainty of the model",
    source("run-off waste water"),
)


@dataclass(frozen=True, slots=True)
class Composting(Facts):
    """What is asked about composting; `run_off` is water that is treated apart."""

    run_off: bool = False
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    compost_without_air: bool = False
    commitment_period: int = 2


class Tool13(Tool[Composting]):
    """PE_COMP = PE_CH4 + PE_N2O + PE_RO + PE_EC + PE_FC, in tCO2e."""

    code = CODE
    title = "Project and leakage emissions from composting"
    symbol = "PE_COMP"
    unit = units.TCO2E
    versions = (
        Version.of("01.0.0", "2012-07-20", "2017-09-21", RECALLED),
        Version.of("02.0", "2017-09-22", None, RECALLED),
    )
    facts_type = Composting
    facts = (
        Fact("run_off", FactKind.FLAG, "Run-off water is treated", required=False),
        energy.ELECTRICITY,
        energy.FUELS,
        Fact(
            "compost_without_air",
            FactKind.FLAG,
            "The compost is kept or disposed of without air",
            required=False,
        ),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (EF_CH4, EF_N2O, B_O, PHI_RO)

    def parameters(self, context: Composting) -> tuple[Parameter, ...]:
        """The waste composted and its factors, the run-off, and what the other tools ask."""
        return distinct(
            (
                WASTE,
                EF_CH4.as_parameter(maximum=Decimal(1)),
                EF_N2O.as_parameter(maximum=Decimal(1)),
                *(RUN_OFF if context.run_off else ()),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
                gwp.parameter(context.commitment_period),
                gwp.parameter(context.commitment_period, Gas.N2O),
            )
        )

    def applicability(self, context: Composting) -> tuple[Applicability, ...]:
        """That nothing is left out that emits."""
        airless = context.compost_without_air
        return (
            Applicability(
                "compost",
                "The compost is not kept or disposed of without air (not built here).",
                not airless,
                "it decays without air, not built here" if airless else "it is used with air",
            ),
        )

    def work_out(self, context: Composting, inputs: Inputs) -> tuple[Step, ...]:
        """Each of the emissions, then PE_COMP in tCO2e."""
        return (
            terms.total(
                self.symbol,
                "Emissions of composting",
                [
                    _gas("PE_CH4", "Methane of composting", "EF_CH4", "GWP_CH4", inputs),
                    _gas("PE_N2O", "Nitrous oxide of composting", "EF_N2O", "GWP_N2O", inputs),
                    *([_run_off(inputs)] if context.run_off else []),
                    *energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels),
                ],
                part=Part.PROJECT,
                source=source("project emissions"),
            ),
        )


MONITORED = source("monitored data")
WASTE = Parameter(
    "Q_comp",
    units.TONNE,
    "Waste composted, wet",
    Kind.MONITORED,
    MONITORED,
    frequency="every delivery",
)
RUN_OFF = (
    Parameter(
        "Q_RO", "m3", "Run-off water treated", Kind.MONITORED, MONITORED, frequency="monthly"
    ),
    Parameter(
        "COD_RO",
        "t/m3",
        "Chemical oxygen demand of the run-off",
        Kind.MONITORED,
        MONITORED,
        frequency="monthly",
        aggregation=Aggregation.MEAN,
    ),
    Parameter(
        "MCF_RO",
        units.SHARE,
        "Methane correction factor of the treatment of the run-off",
        Kind.FIXED,
        source("run-off waste water"),
        maximum=Decimal(1),
    ),
)


def _gas(symbol: str, title: str, factor: str, potential: str, inputs: Inputs) -> Step:
    return Step(
        symbol=symbol,
        title=title,
        formula=f"{symbol} = Q_comp × {factor} × {potential}",
        inputs=inputs.of("Q_comp", factor, potential),
        value=inputs["Q_comp"] * inputs[factor] * inputs[potential],
        unit=units.TCO2E,
        source=source("emissions of composting"),
        part=Part.PROJECT,
    )


def _run_off(inputs: Inputs) -> Step:
    demand = inputs["Q_RO"] * inputs["COD_RO"]
    methane = demand * B_O.value * inputs["MCF_RO"] * PHI_RO.value
    return Step(
        symbol="PE_RO",
        title="Methane of the run-off",
        formula="PE_RO = Q_RO × COD_RO × B_o × MCF_RO × phi_RO × GWP_CH4",
        inputs=(
            *inputs.of("Q_RO", "COD_RO"),
            B_O.as_input(),
            *inputs.of("MCF_RO"),
            PHI_RO.as_input(),
            *inputs.of("GWP_CH4"),
        ),
        value=methane * inputs["GWP_CH4"],
        unit=units.TCO2E,
        source=source("run-off waste water"),
        part=Part.PROJECT,
    )


TOOL = Tool13()
