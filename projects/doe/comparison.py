"""A monitoring report beside the independent recalculation, figure by figure. Reads, never writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from projects.doe import recalculation
from projects.doe.recalculation import Facts
from projects.doe.second.sizes import CannotRecalculate, exact

Row = dict[str, Any]
Sums = Mapping[str, list[dict[str, Any]]]

TOLERANCE = Fraction(1, 10**18)
TITLES = {
    "EF_grid_CM": ("Combined margin emission factor", "tCO2/MWh"),
    "EG_BL": ("Electricity that the old plant would have delivered", "MWh"),
    "EG_PJ": ("Net electricity delivered to the grid", "MWh"),
    "BE": ("Baseline emissions", "tCO2e"),
    "PE_FF": ("Emissions from fossil fuel", "tCO2e"),
    "PE_GP": ("Gases released with steam", "tCO2e"),
    "PD": ("Power density of the reservoir", "W/m2"),
    "PE_HP": ("Emissions of the reservoir", "tCO2e"),
    "PE": ("Project emissions", "tCO2e"),
    "LE": ("Leakage", "tCO2e"),
    "ER": ("Emission reductions", "tCO2e"),
}


def calculate(facts: Facts, sums: Sums) -> dict[str, dict[str, str]]:
    """Every step by commitment period, from the sums of the raw readings; fractions as text.

    Raises CannotRecalculate.
    """
    by_period: dict[int, dict[str, Fraction]] = {}
    for symbol, rows in sums.items():
        for row in rows:
            by_period.setdefault(row["commitment_period"], {})[symbol] = Fraction(row["value"])
    return {
        str(period): {
            symbol: str(value)
            for symbol, value in recalculation.recalculate(
                facts, measured, commitment_period=period
            ).items()
        }
        for period, measured in sorted(by_period.items())
    }


def claims(calculated: Mapping[str, Mapping[str, str]], carried: int) -> dict[str, int]:
    """Whole tonnes that may be claimed in each commitment period, after making good for a rise of
    emissions here or before (unverified, from general knowledge).
    """
    whole = {
        period: recalculation.whole_tonnes(Fraction(steps["ER"]))
        for period, steps in calculated.items()
    }
    owed = carried - sum(amount for amount in whole.values() if amount < 0)
    claimed = {}
    for period, amount in whole.items():
        gained = max(0, amount)
        paid = min(gained, owed)
        owed -= paid
        claimed[period] = gained - paid
    return claimed


def compare(
    content: Mapping[str, Any], sums: Sums, calculated: Mapping[str, Mapping[str, str]],
    claimed: Mapping[str, int],
) -> list[Row]:
    """One row for each figure: readings, gaps, totals, steps, claims. Raises CannotRecalculate."""
    shares = {str(share["commitment_period"]): share for share in content["shares"]}
    if set(shares) != set(calculated):
        raise CannotRecalculate("The report does not split the period as the readings do.")
    rows: list[Row] = []
    for period, share in shares.items():
        place = f", commitment period {period}" if len(shares) > 1 else ""
        rows += _readings(share, sums, int(period), place)
        rows += _steps(share, calculated[period], place)
        theirs = int(content["claimed"].get(period, 0))
        rows.append(figure(f"Claimed reductions{place}", theirs, claimed[period], "t"))
    if len(shares) > 1:
        total = sum(claimed.values())
        rows.append(figure("Claimed reductions", sum(content["claimed"].values()), total, "t"))
    return rows


def _readings(share: Row, sums: Sums, period: int, place: str) -> Iterator[Row]:
    for symbol, found in sums.items():
        ours = next(row for row in found if row["commitment_period"] == period)
        unit = share["units"].get(symbol, "")
        readings, filled = share["readings"].get(symbol, 0), share["filled"].get(symbol, 0)
        yield figure(f"Readings of {symbol}{place}", readings, ours["readings"], "")
        yield figure(f"Missing readings of {symbol}{place}", filled, ours["missing"], "")
        theirs = exact(share["values"].get(symbol, "0"))
        yield figure(f"{symbol}{place}", theirs, Fraction(ours["value"]), unit)


def _steps(share: Row, calculated: Mapping[str, str], place: str) -> Iterator[Row]:
    theirs = dict(_values(share["calculation"]["steps"]))
    for path in [*theirs, *(each for each in calculated if each not in theirs)]:
        symbol = path.rpartition("/")[2]
        title, unit = TITLES.get(symbol, (symbol, ""))
        if path not in theirs or path not in calculated:
            raise CannotRecalculate(f"{symbol} is in one of the two calculations only.")
        value = exact(theirs[path])
        yield figure(f"{title}, {symbol}{place}", value, Fraction(calculated[path]), unit)


def _values(steps: Sequence[Row], above: str = "") -> Iterator[tuple[str, str]]:
    """Every step of a report by its path, those below a step before it."""
    for step in steps:
        yield from _values(step.get("parts", ()), f"{above}{step['symbol']}/")
        yield above + step["symbol"], step["value"]


def figure(result: str, theirs: Fraction | int, ours: Fraction | int, unit: str) -> Row:
    """One compared figure in words and numbers; equal up to 18 decimals is equal."""
    difference = Fraction(theirs) - Fraction(ours)
    agrees = abs(difference) <= TOLERANCE
    return {
        "result": result,
        "theirs": f"{shown(Fraction(theirs))} {unit}".rstrip(),
        "ours": f"{shown(Fraction(ours))} {unit}".rstrip(),
        "difference": "0" if agrees else _signed(difference),
        "agrees": agrees,
    }


def _signed(difference: Fraction) -> str:
    text = shown(abs(difference))
    sign = "+" if difference > 0 else "−"
    return f"{sign}{text}" if text != "0" else f"{sign}less than 0.000001"


def shown(value: Fraction) -> str:
    """A fraction for a person: at most six decimals, thousands parted by a narrow space."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        text = f"{exact:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace("-", "−")
