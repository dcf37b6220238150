"""Global warming potentials by gas and by the date of the reductions.

The numbers are rule parameters with their days: those of the second assessment report in the first
commitment period, of the fourth in the second, and from 2021 on the lowest of three reports. The
rule and the numbers: unverified, from general knowledge. Cases that use other potentials give
theirs as a named input; a commitment period never picks them by itself.
"""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from cdm_portal import parameters
from projects.methodologies.facts import Fact, FactKind
from projects.methodologies.inputs import Kind, Parameter

SOURCE = (
    "IPCC assessment report of the commitment period (second report for the first, fourth for the "
    "second, the lowest of three reports after 2020): unverified, from general knowledge"
)

COMMITMENT_PERIOD = Fact(
    "commitment_period",
    FactKind.WHOLE,
    "The commitment period of the reductions, which decides the global warming potentials; "
    "3 stands for reductions from 2021 on",
    required=False,
    minimum=Decimal(1),
    maximum=Decimal(max(parameters.DAY_WITHIN)),
)
"""For the facts of a methodology that needs a potential."""


class Gas(StrEnum):
    """The gases whose potentials are known here, by the names of their rule parameters."""

    CH4 = "ch4"
    N2O = "n2o"
    SF6 = "sf6"
    HFC23 = "hfc23"


NAMES = {
    Gas.CH4: ("CH4", "methane"),
    Gas.N2O: ("N2O", "nitrous oxide"),
    Gas.SF6: ("SF6", "sulphur hexafluoride"),
    Gas.HFC23: ("HFC-23", "HFC-23"),
}

_BEGINNINGS = {
    number: parameters.shipped(f"gwp_{Gas.CH4}", day).valid_from
    for number, day in parameters.DAY_WITHIN.items()
}
BORDERS = {n: begins for n, begins in _BEGINNINGS.items() if n > min(_BEGINNINGS)}
"""The days on which another set of potentials begins, by its number."""


def set_on(day: date) -> int:
    """The set of potentials for reductions of a day: 1 up to 2012, 2 up to 2020, 3 from 2021 on.

    It is the fact COMMITMENT_PERIOD. Units are issued for commitment periods 1 and 2 alone: under
    the demonstration rules those of set 3 belong to the second (decision 3).
    """
    return max((n for n, begins in BORDERS.items() if begins <= day), default=min(_BEGINNINGS))


def days(number: int) -> tuple[date, date | None]:
    """The first and the last day of a set of potentials; None: it still holds."""
    following = BORDERS.get(number + 1)
    return _BEGINNINGS[number], following and following - timedelta(days=1)


def enters(asked: Collection[Parameter]) -> bool:
    """Whether a potential is among the parameters that a methodology asks for."""
    return any(each.kind is Kind.DATED for each in asked)


def potential(gas: Gas, commitment_period: int) -> Decimal:
    """Tonnes of CO2e in one tonne of the gas. Raises UnknownParameter."""
    return parameters.in_commitment_period(f"gwp_{gas.value}", commitment_period)


def on(gas: Gas, day: date) -> Decimal:
    """The same for reductions of a day. Raises UnknownParameter before the Protocol."""
    return parameters.as_value(parameters.shipped(f"gwp_{gas.value}", day))


def commitment_period(first: date, last: date) -> int:
    """The commitment period, as the facts count it, in which all these days lie.

    Raises ValueError if they run backwards or across two sets of potentials.
    """
    if last < first:
        raise ValueError(f"ends ({last}) before it begins ({first})")
    for number, begins in sorted(BORDERS.items()):
        if first < begins <= last:
            raise ValueError(
                f"{first} to {last} has two sets of global warming potentials: others hold from "
                f"{begins} on, so calculate each part by itself (commitment_period {number - 1} "
                f"and {number}) and round the sum"
            )
    return set_on(first)


def methane(commitment_period: int) -> Decimal:
    """Tonnes of CO2e in one tonne of methane (tCO2e/tCH4). Raises UnknownParameter."""
    return potential(Gas.CH4, commitment_period)


def parameter(commitment_period: int, gas: Gas = Gas.CH4) -> Parameter:
    """GWP_CH4 and its like, dated: that of the commitment period unless another one is given."""
    formula, shown = NAMES[gas]
    return Parameter(
        f"GWP_{formula.replace('-', '')}",
        f"tCO2e/t{formula}",
        f"Global warming potential of {shown}",
        Kind.DATED,
        SOURCE,
        default=potential(gas, commitment_period),
    )
