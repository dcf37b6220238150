"""How worker and beat say that they live, each on its own, so that `/healthz` tells them apart.

Beat writes its row itself whenever it looks at the timetable. A worker sends itself a task, so
that its row proves the broker, the worker and its pool, and needs no beat.
"""

import logging
import time
from typing import Any

from celery import bootsteps, current_app
from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections
from kombu.exceptions import OperationalError

from cdm_portal import record, rights

EVERY = 30.0  # seconds between two heartbeats
log = logging.getLogger(__name__)


class Timetable(PersistentScheduler):
    """Celery's own scheduler, with a heartbeat."""

    last_beat = -EVERY

    def setup_schedule(self) -> None:
        """Beat's start: first the question whether this role may serve at all."""
        rights.refuse_to_serve()
        super().setup_schedule()

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due; answers the seconds until the next look."""
        if time.monotonic() - self.last_beat >= EVERY:
            self.last_beat = time.monotonic()
            _say_that_beat_lives()
        return super().tick(*args, **kwargs)


class Pulse(bootsteps.StartStopStep):
    """Has the worker send itself a heartbeat, at once and then every 30 seconds."""

    requires = ("celery.worker.components:Timer", "celery.worker.components:Pool")

    def __init__(self, worker: Any, **options: Any) -> None:
        """The worker's start: first the question whether this role may serve at all."""
        rights.refuse_to_serve()
        super().__init__(worker, **options)

    def start(self, worker: Any) -> None:
        """Begin when the worker begins."""
        _wake_myself()
        worker.timer.call_repeatedly(EVERY, _wake_myself)

    def stop(self, worker: Any) -> None:
        """The timer ends with its worker."""


def _say_that_beat_lives() -> None:
    """A database that is away must not stop the timetable."""
    close_old_connections()
    try:
        record.beat(name="beat")
    except DatabaseError:
        log.warning("beat could not write its heartbeat")


def _wake_myself() -> None:
    """A broker that is away must not stop the worker."""
    try:
        current_app.send_task("cdm_portal.tasks.heartbeat", retry=False)
    except OperationalError:
        log.warning("the worker could not send its heartbeat")
