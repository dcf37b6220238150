"""What is refused before anything is calculated, and in which words."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from projects.methodologies import catalogue
from projects.methodologies.base import (
    Activity,
    Context,
    GridFactor,
    NotApplicable,
    Quantity,
    Technology,
    UnknownMethodology,
    UnusableInputs,
)

AMS_I_D = catalogue.get("AMS-I.D")
ACM0002 = catalogue.get("ACM0002")
GOOD = {"EG_export": D(100), "EF_OM": D("0.9"), "EF_BM": D("0.6")}


def wind(**changes: Any) -> Context:
    return Context(**{"technology": Technology.WIND, "capacity_mw": D(10), **changes})


def unmet(methodology: Any, context: Context) -> list[str]:
    return [each.code for each in methodology.applicability(context) if not each.met]


@pytest.mark.parametrize(("capacity", "fits"), [("14.999", True), ("15", True), ("15.001", False)])
def test_small_scale_ends_at_fifteen_megawatts(capacity: str, fits: bool) -> None:
    assert unmet(AMS_I_D, wind(capacity_mw=D(capacity))) == ([] if fits else ["scale"])


def test_a_large_plant_is_told_which_methodology_fits() -> None:
    with pytest.raises(NotApplicable) as refused:
        AMS_I_D.ex_ante(version="18.0", context=wind(capacity_mw=D(50)), inputs=GOOD, year=2020)

    (reason,) = refused.value.errors["methodology"]
    assert reason == (
        "AMS-I.D does not apply: 50 MW is above the 15 MW of small scale: "
        "use a large-scale methodology (ACM0002)"
    )


def test_the_large_scale_methodology_takes_plants_of_any_size() -> None:
    assert unmet(ACM0002, wind(capacity_mw=D(1))) == []
    assert unmet(ACM0002, wind(capacity_mw=D(500))) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"activity": Activity.RETROFIT}, "activity"),
        ({"activity": Activity.CAPACITY_ADDITION, "technology": Technology.HYDRO}, "activity"),
        ({"activity": Activity.REPLACEMENT}, "activity"),
        ({"technology": Technology.BIOMASS}, "technology"),
        ({"grid_connected": False}, "grid"),
        ({"capacity_mw": D(0)}, "capacity"),
    ],
)
def test_what_is_not_built_is_refused_and_named(changes: dict[str, Any], code: str) -> None:
    for methodology in (ACM0002, AMS_I_D):
        assert unmet(methodology, wind(**changes)) == [code]


@pytest.mark.parametrize("technology", [Technology.WIND, Technology.SOLAR])
def test_added_units_that_are_metered_by_themselves(technology: Technology) -> None:
    """(1,010 − 10) MWh × (0.75 × 0.8 + 0.25 × 0.4) = 700 t; small scale asks for the history."""
    added = wind(technology=technology, activity=Activity.CAPACITY_ADDITION)
    result = ACM0002.ex_ante(
        version="20.0", context=added, year=2020,
        inputs={
            "EG_export": D(1010), "EG_import": D(10), "EF_OM": D("0.8"), "EF_BM": D("0.4"),
        },
    )

    assert result.reductions == 700
    assert "EG_PJ_Add" in result.step("EG_PJ").note
    assert "the added units alone" in ACM0002.monitored(added)[0].meaning
    assert unmet(AMS_I_D, added) == ["activity"]


@pytest.mark.parametrize("activity", [Activity.RETROFIT, Activity.REPLACEMENT])
@pytest.mark.parametrize("methodology", [AMS_I_D, ACM0002], ids=lambda each: each.code)
def test_what_an_old_plant_delivered_does_not_count(
    methodology: Any, activity: Activity
) -> None:
    """1,500 − 100 − (1,000 + 95) × 73 / 365 = 1,400 − 219 = 1,181 MWh; × 0.7 = 826.7 t."""
    renewed = wind(activity=activity, old_plant_would_last=True)
    result = methodology.calculate(
        version=methodology.versions[-1].version, context=renewed,
        inputs={
            "EG_export": D(1500), "EG_import": D(100), "EF_OM": D("0.8"), "EF_BM": D("0.4"),
            "EG_hist": Quantity(D(1), "GWh"), "sigma_hist": D(95), "d": D(73),
        },
    )

    assert result.step("EG_BL").value == 219
    assert result.step("EG_PJ").value == 1181
    assert (result.reductions_exact, result.reductions) == (D("826.7"), 826)


def test_an_old_plant_that_would_have_ended_leaves_no_baseline() -> None:
    for methodology in (ACM0002, AMS_I_D):
        assert unmet(methodology, wind(activity=Activity.RETROFIT)) == ["activity"]


def test_transferred_equipment_is_refused_at_small_scale() -> None:
    assert unmet(AMS_I_D, wind(equipment_transferred=True)) == ["equipment"]


@pytest.mark.parametrize(
    ("area_km2", "eligible", "emits"),
    [
        ("5", False, False),  # exactly 4 W/m²
        ("5.01", False, False),
        ("4.99", True, True),
        ("2", True, True),  # exactly 10 W/m²
        ("1.99", True, False),
    ],
)
def test_power_density_at_its_borders(area_km2: str, eligible: bool, emits: bool) -> None:
    context = Context(
        technology=Technology.HYDRO, capacity_mw=D(20), reservoir_area_km2=D(area_km2)
    )

    assert unmet(ACM0002, context) == ([] if eligible else ["power_density"])
    assert ("TEG" in {p.symbol for p in ACM0002.parameters(context)}) == emits


def test_above_ten_watts_the_reservoir_counts_with_nothing() -> None:
    context = Context(technology=Technology.HYDRO, capacity_mw=D(20), reservoir_area_km2=D(1))

    result = ACM0002.ex_ante(version="20.0", context=context, inputs=GOOD, year=2020)

    assert result.step("PD").value == 20
    assert result.project == 0


@pytest.mark.parametrize("before", [None, "3"])
def test_a_plant_that_floods_no_new_land_has_no_power_density(before: str | None) -> None:
    area = None if before is None else D(before)
    context = Context(
        technology=Technology.HYDRO,
        capacity_mw=D(1),
        reservoir_area_km2=area,
        reservoir_area_before_km2=area or D(0),
    )

    result = ACM0002.ex_ante(version="20.0", context=context, inputs=GOOD, year=2020)

    assert "PD" not in {step.symbol for step in result.steps}
    assert result.project == 0


@pytest.mark.parametrize(
    ("changes", "symbol", "words"),
    [
        ({"EF_OM": None}, "EF_OM", "missing"),
        ({"EF_OM": ""}, "EF_OM", "missing"),
        ({"EF_OM": "abc"}, "EF_OM", "'abc' is not a number"),
        ({"EF_OM": "0,9"}, "EF_OM", "comma"),
        ({"EF_OM": "1,234.5"}, "EF_OM", "comma"),
        ({"EF_OM": "NaN"}, "EF_OM", "not a number"),
        ({"EF_OM": D("NaN")}, "EF_OM", "not a number"),
        ({"EF_OM": D("Infinity")}, "EF_OM", "not a number"),
        ({"EF_OM": True}, "EF_OM", "not a decimal number"),
        ({"EF_OM": 0.9}, "EF_OM", "not a decimal number"),
        ({"EF_OM": "٣"}, "EF_OM", "not a number"),
        ({"EF_OM": "1e999"}, "EF_OM", "beyond every plausible size"),
        ({"EF_OM": "-0.1"}, "EF_OM", "out of range"),
        ({"EF_OM": "1002.1"}, "EF_OM", "between 0 and 3 tCO2/MWh"),
        ({"EG_export": "-1"}, "EG_export", "at least 0 MWh"),
        ({"w_OM": "1.5", "w_BM": "-0.5"}, "w_OM", "between 0 and 1"),
        ({"w_OM": "0.5"}, "w_OM", "add up to 1, not 0.75"),
        ({"EF_typo": "1"}, "EF_typo", "is not an input"),
        ({"EG_export": Quantity(D(1), "t")}, "EG_export", "cannot be converted to MWh"),
    ],
)
def test_an_unusable_input_is_named_by_its_symbol(
    changes: dict[str, Any], symbol: str, words: str
) -> None:
    with pytest.raises(UnusableInputs) as refused:
        ACM0002.ex_ante(version="20.0", context=wind(), inputs={**GOOD, **changes}, year=2020)

    assert any(words in message for message in refused.value.errors[symbol])


def test_every_unusable_input_is_named_at_once() -> None:
    with pytest.raises(UnusableInputs) as refused:
        ACM0002.ex_ante(
            version="20.0", context=wind(), inputs={"EF_OM": "x", "nonsense": 1}, year=2020
        )

    assert set(refused.value.errors) == {"EG_export", "EF_OM", "EF_BM", "nonsense"}


def test_other_weights_are_allowed_and_noted() -> None:
    result = ACM0002.ex_ante(
        version="20.0",
        context=wind(),
        inputs={**GOOD, "w_OM": "0.6", "w_BM": "0.4"},
        year=2020,
    )

    assert result.step("EF_grid_CM").note.startswith("Not the default weights of 0.75 and 0.25.")


def test_a_factor_fixed_in_the_design_cannot_be_monitored() -> None:
    with pytest.raises(UnusableInputs) as refused:
        ACM0002.ex_post(
            version="20.0",
            context=wind(),
            fixed={"EF_OM": D("0.9")},
            monitored={"EG_export": 1, "EG_import": 0, "EF_BM": D("0.6")},
        )

    assert refused.value.errors == {"EF_BM": ["is fixed in the design, not monitored"]}


def test_a_measured_parameter_cannot_be_fixed_in_the_design() -> None:
    with pytest.raises(UnusableInputs) as refused:
        ACM0002.ex_post(
            version="20.0",
            context=wind(),
            fixed={"EF_OM": D("0.9"), "EF_BM": D("0.6"), "EG_import": D(0)},
            monitored={"EG_export": D(1)},
        )

    assert list(refused.value.errors) == ["EG_import"]


def test_what_an_estimate_may_leave_out_must_be_measured_afterwards() -> None:
    with pytest.raises(UnusableInputs) as refused:
        ACM0002.ex_post(
            version="20.0",
            context=wind(),
            fixed={"EF_OM": D("0.9"), "EF_BM": D("0.6")},
            monitored={"EG_export": D(1)},
        )

    assert list(refused.value.errors) == ["EG_import"]


def test_context_without_sense_is_refused() -> None:
    with pytest.raises(UnusableInputs) as refused:
        wind(capacity_mw=D(-1), fuels=("Diesel oil!",))

    assert set(refused.value.errors) == {"capacity_mw", "fuels"}


def test_a_published_factor_takes_the_place_of_both_margins() -> None:
    context = wind(grid_factor=GridFactor.PUBLISHED)

    assert [p.symbol for p in ACM0002.fixed(context)] == ["EF_grid_CM"]
    assert [p.symbol for p in ACM0002.monitored(context)] == ["EG_export", "EG_import"]


def test_unknown_methodologies_and_versions_are_refused() -> None:
    with pytest.raises(UnknownMethodology, match="cannot be calculated here"):
        catalogue.get("AM0001")
    with pytest.raises(UnknownMethodology, match="no version 99"):
        ACM0002.ex_ante(version="99", context=wind(), inputs=GOOD, year=2020)


def test_a_version_ends_on_its_last_day() -> None:
    """Dates of version 20 as on the methodology's official page."""
    assert catalogue.version_valid_on("ACM0002", "20.0", date(2022, 11, 1))
    assert not catalogue.version_valid_on("ACM0002", "20.0", date(2022, 11, 2))
    assert not catalogue.version_valid_on("ACM0002", "20.0", date(2019, 11, 27))
    assert [v.version for v in catalogue.valid_versions("ACM0002", date(2022, 11, 2))] == ["21.0"]


def test_some_version_is_valid_today_and_no_two_overlap() -> None:
    for methodology in catalogue.all():
        assert catalogue.valid_versions(methodology.code, date(2026, 1, 1))
        for earlier, later in zip(methodology.versions, methodology.versions[1:], strict=False):
            assert earlier.valid_to is not None
            assert earlier.valid_to < later.valid_from


def test_a_code_is_found_with_its_trailing_dot() -> None:
    assert catalogue.get("AMS-I.D.") is AMS_I_D
    assert catalogue.for_design("ams-iii.av.").scale == "small"
