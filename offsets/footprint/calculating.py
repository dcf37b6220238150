"""The arithmetic: every answer times its figure, in exact fractions; one rounding, at the end.

quantity × factor (× people, × days, ÷ people who share a home) = kg CO2e
Σ kg ÷ 1000, rounded up to a whole tonne = tonnes to offset
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from offsets.footprint.factors import Factor
from offsets.footprint.questions import (
    DAYS_OF_A_YEAR,
    INSTEAD,
    LIVING,
    Asked,
    Kind,
    Part,
    Scale,
    Sheet,
    Who,
)
from offsets.footprint.reading import Answer, Answers

KG_PER_TONNE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One step: `quantity` of `unit` times `factor`, times `times`, over `shared_by`, in kg CO2e.

    `changed` tells that the figure is the asker's own, not that of the source.
    """

    part: Part
    name: str
    label: str
    quantity: Decimal
    unit: str
    factor: Decimal
    factor_unit: str
    figure: Factor
    kg: Fraction
    times: tuple[tuple[Decimal, str], ...] = ()
    shared_by: Decimal = Decimal(1)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Footprint:
    """The result. `kg` is exact; `tonnes` is rounded up, once."""

    sheet: Sheet
    lines: tuple[Line, ...]
    people: Decimal

    @property
    def kg(self) -> Fraction:
        """Everything, exactly."""
        return sum((line.kg for line in self.lines), Fraction(0))

    @property
    def tonnes(self) -> int:
        """Whole tonnes to offset: rounded up."""
        return ceil(self.kg / KG_PER_TONNE)

    @property
    def parts(self) -> tuple[tuple[Part, Fraction], ...]:
        """What each part comes to; what is not asked of this kind of footprint is left out."""
        there = [part for part in Part if any(e.question.part is part for e in self.sheet.asked)]
        return tuple(
            (part, sum((line.kg for line in self.lines if line.part is part), Fraction(0)))
            for part in there if part is not Part.WHOM
        )

    @property
    def kg_per_head(self) -> Fraction:
        """For comparison with an average per head: a person's own footprint is one head's."""
        return self.kg if self.sheet.who is Who.PERSON else self.kg / Fraction(self.people)

    @property
    def average(self) -> Factor | None:
        """The average per head of the country, or the world's; None for events and organisations:
        they have no average per head.
        """
        if self.sheet.who not in LIVING:
            return None
        return self.sheet.edition.find("total", self.sheet.country)


def calculate(sheet: Sheet, answers: Answers) -> Footprint:
    """The footprint from answers that `reading.read` has read."""
    people = _number(answers.get("people"), Decimal(1))
    days = _number(answers.get("days"), Decimal(1))
    lines = [line for asked in sheet.asked for line in _line(sheet, asked, answers, people, days)]
    said = {part for part in Part if any(line.part is part for line in lines
                                         if line.name not in INSTEAD)}
    kept = tuple(line for line in lines if INSTEAD.get(line.name) not in said)
    return Footprint(sheet, kept, people)


def _number(answer: Answer | None, otherwise: Decimal) -> Decimal:
    return answer if isinstance(answer, Decimal) else otherwise


def _line(
    sheet: Sheet, asked: Asked, answers: Answers, people: Decimal, days: Decimal
) -> Iterator[Line]:
    """The step of a question, if it makes one."""
    kind, name = asked.question.kind, asked.name
    if name == "car_km":
        yield from _driven(sheet, asked, answers)
    elif kind is Kind.CHOICE and name != "car":
        yield from _chosen(sheet, asked, answers, people, days)
    elif kind is Kind.FIGURE and name != "grid" and asked.factor:
        value = _number(answers.get(name), asked.factor.value)
        heads = Decimal(1) if sheet.who is Who.PERSON else people
        yield Line(
            asked.question.part, name, asked.label, heads, "people", value, asked.factor.unit,
            asked.factor, Fraction(value) * Fraction(heads), changed=value != asked.factor.value,
        )
    elif kind is Kind.AMOUNT and asked.factor and isinstance(answers.get(name), Decimal):
        yield _measured(sheet, asked, answers, people)


def _measured(sheet: Sheet, asked: Asked, answers: Answers, people: Decimal) -> Line:
    assert asked.factor is not None
    quantity, value = _number(answers.get(asked.name), Decimal(0)), asked.factor.value
    changed = False
    if asked.name == "electricity":
        given = _number(answers.get("grid"), value)
        changed, value = given != value, _kg(given)
    home = asked.question.scale is Scale.SHARED and sheet.who is Who.PERSON
    shared = people if home else Decimal(1)
    return Line(
        asked.question.part, asked.name, asked.label, quantity, asked.question.unit, value,
        f"kg CO2e/{asked.factor.per}", asked.factor,
        Fraction(quantity) * Fraction(value) / Fraction(shared),
        shared_by=shared, changed=changed,
    )


def _kg(grams: Decimal) -> Decimal:
    """Grams as kilograms: a shift of the point, which is exact."""
    return grams.scaleb(-3)


def _driven(sheet: Sheet, asked: Asked, answers: Answers) -> Iterator[Line]:
    """Kilometres by car, with the figure of the chosen car, else of the average one."""
    quantity, car = answers.get("car_km"), sheet.find("car")
    if not isinstance(quantity, Decimal) or car is None:
        return
    chosen = answers.get("car", car.options[0][0])
    words, figure = next((w, f) for value, w, f in car.options if value == chosen)
    yield Line(
        asked.question.part, asked.name, f"{asked.label}: {words[0].lower()}{words[1:]}", quantity,
        asked.question.unit, figure.value, figure.unit, figure,
        Fraction(quantity) * Fraction(figure.value),
    )


def _chosen(
    sheet: Sheet, asked: Asked, answers: Answers, people: Decimal, days: Decimal
) -> Iterator[Line]:
    """A choice that counts by head and day: food."""
    chosen = answers.get(asked.name)
    found = [(words, figure) for value, words, figure in asked.options if value == chosen]
    if not found:
        return
    words, figure = found[0]
    lasts = days if sheet.who is Who.EVENT else Decimal(DAYS_OF_A_YEAR)
    heads = Decimal(1) if sheet.who is Who.PERSON else people
    yield Line(
        asked.question.part, asked.name, f"{asked.label}: {words[0].lower()}{words[1:]}", lasts,
        "days", figure.value, figure.unit, figure,
        Fraction(lasts) * Fraction(figure.value) * Fraction(heads), times=((heads, "people"),),
    )
