"""The rock: values that every storey shares. No Django, no clock, no database.

Each type owns one rule (house, "Values and names"): a tonne is whole and comes from a Decimal only
by rounding down; a period includes both its ends; money is a Decimal with an ISO 4217 currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from moneyed import USD, Money

__all__ = ["SYSTEM", "Actor", "Money", "Period", "Role", "Tonnes", "cents", "usd"]


class Role(StrEnum):
    """In which capacity somebody acts: the columns of the permission matrix."""

    PARTICIPANT = "participant"
    DNA = "dna"
    DOE = "doe"
    BOARD = "board_member"
    SECRETARIAT = "secretariat"
    RIT = "rit_expert"
    REGISTRY = "registry_administrator"
    BUYER = "buyer"
    AUDITOR = "auditor"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The role in the words of the field."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.PARTICIPANT: "Project participant",
    Role.DNA: "Designated National Authority",
    Role.DOE: "Designated Operational Entity",
    Role.BOARD: "Executive Board member",
    Role.SECRETARIAT: "Secretariat",
    Role.RIT: "Expert of the Registration and Issuance Team",
    Role.REGISTRY: "Registry administrator",
    Role.BUYER: "Buyer",
    Role.AUDITOR: "Auditor",
    Role.SYSTEM: "Portal",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which role and for whom. `person_id` is None only for the portal itself.

    Four eyes compare persons, never logins: two accounts of one person are one person.
    """

    person_id: int | None
    name: str
    role: Role
    organisation_id: int | None = None
    organisation: str = ""
    party: str = ""

    @property
    def person(self) -> int:
        """The person's id to look rows up by: 0, which no row has, for the portal itself."""
        return self.person_id or 0

    @property
    def office(self) -> int:
        """The organisation's id to look rows up by: 0, which no row has, without one."""
        return self.organisation_id or 0


SYSTEM = Actor(person_id=None, name="The portal", role=Role.SYSTEM)


@dataclass(frozen=True, slots=True, order=True)
class Tonnes:
    """A whole number of tonnes of CO2 equivalent, never negative.

    Raises ValueError when built from anything else.
    """

    amount: int

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 0:
            raise ValueError(f"tonnes are whole and not negative, not {self.amount!r}")

    @classmethod
    def rounded_down(cls, exact: Decimal) -> "Tonnes":
        """The whole tonnes in `exact` (tCO2e): the one way from a Decimal, always downwards."""
        return cls(int(exact.to_integral_value(rounding=ROUND_DOWN)))

    def __add__(self, other: "Tonnes") -> "Tonnes":
        return Tonnes(self.amount + other.amount)

    def __int__(self) -> int:
        return self.amount


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Calendar days from `first` to `last`, both included. Raises ValueError if it runs backwards.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end ({self.last}) before it begins ({self.first})")

    @property
    def days(self) -> int:
        """How many days it has, at least one."""
        return (self.last - self.first).days + 1

    def contains(self, other: "date | Period") -> bool:
        """Whether a day, or every day of another period, lies inside."""
        if isinstance(other, Period):
            return self.first <= other.first and other.last <= self.last
        return self.first <= other <= self.last

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def follows(self, other: "Period") -> bool:
        """Whether it begins on the day after the other ends: no gap, no overlap."""
        return self.first == other.last + timedelta(days=1)

    def years(self) -> Iterator["Period"]:
        """Its pieces by calendar year, in order."""
        for year in range(self.first.year, self.last.year + 1):
            first, last = date(year, 1, 1), date(year, 12, 31)
            yield Period(max(first, self.first), min(last, self.last))


def usd(amount: Decimal | int | str) -> Money:
    """So many United States dollars.

    Raises TypeError for a float, which cannot hold a cent, and for anything else that is not a
    number; ValueError for a text or Decimal that is no finite number.
    """
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
        raise TypeError(f"money is a Decimal, an int or a text, not {amount!r}")
    try:
        exact = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(f"{amount!r} is no amount of money") from error
    if not exact.is_finite():
        raise ValueError(f"{amount!r} is no amount of money")
    return Money(exact, USD)


def cents(money: Money) -> Money:
    """Rounded half up to the cent: the one rounding of money, at the edge."""
    return Money(money.amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), money.currency)
