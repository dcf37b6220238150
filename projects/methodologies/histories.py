"""Retrofit and replacement of a plant: what the old one delivered does not count.

The history counts with its standard deviation added, for the days of the period, as long as the old
plant would have lasted. Unverified, from general knowledge of the published methodologies; that a
period of other length takes its part by days is this portal's own rule.
"""

from collections.abc import Callable

from projects.methodologies import units
from projects.methodologies.base import (
    Activity,
    Context,
    Inputs,
    Kind,
    Parameter,
    Step,
    constant,
)

Source = Callable[[str], str]
DAYS_YEAR = constant(
    "d_a",
    "365",
    "d",
    "Days of a year, for the history of an old plant",
    "this portal's own rule: a period takes its part of a yearly history by days",
)


def renews(context: Context) -> bool:
    """Whether an old plant is renewed, so that its history is taken off."""
    return context.activity in (Activity.RETROFIT, Activity.REPLACEMENT)


def parameters(context: Context, source: Source) -> tuple[Parameter, ...]:
    """The history of the old plant and the days of the period, for a plant that is renewed."""
    if not renews(context):
        return ()
    history = source("history of the old plant")
    return (
        Parameter(
            "EG_hist",
            units.MWH,
            "Electricity that the old plant delivered to the grid in a year, on average",
            Kind.FIXED,
            history,
        ),
        Parameter(
            "sigma_hist",
            units.MWH,
            "Standard deviation of what it delivered in a year",
            Kind.FIXED,
            history,
        ),
        Parameter(
            "d",
            "d",
            "Days of the period",
            Kind.MONITORED,
            source("monitored data"),
            frequency="once a period",
        ),
    )


def baseline(inputs: Inputs, source: Source) -> Step:
    """EG_BL (MWh): what the old plant would have delivered in these days."""
    yearly = inputs["EG_hist"] + inputs["sigma_hist"]
    return Step(
        symbol="EG_BL",
        title="Electricity that the old plant would have delivered",
        formula="EG_BL = (EG_hist + sigma_hist) × d / d_a",
        inputs=(*inputs.of("EG_hist", "sigma_hist", "d"), DAYS_YEAR.as_input()),
        value=yearly * inputs["d"] / DAYS_YEAR.value,
        unit=units.MWH,
        source=source("retrofit and replacement"),
    )
