"""The embedded broker: a private socket, and messages that outlive it."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest
import redis

from cdm_portal.runtime import testing
from cdm_portal.runtime.redis import Redis
from cdm_portal.runtime.redis import program as redis_server

has_server = pytest.mark.skipif(
    redis_server() is None, reason="there is no Redis for this kind of machine"
)


def client(server: Redis) -> redis.Redis:
    return redis.Redis.from_url(server.addresses()["REDIS_URL"], decode_responses=True)


@has_server
def test_it_listens_on_a_private_socket_alone(tmp_path: Path) -> None:
    with testing.private_redis(tmp_path) as server, client(server) as asking:
        assert asking.config_get("port") == {"port": "0"}
        assert asking.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700


@has_server
def test_a_message_outlives_a_killed_server(tmp_path: Path) -> None:
    with testing.private_redis(tmp_path) as server:
        with client(server) as asking:
            asking.lpush("housekeeping", "look")
        assert server.child is not None
        server.stop()
        server.start()
        with client(server) as asking:
            assert asking.lrange("housekeeping", 0, -1) == ["look"]
            asking.lpush("housekeeping", "again")
            asking.config_set("appendfsync", "always")
            asking.lpush("housekeeping", "and again")
        server.child.process.send_signal(signal.SIGKILL)
        server.child.process.wait()
        server.start()
        with client(server) as asking:
            assert asking.llen("housekeeping") == 3


def test_without_a_server_messages_are_files(tmp_path: Path) -> None:
    server = Redis(tmp_path)
    server.program = None
    assert server.start() is None
    assert server.addresses() == {
        "REDIS_URL": "filesystem://", "CDM_BROKER_DIR": str(tmp_path / "redis"),
    }
    assert server.stop() == 0
