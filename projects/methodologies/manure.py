"""What the methodologies of manure ask of each kind of animals and each system."""

from collections.abc import Callable
from decimal import Decimal

from projects.methodologies import units
from projects.methodologies.inputs import Kind, Parameter


def solids(monitored: str) -> Parameter:
    """Volatile solids of an animal and day."""
    return Parameter(
        "VS", "kg/d", "Volatile solids of an animal and day, dry", Kind.MONITORED, monitored
    )


def methane(monitored: str, source: Callable[[str], str]) -> tuple[Parameter, ...]:
    """How much methane the solids can give, and what share of it a system lets them give."""
    return (
        Parameter("B_o", "m3/kg", "Most methane of volatile solids", Kind.FIXED, monitored),
        Parameter(
            "MCF",
            units.SHARE,
            "Methane correction factor of the system",
            Kind.FIXED,
            source("methane correction factor"),
            maximum=Decimal(1),
        ),
        Parameter(
            "MS",
            units.SHARE,
            "Share of the manure of these animals that went to the system",
            Kind.FIXED,
            source("share of the systems"),
            maximum=Decimal(1),
        ),
    )
