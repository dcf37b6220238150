"""What a methodology is: versions, applicability, parameters, and the way from inputs to tonnes.

A methodology is pure arithmetic: named inputs in declared units go in, a calculation that shows
every step comes out. Adding one is one file with one subclass, its line in the catalogue, and its
worked cases in the tests; ADDING.md beside this file shows how. Everything that a file of a
methodology needs can be imported from here.
"""

from projects.methodologies.calculable import (
    Applicability,
    Calculable,
    NotApplicable,
    Tool,
    UnknownMethodology,
    Version,
    misplaced,
)
from projects.methodologies.calculation import (
    UNVERIFIED,
    Calculation,
    Input,
    Outcome,
    Part,
    Step,
    rounded_down,
    together,
)
from projects.methodologies.constants import Constant, constant
from projects.methodologies.context import (
    Activity,
    Context,
    GridFactor,
    Technology,
)
from projects.methodologies.facts import F, Fact, FactKind, Facts
from projects.methodologies.inputs import (
    OWN_BOUND,
    ZERO,
    Aggregation,
    Given,
    GivenRows,
    Givens,
    InputProblem,
    Inputs,
    Kind,
    Parameter,
    Row,
    Table,
    Treatment,
    UnusableInputs,
    check_inputs,
    distinct,
)
from projects.methodologies.units import Quantity, UnitError

__all__ = [
    "OWN_BOUND",
    "UNVERIFIED",
    "ZERO",
    "Activity",
    "Aggregation",
    "Applicability",
    "Calculable",
    "Calculation",
    "Constant",
    "Context",
    "Fact",
    "FactKind",
    "Facts",
    "Given",
    "GivenRows",
    "Givens",
    "GridFactor",
    "Input",
    "InputProblem",
    "Inputs",
    "Kind",
    "Methodology",
    "NotApplicable",
    "Outcome",
    "Parameter",
    "Part",
    "Quantity",
    "Row",
    "Step",
    "Table",
    "Technology",
    "Tool",
    "Treatment",
    "UnitError",
    "UnknownMethodology",
    "UnusableInputs",
    "Version",
    "check_inputs",
    "constant",
    "distinct",
    "rounded_down",
    "together",
]


class Methodology(Calculable[F]):
    """A methodology: one file, one subclass, one object in the catalogue.

    Beside what a `Calculable` states it has a `scale`, and its steps end with BE, PE, LE and ER in
    tCO2e; the last is rounded down, once.
    """

    scale: str

    def ex_ante(self, *, version: str, context: F, inputs: Givens, year: int | None) -> Calculation:
        """The estimate for one year: `inputs` holds fixed values and expected yearly totals.

        Raises NotApplicable, UnknownMethodology, UnusableInputs.
        """
        return self.calculate(version=version, context=context, inputs=inputs, year=year)

    def ex_post(
        self,
        *,
        version: str,
        context: F,
        fixed: Givens,
        monitored: Givens,
    ) -> Calculation:
        """What a monitoring period brought: `fixed` from the design, `monitored` from readings.

        Refuses a monitored value for a parameter that the design fixed, and a fixed one for what
        has to be measured. Raises NotApplicable, UnknownMethodology, UnusableInputs.
        """
        kind = self.in_version(version)
        kinds = {each.symbol: each.kind for each in kind.parameters(context)}
        kinds |= {each.symbol: each.kind for each in kind.tables(context)}
        wrong = misplaced(kinds, fixed, monitored)
        if wrong:
            raise UnusableInputs(wrong)
        return self.calculate(
            version=version, context=context, inputs={**fixed, **monitored}, measured=True
        )

    def calculate(
        self,
        *,
        version: str,
        context: F,
        inputs: Givens,
        year: int | None = None,
        measured: bool = False,
    ) -> Calculation:
        """BE − PE − LE with its steps. Raises NotApplicable, UnknownMethodology, UnusableInputs."""
        chosen = self.version(version)
        steps = self.in_version(version).steps(context, inputs, measured=measured)
        worth = {step.symbol: step.value for step in steps}
        return Calculation(
            methodology=self.code,
            version=chosen.version,
            steps=steps,
            baseline=worth["BE"],
            project=worth["PE"],
            leakage=worth["LE"],
            reductions_exact=worth["ER"],
            reductions=rounded_down(worth["ER"]),
            year=year,
        )
