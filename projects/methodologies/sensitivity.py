"""How much the result moves when one input does: each is changed alone and all is computed again.

Pure: nothing is stored. A value that the methodology refuses when changed says why.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cdm_portal.refusals import Refused
from projects.methodologies import units
from projects.methodologies.inputs import ZERO

TENTH = Decimal("0.1")
ONE = Decimal(1)

Recalculation = Callable[[str, Decimal], Decimal]
"""Exact reductions in tCO2e with one input, named by its symbol, multiplied by a factor; the empty
symbol changes none. Raises Refused for a value that cannot be used.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a lower and a higher value of one input do to the reductions, in tCO2e; None where the
    methodology refuses the value, and `why` says for what reason.
    """

    symbol: str
    lower: Decimal | None
    higher: Decimal | None
    why: str = ""

    @property
    def size(self) -> Decimal:
        """The larger of both changes, without its sign."""
        return max(abs(self.lower or ZERO), abs(self.higher or ZERO))


def sensitivity(
    symbols: Iterable[str], recalculated: Recalculation, *, by: Decimal = TENTH
) -> Sequence[Change]:
    """Each input changed by the share `by` down and up; the one that moves most comes first.

    Raises Refused if the inputs as given cannot be used.
    """
    exact = recalculated("", ONE)
    found = [_change(symbol, recalculated, exact, by) for symbol in symbols]
    return sorted(found, key=lambda each: (-each.size, each.symbol))


def _change(symbol: str, recalculated: Recalculation, exact: Decimal, by: Decimal) -> Change:
    moved: list[Decimal | None] = []
    why = ""
    for factor in (ONE - by, ONE + by):
        try:
            with units.arithmetic():
                moved.append(recalculated(symbol, factor) - exact)
        except Refused as refusal:
            moved.append(None)
            why = refusal.message
    return Change(symbol, moved[0], moved[1], why)
