"""The portal's own tasks: proof that a worker runs what is sent, and a look at every desk."""

from celery import shared_task

from cdm_portal import clock, record
from cdm_portal.identity import queries as people
from cdm_portal.notices import actions, queries
from cdm_portal.pages import agenda


@shared_task
def heartbeat() -> None:
    """A worker sends it to itself (see `pulse`): broker, worker and pool live."""
    record.beat(name="worker")


@shared_task
def remind() -> int:
    """Remind every desk of what is soon due there or late."""
    at, made = clock.now(), 0
    for membership in queries.desks(at.date()):
        actor = people.actor(membership)
        made += actions.remind(actor=actor, at=at, items=agenda.due(actor, at))
    return made
