"""What is on offer, by `/api/v1/`: filtered as the catalogue, by the same names."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages.api_guard import permitted
from cdm_portal.pages.api_keyed import KeyAuthentication, known, problems
from cdm_portal.pages.api_views import CURSOR, listed, page_of
from cdm_portal.pages.catalogue import COLUMNS, LISTS, Filters
from cdm_portal.permissions import Right, Row
from cdm_portal.refusals import Invalid
from offsets import ordered, queries
from offsets.asked import OFFER as OFFER_ID
from offsets.errors import UnknownOffer
from projects.models import Project

FIELDS: dict[str, Any] = {
    "id": serializers.CharField(), "project": serializers.CharField(),
    "title": serializers.CharField(), "host": serializers.CharField(),
    "type": serializers.CharField(), "seller": serializers.CharField(),
    "commitment_period": serializers.IntegerField(),
    "price_cents": serializers.IntegerField(help_text="US cents for a tonne."),
    "currency": serializers.ChoiceField(["USD"]),
    "price_version": serializers.IntegerField(help_text="Rises when the price changes."),
    "available": serializers.CharField(help_text="Whole tonnes that can be bought now."),
    "rules": serializers.ChoiceField(["historic", "demonstration"]),
    "test": serializers.BooleanField(help_text="Whether test keys buy from it."),
    "listed_at": serializers.DateTimeField(), "url": serializers.URLField(),
}
OFFER = inline_serializer("Offer", FIELDS)
SHOWN = {
    "id": "off_12", "project": "99204", "title": "Ziwa Nne improved cookstoves programme",
    "host": "KE", "type": "stoves", "seller": "Ziwa Sun Limited", "commitment_period": 2,
    "price_cents": 480, "currency": "USD", "price_version": 1, "available": "860",
    "rules": "demonstration", "test": True, "listed_at": "2026-03-04T09:00:00Z",
    "url": "https://portal.example.org/projects/99204/",
}


def _several(name: str, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, many=True, explode=True)


ASKED = [
    OpenApiParameter("project", str, description="Reference or number"),
    OpenApiParameter("q", str, description="Words of title, host Party, methodology or owner"),
    *(_several(name) for name in (*COLUMNS, "benefit", "group")),
    *(_several(name, int) for name in LISTS),
    OpenApiParameter("low", str, description="Lowest price in US dollars, such as 4.80"),
    OpenApiParameter("high", str, description="Highest price in US dollars"),
    OpenApiParameter("all", str, enum=["1"], description="Those too with nothing left now"),
]


def _asked(request: Request) -> QuerySet[Any]:
    """The listed offers that the query asks for. Raises Invalid for a price that is none."""
    filters = Filters.read(request._request.GET)
    if filters.problems:
        raise Invalid({name: [said] for name, said in filters.problems.items()})
    rows = queries.listed_offers(clock.now()).filter(project__in=filters.rows().values("pk"))
    for bound, price in (("gte", filters.low), ("lte", filters.high)):
        if price is not None:
            rows = rows.filter(**{f"price__{bound}": price})
    if periods := filters.picked("period"):
        rows = rows.filter(commitment_period__in=sorted(int(each) for each in periods))
    if name := request.query_params.get("project"):
        rows = rows.filter(project__number=name) | rows.filter(project__reference=name)
    if not filters.everything:
        rows = rows.filter(available__gt=0)
    return rows


def _only_buyable(request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    holder = known(request)
    tests = holder is not None and holder.test
    return rows.filter(project__rules=Project.Rules.DEMONSTRATION) if tests else rows


def _told(found: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"off_{each.pk}", "project": each.project.name, "title": each.project.title,
            "host": each.project.party_code, "type": each.project.sector,
            "seller": each.seller.name, "commitment_period": each.commitment_period,
            "price_cents": ordered.cents(each.price), "currency": each.currency,
            "price_version": each.price_version, "available": str(each.available),
            "rules": each.project.rules, "test": each.project.is_demonstration,
            "listed_at": each.listed_at,
            "url": settings.SITE_URL + reverse("project", args=[each.project.name]),
        }
        for each in found
    ]


class Offers(APIView):
    """CERs on offer."""

    permission_classes = (permitted((Row.OFFER, Right.SEE)),)
    authentication_classes = (KeyAuthentication,)

    @extend_schema(
        responses={200: page_of(OFFER, "OfferPage"), **problems(s422="An unreadable price.")},
        parameters=[*CURSOR, *ASKED],
        examples=[OpenApiExample("Offers", {"data": [SHOWN], "next_cursor": None},
                                 response_only=True, status_codes=["200"])],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """List what can be bought now, newest first; filters have the names of the catalogue's
        addresses. Needs no key; a test key is shown test offers only.
        """
        return listed(request, _only_buyable(request, _asked(request)), _told)


class OfferDetail(APIView):
    """One offer."""

    permission_classes = (permitted((Row.OFFER, Right.SEE)),)
    authentication_classes = (KeyAuthentication,)

    @extend_schema(
        operation_id="v1_offer_retrieve",
        responses={200: OFFER, **problems(s404="There is no such listed offer.")},
        examples=[OpenApiExample("Offer", SHOWN, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, name: str) -> Response:
        """A listed offer by its id."""
        found = OFFER_ID.fullmatch(name)
        rows = _only_buyable(request, queries.listed_offers(clock.now()))
        rows = rows.filter(project__catalogued__shown=True)
        told = _told(rows.filter(pk=int(found[1]))) if found else []
        if not told:
            raise UnknownOffer("There is no such listed offer.")
        return Response(told[0])
