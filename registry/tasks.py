"""Housekeeping of the registry. Each may run twice or not at all for a while: nothing depends on it
but tidiness and the time of the last reconciliation."""

from celery import shared_task

from cdm_portal import clock
from registry import actions


@shared_task
def expire_holds() -> int:
    """Sweep holds whose time is over; they stopped counting when it was."""
    return actions.expire_holds(at=clock.now())


@shared_task
def close_lots() -> int:
    """End lots that are sold out."""
    return actions.close_lots(at=clock.now())


@shared_task
def finish_proposals() -> int:
    """Execute what is approved and due; cancel what was not finished in time."""
    at = clock.now()
    return actions.execute_due(at=at) + actions.lapse_proposals(at=at)


@shared_task(soft_time_limit=105, time_limit=115)  # below the broker's visibility timeout
def reconcile() -> bool:
    """Check the books and keep what was found; answers whether they balance."""
    return actions.reconcile(at=clock.now()).ok
