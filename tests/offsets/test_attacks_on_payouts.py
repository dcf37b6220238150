"""The owner of the shop's tables attacks the payouts; each wall is then taken down to see that it
was the wall. That none is left out: test_attacks.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from offsets import actions
from projects.models import Project
from tests.offsets import attacks_on_payouts as attacks
from tests.offsets.conftest import Shop
from tests.offsets.test_attacks import meets_what_is_left, run, settle
from tests.offsets.test_payouts import confirm, send

pytestmark = pytest.mark.usefixtures("db")
IDS = [f"{a.table.removeprefix('offsets_')}.{a.wall}" for a in attacks.ALL]


@pytest.fixture
def assault(shop: Shop) -> Shop:
    """The state that the attacks are written for: see attacks_on_payouts.py."""
    shop.buy(shop.offer(100), 5)
    Project.objects.create(
        reference="PDD-09999", owner=shop.project.owner, party_code="KE", title="Another",
        sector="stoves", created_at=shop.at,
    )
    confirm(shop, send(shop, "10.00"))
    aside = send(shop, "2.00", "OUT-2")
    actions.refuse_payout(
        actor=shop.cast.secretariat, at=shop.at, payout_id=aside.pk, reason="Returned."
    )
    send(shop, "5.00", "OUT-3")
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
