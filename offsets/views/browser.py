"""What a browser's session says of its buyer: the key of its order and basket, tonnes wanted."""

from django.http import HttpRequest

from offsets import queries
from offsets.forms import LARGEST
from offsets.models import Order

BUYER = "buyer"
WANTED = "wanted_tonnes"
"""Set by the footprint calculator: the tonnes that somebody would like to cancel."""


def buyer_of(request: HttpRequest) -> str:
    """The key of this browser's order and basket; empty when it never began one."""
    session = getattr(request, "session", None)
    return "" if session is None else str(session.get(BUYER, ""))


def remember(request: HttpRequest, order: Order) -> None:
    """Tie the browser to an order: who knows the key of the page began it."""
    if request.session.get(BUYER) != order.buyer_key:
        request.session[BUYER] = order.buyer_key


def wanted_tonnes(request: HttpRequest) -> int:
    """The tonnes that were worked out as a footprint in this browser; 0 without."""
    found = request.session.get(WANTED)
    if not isinstance(found, int) or isinstance(found, bool):
        return 0
    return found if 1 <= found <= LARGEST else 0


def first_quantity(request: HttpRequest) -> int:
    """The tonnes offered first: what is wanted and not in the basket yet, or one."""
    wanted = wanted_tonnes(request)
    if not wanted:
        return 1
    return max(1, wanted - sum(queries.in_basket(buyer_of(request)).values()))


def basket_size(request: HttpRequest) -> int:
    """How many projects' offers are in this browser's basket. Asks nothing without one."""
    return queries.basket_size(buyer_of(request))
