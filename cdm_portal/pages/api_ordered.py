"""How quotes and orders look in the schema of `/api/v1/`, with an example of each."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from offsets.actions.ordering import OUTCOMES, WAIT
from offsets.models import Order

STATES = list(Order.State.values)


def _many(name: str, fields: dict[str, Any], **given: Any) -> serializers.Field[Any, Any, Any, Any]:
    return serializers.ListField(child=inline_serializer(name, fields), **given)


QUOTE_ASKED = inline_serializer(
    "QuoteAsked",
    {"lines": _many("QuoteLineAsked", {
        "offer": serializers.CharField(),
        "tonnes": serializers.CharField(required=False, help_text="Whole tonnes, or total_cents."),
        "total_cents": serializers.IntegerField(
            required=False, help_text="A sum in US cents: as many whole tonnes as it buys."
        ),
    })},
)  # fmt: skip
LINE: dict[str, Any] = {
    "offer": serializers.CharField(), "project": serializers.CharField(),
    "tonnes": serializers.CharField(), "price_cents": serializers.IntegerField(),
    "total_cents": serializers.IntegerField(),
}
QUOTE = inline_serializer(
    "Quote",
    {
        "quote": serializers.CharField(help_text="Signed; send it with the order."),
        "test": serializers.BooleanField(),
        "lines": _many("QuoteLine", LINE | {
            "price_version": serializers.IntegerField(),
            "rest_cents": serializers.IntegerField(
                allow_null=True, help_text="What is left of the sum; null when asked by tonnes."
            ),
        }),
        "tonnes": serializers.CharField(), "fees_cents": serializers.IntegerField(),
        "total_cents": serializers.IntegerField(), "currency": serializers.ChoiceField(["USD"]),
        "expires_at": serializers.DateTimeField(),
        "holds_units": serializers.BooleanField(help_text="False: only an order holds units."),
    },
)  # fmt: skip
BENEFICIARY: dict[str, Any] = {
    "name": serializers.CharField(help_text="Printed on the certificate."),
    "public": serializers.BooleanField(
        required=False, help_text="Shows name and reason in the public register; false if left out."
    ),
    "on_behalf": serializers.BooleanField(required=False, help_text="An organisation’s emissions."),
    "reference": serializers.CharField(required=False), "reason": serializers.CharField(
        required=False),
}  # fmt: skip
ORDER_ASKED = inline_serializer(
    "OrderAsked",
    {
        "quote": serializers.CharField(required=False, help_text="Or lines."),
        "lines": _many("OrderLineAsked", {
            "offer": serializers.CharField(), "tonnes": serializers.CharField(),
            "price_version": serializers.IntegerField(help_text="The one that you saw."),
        }, required=False),
        "beneficiary": inline_serializer("BeneficiaryAsked", dict(BENEFICIARY)),
        "email": serializers.EmailField(help_text="The certificate’s link is sent there."),
        "payment": serializers.CharField(
            required=False, help_text="A way of paying, where several are switched on."
        ),
        "sandbox": serializers.ChoiceField(
            [WAIT, *OUTCOMES], required=False,
            help_text="With a test key: how the payment ends. `wait` leaves it to the page `next`.",
        ),
    },
)  # fmt: skip
ORDER_FIELDS: dict[str, Any] = {
    "code": serializers.CharField(), "test": serializers.BooleanField(),
    "state": serializers.ChoiceField(STATES), "tonnes": serializers.CharField(),
    "total_cents": serializers.IntegerField(), "currency": serializers.ChoiceField(["USD"]),
    "lines": _many("OrderLine", LINE | {
        "serials": serializers.ListField(child=serializers.CharField()),
    }),
    "started_at": serializers.DateTimeField(), "held_until": serializers.DateTimeField(),
    "paid_at": serializers.DateTimeField(allow_null=True),
    "fulfilled_at": serializers.DateTimeField(allow_null=True),
    "next": inline_serializer("NextStep", {
        "payment": serializers.CharField(), "url": serializers.URLField(),
    }, allow_null=True, help_text="Where a person pays, while the order waits for it."),
    "certificate": serializers.CharField(allow_null=True), "url": serializers.URLField(),
}  # fmt: skip
ORDER = inline_serializer("Order", dict(ORDER_FIELDS))
ORDER_IN_FULL = inline_serializer(
    "OrderInFull",
    ORDER_FIELDS | {
        "beneficiary": inline_serializer("Beneficiary", {
            name: type(field)() for name, field in BENEFICIARY.items()
        }),
        "email": serializers.CharField(), "note": serializers.CharField(),
    },
)  # fmt: skip

QUOTE_SENT = {"lines": [{"offer": "off_12", "tonnes": 5}, {"offer": "off_9", "total_cents": 2500}]}
QUOTE_SHOWN = {
    "quote": ".eJyrVkpSslIyMdBRKs…:Rk3c…", "test": True,
    "lines": [
        {"offer": "off_12", "project": "99204", "tonnes": "5", "price_cents": 480,
         "price_version": 1, "total_cents": 2400, "rest_cents": None},
        {"offer": "off_9", "project": "99187", "tonnes": "7", "price_cents": 350,
         "price_version": 3, "total_cents": 2450, "rest_cents": 50},
    ],
    "tonnes": "12", "fees_cents": 0, "total_cents": 4850, "currency": "USD",
    "expires_at": "2026-03-04T09:15:00Z", "holds_units": False,
}  # fmt: skip
WHOSE = {"name": "Amina Otieno", "public": False, "reason": "Flights of 2026"}
ORDER_SENT = {
    "quote": ".eJyrVkpSslIyMdBRKs…:Rk3c…", "beneficiary": WHOSE, "email": "amina@example.org",
    "sandbox": "pay",
}
LINES_SENT = {
    "lines": [{"offer": "off_12", "tonnes": 5, "price_version": 1}], "beneficiary": WHOSE,
    "email": "amina@example.org",
}
CODE = "ord_6f1c0b6e5d7a4f0c9a1b2c3d4e5f6071"
ORDER_SHOWN: dict[str, Any] = {
    "code": CODE, "test": True, "state": "payment_pending", "tonnes": "5", "total_cents": 2400,
    "currency": "USD",
    "lines": [{"offer": "off_12", "project": "99204", "tonnes": "5", "price_cents": 480,
               "total_cents": 2400, "serials": []}],
    "started_at": "2026-03-04T09:00:00Z", "held_until": "2026-03-04T09:20:00Z", "paid_at": None,
    "fulfilled_at": None, "certificate": None,
    "next": {"payment": "sandbox", "url":
             "https://portal.example.org/pay/sandbox/0b8e2c1e-5c4b-4d7e-9a55-1f0a5b6c7d8e/"},
    "url": f"https://portal.example.org/api/v1/orders/{CODE}/",
}  # fmt: skip
PERSONAL = {
    "beneficiary": WHOSE | {"on_behalf": False, "reference": ""}, "email": "amina@example.org",
    "note": "",
}
WHOLE_SHOWN = ORDER_SHOWN | PERSONAL
ENDED_SHOWN = WHOLE_SHOWN | {"state": "expired", "next": None}
