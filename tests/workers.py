"""A real Celery worker of a test's own, with a broker that no other test's worker listens to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cdm_portal import celery
from cdm_portal.runtime import testing

Ring = Callable[[str], None]


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """The address of a broker that lives as long as the block."""
    with testing.private_redis(folder) as redis:
        yield redis.addresses()["REDIS_URL"]


def bell(address: str) -> Ring:
    """Rings a task at that broker, as beat would."""

    def ring(task: str) -> None:
        url = address.replace("unix://", "redis+socket://", 1)
        with celery.app.connection_for_write(url) as line:
            queue = celery.ROUTES.get(task, "housekeeping")
            celery.app.send_task(task, queue=queue, connection=line)

    return ring


@contextmanager
def worker(address: str, database: str, log: Path, **more: str) -> Iterator[Any]:
    """A worker on that broker that connects as the web role does: it cannot write the ledger.

    Its mails are files beside its log, unless `more` (of its environment) names a mail server.
    """
    url = testing.address(os.environ["DATABASE_URL"], role="cdm_app", database=database)
    env = {"DATABASE_URL": url, "REDIS_URL": address, "CDM_ENV": "test"}
    env |= {"CDM_MAIL_ROOT": str(log.parent / "mail")} | more
    with testing.worker(env, log=log) as child:
        yield child
