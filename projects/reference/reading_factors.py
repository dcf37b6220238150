"""Published grid emission factors as JSON: a list of objects, each with the line it begins on.

The words in which a source states its vintage are read by a few fixed patterns; what fits none of
them is refused. A row whose source is "same" rests on the source, and without a year of its own on
the vintage, of the row before it. Figures that the collector derived (`implied_OM`) are not taken.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from projects.methodologies import units
from projects.methodologies.units import UnitError
from projects.reference import stating
from projects.reference.models import GridFactor
from projects.reference.stating import Factor
from registry.importing.remarks import Kind, Remark
from registry.importing.sheets import UnreadableFile, digest

INTERMITTENT, OTHER = (GridFactor.Technologies.INTERMITTENT, GridFactor.Technologies.OTHER)
OF_PLANTS = {"CM_wind_solar": INTERMITTENT, "CM_intermittent": INTERMITTENT, "CM_other": OTHER}
READ = {
    "system", "party", "year", "OM", "BM", "CM", "OM_years", "weights", "unit", "source",
    "address", "tool_version", "published_on", "valid_from", "valid_to", *OF_PLANTS,
}
VINTAGES = (
    re.compile(r"\b((?:19|20)\d\d)\s*[-–]\s*((?:19|20)\d\d)\b"),
    re.compile(r"\bFY((?:19|20)\d\d)[-–](\d\d)\b"),
    re.compile(r"\b((?:19|20)\d\d)/\d\d/(\d\d)\b"),
    re.compile(r"\b((?:19|20)\d\d)() factor\b"),
    re.compile(r"^\s*((?:19|20)\d\d)()\s*$"),
)
PUBLISHED = re.compile(r"published (\d\d)/(\d\d)/(\d{4})")


class Unusable(ValueError):
    """Why a row is refused."""


@dataclass(slots=True)
class Factors:
    """The factors of a file with their lines, and what there is to say about its rows."""

    path: Path
    sha256: str
    rows: list[tuple[int, Factor]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def looks_like(path: Path) -> bool:
    """Whether a file is a list of grid factors. Raises UnreadableFile."""
    return any("system" in row for _, row in _objects(path))


def read(path: Path, parties: Mapping[str, str], today: date) -> Factors:
    """Every factor of a file. `parties` names Parties by code. Raises UnreadableFile."""
    found = Factors(path, digest(path))
    before: dict[str, Any] = {}
    taken: dict[tuple[Any, ...], int] = {}
    for line, row in _objects(path):
        remark = _Said(found, line)
        try:
            stated = _factors(_resting(row, before, remark), parties, today, remark)
            for each in stated:
                _check(each, today)
                _once(each, taken, line)
        except Unusable as refusal:
            remark(Kind.REFUSED, str(refusal))
            continue
        found.rows += [(line, each) for each in stated]
    return found


@dataclass(slots=True)
class _Said:
    """Says something about one row."""

    found: Factors
    line: int

    def __call__(self, kind: Kind, reason: str, column: str = "", taken: str = "") -> None:
        name = self.found.path.name
        self.found.remarks.append(Remark(name, self.line, kind, reason, column, taken=taken))


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON list, each with its line. Raises UnreadableFile."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        whole = json.loads(text, parse_float=Decimal)
    except (OSError, ValueError, RecursionError) as fault:
        raise UnreadableFile(f"{path.name} is not readable JSON: {fault}.") from fault
    if not isinstance(whole, list) or not all(isinstance(row, dict) for row in whole):
        return
    decoder, place = json.JSONDecoder(parse_float=Decimal), text.index("[") + 1
    for _ in whole:
        place = text.index("{", place)
        row, end = decoder.raw_decode(text, place)
        yield text.count("\n", 0, place) + 1, row
        place = end


def _resting(row: dict[str, Any], before: dict[str, Any], remark: _Said) -> dict[str, Any]:
    """The row with what it takes from the one before it, where its source is "same"."""
    if row.get("source") == "same" and before:
        row = row | {"source": before["source"]}
        if not row.get("year") and before.get("year"):
            row["year"] = before["year"]
            remark(
                Kind.CORRECTED, "the vintage is that of the row above, whose source it shares",
                "year", str(before["year"]),
            )
    before.clear()
    before.update({name: row.get(name) for name in ("source", "year")})
    return row


def _factors(
    row: Mapping[str, Any], parties: Mapping[str, str], today: date, remark: _Said
) -> list[Factor]:
    """One factor, or one for each kind of plants that has a combined margin. Raises Unusable."""
    for name in sorted(row.keys() - READ):
        remark(Kind.NOTED, "not taken: it was derived by whoever collected the factors", name)
    system, source = _text(row, "system"), _text(row, "source")
    first, last = _vintage(row.get("year"))
    published = _published(row)
    begins = _day(row, "valid_from") or published
    if begins is None:
        begins = today
        remark(Kind.NOTED, "no first day is stated: valid from the day of the import", "valid_from")
    whole = Factor(
        party_code=_party(row, system, parties), grid=system, first_year=first, last_year=last,
        source=source, valid_from=begins, om=_margin(row, "OM"), bm=_margin(row, "BM"),
        cm=_margin(row, "CM"), w_om=_weight(row.get("weights")),
        tool_version=str(row.get("tool_version", "")), address=str(row.get("address", "")),
        published_on=published, valid_to=_day(row, "valid_to"), note=_note(row),
    )
    apart = [
        replace(whole, technologies=plants.value, cm=value)
        for name, plants in OF_PLANTS.items() if (value := _margin(row, name)) is not None
    ]
    if whole.om is None and whole.bm is None and whole.cm is None:
        if apart:
            return apart
        raise Unusable("it states neither OM, BM nor CM")
    return [whole, *apart]


def _check(stated: Factor, today: date) -> None:
    if found := stating.refusal(stated, today):
        raise Unusable(found)


def _once(stated: Factor, taken: dict[tuple[Any, ...], int], line: int) -> None:
    first = taken.setdefault(stated.identity, line)
    if first != line:
        raise Unusable(f"the same grid, plants and vintage stand in line {first} already")


def _text(row: Mapping[str, Any], name: str) -> str:
    text = row.get(name)
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise Unusable(f"{name} is missing")
    return text.strip()


def _margin(row: Mapping[str, Any], name: str) -> Decimal | None:
    """A margin in tCO2/MWh, from the unit of the row."""
    given = row.get(name)
    if given is None:
        return None
    try:
        value = units.as_decimal(given)
        return units.convert(value, str(row.get("unit", units.GRID_FACTOR)), units.GRID_FACTOR)
    except (UnitError, ValueError) as fault:
        raise Unusable(f"{name}: {fault}") from None


def _weight(given: object) -> Decimal | None:
    """The weight of the operating margin in "0.75/0.25"."""
    if given is None:
        return None
    try:
        operating, build = (units.as_decimal(each) for each in str(given).split("/"))
    except ValueError:
        raise Unusable(f"weights “{str(given)[:40]}” are not like 0.5/0.5") from None
    if operating + build != 1:
        raise Unusable(f"weights {given} do not add up to 1")
    return operating


def _vintage(given: object) -> tuple[int, int]:
    """The first and last year of the data."""
    if given in (None, ""):
        raise Unusable("it has no year: a factor is listed only with its vintage")
    words = PUBLISHED.sub("", str(given))
    for pattern in VINTAGES:
        if match := pattern.search(words):
            first = int(match[1])
            last = match[2] and (match[2] if len(match[2]) == 4 else match[1][:2] + match[2])
            return first, int(last or first)
    raise Unusable(f"no vintage can be read from “{str(given)[:80]}”: write 2020 or 2017-2019")


def _published(row: Mapping[str, Any]) -> date | None:
    if match := PUBLISHED.search(str(row.get("year", ""))):
        row = {"published_on": f"{match[3]}-{match[2]}-{match[1]}"}
    return _day(row, "published_on")


def _day(row: Mapping[str, Any], name: str) -> date | None:
    given = row.get(name)
    try:
        return None if given is None else date.fromisoformat(str(given))
    except ValueError:
        raise Unusable(f"{name} “{str(given)[:40]}” is no day like 2021-02-26") from None


def _note(row: Mapping[str, Any]) -> str:
    years = row.get("OM_years")
    if not isinstance(years, list):
        return ""
    return f"Operating margins of the years: {', '.join(str(each)[:20] for each in years[:10])}"


def _party(row: Mapping[str, Any], system: str, parties: Mapping[str, str]) -> str:
    """The Party whose grid it is: as stated, or named at the beginning of the system."""
    if row.get("party") is not None:
        if row["party"] not in parties:
            raise Unusable(f"“{str(row['party'])[:40]}” is the code of no Party known here")
        return str(row["party"])
    words = _folded(system)
    named = [code for code, name in parties.items() if f"{words} ".startswith(f"{_folded(name)} ")]
    if len(named) != 1:
        raise Unusable(f"“{system[:60]}” does not name one Party: state its code as party")
    return named[0]


def _folded(text: str) -> str:
    """Small letters without marks."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parted if not unicodedata.combining(c)).casefold()
