"""A small registry to read."""

import pytest

from tests.registry.ledger import Ledger


@pytest.fixture
def shop(ledger: Ledger) -> Ledger:
    """One project issued, forwarded, on offer and partly cancelled."""
    ledger.issued(1000, 20)
    ledger.forwarded(600)
    (lot,) = ledger.lots(300)
    ledger.cancelled(lot, 12)
    ledger.cancelled(lot, 5)
    ledger.issued(50, 0, project_number="95002", party_code="UG", commitment_period=1)
    return ledger
