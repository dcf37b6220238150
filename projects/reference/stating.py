"""What an entry states, before it is kept: checked here, by form, importer and action alike. Pure.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cdm_portal import formats, parameters
from projects.methodologies import units
from projects.methodologies.calculable import Version

LONGEST = {"grid": 120, "tool_version": 10, "source": 300, "address": 300, "note": 500}
NEEDED = {"grid": "Name the grid.", "source": "Say where the factor is published."}

Faults = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Factor:
    """A published grid emission factor: margins in tCO2/MWh, `w_om` the operating margin's weight.
    """

    party_code: str
    grid: str
    first_year: int
    last_year: int
    source: str
    valid_from: date
    technologies: str = "all"
    om: Decimal | None = None
    bm: Decimal | None = None
    cm: Decimal | None = None
    w_om: Decimal | None = None
    tool_version: str = ""
    address: str = ""
    published_on: date | None = None
    valid_to: date | None = None
    note: str = ""
    verified: bool = False

    @property
    def identity(self) -> tuple[str, str, str, int, int]:
        """What is published once: a Party's grid, plants and vintage."""
        return (
            self.party_code, self.grid, self.technologies, self.first_year, self.last_year,
        )

    @property
    def margins(self) -> tuple[Decimal | None, ...]:
        """Operating, build and combined margin, and the weight."""
        return (self.om, self.bm, self.cm, self.w_om)


def faults(stated: Factor, on: date) -> Faults:
    """Why a factor cannot be entered on a day, by box; empty if it can."""
    found: Faults = {}
    for box, longest in LONGEST.items():
        text = getattr(stated, box)
        if box in NEEDED and not text.strip():
            found[box] = [NEEDED[box]]
        if len(text) > longest:
            found[box] = [f"At most {longest} characters; these are {len(text)}."]
    if stated.address and not stated.address.startswith(("https://", "http://")):
        found["address"] = ["An address on the web begins with https:// or http://."]
    return found | _faults_of_days(stated, on) | _faults_of_margins(stated)


def refusal(stated: Factor, on: date) -> str:
    """The same in one line, for the row of a file."""
    return "; ".join(f"{box}: {words[0]}" for box, words in faults(stated, on).items())


def _faults_of_days(stated: Factor, on: date) -> Faults:
    found: Faults = {}
    earliest = int(parameters.constant("grid_data_from_year"))
    if not earliest <= stated.first_year <= on.year:
        found["first_year"] = [f"A year of data from {earliest} to {on.year}."]
    if not stated.first_year <= stated.last_year <= on.year:
        found["last_year"] = [f"Not before the first year, and not after {on.year}."]
    if stated.published_on and stated.published_on > on:
        found["published_on"] = ["It cannot have been published on a day to come."]
    if stated.valid_to and stated.valid_to < stated.valid_from:
        found["valid_to"] = ["It cannot end before it begins."]
    return found


def _faults_of_margins(stated: Factor) -> Faults:
    most = parameters.constant("grid_factor_max")
    found: Faults = {}
    for box in ("om", "bm", "cm"):
        value = getattr(stated, box)
        if value is not None and not 0 <= value <= most:
            found[box] = [f"From 0 to {most} {units.GRID_FACTOR}; {value} is outside."]
        if value == 0 and box != "bm":
            found[box] = ["A margin of zero: leave the box empty if it is not published."]
        if value is not None and _places(value) > 8:
            found[box] = ["At most eight decimal places."]
    if stated.w_om is not None and not (0 <= stated.w_om <= 1 and _places(stated.w_om) <= 4):
        found["w_om"] = ["A share from 0 to 1 with at most four decimal places."]
    if stated.om is None and stated.bm is None and stated.cm is None:
        found["cm"] = ["State at least one margin."]
    if not found and (said := _contradiction(stated)):
        found["cm"] = [said]
    return found


def _contradiction(stated: Factor) -> str:
    """Why the combined margin does not follow from its parts; empty if it does or cannot be told.

    Half a unit of the last place of each is granted: all of them are published rounded.
    """
    om, bm, cm, w_om = stated.margins
    if om is None or bm is None or cm is None or w_om is None:
        return ""
    computed = w_om * om + (1 - w_om) * bm
    granted = _half_a_unit(cm) + _half_a_unit(om) * w_om + _half_a_unit(bm) * (1 - w_om)
    if abs(computed - cm) <= granted:
        return ""
    return (
        f"{w_om} × {om} + {1 - w_om} × {bm} is {units.plain(computed.normalize())}, not {cm}: "
        "check margins and weight."
    )


def _half_a_unit(value: Decimal) -> Decimal:
    return Decimal("0.5").scaleb(-_places(value))


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def faults_of_dates(now: Version, then: Version, today: date) -> Faults:
    """Why the days of a version cannot be changed from `now` to `then`, by box."""
    if then.valid_to and then.valid_to < then.valid_from:
        return {"valid_to": ["It cannot end before it begins."]}
    if then.grace_to and (then.valid_to is None or then.grace_to <= then.valid_to):
        return {"grace_to": ["Time of grace begins after the last day of validity."]}
    if (now.valid_from, now.valid_to, now.grace_to) == (
        then.valid_from, then.valid_to, then.grace_to,
    ) and now.verified == then.verified:
        return {"valid_to": ["These are the days that hold already."]}
    if not then.verified and (past := _first_past_change(now, then, today)):
        return {"verified": [
            f"This changes what held on {formats.day(past)}: days of the past are put right only "
            "by somebody who has compared the published text."
        ]}
    return {}


def _first_past_change(now: Version, then: Version, today: date) -> date | None:
    """The first day before today on which the two answer differently; None if there is none."""
    borders = {now.valid_from, then.valid_from}
    borders |= {
        date.fromordinal(last.toordinal() + 1)
        for each in (now, then) if (last := each.valid_to) is not None
    }
    return next(
        (day for day in sorted(borders) if day < today and now.valid_on(day) != then.valid_on(day)),
        None,
    )
