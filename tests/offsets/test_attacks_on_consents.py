"""The owner of the shop's tables attacks the consents to an offer; each wall is then taken down to
see that it was the wall. That none is left out: test_attacks.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from offsets import actions
from tests.offsets import attacks_on_consents as attacks
from tests.offsets.conftest import Shop
from tests.offsets.test_attacks import meets_what_is_left, run
from tests.offsets.test_consents import ask, settle, spoken_for

pytestmark = pytest.mark.usefixtures("db")
IDS = [f"{a.table.removeprefix('offsets_')}.{a.wall}" for a in attacks.ALL]


@pytest.fixture
def assault(shop: Shop) -> Shop:
    """The state that the attacks are written for: see attacks_on_consents.py."""
    rival = shop.cast.rival_participant
    shop.offer(10)
    settle()
    spoken_for(shop, rival)
    actions.give_consent(actor=rival, at=shop.at, consent_id=ask(shop).pk)
    shop.offer(100, "4.00")
    actions.give_consent(actor=rival, at=shop.at, consent_id=ask(shop).pk)
    actions.refuse_consent(actor=rival, at=shop.at, consent_id=ask(shop).pk, reason="Too cheap.")
    ask(shop)
    settle()
    return shop


@pytest.mark.parametrize("attack", attacks.ALL, ids=IDS)
def test_it_is_refused_and_leaves_nothing(
    attack: Any, assault: Shop, nothing_written: Any
) -> None:
    with nothing_written():
        said = run(attack)
    assert said is not None and attack.says in said


@pytest.mark.parametrize("attack", attacks.ALL, ids=IDS)
def test_with_its_wall_down_it_passes_or_meets_the_second(attack: Any, assault: Shop) -> None:
    meets_what_is_left(attack)
