"""AMS-I.D: grid connected renewable electricity generation, small scale.

Built for new plants (wind, sun, water, geothermal heat), and for retrofit and replacement while the
old plant would still run. Not built, and refused with that reason: capacity addition, biomass,
equipment taken from another activity.
The formulas and the dates of the versions are unverified, from general knowledge of the published
methodology; that version 17 demands historical data of a capacity addition was read in a published
outcome of the secretariat's information and reporting check.
"""

from datetime import date

from cdm_portal import parameters
from projects.methodologies import units
from projects.methodologies.base import Applicability, Context, Version
from projects.methodologies.renewables import GridRenewables

SMALL_SCALE_LIMIT_MW = parameters.constant("small_scale_mw")
RECALLED = "unverified, from general knowledge of the published versions"


class AMSID(GridRenewables):
    """Small-scale methodology of type I; sectoral scope 1."""

    code = "AMS-I.D"
    title = "Grid connected renewable electricity generation"
    scale = "small"
    versions = (
        Version("17.0", date(2011, 6, 17), date(2014, 11, 27), RECALLED),
        Version("18.0", date(2014, 11, 28), None, RECALLED),
    )

    def applicability(self, context: Context) -> tuple[Applicability, ...]:
        """Every condition with the answer for this project, met or not."""
        return (*super().applicability(context), _small_scale(context), _own_equipment(context))


def _small_scale(context: Context) -> Applicability:
    met = context.capacity_mw <= SMALL_SCALE_LIMIT_MW
    shown = f"{units.plain(context.capacity_mw)} MW"
    return Applicability(
        code="scale",
        text=f"The installed capacity is at most {SMALL_SCALE_LIMIT_MW} MW (decision 1/CMP.2, "
        "paragraph 28: unverified, from a compilation of the rules).",
        met=met,
        reason=shown
        if met
        else f"{shown} is above the {SMALL_SCALE_LIMIT_MW} MW of small scale: "
        "use a large-scale methodology (ACM0002)",
    )


def _own_equipment(context: Context) -> Applicability:
    met = not context.equipment_transferred
    return Applicability(
        code="equipment",
        text="The generating equipment does not come from another activity (its leakage is not "
        "built here).",
        met=met,
        reason="no transferred equipment" if met else "its equipment comes from another activity",
    )


METHODOLOGY = AMSID()
