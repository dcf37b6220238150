"""AMS-III.F: waste composted instead of left to decay without air.

Built for solid waste kept out of a disposal site (TOOL04) and composted (TOOL13), less the methane
whose capture a law demands. Not built, and refused: manure or waste water composted with it, waste
carried farther than before, compost that decays without air. Formulas and dates of versions:
unverified, from general knowledge of the published methodology.
"""

from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import energy, gwp, small_scale, terms, tool04, tool13, units
from projects.methodologies.base import (
    UNVERIFIED,
    Applicability,
    Fact,
    FactKind,
    Facts,
    InputProblem,
    Inputs,
    Kind,
    Methodology,
    Parameter,
    Part,
    Step,
    Table,
    UnusableInputs,
    Version,
    distinct,
)
from projects.methodologies.small_scale import RECALLED

CODE = "AMS-III.F"


def source(what: str) -> str:
    """Where a step or a number is from, with the warning that goes with it."""
    return f"{CODE}, {what}: {UNVERIFIED}"


@dataclass(frozen=True, slots=True)
class Composting(Facts):
    """What is asked about composting; `year` is that of the reductions, as rows of W count it."""

    year: int
    climate: tool04.Climate
    site: tool04.Site = tool04.Site.MANAGED
    stockpile: bool = False
    run_off: bool = False
    electricity: bool = False
    fuels: tuple[str, ...] = ()
    compost_without_air: bool = False
    manure: bool = False
    waste_water: bool = False
    carried_farther: bool = False
    commitment_period: int = 2


class AMSIIIF(Methodology[Composting]):
    """BE = BE_CH4_SWDS − MD_reg · GWP; PE = PE_COMP; no leakage; at most 60 kt a year."""

    code = CODE
    title = "Avoidance of methane emissions through composting"
    scale = "small"
    sectoral_scopes = (13,)
    versions = (
        Version.of("11.0", "2012-11-23", "2016-11-03", RECALLED),
        Version.of("12.0", "2016-11-04", None, RECALLED),
    )
    facts_type = Composting
    facts = (
        Fact("year", FactKind.WHOLE, "The year of the reductions"),
        Fact("climate", FactKind.CHOICE, "The climate of the site", choices=tool04.Climate),
        Fact(
            "site",
            FactKind.CHOICE,
            "How waste would lie in the site",
            choices=tool04.Site,
            required=False,
        ),
        Fact("stockpile", FactKind.FLAG, "The site is a stockpile", required=False),
        Fact("run_off", FactKind.FLAG, "Run-off water is treated", required=False),
        energy.ELECTRICITY,
        energy.FUELS,
        Fact(
            "compost_without_air",
            FactKind.FLAG,
            "The compost is kept or disposed of without air",
            required=False,
        ),
        Fact("manure", FactKind.FLAG, "Manure is composted as well", required=False),
        Fact("waste_water", FactKind.FLAG, "Waste water is composted as well", required=False),
        Fact(
            "carried_farther",
            FactKind.FLAG,
            "Waste or compost is carried farther than before",
            required=False,
        ),
        gwp.COMMITMENT_PERIOD,
    )
    constants = (small_scale.ER_YEAR, small_scale.DAYS_YEAR)

    def parameters(self, context: Composting) -> tuple[Parameter, ...]:
        """What both tools ask for, the methane that a law would capture, and days."""
        return distinct(
            (
                *tool04.TOOL.parameters(_dump(context)),
                *tool13.TOOL.parameters(_composting(context)),
                DEMANDED,
                small_scale.DAYS,
            )
        )

    def tables(self, context: Composting) -> tuple[Table, ...]:
        """The waste kept out of the site, by kind and year."""
        return tool04.TOOL.tables(_dump(context))

    def applicability(self, context: Composting) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        return (
            *tool04.TOOL.applicability(_dump(context)),
            *tool13.TOOL.applicability(_composting(context)),
            small_scale.absent("manure", "manure composted as well", found=context.manure),
            small_scale.absent(
                "waste_water", "waste water composted as well", found=context.waste_water
            ),
            small_scale.absent(
                "transport", "waste or compost carried farther", found=context.carried_farther
            ),
        )

    def work_out(self, context: Composting, inputs: Inputs) -> tuple[Step, ...]:
        """BE, PE, LE and ER, each with the steps that made it below it."""
        _refuse_less_composted(context, inputs)
        composted = tool13.TOOL.nested(_composting(context), inputs, part=Part.PROJECT)
        return terms.ending(
            terms.baseline([_avoided(context, inputs)], source=source("baseline emissions")),
            terms.project([composted], source=source("project emissions")),
            terms.leakage([], source=source("leakage")),
            source=source("emission reductions"),
            ceilings=[small_scale.yearly_limit(inputs)],
        )


DEMANDED = Parameter(
    "MD_reg",
    units.TONNE,
    "Methane of the site whose capture a law demands",
    Kind.MONITORED,
    source("methane captured by law"),
    frequency="yearly",
)


def _dump(context: Composting) -> tool04.Disposal:
    return tool04.Disposal(
        context.year,
        context.climate,
        context.site,
        stockpile=context.stockpile,
        commitment_period=context.commitment_period,
    )


def _composting(context: Composting) -> tool13.Composting:
    return tool13.Composting(
        run_off=context.run_off,
        electricity=context.electricity,
        fuels=context.fuels,
        compost_without_air=context.compost_without_air,
        commitment_period=context.commitment_period,
    )


def _refuse_less_composted(context: Composting, inputs: Inputs) -> None:
    """What was kept out of the site in the year was composted in the year."""
    kept_out = sum(
        (row["W"] for row in inputs.rows(tool04.W.symbol) if row["year"] == context.year),
        Decimal(0),
    )
    if inputs["Q_comp"] < kept_out:
        given, due = units.plain(inputs["Q_comp"]), units.plain(kept_out)
        said = f"{given} t is less than the waste of the year in W, {due} t"
        raise UnusableInputs([InputProblem("Q_comp", said)])


def _avoided(context: Composting, inputs: Inputs) -> Step:
    site = tool04.TOOL.nested(_dump(context), inputs)
    demanded = inputs["MD_reg"] * inputs["GWP_CH4"]
    if demanded > site.value:
        said = f"{units.plain(inputs['MD_reg'])} t is more than the waste would emit"
        raise UnusableInputs([InputProblem("MD_reg", said)])
    return Step(
        symbol="BE_avoided",
        title="Methane that the waste does not emit, less what a law would capture",
        formula="BE_avoided = BE_CH4_SWDS − MD_reg × GWP_CH4",
        inputs=(site.as_input(), *inputs.of("MD_reg", "GWP_CH4")),
        value=site.value - demanded,
        unit=units.TCO2E,
        source=source("baseline emissions"),
        parts=(site,),
    )


METHODOLOGY = AMSIIIF()
