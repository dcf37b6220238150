"""Background work of the notices. The rows are the queue: each task takes all that wait."""

from celery import shared_task

from cdm_portal import clock
from cdm_portal.notices import actions


@shared_task
def tell_waiting() -> int:
    """Tell of every act of which nobody has been told, and send the mails."""
    at = clock.now()
    told = actions.tell_waiting(at=at)
    actions.send_mails(at=at)
    return told


@shared_task
def make_digests() -> int:
    """Make and send the mails of those who wish to be told once a day."""
    at = clock.now()
    made = actions.make_digests(at=at)
    actions.send_mails(at=at)
    return made
