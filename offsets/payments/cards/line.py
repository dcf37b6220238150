"""Stripe's own client, as this portal speaks through it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from django.conf import settings

from offsets.errors import ProviderDown

logger = logging.getLogger(__name__)
TIMEOUT = 10


def client() -> stripe.StripeClient:
    """A client with our key: a lost line is tried again under the same idempotency key."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY, base_addresses={"api": settings.STRIPE_API},
        max_network_retries=settings.STRIPE_RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


@contextmanager
def asking() -> Iterator[None]:
    """Stripe's own errors as ours. Raises ProviderDown."""
    try:
        yield
    except stripe.StripeError as error:
        logger.warning("Stripe: %s %s", type(error).__name__, error.code)
        raise ProviderDown(
            "The payment company cannot be reached at the moment. No money has moved; try again, "
            "or pay another way."
        ) from error
