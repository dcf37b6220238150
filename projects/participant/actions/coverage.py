"""Which components of a programme a new monitoring period covers."""

from collections.abc import Sequence
from datetime import date

from cdm_portal.refusals import Invalid
from projects import components
from projects.models import MonitoringPeriod, Project
from projects.programmes.models import Component, CoveredComponent


def chosen(
    case: Project, first: date, last: date, component_ids: Sequence[int]
) -> list[Component]:
    """The components named, of a programme that is locked; none for a project activity.

    Raises Invalid for none, and for one that is not included or not credited in these days.
    """
    if not case.is_programme:
        if component_ids:
            raise Invalid.of("component_ids", "A project activity has no components.")
        return []
    if not component_ids:
        raise Invalid.of("component_ids", "Choose the components that the period covers.")
    known = {each.pk: each for each in components.coverable(case, first, last)}
    if set(component_ids) - known.keys():
        raise Invalid.of(
            "component_ids",
            "A period covers components that are included and credited in its days; an excluded "
            "one is not.",
        )
    return [known[pk] for pk in dict.fromkeys(component_ids)]


def cover(period: MonitoringPeriod, components: Sequence[Component]) -> None:
    """Write down, inside the caller's transaction, what a new period covers."""
    CoveredComponent.objects.bulk_create(
        CoveredComponent(period=period, component=each) for each in components
    )
