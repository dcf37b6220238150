"""Electricity from renewable sources for a grid: what ACM0002 and AMS-I.D have in common.

New plants driven by wind, sun, water or geothermal heat. Every formula here is unverified, from
general knowledge of the published methodologies; each step says so.
"""

from decimal import Decimal

from cdm_portal import parameters as rules
from projects.methodologies import gwp, histories, reservoirs, tool03, tool07, units
from projects.methodologies.base import (
    OWN_BOUND,
    UNVERIFIED,
    ZERO,
    Activity,
    Aggregation,
    Applicability,
    Context,
    GridFactor,
    InputProblem,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Part,
    Step,
    Technology,
    Treatment,
    UnusableInputs,
)
from projects.methodologies.context import FACTS

BUILT = (
    Technology.WIND,
    Technology.SOLAR,
    Technology.HYDRO,
    Technology.GEOTHERMAL,
    Technology.TIDAL,
)
HIGHEST_GRID_FACTOR = rules.constant("grid_factor_max")


def _grid_parameter(symbol: str, meaning: str, source: str) -> Parameter:
    return Parameter(
        symbol,
        units.GRID_FACTOR,
        meaning,
        Kind.FIXED,
        f"{source}; upper bound: {OWN_BOUND}",
        maximum=HIGHEST_GRID_FACTOR,
    )


AS_PUBLISHED = "as published by the authority that the design document names"
PUBLISHED_FACTOR = _grid_parameter(
    "EF_grid_CM", "Combined margin emission factor of the grid, as published", AS_PUBLISHED
)
MARGINS = (
    _grid_parameter("EF_OM", "Operating margin emission factor of the grid", tool07.SOURCE_OM),
    _grid_parameter("EF_BM", "Build margin emission factor of the grid", tool07.SOURCE_BM),
)


def expected_generation(
    *, capacity_mw: Decimal, load_factor: Decimal, hours: Decimal = Decimal(8760)
) -> Decimal:
    """MWh that a plant is expected to generate: capacity × hours × load factor."""
    with units.arithmetic():
        return capacity_mw * hours * load_factor


class GridRenewables(Methodology[Context]):
    """BE = EG_PJ · EF_grid_CM; PE from fuel, steam and reservoir; no leakage."""

    sectoral_scopes = (1,)
    facts_type = Context
    facts = FACTS
    constants = (histories.DAYS_YEAR,)
    metered_alone: tuple[Technology, ...] = ()
    """Of which technologies units added to a plant count by what they deliver themselves."""

    def source(self, what: str) -> str:
        """Where a step of this methodology is from, with the warning that goes with it."""
        return f"{self.code}, {what}: {UNVERIFIED}"

    def parameters(self, context: Context) -> tuple[Parameter, ...]:
        """What this project has to fix in its design and to monitor."""
        return (
            *self._electricity(context),
            *histories.parameters(context, self.source),
            *self._grid(context),
            *reservoirs.parameters(context, self.source),
            *self._steam(context),
            *(each for fuel in context.fuels for each in tool03.parameters(fuel)),
        )

    def _electricity(self, context: Context) -> tuple[Parameter, ...]:
        source = self.source("monitored data")
        by = "the added units alone" if _adds(context) else "the project"
        often = "continuously, recorded hourly"
        return (
            Parameter(
                "EG_export",
                units.MWH,
                f"Electricity delivered to the grid by {by}",
                Kind.MONITORED,
                source,
                frequency=often,
                treatment=Treatment.ZERO,
            ),
            Parameter(
                "EG_import",
                units.MWH,
                f"Electricity taken from the grid by {by}",
                Kind.MONITORED,
                source,
                default=ZERO,
                frequency=often,
            ),
        )

    def _grid(self, context: Context) -> tuple[Parameter, ...]:
        if context.grid_factor == GridFactor.PUBLISHED:
            return (PUBLISHED_FACTOR,)
        weights = tool07.default_weights(context.technology, context.crediting_period)
        shares = (
            ("w_OM", "Weight of the operating margin", weights.operating),
            ("w_BM", "Weight of the build margin", weights.build),
        )
        return (
            *MARGINS,
            *(
                Parameter(
                    symbol,
                    units.SHARE,
                    meaning,
                    Kind.FIXED,
                    weights.source,
                    default=value,
                    maximum=Decimal(1),
                )
                for symbol, meaning, value in shares
            ),
        )

    def _steam(self, context: Context) -> tuple[Parameter, ...]:
        if context.technology != Technology.GEOTHERMAL:
            return ()
        source = self.source("geothermal plants")
        contents = (("w_CO2", "tCO2/t", "carbon dioxide"), ("w_CH4", "tCH4/t", "methane"))
        return (
            Parameter("M_steam", "t", "Steam produced", Kind.MONITORED, source, frequency="daily"),
            *(
                Parameter(
                    symbol,
                    unit,
                    f"Average mass fraction of {gas} in the steam",
                    Kind.MONITORED,
                    source,
                    maximum=Decimal(1),
                    frequency="every three months",
                    aggregation=Aggregation.MEAN,
                )
                for symbol, unit, gas in contents
            ),
            gwp.parameter(context.commitment_period),
        )

    def applicability(self, context: Context) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        return (
            _grid_connected(context),
            _technology(context),
            _activity(context, self.metered_alone),
            _capacity(context),
            *reservoirs.conditions(context),
        )

    def work_out(self, context: Context, inputs: Inputs) -> tuple[Step, ...]:
        """The steps, in order, ending with BE, PE, LE and ER in tCO2e."""
        factor = _grid_factor(context, inputs)
        net = self._net_electricity(context, inputs)
        baseline = self._baseline(net, factor)
        terms = (
            *([tool03.emissions(context.fuels, inputs)] if context.fuels else []),
            *([self._geothermal(inputs)] if context.technology == Technology.GEOTHERMAL else []),
            *reservoirs.steps(context, inputs, self.source),
        )
        project = self._project([term for term in terms if term.symbol.startswith("PE_")])
        leakage = self._leakage()
        reductions = self._reductions(baseline, project, leakage)
        return (factor, net, baseline, *terms, project, leakage, reductions)

    def _net_electricity(self, context: Context, inputs: Inputs) -> Step:
        added, renewed = _adds(context), histories.renews(context)
        old = (histories.baseline(inputs, self.source),) if renewed else ()
        what = "added units" if added else "a plant that is renewed" if renewed else "a new plant"
        return Step(
            symbol="EG_PJ",
            title=f"Net electricity delivered to the grid{' by the added units' if added else ''}",
            formula="EG_PJ = EG_export − EG_import" + (" − EG_BL" if renewed else ""),
            inputs=(*inputs.of("EG_export", "EG_import"), *(each.as_input() for each in old)),
            value=inputs["EG_export"] - inputs["EG_import"] - sum(each.value for each in old),
            unit=units.MWH,
            source=self.source(f"net electricity of {what}"),
            note="EG_PJ is EG_PJ_Add: what the old units deliver does not count." if added else "",
            parts=old,
        )

    def _baseline(self, net: Step, factor: Step) -> Step:
        return Step(
            symbol="BE",
            title="Baseline emissions",
            formula="BE = EG_PJ × EF_grid_CM",
            inputs=(net.as_input(), factor.as_input()),
            value=net.value * factor.value,
            unit=units.TCO2E,
            source=self.source("baseline emissions"),
        )

    def _geothermal(self, inputs: Inputs) -> Step:
        content = inputs["w_CO2"] + inputs["w_CH4"] * inputs["GWP_CH4"]
        return Step(
            symbol="PE_GP",
            title="Gases released with geothermal steam",
            formula="PE_GP = (w_CO2 + w_CH4 × GWP_CH4) × M_steam",
            inputs=inputs.of("w_CO2", "w_CH4", "GWP_CH4", "M_steam"),
            value=content * inputs["M_steam"],
            unit=units.TCO2E,
            source=self.source("geothermal plants"),
            part=Part.PROJECT,
        )

    def _project(self, terms: list[Step]) -> Step:
        return Step(
            symbol="PE",
            title="Project emissions",
            formula="PE = " + (" + ".join(term.symbol for term in terms) or "0"),
            inputs=tuple(term.as_input() for term in terms),
            value=sum((term.value for term in terms), ZERO),
            unit=units.TCO2E,
            source=self.source("project emissions"),
            part=Part.PROJECT,
        )

    def _leakage(self) -> Step:
        return Step(
            symbol="LE",
            title="Leakage",
            formula="LE = 0",
            inputs=(),
            value=ZERO,
            unit=units.TCO2E,
            source=self.source("leakage"),
            part=Part.LEAKAGE,
        )

    def _reductions(self, baseline: Step, project: Step, leakage: Step) -> Step:
        return Step(
            symbol="ER",
            title="Emission reductions",
            formula="ER = BE − PE − LE",
            inputs=(baseline.as_input(), project.as_input(), leakage.as_input()),
            value=baseline.value - project.value - leakage.value,
            unit=units.TCO2E,
            source=self.source("emission reductions"),
            part=Part.REDUCTIONS,
            note="Rounded down to whole tonnes once, after this step.",
        )


def _grid_factor(context: Context, inputs: Inputs) -> Step:
    if context.grid_factor == GridFactor.PUBLISHED:
        return Step(
            symbol="EF_grid_CM",
            title="Combined margin emission factor of the grid",
            formula="EF_grid_CM as published",
            inputs=(),
            value=inputs["EF_grid_CM"],
            unit=units.GRID_FACTOR,
            source=AS_PUBLISHED,
        )
    usual = tool07.default_weights(context.technology, context.crediting_period)
    note = usual.source
    if inputs["w_OM"] != usual.operating:
        note = f"Not the default weights of {usual.operating} and {usual.build}. {usual.source}"
    try:
        return tool07.combined_margin(
            operating=inputs["EF_OM"],
            build=inputs["EF_BM"],
            w_operating=inputs["w_OM"],
            w_build=inputs["w_BM"],
            note=note,
        )
    except ValueError as refusal:
        raise UnusableInputs([InputProblem("w_OM", str(refusal))]) from refusal


def _grid_connected(context: Context) -> Applicability:
    return Applicability(
        code="grid",
        text="The plant supplies electricity to a grid.",
        met=context.grid_connected,
        reason="connected to a grid" if context.grid_connected else "it supplies no grid",
    )


def _technology(context: Context) -> Applicability:
    met = context.technology in BUILT
    return Applicability(
        code="technology",
        text="The plant runs on wind, sun, water or geothermal heat.",
        met=met,
        reason=f"it runs on {context.technology}"
        + ("" if met else ", for which the calculation is not built here"),
    )


def _adds(context: Context) -> bool:
    return context.activity == Activity.CAPACITY_ADDITION


def _activity(context: Context, metered_alone: tuple[Technology, ...]) -> Applicability:
    added = _adds(context) and context.technology in metered_alone
    renewed = histories.renews(context) and context.old_plant_would_last
    new = context.activity == Activity.GREENFIELD
    shown = str(context.activity).replace("_", " ")
    also = f", or added units of {' and '.join(metered_alone)} metered by themselves"
    reasons = ((new, "a new plant"), (added, "added units, metered by themselves"))
    met = new or added or renewed
    return Applicability(
        code="activity",
        text=f"A new plant where none stood before{also if metered_alone else ''}, or a plant "
        "renewed while the old one would still run; other capacity addition needs the history of "
        "the old plant, and that calculation is not built here.",
        met=met,
        reason=next((said for holds, said in reasons if holds), "the old plant would still run")
        if met
        else f"it is a {shown}, and the old plant is not said to last"
        if histories.renews(context)
        else f"it is a {shown}, which is not built here",
    )


def _capacity(context: Context) -> Applicability:
    return Applicability(
        code="capacity",
        text="The installed capacity is stated.",
        met=context.capacity_mw > 0,
        reason=f"{units.plain(context.capacity_mw)} MW"
        if context.capacity_mw > 0
        else "no installed capacity is stated",
    )
