"""Tables whose columns go by name and whose rows stand for themselves: events, units of a survey.

Every fault is told by row and column; a table with one is not used at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cdm_portal.refusals import Invalid
from projects.methodologies.readings import RowProblem
from projects.methodologies.tables import Cell, Table, UnreadableFile

T = TypeVar("T")
MOST_SHOWN = 200


class UnusableRows(Invalid):
    """The table has errors, the first of them listed in `problems`; nothing of it was kept."""

    code = "unusable_rows"

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems[:MOST_SHOWN])
        self.problem_count = len(problems)
        first = problems[0]
        more = "" if len(problems) == 1 else f" {len(problems)} errors in all are listed below."
        super().__init__({"file": [
            f"Row {first.row}, {first.column}: {first.message}.{more} Nothing was kept: correct "
            "the file and try again."
        ]})


@dataclass(slots=True)
class Lines:
    """The rows of a table by the names of its columns, and what is wrong in them."""

    problems: list[RowProblem] = field(default_factory=list)
    row: int = 0
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def report(self, column: str, message: str, row: int = 0) -> None:
        """Note an error in a column, of the row at hand unless another is named."""
        self.problems.append(RowProblem(row or self.row, column, message))

    def read(self, column: str, reader: Callable[[Cell], T]) -> T | None:
        """The value in a column of the row at hand; None after an error was noted.

        `reader` raises ValueError in words for a person.
        """
        try:
            return reader(self.cells.get(column))
        except ValueError as refusal:
            self.report(column, str(refusal))
            return None

    def settle(self) -> None:
        """Pass, or raise UnusableRows with every error."""
        if self.problems:
            raise UnusableRows(self.problems)


def places(table: Table, needed: Sequence[str], allowed: Sequence[str] = ()) -> dict[str, int]:
    """Where each named column stands. Raises UnreadableFile for one missing, doubled or unknown."""
    names = [header.strip().lower() for header in table.header]
    for name in (each for each in names if each):
        if name not in (*needed, *allowed):
            raise UnreadableFile(
                f"The column '{name}' is not known here; write {', '.join((*needed, *allowed))}."
            )
        if names.count(name) > 1:
            raise UnreadableFile(f"The column '{name}' stands twice.")
    for name in needed:
        if name not in names:
            raise UnreadableFile(f"The column '{name}' is missing; write {', '.join(needed)}.")
    return {name: names.index(name) for name in names if name}


def text(cell: Cell) -> str:
    """A cell as text of one line. Raises ValueError for a formula."""
    said = "" if cell is None else " ".join(str(cell).split())
    if said.startswith("="):
        raise ValueError("the cell holds a formula: paste its value")
    return said


def needed_text(cell: Cell, longest: int) -> str:
    """The same, not empty and not longer. Raises ValueError."""
    said = text(cell)
    if not said:
        raise ValueError("is missing")
    if len(said) > longest:
        raise ValueError(f"has more than {longest} characters")
    return said
