"""What the Board takes: the registration fee and the share of proceeds for administration in United
States dollars, and the share of proceeds for adaptation in units.

Pure arithmetic; rates are dated rule parameters and come in from outside. Source of fee and share
for administration: EB 54 annex 29; of the share for adaptation: the published description of the
registry's accounts. Neither was compared with its published text, and the cap is general knowledge:
all are shown as unverified.
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
    ADVANCED = "advanced"


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
        rows = parameters.together(
            ("fee_low_rate", "fee_high_rate", "fee_threshold", "fee_cap", "fee_deferred_projects"),
            day,
        )
        return cls(
            low=parameters.as_value(rows["fee_low_rate"]),
            high=parameters.as_value(rows["fee_high_rate"]),
            threshold=parameters.as_number(rows["fee_threshold"]),
            cap=parameters.as_value(rows["fee_cap"]),
            deferred_below=parameters.as_number(rows["fee_deferred_projects"]),
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


@dataclass(frozen=True, slots=True)
class ShareRates:
    """The numbers of the share for administration on a day: USD per CER, CERs a calendar year."""

    low: Decimal
    high: Decimal
    threshold: int

    @classmethod
    def on(cls, day: date) -> "ShareRates":
        """The rates in force on a day."""
        return cls(
            low=parameters.value("sop_low_rate", day),
            high=parameters.value("sop_high_rate", day),
            threshold=parameters.number("sop_threshold", day),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """A share of proceeds for administration in USD, to the cent: in full, the part that the
    registration fee paid in advance, what is left to pay, and the rule that made it.
    """

    full: Decimal
    advanced: Decimal
    payable: Decimal
    rule: FeeRule


def administration_share(
    requested: int, *, earlier: int, advance: Decimal, host_is_ldc: bool, rates: ShareRates
) -> Share:
    """The share for CERs whose issuance is requested now, when `earlier` ones of the same project
    were requested in the same calendar year: the lower rate up to the threshold of the year, the
    higher one above (domain, 2.6). None for a least developed host.

    `advance` is what is left of the registration fee, USD: it is deducted first. Raises ValueError
    for a negative quantity or advance.
    """
    if requested < 0 or earlier < 0 or advance < 0:
        raise ValueError(f"{requested} after {earlier} CERs, {advance} USD: none can be negative")
    if host_is_ldc:
        return Share(NOTHING, NOTHING, NOTHING, FeeRule.LDC)
    exact = _of_the_year(earlier + requested, rates) - _of_the_year(earlier, rates)
    full = exact.quantize(CENT, rounding=ROUND_HALF_UP)
    advanced = min(full, advance.quantize(CENT))
    rule = FeeRule.ADVANCED if advanced == full else FeeRule.DUE
    return Share(full, advanced, full - advanced, rule)


def _of_the_year(cers: int, rates: ShareRates) -> Decimal:
    above = max(0, cers - rates.threshold)
    return rates.low * (cers - above) + rates.high * above


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
