"""Every methodology and tool that can be calculated here. Adding one: file, line here, cases.

`get` knows all of them by code; `all` and `for_design` those that a design document can take up.
"""

from datetime import date
from typing import Any

from projects.methodologies import (
    acm0001,
    acm0002,
    acm0010,
    acm0022,
    ams_i_c,
    ams_i_d,
    ams_i_e,
    ams_i_f,
    ams_ii_g,
    ams_iii_av,
    ams_iii_d,
    ams_iii_f,
    ams_iii_h,
    tool03,
    tool04,
    tool05,
    tool06,
    tool07_grid,
    tool13,
    tool14,
    validity,
)
from projects.methodologies.base import (
    Calculable,
    Methodology,
    Tool,
    UnknownMethodology,
    Version,
)

FOR_DESIGN: tuple[Methodology[Any], ...] = (
    acm0002.METHODOLOGY,
    ams_i_d.METHODOLOGY,
    acm0001.METHODOLOGY,
    acm0010.METHODOLOGY,
    acm0022.METHODOLOGY,
    ams_i_c.METHODOLOGY,
    ams_i_e.METHODOLOGY,
    ams_i_f.METHODOLOGY,
    ams_ii_g.METHODOLOGY,
    ams_iii_av.METHODOLOGY,
    ams_iii_d.METHODOLOGY,
    ams_iii_f.METHODOLOGY,
    ams_iii_h.METHODOLOGY,
)
OTHERS: tuple[Methodology[Any], ...] = ()
"""What is calculated by itself alone, and that no design document can take up."""
TOOLS: tuple[Tool[Any], ...] = (
    tool03.TOOL,
    tool04.TOOL,
    tool05.TOOL,
    tool06.TOOL,
    tool07_grid.TOOL,
    tool13.TOOL,
    tool14.TOOL,
)
WANTED = (
    "ACM0001",
    "ACM0002",
    "ACM0010",
    "ACM0022",
    "AMS-I.C",
    "AMS-I.D",
    "AMS-I.E",
    "AMS-I.F",
    "AMS-II.G",
    "AMS-III.D",
    "AMS-III.F",
    "AMS-III.H",
    "AMS-III.AV",
    "TOOL03",
    "TOOL04",
    "TOOL05",
    "TOOL06",
    "TOOL07",
    "TOOL13",
    "TOOL14",
)
"""What the portal means to calculate, built or not; a reader is told which are missing."""
BY_CODE: dict[str, Calculable[Any]] = {each.code: each for each in (*FOR_DESIGN, *OTHERS, *TOOLS)}


def all() -> tuple[Methodology[Any], ...]:  # noqa: A001  # read as catalogue.all()
    """The methodologies that a design document can take up."""
    return FOR_DESIGN


def methodologies() -> tuple[Methodology[Any], ...]:
    """Every methodology, those that no design takes up yet included."""
    return (*FOR_DESIGN, *OTHERS)


def tools() -> tuple[Tool[Any], ...]:
    """The tools, by code."""
    return TOOLS


def not_built() -> tuple[str, ...]:
    """The codes that are wanted and cannot be calculated here yet."""
    return tuple(code for code in WANTED if code not in BY_CODE)


def get(code: str) -> Calculable[Any]:
    """The methodology or tool with this code; a dot at the end makes no difference.

    Raises UnknownMethodology.
    """
    try:
        return BY_CODE[_tidy(code)]
    except KeyError:
        known = ", ".join(BY_CODE)
        raise UnknownMethodology.of(
            "methodology", f"'{code}' cannot be calculated here; built are {known}."
        ) from None


def for_design(code: str) -> Methodology[Any]:
    """The methodology with this code, if a design document can take it up.

    Raises UnknownMethodology.
    """
    for each in FOR_DESIGN:
        if each.code == _tidy(code):
            return each
    known = ", ".join(each.code for each in FOR_DESIGN)
    raise UnknownMethodology.of(
        "methodology", f"'{code}' cannot be calculated here for a design; built are {known}."
    )


def _tidy(code: str) -> str:
    return code.strip().rstrip(".").upper()


def valid_versions(code: str, day: date) -> tuple[Version, ...]:
    """The versions that a design could take up on that day, newest first."""
    return validity.on(get(code), day)


def version_valid_on(code: str, version: str, day: date) -> bool:
    """Whether that version was in force on that day; an unknown version never was."""
    return any(each.version == version for each in valid_versions(code, day))
