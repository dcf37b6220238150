"""Named refusals of the shop, each with a stable code."""

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


class OfferNotOpen(Refused):
    """The offer is paused, sold out or closed."""

    code = "offer_not_open"


class BuyersWaiting(Refused):
    """Units are held for buyers at this moment."""

    code = "buyers_waiting"


class PriceChanged(Refused):
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
