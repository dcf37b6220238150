"""Every methodology that can be calculated here. Adding one: its file, its line here, its cases."""

from datetime import date

from projects.methodologies import acm0002, ams_i_d
from projects.methodologies.base import Methodology, UnknownMethodology, Version

METHODOLOGIES: dict[str, Methodology] = {
    each.code: each for each in (acm0002.METHODOLOGY, ams_i_d.METHODOLOGY)
}


def all() -> tuple[Methodology, ...]:  # noqa: A001  # read as catalogue.all()
    """The methodologies, by code."""
    return tuple(METHODOLOGIES.values())


def get(code: str) -> Methodology:
    """The methodology with this code; a dot at the end makes no difference.

    Raises UnknownMethodology.
    """
    try:
        return METHODOLOGIES[code.strip().rstrip(".").upper()]
    except KeyError:
        known = ", ".join(METHODOLOGIES)
        raise UnknownMethodology.of(
            "methodology", f"'{code}' cannot be calculated here; built are {known}."
        ) from None


def valid_versions(code: str, day: date) -> tuple[Version, ...]:
    """The versions that a design could take up on that day, newest first."""
    return tuple(each for each in reversed(get(code).versions) if each.valid_on(day))


def version_valid_on(code: str, version: str, day: date) -> bool:
    """Whether that version was in force on that day; an unknown version never was."""
    return any(each.version == version for each in valid_versions(code, day))
