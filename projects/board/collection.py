"""How money owed is taken: in which currency, in how many parts, and what a part releases.

The rule that is applied (domain, 2.6 and 3.5; unverified): everything is received before anything
is issued. With the parameter `sop_instalments` above one, an issuance is divided into so many parts
at most, none below `sop_instalment_min`, and each part is issued once its share is received.
"""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from cdm_portal import parameters
from projects.board.invoices import OWED, Invoice

CURRENCY = "USD"


def parts(amount_usd: Decimal, day: date) -> int:
    """Into how many parts an issuance is divided whose share comes to so much, at least one."""
    most = parameters.number("sop_instalments", day)
    if most <= 1:
        return 1
    return max(1, min(most, int(amount_usd // parameters.value("sop_instalment_min", day))))


def divided(quantity: int, into: int) -> list[int]:
    """Whole units in nearly equal parts that add up; parts without a unit are left out."""
    edges = [quantity * number // into for number in range(into + 1)]
    return [high - low for low, high in pairwise(edges) if high > low]


def least_payment(invoice: Invoice, day: date) -> Decimal:
    """The smallest payment that is taken, USD: all that is left, unless instalments are."""
    left = invoice.amount_usd - invoice.received_usd
    if invoice.request.is_registration or parameters.number("sop_instalments", day) <= 1:
        return left
    return min(left, parameters.value("sop_instalment_min", day))


def released(invoice: Invoice | None, quantity: int) -> int:
    """How many of so many units what was received lets be issued, pro rata, rounded down."""
    if invoice is None or invoice.state not in OWED:
        return quantity
    return int(quantity * invoice.received_usd // invoice.amount_usd)
