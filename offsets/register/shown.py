"""A row of the public record as pages, files and the API tell it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse

from offsets import codes
from offsets.certificates.facts import WITHHELD
from offsets.models import CancelledEntry, Certificate
from projects.activities.models import Activity
from projects.models import Project
from registry.exports import KIND_WORDS
from registry.models import Account
from registry.serials import SerialNumber

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One cancellation: `title` of its project, here or as published; the name only if public.

    `url` is its certificate where the shop sold it, else its units in the registry.
    """

    entry: CancelledEntry
    title: str
    project_url: str
    is_demonstration: bool
    certificate: Certificate | None

    @property
    def serial(self) -> SerialNumber:
        """The serial numbers of the cancelled units."""
        return self.entry.cancellation.serial

    @property
    def reference(self) -> str:
        """How the registry quotes the booking."""
        booked = self.entry.cancellation
        return booked.tx.reference if booked.tx else booked.reference

    @property
    def url(self) -> str:
        """Where the row leads."""
        if self.certificate is not None:
            return reverse("offsets:verify", args=[codes.show(self.certificate.code)])
        return self.serial_url

    @property
    def serial_url(self) -> str:
        """The registry's page of the units."""
        return reverse("registry:serial", args=[str(self.serial)])

    @property
    def name(self) -> str:
        """Whom it was for: the public name, or why there is none."""
        if self.entry.beneficiary:
            return self.entry.beneficiary
        return WITHHELD if self.entry.source == CancelledEntry.Source.SHOP else ""

    @property
    def kind(self) -> str:
        """What the cancellation was for, by the account where its units ended."""
        kind = Account.Kind(self.entry.kind)
        return KIND_WORDS.get(kind, str(kind.label))


def told(entries: Iterable[CancelledEntry]) -> list[Row]:
    """Rows of entries that were read with their cancellations. Two statements, for the titles."""
    found = list(entries)
    numbers = {entry.project_number for entry in found}
    own = {each.number: each for each in Project.objects.filter(number__in=numbers)}
    published = Activity.objects.filter(reference__in=numbers - set(own))
    titles = dict(published.values_list("reference", "title"))
    return [_row(entry, own.get(entry.project_number), titles) for entry in found]


def _row(entry: CancelledEntry, project: Project | None, titles: dict[str, str]) -> Row:
    number, order = entry.project_number, entry.order
    if project is not None:
        title, url = project.title, reverse("project", args=[project.name])
    else:
        title = titles.get(number, "")
        url = reverse("activity", args=[number]) if number in titles else ""
    return Row(
        entry, title, url, bool(project and project.is_demonstration),
        getattr(order, "certificate", None) if order else None,
    )


def in_turn(entries: Iterable[CancelledEntry]) -> Iterator[Row]:
    """The same for a list of any length, a few hundred at a time."""
    waiting = iter(entries)
    while some := list(islice(waiting, CHUNK)):
        yield from told(some)
