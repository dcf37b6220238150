"""Electricity and fuel that a project uses, as most tools and methodologies ask for them.

TOOL05 and TOOL03 have the arithmetic, and their own symbols.
"""

from collections.abc import Sequence

from projects.methodologies import tool03, tool05
from projects.methodologies.base import Fact, FactKind, Inputs, Parameter, Part, Step

ELECTRICITY = Fact(
    "electricity", FactKind.FLAG, "The project uses electricity of the grid", required=False
)
FUELS = Fact("fuels", FactKind.NAMES, "Fossil fuels burnt by the project", required=False)
USED = tool05.Consumption()


def parameters(*, electricity: bool, fuels: Sequence[str]) -> tuple[Parameter, ...]:
    """What TOOL05 and TOOL03 ask for, where they are used at all."""
    return (
        *(tool05.TOOL.parameters(USED) if electricity else ()),
        *(tool03.TOOL.parameters(tool03.Burning(tuple(fuels))) if fuels else ()),
    )


def emissions(inputs: Inputs, *, electricity: bool, fuels: Sequence[str]) -> tuple[Step, ...]:
    """PE_EC and PE_FC in tCO2e, each where it is used at all."""
    burning = tool03.Burning(tuple(fuels))
    return (
        *([tool05.TOOL.nested(USED, inputs, part=Part.PROJECT)] if electricity else []),
        *([tool03.TOOL.nested(burning, inputs, part=Part.PROJECT)] if fuels else []),
    )
