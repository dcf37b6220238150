"""ACM0022: waste treated by composting or digestion, or made into fuel, instead of being dumped.

Built: methane of the dump by TOOL04, energy displaced, composting by TOOL13, digestion by TOOL14,
fuel from waste that is exported. Not built, and refused: incineration, gasification, waste water,
and treatment that a law demands. Formulas and dates of versions: unverified, from general knowledge
of the published methodology, except where a worked case in the tests names its document.
"""

from dataclasses import dataclass

from projects.methodologies import energy, gwp, terms, tool04, tool06, tool13, tool14, units
from projects.methodologies.base import (
    OWN_BOUND,
    UNVERIFIED,
    Aggregation,
    Applicability,
    Fact,
    FactKind,
    Facts,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Part,
    Step,
    Table,
    Version,
    distinct,
)
from projects.methodologies.base import Treatment as GapTreatment
from projects.methodologies.tool03 import HIGHEST_FACTOR, HIGHEST_NCV

CODE = "ACM0022"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


@dataclass(frozen=True, slots=True)
class Treatment(Facts):
    """What is asked about a treatment of waste; `year` is counted as the rows of W are."""

    year: int
    climate: tool04.Climate
    site: tool04.Site = tool04.Site.MANAGED
    composting: bool = False
    digestion: bool = False
    digester: tool14.Digester = tool14.Digester.OTHER
    flared: bool = False
    flare: tool06.Flare = tool06.Flare.ENCLOSED
    fuel_exported: bool = False
    displaced: energy.Displaced = energy.Displaced.NONE
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    incineration: bool = False
    gasification: bool = False
    waste_water: bool = False
    demanded_by_law: bool = False
    commitment_period: int = 2


class ACM0022(Methodology[Treatment]):
    """BE = BE_CH4_SWDS + energy; PE by the tools; LE = Q_RDF · NCV_RDF · EF_RDF."""

    code = CODE
    title = "Alternative waste treatment processes"
    scale = "large"
    sectoral_scopes = (1, 13)
    versions = (
        Version.of("01.0.0", "2012-09-13", "2014-11-27", RECALLED),
        Version.of("02.0", "2014-11-28", "2020-12-31", RECALLED),
        Version.of("03.0", "2021-01-01", None, RECALLED),
    )
    facts_type = Treatment
    facts = (
        Fact("year", FactKind.WHOLE, "The year of the reductions"),
        Fact("climate", FactKind.CHOICE, "The climate of the site", choices=tool04.Climate),
        Fact(
            "site",
            FactKind.CHOICE,
            "How waste would lie in the site",
            choices=tool04.Site,
            required=False,
        ),
        Fact("composting", FactKind.FLAG, "Waste is composted", required=False),
        Fact("digestion", FactKind.FLAG, "Waste is digested without air", required=False),
        Fact(
            "digester",
            FactKind.CHOICE,
            "How the digester holds its gas",
            choices=tool14.Digester,
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
        Fact("fuel_exported", FactKind.FLAG, "Fuel made from waste is sold", required=False),
        energy.DISPLACED,
        energy.ELECTRICITY,
        energy.FUELS,
        Fact("incineration", FactKind.FLAG, "Waste is incinerated", required=False),
        Fact("gasification", FactKind.FLAG, "Waste is gasified", required=False),
        Fact("waste_water", FactKind.FLAG, "Waste water is treated as well", required=False),
        Fact("demanded_by_law", FactKind.FLAG, "A law demands the treatment", required=False),
        gwp.COMMITMENT_PERIOD,
    )

    def parameters(self, context: Treatment) -> tuple[Parameter, ...]:
        """What the tools ask for, the energy displaced, and the fuel exported."""
        return distinct(
            (
                *tool04.TOOL.parameters(_dump(context)),
                *energy.displaced_parameters(context.displaced),
                *(tool13.TOOL.parameters(_composting(context)) if context.composting else ()),
                *(tool14.TOOL.parameters(_digestion(context)) if context.digestion else ()),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
                *(EXPORTED if context.fuel_exported else ()),
            )
        )

    def tables(self, context: Treatment) -> tuple[Table, ...]:
        """The waste kept out of the dump, by kind and year."""
        return tool04.TOOL.tables(_dump(context))

    def applicability(self, context: Treatment) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        treated = context.composting or context.digestion or context.fuel_exported
        return (
            Applicability(
                "treatment",
                "Waste is composted, digested or made into fuel that is sold.",
                treated,
                "it is" if treated else "no treatment that is built here is named",
            ),
            energy.made_from_gas(context.displaced, gas_used=context.digestion),
            _without("incineration", "incinerated", found=context.incineration),
            _without("gasification", "gasified", found=context.gasification),
            _without("waste_water", "treated with waste water", found=context.waste_water),
            Applicability(
                "law",
                "No law demands the treatment (the rate of compliance is not built here).",
                not context.demanded_by_law,
                "a law demands it, not built here" if context.demanded_by_law else "none does",
            ),
        )

    def work_out(self, context: Treatment, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        dumped = tool04.TOOL.nested(_dump(context), inputs)
        displaced = energy.displaced_emissions(
            inputs, context.displaced, source=source("energy displaced")
        )
        project = (
            *(
                [tool13.TOOL.nested(_composting(context), inputs, part=Part.PROJECT)]
                if context.composting
                else []
            ),
            *(
                [tool14.TOOL.nested(_digestion(context), inputs, part=Part.PROJECT)]
                if context.digestion
                else []
            ),
            *energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels),
        )
        return terms.ending(
            terms.baseline([dumped, *displaced], source=source("baseline emissions")),
            terms.project(project, source=source("project emissions")),
            terms.leakage(
                [_exported(inputs)] if context.fuel_exported else [], source=source("leakage")
            ),
            source=source("emission reductions"),
        )


EXPORTED = (
    Parameter(
        "Q_RDF",
        units.TONNE,
        "Fuel made from waste and sold",
        Kind.MONITORED,
        source("exported fuel"),
        frequency="every delivery",
        treatment=GapTreatment.ZERO,
    ),
    Parameter(
        "NCV_RDF",
        "GJ/t",
        "Net calorific value of the fuel sold",
        Kind.MONITORED,
        f"{source('exported fuel')}; upper bound: {OWN_BOUND}",
        maximum=HIGHEST_NCV,
        frequency="every delivery",
        aggregation=Aggregation.MEAN,
        treatment=GapTreatment.ZERO,
    ),
    Parameter(
        "EF_RDF",
        "tCO2/GJ",
        "CO2 emission factor of the fuel sold",
        Kind.FIXED,
        f"{source('exported fuel')}; upper bound: {OWN_BOUND}",
        maximum=HIGHEST_FACTOR,
    ),
)


def _dump(context: Treatment) -> tool04.Disposal:
    return tool04.Disposal(
        context.year,
        context.climate,
        context.site,
        commitment_period=context.commitment_period,
    )


def _composting(context: Treatment) -> tool13.Composting:
    return tool13.Composting(commitment_period=context.commitment_period)


def _digestion(context: Treatment) -> tool14.Digestion:
    return tool14.Digestion(
        context.digester,
        flared=context.flared,
        flare=context.flare,
        commitment_period=context.commitment_period,
    )


def _without(code: str, done: str, *, found: bool) -> Applicability:
    return Applicability(
        code,
        f"No waste is {done} (not built here).",
        not found,
        f"waste is {done}, not built here" if found else "none is",
    )


def _exported(inputs: Inputs) -> Step:
    return Step(
        symbol="LE_RDF",
        title="Burning of the fuel sold",
        formula="LE_RDF = Q_RDF × NCV_RDF × EF_RDF",
        inputs=inputs.of("Q_RDF", "NCV_RDF", "EF_RDF"),
        value=inputs["Q_RDF"] * inputs["NCV_RDF"] * inputs["EF_RDF"],
        unit=units.TCO2E,
        source=source("leakage of exported fuel"),
        part=Part.LEAKAGE,
    )


METHODOLOGY = ACM0022()
