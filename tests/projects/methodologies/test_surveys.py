"""Surveys: every fault at its row, and the mean or the bound that counts, worked out by hand."""

from datetime import date
from decimal import Decimal as D

import pytest

from cdm_portal.refusals import Invalid
from cdm_portal.values import Period
from projects.methodologies import surveys
from projects.methodologies.inputs import Aggregation, Kind, Parameter, Treatment
from projects.methodologies.listed import UnusableRows
from projects.methodologies.surveys import Taken
from projects.methodologies.tables import UnreadableFile, read_table

DAYS = Period(date(2014, 1, 1), date(2014, 12, 31))
USED = Parameter(
    "mu", "1", "Share of stoves in use", Kind.MONITORED, "", maximum=D(1),
    aggregation=Aggregation.MEAN, treatment=Treatment.ZERO,
)
STEAM = Parameter(
    "w_CO2", "tCO2/t", "CO2 in the steam", Kind.MONITORED, "", maximum=D(1),
    aggregation=Aggregation.MEAN,
)


def parsed(rows: str, parameter: Parameter = USED, head: str = "unit,date,value\n") -> list[str]:
    table = read_table("survey.csv", (head + rows).encode())
    return [f"{each.unit} {each.value}" for each in surveys.parse(table, parameter, DAYS)]


def test_answers_and_measures_are_read_in_the_unit_of_the_parameter() -> None:
    assert parsed("H1,2014-03-01,yes\nH2,2014-03-01,No\nH3,2014-03-02,0.5\n") == [
        "H1 1", "H2 0", "H3 0.5",
    ]
    assert parsed("H1,2014-03-01,80\n", head="Unit,Date,Value [%]\n") == ["H1 0.80"]
    for head in ("unit,date\n", "unit,date,value\n", "unit,date,value [kg]\n", "unit,value\n"):
        with pytest.raises(UnreadableFile):
            parsed("H1,2014-03-01,1\n", STEAM, head)


def test_every_fault_is_told_at_its_row() -> None:
    with pytest.raises(UnusableRows) as refused:
        parsed(
            "H1,2014-03-01,yes\nH1,2014-03-02,no\nH2,2013-12-31,yes\nH3,2014-02-30,yes\n"
            "H4,2014-03-01,1.1\nH5,2014-03-01,-1\nH6,2014-03-01,\n,2014-03-01,yes\n"
            "H7,2014-03-01,=A1\nH8,2014-03-01,perhaps\nH9,2014-03-01,NaN\n"
            "H10,2014-03-01,0.0000000000001\n"
        )
    assert [(each.row, each.column) for each in refused.value.problems] == [
        (3, "unit"), (4, "date"), (5, "date"), (6, "value"), (7, "value"), (8, "value"),
        (9, "unit"), (10, "value"), (11, "value"), (12, "value"), (13, "value"),
    ]
    assert refused.value.problems[0].message == "'H1' was already asked in row 2"


def test_a_precise_survey_counts_with_its_mean() -> None:
    """90 of 100 yes: s² = 100·0.9·0.1/99 = 1/11, SE² = 1/1100 · (1 − 100/10,000) = 0.0009, so that
    SE = 0.03; 1.645 of it are 5.48 per cent of the mean.
    """
    made = surveys.estimate([D(1)] * 90 + [D(0)] * 10, 10_000, USED, "small")
    assert (made.mean, made.error, made.margin) == (D("0.9"), D("0.03"), D("0.04935"))
    assert (made.taken, made.value, made.reached) == (Taken.MEAN, D("0.9"), True)
    assert made.precision is not None
    assert round(made.precision, 4) == D("5.4833")


def test_a_survey_that_is_not_precise_counts_with_the_bound_that_claims_less() -> None:
    """50 of 100 yes: s² = 25/99, SE² = 25/9900 · 0.99 = 0.0025, SE = 0.05; for large scale half the
    interval is 1.96 · 0.05 = 0.098, more than a tenth of 0.5: 0.402 counts, or 0.598 of a cost.
    """
    values = [D(1)] * 50 + [D(0)] * 50
    lower = surveys.estimate(values, 10_000, USED, "large")
    assert (lower.error, lower.taken, lower.value) == (D("0.05"), Taken.LOWER, D("0.402"))
    upper = surveys.estimate(values, 10_000, STEAM, "large")
    assert (upper.taken, upper.value) == (Taken.UPPER, D("0.598"))
    assert surveys.estimate(values, 100, USED, "large").value == D("0.5")
    none = surveys.estimate([D(0)] * 99 + [D(1)], 10_000, USED, "small")
    assert (none.taken, none.value) == (Taken.LOWER, D(0))
    assert surveys.SOURCE.endswith("unverified, from general knowledge")


def test_too_few_units_are_refused_unless_they_are_all() -> None:
    for values, population, box in (
        ([D(1)] * 29, 1000, "file"), ([], 10, "file"), ([D(1)] * 31, 30, "population"),
    ):
        with pytest.raises(Invalid) as refused:
            surveys.estimate(values, population, USED, "small")
        assert list(refused.value.errors) == [box]
    assert surveys.estimate([D(1), D(0)], 2, USED, "small").value == D("0.5")
    third = surveys.estimate([D(1), D(0), D(0)], 3, USED, "small")
    assert third.value == D("0.333333333333")
