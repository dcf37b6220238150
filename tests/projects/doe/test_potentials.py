"""The date of the reductions picks the global warming potentials, in the report and at the DOE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cdm_portal.demonstration.portfolio import PORTFOLIO, Until
from cdm_portal.demonstration.walk import Walk
from cdm_portal.values import Period
from projects.doe import comparison, queries
from projects.doe.models import VerificationRun
from projects.doe.second import acm0001 as second
from projects.doe.second import potentials
from projects.doe.second.data import Data
from projects.doe.second.sizes import CannotRecalculate
from projects.methodologies import acm0001, gwp, periods, readings, totals
from projects.methodologies.intervals import Resolution
from projects.models import Project
from projects.participant import (
    actions,
    calculated,
    explained,
    monitoring,
    reported,
    sheets,
    varied,
)
from projects.participant.models import MonitoringReport
from tests.cast import Cast
from tests.factories import CastPeople

GAS = ("10.03", "10", "10.05", "10")
LANDFILL = acm0001.Landfill(
    capture_before=acm0001.Capture.NONE, flared=False, generated=True
)


def landfill(new_year: date) -> tuple[Any, Any]:
    """The shares of the two days before a new year and the two after it, each calculated."""
    days = Period(new_year - timedelta(days=2), new_year + timedelta(days=1))
    rows = [f"{days.first + timedelta(days=n)},{value}" for n, value in enumerate(GAS)]
    asked = [readings.Column.of(each) for each in acm0001.METHODOLOGY.monitored(LANDFILL)]
    parsed = readings.parse_readings(
        readings.read_table("gas.csv", "\n".join(["timestamp,F_CH4_EL [t]", *rows]).encode()),
        parameters=asked, period_first=days.first, period_last=days.last,
        resolution=Resolution.DAY,
    )
    assert parsed.problems == ()
    shares = totals.totals(parsed, periods.split(
        days, last_er_date=None,
        with_potentials=gwp.enters(acm0001.METHODOLOGY.parameters(LANDFILL)),
    ))
    return shares, [
        acm0001.METHODOLOGY.ex_post(
            version="19.0", context=replace(LANDFILL, commitment_period=share.potentials),
            fixed={}, monitored=share.values,
        )
        for share in shares
    ]


@pytest.mark.parametrize(
    ("new_year", "parts", "claimed"),
    [
        (2013, [(1, 1, "378.567"), (2, 2, "451.125")], {"1": 378, "2": 451}),
        (2021, [(2, 2, "450.675"), (2, 3, "378.945")], {"2": 829}),
    ],
)
def test_methane_on_either_side_of_a_new_year_by_hand(
    new_year: int, parts: list[tuple[int, int, str]], claimed: dict[str, int]
) -> None:
    """20.03 t × 0.9 × 21 = 378.567 t and 20.05 × 0.9 × 25 = 451.125 in two commitment periods;
    20.03 × 0.9 × 25 = 450.675 and 20.05 × 0.9 × 21 = 378.945, together 829.62, in one: 829, where
    rounding each would leave 828.
    """
    shares, worked = landfill(date(new_year, 1, 1))
    ours = {}
    for share in shares:
        facts = {"capture_before": "none", "generated": True, "commitment_period": potentials
                 .set_of(share.period.last)}
        needs = {need.symbol: need.default for need in second.needs(facts)}  # type: ignore[union-attr]
        given = {symbol: Fraction(value) for symbol, value in share.values.items()}
        found = second.steps(facts, Data({**needs, **given}))  # type: ignore[arg-type]
        ours[str(facts["commitment_period"])] = {path: str(each) for path, each in found.items()}

    assert [
        (share.commitment_period, share.potentials, str(each.reductions_exact))
        for share, each in zip(shares, worked, strict=True)
    ] == parts
    assert monitoring.claims(shares, worked, 0) == (claimed, 0)
    assert comparison.claims(ours, 0) == claimed


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2000, 1, 1), 1), (date(2012, 12, 31), 1), (date(2013, 1, 1), 2),
        (date(2020, 12, 31), 2), (date(2021, 1, 1), 3), (date(2031, 1, 1), 3),
    ],
)
def test_both_ways_know_the_set_of_a_day(day: date, number: int) -> None:
    assert gwp.set_on(day) == potentials.set_of(day) == number


class Steam(Walk):
    """A geothermal plant whose first monitoring period is December 2020 and January 2021."""

    def sections(self) -> Iterator[tuple[str, dict[str, object]]]:
        """The same document under the version that was valid then."""
        for section, values in super().sections():
            yield section, values | ({"version": "20.0"} if section == "methodology" else {})

    def monitor(self) -> None:
        """Each day 100 MWh and 1,000 t of steam."""
        first, last, at = date(2020, 12, 1), date(2021, 1, 31), datetime(2021, 2, 5, tzinfo=UTC)
        assert self.credited_from() == first
        self.after = (at.date() - self.began.date()).days
        self.period = actions.open_period(
            actor=self.owner, at=at, project_id=self.project.pk, first=first, last=last
        )
        rows = ["timestamp,EG_export [MWh],EG_import [MWh],M_steam [t],"
                "w_CO2 [tCO2/t],w_CH4 [tCH4/t]"]
        rows += [f"{first + timedelta(days=n)},100,0,1000,0.005,0.0001" for n in range(62)]
        actions.upload_readings(
            actor=self.owner, at=at, period_id=self.period.pk, filename="steam.csv",
            resolution="day", data="\n".join(rows).encode(),
        )
        actions.report_monitoring(actor=self.owner, at=at, period_id=self.period.pk)
        self.period.refresh_from_db()


@pytest.fixture
def run(cast: Cast) -> VerificationRun:
    plant = next(each for each in PORTFOLIO if each.sector == "geothermal")
    sketch = replace(plant, owner="Ziwa Sun Limited", until=Until.VERIFYING)
    now = datetime(2020, 5, 1, 9, tzinfo=UTC) + timedelta(days=900)  # it began so many days ago
    made = Steam(CastPeople(cast), sketch, now)  # type: ignore[arg-type] # the cast stands in
    made.go()
    return VerificationRun.objects.get(verification__period=made.period)


@pytest.mark.django_db
def test_a_report_across_two_sets_from_the_readings_to_the_public_page(
    run: VerificationRun,
) -> None:
    """In each month 3,100 MWh × 0.5185 = 1,607.35 t. Steam: 31,000 t × (0.005 + 0.0001 × 25) =
    232.5 t in December, × 21: 220.1 t in January. 1,374.85 + 1,387.25 = 2,762.10: 2,762 t.
    """
    report = run.verification.period.reports.get()
    assert [
        (s["commitment_period"], s["potentials"], s["first"], s["last"],
         Decimal(s["calculation"]["reductions_exact"]))
        for s in report.content["shares"]
    ] == [
        (2, 2, "2020-12-01", "2020-12-31", Decimal("1374.85")),
        (2, 3, "2021-01-01", "2021-01-31", Decimal("1387.25")),
    ]
    assert report.claimed == run.result["claimed"] == {"2": 2762}
    assert (run.state, run.differences) == (VerificationRun.State.DONE, [])
    shown(report)
    found_if_wrong(run, report)
    estimated(report.period.project)


def estimated(project: Project) -> None:
    """2,100,000 t × (0.0042 + 0.00003 × 25) = 10,395 t in the year from December 2020, × 21:
    10,143 t in those after it; the DOE's own figures are the same.
    """
    years = queries.annual_recalculation(project)[:3]
    assert [year.ours["PE_GP"] for year in years] == [10_395, 10_143, 10_143]
    for year in years:
        assert Decimal(year.theirs["project"]) == year.ours["PE"]


def shown(report: MonitoringReport) -> None:
    """The page and the PDF say which set each part has, and which days decide it."""
    found, address = explained.ground(report), [report.period.project.name, report.period.number]
    told = [(row["value"], row["period"].first) for row in explained.potentials(found)]
    assert told == [(25, date(2020, 12, 1)), (21, date(2021, 1, 1))]
    assert varied.moved(found)
    said = " ".join(Client().get(reverse("tonne", args=address)).content.decode().split())
    for words in (
        "fall under two sets of global warming potentials",
        "those for reductions from 1 January 2013 to 31 December 2020 (unverified, from",
        "those for reductions from 1 January 2021 on (unverified, from",
        "Together: 2 762.1 t, rounded down once: 2 762 t.",
        'id="step-2-PE_GP"', 'id="step-3-PE_GP"',
    ):
        assert words in said
    assert Client().get(reverse("tonne_paper", args=address)).content[:5] == b"%PDF-"
    second_part = calculated.paper(found)["shares"][1]
    assert "1 January 2021 – 31 January 2021" in second_part["potentials"]
    assert "Together 2\u202f762.1 tCO2e, rounded down once" in second_part["rounding"]


def found_if_wrong(run: VerificationRun, report: MonitoringReport) -> None:
    """January with 25 would be 12.4 t less, December with 21 would be 12.4 t more."""
    plan, file = monitoring.plan_of(report.period), report.readings_file
    true = monitoring.work_out(plan, report.period, file, carried=0)
    ours = (run.result["sums"], run.result["calculated"], run.result["claimed"])

    def differing(*sets: int) -> set[str]:
        wrong = tuple(replace(t, potentials=n) for t, n in zip(true.totals, sets, strict=True))
        worked = tuple(monitoring.calculation(plan, each) for each in wrong)
        claimed, _ = monitoring.claims(wrong, worked, 0)
        result = replace(true, totals=wrong, calculations=worked, claimed=claimed)
        content = reported.content(plan, report.period, file, result)
        return {
            row["result"] for row in comparison.compare(content, *ours) if not row["agrees"]
        }

    def moved(days: str) -> set[str]:
        steps = ("Gases released with geothermal steam, PE_GP", "Project emissions, PE",
                 "Emission reductions, ER")
        return {"Claimed reductions", *(f"{step}, {days}" for step in steps)}

    assert differing(2, 3) == set()
    assert differing(2, 2) == moved("1 Jan 2021 – 31 Jan 2021")
    assert differing(3, 3) == moved("1 Dec 2020 – 31 Dec 2020")
    assert [row["potentials"].partition("report: ")[2] for row in sheets.shares(true)] == [
        "1 December 2020 – 31 December 2020.", "1 January 2021 – 31 January 2021."
    ]
    whole = report.content | {"shares": [report.content["shares"][0] | {"last": "2021-01-31"}]}
    with pytest.raises(CannotRecalculate, match="does not split the period"):
        comparison.compare(whole, *ours)
