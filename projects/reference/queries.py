"""Which factors and days are in force, which wait, and what the newest editions of lists say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.urls import reverse

from cdm_portal import formats
from cdm_portal.models import TwoPersons
from cdm_portal.queues import Line
from cdm_portal.refusals import NotFound
from cdm_portal.rulebook import deciding
from cdm_portal.values import Actor
from projects.methodologies import catalogue
from projects.methodologies.base import UnknownMethodology
from projects.methodologies.calculable import Version
from projects.reference.models import Edition, EditionRow, GridFactor, VersionDates, last_day
from registry.models import Party

KINDS: dict[str, type[GridFactor | VersionDates]] = {
    "grid-factors": GridFactor, "versions": VersionDates,
}
"""What two persons decide, by its name in addresses."""
APPROVED = TwoPersons.State.APPROVED


@dataclass(frozen=True, slots=True)
class Listed:
    """A published factor and its last day; None while no end is known."""

    factor: GridFactor
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it can be taken on that day."""
        return self.factor.valid_from <= day and (self.last is None or day <= self.last)

    def why_not(self, day: date) -> str:
        """Why it cannot be taken on that day; empty if it can."""
        named = f"Grid factor {self.factor.pk} ({self.factor})"
        if day < self.factor.valid_from:
            return f"{named} is valid from {formats.day(self.factor.valid_from)} on."
        if self.last is not None and self.last < day:
            return f"{named} was valid until {formats.day(self.last)}, not on {formats.day(day)}."
        return ""

    @property
    def cited(self) -> str:
        """Where the value is from, as a design document states it."""
        found = self.factor
        on = f", published on {formats.day(found.published_on)}" if found.published_on else ""
        doubt = "" if found.verified else "unverified, from "
        said = f"Grid factor {found.pk}: {found.grid}, data of {found.vintage}{on}"
        return f"{said}; {doubt}{found.source}"


def listed() -> QuerySet[GridFactor]:
    """Every approved factor with the first day of what replaces it, the newest vintage of a grid
    first.
    """
    replaced = Min("replacements__valid_from", filter=Q(replacements__state=APPROVED))
    rows = GridFactor.objects.filter(state=APPROVED).annotate(replaced_from=replaced)
    return rows.order_by("party_code", "grid", "-last_year", "technologies", "-pk")


def of(rows: QuerySet[GridFactor]) -> list[Listed]:
    """These factors with their last days. One statement."""
    return [Listed(each, last_day(each, getattr(each, "replaced_from", None))) for each in rows]


def published(party_code: str) -> list[Listed]:
    """The factors of a Party's grids, ended ones too, the newest vintage of each grid first."""
    return of(listed().filter(party_code=party_code))


def parties_with_factors() -> list[str]:
    """The codes of the Parties that have an approved factor."""
    found = GridFactor.objects.filter(state=APPROVED).order_by("party_code")
    return list(found.values_list("party_code", flat=True).distinct())


def by_number(numbers: set[int]) -> dict[int, Listed]:
    """Approved factors by their numbers; without a number nothing is asked."""
    if not numbers:
        return {}
    return {each.factor.pk: each for each in of(listed().filter(pk__in=numbers))}


def amended() -> Mapping[tuple[str, str], Version]:
    """The days of versions that two persons changed; the last change of each holds."""
    rows = VersionDates.objects.filter(state=APPROVED).order_by("pk")
    return {
        (each.code, each.version): Version(
            each.version, each.valid_from, each.valid_to, each.source, each.verified, each.grace_to
        )
        for each in rows
    }


def built(code: str, version: str) -> Version:
    """The version that the code ships. Raises NotFound for one that cannot be calculated here."""
    try:
        return catalogue.get(code).version(version)
    except UnknownMethodology:
        raise NotFound("There is no such version of a methodology or tool here.") from None


def party_names() -> dict[str, str]:
    """Every Party's name by its code."""
    return dict(Party.objects.values_list("code", "name"))


# What two persons decide


def entry(kind: str, pk: int) -> GridFactor | VersionDates:
    """One entry, proposed or decided. Raises NotFound."""
    found = KINDS[kind]._default_manager.filter(pk=pk).first() if kind in KINDS else None
    if found is None:
        raise NotFound("There is no such entry.")
    return found


def kind_of(found: TwoPersons) -> str:
    """The name of an entry's kind in addresses."""
    return next(name for name, model in KINDS.items() if isinstance(found, model))


def queue(actor: Actor, at: datetime) -> Iterator[Line]:
    """The entries that wait for a second person."""
    if actor.role in deciding.DECIDERS:
        for kind, model in KINDS.items():
            waits = model._default_manager.filter(state=TwoPersons.State.PROPOSED)
            yield Line(f"reference.{kind}", waits, lambda each, _: _item(each, actor))


def _item(found: GridFactor | VersionDates, actor: Actor) -> dict[str, Any]:
    url = reverse("reference_entry", args=[kind_of(found), found.pk])
    why = deciding.same_person(found, actor.person_id, "entry")
    return {
        "title": str(found), "url": url, "action_url": url, "project": "", "reference": "",
        "stage": 0, "stage_label": "", "until": None, "tag": "",
        "what": f"{found.proposer_name} proposes an entry of the reference data.",
        "waiting_for": "Another person" if why else "You",
        "action_label": "Decide on the entry", "why_not": why,
    }


# Lists


def edition(kind: str) -> Edition | None:
    """The newest edition of a list; None before one was imported."""
    return Edition.objects.filter(kind=kind).order_by("-pk").first()


def rows(found: Edition) -> QuerySet[EditionRow]:
    """The rows of an edition in the order of its file."""
    return found.rows.order_by("line")


def newest() -> dict[str, Edition]:
    """The newest edition of each list that was imported. One statement."""
    last = Edition.objects.order_by("kind", "-pk").distinct("kind")
    return {each.kind: each for each in last}
