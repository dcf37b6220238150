"""Projects that make no electricity, from design to request for issuance: water and stoves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from cdm_portal.demonstration.portfolio import Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.values import SYSTEM
from projects.doe import actions as doe
from projects.participant import actions as participant
from tests.cast import SINCE, Cast
from tests.factories import SOLAR, CastPeople

SCOPE = 3
ANSWERS = {"safe_water_supplied": "False", "quality_met": "True"}


def stoves(number: str, used: str, old: str = "3") -> dict[str, str]:
    """A row of one type and batch; `old` is the wood that an old stove burns in a year (t)."""
    return {"type": "rocket", "batch": "2021", "N": number, "mu": used, "B_old": old,
            "eta_new": "0.25"}


class OtherWalk(Walk):
    """A project whose design document is told by `changes`, section by section."""

    rules: ClassVar[dict[str, object]]
    changes: ClassVar[dict[str, dict[str, object]]]

    def sections(self) -> Iterator[tuple[str, dict[str, object]]]:
        """The design document: no capacity, no grid, no technology that makes electricity."""
        for section, values in super().sections():
            yield section, {**values, **self.changes.get(section, {})} if (
                section != "methodology"
            ) else {"scale": "small", "additionality": "Nobody pays for it.", **self.rules}

    def monitor(self) -> None:
        """A year is measured and reported."""
        first = self.credited_from()
        last = first.replace(year=first.year + 1) - timedelta(days=1)
        self.after = (last - self.began.date()).days + 15
        at = self.day(self.after)
        self.period = participant.open_period(
            actor=self.owner, at=at, project_id=self.project.pk, first=first, last=last
        )
        self.measure(at, first)
        participant.report_monitoring(actor=self.owner, at=at, period_id=self.period.pk)
        self.period.refresh_from_db()

    def measure(self, at: datetime, first: date) -> None:
        """Readings are uploaded, or rows stated."""
        raise NotImplementedError


class WaterWalk(OtherWalk):
    """Filters for 1,000 people under AMS-III.AV; the readings of the third month are missing."""

    rules: ClassVar[dict[str, object]] = {"code": "AMS-III.AV", "version": "05.0", **ANSWERS}
    changes: ClassVar[dict[str, dict[str, object]]] = {
        "general": {"sector": "water", "installed_mw": ""},
        "parameters": {"fixed": {
            "eta": {"value": "10", "unit": "%", "source": "survey"},
            "f_NRB": {"value": "0.8", "unit": "1", "source": "national study"},
        }},
        "reductions": {"years": {"1": {"QPW": "1900000", "N": "1000", "d": "365"}}},
    }

    def measure(self, at: datetime, first: date) -> None:
        """Monthly readings, the gap accepted."""
        file = participant.upload_readings(
            actor=self.owner, at=at, period_id=self.period.pk, filename="water.csv",
            resolution="month", data=readings(first),
        )
        participant.accept_gaps(
            actor=self.owner, at=at, period_id=self.period.pk, reason="The book was lost.",
            keys=[gap["key"] for gap in file.gaps],
        )


class StovesWalk(OtherWalk):
    """Stoves under AMS-II.G: nothing is read from a meter, the stoves are a table of rows."""

    rules: ClassVar[dict[str, object]] = {
        "code": "AMS-II.G", "version": "12.0", "test": "water_boiling", "efficiency": "0.3",
        "energy_saved": "50", "nrb_since_1989": "True",
    }
    changes: ClassVar[dict[str, dict[str, object]]] = {
        "general": {"sector": "stoves", "installed_mw": ""},
        "parameters": {"fixed": {"f_NRB": {"value": "0.8", "source": "national study"}}},
        "reductions": {"years": {"1": {"stoves": [stoves("1000", "0.9")]}}},
    }

    def measure(self, at: datetime, first: date) -> None:
        """Fewer stoves are in use than were expected."""
        participant.state_rows(
            actor=self.owner, at=at, period_id=self.period.pk, symbol="stoves",
            stated=[stoves("900", "0.8")],
        )


def readings(first: date) -> bytes:
    """Twelve months in m³, people and days; nothing of the third but the days."""
    rows = ["period,QPW [m3],N [person],d [d]"]
    for number in range(12):
        month = (first.replace(day=1) + timedelta(days=32 * number)).replace(day=1)
        rows.append(f"{month:%Y-%m},{'200,1000' if number != 2 else ','},30")
    return "\n".join(rows).encode()


def walked(
    cast: Cast, now: datetime, kind: type[OtherWalk], until: Until = Until.ISSUANCE_WINDOW
) -> OtherWalk:
    """The project, its DOEs accredited in its scope."""
    for body in (cast.doe, cast.other_doe):
        doe.accredit(
            actor=SYSTEM, at=now, organisation_id=body.office, scopes=(SCOPE,),
            functions=("validation", "verification"), valid_from=SINCE, valid_to=None,
        )
    made = kind(CastPeople(cast), replace(SOLAR, until=until), now)  # type: ignore[arg-type]
    made.go()
    return made
