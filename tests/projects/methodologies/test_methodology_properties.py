"""Laws that hold for every input: monotone, zero at zero, unit-invariant, never above baseline."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cdm_portal.values import Period
from projects.methodologies import catalogue, gwp, periods
from projects.methodologies.base import Context, Quantity, Technology, rounded_down

ENERGY = st.decimals(min_value=0, max_value=10**7, places=4)
FACTOR = st.decimals(min_value=0, max_value=3, places=5)
DAYS = st.dates(min_value=date(2005, 1, 1), max_value=date(2035, 12, 31))

WIND = Context(technology=Technology.WIND, capacity_mw=Decimal(10))
HYDRO = Context(technology=Technology.HYDRO, capacity_mw=Decimal(20), reservoir_area_km2=Decimal(3))


def reductions(context: Context, **inputs: Decimal | Quantity) -> tuple[Decimal, int]:
    result = catalogue.get("ACM0002").ex_ante(
        version="20.0", context=context, inputs=inputs, year=2020
    )
    assert result.reductions_exact == result.baseline - result.project - result.leakage
    assert result.reductions_exact <= result.baseline
    return result.reductions_exact, result.reductions


@given(ENERGY, ENERGY, FACTOR, FACTOR)
def test_more_export_never_means_less(
    one: Decimal, other: Decimal, operating: Decimal, build: Decimal
) -> None:
    low, high = sorted((one, other))
    few = reductions(WIND, EG_export=low, EF_OM=operating, EF_BM=build)
    many = reductions(WIND, EG_export=high, EF_OM=operating, EF_BM=build)

    assert few <= many


@given(ENERGY, FACTOR, FACTOR)
def test_the_unit_of_an_input_makes_no_difference(
    energy: Decimal, operating: Decimal, build: Decimal
) -> None:
    in_mwh = reductions(WIND, EG_export=energy, EF_OM=operating, EF_BM=build)
    in_kwh = reductions(
        WIND, EG_export=Quantity(energy * 1000, "kWh"), EF_OM=operating, EF_BM=build
    )
    in_gj = reductions(
        WIND,
        EG_export=Quantity(energy * Decimal("3.6"), "GJ"),
        EF_OM=Quantity(operating * 1000, "kgCO2/MWh"),
        EF_BM=build,
    )

    assert in_mwh == in_kwh == in_gj


@given(ENERGY, FACTOR, FACTOR)
def test_rounding_takes_less_than_a_tonne_and_never_adds(
    energy: Decimal, operating: Decimal, build: Decimal
) -> None:
    exact, whole = reductions(HYDRO, EG_export=energy, TEG=energy, EF_OM=operating, EF_BM=build)

    assert 0 <= exact - whole < 1


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_the_noise_of_a_division_costs_no_tonne(whole: int) -> None:
    hair = Decimal("1e-35")

    assert rounded_down(Decimal(whole)) == whole
    assert rounded_down(Decimal(whole) - hair) == whole
    assert rounded_down(Decimal(whole) - Decimal("1e-9")) == whole - 1


@given(DAYS, st.integers(min_value=0, max_value=4000), st.booleans())
def test_splitting_loses_no_day_and_counts_none_twice(
    first: date, days: int, with_potentials: bool
) -> None:
    whole = Period(first, first + timedelta(days=days))
    shares = periods.split(whole, last_er_date=None, with_potentials=with_potentials)

    assert sum(share.period.days for share in shares) == whole.days
    assert shares[0].period.first == whole.first
    assert shares[-1].period.last == whole.last
    for earlier, later in itertools.pairwise(shares):
        assert later.period.follows(earlier.period)
        told = [each.potentials or each.commitment_period for each in (earlier, later)]
        assert told == [told[0], told[0] + 1]
    for share in shares:
        for day in (share.period.first, share.period.last):
            assert (day <= date(2012, 12, 31)) == (share.commitment_period == 1)
            assert share.potentials == (gwp.set_on(day) if with_potentials else None)


@given(DAYS, st.sampled_from(periods.Crediting))
def test_crediting_years_cover_the_crediting_period(first: date, kind: periods.Crediting) -> None:
    whole = periods.longest(first, kind)
    years = list(periods.crediting_years(whole))

    assert len(years) == kind.longest_years
    assert sum(year.days for year in years) == whole.days
    assert all(later.follows(earlier) for earlier, later in itertools.pairwise(years))
