"""What the Board takes: the registration fee in United States dollars, and the share of proceeds.

Pure arithmetic; rates are dated rule parameters and come in from outside. Source of the fee: EB 54
annex 29; of the share: the published description of the registry's accounts. Neither was compared
with its published text, and the cap is general knowledge: all are shown as unverified.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from cdm_portal import parameters

CENT = Decimal("0.01")
NOTHING = Decimal(0).quantize(CENT)


class FeeRule(StrEnum):
    """Why a registration fee is what it is."""

    DUE = "due"
    CAPPED = "capped"
    SMALL = "small"
    LDC = "ldc"


@dataclass(frozen=True, slots=True)
class Rates:
    """The numbers of the fee on a day: USD per tonne, t a year, USD, projects."""

    low: Decimal
    high: Decimal
    threshold: int
    cap: Decimal
    deferred_below: int

    @classmethod
    def on(cls, day: date) -> "Rates":
        """The rates in force on a day."""
        return cls(
            low=parameters.value("fee_low_rate", day),
            high=parameters.value("fee_high_rate", day),
            threshold=parameters.number("fee_threshold", day),
            cap=parameters.value("fee_cap", day),
            deferred_below=parameters.number("fee_deferred_projects", day),
        )


@dataclass(frozen=True, slots=True)
class Fee:
    """A registration fee in USD, to the cent, with the rule that made it."""

    before_cap: Decimal
    payable: Decimal
    rule: FeeRule


def registration_fee(average_annual_tonnes: int, *, host_is_ldc: bool, rates: Rates) -> Fee:
    """The fee for expected average annual reductions (tCO2e): an advance on the share of proceeds
    for administration. None below the threshold, none for a least developed host.

    Raises ValueError for a negative amount.
    """
    if average_annual_tonnes < 0:
        raise ValueError(f"{average_annual_tonnes} t a year cannot be negative")
    if host_is_ldc:
        return Fee(NOTHING, NOTHING, FeeRule.LDC)
    if average_annual_tonnes < rates.threshold:
        return Fee(NOTHING, NOTHING, FeeRule.SMALL)
    above = average_annual_tonnes - rates.threshold
    exact = rates.low * rates.threshold + rates.high * above
    before = exact.quantize(CENT, rounding=ROUND_HALF_UP)
    if before > rates.cap:
        return Fee(before, rates.cap.quantize(CENT), FeeRule.CAPPED)
    return Fee(before, before, FeeRule.DUE)


def is_deferred(registered_in_host: int, rates: Rates) -> bool:
    """Whether the host has so few registered projects that the fee waits for the first issuance."""
    return registered_in_host < rates.deferred_below


def adaptation_share(quantity: int, *, host_is_ldc: bool, rate: Decimal) -> int:
    """The units of an issuance that go to the Adaptation Fund, rounded half up to whole units.

    No published rule for the rounding is known; one published issuance agrees with half up (domain,
    2.6). None for a least developed host. Raises ValueError for a negative quantity.
    """
    if quantity < 0:
        raise ValueError(f"{quantity} units cannot be negative")
    if host_is_ldc:
        return 0
    return int((quantity * rate).to_integral_value(rounding=ROUND_HALF_UP))
