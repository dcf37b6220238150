"""Biogas that is captured and burnt, as AMS-III.D and AMS-III.H count it.

The methane destroyed, less the energy spent on it, is a ceiling of the reductions. Formula:
unverified, from general knowledge of the published methodologies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.methodologies import gwp, small_scale, terms, tool06, units
from projects.methodologies.base import (
    UNVERIFIED,
    Applicability,
    Fact,
    FactKind,
    Inputs,
    Kind,
    Parameter,
    Part,
    Step,
    Treatment,
    distinct,
)

SOURCE = f"methane captured and destroyed: {UNVERIFIED}"
FLARED = Fact("flared", FactKind.FLAG, "Some of the gas is flared", required=False)
FLARE = Fact(
    "flare",
    FactKind.CHOICE,
    "Which flare, and whence its efficiency",
    choices=tool06.Flare,
    required=False,
)
UPGRADED = Fact(
    "upgraded", FactKind.FLAG, "Gas is upgraded, bottled or sent into a network", required=False
)
USED = Parameter(
    "BG_used",
    "m3",
    "Biogas burnt for heat or power, at the conditions of its density",
    Kind.MONITORED,
    SOURCE,
    frequency="continuously",
    treatment=Treatment.ZERO,
)
OF_THE_GAS = ("v_CH4", "rho_CH4")


@dataclass(frozen=True, slots=True)
class Burning:
    """Which of the gas is burnt where; without a flare all of it makes heat or power."""

    flared: bool
    flare: tool06.Flare
    commitment_period: int

    @property
    def _flaring(self) -> tool06.Flaring:
        return tool06.Flaring(
            self.flare, tool06.Gas.VOLUME, commitment_period=self.commitment_period
        )

    def parameters(self) -> tuple[Parameter, ...]:
        """The gas burnt, the methane in it, what TOOL06 asks of a flare, and the potential."""
        asked = tool06.TOOL.parameters(self._flaring)
        chosen = asked if self.flared else [p for p in asked if p.symbol in OF_THE_GAS]
        return distinct((USED, *chosen, gwp.parameter(self.commitment_period)))

    def flaring(self, inputs: Inputs) -> tuple[Step, ...]:
        """PE_flare in tCO2e, if there is a flare."""
        if not self.flared:
            return ()
        return (tool06.TOOL.nested(self._flaring, inputs, part=Part.PROJECT),)


def not_upgraded(*, found: bool) -> Applicability:
    """That all of the gas is burnt on the site."""
    return small_scale.absent("upgrading", "gas upgraded, bottled or piped", found=found)


def ceiling(inputs: Inputs, flaring: Sequence[Step], energy: Sequence[Step]) -> Step:
    """MD_net (tCO2e): the methane destroyed, less the emissions of the energy for it."""
    destroyed = _destroyed(inputs, flaring)
    step = terms.ceiling(
        "MD_net",
        "Methane destroyed, less the energy for it",
        "MD_net = " + " − ".join(each.symbol for each in (destroyed, *energy)),
        [each.as_input() for each in (destroyed, *energy)],
        destroyed.value - sum((each.value for each in energy), Decimal(0)),
        source=SOURCE,
    )
    return replace(step, parts=(destroyed,))


def _destroyed(inputs: Inputs, flaring: Sequence[Step]) -> Step:
    sent = ["V_RG"] if flaring else []
    gas = sum((inputs[symbol] for symbol in ("BG_used", *sent)), Decimal(0))
    written = "(BG_used + V_RG)" if flaring else "BG_used"
    lost = "".join(f" − {each.symbol}" for each in flaring)
    methane = gas * inputs["v_CH4"] * inputs["rho_CH4"]
    return Step(
        symbol="MD",
        title="Methane captured and destroyed",
        formula=f"MD = {written} × v_CH4 × rho_CH4 × GWP_CH4{lost}",
        inputs=(
            *inputs.of("BG_used", *sent, *OF_THE_GAS, "GWP_CH4"),
            *(each.as_input() for each in flaring),
        ),
        value=methane * inputs["GWP_CH4"] - sum((each.value for each in flaring), Decimal(0)),
        unit=units.TCO2E,
        source=SOURCE,
        part=Part.REDUCTIONS,
    )
