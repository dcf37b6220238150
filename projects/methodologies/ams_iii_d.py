"""AMS-III.D: methane recovered from manure instead of lagoons and pits that let it go.

Built for animals in confinement whose manure is digested and whose gas is burnt, with fuel and
electricity by TOOL03 and TOOL05. Not built, and refused: manure stored longer before it is
digested or carried farther, residues that decay without air, gas recovered before, gas that is
upgraded. Formulas, values and dates of versions: unverified, from general knowledge of the
published methodology.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import (
    acm0010,
    biogas,
    energy,
    gwp,
    manure,
    small_scale,
    terms,
    tool06,
    units,
)
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
    Treatment,
    UnusableInputs,
    Version,
    constant,
    distinct,
)
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-III.D"


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
    "Correction for the uncertainty of the model",
    source("uncertainty of the model"),
)
LEAKING = constant(
    "x_PL",
    "0.10",
    units.SHARE,
    "Share of the most methane of the manure that leaks from the digester",
    source("physical leakage"),
)
DAYS_ALIVE = constant(
    "d_N", "365", "d", "Days of a year, for the animals on average", source("number of animals")
)


@dataclass(frozen=True, slots=True)
class Manure(Facts):
    """What is asked about the manure of a farm."""

    confined: bool
    anaerobic_before: bool
    discharged_before: bool
    recovered_before: bool
    flared: bool = False
    flare: tool06.Flare = tool06.Flare.ENCLOSED
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    stored_longer: bool = False
    carried_farther: bool = False
    residues_without_air: bool = False
    upgraded: bool = False
    commitment_period: int = 2


class AMSIIID(Methodology[Manure]):
    """BE = GWP · D · UF_b · Σ MCF · B_o · N · VS · nd · MS; at most the methane destroyed."""

    code = CODE
    title = "Methane recovery in animal manure management systems"
    scale = "small"
    sectoral_scopes = (15,)
    versions = (
        Version.of("18.0", "2012-07-20", "2013-06-06", RECALLED),
        Version.of("19.0", "2013-06-07", "2017-05-03", RECALLED),
        Version.of("21.0", "2017-05-04", None, RECALLED),
    )
    facts_type = Manure
    facts = (
        Fact("confined", FactKind.FLAG, "The animals are kept in confinement"),
        Fact(
            "anaerobic_before",
            FactKind.FLAG,
            "Manure lay without air: long enough, deep enough and above 5 °C on average of a year",
        ),
        Fact("discharged_before", FactKind.FLAG, "Manure went into a river or the sea"),
        Fact("recovered_before", FactKind.FLAG, "Methane was recovered before"),
        biogas.FLARED,
        biogas.FLARE,
        energy.ELECTRICITY,
        energy.FUELS,
        Fact(
            "stored_longer",
            FactKind.FLAG,
            "Manure is stored for more than a day before it is digested",
            required=False,
        ),
        Fact(
            "carried_farther",
            FactKind.FLAG,
            "Manure or residues are carried farther than before",
            required=False,
        ),
        Fact(
            "residues_without_air",
            FactKind.FLAG,
            "What the digester leaves decays without air",
            required=False,
        ),
        biogas.UPGRADED,
        gwp.COMMITMENT_PERIOD,
    )
    constants = (
        DENSITY,
        CAUTION,
        LEAKING,
        DAYS_ALIVE,
        small_scale.ER_YEAR,
        small_scale.DAYS_YEAR,
    )

    def parameters(self, context: Manure) -> tuple[Parameter, ...]:
        """The correction, the gas burnt, days, and what the tools ask for."""
        return distinct(
            (
                CAUTION.as_parameter(maximum=Decimal(1)),
                WORKING,
                *_burning(context).parameters(),
                *energy.parameters(electricity=context.electricity, fuels=context.fuels),
                small_scale.DAYS,
            )
        )

    def tables(self, context: Manure) -> tuple[Table, ...]:
        """The animals, by kind and by the way their manure was managed."""
        return (ANIMALS,)

    def applicability(self, context: Manure) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        return (
            small_scale.condition(
                "confined",
                "The animals are kept in confinement.",
                "they are",
                "the animals are not confined",
                met=context.confined,
            ),
            small_scale.condition(
                "anaerobic",
                "Manure lay without air before: in depth, for long enough, above 5 °C on average.",
                "it did",
                "it lay with air, too shortly or too cold",
                met=context.anaerobic_before,
            ),
            small_scale.condition(
                "discharge",
                "Manure did not go into natural waters before.",
                "it did not",
                "it went into a river or the sea",
                met=not context.discharged_before,
            ),
            small_scale.absent(
                "recovery", "methane recovered before", found=context.recovered_before
            ),
            small_scale.absent(
                "storage", "manure stored for more than a day", found=context.stored_longer
            ),
            small_scale.absent(
                "transport", "manure carried farther", found=context.carried_farther
            ),
            small_scale.absent(
                "residues", "residue that decays without air", found=context.residues_without_air
            ),
            biogas.not_upgraded(found=context.upgraded),
        )

    def work_out(self, context: Manure, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        rows = inputs.rows(ANIMALS.symbol)
        acm0010.refuse_shares_above_one(rows)
        _refuse_more_days(inputs)
        animals = tuple(_animals(row) for row in rows)
        flaring = _burning(context).flaring(inputs)
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return terms.ending(
            terms.baseline([_methane(rows, animals, inputs)], source=source("baseline emissions")),
            terms.project(
                [_leaks(rows, animals, inputs), *flaring, *used],
                source=source("project emissions"),
            ),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
            ceilings=[biogas.ceiling(inputs, flaring, used), small_scale.yearly_limit(inputs)],
        )


MONITORED = source("monitored data")
WORKING = Parameter(
    "nd",
    "d",
    "Days of the period on which the digester worked",
    Kind.MONITORED,
    MONITORED,
    frequency="daily",
    treatment=Treatment.ZERO,
)
ANIMALS = Table(
    acm0010.ANIMALS.symbol,
    "Animals by kind and by the system that managed their manure in the baseline",
    (
        Fact("type", FactKind.TEXT, "Kind of animal"),
        Fact("system", FactKind.TEXT, "System of the baseline, such as a lagoon"),
        Parameter(
            "N_da",
            "d",
            "Days of a year on which an animal is alive at the farm",
            Kind.MONITORED,
            MONITORED,
            maximum=DAYS_ALIVE.value,
        ),
        Parameter("N_p", units.SHARE, "Animals kept in a year", Kind.MONITORED, MONITORED),
        manure.solids(MONITORED),
        *manure.methane(MONITORED, source),
    ),
    Kind.MONITORED,
    MONITORED,
    key=("type", "system"),
)


def _burning(context: Manure) -> biogas.Burning:
    return biogas.Burning(context.flared, context.flare, context.commitment_period)


def _refuse_more_days(inputs: Inputs) -> None:
    if inputs["nd"] > inputs["d"]:
        worked, all_days = units.plain(inputs["nd"]), units.plain(inputs["d"])
        raise UnusableInputs(
            [InputProblem("nd", f"{worked} d is more than the period has: {all_days} d")]
        )


def _animals(row: Row) -> Step:
    return Step(
        symbol=f"N[{row.label}]",
        title="Animals on average",
        formula="N = N_da × N_p / d_N",
        inputs=(*row.of("N_da", "N_p"), DAYS_ALIVE.as_input()),
        value=row["N_da"] * row["N_p"] / DAYS_ALIVE.value,
        unit=units.SHARE,
        source=source("number of animals"),
    )


def _methane(rows: Sequence[Row], animals: Sequence[Step], inputs: Inputs) -> Step:
    pairs = tuple(zip(rows, animals, strict=True))
    solids = sum(
        (r["MCF"] * r["B_o"] * heads.value * r["VS"] * r["MS"] for r, heads in pairs), Decimal(0)
    )
    tonnes = DENSITY.value * inputs["UF_b"] * solids * inputs["nd"]
    return Step(
        symbol="BE_CH4",
        title="Methane of the manure",
        formula="BE_CH4 = GWP_CH4 × D_CH4 × UF_b × nd × Σ MCF × B_o × N × VS × MS",
        inputs=(
            *inputs.of("GWP_CH4"),
            DENSITY.as_input(),
            *inputs.of("UF_b", "nd"),
            *(
                given
                for row, heads in pairs
                for given in (*row.of("MCF", "B_o"), heads.as_input(), *row.of("VS", "MS"))
            ),
        ),
        value=inputs["GWP_CH4"] * tonnes,
        unit=units.TCO2E,
        source=source("methane of the baseline"),
        parts=tuple(animals),
    )


def _leaks(rows: Sequence[Row], animals: Sequence[Step], inputs: Inputs) -> Step:
    pairs = tuple(zip(rows, animals, strict=True))
    solids = sum((r["B_o"] * heads.value * r["VS"] * r["MS"] for r, heads in pairs), Decimal(0))
    tonnes = LEAKING.value * DENSITY.value * solids * inputs["nd"]
    return Step(
        symbol="PE_PL",
        title="Methane that leaks from the digester",
        formula="PE_PL = x_PL × GWP_CH4 × D_CH4 × nd × Σ B_o × N × VS × MS",
        inputs=(
            LEAKING.as_input(),
            *inputs.of("GWP_CH4"),
            DENSITY.as_input(),
            *inputs.of("nd"),
            *(
                given
                for row, heads in pairs
                for given in (*row.of("B_o"), heads.as_input(), *row.of("VS", "MS"))
            ),
        ),
        value=inputs["GWP_CH4"] * tonnes,
        unit=units.TCO2E,
        source=source("physical leakage"),
        part=Part.PROJECT,
    )


METHODOLOGY = AMSIIID()
