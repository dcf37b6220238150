"""What everybody but the owner is answered over HTTP, and where a planted name or address is found.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.test import Client

from cdm_portal.identity.middleware import CHOSEN
from offsets import codes, queries
from offsets.models import Order
from tests.cast import Cast
from tests.offsets import traces
from tests.portal import Portal

LOGS = {"web.log", "worker.log", "beat.log", "redis.log", "postgres.log"}


def logs(portal: Portal) -> dict[str, Path]:
    """The log of every part by its name. Mails to buyers are files too, and theirs alone."""
    mails = portal.folder / "mail"
    found = {p.name: p for p in portal.folder.rglob("*.log") if p.parent != mails}
    assert set(found) == LOGS
    return found


def seen(portal: Portal, wanted: Iterable[str], answers: dict[str, str]) -> list[str]:
    """The places where one of the texts stands: in the ledger and its leaves, the journal, the
    broker, the log of each part, and what was answered."""
    told = {name: traces.text_of(path) for name, path in logs(portal).items()}
    assert all(len(text) > 100 for name, text in told.items() if name != "redis.log")
    return traces.found(
        wanted, broker=portal.redis.addresses()["REDIS_URL"], answers={**told, **answers}
    )


def answered(
    portal: Portal, cast: Cast, orders: Iterable[Order], *, roles: bool = True
) -> dict[str, str]:
    """What pages and API answer to a stranger and, with `roles`, to one of every role, by who and
    where."""
    paths = ["/cancellations/", "/cancellations.csv", "/cancellations.json", "/desk/",
             "/cancellations/?beneficiary=Zerlina", "/api/v1/record/", "/api/v1/cancellations/",
             "/desk/orders/", "/desk/notices/", "/desk/offers/sales/", "/desk/offers/sales.csv",
             "/admin/journal/entry/", "/admin/registry/cancellation/"]  # fmt: skip
    for order in orders:
        paths += of_order(order)
    keys = {"stranger": ""}
    if roles:
        keys |= {str(each): session(cast, each) for each in {a.role for a in cast.sign_ins}}
    return {
        f"{who} {path}": answer(portal.port, path, key)
        for who, key in keys.items() for path in paths
    }


def of_order(order: Order) -> list[str]:
    """Where an order and its certificate can be asked for."""
    paths = [f"/orders/{order.code}/", f"/orders/{order.code}/status/"]
    if order.state == Order.State.FULFILLED:
        code = codes.show(order.certificate.code)
        serials = [queries.serial(line) for line in queries.lines(order)]
        paths += [f"/api/v1/certificates/{code}/", f"/v/{code}", f"/certificates/{code}/",
                  f"/certificates/{code}.pdf"]  # fmt: skip
        paths += [f"/registry/blocks/{serial}/" for serial in serials]
        paths += [f"/api/v1/registry/units/{serial}/" for serial in serials]
    return paths


def session(cast: Cast, role: object) -> str:
    """The cookie of a browser in which one of this role is signed in."""
    user, membership = next(who for actor, who in cast.sign_ins.items() if actor.role == role)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    kept = client.session
    kept[CHOSEN] = membership.pk
    kept.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def answer(port: int, path: str, key: str) -> str:
    """The body of an answer, whatever its status; 500 is none."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    if key:
        asked.add_header("Cookie", f"{settings.SESSION_COOKIE_NAME}={key}")
    try:
        with urllib.request.urlopen(asked, timeout=60) as got:
            return str(got.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as refused:
        assert refused.code < 500, (path, refused.code)
        return refused.read().decode("utf-8", "replace")
