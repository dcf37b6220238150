"""Programs order: everything from the hold to the payment's beginning, once for each key.

The units are held and the key is kept in one transaction: a repetition finds both or neither, and
goes on where the first request was cut off. Its answer is kept once, and repeated as it is.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from cdm_portal import parameters
from cdm_portal.journal.record import record
from cdm_portal.refusals import Invalid
from cdm_portal.values import Actor
from offsets import keys, locks, ordered, queries, quoting
from offsets.actions.buying import give_details, order_items
from offsets.actions.fulfilling import fulfil
from offsets.actions.paying import begin_payment, receive_event
from offsets.errors import HoldEnded, NotPayableSo, ProviderOff
from offsets.models import ApiOrder, Order
from offsets.payments import actions as book
from offsets.payments import providers, sandbox
from offsets.program_errors import OtherBody, StillRunning, TooManyOpen
from offsets.values import Item

State = Order.State
KEYS = UUID("5f5b0f6e-3a0f-5b0a-9b57-3f3c7d0f6f15")
"""The name space of the keys that programs choose."""
WAIT = "wait"
OUTCOMES = {"pay": "pay", "decline": "decline", "wrong_amount": "wrong", "twice": "twice"}
"""By what a test key asks for, the button of the sandbox; `wait` presses none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A program's order: its Idempotency-Key, the hash of its body, and what is in it."""

    idempotency_key: str
    sha256: str
    lines: Sequence[Item]
    details: dict[str, Any]
    payment: str = ""
    outcome: str = WAIT


def place_order(
    *, actor: Actor, at: datetime, holder: keys.Holder, asked: Asked
) -> tuple[ApiOrder, bool]:
    """Hold, give the details and begin to pay; answers the kept answer, and whether it is a
    repetition. A test key's payment ends as it asks for, and a paid one is cancelled at once.

    Call it inside no transaction. Raises StillRunning, OtherBody, TooManyOpen, HoldEnded, and
    whatever ordering by the pages raises; what is refused before units are held leaves nothing
    behind, its Idempotency-Key may be used again.
    """
    name = f"{holder.principal}:{asked.idempotency_key}"
    with locks.sole_request(name) as free:
        if not free:
            raise StillRunning("The first request with this Idempotency-Key is not done yet.")
        known = _known(holder, asked)
        if known is not None and known.answer:
            return known, True
        placed = known or _place(actor, at, holder, asked, uuid5(KEYS, name))
        _carry_on(actor, at, holder, asked, placed.order_id)
        return _answered(at, placed), False


def _place(
    actor: Actor, at: datetime, holder: keys.Holder, asked: Asked, key: UUID
) -> ApiOrder:
    """The order with its units held and its key beside it: both, or neither."""
    with transaction.atomic():
        locks.buyer(holder.principal)
        _ask_open(holder, at)
        quoting.ask_offers(asked.lines, holder)
        _provider(asked, holder)
        order = order_items(
            actor=actor, at=at, items=asked.lines, order_key=key, anonymous=False
        )
        give_details(at=at, order_id=order.pk, **asked.details)
        if why_not := providers.get(_provider(asked, holder)).why_not(queries.order(order.pk)):
            raise NotPayableSo(why_not, field="payment")
        placed = ApiOrder.objects.create(
            order=order, key_id=holder.key_id, organisation_id=holder.organisation_id,
            test=holder.test, idempotency_key=asked.idempotency_key,
            request_sha256=asked.sha256, at=at,
        )
        record("offsets.place_order", actor=actor, subject=order, at=at,
               facts={"key": holder.key_id, "test": holder.test})
    return placed


def _carry_on(
    actor: Actor, at: datetime, holder: keys.Holder, asked: Asked, order_id: int
) -> None:
    """From wherever the order stands to its payment page, or to the end that a test key asks for:
    a request that was cut off is taken up by its repetition.
    """
    ends = holder.test and asked.outcome != WAIT
    state = queries.order(order_id).state
    if state == State.EXPIRED:
        raise HoldEnded("The order ran out of time before its payment began: order once more.")
    if state in {State.CHECKOUT, State.PAYMENT_PENDING} or (state == State.FAILED and not ends):
        begin_payment(at=at, order_id=order_id, provider=_provider(asked, holder))
    if ends:
        _settle(actor, at, queries.order(order_id), OUTCOMES[asked.outcome])
        if queries.order(order_id).state == State.PAID:
            fulfil(at=at, order_id=order_id)


def _answered(at: datetime, placed: ApiOrder) -> ApiOrder:
    """Keep what is answered from now on, whatever becomes of the order."""
    with transaction.atomic():
        order = queries.by_code(queries.order(placed.order_id).code)
        placed.answer = json.dumps(ordered.told(order, test=placed.test))
        placed.save(update_fields=["answer"])
    return placed


def _known(holder: keys.Holder, asked: Asked) -> ApiOrder | None:
    """The order that this key began. Raises OtherBody."""
    known = ApiOrder.objects.filter(
        organisation_id=holder.organisation_id, test=holder.test,
        idempotency_key=asked.idempotency_key,
    ).first()  # fmt: skip
    if known is not None and known.request_sha256 != asked.sha256:
        raise OtherBody.of("Idempotency-Key", "This key was used before with another body.")
    return known


def _ask_open(holder: keys.Holder, at: datetime) -> None:
    most = parameters.number("api_open_orders", at.date())
    waiting = Order.objects.filter(
        by_api__organisation_id=holder.organisation_id, by_api__test=holder.test,
        state__in=Order.OPEN, held_until__gt=at,
    ).count()  # fmt: skip
    if waiting >= most:
        raise TooManyOpen(f"{most} unpaid orders hold units already: pay or cancel one first.")


def _provider(asked: Asked, holder: keys.Holder) -> str:
    """Which provider is paid: the sandbox by a test key, else the one named or the only one."""
    offered = [each.slug for each in providers.available()]
    if holder.test:
        if asked.payment not in {"", "sandbox"}:
            raise Invalid.of("payment", "A test key pays in the sandbox.")
        if "sandbox" not in offered:
            raise ProviderOff("The sandbox is switched off here: a test key reads and quotes only.")
        return "sandbox"
    if not offered:
        raise ProviderOff("No way of paying is switched on here.")
    if asked.payment not in offered and (asked.payment or len(offered) > 1):
        raise Invalid.of("payment", f"Name a way of paying: {', '.join(offered)}.")
    return asked.payment or offered[0]


def _settle(actor: Actor, at: datetime, order: Order, button: str) -> None:
    """End a payment in the sandbox: it books, signs its message, and the message is read."""
    if order.state != State.PAYMENT_PENDING:
        return
    reference = queries.open_attempt(order).uuid
    payment = book.press(actor=actor, at=at, reference=reference, button=button)
    raw, headers = sandbox.message(payment, at)
    for _time in range(2 if button == "twice" else 1):
        event = providers.get("sandbox").parse_event(raw, headers, at)
        if event is not None:
            receive_event(at=at, provider="sandbox", event=event)
