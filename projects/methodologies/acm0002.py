"""ACM0002: grid-connected electricity generation from renewable sources, for plants of any size.

Built for new plants (wind, sun, water, geothermal heat), for units of wind and sun added to a plant
and metered by themselves, and for retrofit and replacement while the old plant would still run. Not
built, and refused with that reason: other capacity addition, batteries, several linked reservoirs.
The formulas are unverified, from general knowledge of the published methodology, and are taken to
be the same in all versions listed. Validity of versions 7, 20 and 21: read on the methodology's
page in the CDM's database of methodologies; the other dates are unverified.
"""

from datetime import date

from projects.methodologies.base import Technology, Version
from projects.methodologies.renewables import GridRenewables

OFFICIAL = "the methodology's page in the CDM's database of methodologies"
RECALLED = "unverified, from general knowledge of the published versions"


class ACM0002(GridRenewables):
    """Large-scale consolidated methodology; sectoral scope 1."""

    code = "ACM0002"
    title = "Grid-connected electricity generation from renewable sources"
    scale = "large"
    metered_alone = (Technology.WIND, Technology.SOLAR)
    versions = (
        Version("7", date(2007, 12, 14), date(2009, 8, 5), OFFICIAL, verified=True),
        Version("13.0.0", date(2012, 5, 11), date(2013, 10, 3), RECALLED),
        Version("16.0", date(2014, 11, 28), date(2016, 5, 12), RECALLED),
        Version("17.0", date(2016, 5, 13), date(2017, 9, 21), RECALLED),
        Version("18.1", date(2017, 9, 22), date(2018, 8, 30), RECALLED),
        Version("19.0", date(2018, 8, 31), date(2019, 11, 27), RECALLED),
        Version("20.0", date(2019, 11, 28), date(2022, 11, 1), OFFICIAL, verified=True),
        Version("21.0", date(2022, 11, 2), date(2024, 5, 30), OFFICIAL, verified=True),
        Version("22.0", date(2024, 5, 31), None, RECALLED),
    )


METHODOLOGY = ACM0002()
