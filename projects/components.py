"""Questions about the components of a programme that every role may ask."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Max, QuerySet, Sum

from cdm_portal import parameters
from projects.lifecycle import SIDE_ENDS, Stage
from projects.methodologies import periods
from projects.models import Project
from projects.programmes.models import Component


def public(programme: Project) -> QuerySet[Component]:
    """What a DOE has included, excluded ones too, by number."""
    found: QuerySet[Component] = programme.components.filter(state__in=Component.PUBLIC)
    return found.select_related("doe", "programme", "statement").order_by("number")


def of(programme: Project) -> QuerySet[Component]:
    """Every component of a programme, drafts too, in the order in which they were begun."""
    found: QuerySet[Component] = programme.components.select_related("doe", "programme")
    return found.order_by("order")


def coverable(programme: Project, first: date, last: date) -> list[Component]:
    """The components that a monitoring period of these days may cover."""
    live = of(programme).filter(state__in=Component.LIVE)
    return [each for each in live if each.credits(first, last)]


def next_order(programme: Project) -> int:
    """The next place among the drafts of a programme that is locked."""
    return _next(programme, "order")


def next_number(programme: Project) -> int:
    """The next number of an included component, of a programme that is locked."""
    return _next(programme, "number")


def _next(programme: Project, column: str) -> int:
    last: int | None = programme.components.aggregate(last=Max(column))["last"]
    return (last or 0) + 1


def expected_tonnes(programme: Project) -> int:
    """What the components that were submitted are expected to reduce in a year, in tonnes."""
    beyond_draft = programme.components.exclude(state=Component.State.DRAFT)
    total: int | None = beyond_draft.aggregate(total=Sum("estimated_annual_tonnes"))["total"]
    return total or 0


def fee_tonnes(project: Project) -> int:
    """The yearly tonnes of which the registration fee is computed: of a programme, those of the
    components submitted by then; nothing is due for later ones (domain, 2.4; unverified).
    """
    if project.is_programme:
        return expected_tonnes(project)
    return project.estimated_annual_tonnes or 0


def issued_tonnes(component: Component) -> int:
    """The CERs issued so far for monitoring periods that covered the component, all of them."""
    total: int | None = component.covered.aggregate(total=Sum("period__issued_tonnes"))["total"]
    return total or 0


def why_no_draft(programme: Project) -> str:
    """Why no component can be drafted in this project now; empty when one can."""
    if not programme.is_programme:
        return "Only a programme of activities has components."
    if programme.stage in SIDE_ENDS:
        return f"The programme has ended: {Stage(programme.stage).label.lower()}."
    if programme.design_version is None:
        return "Submit the design document first: it states the eligibility criteria."
    return ""


def crediting_faults(
    programme: Project, first: date | None, last: date | None
) -> Mapping[str, list[str]]:
    """Why a component cannot be credited in these days, by box: they lie within its programme's.
    """
    whole = programme.crediting_period
    if first is None or last is None or whole is None:
        return {}
    if last < first:
        return {"crediting_last_date": ["The last day comes before the first."]}
    said = f"The programme's period runs from {whole.first:%-d %B %Y} to {whole.last:%-d %B %Y}."
    if first < whole.first:
        return {"crediting_first_date": [said]}
    if last > whole.last:
        return {"crediting_last_date": [said]}
    return {}


def last_day_of(programme: Project, on: date) -> date | None:
    """The last day on which a component may be credited: so many years after the programme's
    registration (parameter `programme_years`). None before the registration.
    """
    if programme.registered_at is None:
        return None
    return periods.years_later(
        programme.registered_at.date(), parameters.number("programme_years", on)
    )


def lacking(component: Component) -> list[str]:
    """What a component still lacks before it can be submitted, in words."""
    said = {
        "location": "Name the place.",
        "start_date": "The start date is missing.",
        "crediting_first_date": "The first day of crediting is missing.",
        "crediting_last_date": "The last day of crediting is missing.",
        "estimated_annual_tonnes": "The estimated tonnes a year are missing.",
    }
    return [words for name, words in said.items() if not getattr(component, name)]
