"""AMS-I.E: renewable heat for users who burnt wood that is partly not renewable.

Built for wood replaced by device or by the useful energy delivered, with leakage by the net to
gross adjustment; fuel and electricity of the project by TOOL03 and TOOL05. Not built, and refused:
cultivated biomass, charcoal, leakage from surveys. Formulas, values and dates of versions:
unverified, from general knowledge of the published methodology.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import energy, small_scale, terms, units, wood
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
    Step,
    Table,
    Treatment,
    Version,
)
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-I.E"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


class Replaced(StrEnum):
    """How the wood that is no longer burnt is known."""

    DEVICES = "devices"  # from the devices in use and the wood that each replaces
    USEFUL_ENERGY = "useful_energy"  # from the heat they deliver and the efficiency of before


@dataclass(frozen=True, slots=True)
class Switch(Facts):
    """What is asked about a switch from wood; `capacity_mwth` in MW of heat."""

    replaced: Replaced
    capacity_mwth: Decimal
    nrb_since_1989: bool
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    cultivated_biomass: bool = False
    charcoal: bool = False
    leakage_surveyed: bool = False


class AMSIE(Methodology[Switch]):
    """BE = B_y · f_NRB · NCV · EF; PE from fuel and electricity; 5 % of BE is leakage."""

    values = wood.NEWER
    code = CODE
    title = "Switch from non-renewable biomass for thermal applications by the user"
    scale = "small"
    sectoral_scopes = (1,)
    versions = (
        Version.of("04.0", "2011-03-18", "2012-11-22", RECALLED),
        Version.of("12.0", "2012-11-23", None, RECALLED),
    )
    facts_type = Switch
    facts = (
        Fact(
            "replaced",
            FactKind.CHOICE,
            "How the wood that is no longer burnt is known",
            choices=Replaced,
        ),
        small_scale.HEAT_CAPACITY,
        Fact(
            "nrb_since_1989",
            FactKind.FLAG,
            "Wood that is not renewable has been used since 31 December 1989",
        ),
        energy.ELECTRICITY,
        energy.FUELS,
        Fact("cultivated_biomass", FactKind.FLAG, "Biomass is grown for it", required=False),
        Fact("charcoal", FactKind.FLAG, "Charcoal is replaced", required=False),
        Fact("leakage_surveyed", FactKind.FLAG, "Leakage is from surveys", required=False),
    )
    constants = (small_scale.HEAT_MW, *wood.NEWER.constants)

    def in_version(self, version: str) -> "AMSIE":
        """What calculates that version. Raises UnknownMethodology."""
        self.version(version)
        return BY_VERSION[version]

    def parameters(self, context: Switch) -> tuple[Parameter, ...]:
        """The values of wood, the heat where it is measured, and what the tools ask for."""
        measured = context.replaced is Replaced.USEFUL_ENERGY
        return (
            *(USEFUL if measured else ()),
            *self.values.parameters(),
            *energy.parameters(electricity=context.electricity, fuels=context.fuels),
        )

    def tables(self, context: Switch) -> tuple[Table, ...]:
        """The devices by type, where they are counted."""
        return (DEVICES,) if context.replaced is Replaced.DEVICES else ()

    def applicability(self, context: Switch) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        most = small_scale.HEAT_MW
        return (
            small_scale.within("scale", context.capacity_mwth, most.value, "MW", most.source),
            small_scale.condition(
                "wood",
                "Wood that is not renewable has been used since 31 December 1989.",
                "it has",
                "it has not been used since then",
                met=context.nrb_since_1989,
            ),
            small_scale.absent(
                "cultivation", "biomass grown for it", found=context.cultivated_biomass
            ),
            small_scale.absent("charcoal", "charcoal replaced", found=context.charcoal),
            small_scale.absent(
                "leakage", "leakage taken from surveys", found=context.leakage_surveyed
            ),
        )

    def work_out(self, context: Switch, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        counted = context.replaced is Replaced.DEVICES
        replaced = _by_devices(inputs) if counted else _by_energy(inputs)
        burnt = self.values.emissions(replaced, inputs, source("wood replaced"))
        baseline = terms.baseline([burnt], source=source("baseline emissions"))
        used = energy.emissions(inputs, electricity=context.electricity, fuels=context.fuels)
        return terms.ending(
            baseline,
            terms.project(used, source=source("project emissions")),
            terms.leakage([wood.net_to_gross(baseline)], source=source("leakage")),
            source=source("emission reductions"),
        )


class Older(AMSIE):
    """Version 04.0: the older factor of fossil fuels and the older heat of wood."""

    values = wood.OLDER
    constants = (small_scale.HEAT_MW, *wood.OLDER.constants)


MONITORED = source("monitored data")
DEVICES = Table(
    "devices",
    "Devices of the project, by type",
    (
        Fact("type", FactKind.TEXT, "Type of device"),
        Parameter("N", units.SHARE, "Devices distributed", Kind.MONITORED, MONITORED),
        Parameter(
            "mu",
            units.SHARE,
            "Share of the devices in use",
            Kind.MONITORED,
            MONITORED,
            maximum=Decimal(1),
        ),
        Parameter(
            "B",
            units.TONNE,
            "Wood that a device replaces in the period",
            Kind.FIXED,
            source("wood replaced"),
        ),
    ),
    Kind.MONITORED,
    MONITORED,
    key=("type",),
)
USEFUL = (
    Parameter(
        "HG_p",
        "TJ",
        "Useful heat delivered by the devices",
        Kind.MONITORED,
        MONITORED,
        frequency="continuously",
        treatment=Treatment.ZERO,
    ),
    Parameter(
        "eta_old",
        units.SHARE,
        "Efficiency of what was burnt in before",
        Kind.FIXED,
        source("wood replaced"),
        maximum=Decimal(1),
        positive=True,
    ),
)


def _by_devices(inputs: Inputs) -> Step:
    rows = inputs.rows(DEVICES.symbol)
    return Step(
        symbol="B_y",
        title="Wood that all devices in use replace",
        formula="B_y = Σ N × mu × B",
        inputs=tuple(each for row in rows for each in row.of("N", "mu", "B")),
        value=sum((row["N"] * row["mu"] * row["B"] for row in rows), Decimal(0)),
        unit=units.TONNE,
        source=source("wood replaced"),
    )


def _by_energy(inputs: Inputs) -> Step:
    return Step(
        symbol="B_y",
        title="Wood that the useful heat replaces",
        formula="B_y = HG_p / (NCV × eta_old)",
        inputs=inputs.of("HG_p", "NCV", "eta_old"),
        value=inputs["HG_p"] / (inputs["NCV"] * inputs["eta_old"]),
        unit=units.TONNE,
        source=source("wood replaced"),
    )


METHODOLOGY = AMSIE()
BY_VERSION = {"04.0": Older(), "12.0": METHODOLOGY}
