"""What a public page and a checkout cost beside an empty view and a page of one question.

All go through the whole middleware stack, in one process, by turns, on a private and durable
cluster. Counted is the processor's time of this process and of its database process: what else the
machine does makes a look at the clock longer, but adds next to nothing to this. The time that a
commit waits for the disk is not in it; the clock's own ratio is printed beside it.
"""

from __future__ import annotations

import importlib
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path

from cdm_portal import clock, formats
from offsets.models import Offer
from tests.benchmarks.places import processor

AFRESH = {"Cache-Control": "no-cache"}
ROUNDS, LOOKS, SHORT = 9, 4, 80
"""Of what takes half a millisecond more looks are counted as one: less of it is chance."""
MOST_OF_A_KEPT_PAGE, LEAST_OF_A_CHECKOUT = 1.1, 0.35
ONE = engines["django"].from_string("{{ offer }} at {{ price }}")
FRAMED = engines["django"].from_string(
    '{% extends "public.html" %}{% block content %}<p>{{ offer }} at {{ price }}</p>{% endblock %}'
)


def empty(_request: HttpRequest) -> HttpResponse:
    """Nothing asked, nothing said."""
    return HttpResponse("")


def one_question(_request: HttpRequest, pk: int) -> HttpResponse:
    """One row by its key, in a template without a frame."""
    return HttpResponse(ONE.render(_asked(pk)))


def one_question_framed(request: HttpRequest, pk: int) -> HttpResponse:
    """The same row in the frame that every public page has."""
    return HttpResponse(FRAMED.render(_asked(pk), request))


def _asked(pk: int) -> dict[str, str]:
    offer = Offer.objects.only("price", "commitment_period").get(pk=pk)
    return {"offer": offer.commitment_period, "price": formats.usd(offer.price)}


urlpatterns = [
    path("empty/", empty), path("healthz/empty/", empty), path("one/<int:pk>/", one_question),
    path("framed/<int:pk>/", one_question_framed),
    path("", include("cdm_portal.urls")),
]


@dataclass
class Cost:
    """Of one kind of request: the processor's and the clock's seconds, one number a round."""

    processor: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)


def by_turns(
    calls: Mapping[str, Callable[[], object]], rounds: int = ROUNDS, looks: int = LOOKS
) -> dict[str, Cost]:
    """Each kind some times in every round, in one order and then in the other."""
    costs = {name: Cost() for name in calls}
    for number in range(rounds):
        for name in list(calls)[:: 1 if number % 2 else -1]:
            calls[name]()  # a page that is kept for seconds is kept again; not counted
            begun, used = time.perf_counter(), processor()
            for _look in range(looks):
                calls[name]()
            costs[name].processor.append((processor() - used) / looks)
            costs[name].clock.append((time.perf_counter() - begun) / looks)
    return costs


def ratio(costs: Mapping[str, Cost], one: str, other: str, what: str = "processor") -> float:
    """How many times the cost of the other: the median of the rounds, in each of which both ran."""
    pairs = zip(getattr(costs[one], what), getattr(costs[other], what), strict=True)
    found: float = statistics.median(a / b for a, b in pairs)
    return found


KEPT = ("/", "/projects/", "/projects/{number}/", "/methodologies/", "/registry/totals/")


def pages(number: str, offer: int) -> dict[str, Cost]:
    """Kept public pages, the empty views, a page of one question, and the same pages afresh."""
    visitor = Client()
    calls: dict[str, Callable[[], object]] = {
        "empty": lambda: visitor.get("/empty/"),
        "empty, no snapshot": lambda: visitor.get("/healthz/empty/"),
        "one question": lambda: visitor.get(f"/one/{offer}/"),
    }
    addresses = [each.format(number=number) for each in KEPT]
    afresh = {
        f"{address} afresh": partial(visitor.get, address, headers=AFRESH)
        for address in addresses
    }
    kept = {address: partial(visitor.get, address) for address in addresses}
    with override_settings(ROOT_URLCONF=__name__):
        return by_turns(calls | kept, looks=SHORT) | by_turns(afresh)


def checkouts(offer: Offer) -> dict[str, Cost]:
    """Somebody new holds a tonne and is led to the checkout, beside pages of one question."""
    stranger = Client()  # one for all, since each loads the middleware; known by no cookie

    def buy() -> None:
        stranger.cookies.clear()
        answer = stranger.post("/orders/new/", {
            "offer": offer.pk, "quantity": 1, "price_version": offer.price_version,
            "order_key": str(uuid4()),
        })
        assert answer.status_code == 302, answer.content

    def look(address: str) -> None:
        stranger.cookies.clear()
        answer = stranger.get(f"/{address}/{offer.pk}/")
        assert answer.status_code == 200, answer.content

    with override_settings(ROOT_URLCONF=__name__):
        return by_turns({
            "checkout": buy, "one question": partial(look, "one"),
            "one question, framed": partial(look, "framed"),
        })


def bench(say: Callable[[str], object], *, out: Path | None = None) -> bool:
    """Measure both on a shop with one project; whether they are within what was promised."""
    cluster = importlib.import_module("tests.benchmarks.cluster")
    shops = importlib.import_module("tests.offsets.conftest")
    cast = importlib.import_module("tests.cast")
    settings.ALLOWED_HOSTS = ["testserver"]
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as home, cluster.migrated(Path(home)):
        settings.STATIC_ROOT = Path(home) / "static"
        call_command("collectstatic", interactive=False, verbosity=0)
        shop = shops.opened(cast.Cast.assemble(), clock.now())
        shop.issue(9_000)
        offer = shop.offer(10_000)
        kept, bought = pages(shop.project.name, offer.pk), checkouts(offer)
    right = told(say, kept, bought)
    if out is not None:
        rows = {"pages": spent(kept), "checkouts": spent(bought)}
        with out.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(rows) + "\n")
    return right


def spent(costs: Mapping[str, Cost]) -> dict[str, float]:
    """Milliseconds of the processor for each kind, the median."""
    return {name: round(statistics.median(cost.processor) * 1000, 3)
            for name, cost in costs.items()}


def told(
    say: Callable[[str], object], kept: Mapping[str, Cost], bought: Mapping[str, Cost]
) -> bool:
    """The table; whether every kept page and the checkout are within what was promised."""
    say("ms of processor   x empty   x empty without snapshot   x one question")
    for name, spent_ms in spent(kept).items():
        beside = [
            ratio(kept, name, other) for other in ("empty", "empty, no snapshot", "one question")
        ]
        say(f"{name:<34} {spent_ms:7.3f} " + " ".join(f"{each:7.2f}" for each in beside))
    addresses = [name for name in kept if name.startswith("/") and not name.endswith("afresh")]
    most = max(ratio(kept, name, "empty") for name in addresses)
    say(f"kept pages cost at most {most:.2f} of an empty view; wanted {MOST_OF_A_KEPT_PAGE}")
    for beside in ("one question", "one question, framed"):
        rate = ratio(bought, beside, "checkout")
        by_clock = ratio(bought, beside, "checkout", "clock")
        say(f"checkouts come at {rate:.2f} the rate of a page of {beside} ({by_clock:.2f} by the "
            "clock)")
    say(f"wanted {LEAST_OF_A_CHECKOUT}; ms of processor: {spent(bought)}")
    return most <= MOST_OF_A_KEPT_PAGE and rate >= LEAST_OF_A_CHECKOUT
