"""A private buyer's way through the whole shop, with the broker and logs of the run, and then the
search for their name and address everywhere that they must not be; each planted leak is found."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client

from cdm_portal import clock, jobs
from cdm_portal.journal.models import Entry
from cdm_portal.values import SYSTEM
from offsets import actions, codes, queries
from offsets.models import Certificate, Offer, OrderLine
from offsets.values import GUEST
from registry.transparency.models import Seal
from tests import sealing, workers
from tests.offsets import traces
from tests.offsets.conftest import Shop
from tests.offsets.prints import print_all
from tests.offsets.test_pages import begun, details

pytestmark = pytest.mark.usefixtures("ledger_db", "books_balance", "money_balances")
SEEDED = ("Zerlina Quastel", "zerlina@quastel.example", "Quastel family trip", "QX-4711")
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A broker of the run's own, at which every act of the shop rings as in production."""
    with workers.broker(tmp_path) as address:
        ring = workers.bell(address)
        for verb in ("offsets.confirm_payment", "offsets.fulfil", "offsets.make_certificate",
                     "offsets.ask_data_link"):
            monkeypatch.setitem(jobs.listeners, verb, lambda: ring("offsets.tasks.fulfil_paid"))
        yield address


@pytest.fixture
def journey(shop: Shop, offer: Offer, broker: str) -> Iterator[Callable[..., list[str]]]:
    """From the page to the certificate, the receipt, the link; then what a scan finds."""
    with traces.logged() as log:
        client = Client()
        order = begun(client, offer, 3)
        client.get(f"/orders/{order.code}/")
        to_pay = client.post(f"/orders/{order.code}/", details(
            order, name=SEEDED[0], email=SEEDED[1], reason=SEEDED[2], reference=SEEDED[3],
            whose="organisation",
        ))
        client.post(to_pay["Location"], {"button": "pay"})
        actions.fulfil_paid(at=clock.now())
        print_all(clock.now())
        actions.send_receipts(at=clock.now())
        client.post("/my-data/", {"email": SEEDED[1]})
        actions.send_data_links(at=clock.now())
        sealing.seal(at=clock.now(), key=SIGNER)
        yield lambda **more: traces.found(
            SEEDED, broker=broker, logs="\n".join(log), answers=answered(shop, **more)
        )


def answered(shop: Shop, *, roles: bool = True) -> dict[str, str]:
    """What a stranger, and with `roles` one of every role, is answered by the pages and the API
    that could tell of the order."""
    certificate = Certificate.objects.get()
    line = OrderLine.objects.select_related("lot__issuance", "cancellation").get()
    code = codes.show(certificate.code)
    paths = [
        "/cancellations/", "/cancellations.csv", "/cancellations.json", "/cancellations.xlsx",
        "/cancellations/?beneficiary=Quastel", "/api/v1/record/", "/api/v1/cancellations/",
        f"/api/v1/certificates/{code}/", f"/v/{code}", f"/certificates/{code}/",
        f"/certificates/{code}.pdf", f"/registry/blocks/?q={certificate.number}",
        "/registry/cancellations/",
        f"/registry/blocks/{queries.serial(line)}/", f"/orders/{certificate.order.code}/",
        f"/api/v1/registry/units/{queries.serial(line)}/", "/desk/", "/desk/orders/",
        "/desk/notices/", "/admin/journal/entry/", "/admin/registry/cancellation/",
        f"/admin/registry/cancellation/{line.cancellation_id}/change/",
    ]
    browsers = {"stranger": Client()}
    first = {actor.role: user for actor, (user, _membership) in shop.cast.sign_ins.items()}
    for role, user in first.items() if roles else ():
        browsers[str(role)] = browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {f"{who} {path}": _text(browser.get(path))
            for who, browser in browsers.items() for path in paths}  # fmt: skip


def _text(answer: Any) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return str(body.decode("utf-8", "replace"))


def _plant(where: str, broker: str) -> None:
    if where == "journal_entry":
        certificate = Certificate.objects.get()
        Entry.objects.create(
            verb="offsets.leak", effective_at=clock.now(), actor_name=SYSTEM.name,
            actor_role="system", subject_type="x", subject_id=str(certificate.pk),
            facts={"for": SEEDED[0]},
        )
    elif where == "log":
        logging.getLogger("offsets.actions.fulfilling").warning("no mail to %s", SEEDED[1])
    elif where == "broker":
        with workers.celery.app.connection_for_write(
            broker.replace("unix://", "redis+socket://", 1)
        ) as line:
            workers.celery.app.send_task("leak", args=[SEEDED[1]], queue="delivery",
                                         connection=line)  # fmt: skip
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE offsets_cancelledentry SET beneficiary = %s", [SEEDED[0]])


def test_a_private_name_is_nowhere_and_a_planted_one_is_found(
    journey: Callable[..., list[str]], broker: str
) -> None:
    assert traces.dumped("Quastel") == ["offsets_order"], "it is kept where the buyer gave it"
    assert any(True for _key in traces.waiting(broker)), "there are messages to look at"
    assert journey() == []
    told = {"journal_entry": "journal_entry", "log": "log", "broker": "broker delivery",
            "page": "stranger /api/v1/record/"}  # fmt: skip
    for where, place in told.items():
        _plant(where, broker)
        assert any(each.startswith(place) for each in journey(roles=False)), where
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offsets_cancelledentry SET beneficiary = ''")


def test_after_an_erasure_the_root_is_the_same_and_the_name_is_nowhere(
    journey: Callable[..., list[str]]
) -> None:
    before = list(Seal.objects.order_by("pk").values())
    assert before
    actions.erase_orders(
        actor=GUEST, at=clock.now(), orders=[Certificate.objects.get().order_id]
    )
    assert traces.dumped("Quastel") == [] == traces.dumped(SEEDED[3])
    sealing.wait_for_writers()
    assert actions_sealed() == []
    assert list(Seal.objects.order_by("pk").values()) == before
    assert journey(roles=False) == []


def actions_sealed() -> list[int]:
    """The heads that the signer makes now: none, as an erasure writes nothing of the ledger."""
    return sealing.actions.seal(at=clock.now(), key=SIGNER)
