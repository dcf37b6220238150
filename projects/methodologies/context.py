"""The facts of a plant that makes electricity from a renewable source for a grid."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies.facts import NAME, Fact, FactKind, Facts
from projects.methodologies.gwp import COMMITMENT_PERIOD
from projects.methodologies.inputs import ZERO, InputProblem, UnusableInputs

CONTEXT_NUMBERS = (
    "capacity_mw",
    "capacity_before_mw",
    "reservoir_area_km2",
    "reservoir_area_before_km2",
)


class Technology(StrEnum):
    """What makes the electricity."""

    WIND = "wind"
    SOLAR = "solar"
    HYDRO = "hydro"
    GEOTHERMAL = "geothermal"
    TIDAL = "tidal"
    BIOMASS = "biomass"


class Activity(StrEnum):
    """What is done to the plant."""

    GREENFIELD = "greenfield"
    CAPACITY_ADDITION = "capacity_addition"
    RETROFIT = "retrofit"
    REPLACEMENT = "replacement"


class GridFactor(StrEnum):
    """Where the emission factor of the grid is from."""

    COMBINED_MARGIN = "combined_margin"  # computed here from operating and build margin
    PUBLISHED = "published"  # taken as published by the host Party's authority


@dataclass(frozen=True, slots=True)
class Context(Facts):
    """The facts of a project on which its parameters and its applicability depend.

    Capacities in MW, areas in km²; `reservoir_area_km2` is None for a plant without a reservoir.
    `fuels` names the fossil fuels burnt by the project. `crediting_period` counts from 1.
    `grid_factor` says whether the combined margin is computed here or taken as published.
    """

    technology: Technology
    capacity_mw: Decimal
    activity: Activity = Activity.GREENFIELD
    grid_connected: bool = True
    crediting_period: int = 1
    commitment_period: int = 2
    grid_factor: GridFactor = GridFactor.COMBINED_MARGIN
    reservoir_area_km2: Decimal | None = None
    capacity_before_mw: Decimal = ZERO
    reservoir_area_before_km2: Decimal = ZERO
    fuels: tuple[str, ...] = ()
    equipment_transferred: bool = False
    old_plant_would_last: bool = False

    def __post_init__(self) -> None:
        problems = [
            InputProblem(name, "is not a number of MW or km² from zero upwards")
            for name in CONTEXT_NUMBERS
            if (number := getattr(self, name)) is not None and not _at_least_zero(number)
        ]
        problems += [
            InputProblem("fuels", f"'{fuel}' is not a name: use small letters, digits and _")
            for fuel in self.fuels
            if not NAME.fullmatch(fuel)
        ]
        if problems:
            raise UnusableInputs(problems)


def _at_least_zero(number: object) -> bool:
    return isinstance(number, Decimal) and number.is_finite() and number >= 0


FACTS = (
    Fact("technology", FactKind.CHOICE, "What makes the electricity", choices=Technology),
    Fact("capacity_mw", FactKind.NUMBER, "Installed capacity of the project", unit="MW"),
    Fact(
        "activity", FactKind.CHOICE, "What is done to the plant", choices=Activity, required=False
    ),
    Fact("grid_connected", FactKind.FLAG, "The plant supplies a grid", required=False),
    Fact(
        "crediting_period",
        FactKind.WHOLE,
        "Which crediting period it is, from 1",
        required=False,
        minimum=Decimal(1),
    ),
    COMMITMENT_PERIOD,
    Fact(
        "grid_factor",
        FactKind.CHOICE,
        "Where the emission factor of the grid is from",
        choices=GridFactor,
        required=False,
    ),
    Fact(
        "reservoir_area_km2",
        FactKind.NUMBER,
        "Area of the reservoir, if there is one",
        unit="km2",
        required=False,
    ),
    Fact(
        "capacity_before_mw",
        FactKind.NUMBER,
        "Capacity before the project",
        unit="MW",
        required=False,
    ),
    Fact(
        "reservoir_area_before_km2",
        FactKind.NUMBER,
        "Area of the reservoir before the project",
        unit="km2",
        required=False,
    ),
    Fact("fuels", FactKind.NAMES, "Fossil fuels burnt by the project", required=False),
    Fact(
        "equipment_transferred",
        FactKind.FLAG,
        "Equipment comes from another activity",
        required=False,
    ),
    Fact(
        "old_plant_would_last",
        FactKind.FLAG,
        "The plant that is renewed would have run to the end of the period",
        required=False,
    ),
)
