"""kill -9 between the steps of a recomputation: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import uuid
from datetime import timedelta

import pytest

from cdm_portal.journal import queries as journal
from cdm_portal.runtime.testing import address
from projects.doe import actions, queries, tasks
from projects.doe.models import VerificationRun
from tests.cast import Cast
from tests.journeys.cdm9851 import on
from tests.projects.doe import story

AT = on(2015, 1, 10)
State = VerificationRun.State

@pytest.mark.django_db
def test_a_run_is_taken_by_one_worker_until_its_lease_runs_out(cast: Cast) -> None:
    run = story.verifying(cast).runs.get()
    first, second = uuid.uuid4(), uuid.uuid4()
    assert actions.take_run(at=AT, run_id=run.pk, lease=first)
    assert queries.waiting_runs(AT) == []
    late = AT + timedelta(seconds=29, microseconds=999_999)
    assert not actions.take_run(at=late, run_id=run.pk, lease=second)
    stale = AT + timedelta(seconds=30)
    assert queries.waiting_runs(stale) == [run.pk]
    assert actions.take_run(at=stale, run_id=run.pk, lease=second)
    assert not actions.recompute_step(at=stale, run_id=run.pk, lease=first)
    assert story.fresh(run).step == 0


@pytest.mark.django_db
def test_a_run_is_taken_up_where_it_stood(cast: Cast) -> None:
    run = story.verifying(cast).runs.get()
    lease = uuid.uuid4()
    actions.take_run(at=AT, run_id=run.pk, lease=lease)
    assert actions.recompute_step(at=AT, run_id=run.pk, lease=lease)
    half = story.fresh(run)
    assert (half.step, half.steps, half.percent) == (1, 6, 16)
    assert list(half.result["sums"]) == ["EG_export"]
    done = actions.recompute(run_id=run.pk, at=AT + timedelta(minutes=1))
    assert (done.state, done.attempts, done.differences) == (State.DONE, 2, [])


@pytest.mark.django_db
def test_a_run_that_kills_every_worker_is_given_up(cast: Cast) -> None:
    run = story.verifying(cast).runs.get()
    for attempt in range(5):
        moment = AT + timedelta(minutes=attempt)
        assert actions.take_run(at=moment, run_id=run.pk, lease=uuid.uuid4())
    assert not actions.take_run(at=AT + timedelta(hours=1), run_id=run.pk, lease=uuid.uuid4())
    run = story.fresh(run)
    assert (run.state, run.message) == (State.FAILED, "Stopped after 5 attempts.")


DOOMED = """
import os, signal, uuid, sys
import django
django.setup()
from cdm_portal import clock
from projects.doe import actions
lease = uuid.uuid4()
assert actions.take_run(at=clock.now(), run_id={run}, lease=lease)
for step in range({steps}):
    assert actions.recompute_step(at=clock.now(), run_id={run}, lease=lease)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_kill_9_at_any_step_loses_nothing(ledger_db: str, cast: Cast, steps: int) -> None:
    """Until the lease has run out nobody takes the run up; then it goes on where it stood."""
    run = story.verifying(cast).runs.get()
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "cdm_portal.settings"}
    env["DATABASE_URL"] = address(os.environ["DATABASE_URL"], database=ledger_db)
    code = textwrap.dedent(DOOMED.format(run=run.pk, steps=steps))
    died = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    left = story.fresh(run)
    assert (left.state, left.step) == (State.RUNNING, steps)
    assert tasks.recompute_waiting() == 0
    done = actions.recompute(run_id=run.pk, at=left.leased_until)
    assert (done.state, done.attempts, done.differences) == (State.DONE, 2, [])
    assert journal.of(run).filter(verb="doe.finish_recompute").count() == 1

