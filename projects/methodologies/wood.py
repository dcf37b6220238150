"""Wood that is partly not renewable, and is no longer burnt: what AMS-I.E and AMS-II.G share.

Formulas and values: unverified, from general knowledge of the published methodologies. Which
version first had which value is unverified as well.
"""

from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import units
from projects.methodologies.base import (
    UNVERIFIED,
    Constant,
    Inputs,
    Kind,
    Parameter,
    Part,
    Step,
    constant,
)

SOURCE = f"wood that is not renewable: {UNVERIFIED}"
CALORIFIC = "Net calorific value of the wood"
FOSSIL = "Emission factor of the fossil fuels that similar users turn to"
NCV = constant("NCV", "0.0156", "TJ/t", CALORIFIC, SOURCE, validity="newer versions")
NCV_OLDER = constant("NCV", "0.015", "TJ/t", CALORIFIC, SOURCE, validity="older versions")
EF = constant("EF", "63.7", "tCO2/TJ", FOSSIL, SOURCE, validity="newer versions")
EF_OLDER = constant("EF", "81.6", "tCO2/TJ", FOSSIL, SOURCE, validity="older versions")
EF_WOOD = constant(
    "EF_wf_CO2",
    "112",
    "tCO2/TJ",
    "CO2 emission factor of wood",
    SOURCE,
    validity="the newest version of AMS-II.G",
)
EF_OTHER = constant(
    "EF_wf_nonCO2",
    "26.23",
    "tCO2e/TJ",
    "Emission factor of wood for the other gases",
    SOURCE,
    validity="the newest version of AMS-II.G",
)
NET = constant(
    "x_NTG",
    "0.95",
    units.SHARE,
    "Share of the reductions that remains after leakage",
    f"net to gross adjustment: {UNVERIFIED}",
)
F_NRB = Parameter(
    "f_NRB",
    units.SHARE,
    "Share of the wood that is not renewable",
    Kind.FIXED,
    SOURCE,
    maximum=Decimal(1),
)


@dataclass(frozen=True, slots=True)
class Wood:
    """The values of a version: the heat of wood, a factor for CO2, and one for other gases."""

    ncv: Constant
    ef: Constant
    other: Constant | None = None

    @property
    def constants(self) -> tuple[Constant, ...]:
        """All of them, and the share that remains after leakage."""
        return (self.ncv, self.ef, *([self.other] if self.other else []), NET)

    def parameters(self) -> tuple[Parameter, ...]:
        """The share that is not renewable, and the values, which the design may replace."""
        other = [self.other.as_parameter()] if self.other else []
        return (F_NRB, self.ncv.as_parameter(), self.ef.as_parameter(), *other)

    def emissions(self, saved: Step, inputs: Inputs, source: str) -> Step:
        """BE_wood (tCO2e) of `saved`, a step in tonnes of wood that is not burnt."""
        ef = self.ef.symbol
        factor, written = inputs["f_NRB"] * inputs[ef], f"f_NRB × {ef}"
        if self.other:
            factor += inputs[self.other.symbol]
            written = f"({written} + {self.other.symbol})"
        symbols = ("NCV", "f_NRB", ef, *([self.other.symbol] if self.other else []))
        return Step(
            symbol="BE_wood",
            title="Emissions of the wood that is not burnt",
            formula=f"BE_wood = {saved.symbol} × NCV × {written}",
            inputs=(saved.as_input(), *inputs.of(*symbols)),
            value=saved.value * inputs["NCV"] * factor,
            unit=units.TCO2E,
            source=source,
            parts=(saved,),
        )


OLDER = Wood(NCV_OLDER, EF_OLDER)
NEWER = Wood(NCV, EF)
NEWEST = Wood(NCV, EF_WOOD, EF_OTHER)


def net_to_gross(baseline: Step) -> Step:
    """LE_NTG (tCO2e): the share of the baseline given up for leakage; nothing of a negative one."""
    return Step(
        symbol="LE_NTG",
        title="Leakage by the net to gross adjustment",
        formula=f"LE_NTG = max(0, {baseline.symbol}) × (1 − x_NTG)",
        inputs=(baseline.as_input(), NET.as_input()),
        value=max(Decimal(0), baseline.value) * (1 - NET.value),
        unit=units.TCO2E,
        source=NET.source,
        part=Part.LEAKAGE,
    )
