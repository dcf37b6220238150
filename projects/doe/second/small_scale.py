"""What the small-scale methodologies share, written once more."""

from projects.doe.second.data import Data
from projects.doe.second.sizes import exact
from projects.doe.second.steps import Steps, step

MOST_A_YEAR = exact("60000")
DAYS_A_YEAR = exact("365")


def yearly_limit(data: Data) -> Steps:
    """ER_max in tCO2e: what type III may claim for the days `d`."""
    return step("ER_max", MOST_A_YEAR / DAYS_A_YEAR * data["d"])
