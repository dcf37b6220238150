"""The shop's records.

Of record, never changed: ProviderEvent, MoneyEntry, a cancelled OrderLine, a fulfilled Order, what
a Certificate certifies (triggers in migration 0002), a Receipt that was sent (0005), a RefundNote
that was sent (0021), BankStatement, BankEntry, a confirmed BankMatch and a sent Refund (0011), what
a Dispute is about (0012), a Reissue, SignedPrint and SigningCertificate (0013), an ApiOrder and
what an ApiKey may do (0016), a PayoutPart and a decided Payout (0019).
State: Offer, Order, PaymentAttempt, BasketItem and the sandbox's own book, SandboxPayment. Derived:
CatalogueEntry and CancelledEntry. Personal and erased on request: NameSeal, OrderClaim, BankPayer
and a Refund's payee (0017), and the buyer's columns of an Order (0015).

Transitions say from where to where and nothing else; actions ask before they make one.
"""

from offsets.models.api import ApiKey, ApiOrder
from offsets.models.bank import BankEntry, BankMatch, BankPayer, BankStatement, Refund
from offsets.models.baskets import BasketItem
from offsets.models.catalogue import CatalogueEntry
from offsets.models.certificates import Certificate, Receipt
from offsets.models.consents import ConsentSignature, OfferConsent
from offsets.models.disputes import Dispute
from offsets.models.offers import Offer, OfferLot
from offsets.models.orders import Order, OrderLine
from offsets.models.payments import (
    MoneyEntry,
    PaymentAttempt,
    ProviderEvent,
    RefundNote,
    SandboxPayment,
)
from offsets.models.payouts import Payout, PayoutPart
from offsets.models.prints import Reissue, SignedPrint, SigningCertificate
from offsets.models.privacy import DataLink, NameSeal, OrderClaim
from offsets.models.public_record import CancelledEntry

__all__ = [
    "ApiKey", "ApiOrder", "BankEntry", "BankMatch", "BankPayer", "BankStatement", "BasketItem",
    "CancelledEntry",
    "CatalogueEntry", "Certificate", "ConsentSignature", "DataLink", "Dispute", "MoneyEntry",
    "NameSeal", "Offer", "OfferConsent", "OfferLot", "Order", "OrderClaim", "OrderLine",
    "PaymentAttempt", "Payout", "PayoutPart", "ProviderEvent", "Receipt", "Refund", "RefundNote",
    "Reissue", "SandboxPayment", "SignedPrint", "SigningCertificate",
]  # fmt: skip
