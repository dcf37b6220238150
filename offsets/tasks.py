"""Background work of the shop. The rows are the queue: each task takes all that wait."""

from celery import shared_task

from cdm_portal import clock
from cdm_portal.values import SYSTEM
from offsets import actions


@shared_task
def fulfil_paid() -> int:
    """Cancel and certify every paid order."""
    return actions.fulfil_paid(at=clock.now())


@shared_task
def make_certificates() -> int:
    """Print every certificate that has no PDF yet."""
    return actions.make_certificates(at=clock.now())


@shared_task
def send_receipts() -> int:
    """Mail every receipt that is due."""
    return actions.send_receipts(at=clock.now())


@shared_task
def expire_orders() -> int:
    """Give up every open order whose time is over."""
    return actions.expire_orders(at=clock.now())


@shared_task
def refund_owed() -> int:
    """Have the providers give back what is due back."""
    return actions.refund_owed(actor=SYSTEM, at=clock.now())
