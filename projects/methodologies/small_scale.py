"""What the small-scale methodologies have in common: the limits of their types, and conditions.

The limits: unverified, from a compilation of the rules (decision 1/CMP.2, paragraph 28) and, for
heat, from general knowledge. The electric one is a rule parameter.
"""

from decimal import Decimal

from cdm_portal import parameters as rules
from projects.methodologies import terms, units
from projects.methodologies.base import (
    Applicability,
    Fact,
    FactKind,
    Inputs,
    Kind,
    Parameter,
    Step,
    Treatment,
    constant,
)

LIMITS = "decision 1/CMP.2, paragraph 28: unverified, from a compilation of the rules"
RECALLED = "unverified, from general knowledge of the published versions"
POWER_MW = rules.constant("small_scale_mw")
HEAT_MW = constant(
    "P_th_max",
    "45",
    "MW",
    "Most thermal capacity of a small-scale type I project",
    "limit of small scale, thermal: unverified, from general knowledge",
)
HEAT_SAVED = constant(
    "ES_th_max",
    "180",
    "GWh",
    "Most thermal energy that a small-scale type II project saves in a year",
    "limit of small scale, thermal: unverified, from general knowledge",
)
ER_YEAR = constant(
    "ER_a",
    "60000",
    "tCO2e",
    "Most reductions of a small-scale type III project in a year",
    LIMITS,
)
DAYS_YEAR = constant("d_a", "365", "d", "Days of a year, for the yearly limit", LIMITS)
DAYS = Parameter(
    "d",
    "d",
    "Days of the period, for the yearly limit",
    Kind.MONITORED,
    LIMITS,
    frequency="daily",
    treatment=Treatment.ZERO,
)
HEAT_CAPACITY = Fact(
    "capacity_mwth",
    FactKind.NUMBER,
    "Thermal capacity installed by the project",
    unit="MW",
    source=HEAT_MW.source,
)


def condition(code: str, text: str, good: str, bad: str, *, met: bool) -> Applicability:
    """A condition with the reason for either answer."""
    return Applicability(code, text, met, good if met else bad)


def absent(code: str, what: str, *, found: bool) -> Applicability:
    """That something is not there whose calculation is not built; `what` reads after "no"."""
    return condition(
        code,
        f"There is no {what} (not built here).",
        f"no {what}",
        f"there is {what}, not built here",
        met=not found,
    )


def within(code: str, given: Decimal, most: Decimal, unit: str, source: str) -> Applicability:
    """That a capacity or a saving, in `unit`, is no more than its type of small scale allows."""
    shown, limit = (f"{units.plain(each)} {unit}" for each in (given, most))
    return condition(
        code,
        f"It is at most {limit} ({source}).",
        shown,
        f"{shown} is above the {limit} of small scale",
        met=given <= most,
    )


def yearly_limit(inputs: Inputs) -> Step:
    """The ceiling ER_max = 60 kt × d / 365 of type III, in tCO2e; `DAYS` is among the inputs."""
    return terms.ceiling(
        "ER_max",
        "Limit of small-scale type III",
        "ER_max = ER_a × d / d_a",
        (ER_YEAR.as_input(), *inputs.of("d"), DAYS_YEAR.as_input()),
        ER_YEAR.value * inputs["d"] / DAYS_YEAR.value,
        source=ER_YEAR.source,
    )
