"""What is asked of whom, with the figure that each answer is multiplied by.

A question without a figure for the country is not asked; the reason stands in its place.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from offsets.footprint.factors import Edition, Factor


class Who(StrEnum):
    """Whose footprint it is."""

    PERSON = "person"
    HOUSEHOLD = "household"
    EVENT = "event"
    ORGANISATION = "organisation"


class Part(StrEnum):
    """What an answer is about; `WHOM` is not a part of the footprint."""

    WHOM = "whom"
    HOME = "household"
    TRANSPORT = "transport"
    LIFESTYLE = "lifestyle"
    SERVICES = "public_services"

    @property
    def label(self) -> str:
        """As a heading says it."""
        return self.value.replace("_", " ").capitalize()


class Kind(StrEnum):
    """How it is answered: a count, an amount, one of several, or a figure that may be changed."""

    COUNT = "count"
    AMOUNT = "amount"
    CHOICE = "choice"
    FIGURE = "figure"


class Scale(StrEnum):
    """What an answer is multiplied by besides its figure."""

    ONCE = "once"
    SHARED = "shared"
    """The home's, which a person shares with those who live there."""
    HEADS = "heads"
    """For everybody counted."""
    HEAD_DAYS = "head-days"
    """For everybody counted, every day: of a year, or of the event."""


ALL = frozenset(Who)
LIVING = frozenset({Who.PERSON, Who.HOUSEHOLD})
FED = LIVING | {Who.EVENT}
DAYS_OF_A_YEAR = 365
INSTEAD = {"home_average": Part.HOME, "transport_average": Part.TRANSPORT}
"""Averages that count only where nothing else is answered of their part."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `factor` names its figure, or each option's stands in `options`.

    `options` are (value, words, name of the figure).
    """

    name: str
    part: Part
    label: str
    unit: str = ""
    factor: str = ""
    kind: Kind = Kind.AMOUNT
    who: frozenset[Who] = ALL
    scale: Scale = Scale.ONCE
    options: tuple[tuple[str, str, str], ...] = ()
    hint: str = ""


def _cars() -> tuple[tuple[str, str, str], ...]:
    fuels = ("petrol", "diesel", "hybrid")
    sizes = ("small", "medium", "large")
    made = [
        (f"{fuel}_{size}", f"{fuel.capitalize()}, {size}", f"car_{fuel}_{size}")
        for fuel in fuels for size in sizes
    ]
    electric = [
        (f"electric_{size}", f"Electric, {size}", f"car_electric_{size}")
        for size in ("small", "medium", "average")
    ]
    return (("average", "Average, fuel not known", "car_average"), *made, *electric)


DIETS = (
    ("high_meat", "Meat, 100 g a day or more", "diet_high_meat"),
    ("medium_meat", "Meat, 50 to 99 g a day", "diet_medium_meat"),
    ("low_meat", "Meat, less than 50 g a day", "diet_low_meat"),
    ("fish", "Fish, no meat", "diet_fish"),
    ("vegetarian", "Vegetarian", "diet_vegetarian"),
    ("vegan", "Vegan", "diet_vegan"),
)
PEOPLE = {
    Who.PERSON: "People in your home, with you", Who.HOUSEHOLD: "People in the household",
    Who.EVENT: "Guests", Who.ORGANISATION: "People who work there",
}


def _home(name: str, label: str, unit: str) -> Question:
    factor = "grid" if name == "electricity" else name
    return Question(name, Part.HOME, label, unit, factor, scale=Scale.SHARED)


def _way(name: str, label: str, unit: str = "passenger-km") -> Question:
    return Question(name, Part.TRANSPORT, label, unit, name)


def _flight(name: str, label: str, named: str) -> Question:
    name = f"flight_{name}"
    hint = f"The source’s “{named}, to/from UK”, with what engines do high in the air."
    return Question(name, Part.TRANSPORT, label, "passenger-km", name, hint=hint)


def _figure(name: str, part: Part, label: str, factor: str, hint: str = "") -> Question:
    return Question(
        name, part, label, "kg CO2e per head", factor, Kind.FIGURE, LIVING, Scale.HEADS, hint=hint
    )


QUESTIONS = (
    Question("people", Part.WHOM, "People", kind=Kind.COUNT),
    Question("days", Part.WHOM, "Days", "days", kind=Kind.COUNT, who=frozenset({Who.EVENT})),
    _home("electricity", "Electricity", "kWh"),
    Question(
        "grid", Part.HOME, "Carbon intensity of the electricity", "g CO2e/kWh", "grid",
        Kind.FIGURE, hint="Change it if your supplier tells you its own.",
    ),
    _home("gas", "Natural gas", "kWh"),
    _home("heating_oil", "Heating oil", "l"),
    _home("kerosene", "Kerosene", "l"),
    _home("lpg", "Bottled gas (LPG)", "kg"),
    _figure(
        "home_average", Part.HOME, "Your country’s average instead", "buildings",
        "Counts only if you leave electricity and all fuels empty. Fuel burned in buildings; "
        "electricity is not in it.",
    ),
    Question(
        "car", Part.TRANSPORT, "Car", kind=Kind.CHOICE, options=_cars(),
        hint="Electric cars: with the electricity of the United Kingdom.",
    ),
    Question("car_km", Part.TRANSPORT, "Driven by car", "km"),
    _way("motorbike", "Driven by motorbike", "km"),
    _way("taxi", "By taxi"), _way("bus", "By local bus"), _way("coach", "By coach"),
    _way("rail", "By train"), _way("tram", "By tram or metro"),
    _flight("short", "Short flights, inside a country", "Domestic"),
    _flight("medium_economy", "Medium flights, economy", "Short-haul"),
    _flight("medium_business", "Medium flights, business", "Short-haul"),
    _flight("long_economy", "Long flights, economy", "Long-haul"),
    _flight("long_premium", "Long flights, premium economy", "Long-haul"),
    _flight("long_business", "Long flights, business", "Long-haul"),
    _flight("long_first", "Long flights, first", "Long-haul"),
    _figure(
        "transport_average", Part.TRANSPORT, "Your country’s average instead", "transport",
        "Counts only if you leave all distances empty. All transport in the country; flights "
        "abroad are not in it.",
    ),
    Question(
        "diet", Part.LIFESTYLE, "Food", kind=Kind.CHOICE, who=FED, scale=Scale.HEAD_DAYS,
        options=DIETS, hint="Measured in the United Kingdom, for 2,000 kcal a day.",
    ),
    Question("clothing", Part.LIFESTYLE, "New clothes", "kg", "clothing"),
    Question("it_equipment", Part.LIFESTYLE, "New computers and telephones", "kg", "it_equipment"),
    Question("hotel", Part.LIFESTYLE, "Nights in hotels, rooms", "room-nights", "hotel"),
    _figure("waste", Part.SERVICES, "Waste and waste water", "waste"),
    _figure(
        "public_services", Part.SERVICES, "Administration, schools, health, defence",
        "public_services",
    ),
)
OF_NO_FIGURE = {
    "hotel": "No figure was found for hotels in this country.",
    "public_services": "Administration, schools, health and defence: no figure per head was found "
    "for this country.",
}
NEVER_ASKED = (
    "Firewood and charcoal: what they emit depends on whether the wood grows again, and no figure "
    "was found for that.",
    "Furniture, services, money in banks: no figure was found that could be used without guessing.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put: with its figure, or that of each option, found for the country."""

    question: Question
    label: str
    factor: Factor | None
    options: tuple[tuple[str, str, Factor], ...] = ()

    @property
    def name(self) -> str:
        """By which it is answered."""
        return self.question.name

    @property
    def initial(self) -> Decimal | None:
        """What counts where it is left empty: a figure stands, a count is one, nothing else."""
        if self.question.kind is Kind.COUNT:
            return Decimal(1)
        is_figure = self.question.kind is Kind.FIGURE and self.factor is not None
        return self.factor.value if is_figure and self.factor else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is asked of somebody in a country, and what is not, with the reason."""

    who: Who
    country: str
    edition: Edition
    asked: tuple[Asked, ...]
    left_out: tuple[str, ...]

    def find(self, name: str) -> Asked | None:
        """The question of a name, if it is asked."""
        return next((each for each in self.asked if each.name == name), None)


def sheet(who: Who, country: str, edition: Edition) -> Sheet:
    """What is asked in a country of `factors.countries()`, or, for `factors.WORLD`, anywhere."""
    asked, left_out = [], []
    for question in QUESTIONS:
        if who not in question.who:
            continue
        put = _put(question, who, country, edition)
        if put is None:
            left_out.append(OF_NO_FIGURE[question.name])
        else:
            asked.append(put)
    return Sheet(who, country, edition, tuple(asked), (*left_out, *NEVER_ASKED))


def _put(question: Question, who: Who, country: str, edition: Edition) -> Asked | None:
    label = PEOPLE[who] if question.name == "people" else question.label
    options = tuple(
        (value, words, found)
        for value, words, name in question.options
        if (found := edition.find(name, country))
    )
    factor = edition.find(question.factor, country) if question.factor else None
    if question.factor and factor is None:
        return None
    return Asked(question, label, factor, options)
