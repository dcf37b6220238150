"""What can be calculated: a methodology or a tool, described before it is worked out.

Both declare their facts, parameters, tables, constants and conditions, and answer `work_out` with
steps. A methodology (`base.Methodology`) ends with emission reductions; a tool ends with a quantity
of its own, and is called by methodologies for a step of theirs.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import DecimalException
from typing import Generic, Self

from cdm_portal.refusals import Invalid
from projects.methodologies import units
from projects.methodologies.calculation import Outcome, Part, Step
from projects.methodologies.constants import Constant
from projects.methodologies.facts import F, Fact
from projects.methodologies.inputs import (
    Givens,
    InputProblem,
    Inputs,
    Kind,
    Parameter,
    Table,
    UnusableInputs,
    check_inputs,
)


@dataclass(frozen=True, slots=True)
class Applicability:
    """One condition of a methodology, and whether this project meets it."""

    code: str
    text: str
    met: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a methodology and the days on which a design could take it up (both included).

    `verified` speaks of these dates alone: True only where they were read on the official page.
    `grace_to` is the last day on which requests that rest on it are received; None: `valid_to`.
    """

    version: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool = False
    grace_to: date | None = None

    @classmethod
    def of(
        cls, version: str, first: str, last: str | None, source: str, *, verified: bool = False
    ) -> Self:
        """A version with its days written like 2014-11-28; `last` None: still valid."""
        until = None if last is None else date.fromisoformat(last)
        return cls(version, date.fromisoformat(first), until, source, verified)

    def valid_on(self, day: date) -> bool:
        """Whether the version was in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def received_to(self) -> date | None:
        """The last day on which a request that rests on it is received; None: no end is known."""
        return self.grace_to or self.valid_to


class NotApplicable(Invalid):
    """The project does not meet the methodology's conditions; `failed` lists which and why."""

    code = "methodology_not_applicable"

    def __init__(self, methodology: str, failed: Sequence[Applicability]) -> None:
        self.failed = tuple(failed)
        super().__init__(
            {"methodology": [f"{methodology} does not apply: {each.reason}" for each in failed]}
        )


class UnknownMethodology(Invalid):
    """A methodology, or a version of one, that this portal does not know."""

    code = "unknown_methodology"


class Calculable(ABC, Generic[F]):
    """A methodology or a tool: one file, one subclass, one object in the catalogue.

    A subclass states `code`, `title`, `sectoral_scopes`, `versions`, `facts_type` with its `facts`,
    and answers `parameters`, `applicability` and `work_out`. In all of them `context` is an object
    of `facts_type`.
    """

    code: str
    title: str
    sectoral_scopes: tuple[int, ...] = ()
    versions: tuple[Version, ...]
    facts_type: type[F]
    facts: tuple[Fact, ...] = ()
    constants: tuple[Constant, ...] = ()

    @abstractmethod
    def parameters(self, context: F) -> tuple[Parameter, ...]:
        """What has to be fixed in the design and monitored, each one number."""

    def tables(self, context: F) -> tuple[Table, ...]:  # for subclasses
        """The indexed parameters: rows of named columns."""
        return ()

    @abstractmethod
    def applicability(self, context: F) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""

    @abstractmethod
    def work_out(self, context: F, inputs: Inputs) -> tuple[Step, ...]:
        """The steps, in order, the result last. Called inside `units.arithmetic()`."""

    def version(self, version: str) -> Version:
        """The version so named. Raises UnknownMethodology."""
        for known in self.versions:
            if known.version == version:
                return known
        raise UnknownMethodology.of("version", f"{self.code} has no version {version} here.")

    def in_version(self, version: str) -> "Calculable[F]":
        """What calculates that version: this object, unless the subclass has another for it.

        What is returned answers the same to the same question.
        Raises UnknownMethodology.
        """
        self.version(version)
        return self

    def require_applicable(self, context: F) -> None:
        """Pass, or raise NotApplicable with every condition that is not met."""
        failed = [each for each in self.applicability(context) if not each.met]
        if failed:
            raise NotApplicable(self.code, failed)

    def fixed(self, context: F) -> tuple[Parameter, ...]:
        """The parameters settled in the design document."""
        return tuple(p for p in self.parameters(context) if p.kind is Kind.FIXED)

    def monitored(self, context: F) -> tuple[Parameter, ...]:
        """The parameters measured in every monitoring period."""
        return tuple(p for p in self.parameters(context) if p.kind is Kind.MONITORED)

    def steps(self, context: F, inputs: Givens, *, measured: bool = False) -> tuple[Step, ...]:
        """The steps for inputs not yet checked. Raises NotApplicable, UnusableInputs."""
        self.require_applicable(context)
        checked = check_inputs(
            self.parameters(context), inputs, tables=self.tables(context), measured=measured
        )
        try:
            with units.arithmetic():
                return self.work_out(context, checked)
        except DecimalException as impossible:
            said = f"lead {self.code} to an impossible operation, such as a division by zero"
            raise UnusableInputs([InputProblem("inputs", said)]) from impossible


class Tool(Calculable[F]):
    """A tool: like a methodology, but ending with `symbol` in `unit` instead of reductions."""

    symbol: str
    unit: str

    def calculate(self, *, version: str, context: F, inputs: Givens) -> Outcome:
        """The tool by itself. Raises NotApplicable, UnknownMethodology, UnusableInputs."""
        chosen = self.version(version)
        steps = self.in_version(version).steps(context, inputs)
        last = self._result(steps)
        return Outcome(self.code, chosen.version, steps, last.symbol, last.value, last.unit)

    def step(
        self,
        context: F,
        inputs: Givens,
        *,
        symbol: str = "",
        part: Part = Part.BASELINE,
        version: str = "",
    ) -> Step:
        """The result as one step of a methodology, from values that are checked here.

        `symbol` is what the methodology calls it; the newest version unless one is named.
        Raises as `calculate` does.
        """
        kind = self.in_version(version) if version else self
        return self._nested(kind.steps(context, inputs), symbol, part, version)

    def nested(
        self,
        context: F,
        inputs: Inputs,
        *,
        symbol: str = "",
        part: Part = Part.BASELINE,
        version: str = "",
    ) -> Step:
        """The same from inputs that the methodology checked, under the tool's own symbols.

        The methodology has put `tool.parameters(context)` among its own.
        """
        kind = self.in_version(version) if version else self
        kind.require_applicable(context)
        return self._nested(kind.work_out(context, inputs), symbol, part, version)

    def _nested(self, steps: tuple[Step, ...], symbol: str, part: Part, version: str) -> Step:
        chosen = self.version(version) if version else self.versions[-1]
        last = self._result(steps)
        symbol = symbol or last.symbol
        return replace(
            last,
            symbol=symbol,
            formula=f"{symbol} {last.formula.removeprefix(last.symbol).lstrip()}",
            part=part,
            tool=f"{self.code}, version {chosen.version}",
            parts=tuple(placed(each, part) for each in (*steps[:-1], *last.parts)),
        )

    def _result(self, steps: tuple[Step, ...]) -> Step:
        last = steps[-1]
        if (last.symbol, last.unit) != (self.symbol, self.unit):
            raise RuntimeError(f"{self.code} ends with {last.symbol}, not with {self.symbol}")
        return last


def placed(step: Step, part: Part) -> Step:
    """The step and everything below it as belonging to a term of ER = BE − PE − LE."""
    return replace(step, part=part, parts=tuple(placed(each, part) for each in step.parts))


def misplaced(kinds: Mapping[str, Kind], fixed: Givens, monitored: Givens) -> list[InputProblem]:
    """Values given as monitored that the design fixes, and the other way round."""
    return [
        *(
            InputProblem(s, "is fixed in the design, not monitored")
            for s in monitored
            if kinds.get(s, Kind.MONITORED) is not Kind.MONITORED
        ),
        *(
            InputProblem(s, "is monitored in every period, not fixed in the design")
            for s in fixed
            if kinds.get(s, Kind.FIXED) is Kind.MONITORED
        ),
    ]
