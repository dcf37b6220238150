"""TOOL04: methane of waste in a disposal site, by first-order decay, year by year.

Built for the yearly model with the tool's own values for the kinds of waste, the climate and the
site. Formula and values: unverified, from general knowledge of the published tool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.methodologies import gwp, units
from projects.methodologies.base import (
    Aggregation,
    Applicability,
    Constant,
    Fact,
    FactKind,
    Facts,
    Input,
    Inputs,
    Kind,
    Parameter,
    Row,
    Step,
    Table,
    Tool,
    Version,
    constant,
)

CODE = "TOOL04"
UNVERIFIED_TOOL = "unverified, from general knowledge of the published tool"
RECALLED = "unverified, from general knowledge of the published versions"
PER_YEAR = "1/year"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED_TOOL}"


class Waste(StrEnum):
    """Kinds of waste, wet as they are weighed."""

    WOOD = "wood"
    PAPER = "paper"
    FOOD = "food"
    TEXTILES = "textiles"
    GARDEN = "garden"
    INERT = "inert"


class Climate(StrEnum):
    """The climate of the site; a mean of 20 °C a year parts boreal and temperate from tropical."""

    BOREAL_DRY = "boreal_temperate_dry"
    BOREAL_WET = "boreal_temperate_wet"
    TROPICAL_DRY = "tropical_dry"
    TROPICAL_WET = "tropical_wet"


class Site(StrEnum):
    """How waste lies in the site, which decides how much of it decays without air."""

    MANAGED = "managed_anaerobic"
    SEMI_AEROBIC = "managed_semi_aerobic"
    DEEP = "unmanaged_deep"
    SHALLOW = "unmanaged_shallow"


class Application(StrEnum):
    """Whether the site exists and its gas is captured, or waste is kept out of a site."""

    EXISTING_SITE = "existing_site"
    AVOIDED_DISPOSAL = "avoided_disposal"


CARBON = {
    waste: constant(
        f"DOC_{waste.value}",
        written,
        units.SHARE,
        f"Degradable organic carbon in waste: {waste.value}",
        source("degradable organic carbon"),
    )
    for waste, written in (
        (Waste.WOOD, "0.43"),
        (Waste.PAPER, "0.40"),
        (Waste.FOOD, "0.15"),
        (Waste.TEXTILES, "0.24"),
        (Waste.GARDEN, "0.20"),
        (Waste.INERT, "0"),
    )
}
DECAY = {
    (waste, climate): constant(
        f"k_{waste.value}",
        written,
        PER_YEAR,
        f"Decay rate of waste: {waste.value}",
        source("decay rates"),
        validity=climate.value.replace("_", " "),
    )
    for waste, rates in (
        (Waste.WOOD, ("0.02", "0.03", "0.025", "0.035")),
        (Waste.PAPER, ("0.04", "0.06", "0.045", "0.07")),
        (Waste.FOOD, ("0.06", "0.185", "0.085", "0.40")),
        (Waste.TEXTILES, ("0.04", "0.06", "0.045", "0.07")),
        (Waste.GARDEN, ("0.05", "0.10", "0.065", "0.17")),
    )
    for climate, written in zip(Climate, rates, strict=True)
}
CORRECTION = {
    site: constant(
        "MCF",
        written,
        units.SHARE,
        "Methane correction factor of the site",
        source("methane correction factor"),
        validity=site.value.replace("_", " "),
    )
    for site, written in (
        (Site.MANAGED, "1"),
        (Site.DEEP, "0.8"),
        (Site.SEMI_AEROBIC, "0.5"),
        (Site.SHALLOW, "0.4"),
    )
}


def _phi(written: str, holds: str) -> Constant:
    meaning = "Correction for the uncertainty of the model"
    return constant(
        "phi", written, units.SHARE, meaning, source("model correction factor"), validity=holds
    )


PHI_EXISTING = _phi("0.75", "existing sites")
PHI_DRY = _phi("0.80", "disposal avoided, in a dry climate")
PHI_WET = _phi("0.85", "disposal avoided, in a wet climate")
OX = constant(
    "OX",
    "0.1",
    units.SHARE,
    "Share of the methane that the cover oxidises",
    source("oxidation factor"),
)
F_CH4 = constant(
    "F", "0.5", units.SHARE, "Share of methane in the gas", source("methane in the gas")
)
DOC_F = constant(
    "DOC_f",
    "0.5",
    units.SHARE,
    "Share of the degradable carbon that decays",
    source("fraction that decomposes"),
)
M_CH4 = constant("M_CH4", "16", "g/mol", "Molar mass of methane", source("carbon to methane"))
M_C = constant("M_C", "12", "g/mol", "Molar mass of carbon", source("carbon to methane"))


@dataclass(frozen=True, slots=True)
class Disposal(Facts):
    """What is asked about a site; `year` is the year whose methane is asked for."""

    year: int
    climate: Climate
    site: Site = Site.MANAGED
    application: Application = Application.AVOIDED_DISPOSAL
    stockpile: bool = False
    commitment_period: int = 2


W = Table(
    "W",
    "Waste that went to the site, or was kept out of it, by kind and year",
    (
        Fact("type", FactKind.CHOICE, "Kind of waste", choices=Waste),
        Fact("year", FactKind.WHOLE, "Year of the waste, counted as the year of the reductions is"),
        Parameter("W", units.TONNE, "Waste, wet", Kind.MONITORED, source("amount of waste")),
    ),
    Kind.MONITORED,
    source("amount of waste"),
    key=("type", "year"),
)


class Tool04(Tool[Disposal]):
    """BE_CH4_SWDS by first-order decay of the waste of all years up to the one asked for."""

    code = CODE
    title = "Emissions from solid waste disposal sites"
    symbol = "BE_CH4_SWDS"
    unit = units.TCO2E
    versions = (
        Version.of("06.0.1", "2011-11-25", "2013-10-03", RECALLED),
        Version.of("07.0", "2013-10-04", "2017-05-03", RECALLED),
        Version.of("08.0", "2017-05-04", None, RECALLED),
    )
    facts_type = Disposal
    facts = (
        Fact("year", FactKind.WHOLE, "The year whose methane is asked for"),
        Fact("climate", FactKind.CHOICE, "The climate of the site", choices=Climate),
        Fact("site", FactKind.CHOICE, "How waste lies in the site", choices=Site, required=False),
        Fact(
            "application",
            FactKind.CHOICE,
            "Whether the site exists or disposal is avoided",
            choices=Application,
            required=False,
        ),
        Fact("stockpile", FactKind.FLAG, "The site is a stockpile", required=False),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (
        *CARBON.values(),
        *DECAY.values(),
        *CORRECTION.values(),
        PHI_EXISTING,
        PHI_DRY,
        PHI_WET,
        OX,
        F_CH4,
        DOC_F,
        M_CH4,
        M_C,
    )

    def parameters(self, context: Disposal) -> tuple[Parameter, ...]:
        """The share captured is monitored; the others are the tool's unless the design says."""
        return (
            Parameter(
                "f",
                units.SHARE,
                "Share of the methane that the site captures and burns anyway",
                Kind.MONITORED,
                source("methane captured at the site"),
                maximum=Decimal(1),
                frequency="yearly",
                aggregation=Aggregation.MEAN,
            ),
            model_correction(context).as_parameter(maximum=Decimal(1)),
            OX.as_parameter(maximum=Decimal(1)),
            gwp.parameter(context.commitment_period),
        )

    def tables(self, context: Disposal) -> tuple[Table, ...]:
        """The waste by kind and year."""
        return (W,)

    def applicability(self, context: Disposal) -> tuple[Applicability, ...]:
        """That the waste lies in a site and not on a heap."""
        return (
            Applicability(
                "site",
                "The waste lies in a disposal site, not on a stockpile.",
                not context.stockpile,
                "it is a stockpile" if context.stockpile else "it is a disposal site",
            ),
        )

    def work_out(self, context: Disposal, inputs: Inputs) -> tuple[Step, ...]:
        """The carbon that decays in the year (t), then BE_CH4_SWDS in tCO2e."""
        decaying = carbon(context, inputs.rows(W.symbol))
        mcf = CORRECTION[context.site]
        shares = F_CH4.value * DOC_F.value * mcf.value
        methane = M_CH4.value / M_C.value * shares * decaying.value
        kept = (1 - inputs["f"]) * (1 - inputs["OX"])
        return (
            Step(
                symbol=self.symbol,
                title="Methane of the disposal site",
                formula="BE_CH4_SWDS = phi × (1 − f) × GWP_CH4 × (1 − OX) × M_CH4 / M_C × F × "
                "DOC_f × MCF × C_y",
                inputs=(
                    *inputs.of("phi", "f", "GWP_CH4", "OX"),
                    *(each.as_input() for each in (M_CH4, M_C, F_CH4, DOC_F, mcf)),
                    decaying.as_input(),
                ),
                value=inputs["phi"] * kept * inputs["GWP_CH4"] * methane,
                unit=self.unit,
                source=source("yearly model"),
                parts=(decaying,),
            ),
        )


def model_correction(context: Disposal) -> Constant:
    """φ of the tool for this use of it and this climate."""
    if context.application is Application.EXISTING_SITE:
        return PHI_EXISTING
    dry = context.climate in (Climate.BOREAL_DRY, Climate.TROPICAL_DRY)
    return PHI_DRY if dry else PHI_WET


def carbon(context: Disposal, rows: Sequence[Row]) -> Step:
    """C_y: degradable carbon (t) that decays in the year, each kind of waste a step below it."""
    counted = [row for row in rows if row["year"] <= context.year]
    later = len(counted) < len(rows)
    kinds = tuple(
        _kind(context, waste, found)
        for waste in Waste
        if (found := [row for row in counted if row.text("type") == waste.value])
        and waste is not Waste.INERT
    )
    return Step(
        symbol="C_y",
        title="Carbon that decays in the year",
        formula="C_y = " + (" + ".join(each.symbol for each in kinds) or "0"),
        inputs=tuple(each.as_input() for each in kinds),
        value=sum((each.value for each in kinds), Decimal(0)),
        unit=units.TONNE,
        source=source("yearly model"),
        note="Waste of later years does not count yet." if later else "",
        parts=kinds,
    )


def _kind(context: Disposal, waste: Waste, rows: Sequence[Row]) -> Step:
    doc, k = CARBON[waste], DECAY[waste, context.climate]
    remaining = sum(
        (row["W"] * (-k.value * (context.year - row["year"])).exp() for row in rows), Decimal(0)
    )
    return Step(
        symbol=f"C_{waste.value}",
        title=f"Carbon that decays in the year, of waste: {waste.value}",
        formula=f"C_{waste.value} = Σ W × e^(−{k.symbol} × (y − x)) × {doc.symbol} × "
        f"(1 − e^(−{k.symbol}))",
        inputs=(
            *(each for row in rows for each in row.of("W")),
            Input("y", Decimal(context.year), units.SHARE),
            doc.as_input(),
            k.as_input(),
        ),
        value=remaining * doc.value * (1 - (-k.value).exp()),
        unit=units.TONNE,
        source=source("yearly model"),
        note="x is the year of the waste, y the year asked for.",
    )


TOOL = Tool04()
