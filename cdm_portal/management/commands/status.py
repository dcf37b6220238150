"""`manage.py status`: what runs, since when, and what waits."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand

from cdm_portal.pages import health
from cdm_portal.runtime import status


class Command(BaseCommand):
    """Ask the run's own state file, then database and broker."""

    help = "Show what runs on this data directory, the length of each queue and the heartbeats."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """No option of its own; --data DIR is taken by manage.py."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per process, per part of the portal and per queue."""
        for line in status.lines(status.running(Path(os.environ["CDM_HOME"]))):
            self.stdout.write(line)
        for name, part in health.parts().items():
            self.stdout.write(f"{name:>13}  {'ok' if part['ok'] else 'NOT OK':6}  {part['detail']}")
        for queue, length in waiting().items():
            self.stdout.write(f"{queue:>13}  {length} waiting")


def waiting() -> dict[str, int]:
    """How many messages wait in each queue of the broker."""
    url = settings.CELERY_BROKER_URL
    if url.startswith("filesystem:"):
        return {}
    try:
        with redis.Redis.from_url(url.replace("redis+socket://", "unix://")) as client:
            return {name: int(client.llen(name)) for name in QUEUES}
    except redis.RedisError:
        return {}


QUEUES = ("issuance", "verification", "delivery", "housekeeping")
