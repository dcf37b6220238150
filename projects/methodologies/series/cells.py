"""The cells of one parameter: text to exact numbers, faults found and treated, counters read."""

from collections.abc import Callable
from decimal import Decimal

from _duckdb import DuckDBPyConnection as Engine

from cdm_portal import parameters
from projects.methodologies import units
from projects.methodologies.series.headers import Source
from projects.methodologies.series.terms import Choice, Fault, Found, Wanted
from projects.methodologies.tables import UnreadableFile

NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
SCIENTIFIC = NUMBER + r"[eE][+-]?\d{1,2}"
COMMA = r"[+-]?\d+,\d+"
OWN_UNIT = NUMBER + r"\s*[A-Za-z][A-Za-z0-9]*"
FINE = r".*\.\d{12}\d*[1-9]\d*"
PLACES = 12
MOST = 9 * 10**18
OUTLYING = parameters.constant("outlying_spreads")

CELLS = """
CREATE OR REPLACE TABLE k AS SELECT row, slot, v AS text, CASE
    WHEN regexp_full_match(v, $number) THEN CASE WHEN length(v) > 13
      AND regexp_full_match(v, $fine) THEN 'too_fine' END
    WHEN regexp_full_match(v, $scientific) THEN CASE
      WHEN length(regexp_extract(v, '\\.(\\d*)', 1))
        - CAST(regexp_extract(v, '[eE](.*)$', 1) AS BIGINT) > 12 THEN 'too_fine' END
    WHEN v[1] = '=' THEN 'formula'
    WHEN regexp_full_match(v, $comma) THEN 'comma'
    WHEN regexp_full_match(v, $own_unit) THEN 'own_unit'
    ELSE 'not_a_number' END AS fault,
  TRY_CAST(v AS DECIMAL(38,12)) AS amount
FROM (SELECT row, slot, {value} AS v FROM r WHERE fault IS NULL AND {value} <> '')
"""
DIFFERENCES = """
CREATE OR REPLACE TABLE d AS
SELECT row, slot, text, later < amount AS rolled, later - amount AS amount, amount AS before
FROM (SELECT *, lead(amount) OVER o AS later, lead(slot) OVER o AS beside FROM k
      WINDOW o AS (ORDER BY slot)) WHERE beside = slot + 1
"""
QUARTILES = """
SELECT quantile_cont(CAST(amount AS DOUBLE), [0.25, 0.75]) FROM k WHERE fault IS NULL
"""
"""Only to decide what is shown as outlying; no amount is ever a binary fraction."""
FINEST = """
SELECT coalesce(max(12 - (length(a) - length(rtrim(a, '0')))), 0), count(*),
  coalesce(max(amount), 0)
FROM (SELECT amount, CAST(amount AS VARCHAR) AS a FROM k)
"""

Take = Callable[[Fault, str, str], Choice | None]
"""Notes the faults of a table's rows where a condition holds; what was chosen for them, if any."""


def read(made: Engine, wanted: Wanted, number: int, source: Source, take: Take) -> Found:
    """Make the table `k` (row, slot, amount in the unit given) of a parameter without its faults.

    What waits for a treatment is left out until one is chosen.
    """
    made.execute(CELLS.replace("{value}", f"v{number}"), {
        "number": NUMBER, "scientific": SCIENTIFIC, "comma": COMMA, "own_unit": OWN_UNIT,
        "fine": FINE,
    })
    _refuse_units(made, source)
    present = {fault for (fault,) in made.execute(
        "SELECT DISTINCT fault FROM k WHERE fault IS NOT NULL").fetchall()}
    for fault in (Fault.COMMA, Fault.OWN_UNIT, Fault.TOO_FINE, Fault.FORMULA, Fault.NOT_A_NUMBER):
        if fault in present:
            _mend(made, source, take(fault, source.header, f"k.fault = '{fault}'"), fault)
    made.execute("UPDATE k SET fault = 'not_a_number' WHERE fault IS NULL AND amount IS NULL")
    made.execute("DELETE FROM k WHERE fault IS NOT NULL")
    _drop(made, take, Fault.NEGATIVE, source, "k.amount < 0")
    _doubles(made, source, take)
    if source.counter:
        _count(made, source, take)
    made.execute("DELETE FROM k WHERE slot >= $n", {"n": wanted.slots})
    _bounds(made, source, take)
    return _found(made, source)


def _refuse_units(made: Engine, source: Source) -> None:
    """A unit that is no power of ten beside that of the column makes a cell no number here."""
    for (given,) in _units(made):
        if _power(given, source.unit) is None:
            made.execute(
                "UPDATE k SET fault = 'not_a_number' WHERE fault = 'own_unit' "
                "AND regexp_extract(text, '([A-Za-z][A-Za-z0-9]*)$', 1) = $unit", {"unit": given},
            )


def _units(made: Engine) -> list[tuple[str]]:
    found: list[tuple[str]] = made.execute(
        "SELECT DISTINCT regexp_extract(text, '([A-Za-z][A-Za-z0-9]*)$', 1) FROM k "
        "WHERE fault = 'own_unit'"
    ).fetchall()
    return found


def _power(given: str, due: str) -> int | None:
    try:
        size = units.convert(Decimal(1), given, due).normalize()
    except units.UnitError:
        return None
    return size.adjusted() if size.as_tuple().digits == (1,) else None


def _mend(made: Engine, source: Source, choice: Choice | None, fault: Fault) -> None:
    """Read the cells of a fault as chosen."""
    if choice is Choice.POINT:
        made.execute(
            "UPDATE k SET amount = TRY_CAST(replace(text, ',', '.') AS DECIMAL(38,12)), "
            "fault = NULL WHERE fault = 'comma'"
        )
    elif choice is Choice.CONVERT:
        for (given,) in _units(made):
            made.execute(
                "UPDATE k SET amount = TRY_CAST(trim(regexp_replace(text, '[A-Za-z][A-Za-z0-9]*$', "
                "'')) || 'e' || $power AS DECIMAL(38,12)), fault = NULL WHERE fault = 'own_unit' "
                "AND regexp_extract(text, '([A-Za-z][A-Za-z0-9]*)$', 1) = $unit",
                {"unit": given, "power": str(_power(given, source.unit))},
            )
    elif choice is Choice.CUT:
        made.execute(
            "UPDATE k SET amount = coalesce(TRY_CAST(regexp_extract(text, '^[^eE]*\\.\\d{12}') "
            "AS DECIMAL(38,12)), amount), fault = NULL WHERE fault = $fault", {"fault": str(fault)},
        )


def _drop(made: Engine, take: Take, fault: Fault, source: Source, where: str) -> None:
    """Leave out the rows of a fault, unless it was chosen to keep them."""
    if take(fault, source.header, where) is not Choice.KEEP:
        made.execute(f"DELETE FROM k WHERE {where}")  # noqa: S608 # conditions of this module


def _doubles(made: Engine, source: Source, take: Take) -> None:
    """Of several readings of one interval keep the one chosen, or none."""
    twice = "k.slot IN (SELECT slot FROM k GROUP BY slot HAVING count(*) > 1)"
    choice = take(Fault.DOUBLE, source.header, twice)
    least = "min" if source.column.treatment.value == "zero" else "max"
    kept = {
        Choice.FIRST: "arg_min(row, row)", Choice.LAST: "arg_max(row, row)",
        Choice.LEAST: f"arg_{least}(row, amount)",
    }.get(choice) if choice else None
    if kept:
        twice += f" AND k.row NOT IN (SELECT {kept} FROM k GROUP BY slot)"  # noqa: S608
    made.execute(f"DELETE FROM k WHERE {twice}")  # noqa: S608


def _count(made: Engine, source: Source, take: Take) -> None:
    """From the states of a counter to what passed in each interval."""
    highest = made.execute("SELECT coalesce(max(amount), 0) FROM k").fetchall()[0][0]
    made.execute(DIFFERENCES)
    made.execute("CREATE OR REPLACE TABLE k AS SELECT row, slot, text, amount, "
                 "CASE WHEN rolled THEN 'rolled' END AS fault FROM d")
    if take(Fault.ROLLED, source.header, "k.fault = 'rolled'") is Choice.ROLL:
        turn = 10 ** len(str(int(highest)))
        made.execute("UPDATE k SET amount = amount + $turn::DECIMAL(38,12), fault = NULL "
                     "WHERE fault = 'rolled'", {"turn": Decimal(turn)})
    made.execute("DELETE FROM k WHERE fault IS NOT NULL")


def _bounds(made: Engine, source: Source, take: Take) -> None:
    """What cannot be, and what is far above the others."""
    column = source.column
    if column.largest is not None:
        with units.arithmetic():
            most = units.convert(column.largest, column.unit, source.unit)
        text = format(round(most, PLACES), "f")
        _drop(made, take, Fault.IMPLAUSIBLE, source, f"k.amount > {text}::DECIMAL(38,12)")
    low, high = (made.execute(QUARTILES).fetchall()[0][0] or [0, 0])
    if high > low:
        far = Decimal(str(high)) + OUTLYING * (Decimal(str(high)) - Decimal(str(low)))
        text = format(round(far, PLACES), "f")
        _drop(made, take, Fault.OUTLYING, source, f"k.amount > {text}::DECIMAL(38,12)")


def _found(made: Engine, source: Source) -> Found:
    decimals, count, largest = made.execute(FINEST).fetchall()[0]
    if largest * 10**decimals > MOST:
        raise UnreadableFile(f"{source.header}: {largest} is beyond every plausible size.")
    return Found(source.column.symbol, source.header, source.unit, decimals, count, largest)
