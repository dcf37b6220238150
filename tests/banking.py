"""The bank account of a world: an invoice that ran out of time with a part paid, a match that waits
for a second person, a credit without a match, a payout that waits. No units are held for it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from cdm_portal.values import Actor
from offsets import actions
from offsets.actions.paying import settle_transfer
from offsets.banking import queries
from offsets.models import Offer, PaymentAttempt
from tests.cast import Cast
from tests.offsets.bank_files import camt, credit


def everything(cast: Cast, offer: Offer, at: datetime) -> PaymentAttempt:
    """Made through the actions, in the order in which it happens."""
    order = actions.start_order(
        at=at, offer_id=offer.pk, quantity=1, price_version=offer.price_version,
        order_key=uuid5(NAMESPACE_URL, "bank"), anonymous=False,
    )
    actions.give_details(
        at=at, order_id=order.pk, name="Kijani Bank Ltd", public=False, reason="",
        email="office@example.org", on_behalf=True, reference="PO 2026-114",
    )
    attempt = actions.begin_payment(at=at, order_id=order.pk, provider="invoice")
    day = at.date()
    first, second = cast.secretariat, cast.second_secretariat
    part = camt(credit(order.pk, "1.00", day=day))
    actions.import_statement(actor=first, at=at, name="part.xml", data=part)
    actions.confirm_match(actor=second, at=at, match_id=queries.proposed().get().pk)
    actions.cancel_order(at=at, order_id=order.pk)
    settle_transfer(at=at, reference=attempt.uuid)
    rest = camt(credit(order.pk, "2.00", day=day), credit(None, "3.00", day=day))
    actions.import_statement(actor=second, at=at, name="rest.xml", data=rest)
    _payout(second, offer, at)
    return attempt


def _payout(actor: Actor, offer: Offer, at: datetime) -> None:
    """A dollar of what the offer earned was sent, says one person."""
    actions.propose_payout(
        actor=actor, at=at, seller_id=offer.seller_id, amounts={offer.project_id: Decimal("1.00")},
        bank_reference="PAYOUT-WORLD", sent_on=at.date(),
    )
