"""The Board's background work: each task takes every row that waits, and may run twice."""

from celery import shared_task

from cdm_portal import clock
from projects.board import actions


@shared_task
def close_windows() -> int:
    """Grant what nobody asked to review, once its window is over."""
    return actions.close_windows(at=clock.now())


@shared_task
def adopt_unopposed() -> int:
    """Make rulings of proposed decisions to which nobody objected in time."""
    return actions.adopt_unopposed(at=clock.now())


@shared_task
def issue_instructed() -> int:
    """Have the registry issue every instruction that a second person released."""
    return actions.issue_instructed(at=clock.now())
