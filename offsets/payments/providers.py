"""Which ways of paying are switched on."""

from django.conf import settings

from offsets.errors import ProviderOff
from offsets.payments.provider import PaymentProvider
from offsets.payments.sandbox import Sandbox


def available() -> list[PaymentProvider]:
    """The ways of paying that this portal offers now; production has no sandbox by itself."""
    return [Sandbox()] if settings.ALLOW_SANDBOX else []


def get(slug: str) -> PaymentProvider:
    """One that is switched on. Raises ProviderOff."""
    for provider in available():
        if provider.slug == slug:
            return provider
    raise ProviderOff("This way of paying is not switched on here.")
