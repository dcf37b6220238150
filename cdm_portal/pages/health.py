"""`/healthz`: what of the portal lives, told apart for whoever watches it."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse

from cdm_portal.models import Heartbeat

STALE = timedelta(seconds=150)  # five heartbeats of 30 s missed
BROKER_PATIENCE = 2  # seconds

Answer = dict[str, object]


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if database, broker, worker and beat all live, else 503; each with its detail."""
    del request
    answer = parts()
    healthy = all(part["ok"] for part in answer.values())
    response = JsonResponse(answer, status=200 if healthy else 503)
    response["Cache-Control"] = "no-store"
    return response


def parts() -> dict[str, Answer]:
    """What is known of database, broker, worker and beat: each `ok` and `detail`."""
    answer = {"database": database(), "broker": broker(settings.CELERY_BROKER_URL)}
    ages = heartbeats() if answer["database"]["ok"] else {}
    return answer | {name: judge(ages.get(name)) for name in ("worker", "beat")}


def database() -> Answer:
    """Whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"ok": False, "detail": type(error).__name__}
    return {"ok": True, "detail": "answers"}


def broker(url: str) -> Answer:
    """Whether the broker answers a ping; a broker of plain files always does."""
    if url.startswith("filesystem:"):
        return {"ok": True, "detail": "files"}
    try:
        with redis.Redis.from_url(
            url.replace("redis+socket://", "unix://"),
            socket_timeout=BROKER_PATIENCE,
            socket_connect_timeout=BROKER_PATIENCE,
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return {"ok": False, "detail": type(error).__name__}
    return {"ok": True, "detail": "answers"}


def heartbeats() -> dict[str, timedelta]:
    """How long ago each process said that it lives, by the database's own clock."""
    aged = Heartbeat.objects.annotate(
        age=ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    )
    try:
        return dict(aged.values_list("name", "age"))
    except DatabaseError:  # not migrated yet
        return {}


def judge(age: timedelta | None) -> Answer:
    """Whether a heartbeat of this age is one of a living process."""
    if age is None:
        return {"ok": False, "detail": "no heartbeat yet"}
    return {"ok": age <= STALE, "detail": f"heartbeat {max(age.total_seconds(), 0):.0f} s ago"}
