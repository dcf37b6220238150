"""Quotes and orders of programs, by `/api/v1/`.

Every number is read strictly (offsets.asked); what cannot be used is named field by field. An order
is placed once for each Idempotency-Key, which belongs to the organisation.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cdm_portal import clock
from cdm_portal.pages import api_ordered as shapes
from cdm_portal.pages.api_keyed import KeyAuthentication, WithKey, holder, problems
from cdm_portal.refusals import Invalid
from offsets import actions, asked, ordered, quoting
from offsets.actions.ordering import OUTCOMES, WAIT, Asked
from offsets.keys import Holder
from offsets.models import ApiOrder, Order
from offsets.program_errors import BodyTooLarge, IdempotencyKeyMissing

LONGEST_KEY = 255
LARGEST_BODY = 65_536
PLACES = {name: f"beneficiary.{name}" for name in ("name", "reference", "reason")}
"""Where the shop's fields stand in a body."""
DETAILS = {"name": 120, "reference": 60, "reason": 500}
KNOWN = {"quote", "lines", "beneficiary", "email", "payment", "sandbox"}
KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description=f"1 to {LONGEST_KEY} printable ASCII characters, new for each order. Sent again "
    "with the same body it answers the same, with Idempotent-Replayed: true; it never runs out.",
)  # fmt: skip


def _body(request: Request) -> asked.Reading:
    """The body, an object of text that can be kept. Raises BodyTooLarge, Invalid."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise BodyTooLarge(f"A body has at most {LARGEST_BODY} bytes.")
    try:
        data = request.data
        json.dumps(data, ensure_ascii=False).encode()
    except RecursionError as error:
        raise Invalid.of("", "The body is nested too deeply.") from error
    except UnicodeEncodeError as error:
        raise Invalid.of("", "The body holds half a character, which cannot be kept.") from error
    if not isinstance(data, dict):
        raise Invalid.of("", "The body is an object.")
    return asked.Reading(data)


class Quotes(APIView):
    """What tonnes cost now."""

    permission_classes = (WithKey,)
    authentication_classes = (KeyAuthentication,)

    @extend_schema(
        operation_id="v1_quotes_create", request=shapes.QUOTE_ASKED,
        responses={200: shapes.QUOTE, **problems(s422="What was sent cannot be used.")},
        examples=[
            OpenApiExample("By tonnes and by a sum", shapes.QUOTE_SENT, request_only=True),
            OpenApiExample("Quote", shapes.QUOTE_SHOWN, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """Price whole tonnes, or say how many a sum buys and what is left of it. A quote holds no
        units and is kept nowhere; its price stands while the offer's `price_version` does.
        """
        return Response(quoting.quote(_body(request), holder(request), clock.now()))


class Orders(APIView):
    """Orders of programs."""

    permission_classes = (WithKey,)
    authentication_classes = (KeyAuthentication,)

    @extend_schema(
        operation_id="v1_orders_create", request=shapes.ORDER_ASKED, parameters=[KEY],
        responses={201: shapes.ORDER, **problems(
            s400="No Idempotency-Key.", s403="The key may read only.",
            s409="The first request with this Idempotency-Key still runs (see Retry-After); or the "
            "price has changed, the quote has ended, the offer is closed, or too many are unpaid.",
            s422="What was sent cannot be used, or the Idempotency-Key was used with another body.",
        )},
        examples=[
            OpenApiExample("From a quote", shapes.ORDER_SENT, request_only=True),
            OpenApiExample("By lines", shapes.LINES_SENT, request_only=True),
            OpenApiExample("Order", shapes.ORDER_SHOWN, response_only=True, status_codes=["201"]),
        ],
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """Hold units and begin to pay. `next` says where a person pays, until `held_until`."""
        who, at = holder(request, order=True), clock.now()
        placed, again = _placed(who, at, _order(_body(request), who, _key(request), at))
        answer = HttpResponse(placed.answer, status=201, content_type="application/json")
        answer["Location"] = json.loads(placed.answer)["url"]
        if again:
            answer["Idempotent-Replayed"] = "true"
        return answer


class OrderDetail(APIView):
    """One order."""

    permission_classes = (WithKey,)
    authentication_classes = (KeyAuthentication,)

    @extend_schema(
        operation_id="v1_orders_retrieve",
        responses={200: shapes.ORDER_IN_FULL, **problems(s404="No order of yours.")},
        examples=[OpenApiExample("Order", shapes.WHOLE_SHOWN, response_only=True)],
    )
    def get(self, request: Request, code: str) -> Response:
        """An order of one's own organisation, as it stands now. Orders of test and of live keys do
        not know of each other.
        """
        who = holder(request)
        return Response(ordered.in_full(ordered.by(who, code), test=who.test))


class OrderCancel(APIView):
    """Going back from an order."""

    permission_classes = (WithKey,)
    authentication_classes = (KeyAuthentication,)

    @extend_schema(
        operation_id="v1_orders_cancel", request=None,
        responses={200: shapes.ORDER_IN_FULL, **problems(
            s403="The key may read only.", s404="No order of yours.",
            s409="It is paid: what is cancelled in the registry never comes back.",
        )},
        examples=[OpenApiExample("Order", shapes.ENDED_SHOWN, response_only=True,
                                 status_codes=["200"])],
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """Give the units of an unpaid order free. Sent again it answers the same."""
        who = holder(request, order=True)
        found = ordered.by(who, code)
        if found.state != Order.State.EXPIRED:
            actions.cancel_order(at=clock.now(), order_id=found.pk)
        return Response(ordered.in_full(ordered.by(who, code), test=who.test))


def _placed(who: Holder, at: datetime, given: Asked) -> tuple[ApiOrder, bool]:
    """What the action answers; its refusals name the fields of the body."""
    try:
        return actions.place_order(actor=who.actor, at=at, holder=who, asked=given)
    except Invalid as wrong:
        errors = {PLACES.get(name, name): said for name, said in wrong.errors.items()}
        raise Invalid(errors, code=wrong.code) from wrong


def _key(request: Request) -> str:
    text = request.headers.get("Idempotency-Key")
    if text is None:
        raise IdempotencyKeyMissing("Send an Idempotency-Key, new for each order.")
    if not (1 <= len(text) <= LONGEST_KEY and text.isascii() and text.isprintable()):
        raise Invalid.of("Idempotency-Key", f"Use 1 to {LONGEST_KEY} printable ASCII characters.")
    return text


def _order(body: asked.Reading, who: Holder, key: str, at: datetime) -> Asked:
    """What the action takes. Raises Invalid by field, QuoteEnded."""
    body.only(KNOWN)
    by_quote = "quote" in body.given
    if by_quote == ("lines" in body.given):
        body.wrong("lines", "Send a quote, or lines; one of the two.")
    lines = [] if by_quote or "lines" not in body.given else quoting.items(body)
    quoted = body.text("quote", longest=quoting.LONGEST) if by_quote else ""
    outcome = body.choice("sandbox", [WAIT, *OUTCOMES], WAIT)
    if "sandbox" in body.given and not who.test:
        body.wrong("sandbox", "Only a test key chooses how a payment ends.")
    details, payment = _details(body), body.text("payment", longest=40)
    if body.errors:
        raise Invalid(body.errors)
    if by_quote:
        lines = quoting.read(quoted, who, at)
    sent = json.dumps(body.given, sort_keys=True, separators=(",", ":")).encode()
    return Asked(key, hashlib.sha256(sent).hexdigest(), lines, details, payment, outcome)


def _details(body: asked.Reading) -> dict[str, Any]:
    whose = body.inner("beneficiary")
    whose.only({"name", "public", "on_behalf", "reference", "reason"})
    return {
        "name": whose.text("name", required="Whose emissions are these?", longest=DETAILS["name"]),
        "public": whose.flag("public"), "on_behalf": whose.flag("on_behalf"),
        "reference": whose.text("reference", longest=DETAILS["reference"]),
        "reason": whose.text("reason", longest=DETAILS["reason"]),
        "email": body.text("email", required="Where is the certificate’s link sent?", longest=254),
    }
