"""The owner of the shop's tables attacks the bank's records; each wall is then taken down to see
that it was the wall. That none is left out: test_attacks.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from offsets import actions
from offsets.models import Refund
from tests.offsets import attacks_on_bank as attacks
from tests.offsets.bank_files import PAYER, credit
from tests.offsets.conftest import Shop
from tests.offsets.test_attacks import meets_what_is_left, run, settle
from tests.offsets.test_invoices import bring, invoiced, pay, send_back

pytestmark = pytest.mark.usefixtures("db")
PAST = date(2010, 3, 1)
IDS = [f"{a.table.removeprefix('offsets_')}.{a.wall}" for a in attacks.ALL]


@pytest.fixture
def assault(shop: Shop) -> Shop:
    """The state that the attacks are written for: see attacks_on_bank.py."""
    first = invoiced(shop).order_id
    for n, amount in enumerate(("90.00", "1.00", "2.00")):
        pay(shop, credit(first, amount, bank=f"A{n}"))
    _due, said, sent = Refund.objects.order_by("pk")
    send_back(shop, sent)
    actions.propose_refund(
        actor=shop.cast.secretariat, at=shop.at, refund_id=said.pk, payee_name="K",
        payee_iban=PAYER, bank_reference="OUT-2",
    )
    second = invoiced(shop).order_id
    aside = bring(shop, credit(second, "4.00", day=PAST))[0]
    actions.refuse_match(
        actor=shop.cast.second_secretariat, at=shop.at, match_id=aside.pk, reason="Not theirs."
    )
    bring(shop, credit(second, "5.00", day=PAST))
    settle()
    return shop


@pytest.mark.parametrize("attack", attacks.ALL, ids=IDS)
def test_it_is_refused_and_with_its_wall_down_it_passes_or_meets_the_second(
    attack: Any, assault: Shop, nothing_written: Any
) -> None:
    with nothing_written():
        said = run(attack)
    assert said is not None and attack.says in said
    meets_what_is_left(attack)
