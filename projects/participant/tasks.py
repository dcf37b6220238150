"""The worker's side of monitoring data: every import that waits."""

import uuid

from celery import shared_task
from django.conf import settings

from cdm_portal import clock
from projects.participant import actions, queries


@shared_task(
    time_limit=settings.LONG_TASK_SECONDS, soft_time_limit=settings.LONG_TASK_SOFT_SECONDS
)
def import_waiting() -> int:
    """Carry out every queued or abandoned import; how many were taken."""
    taken = 0
    for import_id in queries.waiting_imports(clock.now()):
        lease = uuid.uuid4()
        if actions.take_import(at=clock.now(), import_id=import_id, lease=lease):
            taken += 1
            actions.import_series(
                at=clock.now(), import_id=import_id, lease=lease, now=clock.now
            )
    return taken
