"""The time column: every row to its interval, and rows in summer time brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from _duckdb import DuckDBPyConnection as Engine

from cdm_portal import parameters
from projects.methodologies.series.headers import Source
from projects.methodologies.series.terms import Wanted

ISO = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"
OFFSET = r"[T ]\d{2}:\d{2}.*?(Z|[+-]\d{2}:?\d{2})$"
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 # the engine counts without a zone
NIGHT_HOURS = parameters.constant("clock_change_hours")
MINUTE = timedelta(minutes=1)

TIMED = """
CREATE TABLE r AS WITH named AS (
  SELECT row, trim(coalesce(cells[$time], '')) AS t, cells,
    regexp_extract(cells[$time], $offset, 1) AS zone,
    len(cells) > $width AND trim(array_to_string(cells[$width + 1:], '')) <> '' AS wide FROM raw
), parted AS (
  SELECT *, left(t, length(t) - length(zone)) AS local FROM named
), told AS (
  SELECT *, epoch_us(CASE WHEN regexp_full_match(local, $iso)
    THEN TRY_CAST(local AS TIMESTAMP) END) - $begins - 60000000::BIGINT * CASE
      WHEN zone = '' THEN $own WHEN zone = 'Z' THEN 0
      ELSE CAST(zone[1] || '1' AS BIGINT)
        * (CAST(zone[2:3] AS BIGINT) * 60 + CAST(right(zone, 2) AS BIGINT)) END AS past
  FROM parted
)
SELECT row, t, zone = '' AS bare, past // $step - (past % $step < 0)::BIGINT AS slot,
  CASE WHEN past IS NULL THEN 'time' WHEN wide THEN 'wide' WHEN past % $step <> 0 THEN 'between'
  END AS fault,
  {values} FROM told
"""
RUNS = """
WITH seen AS (SELECT slot, count(*) AS n, min(row) AS top, max(row) AS bottom FROM r
  WHERE fault IS NULL AND bare AND slot BETWEEN 0 AND $last GROUP BY slot),
run AS (SELECT slot AS spot, top, bottom, slot - row_number() OVER (ORDER BY slot) AS island
  FROM seen WHERE n = 2)
SELECT min(spot), count(*) FROM run GROUP BY island
HAVING max(bottom) - min(top) + 1 = 2 * count(*) ORDER BY 1
"""
"""Runs of intervals told twice, row after row: what a clock does, and a row put in later does not.
"""
SKIPS = """
WITH seen AS (SELECT DISTINCT slot FROM r
  WHERE fault IS NULL AND bare AND slot BETWEEN 0 AND $last),
next AS (SELECT slot, lead(slot) OVER (ORDER BY slot) AS later FROM seen)
SELECT slot + 1 FROM next WHERE later - slot - 1 = $hour ORDER BY 1
"""
IN_SUMMER = """
UPDATE r SET fault = 'summer' WHERE fault IS NULL AND bare AND slot >= $begins
  AND (slot < $ends OR (slot < $ends + $hour AND row IN (SELECT min(row) FROM r
    WHERE fault IS NULL AND slot >= $ends AND slot < $ends + $hour GROUP BY slot)))
"""


@dataclass(frozen=True, slots=True)
class Summer:
    """From one interval up to another the rows are in summer time."""

    begins: int
    ends: int


def place(
    made: Engine, wanted: Wanted, header: Sequence[str], time: int, sources: Sequence[Source]
) -> None:
    """Make the table `r`: row, t, slot, fault, and v0, v1, … the text of each parameter."""
    values = ", ".join(
        f"trim(coalesce(cells[{source.index + 1}], '')) AS v{number}"
        for number, source in enumerate(sources)
    )
    made.execute(TIMED.replace("{values}", values), {
        "time": time + 1, "width": len(header), "offset": OFFSET, "iso": ISO,
        "begins": microseconds(wanted.begins - EPOCH),
        "own": (wanted.zone.utcoffset(None) or timedelta()) // MINUTE,
        "step": microseconds(wanted.step),
    })
    made.execute("DROP TABLE raw")


def summers(made: Engine, wanted: Wanted) -> list[Summer]:
    """Where the rows are in summer time: an hour of a night skipped, an hour of another told twice.

    One of the two alone tells it if the rows run on over the end of the period by that hour, or if
    an hour is told twice.
    """
    hour = timedelta(hours=1) // wanted.step
    if not hour:
        return []
    last = wanted.slots - 1
    doubled = [
        slot for slot, count in made.execute(RUNS, {"last": last}).fetchall()
        if count == hour and _at_night(wanted, slot)
    ]
    skipped = [
        slot for (slot,) in made.execute(SKIPS, {"last": last, "hour": hour}).fetchall()
        if _at_night(wanted, slot)
    ]
    if not doubled and not _runs_over(made, wanted, hour):
        return []
    events = [(each, True) for each in skipped] + [(each, False) for each in doubled]
    return _between(sorted(events), hour, wanted.slots)


def _runs_over(made: Engine, wanted: Wanted, hour: int) -> bool:
    over = made.execute(
        "SELECT count(DISTINCT slot), max(slot) FROM r WHERE fault IS NULL AND bare AND slot >= $n",
        {"n": wanted.slots},
    ).fetchall()[0]
    return bool(over == (hour, wanted.slots + hour - 1))


def _between(events: list[tuple[int, bool]], hour: int, slots: int) -> list[Summer]:
    """Summer begins after a skipped hour and ends with a doubled one; several skips are gaps."""
    found: list[Summer] = []
    begins: int | None = -hour if events and not events[0][1] else None
    for slot, is_skip in events:
        if is_skip:
            begins = slot + hour
        elif begins is not None:
            found.append(Summer(begins, slot))
            begins = None
    if begins is not None:
        found.append(Summer(begins, slots + hour))
    return found


def _at_night(wanted: Wanted, slot: int) -> bool:
    local = wanted.at(slot).astimezone(wanted.zone)
    return local.minute == 0 and local.hour <= NIGHT_HOURS


def mark(made: Engine, wanted: Wanted, found: Sequence[Summer]) -> None:
    """Give the rows in summer time the fault `summer`."""
    hour = timedelta(hours=1) // wanted.step
    for each in found:
        made.execute(IN_SUMMER, {"hour": hour, "begins": each.begins, "ends": each.ends})


def shift(made: Engine, wanted: Wanted) -> None:
    """Bring the rows in summer time back by an hour."""
    hour = timedelta(hours=1) // wanted.step
    made.execute("UPDATE r SET slot = slot - $hour, fault = NULL WHERE fault = 'summer'",
                 {"hour": hour})


def microseconds(span: timedelta) -> int:
    """A length of time in whole microseconds."""
    return span // timedelta(microseconds=1)
