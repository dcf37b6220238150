"""What every page's frame needs: names, time, who is here, and whether the books balance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cdm_portal import clock, findable, formats
from cdm_portal.notices import queries as notices
from cdm_portal.values import Actor, Role
from offsets.views.browser import basket_size
from registry import queries as registry_queries

PUBLIC_NAV = (
    (gettext_noop("Projects"), "catalogue"),
    (gettext_noop("Registry"), "registry:overview"),
    (gettext_noop("Footprint calculator"), "offsets:footprint"),
    (gettext_noop("Cancellations"), "offsets:cancellations"),
    (gettext_noop("Verify a certificate"), "offsets:verify_form"),
    (gettext_noop("How it works"), "how-it-works"),
)
ROLE_NAV = {
    Role.PARTICIPANT: (
        (gettext_noop("My projects"), "participant:projects"),
        (gettext_noop("My offers"), "offsets:offers"),
    ),
    Role.DNA: ((gettext_noop("Letters of approval"), "dna:desk"),),
    Role.DOE: ((gettext_noop("Audits"), "doe:desk"),),
    Role.BOARD: ((gettext_noop("Requests"), "board:desk"),),
    Role.SECRETARIAT: (
        (gettext_noop("Requests"), "board:desk"),
        (gettext_noop("Payouts to sellers"), "offsets:payouts"),
    ),
    Role.RIT: ((gettext_noop("Requests"), "board:desk"),),
    Role.BUYER: ((gettext_noop("My orders"), "offsets:desk_orders"),),
    Role.REGISTRY: ((gettext_noop("Registry administration"), "registry:desk"),),
    Role.BUYER: ((gettext_noop("Yearly statements"), "offsets:statements"),),
}
MY_WORK = (gettext_noop("My work"), "desk")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person at the desk, as the header names them."""

    name: str
    initials: str
    standing: str


def visitor_of(actor: Actor | None) -> Visitor | None:
    """The header's words for an actor; None for a visitor who is not signed in."""
    if actor is None:
        return None
    role = Role(actor.role).label
    # An office that is named after its role is said once.
    named_alike = str(role).startswith(actor.organisation or "")
    standing = str(role) if named_alike else f"{actor.organisation} · {role}"
    return Visitor(actor.name, formats.initials(actor.name), standing)


def _navigation(path: str, names: Iterable[tuple[str, str]]) -> list[dict[str, object]]:
    """Labels and addresses; the longest address that begins the present one is current."""
    entries = [(_(label), reverse(name)) for label, name in names]
    here = max((url for _label, url in entries if path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == here} for label, url in entries]


def frame(request: HttpRequest) -> Mapping[str, object]:
    """Context processor of every frame; what asks the database is asked only when it is shown."""
    actor: Actor | None = getattr(request, "actor", None)
    own = ROLE_NAV.get(Role(actor.role), ()) if actor else ()
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "findable": findable.is_findable(request),
        "description": _(findable.description(request)),
        "site_tagline": _("Stakeholder portal") if actor else _("Independent CDM portal"),
        "demonstration": settings.CDM_DEMONSTRATION,
        "clock_days": SimpleLazyObject(clock.days_ahead),
        "portal_now": SimpleLazyObject(clock.now),
        "nav": _navigation(request.path, PUBLIC_NAV),
        "desk_nav": _navigation(request.path, (MY_WORK, *own, *PUBLIC_NAV[:2])),
        "actor": actor,
        "visitor": visitor_of(actor),
        "reconciliation": SimpleLazyObject(registry_queries.last_reconciliation),
        "unread": SimpleLazyObject(lambda: notices.unread(actor.person) if actor else 0),
        "basket_count": SimpleLazyObject(lambda: basket_size(request)),
    }
