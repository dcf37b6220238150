"""What the project's page tells a buyer before paying: from records, each line with its address,
in a fixed number of statements; and what the offers cost since when.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cdm_portal import clock
from cdm_portal.drawing import charts
from cdm_portal.pages import diligence
from offsets import actions
from offsets.models import Offer
from projects.doe.debts.models import Debt
from projects.doe.models import Accreditation
from projects.models import MonitoringPeriod, Project
from projects.revisions.models import CreditingPeriod
from tests.offsets.conftest import Shop
from tests.statements import recorded

pytestmark = pytest.mark.usefixtures("db")
MOST = 12
"""Statements that the panel and the prices add to the page."""


def page(project: Project) -> str:
    return Client().get(reverse("project", args=[project.name])).content.decode()


def asked(project: Project) -> int:
    """The statements of the panel and the prices."""
    with recorded() as statements:
        diligence.panel(project, None, [], [], clock.now())
        diligence.price_history(project, clock.now())
    return len(statements)


def blemish(shop: Shop) -> Debt:
    """An excess issuance, and a suspended DOE behind the project."""
    doe = Accreditation.objects.order_by("pk")[0].organisation
    CreditingPeriod.objects.create(
        project=shop.project, number=1, first_date=date(2020, 1, 1), last_date=date(2026, 12, 31),
        estimated_annual_tonnes=1000, design_version=1, registered_at=shop.at,
    )
    period = MonitoringPeriod.objects.create(
        project=shop.project, number=1, first_date=date(2024, 1, 1), last_date=date(2024, 12, 31),
        opened_at=shop.at,
    )
    Accreditation.objects.filter(organisation=doe).update(state="suspended")
    shop.project.validator, shop.project.opinion = doe, "positive"  # as read, never saved
    with connection.cursor() as cursor:  # the Board decided it, for all that the page can see
        cursor.execute("ALTER TABLE doe_debt DISABLE TRIGGER debt_decided")
    return Debt.objects.create(
        doe=doe, ground="issuance", period=period, quantity=25, opened_at=shop.at,
        due_at=shop.at + timedelta(days=30),
    )


def test_units_host_and_no_concern_are_told(shop: Shop, offer: Offer) -> None:
    body = page(shop.project)
    for told in ("Before you buy", "CER", "permanent: they never expire", "Kenya",
                 "None is recorded: no review", "No monitoring period is recorded here"):
        assert told in body, told


def test_concerns_lead_to_where_they_stand(shop: Shop, offer: Offer) -> None:
    debt = blemish(shop)
    body = page(shop.project)
    assert "None is recorded: no review" not in body
    assert f'href="{reverse("doe-public:debt", args=[debt.pk])}"' in body
    told = diligence.panel(shop.project, None, [], [], clock.now())["concerns"]
    assert [(line["note"], line["url"]) for line in told] == [
        ("not repaid in full yet", reverse("doe-public:debt", args=[debt.pk])),
        ("Suspended", reverse("doe-public:entity", args=[debt.doe_id])),
    ]


def test_prices_are_kept_and_only_day_and_price_are_public(shop: Shop, offer: Offer) -> None:
    actions.change_price(
        actor=shop.seller, at=clock.now(), offer_id=offer.pk, price=Decimal("5.25")
    )
    body = page(shop.project)
    shown = body[body.index('id="prices"'):body.index('id="benefits"')]
    assert shown.count("US$4.80") == 1 and shown.count("US$5.25") == 1
    assert shop.seller.name not in body[body.index('id="prices"'):body.index('id="history"')]
    rows = diligence.price_history(shop.project, clock.now())["rows"]
    assert [price for _, price, _ in rows] == [Decimal("5.25"), Decimal("4.80")]


def test_more_offers_ask_no_more(shop: Shop, offer: Offer) -> None:
    blemish(shop)
    before = asked(shop.project)
    for price in ("4.10", "4.20", "4.30"):
        shop.offer(10, price)
    assert asked(shop.project) == before <= MOST


@pytest.mark.parametrize("days", [0, 1, 400])
def test_the_chart_holds_each_price_until_the_next(days: int) -> None:
    first = date(2026, 1, 1)
    steps: Any = [(first, Decimal("4.80")), (first + timedelta(days=days), Decimal("5.25"))]
    drawn = charts.stairs([charts.Stair(steps, first + timedelta(days=days))], "Price")
    assert drawn.count("H") == 2 and drawn.count("V") == 1 and "5.25" in drawn
