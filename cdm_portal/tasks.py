"""The portal's own task: proof that a worker receives and runs what is sent."""

from celery import shared_task

from cdm_portal import record


@shared_task
def heartbeat() -> None:
    """A worker sends it to itself (see `pulse`): broker, worker and pool live."""
    record.beat(name="worker")
