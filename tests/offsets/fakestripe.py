"""A payment company of the test's own: it speaks Stripe's API and misbehaves on demand.

Idempotency as Stripe has it: the first answer to a key is kept, errors after the work began
included, and replayed; another request under the key is 400, one while the first runs is 409; a
request that is refused before any work leaves no trace. What the buyer does on the hosted page is a
method (`pay`, `fail`, …) or a button of the page itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl
from uuid import uuid4

from tests.offsets.wire import served

Thing = dict[str, Any]
Sent = tuple[bytes, dict[str, str]]
PAGE = """<!doctype html><html lang="en"><title>Pay</title><h1>Pay {amount} {currency}</h1>
<form method="post"><button name="button" value="pay">Pay</button>
<button name="button" value="fail">Fail</button></form><a href="{cancel}">Back</a></html>"""


class Refusal(Exception):
    """An answer of the API that is an error; `kept` under an idempotency key or not."""

    def __init__(self, status: int, kind: str, code: str, *, kept: bool = True) -> None:
        super().__init__(code)
        self.status, self.kept = status, kept
        self.body = {"error": {"type": kind, "code": code, "message": code}}


def invalid(code: str, status: int = 400) -> Refusal:
    return Refusal(status, "invalid_request_error", code, kept=False)


class FakeStripe:
    """The company's books, its API (a WSGI application) and its knobs.

    `after_commit` is what happens to the answer of the next POST whose work is done: "500" or
    "cut". `gate`, while set, lets no POST finish until it is opened. `wrong` replaces fields of
    every session and payment that is read.
    """

    key, secret = "sk_test_of_the_fake", "whsec_of_the_fake"

    def __init__(self, now: datetime, base: str = "") -> None:
        self.now, self.base = now, base
        self.things: dict[str, Thing] = {}
        self.sent: list[Thing] = []  # events, in the order in which they came to be
        self.answers: dict[str, tuple[str, str, int, Thing]] = {}
        self.running: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self.after_commit, self.away, self.slow = "", False, 0.0
        self.gate: threading.Event | None = None
        self.wrong: Thing = {}
        self.on_event: Callable[[Sent], object] | None = None
        self.lock = threading.RLock()

    # The buyer, the buyer's bank, and whoever sits at the company's dashboard

    def pay(self, session: str, amount: int | None = None, currency: str | None = None) -> None:
        """The buyer paid; a wrong amount or currency cannot happen with Stripe, but to a client."""
        with self.lock:
            held = self.things[session]
            if held["status"] != "open":
                return
            paid = held["amount_total"] if amount is None else amount
            self._settle(held, paid, currency or held["currency"])
            self._emit("checkout.session.completed", held)

    def wait(self, session: str) -> None:
        """The buyer is done, the money comes later (a bank debit)."""
        with self.lock:
            held = self.things[session]
            held["status"] = "complete"
            held["payment_intent"] = self._intent(held, "processing", 0)["id"]
            self._emit("checkout.session.completed", held)

    def arrive(self, session: str) -> None:
        """The money that was waited for is there."""
        with self.lock:
            held = self.things[session]
            self._settle(held, held["amount_total"], held["currency"])
            self._emit("checkout.session.async_payment_succeeded", held)

    def fail(self, session: str) -> None:
        """The bank did not pay."""
        with self.lock:
            held = self.things[session]
            if held["payment_status"] == "paid":
                return
            held["status"] = "complete"
            made = self._intent(held, "requires_payment_method", 0)
            held["payment_intent"] = made["id"]
            self._emit("checkout.session.async_payment_failed", held)

    def lapse(self, session: str) -> None:
        """Time ran out on the page."""
        with self.lock:
            held = self.things[session]
            if held["status"] == "open":
                held["status"] = "expired"
                self._emit("checkout.session.expired", held)

    def dispute(self, session: str, status: str = "needs_response") -> str:
        """The buyer's bank takes the money back, or decides about what it took back before."""
        with self.lock:
            intent = self.things[self.things[session]["payment_intent"]]
            charge = self.things[intent["latest_charge"]]
            earlier = self._all("dispute", intent["id"])
            made = earlier[0] if earlier else self._new(
                "du", "dispute", amount=charge["amount"], currency=charge["currency"],
                charge=charge["id"], payment_intent=intent["id"], reason="fraudulent",
            )
            made["status"], charge["disputed"] = status, True
            over = status in {"won", "lost"}
            self._emit(f"charge.dispute.{'closed' if over else 'created'}", made)
            return str(made["id"])

    def refund_by_hand(self, session: str, amount: int | None = None) -> None:
        """Somebody at the dashboard gives money back."""
        with self.lock:
            self._refund({"payment_intent": self.things[session]["payment_intent"],
                          **({"amount": str(amount)} if amount else {})})

    def fail_refund(self, session: str) -> str:
        """The refund that was taken on cannot be carried out: the money comes back. Its name."""
        with self.lock:
            (made,) = self._all("refund", self.things[session]["payment_intent"])
            made |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
            self.things[made["charge"]]["amount_refunded"] -= made["amount"]
            self._emit("refund.failed", made)
            return str(made["id"])

    # Messages

    def message(self, event: Thing, at: datetime | None = None, secret: str = "") -> Sent:
        """An event as it goes over the wire, signed when it is sent."""
        raw = json.dumps(event).encode()
        seconds = int((at or self.now).timestamp())
        signed = hmac.new((secret or self.secret).encode(), b"%d." % seconds + raw, hashlib.sha256)
        return raw, {"Stripe-Signature": f"t={seconds},v1={signed.hexdigest()}"}

    def deliveries(
        self, *, duplicate: int = 1, drop: Iterable[str] = (), seed: int | None = None,
        at: datetime | None = None,
    ) -> Iterator[Sent]:
        """Everything sent so far, each `duplicate` times, shuffled by a seed, some kinds lost."""
        sent = [one for one in self.sent if one["type"] not in set(drop)] * duplicate
        if seed is not None:
            random.Random(seed).shuffle(sent)
        for event in sent:
            yield self.message(event, at)

    def _emit(self, kind: str, thing: Thing) -> None:
        event = {
            "id": f"evt_{uuid4().hex}", "object": "event", "type": kind, "livemode": False,
            "created": int(self.now.timestamp()), "data": {"object": dict(thing)},
        }
        self.sent.append(event)
        if self.on_event is not None:
            self.on_event(self.message(event))

    # The books

    def _new(self, prefix: str, kind: str, **fields: Any) -> Thing:
        made = {
            "id": f"{prefix}_test_{uuid4().hex}", "object": kind, "livemode": False, "metadata": {},
            "created": int(self.now.timestamp()), **fields,
        }
        self.things[str(made["id"])] = made
        return made

    def _all(self, kind: str, intent: str) -> list[Thing]:
        found = [t for t in self.things.values() if t["object"] == kind]
        return [thing for thing in found if thing["payment_intent"] == intent]

    def _intent(self, session: Thing, status: str, received: int, currency: str = "") -> Thing:
        known = session["payment_intent"] and self.things[session["payment_intent"]]
        made = known or self._new(
            "pi", "payment_intent", amount=session["amount_total"], latest_charge=None,
            metadata=session["about"],
        )
        made |= {"status": status, "amount_received": received,
                 "currency": currency or session["currency"]}
        return made  # type: ignore[no-any-return]

    def _settle(self, session: Thing, paid: int, currency: str) -> None:
        intent = self._intent(session, "succeeded", paid, currency)
        charge = self._new(
            "ch", "charge", amount=paid, currency=currency, amount_refunded=0, disputed=False,
            payment_intent=intent["id"], metadata=intent["metadata"],
        )
        intent["latest_charge"] = charge["id"]
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}

    def _open(self, asked: Thing) -> Thing:
        try:
            item = asked["line_items"]["0"]
            price = item["price_data"]
            total = int(price["unit_amount"]) * int(item["quantity"])
            ends = int(asked["expires_at"])
            named = price["product_data"]["name"]
        except (KeyError, TypeError, ValueError) as error:
            raise invalid("parameter_missing") from error
        lasts = ends - int(self.now.timestamp())
        if asked.get("mode") != "payment" or total < 50 or not named or not asked["success_url"]:
            raise invalid("parameter_invalid")
        if not 30 * 60 <= lasts <= 24 * 3600:
            raise invalid("parameter_invalid_expires_at")
        made = self._new(
            "cs", "checkout.session", status="open", payment_status="unpaid", amount_total=total,
            currency=price["currency"], client_reference_id=asked.get("client_reference_id"),
            metadata=asked.get("metadata", {}), payment_intent=None, expires_at=ends,
            success_url=asked["success_url"], cancel_url=asked["cancel_url"],
            about=asked.get("payment_intent_data", {}).get("metadata", {}),
        )
        made["url"] = f"{self.base}/c/pay/{made['id']}"
        return made

    def _close(self, name: str) -> Thing:
        session = self._get(name, "checkout.session")
        if session["status"] != "open":
            raise invalid("checkout_session_not_open")
        self.lapse(name)
        return session

    def _refund(self, asked: Thing) -> Thing:
        intent = self._get(asked.get("payment_intent", ""), "payment_intent")
        charge = self.things.get(intent["latest_charge"] or "")
        if charge is None:
            raise invalid("charge_not_captured")
        if charge["disputed"]:
            raise invalid("charge_disputed")
        left = charge["amount"] - charge["amount_refunded"]
        amount = int(asked.get("amount", left))
        if not 0 < amount <= left:
            raise invalid("charge_already_refunded" if left == 0 else "amount_too_large")
        made = self._new(
            "re", "refund", amount=amount, currency=charge["currency"], status="succeeded",
            charge=charge["id"], payment_intent=intent["id"], reason=None,
            metadata=asked.get("metadata", {}), failure_reason=None,
        )
        charge["amount_refunded"] += amount
        self._emit("charge.refunded", charge)
        return made

    def _get(self, name: str, kind: str) -> Thing:
        found = self.things.get(name)
        if found is None or found["object"] != kind:
            raise invalid("resource_missing", 404)
        return found

    # The API

    def _answer(self, method: str, path: str, asked: Thing) -> Thing:
        kinds = {"checkout/sessions": "checkout.session", "payment_intents": "payment_intent"}
        found = re.fullmatch(r"/v1/(checkout/sessions|payment_intents)/(\w+)(/expire)?", path)
        if method == "POST" and path == "/v1/checkout/sessions":
            return self._shown(self._open(asked))
        if method == "POST" and path == "/v1/refunds":
            return self._refund(asked)
        if method == "POST" and found and found[3]:
            return self._shown(self._close(found[2]))
        if method == "GET" and found and not found[3]:
            wide = bool(asked.get("expand"))
            return self._shown(self._get(found[2], kinds[found[1]]), wide=wide)
        if method == "GET" and path in {"/v1/refunds", "/v1/disputes"}:
            listed = self._all(path[4:-1], asked["payment_intent"])
            return {"object": "list", "data": listed, "has_more": False, "url": path}
        if method == "GET" and path == "/v1/events":
            return {"object": "list", "data": self.sent[::-1], "has_more": False, "url": path}
        raise invalid("url_invalid", 404)

    def _shown(self, thing: Thing, *, wide: bool = False) -> Thing:
        shown = {name: value for name, value in thing.items() if name != "about"} | self.wrong
        if wide and thing.get("payment_intent"):
            intent = dict(self.things[thing["payment_intent"]]) | self.wrong
            charge = self.things.get(intent["latest_charge"] or "")
            shown["payment_intent"] = intent | {"latest_charge": charge}
        return shown

    def _once(self, key: str, method: str, path: str, asked: Thing) -> tuple[int, Thing, bool]:
        """The answer under an idempotency key, and whether it is a replay."""
        print_of = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        with self.lock:
            if key in self.running:
                raise Refusal(409, "idempotency_error", "idempotency_key_in_use", kept=False)
            if key in self.answers:
                first_path, first_print, status, body = self.answers[key]
                if (first_path, first_print) != (path, print_of):
                    raise Refusal(400, "idempotency_error", "idempotency_mismatch", kept=False)
                return status, body, True
            self.running.add(key)
        try:
            if self.gate is not None:
                self.gate.wait(10)
            with self.lock:
                body = self._answer(method, path, asked)
                status = 200
                if self.after_commit == "500":
                    status, body = 500, Refusal(500, "api_error", "server_error").body
                self.answers[key] = (path, print_of, status, body)
            return status, body, False
        finally:
            self.running.discard(key)

    def __call__(self, environ: Thing, start: Callable[..., Any]) -> list[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        if path.startswith("/c/pay/"):
            return self._page(method, path.rpartition("/")[2], sent, start)
        self.asked.append((method, path))
        time.sleep(self.slow)
        asked = nested(sent if method == "POST" else environ.get("QUERY_STRING", ""))
        replayed = False
        try:
            if self.away:
                raise Refusal(503, "api_error", "away", kept=False)
            if environ.get("HTTP_AUTHORIZATION") != f"Bearer {self.key}":
                raise invalid("api_key_invalid", 401)
            key = environ.get("HTTP_IDEMPOTENCY_KEY") or uuid4().hex
            if method == "POST":
                status, body, replayed = self._once(key, method, path, asked)
            else:
                with self.lock:
                    status, body = 200, self._answer(method, path, asked)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        if method == "POST" and self.after_commit:
            how, self.after_commit = self.after_commit, ""
            if how == "cut":
                environ["fake.cut"]()
        heads = [("Content-Type", "application/json"), ("Request-Id", f"req_{uuid4().hex}")]
        start(f"{status} .", heads + [("Idempotent-Replayed", "true")] * replayed)
        return [json.dumps(body).encode()]

    def _page(self, method: str, name: str, sent: str, start: Callable[..., Any]) -> list[bytes]:
        """The hosted page."""
        session = self.things[name]
        if method == "POST":
            getattr(self, {"pay": "pay", "fail": "fail"}[parse_qs(sent)["button"][0]])(name)
            start("303 .", [("Location", session["success_url"])])
            return [b""]
        start("200 .", [("Content-Type", "text/html; charset=utf-8")])
        shown = {"amount": session["amount_total"], "currency": session["currency"]}
        return [PAGE.format(**shown, cancel=session["cancel_url"]).encode()]


def nested(form: str) -> Thing:
    """`a[b][0]=c` as dictionaries in each other."""
    made: Thing = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        place = made
        for step in rest:
            place, first = place.setdefault(first, {}), step
        place[first] = value
    return made


@contextlib.contextmanager
def serving(fake: FakeStripe) -> Iterator[FakeStripe]:
    """The fake at an address of this machine."""
    with served(fake) as base:
        fake.base = base
        yield fake
