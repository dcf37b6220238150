"""What a search engine reads first: `robots.txt`, and the site maps by kind of page.

The index counts each kind in one statement, a map is a count and one read of an index: nothing is
asked for each project, and no list is longer than a page of it.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from offsets.models import CancelledEntry, CatalogueEntry
from projects.methodologies import catalogue

PER_PAGE = 2_000
FIXED = (
    "home", "catalogue", "how-it-works", "offsets:footprint", "offsets:cancellations",
    "offsets:verify_form", "registry:overview", "registry:issuances", "registry:cancellations",
    "registry:totals", "registry:checks", "transparency:integrity", "transparency:log",
    "stage_times", "activities", "methodologies", "parameters", "permissions", "reference",
    "grid_factors", "potentials", "prior:notices", "doe-public:directory", "doe-public:debts",
    "board-public:calendar", "cobenefits:compare", "api_start", "accessibility", "data", "privacy",
    "terms",
)  # fmt: skip


class Pages(Sitemap):  # type: ignore[type-arg]  # no generic outside of its stubs
    """Addresses under the portal's public name, whichever host was asked."""

    limit = PER_PAGE

    def get_protocol(self, protocol: str | None = None) -> str:
        """The scheme of `SITE_URL`."""
        return str(settings.SITE_URL).partition("://")[0]

    def get_domain(self, site: Any = None) -> str:
        """The host of `SITE_URL`."""
        return str(settings.SITE_URL).partition("://")[2]


class FixedPages(Pages):
    """Pages that are always there."""

    def items(self) -> Iterable[str]:
        """Names of routes."""
        return FIXED

    def location(self, item: str) -> str:
        """Where a route leads."""
        return reverse(item)


class Projects(Pages):
    """Every project that the catalogue may name."""

    def items(self) -> QuerySet[Any]:
        """References and numbers, in the order of the rows: a page is a part of an index."""
        shown = CatalogueEntry.objects.filter(shown=True).order_by("pk")
        return shown.values_list("project__number", "project__reference")

    def location(self, item: tuple[str | None, str]) -> str:
        """The address by number, or by reference before there is one."""
        number, name = item
        return reverse("project", args=[number or name])


class Methodologies(Pages):
    """Every methodology and tool that can be calculated."""

    def items(self) -> list[str]:
        """Their codes."""
        return [each.code for each in (*catalogue.methodologies(), *catalogue.tools())]

    def location(self, item: str) -> str:
        """The page of a code."""
        return reverse("methodology", args=[item])


class Organisations(Pages):
    """Every organisation in whose name something was cancelled."""

    def items(self) -> QuerySet[Any]:
        """Their keys."""
        named = CancelledEntry.objects.exclude(organisation="").order_by("organisation")
        return named.values_list("organisation", flat=True).distinct()

    def location(self, item: str) -> str:
        """The page of a key."""
        return reverse("offsets:organisation", args=[item])


SITEMAPS: dict[str, type[Pages]] = {
    "pages": FixedPages, "projects": Projects, "methodologies": Methodologies,
    "organisations": Organisations,
}

ROBOTS = """\
# Nothing is hidden by this file. What must not be found says so itself (X-Robots-Tag: noindex),
# and can say it only to those who may read it; kept out is what costs much and tells nothing new.
User-agent: *
Disallow: /api/v1/
Disallow: /pay/
Sitemap: {site_url}/sitemap.xml
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Which addresses a machine need not read, and where the maps are."""
    told = ROBOTS.format(site_url=settings.SITE_URL)
    return HttpResponse(told, content_type="text/plain; charset=utf-8")
