"""Worker and beat say by themselves that they live."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from cdm_portal.runtime import processes, testing
from cdm_portal.runtime.places import ROOT


def beats(url: str) -> set[str]:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM cdm_heartbeat")
            return {name for (name,) in cursor.fetchall()}
    finally:
        connection.close()


def wait_for_beats(url: str, wanted: set[str]) -> None:
    deadline = time.monotonic() + 90
    while beats(url) != wanted:
        assert time.monotonic() < deadline, beats(url)
        time.sleep(0.2)


def test_each_is_heard_without_the_other(tmp_path: Path) -> None:
    with testing.private_cluster(tmp_path) as cluster, testing.private_redis(tmp_path) as broker:
        env = {
            **os.environ, **broker.addresses(), "CDM_ENV": "test",
            "DATABASE_URL": cluster.url("cdm_app"), "DATABASE_OWNER_URL": cluster.url("cdm_owner"),
        }
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--noinput"]
        done = subprocess.run(migrate, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        command = [sys.executable, "-m", "celery", "-A", "cdm_portal.celery", "beat", "-s",
                   str(tmp_path / "timetable"), "--pidfile", ""]
        beat = processes.spawn("beat", command, env=env, log=tmp_path / "beat.log", cwd=ROOT)
        try:
            wait_for_beats(cluster.url("cdm_app"), {"beat"})
        finally:
            beat.stop()
        with testing.worker(env, log=tmp_path / "worker.log"):
            wait_for_beats(cluster.url("cdm_app"), {"beat", "worker"})
