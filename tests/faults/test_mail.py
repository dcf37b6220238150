"""`kill -9` of a worker at the mail: no receipt is lost, and one repeats only if its answer was."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cdm_portal import clock
from cdm_portal.demonstration.portfolio import Until
from cdm_portal.runtime import testing
from offsets import actions
from offsets.models import Certificate, Offer, Order, Receipt
from tests import factories, sealing, workers
from tests.cast import Cast
from tests.faults.test_kills import blocked, until
from tests.offsets.mail_server import MailServer, serving

pytestmark = [pytest.mark.usefixtures("transactional_db", "books_balance")]
KEY = UUID("01900000-0000-7000-8000-00000000000b")
TASK = "offsets.tasks.send_receipts"


@dataclass
class Post:
    """One paid order, a mail server and a broker; workers come and go."""

    order: Order
    server: MailServer
    database: str
    broker: str
    folder: Path

    def worker(self, name: str, **more: str) -> AbstractContextManager[Any]:
        mail = {"EMAIL_URL": self.server.url} | more
        return workers.worker(self.broker, self.database, self.folder / f"{name}.log", **mail)

    def signer(self) -> AbstractContextManager[Any]:
        """The worker that prints what is sealed, which rings for the mail."""
        url = testing.address(os.environ["DATABASE_URL"], role="cdm_signer", database=self.database)
        env = {"DATABASE_URL": url, "REDIS_URL": self.broker, "CDM_ENV": "test",
               "CERTIFICATE_KEY_FILE": str(self.folder / "certificate.p12")}
        return testing.worker(env, log=self.folder / "signer.log", queue="sealing")

    def ring(self, task: str = TASK) -> None:
        workers.bell(self.broker)(task)

    def fulfil(self) -> None:
        actions.fulfil(at=clock.now(), order_id=self.order.pk)

    def sent(self) -> bool:
        return Receipt.objects.filter(state=Receipt.State.SENT).exists()

    def logs(self) -> str:
        return "".join(log.read_text() for log in self.folder.glob("*.log"))


@pytest.fixture
def post(cast: Cast, ledger_db: str, tmp_path: Path) -> Iterator[Post]:
    now: datetime = clock.now()
    factories.walk(cast, Until.OFFERED, now)
    order = factories.order(Offer.objects.get(), 7, KEY, now)
    factories.pay(order, now)
    with workers.broker(tmp_path) as broker, serving() as server:
        yield Post(order, server, ledger_db, broker, tmp_path)
    assert order.email not in (logs := "".join(p.read_text() for p in tmp_path.glob("*.log")))
    assert order.beneficiary_name not in logs, "no personal data is logged"


def end_claim() -> None:
    """As if the two minutes were over for which a notice is one mailer's."""
    Receipt.objects.update(next_try_at=clock.now())


def test_a_payment_ends_in_a_mail_without_anybody_ringing_for_it(post: Post) -> None:
    with post.worker("whole"), post.signer():
        post.ring("offsets.tasks.fulfil_paid")
        until(Certificate.objects.exists, "the units are cancelled")
        sealing.seal(at=clock.now(), key=Ed25519PrivateKey.generate())
        post.ring("offsets.tasks.make_certificates")  # as the timetable does every five seconds
        until(post.sent, "the receipt is sent")
    assert post.server.recipients == ["amina@example.org"]
    assert "Serial numbers: KE-" in post.server.taken[0].get_content()
    assert "send_receipts" in post.logs()


def test_without_a_mail_server_the_mail_is_a_file(post: Post) -> None:
    post.fulfil()
    with post.worker("files", EMAIL_URL=""):
        post.ring()
        until(post.sent, "the receipt is written")
    (written,) = (post.folder / "mail").iterdir()
    assert "To: amina@example.org" in written.read_text()


def test_a_mail_server_that_is_away_leaves_the_notice(post: Post) -> None:
    post.fulfil()
    with post.worker("away", EMAIL_URL="smtp://127.0.0.1:1"):
        post.ring()
        until(lambda: "waits: ConnectionRefusedError" in post.logs(), "it says that it waits")
    assert (Receipt.objects.get().state, post.server.taken) == ("waiting", [])
    end_claim()
    with post.worker("back"):
        post.ring()
        until(post.sent, "the receipt is sent")
    assert len(post.server.taken) == 1


def test_a_worker_killed_between_claim_and_mail_loses_nothing(post: Post) -> None:
    post.fulfil()
    post.server.hold.set()
    with post.worker("killed") as child:
        post.ring()
        until(post.server.waiting.is_set, "the worker waits for the mail server")
        assert (Receipt.objects.get().tries, post.sent()) == (1, False)
        child.signal_group(signal.SIGKILL)
    post.server.hold.clear()
    assert actions.send_receipts(at=clock.now()) == 0, "the claim stands until it is over"
    end_claim()
    with post.worker("second"):
        for _ in range(2):
            post.ring()
        until(post.sent, "the receipt is sent")
    assert len(post.server.taken) == 1
    assert Receipt.objects.get().tries == 2


def test_a_worker_killed_before_it_notes_the_answer_repeats_one_mail(post: Post) -> None:
    post.fulfil()
    with post.worker("killed") as child, blocked("journal_entry") as waiting:
        post.ring()
        until(waiting, "the worker notes the answer")
        child.signal_group(signal.SIGKILL)
    assert (len(post.server.taken), post.sent()) == (1, False)
    end_claim()
    with post.worker("second"):
        for _ in range(2):
            post.ring()
        until(post.sent, "the receipt is sent")
    first, again = post.server.taken
    assert first["Message-ID"] == again["Message-ID"], "it can be told from a second receipt"
    assert Receipt.objects.count() == 1
