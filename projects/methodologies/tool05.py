"""TOOL05: emissions of the electricity that is used, losses of the grid included.

Built with a factor for the electricity that is given (a combined margin by TOOL07, or that of a
captive plant) or, for what a project or leakage uses, the tool's own high default. Formula and
defaults: unverified, from general knowledge of the published tool.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cdm_portal import parameters as rules
from projects.methodologies import units
from projects.methodologies.base import (
    OWN_BOUND,
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
)

CODE = "TOOL05"
UNVERIFIED_TOOL = "unverified, from general knowledge of the published tool"
RECALLED = "unverified, from general knowledge of the published versions"
HIGHEST_FACTOR = rules.constant("grid_factor_max")


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED_TOOL}"


HIGH = "for electricity used by the project or as leakage"
EF_DEFAULT = constant(
    "EF_EL",
    "1.3",
    units.GRID_FACTOR,
    "Emission factor of the electricity",
    source("default factor"),
    validity=HIGH,
)
TDL_DEFAULT = constant(
    "TDL",
    "0.2",
    units.SHARE,
    "Losses of transmission and distribution",
    source("default losses"),
    validity=HIGH,
)


class Use(StrEnum):
    """For which term of ER = BE − PE − LE the electricity counts."""

    PROJECT = "project"
    LEAKAGE = "leakage"
    BASELINE = "baseline"


class Supply(StrEnum):
    """Where the electricity is from."""

    GRID = "grid"
    CAPTIVE = "captive"  # a fossil plant of the site alone: nothing is lost on the way
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Consumption(Facts):
    """What is asked about the electricity used."""

    use: Use = Use.PROJECT
    supply: Supply = Supply.GRID


class Tool05(Tool[Consumption]):
    """PE_EC = EC · EF_EL · (1 + TDL), in tCO2e."""

    code = CODE
    title = "Emissions from electricity consumption"
    symbol = "PE_EC"
    unit = units.TCO2E
    versions = (
        Version.of("01", "2008-05-16", "2015-11-26", RECALLED),
        Version.of("02.0", "2015-11-27", "2017-09-21", RECALLED),
        Version.of("03.0", "2017-09-22", None, RECALLED),
    )
    facts_type = Consumption
    facts = (
        Fact(
            "use",
            FactKind.CHOICE,
            "For which term of the reductions it counts",
            choices=Use,
            required=False,
        ),
        Fact(
            "supply",
            FactKind.CHOICE,
            "Where the electricity is from",
            choices=Supply,
            required=False,
        ),
    )
    constants = (EF_DEFAULT, TDL_DEFAULT)

    def parameters(self, context: Consumption) -> tuple[Parameter, ...]:
        """The electricity, its factor and, from a grid, the losses; no defaults for a baseline."""
        high = context.use is not Use.BASELINE
        factor = Parameter(
            EF_DEFAULT.symbol,
            EF_DEFAULT.unit,
            EF_DEFAULT.meaning,
            Kind.FIXED,
            f"{EF_DEFAULT.source}; upper bound: {OWN_BOUND}",
            default=EF_DEFAULT.value if high else None,
            maximum=HIGHEST_FACTOR,
            validity=EF_DEFAULT.validity,
        )
        losses = Parameter(
            TDL_DEFAULT.symbol,
            TDL_DEFAULT.unit,
            TDL_DEFAULT.meaning,
            Kind.FIXED,
            TDL_DEFAULT.source,
            default=TDL_DEFAULT.value if high else None,
            maximum=Decimal(1),
            validity=TDL_DEFAULT.validity,
        )
        used = Parameter(
            "EC",
            units.MWH,
            "Electricity used",
            Kind.MONITORED,
            source("electricity consumed"),
            frequency="continuously",
        )
        return (used, factor, *([losses] if context.supply is Supply.GRID else []))

    def applicability(self, context: Consumption) -> tuple[Applicability, ...]:
        """That one supply alone feeds the use; both at once are not built."""
        one = context.supply is not Supply.BOTH
        return (
            Applicability(
                "supply",
                "The electricity is from the grid or from a captive plant, not from both "
                "(not built here).",
                one,
                f"it is from {context.supply.value}" if one else "it is from both, not built here",
            ),
        )

    def work_out(self, context: Consumption, inputs: Inputs) -> tuple[Step, ...]:
        """PE_EC in tCO2e."""
        lossy = context.supply is Supply.GRID
        symbols = ("EC", "EF_EL", *(["TDL"] if lossy else []))
        lost = inputs["TDL"] if lossy else Decimal(0)
        return (
            Step(
                symbol=self.symbol,
                title="Emissions of the electricity used",
                formula="PE_EC = EC × EF_EL" + (" × (1 + TDL)" if lossy else ""),
                inputs=inputs.of(*symbols),
                value=inputs["EC"] * inputs["EF_EL"] * (1 + lost),
                unit=self.unit,
                source=source("emissions of consumption"),
                part=Part(context.use.value),
            ),
        )


TOOL = Tool05()
