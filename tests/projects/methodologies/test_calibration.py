"""Late calibrations: which days, by which error, in which direction."""

from datetime import date
from decimal import Decimal as D

from cdm_portal.values import Period
from projects.methodologies import calibration
from projects.methodologies.calibration import Checked, corrections, delays, next_due, overdue
from projects.methodologies.inputs import Treatment
from projects.methodologies.intervals import Resolution
from projects.methodologies.readings import Column

MARCH = Period(date(2014, 3, 1), date(2014, 3, 31))
EXPORT = Column("EG_export", "MWh", None, Treatment.ZERO)
IMPORT = Column("EG_import", "MWh", None, Treatment.HIGHEST)


def examined(
    done: date, due: date | None, *, found: str = "0.1", meter: str = "M-1",
    symbol: str = "EG_export", permissible: str = "0.2", ident: int = 1,
) -> Checked:
    return Checked(ident, symbol, meter, done, due, D(permissible), D(found))


def made(*records: Checked, resolution: Resolution = Resolution.HOUR) -> list[tuple[str, str, str]]:
    found = corrections(delays(records, MARCH), (EXPORT, IMPORT), MARCH, resolution)
    return [
        (each.symbol, f"{each.days.first:%d}-{each.days.last:%d}", str(each.factor))
        for each in found
    ]


FIRST = examined(date(2013, 3, 9), date(2014, 3, 9))


def test_the_days_from_due_to_done_are_corrected_by_what_is_permitted_or_what_was_found() -> None:
    """Due on the 9th, done on the 12th: three days, 0.2 per cent; 0.5 per cent where 0.5 was found,
    whatever its sign. On the 9th itself nothing is late, a day later one day is.
    """
    assert made(FIRST, examined(date(2014, 3, 12), None)) == [("EG_export", "10-12", "0.998")]
    for found, factor in (("-0.5", "0.995"), ("0.5", "0.995"), ("0.2", "0.998")):
        assert made(FIRST, examined(date(2014, 3, 12), None, found=found)) == [
            ("EG_export", "10-12", factor)
        ]
    assert made(FIRST, examined(date(2014, 3, 9), None)) == []
    assert made(FIRST, examined(date(2014, 3, 10), None)) == [("EG_export", "10-10", "0.998")]
    assert made(FIRST, examined(date(2014, 4, 20), None)) == [("EG_export", "10-31", "0.998")]
    assert calibration.SOURCE.endswith("unverified, from general knowledge")


def test_what_costs_reductions_is_increased_and_a_month_counts_as_a_whole() -> None:
    used = [
        examined(date(2013, 3, 9), date(2014, 3, 9), symbol="EG_import"),
        examined(date(2014, 3, 12), None, symbol="EG_import"),
    ]
    assert made(*used) == [("EG_import", "10-12", "1.002")]
    assert made(*used, resolution=Resolution.MONTH) == [("EG_import", "01-31", "1.002")]


def test_the_largest_error_of_several_meters_counts_day_by_day() -> None:
    other = [
        examined(date(2013, 3, 10), date(2014, 3, 10), meter="M-2"),
        examined(date(2014, 3, 11), None, meter="M-2", found="1"),
    ]
    assert made(FIRST, examined(date(2014, 3, 12), None), *other) == [
        ("EG_export", "10-10", "0.998"), ("EG_export", "11-11", "0.99"),
        ("EG_export", "12-12", "0.998"),
    ]


def test_a_calibration_that_is_not_done_yet_is_overdue_and_one_out_of_use_is_not() -> None:
    [late] = overdue(delays([FIRST], MARCH))
    assert (late.meter, late.due, late.days.first) == ("M-1", date(2014, 3, 9), date(2014, 3, 10))
    assert made(FIRST) == []
    assert overdue(delays([examined(date(2013, 3, 9), None)], MARCH)) == ()
    assert overdue(delays([examined(date(2013, 3, 31), date(2014, 3, 31))], MARCH)) == ()


def test_the_next_one_is_due_on_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert next_due(date(2013, 12, 9), 24) == date(2015, 12, 9)
    assert next_due(date(2014, 8, 31), 6) == date(2015, 2, 28)
    assert next_due(date(2016, 2, 29), 12) == date(2017, 2, 28)
