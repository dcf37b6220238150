"""The ways of paying under the contract, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.offsets.conftest import Shop
from tests.offsets.contract.bank_harness import InvoiceHarness
from tests.offsets.contract.harness import Harness, SandboxHarness, StripeHarness
from tests.offsets.contract.tampers import FILES, MESSAGES
from tests.offsets.fakestripe import FakeStripe, serving

HARNESSES: dict[str, type[Harness]] = {
    each.slug: each for each in (SandboxHarness, StripeHarness, InvoiceHarness)
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each case for each way, but where the way has another case instead; each with its forgeries.
    """
    if "way" not in metafunc.fixturenames:
        return
    slugs = [
        slug for slug, made in HARNESSES.items() if metafunc.function.__name__ not in made.differs
    ]
    if "tamper" not in metafunc.fixturenames:
        metafunc.parametrize("way", slugs, indirect=True)
        return
    told = [
        pytest.param(slug, tamper, id=f"{slug}-{name}")
        for slug in slugs
        for name, tamper in (FILES if slug == InvoiceHarness.slug else MESSAGES).items()
    ]
    metafunc.parametrize(("way", "tamper"), told, indirect=["way"])


@pytest.fixture(scope="session")
def served() -> Iterator[FakeStripe]:
    """One server for all tests; its books grow, its knobs are put back."""
    with serving(FakeStripe(datetime(2024, 3, 4, 9, 0, tzinfo=UTC))) as fake:
        yield fake


@pytest.fixture
def fake(served: FakeStripe, settings: Any) -> Iterator[FakeStripe]:
    """The payment company, switched on here and well-behaved."""
    settings.STRIPE_SECRET_KEY = served.key
    settings.STRIPE_WEBHOOK_SECRET = served.secret
    settings.STRIPE_API = settings.STRIPE_PAGES = served.base
    settings.STRIPE_RETRIES = 1
    settings.PAYMENT_PROVIDERS = ["stripe_checkout", "sandbox"]
    yield served
    served.__init__(served.now, served.base)  # type: ignore[misc] # as new, at its address


@pytest.fixture
def way(request: pytest.FixtureRequest, shop: Shop, settings: Any) -> Harness:
    """A way of paying and its other side."""
    if request.param == "sandbox":
        settings.PAYMENT_PROVIDERS = ["sandbox"]
        return SandboxHarness(shop, settings)
    if request.param == "invoice":
        return InvoiceHarness(shop, settings)
    return StripeHarness(shop, request.getfixturevalue("fake"))


@pytest.fixture
def invoice(shop: Shop, settings: Any) -> InvoiceHarness:
    """The bank alone."""
    return InvoiceHarness(shop, settings)
