"""How records of the shop are put into components: words, links and sums for templates."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cdm_portal import formats
from offsets import queries
from offsets.models import OrderLine
from registry.serials import SerialNumber


def steps(now: int) -> list[dict[str, str]]:
    """The three steps of buying; `now` is the current one, 4 when all are done."""
    labels = (_("Tonnes"), _("Details and payment"), _("Certificate"))
    return [
        {"label": label, "state": "done" if n < now else ("now" if n == now else "")}
        for n, label in enumerate(labels, 1)
    ]


def tonnes_words(count: int) -> str:
    """ "1 tonne", "17 tonnes"."""
    return ngettext("%(n)s tonne", "%(n)s tonnes", count) % {"n": formats.tonnes(count)}


def order_lines(lines: Iterable[OrderLine]) -> list[dict[str, str]]:
    """Lines for the component order_line; lots of one offer at one price are one line."""
    merged: dict[tuple[int, str], tuple[OrderLine, int]] = {}
    for line in lines:
        key = (line.offer_id, str(line.unit_price))
        first, count = merged.get(key, (line, 0))
        merged[key] = (first, count + line.quantity)
    return [_order_line(line, count) for line, count in merged.values()]


def _order_line(line: OrderLine, count: int) -> dict[str, str]:
    project = line.offer.project
    return {
        "cover_url": link("cover", project.name),
        "title": project.title,
        "url": link("project", project.name),
        "detail": f"{formats.tonnes(count)} t × {formats.usd(line.unit_price)} · "
        f"{queries.country(project)}",
        "amount": formats.usd(line.unit_price * count),
    }


def rules_of(lines: Iterable[OrderLine]) -> bool:
    """Whether any line's project runs under demonstration rules."""
    return any(line.offer.project.is_demonstration for line in lines)


def next_serials(line: OrderLine) -> str:
    """The serial from which the lot sells next, for the preview; others may be served before."""
    issuance = line.lot.issuance
    first = line.lot.next_serial
    return f"{issuance.party_id}-{issuance.unit_type}-{first} …"


def serial_url(serial: SerialNumber) -> str:
    """The registry's page of a block; empty when the registry has none."""
    return link("registry:serial", str(serial))


def cancelled_serial(line: OrderLine) -> dict[str, str]:
    """The serial numbers of a cancelled line and their page, for the component serial_link."""
    booked = line.cancellation
    if booked is None:
        return {}
    return {"text": str(booked.serial), "url": serial_url(booked.serial)}


def link(name: str, *args: str) -> str:
    """The address of a page, or nothing where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
