"""Offering issued units, pricing them, taking the unsold ones back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from cdm_portal import queues
from cdm_portal.refusals import Invalid, Refused
from offsets import actions, errors, queries, sellers, waiting
from offsets.models import Offer
from registry import queries as registry_queries
from registry.actions import name_representative
from registry.errors import NotEnoughUnits, NotPermitted
from tests.offsets.conftest import Shop

pytestmark = pytest.mark.usefixtures("db", "books_balance")
Nothing = Callable[[], AbstractContextManager[None]]


def test_an_offer_earmarks_its_units(shop: Shop) -> None:
    offer = shop.offer(300, "4.80")
    found = queries.offer_with_tonnes(offer.pk, shop.at)
    assert (found.state, found.price, found.price_version) == ("listed", Decimal("4.80"), 1)
    assert (found.unsold, found.held, found.available, found.sold) == (300, 0, 300, 0)
    assert registry_queries.free(shop.account.pk, "99204", 2) == 700
    assert [units.found for units in sellers.offerable(shop.seller)] == [700]


def test_nobody_offers_another_participants_units(shop: Shop, nothing_written: Nothing) -> None:
    rival = shop.cast.rival_participant
    with nothing_written(), pytest.raises(errors.NotYourUnits):
        actions.list_offer(
            actor=rival, at=shop.at, project=shop.project, account_id=shop.account.pk,
            quantity=1, commitment_period=2, price=Decimal(1),
        )
    posing = replace(shop.cast.doe, organisation_id=shop.seller.organisation_id)
    with nothing_written(), pytest.raises(errors.NotYourUnits):
        actions.list_offer(
            actor=posing, at=shop.at, project=shop.project, account_id=shop.account.pk,
            quantity=1, commitment_period=2, price=Decimal(1),
        )


def test_units_are_offered_from_ones_own_holding_account_only(
    shop: Shop, nothing_written: Nothing
) -> None:
    pending = registry_queries.pending_account()
    with nothing_written(), pytest.raises(errors.NotYourUnits):
        actions.list_offer(
            actor=shop.seller, at=shop.at, project=shop.project, account_id=pending.pk,
            quantity=1, commitment_period=2, price=Decimal(1),
        )


def test_more_than_is_held_cannot_be_offered(shop: Shop, nothing_written: Nothing) -> None:
    with nothing_written(), pytest.raises(NotEnoughUnits):
        shop.offer(1001)
    shop.offer(600)
    with nothing_written(), pytest.raises(NotEnoughUnits):
        shop.offer(401)


@pytest.mark.parametrize("price", ["0", "-1", "0.001", "NaN", "Infinity", "1000000.01"])
def test_a_price_that_cannot_be_paid_is_refused(
    shop: Shop, nothing_written: Nothing, price: str
) -> None:
    with nothing_written(), pytest.raises(Invalid) as refused:
        shop.offer(1, price)
    assert list(refused.value.errors) == ["price"]


def test_a_changed_price_has_a_new_version_and_leaves_held_orders_alone(shop: Shop) -> None:
    offer = shop.offer(10, "4.80")
    order = shop.order(offer, 2)
    changed = actions.change_price(
        actor=shop.seller, at=shop.at, offer_id=offer.pk, price=Decimal("5.00")
    )
    assert (changed.price, changed.price_version) == (Decimal("5.00"), 2)
    assert queries.order(order.pk).total == Decimal("9.60")
    with pytest.raises(errors.PriceChanged, match=r"US\$5.00"):
        shop.order(offer, 1)  # still shows version 1
    assert shop.order(changed, 1).total == Decimal("5.00")


@pytest.mark.parametrize("verb", ["pause", "resume", "close_offer"])
def test_a_rival_cannot_change_an_offer(
    shop: Shop, nothing_written: Nothing, verb: str
) -> None:
    offer = shop.offer(10)
    with nothing_written(), pytest.raises(errors.NotYourOffer):
        getattr(actions, verb)(
            actor=shop.cast.rival_participant, at=shop.at, offer_id=offer.pk
        )


def test_a_paused_offer_takes_no_orders_until_it_is_listed_again(
    shop: Shop, nothing_written: Nothing
) -> None:
    offer = shop.offer(10)
    actions.pause(actor=shop.seller, at=shop.at, offer_id=offer.pk)
    with nothing_written(), pytest.raises(errors.OfferNotOpen):
        shop.order(offer, 1)
    actions.resume(actor=shop.seller, at=shop.at, offer_id=offer.pk)
    assert shop.order(offer, 1).quantity == 1


def test_closing_gives_the_unsold_units_back(shop: Shop) -> None:
    offer = shop.offer(100)
    shop.buy(offer, 30)
    closed = actions.close_offer(actor=shop.seller, at=shop.at, offer_id=offer.pk)
    assert closed.state == Offer.State.CLOSED
    assert registry_queries.free(shop.account.pk, "99204", 2) == 970
    assert queries.unsold(closed) == 0
    with pytest.raises(Refused):
        actions.resume(actor=shop.seller, at=shop.at, offer_id=offer.pk)


def test_an_offer_is_not_closed_while_buyers_hold_units(
    shop: Shop, nothing_written: Nothing
) -> None:
    offer = shop.offer(100)
    shop.order(offer, 3)
    with nothing_written(), pytest.raises(errors.BuyersWaiting, match="3 tonnes"):
        actions.close_offer(actor=shop.seller, at=shop.at, offer_id=offer.pk)


def test_who_does_not_act_for_the_account_closes_nothing_held_or_not(
    shop: Shop, nothing_written: Nothing
) -> None:
    offer = shop.offer(100)
    assert shop.seller.person_id is not None
    name_representative(actor=shop.cast.registry, at=shop.at, account_id=shop.account.pk,
                        person_id=shop.seller.person_id)
    shop.order(offer, 3)
    colleague = replace(shop.seller, person_id=99)
    for at in (shop.at, shop.at + timedelta(days=1)):
        with nothing_written(), pytest.raises(NotPermitted):
            actions.close_offer(actor=colleague, at=at, offer_id=offer.pk)


def test_the_last_tonne_ends_the_offer(shop: Shop) -> None:
    offer = shop.offer(5)
    shop.buy(offer, 5)
    found = queries.offer(offer.pk)
    assert (found.state, found.ended_at) == (Offer.State.SOLD_OUT, shop.at)


def test_an_offer_may_draw_on_several_blocks(shop: Shop) -> None:
    shop.issue(500)
    offer = shop.offer(1400)
    assert offer.lots.count() == 2
    certificate = shop.buy(offer, 1200)
    lines = list(queries.lines(certificate.order))
    assert [line.quantity for line in lines] == [1000, 200]
    assert sum(line.money.amount for line in lines) == certificate.order.total


def test_the_catalogue_sees_what_can_be_bought(shop: Shop) -> None:
    assert queries.price_range(shop.at) is None
    dear, cheap = shop.offer(50, "9.00"), shop.offer(20, "4.80")
    shop.order(cheap, 5)
    assert queries.price_range(shop.at) == (Decimal("4.80"), Decimal("9.00"))
    assert queries.offer_for(shop.project, shop.at) == cheap
    best = queries.best_offers(shop.at)[shop.project.pk]
    assert (best.offer_id, best.price, best.available) == (cheap.pk, Decimal("4.80"), 65)
    panels = queries.offers_of(shop.project, shop.at, anonymous=False)
    assert [panel["price"] for panel in panels] == ["US$4.80", "US$9.00"]
    actions.pause(actor=shop.seller, at=shop.at, offer_id=dear.pk)
    panels = queries.offers_of(shop.project, shop.at, anonymous=False)
    assert [panel["price"] for panel in panels] == ["US$4.80"]


def test_the_participants_desk_says_what_can_be_offered(shop: Shop) -> None:
    shown = queues.items(waiting.queue(shop.seller, shop.at))
    assert [item["title"] for item in shown] == ["1\u202f000 CERs are ready to be offered"]
    assert queues.items(waiting.queue(shop.cast.rival_participant, shop.at)) == []
    shop.offer(1000)
    assert queues.items(waiting.queue(shop.seller, shop.at)) == []
