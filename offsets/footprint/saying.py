"""How a footprint is told: each step in one line, its source beside it; and its link.

What is shown is rounded for the eye; nothing is reckoned with it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from cdm_portal import formats
from offsets.footprint import factors
from offsets.footprint.calculating import Footprint, Line
from offsets.footprint.factors import Factor
from offsets.footprint.questions import Sheet
from offsets.footprint.reading import Answers

TENTHS, MILLIONTHS = 1, 6
NO_YEAR = "year not given"


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a figure is from, for whom it holds, and what a reader must know of it."""

    title: str
    year: str
    verified: bool
    label: str
    place: str


def rounded(kg: Fraction, places: int = TENTHS) -> Decimal:
    """An exact amount to so many decimals, half to even: for the eye."""
    return Decimal(round(kg * 10**places)).scaleb(-places)


def shown(kg: Fraction) -> str:
    """Kilograms with one decimal."""
    return formats.figure(rounded(kg), TENTHS)


def cited(figure: Factor) -> Cited:
    """The source of a figure."""
    place = "world figure: none was found for this country" if figure.world else ""
    named = factors.countries().get(figure.country, place)
    return Cited(
        figure.source.title, figure.year or NO_YEAR, figure.source.verified, figure.source.label,
        named,
    )


def dated(source: Cited) -> str:
    """Of which year the data are, in words."""
    return NO_YEAR if source.year == NO_YEAR else f"data of {source.year}"


def step(line: Line) -> str:
    """quantity × factor (× people) (÷ people who share) = kg CO2e."""
    factor = f"{formats.figure(line.factor)} {line.factor_unit}"
    said = f"{formats.figure(line.quantity)} {line.unit} × {factor}"
    for number, of_what in line.times:
        if number != 1:
            said += f" × {formats.figure(number)} {of_what}"
    if line.shared_by != 1:
        said += f" ÷ {formats.figure(line.shared_by)} people who share it"
    return f"{said} = {shown(line.kg)} kg CO2e"


def exactly(kg: Fraction) -> str:
    """Kilograms to the milligram, for programs."""
    return f"{rounded(kg, MILLIONTHS):f}"


def query(sheet: Sheet, answers: Answers) -> str:
    """The link's words: country, day of the figures, and every answer; nothing about anybody."""
    pairs = {"country": sheet.country, "on": sheet.edition.day.isoformat()}
    pairs |= {
        name: answer if isinstance(answer, str) else f"{answer:f}"
        for name, answer in answers.items()
    }
    return urlencode(pairs)


def compared(footprint: Footprint) -> str:
    """The footprint per head beside the average, in words; empty where there is no average."""
    average = footprint.average
    if average is None or not average.value:
        return ""
    share = footprint.kg_per_head / Fraction(average.value)
    percent = formats.figure(rounded(share * 100, 0), 0)
    return f"{percent} % of the average"
