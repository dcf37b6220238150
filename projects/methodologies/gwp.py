"""Global warming potentials by commitment period.

The principle that the potential follows the date of the reduction: unverified, from general
knowledge. Cases that use other potentials give theirs as a named input; a commitment period never
picks them by itself.
"""

from decimal import Decimal

from cdm_portal import parameters
from projects.methodologies.facts import Fact, FactKind
from projects.methodologies.inputs import Kind, Parameter

SOURCE = (
    "IPCC assessment report of the commitment period "
    "(second report for the first, fourth for the second): unverified, from general knowledge"
)

COMMITMENT_PERIOD = Fact(
    "commitment_period",
    FactKind.WHOLE,
    "The commitment period of the reductions, which decides the global warming potentials",
    required=False,
    minimum=Decimal(1),
    maximum=Decimal(2),
)
"""For the facts of a methodology that needs a potential."""


def methane(commitment_period: int) -> Decimal:
    """Tonnes of CO2e in one tonne of methane (tCO2e/tCH4). Raises UnknownParameter."""
    return parameters.in_commitment_period("gwp_ch4", commitment_period)


def parameter(commitment_period: int) -> Parameter:
    """GWP_CH4, dated: the potential of the commitment period unless another one is given."""
    return Parameter(
        "GWP_CH4",
        "tCO2e/tCH4",
        "Global warming potential of methane",
        Kind.DATED,
        SOURCE,
        default=methane(commitment_period),
    )
