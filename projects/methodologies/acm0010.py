"""ACM0010: manure managed so that its methane is captured or avoided.

Built: methane and nitrous oxide of the baseline from animals and nitrogen lost, digester by TOOL14,
electricity and fuel. Not built, and refused: aerobic treatment, and more manure on land than
before. The nitrogen lost is an input, since no source here supports its formula. Formulas, values
and dates of versions: unverified, from general knowledge of the published methodology, except where
a worked case in the tests names its document.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import energy, gwp, manure, terms, tool06, tool14, units
from projects.methodologies.base import (
    UNVERIFIED,
    Applicability,
    Fact,
    FactKind,
    Facts,
    InputProblem,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Part,
    Row,
    Step,
    Table,
    UnusableInputs,
    Version,
    constant,
    distinct,
)
from projects.methodologies.gwp import Gas

CODE = "ACM0010"
RECALLED = "unverified, from general knowledge of the published versions"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


DENSITY = constant(
    "D_CH4",
    "0.00067",
    "t/m3",
    "Density of methane",
    source("density of methane"),
    validity="volumes at 20 °C and 101.325 kPa",
)
CAUTION = constant(
    "UF_b",
    "0.94",
    units.SHARE,
    "Correction of the methane correction factor for its uncertainty",
    source("methane correction factor"),
)
M_N2O = constant("M_N2O", "44", "g/mol", "Molar mass of nitrous oxide", source("nitrogen"))
M_N2 = constant("M_N2", "28", "g/mol", "Molar mass of the nitrogen in it", source("nitrogen"))


@dataclass(frozen=True, slots=True)
class Manure(Facts):
    """What is asked about the management of manure."""

    confined: bool
    digestion: bool
    digester: tool14.Digester = tool14.Digester.OTHER
    flared: bool = False
    flare: tool06.Flare = tool06.Flare.ENCLOSED
    displaced: energy.Displaced = energy.Displaced.NONE
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    aerobic: bool = False
    more_on_land: bool = False
    commitment_period: int = 2


class ACM0010(Methodology[Manure]):
    """BE = BE_CH4 + BE_N2O + energy; PE of the digester, electricity and fuel; no leakage."""

    code = CODE
    title = "GHG emission reductions from manure management systems"
    scale = "large"
    sectoral_scopes = (13, 15)
    versions = (
        Version.of("07.0.0", "2012-03-02", "2013-05-31", RECALLED),
        Version.of("08.0", "2013-06-01", None, RECALLED),
    )
    facts_type = Manure
    facts = (
        Fact("confined", FactKind.FLAG, "The animals are kept in confinement"),
        Fact("digestion", FactKind.FLAG, "The manure is digested without air"),
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
        energy.DISPLACED,
        energy.ELECTRICITY,
        energy.FUELS,
        Fact("aerobic", FactKind.FLAG, "Manure is treated with air", required=False),
        Fact(
            "more_on_land", FactKind.FLAG, "More manure than before is put on land", required=False
        ),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (DENSITY, CAUTION, M_N2O, M_N2)

    def parameters(self, context: Manure) -> tuple[Parameter, ...]:
        """Nitrogen lost, correction, potentials, and what tools and energy ask for."""
        return distinct(
            (
                CAUTION.as_parameter(maximum=Decimal(1)),
                *NITROGEN,
                gwp.parameter(context.commitment_period),
                gwp.parameter(context.commitment_period, Gas.N2O),
                *energy.displaced_parameters(context.displaced),
                *tool14.TOOL.parameters(_digestion(context)),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
            )
        )

    def tables(self, context: Manure) -> tuple[Table, ...]:
        """The animals, by kind and by the way their manure was managed."""
        return (ANIMALS,)

    def applicability(self, context: Manure) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        return (
            Applicability(
                "confined",
                "The animals are kept in confinement.",
                context.confined,
                "they are" if context.confined else "the animals are not confined",
            ),
            Applicability(
                "digestion",
                "The manure is digested without air (other treatment is not built here).",
                context.digestion,
                "it is"
                if context.digestion
                else "it is not digested; other treatment is not built here",
            ),
            Applicability(
                "aerobic",
                "No manure is treated with air (not built here).",
                not context.aerobic,
                "manure is treated with air, not built here" if context.aerobic else "none is",
            ),
            Applicability(
                "land",
                "No more manure than before is put on land (not built here).",
                not context.more_on_land,
                "more is put on land, not built here" if context.more_on_land else "no more is",
            ),
        )

    def work_out(self, context: Manure, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        rows = inputs.rows(ANIMALS.symbol)
        refuse_shares_above_one(rows)
        displaced = energy.displaced_emissions(
            inputs, context.displaced, source=source("energy displaced")
        )
        baseline = [_methane(rows, inputs), nitrous_oxide(inputs), *displaced]
        project = (
            tool14.TOOL.nested(_digestion(context), inputs, part=Part.PROJECT),
            *energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels),
        )
        return terms.ending(
            terms.baseline(baseline, source=source("baseline emissions")),
            terms.project(project, source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
        )


MONITORED = source("monitored data")
NITROGEN = (
    Parameter("E_D", "kgN", "Nitrogen lost as N2O directly", Kind.FIXED, source("nitrogen lost")),
    Parameter(
        "E_ID", "kgN", "Nitrogen lost as N2O indirectly", Kind.FIXED, source("nitrogen lost")
    ),
)
ANIMALS = Table(
    "animals",
    "Animals by kind and by the system that managed their manure in the baseline",
    (
        Fact("type", FactKind.TEXT, "Kind of animal"),
        Fact("system", FactKind.TEXT, "System of the baseline, such as a lagoon"),
        Parameter("N", units.SHARE, "Animals, on average", Kind.MONITORED, MONITORED),
        manure.solids(MONITORED),
        Parameter("d", "d", "Days on which the system worked", Kind.MONITORED, MONITORED),
        *manure.methane(MONITORED, source),
    ),
    Kind.MONITORED,
    MONITORED,
    key=("type", "system"),
)
PRODUCT = ("MCF", "B_o", "N", "VS", "d", "MS")


def _digestion(context: Manure) -> tool14.Digestion:
    return tool14.Digestion(
        context.digester,
        flared=context.flared,
        flare=context.flare,
        commitment_period=context.commitment_period,
    )


def refuse_shares_above_one(rows: Sequence[Row]) -> None:
    """Raise UnusableInputs if the shares of the systems, MS, add up to more than the manure."""
    shares: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        shares[row.text("type")] += row["MS"]
    problems = [
        InputProblem(
            ANIMALS.symbol, f"MS of {kind} adds up to {units.plain(share)}, which is more than 1"
        )
        for kind, share in shares.items()
        if share > 1
    ]
    if problems:
        raise UnusableInputs(problems)


def _methane(rows: Sequence[Row], inputs: Inputs) -> Step:
    volume = Decimal(0)
    for row in rows:
        product = Decimal(1)
        for symbol in PRODUCT:
            product *= row[symbol]
        volume += product
    return Step(
        symbol="BE_CH4",
        title="Methane of the manure",
        formula="BE_CH4 = GWP_CH4 × D_CH4 × UF_b × Σ " + " × ".join(PRODUCT),
        inputs=(
            *inputs.of("GWP_CH4"),
            DENSITY.as_input(),
            *inputs.of("UF_b"),
            *(each for row in rows for each in row.of(*PRODUCT)),
        ),
        value=inputs["GWP_CH4"] * DENSITY.value * inputs["UF_b"] * volume,
        unit=units.TCO2E,
        source=source("methane of the baseline"),
    )


def nitrous_oxide(inputs: Inputs) -> Step:
    """BE_N2O = GWP_N2O · 44/28 · (E_D + E_ID), in tCO2e."""
    lost = units.convert(inputs["E_D"] + inputs["E_ID"], "kgN", "tN")
    return Step(
        symbol="BE_N2O",
        title="Nitrous oxide of the manure",
        formula="BE_N2O = GWP_N2O × M_N2O / M_N2 × (E_D + E_ID) / 10³",
        inputs=(
            *inputs.of("GWP_N2O"),
            M_N2O.as_input(),
            M_N2.as_input(),
            *inputs.of("E_D", "E_ID"),
        ),
        value=inputs["GWP_N2O"] * M_N2O.value * lost / M_N2.value,
        unit=units.TCO2E,
        source=source("nitrous oxide of the baseline"),
        note="10³ kg are 1 t.",
    )


METHODOLOGY = ACM0010()
