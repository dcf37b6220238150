"""AMS-II.G: stoves that burn less of wood that is partly not renewable.

Built for wood and the water boiling test or the kitchen performance test, with leakage by the net
to gross adjustment. Not built, and refused: charcoal, leakage from surveys, and old stoves that go
on beside tested new ones. Formulas, values and dates of versions: unverified, from general
knowledge of the published methodology.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import small_scale, terms, units, wood
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
    Row,
    Step,
    Table,
    UnusableInputs,
    Version,
    constant,
)
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-II.G"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


class Survey(StrEnum):
    """How the saving is known."""

    WATER_BOILING = "water_boiling"  # from the efficiencies of the old and the new stove
    KITCHEN = "kitchen_performance"  # from the wood burnt before and after


class OldStove(StrEnum):
    """What was cooked on before, which decides the default of its efficiency."""

    THREE_STONES = "three_stones"  # or a stove without grate and chimney
    OTHER = "other"


EFFICIENCY = {
    stove: constant(
        "eta_old",
        written,
        units.SHARE,
        "Efficiency of the old stove",
        source("default efficiency"),
        validity=stove.value.replace("_", " "),
    )
    for stove, written in ((OldStove.THREE_STONES, "0.10"), (OldStove.OTHER, "0.20"))
}
LEAST = constant(
    "eta_min",
    "0.25",
    units.SHARE,
    "Least efficiency of a new stove, as specified",
    source("least efficiency"),
)


@dataclass(frozen=True, slots=True)
class Stoves(Facts):
    """What is asked about a stove project; `energy_saved` in GWh a year, as the design says."""

    test: Survey
    efficiency: Decimal
    energy_saved: Decimal
    nrb_since_1989: bool
    old_stove: OldStove = OldStove.THREE_STONES
    old_kept: bool = False
    charcoal: bool = False
    leakage_surveyed: bool = False


class AMSIIG(Methodology[Stoves]):
    """BE = Σ N · mu · B_savings · NCV · f_NRB · EF; 5 % of it is leakage; no PE."""

    values = wood.NEWEST
    code = CODE
    title = "Energy efficiency measures in thermal applications of non-renewable biomass"
    scale = "small"
    sectoral_scopes = (3,)
    versions = (
        Version.of("05.0", "2012-11-23", "2018-11-28", RECALLED),
        Version.of("12.0", "2018-11-29", "2022-09-07", RECALLED),
        Version.of("13.0", "2022-09-08", None, RECALLED),
    )
    facts_type = Stoves
    facts = (
        Fact("test", FactKind.CHOICE, "How the saving is known", choices=Survey),
        Fact(
            "efficiency",
            FactKind.NUMBER,
            "Efficiency of the new stoves as specified",
            unit=units.SHARE,
            maximum=Decimal(1),
        ),
        Fact(
            "energy_saved",
            FactKind.NUMBER,
            "Thermal energy that the project saves in a year",
            unit="GWh",
        ),
        Fact(
            "nrb_since_1989",
            FactKind.FLAG,
            "Wood that is not renewable has been used since 31 December 1989",
        ),
        Fact(
            "old_stove",
            FactKind.CHOICE,
            "What was cooked on before",
            choices=OldStove,
            required=False,
        ),
        Fact("old_kept", FactKind.FLAG, "Old stoves go on beside the new ones", required=False),
        Fact("charcoal", FactKind.FLAG, "Charcoal is burnt", required=False),
        Fact("leakage_surveyed", FactKind.FLAG, "Leakage is from surveys", required=False),
    )
    constants = (*EFFICIENCY.values(), LEAST, small_scale.HEAT_SAVED, *wood.NEWEST.constants)

    def in_version(self, version: str) -> "AMSIIG":
        """What calculates that version. Raises UnknownMethodology."""
        self.version(version)
        return BY_VERSION[version]

    def parameters(self, context: Stoves) -> tuple[Parameter, ...]:
        """The values of wood, and the efficiency of the old stove where it is asked for."""
        boiling = context.test is Survey.WATER_BOILING
        old = EFFICIENCY[context.old_stove].as_parameter(maximum=Decimal(1))
        return (*([old] if boiling else []), *self.values.parameters())

    def tables(self, context: Stoves) -> tuple[Table, ...]:
        """The stoves, by type and batch."""
        tested = ETA_NEW if context.test is Survey.WATER_BOILING else B_NEW
        return (
            Table(
                "stoves",
                "New stoves by type and batch",
                (*COLUMNS, tested),
                Kind.MONITORED,
                MONITORED,
                key=("type", "batch"),
            ),
        )

    def applicability(self, context: Stoves) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        shown = units.plain(context.efficiency)
        least = units.plain(LEAST.value)
        return (
            small_scale.within(
                "scale",
                context.energy_saved,
                small_scale.HEAT_SAVED.value,
                "GWh",
                small_scale.HEAT_SAVED.source,
            ),
            small_scale.condition(
                "efficiency",
                f"The new stoves are specified with an efficiency of {least} at least.",
                shown,
                f"{shown} is less than {least}",
                met=context.efficiency >= LEAST.value,
            ),
            small_scale.condition(
                "wood",
                "Wood that is not renewable has been used since 31 December 1989.",
                "it has",
                "it has not been used since then",
                met=context.nrb_since_1989,
            ),
            small_scale.condition(
                "old_stoves",
                "Old stoves do not go on beside the new ones, unless kitchens are measured.",
                "they do not, or kitchens are measured",
                "old stoves go on, and the water boiling test does not see them",
                met=not context.old_kept or context.test is Survey.KITCHEN,
            ),
            small_scale.absent("charcoal", "charcoal burnt", found=context.charcoal),
            small_scale.absent(
                "leakage", "leakage taken from surveys", found=context.leakage_surveyed
            ),
        )

    def work_out(self, context: Stoves, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        saved = _saved(context, inputs)
        burnt = self.values.emissions(saved, inputs, source("wood saved"))
        baseline = terms.baseline([burnt], source=source("baseline emissions"))
        return terms.ending(
            baseline,
            terms.project([], source=source("project emissions")),
            terms.leakage([wood.net_to_gross(baseline)], source=source("leakage")),
            source=source("emission reductions"),
        )


class Middle(AMSIIG):
    """Version 12.0: the factor of fossil fuels, and no other gases."""

    values = wood.NEWER
    constants = (*EFFICIENCY.values(), LEAST, small_scale.HEAT_SAVED, *wood.NEWER.constants)


class Older(AMSIIG):
    """Version 05.0: the older factor of fossil fuels and the older heat of wood."""

    values = wood.OLDER
    constants = (*EFFICIENCY.values(), LEAST, small_scale.HEAT_SAVED, *wood.OLDER.constants)


MONITORED = source("monitored data")
COLUMNS = (
    Fact("type", FactKind.TEXT, "Type of stove"),
    Fact("batch", FactKind.TEXT, "Batch, such as the year of distribution"),
    Parameter("N", units.SHARE, "Stoves distributed", Kind.MONITORED, MONITORED),
    Parameter(
        "mu",
        units.SHARE,
        "Share of the stoves in use",
        Kind.MONITORED,
        MONITORED,
        maximum=Decimal(1),
    ),
    Parameter(
        "B_old",
        units.TONNE,
        "Wood that an old stove burns in the period",
        Kind.FIXED,
        source("wood burnt before"),
    ),
)
ETA_NEW = Parameter(
    "eta_new",
    units.SHARE,
    "Efficiency of the new stove, tested in this year",
    Kind.MONITORED,
    MONITORED,
    maximum=Decimal(1),
    positive=True,
)
B_NEW = Parameter(
    "B_new",
    units.TONNE,
    "Wood that a kitchen burns in the period with the new stove",
    Kind.MONITORED,
    MONITORED,
)


def _saved(context: Stoves, inputs: Inputs) -> Step:
    rows = inputs.rows("stoves")
    boiling = context.test is Survey.WATER_BOILING
    if boiling:
        _refuse_worse(rows, inputs["eta_old"])
    each = tuple(_saving(row, inputs, boiling=boiling) for row in rows)
    pairs = tuple(zip(rows, each, strict=True))
    return Step(
        symbol="B_y",
        title="Wood saved by all stoves in use",
        formula="B_y = Σ N × mu × B_savings",
        inputs=tuple(
            given for row, saving in pairs for given in (*row.of("N", "mu"), saving.as_input())
        ),
        value=sum((row["N"] * row["mu"] * saving.value for row, saving in pairs), Decimal(0)),
        unit=units.TONNE,
        source=source("wood saved"),
        parts=each,
    )


def _saving(row: Row, inputs: Inputs, *, boiling: bool) -> Step:
    if boiling:
        formula = "B_old × (1 − eta_old / eta_new)"
        value = row["B_old"] * (row["eta_new"] - inputs["eta_old"]) / row["eta_new"]
        given = (*row.of("B_old"), *inputs.of("eta_old"), *row.of("eta_new"))
    else:
        formula = "B_old − B_new"
        value = row["B_old"] - row["B_new"]
        given = row.of("B_old", "B_new")
    return Step(
        symbol=f"B_savings[{row.label}]",
        title="Wood saved by one stove",
        formula=f"B_savings = {formula}",
        inputs=given,
        value=value,
        unit=units.TONNE,
        source=source("wood saved by one stove"),
    )


def _refuse_worse(rows: Sequence[Row], old: Decimal) -> None:
    problems = [
        InputProblem(
            f"stoves[{row.label}].eta_new",
            f"{units.plain(row['eta_new'])} is below eta_old, {units.plain(old)}",
        )
        for row in rows
        if row["eta_new"] < old
    ]
    if problems:
        raise UnusableInputs(problems)


METHODOLOGY = AMSIIG()
BY_VERSION = {"05.0": Older(), "12.0": Middle(), "13.0": METHODOLOGY}
