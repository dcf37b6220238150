"""Named refusals of the shop, each with a stable code."""

from collections.abc import Mapping
from http import HTTPStatus

from cdm_portal.refusals import Forbidden, Invalid, NotFound, Refused


class NotYourOffer(Forbidden):
    """Only the participant that offers the units changes the offer."""

    code = "not_your_offer"


class NotYourUnits(Forbidden):
    """Only the project's participant offers units, from its own holding account."""

    code = "not_your_units"


class NeedsConsent(Forbidden):
    """A focal point for forwarding has to consent to the offer first."""

    code = "needs_consent"


class RefusedLines(Refused):
    """Something about the request, or a sentence for each of its lines by the line's field."""

    def __init__(
        self, message: str = "", *, field: str | None = None,
        lines: Mapping[str, str] | None = None,
    ) -> None:
        self._lines = dict(lines or {})
        super().__init__(message or " ".join(self._lines.values()), field=field)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field; the empty field is the request as a whole."""
        if not self._lines:
            return super().errors
        return {field: [message] for field, message in self._lines.items()}


class OfferNotOpen(RefusedLines):
    """The offer is paused, sold out or closed."""

    code = "offer_not_open"


class BuyersWaiting(Refused):
    """Units are held for buyers at this moment."""

    code = "buyers_waiting"


class PriceChanged(RefusedLines):
    """The price is no longer the one that the buyer saw."""

    code = "price_changed"


class TooFewLeft(Invalid):
    """Fewer tonnes are left than were asked for."""

    code = "too_few_left"


class TooManyHeld(Invalid):
    """Unpaid orders of buyers who did not sign in hold their share of the offer already."""

    code = "too_many_held"


class KeyReused(Refused):
    """The order's key was used before for another order."""

    code = "key_reused"


class HoldEnded(Refused):
    """The units are no longer held for this order."""

    code = "hold_ended"


class OrderNotOpen(Refused):
    """The order has gone on; this cannot be done to it any more."""

    code = "order_not_open"


class UnknownOrder(NotFound):
    """There is no such order."""

    code = "unknown_order"


class UnknownOffer(NotFound):
    """There is no such offer."""

    code = "unknown_offer"


class UnknownPayment(NotFound):
    """There is no such payment."""

    code = "unknown_payment"


class UnknownCertificate(NotFound):
    """There is no certificate with this code."""

    code = "unknown_certificate"


class ProviderOff(Refused):
    """This way of paying is not switched on."""

    code = "provider_off"


class BadEvent(Refused):
    """A message that is not the provider's, is too old, or cannot be read (400)."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad_event"


class NotPayableSo(Refused):
    """This way of paying does not take this order."""

    code = "not_payable_so"


class ProviderDown(Refused):
    """The payment provider cannot be reached, or cannot answer at the moment (503)."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "provider_down"


class RefundRefused(Refused):
    """The payment provider will not give this payment back."""

    code = "refund_refused"


class PaymentTakenBack(Refused):
    """The buyer's bank took the payment back before anything was cancelled."""

    code = "payment_taken_back"


class SamePerson(Forbidden):
    """Whoever proposed it cannot confirm it: another person does."""

    code = "same_person"


class AlreadyDecided(Refused):
    """This match, refund or payout does not wait any more."""

    code = "already_decided"


class AlreadyMatched(Refused):
    """This credit has a match already, confirmed or waiting."""

    code = "already_matched"


class TooManyReissues(Refused):
    """The certificate was printed again under a corrected name as often as it may be."""

    code = "too_many_reissues"


class NotConfirmed(Refused):
    """The ledger does not say what the certificate says."""

    code = "not_confirmed"


class MoneyUnderWay(Refused):
    """Orders whose money is under way keep their buyer's data until it has arrived."""

    code = "money_under_way"


class NothingToErase(Refused):
    """The personal data of these orders are erased already."""

    code = "nothing_to_erase"


class UnprovedAddress(Forbidden):
    """Nobody showed that the address on the order is theirs."""

    code = "unproved_address"


class NotTheOwner(Forbidden):
    """The order is not at the desk of whoever acts."""

    code = "not_the_owner"


class LinkEnded(Refused):
    """A mailed link was used, or its time is over."""

    code = "link_ended"
