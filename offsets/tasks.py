"""Background work of the shop. The rows are the queue: each task takes all that wait."""

from celery import shared_task

from cdm_portal import clock
from cdm_portal.values import SYSTEM
from offsets import actions
from offsets.certificates import keys


@shared_task
def fulfil_paid() -> int:
    """Cancel and certify every paid order."""
    return actions.fulfil_paid(at=clock.now())


@shared_task
def make_certificates() -> int:
    """Print and sign every certificate that is sealed and has no PDF yet: the signer's task."""
    at = clock.now()
    return actions.make_certificates(at=at, key=keys.load(at))


@shared_task
def send_receipts() -> int:
    """Mail every receipt that is due."""
    return actions.send_receipts(at=clock.now())


@shared_task
def send_refund_notes() -> int:
    """Mail every notice of money that goes back that is due."""
    return actions.send_refund_notes(at=clock.now())


@shared_task
def send_data_links() -> int:
    """Mail every link to one's own data that is due."""
    return actions.send_data_links(at=clock.now())


@shared_task
def expire_orders() -> int:
    """Give up every open order whose time is over."""
    return actions.expire_orders(at=clock.now())


@shared_task
def refund_owed() -> int:
    """Have the providers give back what is due back."""
    return actions.refund_owed(actor=SYSTEM, at=clock.now())


@shared_task
def poll_payments() -> int:
    """Ask the providers about every payment that is open."""
    return actions.poll_payments(at=clock.now())


@shared_task
def watch_payments() -> int:
    """Ask the providers, once a day, about every payment that was settled not long ago."""
    return actions.watch_payments(at=clock.now())


@shared_task
def purge() -> str:
    """Forget what is kept past its time."""
    return str(actions.purge(actor=SYSTEM, at=clock.now()))
