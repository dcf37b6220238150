"""How figures, days and hashes are written: one way each, on pages, in mails and on certificates.

Pure text: no Django, no clock. Thousands are parted by a narrow no-break space (U+202F), which
neither wraps nor can be read as a decimal mark.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

NARROW = "\u202f"
CURRENCY_SIGNS = {"USD": "US$", "EUR": "€", "GBP": "£"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


class Amount(Protocol):
    """Anything with an amount and a currency, such as `moneyed.Money`."""

    @property
    def amount(self) -> Decimal:
        """How much."""

    @property
    def currency(self) -> object:
        """Of which currency; its text is the ISO 4217 code."""


def grouped(number: int | Decimal) -> str:
    """`number` with its thousands parted: 1234567 → "1 234 567"; a minus sign is a real minus."""
    return f"{number:,}".replace(",", NARROW).replace("-", "\u2212")


def tonnes(value: object) -> str:
    """Whole tonnes or units (int, Tonnes, whole Decimal), thousands parted."""
    return grouped(int(str(getattr(value, "amount", value)).split(".")[0]))


def figure(value: Decimal | int | str, places: int | None = None) -> str:
    """A Decimal as written on a sheet: exactly `places` decimals, or without trailing zeros."""
    number = Decimal(str(value))
    if places is not None:
        return grouped(round(number, places))
    plain = f"{number:f}"
    return grouped(Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain))


def usd(value: Decimal | int | str) -> str:
    """An amount in US dollars to the cent: "US$4.80"."""
    return f"US${grouped(Decimal(str(value)).quantize(Decimal('0.01')))}"


def money(value: Amount) -> str:
    """An amount of money with its sign before it: "US$4.80"."""
    code = str(value.currency)
    sign = CURRENCY_SIGNS.get(code, f"{code} ")
    return f"{sign}{grouped(value.amount.quantize(Decimal('0.01')))}"


def day(value: date) -> str:
    """A calendar day in full: "23 November 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def day_short(value: date) -> str:
    """A calendar day for tables: "23 Nov 2026"."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def moment(value: datetime) -> str:
    """A point in time, in UTC and saying so: "23 November 2026, 14:07 UTC"."""
    there = value.astimezone(UTC)
    return f"{day(there)}, {there:%H:%M} UTC"


def clock_time(value: datetime) -> str:
    """The time of day, in UTC: "14:07 UTC"."""
    return f"{value.astimezone(UTC):%H:%M} UTC"


def bytes_si(size: int) -> str:
    """A file's size in powers of ten: "212 kB", "2.4 MB"."""
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{round(size / 1_000)} kB"
    return f"{size / 1_000_000:.1f} MB"


def fingerprint(digest: str, groups: int = 2) -> str:
    """The first groups of four digits of a hash: "9f2c 41b8"; above two groups the last too."""
    parts = [digest[i : i + 4] for i in range(0, len(digest), 4)]
    if groups <= 2 or len(parts) <= groups:
        return " ".join(parts[:groups])
    return " ".join([*parts[:groups], "…", parts[-1]])


def initials(name: str) -> str:
    """Up to two initials of a name, for the round avatar: "Lucie Moreau" → "LM"."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def due_in(until: date | datetime, at: datetime) -> str:
    """How long is left until a day (counted in calendar days, UTC): "in 11 days", "3 days late"."""
    last = until.astimezone(UTC).date() if isinstance(until, datetime) else until
    left = (last - at.astimezone(UTC).date()).days
    if left < 0:
        return f"{-left} day{'s' if left != -1 else ''} late"
    return ("today", "tomorrow")[left] if left < 2 else f"in {left} days"
