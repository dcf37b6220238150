"""Published figures worked again: one function for each file of the cases, by its name.

A function takes the inputs as the file prints them and answers what comes out here, by the names of
what the file expects; `Reported` says for a case that cannot come out which step differs, or what
is missing. Decimals throughout.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from decimal import Decimal as D
from typing import Any

from cdm_portal import parameters
from projects.board import fees
from projects.methodologies import (
    acm0010,
    acm0022,
    catalogue,
    terms,
    tool03,
    tool04,
    tool05,
    tool06,
    tool07,
    tool07_grid,
    tool14,
)
from projects.methodologies.base import (
    Calculation,
    Context,
    GridFactor,
    Quantity,
    Step,
    Technology,
    UnusableInputs,
)
from projects.methodologies.energy import Displaced
from projects.methodologies.tool07_rows import Margin

Got = Mapping[str, Decimal | list[Decimal]]
DAY = date(2012, 1, 1)


class Reported(Exception):  # a finding, not an error
    """A published case that does not come out of its own inputs; says the step, or what lacks."""


def numbers(inputs: Mapping[str, Any]) -> dict[str, Decimal]:
    return {
        name: D(given["value"]) for name, given in inputs.items() if isinstance(given, Mapping)
    }


def shipped(name: str) -> Decimal:
    """The number as the table has it, whatever an office changed since: no database is asked."""
    return parameters.as_value(parameters.shipped(name, DAY))


def registration_fee(inputs: Mapping[str, Any]) -> Got:
    tonnes = int(numbers(inputs)["annual_reductions"])
    rates = fees.Rates(
        low=shipped("fee_low_rate"), high=shipped("fee_high_rate"), cap=shipped("fee_cap"),
        threshold=int(shipped("fee_threshold")),
        deferred_below=int(shipped("fee_deferred_projects")),
    )
    fee = fees.registration_fee(tonnes, host_is_ldc=False, rates=rates)
    return {"fee_usd": fee.payable}


def adaptation_levy(inputs: Mapping[str, Any]) -> Got:
    cers = int(numbers(inputs)["ER"])
    levy = fees.adaptation_share(cers, host_is_ldc=False, rate=shipped("adaptation_share"))
    return {"levy_units": D(levy), "net": D(cers - levy)}


def solar_10_mw(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    result = catalogue.for_design("AMS-I.D").ex_ante(
        version="17.0", context=Context(technology=Technology.SOLAR, capacity_mw=D(10)),
        inputs={"EG_export": given.pop("EG"), **given}, year=None,
    )
    return {"ER": result.reductions_exact}


def hydro_portfolio(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    result = catalogue.for_design("ACM0002").ex_ante(
        version="20.0", year=None,
        context=Context(
            technology=Technology.HYDRO, capacity_mw=D(100), grid_factor=GridFactor.PUBLISHED
        ),
        inputs={
            "EG_export": Quantity(given["EG"], "GWh"),
            "EF_grid_CM": Quantity(given["EF"], "gCO2/kWh"),
        },
    )
    return {"ER": result.reductions_exact}


def manure_methane(inputs: Mapping[str, Any]) -> Got:
    rows = [
        {"type": row["LT"], "system": "lagoon", "N": row["N"], "B_o": row["Bo"], "d": 365,
         "MCF": inputs["MCF"], "MS": inputs["MS"]}
        for row in inputs["animals"]
    ]
    try:
        result = acm0010.METHODOLOGY.ex_ante(
            version="08.0", context=acm0010.Manure(confined=True, digestion=True), year=None,
            inputs={"animals": rows, "GWP_CH4": inputs["GWP"], "UF_b": 1, "E_D": 0, "E_ID": 0,
                    "Q_CH4": 0},
        )
    except UnusableInputs as refusal:
        lacking = "; ".join(f"{each.symbol} {each.message}" for each in refusal.problems)
        raise Reported(f"BE_CH4 cannot be computed: {lacking}") from refusal
    return {"BE_CH4": result.step("BE_CH4").value}


def manure_nitrous_oxide(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    nobody = {"type": "none", "system": "lagoon", "N": 0, "VS": 0, "d": 365, "B_o": 0, "MCF": 0,
              "MS": 1}
    result = acm0010.METHODOLOGY.ex_ante(
        version="08.0", context=acm0010.Manure(confined=True, digestion=True), year=None,
        inputs={"animals": [nobody], "GWP_N2O": given["GWP"], "E_D": given["E_D"],
                "E_ID": given["E_ID"], "Q_CH4": 0},
    )
    return {"BE_N2O": result.step("BE_N2O").value}


def _treatment(facts: dict[str, Any], **inputs: Any) -> Calculation:
    wet = tool04.Climate.BOREAL_WET
    rows = [{"type": "inert", "year": 1, "W": 0}]
    rest = {"Q_RDF": 0, "NCV_RDF": 0, "EF_RDF": 0, "Q_CH4": 0, **inputs}
    both = acm0022.Treatment(1, wet, digestion=True, fuel_exported=True, **facts)
    return acm0022.METHODOLOGY.ex_ante(
        version="02.0", context=both, year=None, inputs={"W": rows, "f": 0, **rest}
    )


def cogeneration(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    result = _treatment(
        {"displaced": Displaced.COGENERATION}, HG_PJ=given["HG"], EG_PJ=given["EG"],
        eta_BL=given["eta"], EF_FF_BL=given["EF"],
    )
    return {"BE_EN": result.step("BE_EN").value}


def exported_fuel(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    result = _treatment({}, Q_RDF=given["Q"], NCV_RDF=given["NCV"], EF_RDF=given["EF"])
    return {"LE": result.leakage}


def seven_years_of_reductions(inputs: Mapping[str, Any]) -> Got:
    years = [_ending(inputs, dumped) for dumped in inputs["BE_SWDS"]]
    return {"BE": [steps[0].value for steps in years], "ER": [steps[-1].value for steps in years]}


def _ending(inputs: Mapping[str, Any], dumped: object) -> tuple[Step, ...]:
    def printed(symbol: str, value: object) -> Step:
        return Step(symbol, symbol, "", (), D(str(value)), "tCO2e", "as printed")

    others = [printed(name, inputs[name]) for name in ("BE_EN", "BE_manure_CH4", "BE_manure_N2O")]
    return terms.ending(
        terms.baseline([printed("BE_SWDS", dumped), *others], source="as printed"),
        terms.project([printed("PE_AD", inputs["PE"])], source="as printed"),
        terms.leakage([printed("LE_RDF", inputs["LE"])], source="as printed"),
        source="as printed",
    )


def combined_margin(inputs: Mapping[str, Any]) -> Got:
    outcome = tool07_grid.TOOL.calculate(
        version="07.0", context=tool07_grid.Grid(Technology.BIOMASS), inputs=numbers(inputs)
    )
    return {"EF_CM": outcome.value}


KINDS = {"food": "food", "paper": "paper", "textile": "textiles", "garden": "garden"}


def decay_of_a_tonne(inputs: Mapping[str, Any]) -> Got:
    """By kind of waste: a tonne dumped in year 1, its methane in years 1 to 7."""
    rows = [
        {"type": KINDS[row["type"]], "year": 1, "W": row["fraction"]} for row in inputs["waste"]
    ]
    years = [_methane_of(rows, year) for year in range(1, 8)]
    return {
        "inner_sum": [outcome.step("C_y").value for outcome in years],
        "unit": [outcome.value for outcome in years],
    }


def _methane_of(rows: list[dict[str, Any]], year: int) -> Any:
    return tool04.TOOL.calculate(
        version="08.0", context=tool04.Disposal(year, tool04.Climate.BOREAL_WET),
        inputs={"W": rows, "f": 0, "GWP_CH4": 28},
    )


PRINTED_SHARES = {
    "food": D("0.5112"), "paper": D("0.0732"), "textiles": D("0.2468"), "garden": D("0.0168"),
}


def decay_of_seven_years(inputs: Mapping[str, Any]) -> Got:
    """From the shares of the waste as they are printed, with two decimals of a percent."""
    rows = [
        {"type": kind, "year": year, "W": tonnes * share}
        for year, tonnes in enumerate(inputs["W"], start=1)
        for kind, share in PRINTED_SHARES.items()
    ]
    return {"BE_CH4": [_methane_of(rows, year).value for year in range(1, 8)]}


def project_electricity(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    given["EF_EL"] = given.pop("EF")
    outcome = tool05.TOOL.calculate(
        version="03.0", context=tool05.Consumption(), inputs=given
    )
    return {"PE_EC": outcome.value}


def vented_gas(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    outcome = tool06.TOOL.calculate(
        version="03.0",
        context=tool06.Flaring(tool06.Flare.ENCLOSED_MEASURED, tool06.Gas.VOLUME),
        inputs={
            "V_RG": given["V"], "v_CH4": given["v"], "rho_CH4": given["rho"],
            "eta_flare": given["eta"], "x_off": 0, "GWP_CH4": given["GWP"],
        },
    )
    return {"F_CH4": outcome.step("F_CH4_RG").value, "PE_flare": outcome.value}


def digester_leak(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    outcome = tool14.TOOL.calculate(
        version="02.0", context=tool14.Digestion(tool14.Digester.TIGHT),
        inputs={"Q_CH4": given["Q_CH4"], "GWP_CH4": given["GWP"]},
    )
    return {"PE_CH4": outcome.step("PE_CH4").value}


def diesel(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    outcome = tool03.TOOL.calculate(
        version="03.0", context=tool03.Burning(("diesel",)),
        inputs={
            "FC_diesel": given["FC"], "NCV_diesel": Quantity(given["NCV"], "TJ/t"),
            "EF_CO2_diesel": Quantity(given["EF"], "tCO2/TJ"),
        },
    )
    return {"PE_FC": outcome.value}


def build_margin(inputs: Mapping[str, Any]) -> Got:
    given = numbers(inputs)
    sample = tool07.Generation("the sample", given["generation"], given["emissions"])
    margin = tool07.build_margin([sample]).value
    raise Reported(f"EF_BM: its own totals make {margin:.4f} tCO2/MWh")


def simple_operating_margin(inputs: Mapping[str, Any]) -> Got:
    """The rows through the tool; the printed totals beside them."""
    rows = [
        {"plant": str(year), "EG": generation, "E": emissions}
        for year, generation, emissions in zip(
            (2017, 2018, 2019), inputs["generation_MWh"], inputs["emissions_tCO2"], strict=True
        )
    ]
    outcome = tool07_grid.TOOL.calculate(
        version="07.0",
        context=tool07_grid.Grid(Technology.BIOMASS, operating_margin=Margin.ROWS),
        inputs={"OM_plants": rows, "EF_BM": 0},
    )
    totals = tool07.Generation(
        "totals", D(inputs["printed_sum_generation"]), D(inputs["printed_sum_emissions"])
    )
    added = sum(row["E"] for row in rows)
    raise Reported(
        f"EF_OM: its rows make {outcome.step('EF_OM').value:.4f}, its totals "
        f"{tool07.simple_operating_margin([totals]).value:.4f}; Σ emissions of the rows is "
        f"{added}, not {inputs['printed_sum_emissions']}"
    )


CASES: dict[str, Callable[[Mapping[str, Any]], Got]] = {
    "cdm3969-registration-fee": registration_fee,
    "cdm4930-adaptation-levy": adaptation_levy,
    "cdm9851-ams1d-solar-10mw": solar_10_mw,
    "ji-hidroelectrica-eg-ef": hydro_portfolio,
    "odemis-acm0010-ch4-INCOMPLETE": manure_methane,
    "odemis-acm0010-n2o": manure_nitrous_oxide,
    "odemis-acm0022-cogeneration": cogeneration,
    "odemis-acm0022-er-7y": seven_years_of_reductions,
    "odemis-acm0022-rdf-leakage": exported_fuel,
    "odemis-hereko-tool07-cm": combined_margin,
    "odemis-tool04-fod-7y": decay_of_seven_years,
    "odemis-tool04-fod-per-tonne": decay_of_a_tonne,
    "odemis-tool05-project-electricity": project_electricity,
    "odemis-tool06-flare-zero-efficiency": vented_gas,
    "odemis-tool14-digester-leak": digester_leak,
    "soc-son-tool03-diesel": diesel,
    "soc-son-tool07-build-margin": build_margin,
    "soc-son-tool07-combined-margin": combined_margin,
    "soc-son-tool07-simple-om": simple_operating_margin,
}
