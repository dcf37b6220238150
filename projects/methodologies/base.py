"""What a methodology is: versions, applicability, parameters, and the way from inputs to tonnes.

A methodology is pure arithmetic: named inputs in declared units go in, a calculation that shows
every step comes out. Adding one is one file with one subclass, its line in the catalogue, and its
worked cases in the tests.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cdm_portal.refusals import Invalid
from projects.methodologies import units
from projects.methodologies.calculation import (
    UNVERIFIED,
    Calculation,
    Input,
    Part,
    Step,
    rounded_down,
)
from projects.methodologies.inputs import (
    OWN_BOUND,
    ZERO,
    Aggregation,
    Given,
    InputProblem,
    Inputs,
    Kind,
    Parameter,
    Treatment,
    UnusableInputs,
    check_inputs,
)
from projects.methodologies.units import Quantity, UnitError

__all__ = [
    "OWN_BOUND",
    "UNVERIFIED",
    "ZERO",
    "Activity",
    "Aggregation",
    "Applicability",
    "Calculation",
    "Context",
    "Given",
    "GridFactor",
    "Input",
    "InputProblem",
    "Inputs",
    "Kind",
    "Methodology",
    "NotApplicable",
    "Parameter",
    "Part",
    "Quantity",
    "Step",
    "Technology",
    "Treatment",
    "UnitError",
    "UnknownMethodology",
    "UnusableInputs",
    "Version",
    "check_inputs",
    "rounded_down",
]

FUEL_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
CONTEXT_NUMBERS = (
    "capacity_mw",
    "capacity_before_mw",
    "reservoir_area_km2",
    "reservoir_area_before_km2",
)


@dataclass(frozen=True, slots=True)
class Applicability:
    """One condition of a methodology, and whether this project meets it."""

    code: str
    text: str
    met: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a methodology and the days on which a design could take it up (both included).

    `verified` speaks of these dates alone: True only where they were read on the official page.
    """

    version: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool = False

    def valid_on(self, day: date) -> bool:
        """Whether the version was in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


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
class Context:
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

    def __post_init__(self) -> None:
        problems = [
            InputProblem(name, "is not a number of MW or km² from zero upwards")
            for name in CONTEXT_NUMBERS
            if (number := getattr(self, name)) is not None and not _at_least_zero(number)
        ]
        problems += [
            InputProblem("fuels", f"'{fuel}' is not a name: use small letters, digits and _")
            for fuel in self.fuels
            if not FUEL_NAME.fullmatch(fuel)
        ]
        if problems:
            raise UnusableInputs(problems)


def _at_least_zero(number: object) -> bool:
    return isinstance(number, Decimal) and number.is_finite() and number >= 0


class NotApplicable(Invalid):
    """The project does not meet the methodology's conditions; `failed` lists which and why."""

    code = "methodology_not_applicable"

    def __init__(self, methodology: str, failed: Sequence[Applicability]) -> None:
        self.failed = tuple(failed)
        super().__init__(
            {"methodology": [f"{methodology} does not apply: {each.reason}" for each in failed]}
        )


class UnknownMethodology(Invalid):
    """A methodology, or a version of one, that this portal does not know."""

    code = "unknown_methodology"


class Methodology(ABC):
    """A methodology: one file, one subclass, one object in the catalogue.

    A subclass states `code`, `title`, `scale`, `sectoral_scopes` and `versions`, and answers
    `parameters`, `applicability` and `work_out`.
    """

    code: str
    title: str
    scale: str
    sectoral_scopes: tuple[int, ...]
    versions: tuple[Version, ...]

    @abstractmethod
    def parameters(self, context: Context) -> tuple[Parameter, ...]:
        """What this project has to fix in its design and to monitor."""

    @abstractmethod
    def applicability(self, context: Context) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""

    @abstractmethod
    def work_out(self, context: Context, inputs: Inputs) -> tuple[Step, ...]:
        """The steps, in order, ending with BE, PE, LE and ER in tCO2e."""

    def version(self, version: str) -> Version:
        """The version so named. Raises UnknownMethodology."""
        for known in self.versions:
            if known.version == version:
                return known
        raise UnknownMethodology.of("version", f"{self.code} has no version {version} here.")

    def require_applicable(self, context: Context) -> None:
        """Pass, or raise NotApplicable with every condition that is not met."""
        failed = [each for each in self.applicability(context) if not each.met]
        if failed:
            raise NotApplicable(self.code, failed)

    def fixed(self, context: Context) -> tuple[Parameter, ...]:
        """The parameters settled in the design document."""
        return tuple(p for p in self.parameters(context) if p.kind is Kind.FIXED)

    def monitored(self, context: Context) -> tuple[Parameter, ...]:
        """The parameters measured in every monitoring period."""
        return tuple(p for p in self.parameters(context) if p.kind is Kind.MONITORED)

    def ex_ante(
        self, *, version: str, context: Context, inputs: Mapping[str, Given], year: int | None
    ) -> Calculation:
        """The estimate for one year: `inputs` holds fixed values and expected yearly totals.

        Raises NotApplicable, UnknownMethodology, UnusableInputs.
        """
        return self.calculate(version=version, context=context, inputs=inputs, year=year)

    def ex_post(
        self,
        *,
        version: str,
        context: Context,
        fixed: Mapping[str, Given],
        monitored: Mapping[str, Given],
    ) -> Calculation:
        """What a monitoring period brought: `fixed` from the design, `monitored` from readings.

        Refuses a monitored value for a parameter that the design fixed, and a fixed one for what
        has to be measured. Raises NotApplicable, UnknownMethodology, UnusableInputs.
        """
        kinds = {p.symbol: p.kind for p in self.parameters(context)}
        misplaced = [
            *(
                _misplaced(s, "fixed in the design, not monitored")
                for s in monitored
                if kinds.get(s, Kind.MONITORED) is not Kind.MONITORED
            ),
            *(
                _misplaced(s, "monitored in every period, not fixed in the design")
                for s in fixed
                if kinds.get(s, Kind.FIXED) is Kind.MONITORED
            ),
        ]
        if misplaced:
            raise UnusableInputs(misplaced)
        return self.calculate(
            version=version, context=context, inputs={**fixed, **monitored}, measured=True
        )

    def calculate(
        self,
        *,
        version: str,
        context: Context,
        inputs: Mapping[str, Given],
        year: int | None = None,
        measured: bool = False,
    ) -> Calculation:
        """BE − PE − LE with its steps. Raises NotApplicable, UnknownMethodology, UnusableInputs."""
        chosen = self.version(version)
        self.require_applicable(context)
        checked = check_inputs(self.parameters(context), inputs, measured=measured)
        with units.arithmetic():
            steps = self.work_out(context, checked)
        worth = {step.symbol: step.value for step in steps}
        return Calculation(
            methodology=self.code,
            version=chosen.version,
            steps=steps,
            baseline=worth["BE"],
            project=worth["PE"],
            leakage=worth["LE"],
            reductions_exact=worth["ER"],
            reductions=rounded_down(worth["ER"]),
            year=year,
        )


def _misplaced(symbol: str, rule: str) -> InputProblem:
    return InputProblem(symbol, f"is {rule}")
