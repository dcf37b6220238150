"""Reference data of the calculator: shipped tables, dated row by row.

A row holds from `valid_from` to `valid_to` (empty: still does). A figure is replaced by giving its
row a last day and adding a new row: an old link names its day and so still gives its old result.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
WORLD = "WLD"
PER_HEAD = "person and year"
UNITS = {
    "grid": ("g CO2e", "kWh"), "hotel": ("kg CO2e", "room and night"),
    "total": ("kg CO2e", PER_HEAD), "buildings": ("kg CO2e", PER_HEAD),
    "transport": ("kg CO2e", PER_HEAD), "waste": ("kg CO2e", PER_HEAD),
    "public_services": ("kg CO2e", PER_HEAD),
}
"""In what the national tables are written, and for how much of what."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures are from; `label` is what a reader must know of one that was not verified."""

    title: str
    verified: bool
    label: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One figure: `value` in `mass` (kg or g CO2e) per `per`, of a country, the world or neither.

    `year` is that of the data, empty where the source names none.
    """

    name: str
    value: Decimal
    mass: str
    per: str
    year: str
    source: Source
    country: str
    valid_from: date
    valid_to: date | None

    @property
    def unit(self) -> str:
        """The unit as it is written: kg CO2e/kWh."""
        return f"{self.mass}/{self.per}"

    @property
    def world(self) -> bool:
        """Whether it is the world's, for want of one of the country."""
        return self.country == WORLD

    def holds_on(self, day: date) -> bool:
        """Whether it is the one in use on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Edition:
    """The figures in use on a day; `day` is the first on which these are all in use."""

    day: date
    by_name: Mapping[tuple[str, str], Factor]

    def find(self, name: str, country: str = "") -> Factor | None:
        """The figure of the country, else one for everywhere, else the world's, else none."""
        for place in (country, "", WORLD):
            if found := self.by_name.get((name, place)):
                return found
        return None


class Factors:
    """All rows, of all days."""

    def __init__(self, rows: Iterable[Factor]) -> None:
        self.rows = tuple(rows)
        changes = {row.valid_from for row in self.rows}
        changes |= {row.valid_to + timedelta(days=1) for row in self.rows if row.valid_to}
        self.days = sorted(changes)

    def edition(self, day: date) -> Edition:
        """The figures of a day; before the first of them, the first."""
        first = max((each for each in self.days if each <= day), default=self.days[0])
        return Edition(first, {
            (row.name, row.country): row for row in self.rows if row.holds_on(first)
        })


def _table(name: str, folder: Path) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(row: Mapping[str, str], sources: Mapping[str, Source]) -> Factor:
    mass, per = UNITS.get(row["factor"], ("kg CO2e", row.get("per", "")))
    last = row["valid_to"]
    return Factor(
        row["factor"], Decimal(row["value"]), mass, per, row["year"], sources[row["source"]],
        row.get("country", ""), date.fromisoformat(row["valid_from"]),
        date.fromisoformat(last) if last else None,
    )


def read(folder: Path) -> Factors:
    """The tables of a folder."""
    sources = {
        row["source"]: Source(row["title"], row["verified"] == "yes", row["label"])
        for row in _table("sources.csv", folder)
    }
    rows = _table("general.csv", folder) + _table("national.csv", folder)
    return Factors(_row(row, sources) for row in rows)


@cache
def load() -> Factors:
    """The tables that are shipped."""
    return read(DATA)


@cache
def countries() -> dict[str, str]:
    """Names of countries and territories by their code (ISO 3166-1 alpha-3), in their order."""
    return {row["code"]: row["name"] for row in _table("countries.csv", DATA)}
