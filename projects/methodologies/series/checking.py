"""A file of readings checked from end to end, with the treatments that were chosen so far."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _duckdb import DuckDBPyConnection as Engine

from cdm_portal import parameters
from projects.methodologies.readings import Gap
from projects.methodologies.series import cells, headers, source, times
from projects.methodologies.series.headers import Source
from projects.methodologies.series.terms import (
    SHOWN_ROWS,
    Block,
    Choice,
    Fault,
    FaultGroup,
    FaultRow,
    Found,
    Outcome,
    Wanted,
)
from projects.methodologies.tables import UnreadableFile

BLOCK = 1_440
MOST_GAPS = int(parameters.constant("readings_gaps_max"))
AT_ONCE = 50
PIECE = 200 * BLOCK
"""Slots that are put in order at once: the engine keeps a list in its memory, not on disk."""

GAPS = """
WITH seen AS (SELECT slot FROM k UNION ALL SELECT $n UNION ALL SELECT -1),
beside AS (SELECT slot, lead(slot) OVER (ORDER BY slot) AS later FROM seen)
SELECT slot + 1, later - 1 FROM beside WHERE later > slot + 1 ORDER BY 1
"""
BLOCKS = """
SELECT grid.slot // $size AS block, {cells}
FROM (SELECT range AS slot FROM range($begins, $ends)) grid
LEFT JOIN (SELECT * FROM {table} WHERE slot >= $begins AND slot < $ends) k USING (slot)
GROUP BY 1 HAVING count(k.row) > 0 ORDER BY 1
"""
AMOUNT = "CAST(k.amount * $scale::DECIMAL(19,0) AS BIGINT)"
LISTED = f"list({AMOUNT} ORDER BY grid.slot), list(k.row ORDER BY grid.slot)"
PAIRED = f"list({{'amount': {AMOUNT}, 'row': k.row}} ORDER BY grid.slot) AS cells"
WRITTEN = """
SELECT block,
  '{' || array_to_string(list_transform(cells, lambda each:
    coalesce(CAST(each.amount AS VARCHAR), 'NULL')), ',') || '}',
  '{' || array_to_string(list_transform(cells, lambda each:
    coalesce(CAST(each.row AS VARCHAR), 'NULL')), ',') || '}'
FROM ({blocks}) ORDER BY block
"""

Progress = Callable[[int, str], None]
"""Told the number of the step that was done, and in words what it was."""


@dataclass(slots=True)
class Check:
    """One pass over a file: `outcome` when it is done, `blocks` for each parameter after it.

    `chosen` has a treatment for the key of a group of faults, or for every group of a kind of fault
    by its name.
    """

    made: Engine
    wanted: Wanted
    chosen: Mapping[str, Choice]
    progress: Progress
    open: list[FaultGroup] = field(default_factory=list)
    treated: list[tuple[FaultGroup, Choice]] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def take(self, fault: Fault, column: str, where: str, *, table: str = "k",
             text: str = "text") -> Choice | None:
        """Note the rows where a condition holds as one group of faults; its treatment, if any."""
        count = self.made.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchall()[0][0]  # noqa: S608
        if not count:
            return None
        rows = self.made.execute(
            f"SELECT row, {text} FROM {table} WHERE {where} ORDER BY row LIMIT {SHOWN_ROWS}"  # noqa: S608
        ).fetchall()
        group = FaultGroup(
            fault, column, count, tuple(FaultRow(row, said[:60]) for row, said in rows)
        )
        choice = self.chosen.get(group.key, self.chosen.get(fault))
        if choice is None:
            self.open.append(group)
        else:
            self.treated.append((group, choice))
        return choice

    def run(self, header: Sequence[str]) -> Outcome:
        """Check times, then each parameter. Raises UnreadableFile, UnmappedColumns."""
        time, sources, ignored = headers.sources(
            header, self.wanted.columns, self.wanted.mapping
        )
        times.place(self.made, self.wanted, header, time, sources)
        rows = self.made.execute("SELECT count(*) FROM r").fetchall()[0][0]
        self._times(header[time], counter=any(each.counter for each in sources))
        self.progress(2, "Checked the times.")
        gaps: list[Gap] = []
        for number, each in enumerate(sources):
            self.found.append(cells.read(self.made, self.wanted, number, each, self.take))
            gaps += self._gaps(each)
            self.made.execute(f"CREATE TABLE k{number} AS SELECT row, slot, amount FROM k")  # noqa: S608
            self.progress(3 + number, f"Checked {each.column.symbol}.")
        notes = tuple(f"The column '{each}' is not asked for and was not read." for each in ignored)
        return Outcome(tuple(self.open), tuple(self.treated), tuple(gaps), tuple(self.found),
                       rows, notes)

    def _times(self, header: str, *, counter: bool) -> None:
        summers = times.summers(self.made, self.wanted)
        if summers:
            times.mark(self.made, self.wanted, summers)
            choice = self.take(Fault.SUMMER, header, "fault = 'summer'", table="r", text="t")
            if choice is Choice.SHIFT:
                times.shift(self.made, self.wanted)
        last = self.wanted.slots if counter else self.wanted.slots - 1
        self.made.execute(
            "UPDATE r SET fault = 'outside' WHERE fault IS NULL AND slot NOT BETWEEN 0 AND $last",
            {"last": last},
        )
        for fault in (Fault.TIME, Fault.WIDE, Fault.BETWEEN, Fault.OUTSIDE):
            self.take(fault, header, f"fault = '{fault}'", table="r", text="t")

    def _gaps(self, each: Source) -> list[Gap]:
        runs = self.made.execute(GAPS, {"n": self.wanted.slots}).fetchall()
        if len(runs) > MOST_GAPS and not self.open:
            raise UnreadableFile(
                f"{each.header} has {len(runs):,} separate gaps; at most {MOST_GAPS:,} can be "
                "settled one by one. Is the length of the interval right?"
            )
        return [
            Gap(each.column.symbol, self.wanted.at(first), self.wanted.at(last), last - first + 1,
                each.column.treatment)
            for first, last in runs[:MOST_GAPS]
        ]

    def blocks(self, number: int) -> Iterator[Block]:
        """The readings of the parameter with that number, a day of minutes in each block."""
        found = self.found[number]
        for block, amounts, lines in self._cut(number, BLOCKS.replace("{cells}", LISTED)):
            yield Block(found.symbol, found.unit, block * BLOCK, found.decimals,
                        tuple(amounts), tuple(lines))

    def written(self, number: int) -> Iterator[tuple[int, str, str]]:
        """The same blocks as texts, `{1,2,NULL}`: the first slot, the amounts, the rows."""
        paired = BLOCKS.replace("{cells}", PAIRED)
        for block, amounts, lines in self._cut(number, WRITTEN.replace("{blocks}", paired)):
            yield block * BLOCK, amounts, lines

    def _cut(self, number: int, form: str) -> Iterator[tuple[Any, ...]]:
        for begins in range(0, self.wanted.slots, PIECE):
            asked = self.made.execute(form.replace("{table}", f"k{number}"), {
                "size": BLOCK, "scale": 10**self.found[number].decimals, "begins": begins,
                "ends": min(begins + PIECE, self.wanted.slots),
            })
            while rows := asked.fetchmany(AT_ONCE):
                yield from rows


def check(
    made: Engine, folder: Path, wanted: Wanted, filename: str, content: bytes,
    chosen: Mapping[str, Choice], progress: Progress = lambda step, said: None,
) -> tuple[Outcome, Check]:
    """Read and check a file inside an engine. Raises UnreadableFile, UnmappedColumns."""
    header, _ = source.load(made, folder, filename, content)
    progress(1, "Read the rows.")
    done = Check(made, wanted, chosen, progress)
    return done.run(header), done
