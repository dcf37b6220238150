"""The worker's side of verification: every run that waits, one transaction for each step; and the
note that a debt is repaid.
"""

import uuid

from celery import shared_task

from cdm_portal import clock
from projects.doe import actions, queries


@shared_task
def recompute_waiting() -> int:
    """Recompute every queued or abandoned run; how many were taken."""
    taken = 0
    for run_id in queries.waiting_runs(clock.now()):
        lease = uuid.uuid4()
        if actions.take_run(at=clock.now(), run_id=run_id, lease=lease):
            taken += 1
            while actions.recompute_step(at=clock.now(), run_id=run_id, lease=lease):
                pass
    return taken


@shared_task
def close_repaid() -> int:
    """Note every debt of which all is cancelled; how many."""
    return actions.close_repaid(at=clock.now())
