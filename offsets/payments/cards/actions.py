"""What is made at Stripe: sessions and refunds, each once, for its key is the attempt's uuid."""

from datetime import datetime
from uuid import UUID

import stripe
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from cdm_portal.values import Actor
from offsets.errors import RefundRefused
from offsets.payments.cards.line import asking, client


def open_session(
    *, actor: Actor, at: datetime, attempt: UUID, asked: SessionCreateParams
) -> stripe.checkout.Session:
    """A page to pay on; asked again for an attempt Stripe answers the same. Raises ProviderDown."""
    del actor, at  # for the shape that every action has: what is asked must be the same each time
    with asking():
        return client().v1.checkout.sessions.create(asked, {"idempotency_key": str(attempt)})


def give_back(
    *, actor: Actor, at: datetime, attempt: UUID, asked: RefundCreateParams
) -> stripe.Refund:
    """A refund. Raises ProviderDown, or RefundRefused where Stripe will not."""
    del actor, at  # as above
    with asking():
        try:
            made = client().v1.refunds.create(asked, {"idempotency_key": f"refund-{attempt}"})
        except stripe.InvalidRequestError as error:
            raise RefundRefused(f"Stripe gives nothing back: {error.code}.") from error
    if made.status in {"failed", "canceled"}:
        raise RefundRefused(f"The refund {made.id} has {made.status}.")
    return made
