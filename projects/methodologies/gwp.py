"""Global warming potentials by commitment period.

The principle that the potential follows the date of the reduction: unverified, from general
knowledge. Cases that use other potentials give theirs as a named input; a commitment period never
picks them by itself.
"""

from decimal import Decimal

from cdm_portal import parameters

SOURCE = (
    "IPCC assessment report of the commitment period "
    "(second report for the first, fourth for the second): unverified, from general knowledge"
)


def methane(commitment_period: int) -> Decimal:
    """Tonnes of CO2e in one tonne of methane (tCO2e/tCH4). Raises UnknownParameter."""
    return parameters.in_commitment_period("gwp_ch4", commitment_period)
