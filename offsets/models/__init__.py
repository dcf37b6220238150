"""The shop's records.

Of record, never changed: ProviderEvent, MoneyEntry, a cancelled OrderLine, a fulfilled Order, what
a Certificate certifies (triggers in migration 0002), a Receipt that was sent (0005). State: Offer,
Order, PaymentAttempt and the sandbox's own book, SandboxPayment.

Transitions say from where to where and nothing else; actions ask before they make one.
"""

from offsets.models.certificates import Certificate, Receipt
from offsets.models.consents import ConsentSignature, OfferConsent
from offsets.models.offers import Offer, OfferLot
from offsets.models.orders import Order, OrderLine
from offsets.models.payments import MoneyEntry, PaymentAttempt, ProviderEvent, SandboxPayment

__all__ = [
    "Certificate", "ConsentSignature", "MoneyEntry", "Offer", "OfferConsent", "OfferLot", "Order",
    "OrderLine", "PaymentAttempt", "ProviderEvent", "Receipt", "SandboxPayment",
]  # fmt: skip
