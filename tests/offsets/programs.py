"""A program with a key, for tests of the API."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cdm_portal.values import Actor
from offsets import actions
from offsets.models import ApiKey, Offer
from tests.offsets.conftest import Shop

BODY: dict[str, Any] = {
    "beneficiary": {"name": "Amina Otieno", "reason": "Flights of 2026"},
    "email": "amina@example.org",
}


class Program:
    """Asks `/api/v1/` with a key, as somebody's program would."""

    def __init__(
        self, shop: Shop, actor: Actor | None = None, *, test: bool = True, may_order: bool = True
    ) -> None:
        self.key: ApiKey
        self.key, self.token = actions.make_key(
            actor=actor or shop.cast.buyer, at=shop.at, label="Bookkeeping", test=test,
            may_order=may_order, days=30,
        )

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request, from a connection of its own."""
        client = Client(raise_request_exception=False)
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.token}"} | headers, **given
        )

    def get(self, path: str) -> Any:
        return self.ask("get", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("post", path, {} if body is None else body, **headers)

    def order(self, offer: Offer, tonnes: Any = 2, key: str = "order-1", **more: Any) -> Any:
        line = {"offer": f"off_{offer.pk}", "tonnes": tonnes, "price_version": offer.price_version}
        paid = {} if self.key.test else {"payment": "sandbox"}  # of several a live key names one
        body = BODY | {"lines": [line]} | paid | more
        return self.post("orders/", body, **{"Idempotency-Key": key})
