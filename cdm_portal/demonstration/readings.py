"""What the meters of a sketched project read: invented, and the same on every run."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from cdm_portal.demonstration.portfolio import Sketch

UNITS = {
    "EG_export": "MWh", "EG_import": "MWh", "TEG": "MWh", "M_steam": "t", "w_CO2": "tCO2/t",
    "w_CH4": "tCH4/t",
}


def expected(sketch: Sketch) -> dict[str, str]:
    """What a year of crediting is expected to measure, by symbol."""
    values = {"EG_export": str(sketch.annual_mwh), "EG_import": "12"}
    if sketch.sector == "geothermal":
        values |= {"M_steam": "2100000", "w_CO2": "0.0042", "w_CH4": "0.00003"}
    if sketch.reservoir_km2:
        values["TEG"] = str(sketch.annual_mwh + 900)
    return values


def table(sketch: Sketch, first: date, last: date) -> bytes:
    """A table of daily readings that swings around the expected year."""
    year = expected(sketch)
    lines = [",".join(["timestamp", *(f"{name} [{UNITS[name]}]" for name in year)])]
    day = first
    while day <= last:
        lines.append(",".join([day.isoformat(), *_cells(year, day)]))
        day += timedelta(days=1)
    return ("\n".join(lines) + "\n").encode()


def _cells(year: dict[str, str], day: date) -> Iterator[str]:
    swing = Decimal(80 + (day.toordinal() * 37) % 41) / 100
    for name, value in year.items():
        if name.startswith("w_"):
            yield value
        else:
            daily = Decimal(value) / (366 if isleap(day.year) else 365)
            yield str((daily * swing).quantize(Decimal("0.001")))
