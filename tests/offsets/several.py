"""A second project in the shop, of another participant, for orders of several projects."""

from __future__ import annotations

from dataclasses import dataclass

from cdm_portal.values import Actor
from offsets.models import Offer
from projects.models import Project
from registry import actions as registry_actions
from tests.offsets.conftest import Shop


@dataclass
class RivalShop(Shop):
    """The shop of the second participant."""

    @property
    def seller(self) -> Actor:
        return self.cast.rival_participant


def second(shop: Shop, units: int = 1000) -> RivalShop:
    """A wind farm of the rival participant, whose account holds so many units."""
    organisation = shop.cast.organisations["Rival Wind Limited"]
    project = Project.objects.create(
        reference="PDD-09205", number="99205", rules=Project.Rules.DEMONSTRATION, fictional=True,
        owner=organisation, party_code="KE", title="Pavanpur Ridge wind farm", sector="wind",
        created_at=shop.at, validation_began_at=shop.at, registered_at=shop.at,
    )
    account = registry_actions.open_account(
        actor=shop.cast.registry, at=shop.at, kind=121, party_code="KE",
        holder_id=organisation.pk, name="Rival Wind Limited",
    )
    made = RivalShop(shop.cast, shop.at, project, account)
    made.issue(units)
    return made


def two_offers(shop: Shop) -> tuple[Offer, Offer]:
    """100 tonnes of the stoves at US$4.80, and 100 of the wind farm at US$1.95."""
    return shop.offer(100), second(shop).offer(100, "1.95")
