"""The published sets of global warming potentials beside the numbers that the rules use, and when.

The used number is the rule parameter and nothing else; what a set says is shown for comparison.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cdm_portal import parameters
from cdm_portal.parameters import Parameter
from projects.methodologies import gwp
from projects.methodologies.gwp import Gas
from projects.reference.models import EditionRow

SETS = {
    "SAR": "SARGWP100", "TAR": "TARGWP100", "AR4": "AR4GWP100", "AR5": "AR5GWP100",
    "AR6": "AR6GWP100",
}
"""The assessment reports in order, and the columns of their potentials over a hundred years."""
SPECIES = {Gas.CH4: "CH4", Gas.N2O: "N2O", Gas.SF6: "SF6", Gas.HFC23: "HFC23"}
NAMED = {
    parameters.START: ("SAR",), parameters.AFTER_BORDER: ("AR4",),
    parameters.TEMPORARY: ("SAR", "AR4", "AR5"),
}
"""The reports that a rule names, by its first day; of several, the lowest number counts."""


@dataclass(frozen=True, slots=True)
class Used:
    """A rule's number, the reports that it names, and what they say; None where they are silent."""

    rule: Parameter
    gas: str
    named: tuple[str, ...]
    published: Decimal | None

    @property
    def agrees(self) -> bool:
        """Whether the rule uses what the reports that it names say."""
        return self.published == self.rule.value


@dataclass(frozen=True, slots=True)
class Cell:
    """What a set says of a gas, and how many per cent it is above what the rules use."""

    value: Decimal | None
    above: Decimal | None


def value(cells: Mapping[str, str], column: str) -> Decimal | None:
    """The number in a cell; None for an empty one and without the column."""
    text = cells.get(column, "")
    return Decimal(text) if text else None


def used(rows: Mapping[str, EditionRow]) -> list[Used]:
    """Every rule of a potential with what the sets say; `rows` by species."""
    found = []
    for gas, species in SPECIES.items():
        cells = rows[species].cells if species in rows else {}
        for rule in parameters.TABLE:
            if rule.name == f"gwp_{gas.value}":
                named = NAMED[rule.valid_from]
                said = [value(cells, SETS[each]) for each in named]
                lowest = min((each for each in said if each is not None), default=None)
                found.append(Used(rule, gwp.NAMES[gas][1], named, lowest))
    return found


def compared(rows: Mapping[str, EditionRow], on: date) -> list[tuple[str, Decimal, list[Cell]]]:
    """Each gas of the rules with the number in use on a day, and what every set says of it."""
    found = []
    for gas, species in SPECIES.items():
        cells = rows[species].cells if species in rows else {}
        now = gwp.on(gas, on)
        found.append((
            gwp.NAMES[gas][1], now, [_cell(value(cells, column), now) for column in SETS.values()],
        ))
    return found


def _cell(said: Decimal | None, now: Decimal) -> Cell:
    if said is None:
        return Cell(None, None)
    return Cell(said, ((said / now - 1) * 100).quantize(Decimal("0.1")))
