"""`/healthz` tells database, broker, worker and beat apart."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client

from cdm_portal import record
from cdm_portal.models import Heartbeat
from cdm_portal.pages import health
from cdm_portal.runtime import testing

pytestmark = pytest.mark.django_db


def silence(name: str, seconds: int) -> None:
    """Let a heartbeat be that old."""
    Heartbeat.objects.filter(name=name).update(at=F("at") - timedelta(seconds=seconds))


def test_all_four_live(client: Client) -> None:
    record.beat(name="worker")
    record.beat(name="beat")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert {name: part["ok"] for name, part in answer.json().items()} == {
        "database": True, "broker": True, "worker": True, "beat": True,
    }
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("silent", "other"), [("worker", "beat"), ("beat", "worker")])
def test_one_that_is_silent_for_150_seconds_is_named(
    client: Client, silent: str, other: str
) -> None:
    record.beat(name="worker")
    record.beat(name="beat")
    silence(silent, 151)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()[silent] == {"ok": False, "detail": "heartbeat 151 s ago"}
    assert answer.json()[other]["ok"] is True


def test_one_that_was_never_heard_is_not_well(client: Client) -> None:
    record.beat(name="worker")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["beat"] == {"ok": False, "detail": "no heartbeat yet"}


def test_five_missed_heartbeats_are_too_many() -> None:
    assert health.judge(timedelta(seconds=150))["ok"] is True
    assert health.judge(timedelta(seconds=150, milliseconds=1))["ok"] is False


def test_a_demonstration_that_moves_on_stops_no_heart(client: Client) -> None:
    record.beat(name="worker")
    record.beat(name="beat")
    record.begin_demonstration()
    record.advance_clock(days=30)
    assert client.get("/healthz").status_code == 200
    assert Heartbeat.objects.filter(at__gt=Now()).count() == 0


def test_a_broker_that_is_away_is_named(tmp_path: Path) -> None:
    gone = health.broker(f"redis+socket://{tmp_path}/redis.sock")
    assert gone == {"ok": False, "detail": "ConnectionError"}


def test_a_broker_that_stopped_is_named(tmp_path: Path) -> None:
    with testing.private_redis(tmp_path) as server:
        url = server.addresses()["REDIS_URL"]
        assert health.broker(url) == {"ok": True, "detail": "answers"}
        server.stop()
        assert health.broker(url)["ok"] is False


def test_the_tests_database_role_is_the_owner_and_their_address_can_be_changed() -> None:
    url = os.environ["DATABASE_URL"]
    changed = testing.address(url, role="cdm_app", database="other")
    assert changed.startswith("postgresql://cdm_app@/other?host=")
