"""Numbers of a methodology, each with its unit, its meaning and where it is from.

They stand in the file of the methodology or tool that uses them, listed in its `constants`, so that
a page shows them. A number that has changed by date is a rule parameter instead.
"""

from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import units
from projects.methodologies.calculation import Input
from projects.methodologies.inputs import ZERO, Kind, Parameter


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of the published text; `verified` only where the text itself was compared.

    `validity` says in words for which versions or days it holds, where not for all.
    """

    symbol: str
    value: Decimal
    unit: str
    meaning: str
    source: str
    verified: bool = False
    validity: str = ""

    def as_input(self) -> Input:
        """The number as it is shown beside a formula."""
        return Input(self.symbol, self.value, self.unit)

    def as_parameter(
        self,
        kind: Kind = Kind.FIXED,
        *,
        minimum: Decimal | None = ZERO,
        maximum: Decimal | None = None,
    ) -> Parameter:
        """A parameter that may be given, and is this number if it is not."""
        return Parameter(
            self.symbol,
            self.unit,
            self.meaning,
            kind,
            self.source,
            default=self.value,
            minimum=minimum,
            maximum=maximum,
            validity=self.validity,
        )


def constant(
    symbol: str,
    written: str,
    unit: str,
    meaning: str,
    source: str,
    *,
    verified: bool = False,
    validity: str = "",
) -> Constant:
    """A constant from its number as text: `constant("NCV_wood", "0.0156", "TJ/t", …)`."""
    return Constant(symbol, units.as_decimal(written), unit, meaning, source, verified, validity)
