"""Which ways of paying are switched on.

PAYMENT_PROVIDERS lists those offered at the checkout, in their order there; each is offered only
where it is configured too. A way is loaded when it is first asked for, not at start-up.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from offsets.errors import ProviderOff, UnknownPayment
from offsets.payments.provider import PaymentProvider

KNOWN = {
    "sandbox": "offsets.payments.sandbox.Sandbox",
    "invoice": "offsets.payments.invoice.Invoice",
    "stripe_checkout": "offsets.payments.stripe_checkout.StripeCheckout",
}
OFF = "This way of paying is not switched on here."


def available() -> list[PaymentProvider]:
    """The ways of paying that this portal offers now; production has no sandbox by itself."""
    found = (_made(slug) for slug in settings.PAYMENT_PROVIDERS if slug in KNOWN)
    return [provider for provider in found if provider.is_on()]


def get(slug: str) -> PaymentProvider:
    """One that is offered at the checkout. Raises ProviderOff."""
    for provider in available():
        if provider.slug == slug:
            return provider
    raise ProviderOff(OFF, field="provider")


def known(slug: str) -> PaymentProvider:
    """One that payments were begun with, offered for new ones or not.

    Raises UnknownPayment for what was never one, ProviderOff.
    """
    if slug not in KNOWN:
        raise UnknownPayment("There is no such way of paying.")
    if (provider := _made(slug)).is_on():
        return provider
    raise ProviderOff(OFF)


def form_actions() -> list[str]:
    """The foreign origins to which the checkout's form may lead."""
    return [provider.form_action for provider in available() if provider.form_action]


def _made(slug: str) -> PaymentProvider:
    made: PaymentProvider = import_string(KNOWN[slug])()
    return made
