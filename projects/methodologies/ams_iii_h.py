"""AMS-III.H: methane recovered from waste water instead of lagoons that let it go.

Built for waste water that was treated in lagoons and now is in reactors whose gas is burnt. Not
built, and refused: other treatment before, sludge or treated water that decays without air, gas
recovered before, gas that is upgraded. Formulas, values and dates of versions: unverified, from
general knowledge of the published methodology.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import biogas, energy, gwp, small_scale, terms, tool06, units
from projects.methodologies.base import (
    UNVERIFIED,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Part,
    Row,
    Step,
    Table,
    Version,
    constant,
    distinct,
)
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-III.H"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


class Lagoon(StrEnum):
    """Where the baseline treats waste water; a deep lagoon is deeper than two metres."""

    DEEP = "deep_lagoon"
    SHALLOW = "shallow_lagoon"


CORRECTION = {
    lagoon: constant(
        "MCF",
        written,
        units.SHARE,
        "Methane correction factor of the treatment of the baseline",
        "default of the IPCC: unverified, from general knowledge",
        validity=lagoon.value.replace("_", " "),
    )
    for lagoon, written in ((Lagoon.DEEP, "0.8"), (Lagoon.SHALLOW, "0.2"))
}
B_O = constant(
    "B_o",
    "0.25",
    "tCH4/t",
    "Most methane of a tonne of chemical oxygen demand",
    "default of the IPCC: unverified, from a translated excerpt",
)
UF_BL = constant(
    "UF_BL",
    "0.89",
    units.SHARE,
    "Correction of the baseline for the uncertainty of the model",
    source("uncertainty of the model"),
)
UF_PJ = constant(
    "UF_PJ",
    "1.12",
    units.SHARE,
    "Correction of the project for the uncertainty of the model",
    source("uncertainty of the model"),
)
CFE = constant(
    "CFE",
    "0.9",
    units.SHARE,
    "Efficiency with which the reactors capture their methane",
    source("capture efficiency"),
)


@dataclass(frozen=True, slots=True)
class WasteWater(Facts):
    """What is asked about the treatment of waste water."""

    anaerobic_before: bool
    recovered_before: bool
    flared: bool = False
    flare: tool06.Flare = tool06.Flare.ENCLOSED
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    sludge_without_air: bool = False
    discharge_without_air: bool = False
    upgraded: bool = False
    commitment_period: int = 2


class AMSIIIH(Methodology[WasteWater]):
    """BE = Σ Q · COD_in · eta_COD · MCF · B_o · UF_BL · GWP; at most the methane destroyed."""

    code = CODE
    title = "Methane recovery in wastewater treatment"
    scale = "small"
    sectoral_scopes = (13,)
    versions = (
        Version.of("16.0", "2010-11-26", "2015-11-26", RECALLED),
        Version.of("18.0", "2015-11-27", "2018-11-28", RECALLED),
        Version.of("19.0", "2018-11-29", None, RECALLED),
    )
    facts_type = WasteWater
    facts = (
        Fact(
            "anaerobic_before",
            FactKind.FLAG,
            "The lagoons are without air: not aerated, warm enough, seldom emptied of sludge",
        ),
        Fact("recovered_before", FactKind.FLAG, "Methane was recovered before"),
        biogas.FLARED,
        biogas.FLARE,
        energy.ELECTRICITY,
        energy.FUELS,
        Fact(
            "sludge_without_air",
            FactKind.FLAG,
            "Sludge of the project decays without air",
            required=False,
        ),
        Fact(
            "discharge_without_air",
            FactKind.FLAG,
            "Treated water is discharged where it decays without air",
            required=False,
        ),
        biogas.UPGRADED,
        gwp.COMMITMENT_PERIOD,
    )
    constants = (
        *CORRECTION.values(),
        B_O,
        UF_BL,
        UF_PJ,
        CFE,
        small_scale.ER_YEAR,
        small_scale.DAYS_YEAR,
    )

    def parameters(self, context: WasteWater) -> tuple[Parameter, ...]:
        """Factors, the gas burnt, days, and what the tools ask for."""
        return distinct(
            (
                B_O.as_parameter(maximum=Decimal(1)),
                UF_BL.as_parameter(maximum=Decimal(1)),
                UF_PJ.as_parameter(minimum=Decimal(1)),
                CFE.as_parameter(maximum=Decimal(1)),
                *_burning(context).parameters(),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
                small_scale.DAYS,
            )
        )

    def tables(self, context: WasteWater) -> tuple[Table, ...]:
        """The lagoons of the baseline and the reactors of the project."""
        return (LAGOONS, REACTORS)

    def applicability(self, context: WasteWater) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        return (
            small_scale.condition(
                "lagoons",
                "The lagoons of the baseline are without air.",
                "they are",
                "they are aerated, too cold or too often emptied",
                met=context.anaerobic_before,
            ),
            small_scale.absent(
                "recovery", "methane recovered before", found=context.recovered_before
            ),
            small_scale.absent(
                "sludge", "sludge that decays without air", found=context.sludge_without_air
            ),
            small_scale.absent(
                "discharge",
                "discharge that decays without air",
                found=context.discharge_without_air,
            ),
            biogas.not_upgraded(found=context.upgraded),
        )

    def work_out(self, context: WasteWater, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        flaring = _burning(context).flaring(inputs)
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return terms.ending(
            terms.baseline([_lagoons(inputs)], source=source("baseline emissions")),
            terms.project([_fugitive(inputs), *flaring, *used], source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
            ceilings=[biogas.ceiling(inputs, flaring, used), small_scale.yearly_limit(inputs)],
        )


MONITORED = source("monitored data")
LAGOONS = Table(
    "lagoons",
    "Lagoons in which the baseline would treat the waste water",
    (
        Fact("system", FactKind.TEXT, "Name of the lagoon"),
        Fact("kind", FactKind.CHOICE, "Kind of lagoon", choices=Lagoon),
        Parameter("Q", "m3", "Waste water treated", Kind.MONITORED, MONITORED),
        Parameter(
            "COD_in",
            "t/m3",
            "Chemical oxygen demand of what flows in",
            Kind.MONITORED,
            MONITORED,
            maximum=Decimal(1),
        ),
        Parameter(
            "eta_COD",
            units.SHARE,
            "Share of the demand that the lagoon removes",
            Kind.FIXED,
            source("efficiency of removal"),
            maximum=Decimal(1),
        ),
    ),
    Kind.MONITORED,
    MONITORED,
    key=("system",),
)
REACTORS = Table(
    "reactors",
    "Reactors in which the project treats the waste water and captures the gas",
    (
        Fact("system", FactKind.TEXT, "Name of the reactor"),
        Parameter("Q_PJ", "m3", "Waste water treated", Kind.MONITORED, MONITORED),
        Parameter(
            "COD_rem",
            "t/m3",
            "Chemical oxygen demand that the reactor removes",
            Kind.MONITORED,
            MONITORED,
            maximum=Decimal(1),
        ),
        Parameter(
            "MCF_PJ",
            units.SHARE,
            "Methane correction factor of the reactor",
            Kind.FIXED,
            source("methane correction factor"),
            maximum=Decimal(1),
        ),
    ),
    Kind.MONITORED,
    MONITORED,
    key=("system",),
)


def _burning(context: WasteWater) -> biogas.Burning:
    return biogas.Burning(context.flared, context.flare, context.commitment_period)


def _correction(row: Row) -> Decimal:
    return CORRECTION[Lagoon(row.text("kind"))].value


def _lagoons(inputs: Inputs) -> Step:
    rows = inputs.rows(LAGOONS.symbol)
    removed = sum(
        (row["Q"] * row["COD_in"] * row["eta_COD"] * _correction(row) for row in rows), Decimal(0)
    )
    kinds = {row.text("kind") for row in rows}
    return Step(
        symbol="BE_treatment",
        title="Methane of the lagoons",
        formula="BE_treatment = Σ Q × COD_in × eta_COD × MCF × B_o × UF_BL × GWP_CH4",
        inputs=(
            *(each for row in rows for each in row.of("Q", "COD_in", "eta_COD")),
            *(CORRECTION[kind].as_input() for kind in Lagoon if kind.value in kinds),
            *inputs.of("B_o", "UF_BL", "GWP_CH4"),
        ),
        value=removed * inputs["B_o"] * inputs["UF_BL"] * inputs["GWP_CH4"],
        unit=units.TCO2E,
        source=source("methane of the treatment"),
        note="MCF of each row is that of its kind of lagoon.",
    )


def _fugitive(inputs: Inputs) -> Step:
    rows = inputs.rows(REACTORS.symbol)
    removed = sum((row["Q_PJ"] * row["COD_rem"] * row["MCF_PJ"] for row in rows), Decimal(0))
    potential = Step(
        symbol="MEP",
        title="Methane that the reactors can make",
        formula="MEP = Σ Q_PJ × COD_rem × MCF_PJ × B_o × UF_PJ",
        inputs=(
            *(each for row in rows for each in row.of("Q_PJ", "COD_rem", "MCF_PJ")),
            *inputs.of("B_o", "UF_PJ"),
        ),
        value=removed * inputs["B_o"] * inputs["UF_PJ"],
        unit=units.TONNE,
        source=source("fugitive methane"),
        part=Part.PROJECT,
    )
    return Step(
        symbol="PE_fugitive",
        title="Methane that the reactors do not capture",
        formula="PE_fugitive = (1 − CFE) × MEP × GWP_CH4",
        inputs=(*inputs.of("CFE"), potential.as_input(), *inputs.of("GWP_CH4")),
        value=(1 - inputs["CFE"]) * potential.value * inputs["GWP_CH4"],
        unit=units.TCO2E,
        source=source("fugitive methane"),
        part=Part.PROJECT,
        parts=(potential,),
    )


METHODOLOGY = AMSIIIH()
